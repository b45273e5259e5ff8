"""`python -m tools verdicts`: what the base branch and a pull request itself say of what it would do to a stack.

The base branch's own copy runs this, on what the job that ran the pull request's code has left. Nothing else is run here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.report.deliver import deliver
from tools.shared.commands import CommandError, add_output, add_today, parser_of, told
from tools.verdicts.judges import difference
from tools.verdicts.page import page
from tools.verdicts.verdict import FORMAT, Outcome, Verdict, decided, of_base, of_change

if TYPE_CHECKING:
    import argparse

_EPILOG: Final = """\
exit codes:
  0  both sides find it fine
  1  one side refuses it
  2  the input is wrong, or the pull request's own tools cannot judge its preview
  3  this tool failed
  4  a reviewer decides: the base branch cannot read the preview (an upgrade), has no such stack, or its policies refuse what the
     pull request's own do not, and the pull request upgrades the template or changes what the stack is allowed

example:
  python -m tools verdicts previews --stack prod --base . --change ../change"""


@told
def main(arguments: list[str]) -> int:
    """Judges a preview and prints the comment.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    for directory in (options.previews, options.base, options.change):
        if not directory.is_dir():
            raise CommandError(f"{directory} is no directory.")
    judges = difference(options.base, options.change, options.name)
    base, change = _verdicts(options)
    code = decided(base, change, judges)
    return deliver(page(options.name, base, change, judges, code), options.output, headline=change.why, code=code)


def _verdicts(options: argparse.Namespace) -> tuple[Verdict, Verdict]:
    """What both sides say."""
    own = of_change(options.previews, options.today, allow_loss=options.allow_loss)
    if options.base_cannot:
        return Verdict(Outcome.UNREADABLE, options.base_cannot), own
    form = options.previews / "format"
    said = form.read_text(encoding="utf-8", errors="replace").strip() if form.is_file() else "none"
    if said != FORMAT:
        return Verdict(
            Outcome.UNREADABLE, f"its previews are written in the format {said[:20]}, and this version reads {FORMAT}"
        ), own
    return of_base(options.previews, options.today, allow_loss=options.allow_loss), own


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(
        "verdicts",
        "Says what the base branch and a pull request itself say of what the pull request would do to a stack, for its comment.",
        _EPILOG,
    )
    parser.add_argument("previews", type=Path, metavar="DIR", help="what .github/scripts/preview has written")
    # Not --stack, which other commands choose where none is named.
    parser.add_argument("--stack", dest="name", required=True, metavar="NAME", help="the stack's name")
    parser.add_argument("--base", type=Path, required=True, metavar="DIR", help="the checkout of the base branch")
    parser.add_argument("--change", type=Path, required=True, metavar="DIR", help="the checkout of the pull request; never run")
    parser.add_argument("--allow-loss", action="store_true", help="allow everything that is lost, as for `changes`")
    parser.add_argument(
        "--base-cannot", default="", metavar="WHY", help="the base branch has no such command: why its side says nothing"
    )
    add_output(parser)
    add_today(parser)
    return parser
