"""What a stack is judged by, and a real preview that was judged: one run gives the changes, the policies' verdicts and a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from offline.pack.pack import PolicyPack
from offline.pack.process import PackError
from tools.changes.document import changes_document
from tools.changes.input import NotAPreviewError, read_preview
from tools.shared.commands import FAILED, FINE, CommandError
from tools.shared.pack_config import POLICIES, configuration_of, mistakes_in, named, of_nothing, placed
from tools.shared.price_lists import PriceListError
from tools.verbs.pulumi import failed

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from offline.pack.config import Mistake
    from tools.changes.rows import Document
    from tools.verbs.pulumi import Pulumi

_DELETE: Final = "delete"
EVENTS: Final = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
"""Makes a preview print its events, which name the policies that refuse; its one document says only that it failed."""


@dataclass(frozen=True, slots=True)
class Judge:
    """The policy pack as it is configured for a stack.

    Attributes:
        options: Options of the CLI.
        words: What it is, for people.
        file: What configures it for the stack; None where nothing does.
    """

    options: tuple[str, ...]
    words: str
    file: Path | None = None


def judge_of(directory: Path, stack: str, today: datetime.date) -> Judge:
    """What judges a stack: the project's pack with the stack's own configuration, else as it is without any.

    Args:
        directory: Where policies/ is.
        stack: The stack's name.
        today: The day on which it judges.

    Raises:
        CommandError: The configuration is wrong: the engine would take most mistakes silently.
    """
    if not (directory / POLICIES / "PulumiPolicy.yaml").is_file():
        return Judge((), f"none: this project has no {POLICIES}/")
    file = configuration_of(directory, stack)
    pack = ("--policy-pack", POLICIES)
    if not file.is_file():
        return Judge(pack, f"{named(file)} does not exist, so the pack requires what production needs")
    _stop_at(file, mistakes_of(directory, [file], today)[file])
    return Judge((*pack, "--policy-pack-config", named(file)), named(file), file)


def mistakes_of(directory: Path, files: Iterable[Path], today: datetime.date) -> dict[Path, list[Mistake]]:
    """By file, what is wrong with the configuration of the project's pack, whatever the resources are.

    Args:
        directory: Where policies/ is.
        files: The files.
        today: The day on which they are to judge.

    Raises:
        CommandError: The pack does not start.
    """
    try:
        with PolicyPack(directory / POLICIES) as pack:
            pack.start(project="", stack="", config={})
            return {file: mistakes_in(pack, file, today) for file in files}
    except PackError as error:
        raise CommandError(
            f"The policy pack does not say what can be configured: {error}.\n{error.details}".rstrip(), FAILED
        ) from error


def _stop_at(file: Path, mistakes: Iterable[Mistake]) -> None:
    if found := placed(file, mistakes):
        raise CommandError("\n".join(map(str, found)))


def judged_preview(
    pulumi: Pulumi,
    command: Sequence[str],
    directory: Path,
    *,
    today: datetime.date,
    allow: Sequence[str] = (),
    allow_loss: bool = False,
    judge: Judge | None = None,
) -> Document:
    """What an operation of the CLI would change and whether it may, without doing it.

    Args:
        pulumi: The CLI and the stack.
        command: The command that previews the operation as JSON.
        directory: Where Pulumi.yaml is.
        today: The day on which it is judged.
        allow: What may be lost; see `python -m tools changes --help`.
        allow_loss: Whether everything may be.
        judge: What judges it: an exemption in its configuration must be of a resource of the preview.

    Raises:
        CommandError: There is no preview to judge, or an exemption is of nothing.
    """
    answer = pulumi.ask(*command, environment=EVENTS)
    if not answer.output.strip():
        raise failed(answer, f"`pulumi {command[0]}`")
    try:
        preview = read_preview(answer.output)
        if answer.code and preview.unread and not preview.steps:
            # It ended before it began, and says why on standard error alone.
            raise failed(answer, f"`pulumi {command[0]}`")
        if judge and judge.file and not preview.errors and not preview.unread and not preview.unnamed:
            # A preview that ended early does not name everything.
            urns = {step.row["urn"] for step in preview.steps if not step.goes or step.op != _DELETE}
            _stop_at(judge.file, of_nothing(judge.file, urns))
        document = changes_document(preview, today=today, allow=allow, allow_loss=allow_loss, directory=directory)
    except NotAPreviewError as error:
        raise CommandError(f"pulumi's answer cannot be read: {error}\n{answer.errors.strip()}") from error
    except PriceListError as error:
        raise CommandError(str(error)) from error
    if answer.code and document["exitCode"] == FINE:
        # What it prints is all well, and yet it failed: why, it says on standard error alone.
        raise failed(answer, f"`pulumi {command[0]}`")
    return document
