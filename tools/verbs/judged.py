"""What a stack is judged by, and a real preview that was judged: one run gives the changes, the policies' verdicts and a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tools.changes.document import changes_document
from tools.changes.input import NotAPreviewError, read_preview
from tools.shared.commands import CommandError
from tools.shared.price_lists import PriceListError
from tools.verbs.pulumi import failed

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from pathlib import Path

    from tools.changes.rows import Document
    from tools.verbs.pulumi import Pulumi

_PACK: Final = "policies"
EVENTS: Final = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
"""Makes a preview print its events, which name the policies that refuse; its one document says only that it failed."""


@dataclass(frozen=True, slots=True)
class Judge:
    """The policy pack as it is configured for a stack.

    Attributes:
        options: Options of the CLI.
        words: What it is, for people.
    """

    options: tuple[str, ...]
    words: str


def judge_of(directory: Path, stack: str) -> Judge:
    """What judges a stack: the project's pack with the stack's own configuration, else as it is without any.

    Args:
        directory: Where policies/ is.
        stack: The stack's name.
    """
    if not (directory / _PACK / "PulumiPolicy.yaml").is_file():
        return Judge((), f"none: this project has no {_PACK}/")
    file = f"{_PACK}/config/{stack}.json"
    pack = ("--policy-pack", _PACK)
    if (directory / file).is_file():
        return Judge((*pack, "--policy-pack-config", file), file)
    return Judge(pack, f"{file} does not exist, so the pack requires what production needs")


def judged_preview(
    pulumi: Pulumi,
    command: Sequence[str],
    directory: Path,
    *,
    today: datetime.date,
    allow: Sequence[str] = (),
    allow_loss: bool = False,
) -> Document:
    """What an operation of the CLI would change and whether it may, without doing it.

    Args:
        pulumi: The CLI and the stack.
        command: The command that previews the operation as JSON.
        directory: Where Pulumi.yaml is.
        today: The day on which it is judged.
        allow: What may be lost; see `python -m tools changes --help`.
        allow_loss: Whether everything may be.

    Raises:
        CommandError: There is no preview to judge.
    """
    answer = pulumi.ask(*command, environment=EVENTS)
    if not answer.output.strip():
        raise failed(answer, f"`pulumi {command[0]}`")
    try:
        preview = read_preview(answer.output)
        return changes_document(preview, today=today, allow=allow, allow_loss=allow_loss, directory=directory)
    except NotAPreviewError as error:
        raise CommandError(f"pulumi's answer cannot be read: {error}\n{answer.errors.strip()}") from error
    except PriceListError as error:
        raise CommandError(str(error)) from error
