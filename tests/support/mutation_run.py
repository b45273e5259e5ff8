"""Runs the mutants of the production stack against settings, guards and rules, and reports who stopped which."""

from __future__ import annotations

import fnmatch
import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from domain.settings.stack import StackSettings
from msk_policies.registry import POLICIES
from offline.engine.inventory import rows
from offline.project.loading import load_project
from offline.protocol.failures import HookRefused, ProgramFailed
from support.mutations import Kind, Mutant, ResourcesMutant, resources_mutants, settings_mutants
from support.pack import StackResource, in_process
from support.stacks import SHIPPED, project_with, run_stack, shipped_stack
from tools.preview.failures import problems_of
from tools.preview.verdicts import MANDATORY, SIMULATED, Verdicts
from tools.shared.commands import WRONG_USE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from offline.engine.run import Run
    from offline.protocol.registration import Registration
    from support.pack import Verdict

STACK = "prod"
REASONS = Path(__file__).parents[1] / "policies" / "survivors.yaml"
_PACK_CONFIG = SHIPPED / "policies" / f"{STACK}.json"
_STOPPER_COLUMNS = 2
_CHANGES_NOTHING = "changes nothing"


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant."""

    mutant: Mutant
    stopped_by: tuple[str, ...]
    """Who noticed; empty for a survivor."""


@dataclass(frozen=True)
class Reason:
    """Why mutants that nobody stops do no harm."""

    where: str
    """Which mutants, as a pattern of the file system's kind."""
    what: str
    why: str

    def covers(self, mutant: Mutant) -> bool:
        """Whether it is about this mutant."""
        return fnmatch.fnmatchcase(mutant.where, self.where) and fnmatch.fnmatchcase(mutant.what, self.what)


def reasons(part: str) -> list[Reason]:
    """The reasons for the survivors of a part, `settings` or `resources`, in their order: the first that covers one counts."""
    given = yaml.safe_load(REASONS.read_text(encoding="utf-8"))[part]
    return [Reason(resource["where"], resource.get("what", "*"), resource["why"]) for resource in given]


def settings_outcomes() -> Iterator[Outcome]:
    """What becomes of each mutant of the stack file: deployed whole, each in turn, and judged by one pack."""
    config = yaml.safe_load(shipped_stack(STACK))["config"]
    pack = _StackPack()
    with tempfile.TemporaryDirectory() as scratch:
        directory = project_with(Path(scratch), {STACK: shipped_stack(STACK)})
        sound = run_stack(STACK, dry_run=False, directory=directory)
        assert not pack.refusing(_as_judged(sound))
        for mutant in settings_mutants(config, StackSettings.model_json_schema(by_alias=True)):
            file = directory / f"Pulumi.{STACK}.yaml"
            file.write_text(yaml.safe_dump({"config": mutant.config}, sort_keys=False), encoding="utf-8")
            yield Outcome(mutant, tuple(_noticed(directory, pack, sound)))


class _StackPack:
    """The pack with the configuration of the stack, which judges a resource that it has seen before only once."""

    def __init__(self) -> None:
        self._pack = in_process(POLICIES)
        self._pack.configure(json.loads(_PACK_CONFIG.read_text(encoding="utf-8")))
        self._judged: dict[str, set[str]] = {}

    def refusing(self, resources: Sequence[StackResource]) -> set[str]:
        """The rules that refuse a stack."""
        return {name for resource in resources for name in self.refusing_one(resource)} | self.refusing_all(resources)

    def refusing_one(self, resource: StackResource) -> set[str]:
        """The rules that refuse a resource by itself."""
        key = json.dumps([resource.type, resource.name, resource.properties], sort_keys=True)
        if key not in self._judged:
            self._judged[key] = _mandatory(self._pack.judge(resource.properties, resource.type, resource.name))
        return self._judged[key]

    def refusing_all(self, resources: Sequence[StackResource]) -> set[str]:
        """The rules that refuse resources together."""
        return _mandatory(self._pack.judge_stack(resources))


def _mandatory(verdicts: Iterable[Verdict]) -> set[str]:
    return {verdict.policy for verdict in verdicts if verdict.level == MANDATORY}


def _noticed(directory: Path, pack: _StackPack, sound: Run) -> Iterator[str]:
    config = load_project(directory).stack_config(STACK)
    try:
        run = run_stack(STACK, dry_run=False, directory=directory)
    except HookRefused as refusal:
        verdicts = Verdicts(config)
        verdicts.refused(refusal, SIMULATED, new=True)
        yield from sorted({f"guard {row['policy']}" for row in verdicts.rows() if row["enforcement"] == MANDATORY})
        return
    except ProgramFailed as failure:
        exit_code, problems = problems_of(failure, config)
        assert exit_code == WRONG_USE, problems
        yield "settings"
        return
    refusing = pack.refusing(_as_judged(run))
    yield from sorted(refusing)
    if not refusing and rows(run) == rows(sound):
        yield _CHANGES_NOTHING


def resources_outcomes(*, every: bool) -> Iterator[Outcome]:
    """What becomes of the mutants of the resources, as an update would make them: judged by the pack alone.

    Args:
        every: Whether to judge them all, or the first of each kind: the same change to the same property of the same type.
    """
    pack = _StackPack()
    kinds: set[Kind] = set()
    for mutant in _resources_mutants():
        if not every and mutant.kind in kinds:
            continue
        kinds.add(mutant.kind)
        refusing = pack.refusing_one(mutant.changed) if mutant.changed else set()
        yield Outcome(mutant, tuple(sorted(refusing | pack.refusing_all(mutant.stack))))


def firsts(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The first outcome of each kind of mutant."""
    by_kind: dict[Kind, Outcome] = {}
    for outcome in outcomes:
        by_kind.setdefault(outcome.mutant.kind, outcome)
    return list(by_kind.values())


def _resources_mutants() -> Iterator[ResourcesMutant]:
    return resources_mutants(_as_judged(run_stack(STACK, dry_run=False)))


def _as_judged(run: Run) -> list[StackResource]:
    return [_resource(registration) for registration in run.resources if registration.type.startswith("aws:")]


def _resource(resource: Registration) -> StackResource:
    """A resource with what it asked for, and the ARN and id by which others hold it.

    `tagsAll` is left out: the provider makes it from `tags`, and a mutant of one would be the other's.
    """
    known = {name: value for name, value in resource.outputs.items() if name in ("arn", "id")}
    properties = {name: value for name, value in resource.inputs.items() if name != "tagsAll"} | known
    return StackResource(
        resource.urn,
        resource.type,
        properties,
        resource.options.get("propertyDependencies", {}),
        bool(resource.options.get("protect")),
        tuple(resource.options.get("ignoreChanges", ())),
    )


def report(settings: Iterable[Outcome], resources: Iterable[Outcome]) -> str:
    """The whole, as Markdown."""
    parts = [
        "# Mutants of the production stack\n",
        "Written by `make mutations`: every setting of the production stack, and every property and option of every resource\n"
        "it makes, is changed for the worse, one at a time: booleans flipped, enumerations weakened, numbers at their bounds,\n"
        "texts emptied, networks opened, policies widened, values, blocks and whole resources taken out. Settings are previewed\n"
        "whole; resources are judged by the policy pack alone, with the configuration of production. What nobody stops stands\n"
        "below with the reason why it does no harm.\n",
    ]
    for title, part, outcomes in (("Settings", "settings", list(settings)), ("Resources", "resources", list(resources))):
        parts += _part(title, outcomes, reasons(part))
    return "\n".join(parts)


def sections(page: str) -> dict[str, str]:
    """The parts of a report by their titles, without what stands before the first."""
    return {title: text.strip() for title, _, text in (part.partition("\n") for part in page.split("\n## ")[1:])}


def contradictions(section: str, outcomes: Iterable[Outcome]) -> list[str]:
    """What a report's part about resources says otherwise than outcomes, or about mutants that do not exist."""
    outcomes = list(outcomes)
    table_rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    stoppers = {row[0].strip("`") for row in table_rows if len(row) == _STOPPER_COLUMNS}
    survivors = {(row[0].strip("`"), row[2]): set(row[1].split(", ")) for row in table_rows if len(row) != _STOPPER_COLUMNS}
    kinds = [mutant.kind for mutant in _resources_mutants()]
    found = [] if section.startswith(f"{len(kinds)} mutants: ") else [f"there are {len(kinds)} mutants"]
    found += [f"{name} stops some" for name in sorted({name for item in outcomes for name in item.stopped_by} - stoppers)]
    for (where, why), what in _grouped((item.mutant for item in outcomes if not item.stopped_by), reasons("resources")).items():
        found += [f"{where} {change} survives: {why}" for change in what if change not in survivors.get((where, why), ())]
    listed = {(where, change) for (where, _), what in survivors.items() for change in what}
    return found + [f"there is no mutant {where} {change}" for where, change in sorted(listed - set(kinds))]


def _part(title: str, outcomes: list[Outcome], known: list[Reason]) -> list[str]:
    survivors = [outcome.mutant for outcome in outcomes if not outcome.stopped_by]
    idle = sum(outcome.stopped_by == (_CHANGES_NOTHING,) for outcome in outcomes)
    stopped = len(outcomes) - len(survivors) - idle
    stoppers = Counter(name for outcome in outcomes for name in outcome.stopped_by if name != _CHANGES_NOTHING)
    counts = f"{len(outcomes)} mutants: {stopped} stopped, {len(survivors)} survive"
    return [
        f"## {title}\n",
        counts + (f", {idle} change nothing.\n" if idle else ".\n"),
        "| stopped by | mutants |\n|---|---|",
        *(f"| `{name}` | {number} |" for name, number in sorted(stoppers.items(), key=lambda stopper: (-stopper[1], stopper[0]))),
        "\n| survivors | what | why they do no harm |\n|---|---|---|",
        *(f"| `{where}` | {', '.join(what)} | {why} |" for (where, why), what in _grouped(survivors, known).items()),
        "",
    ]


def _grouped(survivors: Iterable[Mutant], known: list[Reason]) -> Mapping[tuple[str, str], list[str]]:
    groups: dict[tuple[str, str], list[str]] = {}
    for mutant in survivors:
        why = next((reason.why for reason in known if reason.covers(mutant)), "**no reason given**")
        what = groups.setdefault((mutant.where, why), [])
        if mutant.what not in what:
            what.append(mutant.what)
    return groups


def unexplained(outcomes: Iterable[Outcome], part: str) -> list[Mutant]:
    """The survivors without a reason."""
    known = reasons(part)
    return [item.mutant for item in outcomes if not item.stopped_by and not any(reason.covers(item.mutant) for reason in known)]


def idle_reasons(outcomes: Iterable[Outcome], part: str) -> list[Reason]:
    """The reasons that no survivor needs, those that an earlier one takes everything from included."""
    survivors = [item.mutant for item in outcomes if not item.stopped_by]
    needed: set[Any] = set()
    known = reasons(part)
    for mutant in survivors:
        needed |= {next((reason for reason in known if reason.covers(mutant)), None)}
    return [reason for reason in known if reason not in needed]
