"""The verdicts as a pull request's comment: what a reviewer must know first, both verdicts, and the report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from tools.report.markdown import plain
from tools.shared.commands import FINE, REFUSED, WRONG_USE
from tools.verdicts.verdict import UNDECIDED, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.verdicts.judges import Difference

_MOST: Final = 65_000
"""GitHub takes comments of 65,536 characters."""
_WHY: Final = 1_000
"""Of a reason, the most characters that are shown."""
_NAMED: Final = 5
"""How many changed files are named."""
_SIGNS: Final = {Outcome.FINE: "🟢", Outcome.REFUSED: "🔴", Outcome.UNREADABLE: "🟠"}
_ENDS: Final = {FINE: "🟢 Fine", REFUSED: "🔴 Refused", WRONG_USE: "🔴 Cannot be judged", UNDECIDED: "🟠 A reviewer decides"}


def page(stack: str, base: Verdict, change: Verdict, judges: Difference, code: int) -> str:
    """The comment.

    Args:
        stack: The stack's name.
        base: What the base branch's side says.
        change: What the pull request's own side says.
        judges: How the judges differ.
        code: What follows from both: an exit code.
    """
    lines = [f"## {plain(stack)}: {_ENDS[code]}", ""]
    for note in _notes(stack, base, judges, code):
        lines += [f"> {note}", ""]
    lines += ["| Judged by the policies and `tools changes` of | |", "|---|---|"]
    lines += [_row("the base branch", base), _row("this pull request", change), ""]
    text = "\n".join([*lines, base.report or change.report])
    if base.report and change.report and change.report != base.report:
        folded = "<details><summary>What this pull request's own tools say</summary>\n\n{}\n</details>\n"
        if len(text) + len(folded) + len(change.report) <= _MOST:
            text += folded.format(change.report)
    return text if len(text) <= _MOST else f"{text[:_MOST]}\n"


def _notes(stack: str, base: Verdict, judges: Difference, code: int) -> Iterator[str]:
    """What a reviewer must know before anything else."""
    environment = plain(f"{stack}-preview")
    if judges.upgrade:
        old, new = judges.upgrade
        yield f"⚠️ **This upgrades the template** from {plain(old)} to {plain(new)}."
    if judges.changed:
        yield f"⚠️ **This pull request changes what judges it**: {_named(judges.changed)}. Review these files first."
    if judges.new_stack:
        name = plain(stack)
        yield (
            f"⚠️ **The base branch has no stack {name}**: what it is allowed (policies/config/{name}.json) is this pull request's "
            "own word."
        )
    if base.outcome is Outcome.UNREADABLE:
        yield f"⚠️ **The base branch cannot judge this change**: {plain(base.why, _WHY)}"
    if code == UNDECIDED:
        if base.outcome is Outcome.REFUSED:
            yield f"⚠️ **The base branch's policies refuse it, and this pull request's do not**: {plain(base.why, _WHY)}"
        yield f"**Whoever reviews the environment {environment} decides**: approve it there, or reject it."


def _named(changed: tuple[str, ...]) -> str:
    rooms = Counter(path.partition("/")[0] for path in changed)
    names = ", ".join(f"`{plain(path)}`" for path in changed[:_NAMED])
    more = f" and {len(changed) - _NAMED} more, in {', '.join(sorted(rooms))}" if len(changed) > _NAMED else ""
    return f"{names}{more}"


def _row(who: str, verdict: Verdict) -> str:
    why = f": {plain(verdict.why, _WHY)}" if verdict.why else ""
    return f"| {who} | {_SIGNS[verdict.outcome]} {verdict.outcome.value}{why} |"
