"""`python -m tools destroy`: shows what goes with a stack, has its name typed, and destroys it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from inventory.changes.stateful import KEYS, STATEFUL, UNKNOWN_TYPE, is_known_type, stateful
from tools.report.deliver import deliver
from tools.report.sections import Line, Mark, Piece, Section, Tone
from tools.shared.commands import FAILED, FINE, REFUSED, CommandError, add_directory, add_stack, parser_of, told
from tools.shared.urns import name_in, type_in
from tools.verbs.asking import needs_somebody, typed
from tools.verbs.pulumi import Pulumi, failed, found_cli

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tools.report.sections import Words

_EPILOG: Final = """\
It reads the stack's state, shows what would be lost for good, and asks for the stack's name. A protected stack is not
destroyed: the command says how to take the protection off, in an update of its own. The command line that runs is shown.

exit codes:
  0  destroyed, or there was nothing
  1  the stack is protected, or another name was typed: nothing was destroyed
  2  options or the CLI are wrong
  3  `pulumi destroy` failed, perhaps half-way: run it again"""

_DAYS: Final = 30
"""What AWS waits before it deletes a key that says nothing of it."""
_SHOWN: Final = 6


@told
def main(arguments: list[str]) -> int:
    """Destroys a stack, after it has shown what goes and had the stack's name typed.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    directory = options.directory.resolve()
    pulumi = Pulumi(found_cli(directory), directory, options.stack_reference)
    if options.confirm is None:
        needs_somebody(f"make destroy CONFIRM={pulumi.name}, or --confirm {pulumi.name}")
    elif options.confirm != pulumi.name:
        raise CommandError(f"--confirm says {options.confirm!r}, and the stack is {pulumi.name}: nothing was destroyed.")
    resources = _resources(pulumi)
    if not resources:
        print(f"Stack {pulumi.stack} has no resources: there is nothing to destroy.")
        return FINE
    protected = sorted((row["urn"] for row in resources if row.get("protect")), key=lambda urn: _rank(type_in(urn)))
    code = REFUSED if protected else FINE
    sections = [_lost(pulumi, resources), *([_protection(pulumi, protected)] if protected else [])]
    deliver(sections, None, headline="", code=code)
    if protected:
        return code
    if options.confirm is None and not typed(f"Type the name of the stack to destroy it ({pulumi.name}):", pulumi.name):
        print("Nothing was destroyed.")
        return REFUSED
    ended = pulumi.run("destroy", "--yes")
    if ended:
        print(
            f"`pulumi destroy` ended with exit code {ended}. If a subnet or a security group still has the brokers' network "
            "interfaces (DependencyViolation), run this again after some minutes."
        )
        return FAILED
    print(f"Stack {pulumi.stack} is empty. `pulumi stack rm {pulumi.stack} --preserve-config` removes it, and keeps its file.")
    return FINE


def _resources(pulumi: Pulumi) -> list[dict[str, Any]]:
    """The resources of the stack's state, as the state has them, without components and providers."""
    answer = pulumi.ask("stack", "export")
    if answer.code:
        raise failed(answer, "`pulumi stack export`")
    try:
        deployment = json.loads(answer.output)["deployment"]
        resources = deployment.get("resources") or []
        creating = [each["resource"]["urn"] for each in deployment.get("pending_operations") or [] if each["type"] == "creating"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"The state of stack {pulumi.stack} cannot be read: {error}", FAILED) from error
    if creating:
        shown = ", ".join(f"{name_in(urn)} ({type_in(urn)})" for urn in creating[:_SHOWN])
        raise CommandError(
            f"An update of {pulumi.stack} was interrupted while it created {shown}: AWS may have it, the state does not, so "
            "it would stay and cost. docs/operations.md, Recover a cluster that the state does not know, has the way. Nothing "
            "was destroyed.",
            REFUSED,
        )
    return [row for row in resources if row.get("custom") and not row["type"].startswith("pulumi:") and not row.get("external")]


def _lost(pulumi: Pulumi, resources: Sequence[dict[str, Any]]) -> Section:
    """What is lost for good with each type of resource; of those that are not named, nothing is but themselves."""
    by_type: dict[str, list[dict[str, Any]]] = {}
    for resource in resources:
        by_type.setdefault(resource["type"], []).append(resource)
    lines = [_lost_of(kind, by_type[kind]) for kind in sorted(by_type, key=_rank) if _holds_something(kind)]
    rest = sum(len(rows) for kind, rows in by_type.items() if not _holds_something(kind))
    if rest:
        words = f"and {rest} {'resource that holds' if rest == 1 else 'resources that hold'} no data"
        lines.append(Line(Piece(words, Tone.QUIET), Mark.NOTE))
    number = len(resources)
    return Section(
        f"What is lost with stack {pulumi.stack}",
        (*lines, Line(Piece("This cannot be undone.", Tone.BAD))),
        aside=f"{number} {'resource' if number == 1 else 'resources'}",
    )


_ORDER: Final = tuple(STATEFUL)


def _rank(kind: str) -> int:
    """The cluster and its messages first, as they stand in the table; what is not known of at the end."""
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _holds_something(kind: str) -> bool:
    known = stateful(kind)
    return not is_known_type(kind) or (known is not None and known.holds_data)


def _lost_of(kind: str, rows: Sequence[dict[str, Any]]) -> Line:
    known = stateful(kind) or UNKNOWN_TYPE
    of_type = "" if is_known_type(kind) else f" ({kind})"
    kept = [row for row in rows if row.get("retainOnDelete")]
    notes = [known.consequence]
    if kind in KEYS:
        days = min(row.get("inputs", {}).get("deletionWindowInDays") or _DAYS for row in rows)
        notes = [f"Scheduled for deletion in {days} days; until then `aws kms cancel-key-deletion` brings a key back."]
    if kept:
        notes.append(f"Stays in AWS, out of Pulumi's reach: {_names(kept)}.")
    return Line(
        (f"{known.noun}{of_type} ", Piece(_names(rows), Tone.NAME), ": ", Piece(known.lost, Tone.BAD)), Mark.FAIL, tuple(notes)
    )


def _names(rows: Sequence[dict[str, Any]]) -> str:
    names = [str(row.get("inputs", {}).get("clusterName") or name_in(row["urn"])) for row in rows]
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _protection(pulumi: Pulumi, protected: Sequence[str]) -> Section:
    shown = [f"{name_in(urn)} ({type_in(urn)})" for urn in protected]
    more: list[Words] = [f"and {len(shown) - _SHOWN} more"] if len(shown) > _SHOWN else []
    return Section(
        "Protected: nothing is destroyed",
        (
            Line(f"{len(shown)} of them {'is' if len(shown) == 1 else 'are'} protected:", Mark.FAIL, (*shown[:_SHOWN], *more)),
            Line(
                "If the platform and its messages are no longer needed, take the protection off in an update of its own, then "
                "destroy:",
                below=(
                    Piece(f"pulumi config set protect false --stack {pulumi.stack}", Tone.NAME),
                    Piece(f"make up STACK={pulumi.stack}", Tone.NAME),
                    Piece(f"make destroy STACK={pulumi.stack}", Tone.NAME),
                ),
            ),
        ),
        aside="exit code 1",
    )


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("destroy", "Shows what would be lost with a stack, has its name typed, and destroys it.", _EPILOG)
    add_stack(parser, "the stack to destroy")
    parser.add_argument("--confirm", metavar="NAME", help="the stack's name, typed beforehand, for pipelines")
    add_directory(parser)
    return parser
