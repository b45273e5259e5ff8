"""What the evidence is about: a stack previewed offline, a preview or a state that Pulumi printed, each judged by the pack."""

from __future__ import annotations

import datetime
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from inventory.rows import SECRET, UNKNOWN
from offline.pack.config import PackConfigError
from offline.pack.pack import PolicyPack
from offline.pack.process import PackError
from offline.project.loading import StackConfig, load_project
from offline.project.stack_file import ConfigError
from tools.changes.input import NotAPreviewError, read_preview
from tools.preview.document import empty_document
from tools.preview.failures import problem
from tools.preview.result import result_of
from tools.preview.rows import resource_rows
from tools.preview.run import preview
from tools.preview.verdicts import MANDATORY, Verdicts
from tools.shared.commands import FAILED, REFUSED, WRONG_USE, CommandError
from tools.shared.pack_config import POLICIES, configuration_of, named, of_nothing, placed, too_long
from tools.shared.urns import name_in, type_in

if TYPE_CHECKING:
    from inventory.rows import ResourceRow
    from offline.engine.run import Run
    from offline.project.loading import Project
    from tools.preview.document import Document

OFFLINE: Final = "offline preview"
PREVIEW: Final = "preview by Pulumi"
STATE: Final = "state of the stack"

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key of what the engine writes in place of a value that is a secret or a reference."""
_BY_OPTION: Final = "volume-size-left-to-autoscaling"
"""The rule that asks for the option ``ignoreChanges``, which older CLIs do not print."""
_PARTS_OF_URN: Final = 4


@dataclass
class Subject:
    """What the evidence is about.

    Attributes:
        source: `OFFLINE`, `PREVIEW` or `STATE`.
        file: The file that was read; None for a stack that was previewed.
        document: What the pack said, as a preview has it.
        rows: The resources that rights are read from.
        config: The stack's configuration, which knows the lines of settings; None where there is no stack file here.
        unnamed: How many resources the file counts and does not name.
        unread: Why the file cannot be read whole.
    """

    source: str
    file: Path | None
    document: Document
    rows: list[ResourceRow] = field(default_factory=list)
    config: StackConfig | None = None
    unnamed: int = 0
    unread: list[str] = field(default_factory=list)


def subject_of_stack(directory: Path, stack: str, today: datetime.date) -> Subject:
    """A stack, previewed offline.

    Args:
        directory: Where Pulumi.yaml and policies/ are.
        stack: The stack's name.
        today: The day on which it is judged; SOURCE_DATE_EPOCH must say the same.
    """
    document = preview(directory, stack, today)
    subject = Subject(OFFLINE, None, document)
    if document["exitCode"] <= REFUSED:
        from offline.engine.inventory import rows  # noqa: PLC0415 - Pulumi's SDK takes 0.2 s to import: files need none
        from offline.engine.run import run_program  # noqa: PLC0415

        subject.config = load_project(directory).stack_config(stack)
        # Of the simulated update, which has what AWS would answer: a preview does not know whom its policies allow what.
        subject.rows = [{**row} for row in rows(run_program(directory, subject.config, dry_run=False, hooks_stop=False))]
    return subject


def subject_of_file(directory: Path, file: Path, today: datetime.date) -> Subject:
    """What Pulumi printed.

    Args:
        directory: Where policies/ is, and the stack's file where it is this project's.
        file: The output of `pulumi preview --json` or `pulumi stack export`; ``-`` for standard input.
        today: The day on which it is judged; SOURCE_DATE_EPOCH must say the same.

    Raises:
        CommandError: The file is neither, or what it shows failed.
    """
    subject = _read(file)
    project, stack = _place_of(subject.rows, file)
    document = empty_document(project=project, stack=stack, region=_region_of(subject.rows), today=today.isoformat())
    document["isToday"] = today == datetime.datetime.now(datetime.UTC).date()
    document["resources"] = resource_rows(subject.rows)
    subject.document = document
    own, subject.config = _own_config(directory, project, stack)
    _judge(subject, directory)
    if own is not None and subject.config is not None and document["exitCode"] <= REFUSED:
        from tools.preview.acls import take_acls  # noqa: PLC0415 - the settings' library takes long to import

        take_acls(document, own, subject.config, today)
    document["result"] = result_of(document)
    return subject


def _read(file: Path) -> Subject:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    empty = empty_document(project="", stack="", region=None, today="")
    state = _state_in(text)
    if state is not None:
        rows = [
            _row_of_state(resource) for resource in state if not resource.get("delete") and resource.get("external") is not True
        ]
        if not rows:
            raise CommandError(f"{file}: the state has no resources. Deploy the stack, or give --stack for what it would have.")
        return Subject(STATE, file, empty, rows)
    try:
        read = read_preview(text)
    except NotAPreviewError as error:
        raise CommandError(f"{file}: {error} Or give the output of `pulumi stack export`.") from error
    if read.errors:
        said = "; ".join(error.message for error in read.errors)
        raise CommandError(f"{file}: the preview failed, so it shows no stack: {said}")
    rows = [_without_secrets(step.new) for step in read.steps if step.new is not None]
    if not rows:
        raise CommandError(f"{file}: the preview names no resource. Create it with: pulumi preview --json --show-sames")
    return Subject(PREVIEW, file, empty, rows, unnamed=read.unnamed, unread=read.unread)


def _state_in(text: str) -> list[dict[str, Any]] | None:
    """The resources of a state export; None for anything else."""
    try:
        content = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    for key in ("deployment", "resources"):
        content = content.get(key) if isinstance(content, dict) else None
    if not isinstance(content, list):
        return None
    return [resource for resource in content if isinstance(resource, dict) and isinstance(resource.get("urn"), str)]


def _row_of_state(resource: dict[str, Any]) -> ResourceRow:
    urn = resource["urn"]
    options = {
        "protect": resource.get("protect") is True,
        "propertyDependencies": resource.get("propertyDependencies") or {},
        "dependsOn": resource.get("dependencies") or [],
    }
    if isinstance(resource.get("ignoreChanges"), list):
        options["ignoreChanges"] = resource["ignoreChanges"]
    return _without_secrets(
        {
            "urn": urn,
            "type": str(resource.get("type") or type_in(urn)),
            "name": name_in(urn),
            "custom": resource.get("custom") is not False,
            "parent": str(resource.get("parent") or ""),
            "inputs": resource.get("inputs") or {},
            "outputs": resource.get("outputs") or {},
            "options": options,
        }
    )


def _without_secrets(row: ResourceRow) -> ResourceRow:
    return {**row, "inputs": _plain(row["inputs"]), "outputs": _plain(row["outputs"])}


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON has no type
    """A value with a marker in place of secrets, which a state has encrypted."""
    if isinstance(value, dict):
        return SECRET if _SIGNATURE in value else {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _place_of(rows: list[ResourceRow], file: Path) -> tuple[str, str]:
    """The project and the stack that the URNs name."""
    places = {tuple(row["urn"].split("::")[:2]) for row in rows if row["urn"].count("::") >= _PARTS_OF_URN - 1}
    if len(places) != 1:
        raise CommandError(f"{file}: its resources are of {len(places)} stacks. Give one stack's preview or state at a time.")
    stack, project = places.pop()
    return project, stack.removeprefix("urn:pulumi:")


def _region_of(rows: list[ResourceRow]) -> str | None:
    named = {str(row["inputs"].get("region")) for row in rows if row["type"] == "pulumi:providers:aws"} - {"None", UNKNOWN}
    arns = (row["outputs"].get("arn") for row in rows)
    regions = {arn.split(":")[3] for arn in arns if isinstance(arn, str) and arn.startswith("arn:") and ":kafka:" in arn}
    every = (named | regions) - {""}
    return every.pop() if len(every) == 1 else None


def _own_config(directory: Path, project: str, stack: str) -> tuple[Project | None, StackConfig | None]:
    """The stack's file, where the stack is one of this project."""
    try:
        own = load_project(directory)
        return (own, own.stack_config(stack)) if own.name == project and stack in own.stacks() else (None, None)
    except ConfigError:
        return None, None


def _judge(subject: Subject, directory: Path) -> None:
    """Has the pack judge the resources of a file, as it judges those of a program."""
    document = subject.document
    stack = document["stack"]
    config = subject.config or StackConfig(document["project"], stack, f"Pulumi.{stack}.yaml", {}, frozenset(), (), ())
    settings = configuration_of(directory, stack)
    there = settings.is_file()
    verdicts = Verdicts(config)
    try:
        with PolicyPack(directory / POLICIES) as pack:
            pack.start(project=document["project"], stack=stack, config=config.values, dry_run=subject.source == PREVIEW)
            judgement = pack.judge(_run(subject), settings if there else None)
            # A preview may leave out resources that do not change.
            urns = [row["urn"] for row in subject.rows]
            wrong = too_long(settings, datetime.date.fromisoformat(document["today"])) if there else []
            wrong += of_nothing(settings, urns) if there and not subject.unnamed else []
    except PackConfigError as error:
        wrong = list(error.mistakes)
    except PackError as error:
        print(error.details.rstrip(), file=sys.stderr)
        document["problems"].append(problem(f"The policy pack could not judge: {error}."))
        document["exitCode"] = FAILED
        return
    if wrong:
        document["problems"] += [problem(one.message, one.file, one.line) for one in placed(settings, wrong)]
        document["exitCode"] = WRONG_USE
        return
    verdicts.judged(judgement, subject.source)
    policies = verdicts.policies(named(settings) if there else "")
    document["verdicts"] = verdicts.rows()
    known = subject.source == OFFLINE or any("ignoreChanges" in row["options"] for row in subject.rows)
    for row in document["verdicts"]:
        if not known and policies and row["policy"] == _BY_OPTION and row["kind"] == "violation":
            row["kind"], row["enforcement"] = "not_judged", "advisory"
            row["message"] = f"The {subject.source} does not have the resource option ignoreChanges."
            policies["rules"][_BY_OPTION] = "not judged"
    document["policies"] = policies
    document["verdicts"].sort(key=lambda row: row["enforcement"] != MANDATORY)
    if any(row["enforcement"] == MANDATORY for row in document["verdicts"]):
        document["exitCode"] = REFUSED


def _run(subject: Subject) -> Run:
    """The resources as a run that the pack can judge. A secret is a value that nobody knows here."""
    from offline.engine.run import Run  # noqa: PLC0415 - Pulumi's SDK takes 0.2 s to import: the pack starts meanwhile
    from offline.protocol.registration import Registration  # noqa: PLC0415

    resources = tuple(
        Registration(
            urn=row["urn"],
            type=row["type"],
            name=row["name"],
            custom=row["custom"],
            parent=row["parent"],
            inputs=_judged(row["inputs"]),
            options=row["options"],
            outputs=_judged({**row["inputs"], **row["outputs"]}),
        )
        for row in subject.rows
    )
    values = subject.config.values if subject.config else {}
    document = subject.document
    return Run(document["project"], document["stack"], subject.source == PREVIEW, resources, (), values, ())


def _judged(value: Any) -> Any:  # noqa: ANN401 - JSON has no type
    if isinstance(value, dict):
        return {key: _judged(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_judged(inner) for inner in value]
    return UNKNOWN if value == SECRET else value
