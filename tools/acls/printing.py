"""The ACLs of a stack as commands of Kafka's tool, for people who run them themselves. They leave no receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.access.acls import commands
from tools.acls.reading import acls_in, entries_in
from tools.shared.commands import WRONG_USE, CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from domain.access.acls import Acl
    from tools.acls.terms import Terms

_CONNECTION: Final = ("--bootstrap-server", '"$BOOTSTRAP"', "--command-config", '"$COMMAND_CONFIG"')


def script_of(terms: Terms, current: Path | None) -> str:
    """The commands, with what each is for.

    Args:
        terms: What the stack wants.
        current: What ``kafka-acls.sh --list`` printed; None to print all.

    Raises:
        CommandError: The file is something else.
    """
    return "\n".join(_lines(terms, _listed(current) if current else set())) + "\n"


def _listed(file: Path) -> set[Acl]:
    try:
        return acls_in(entries_in(file.read_text(encoding="utf-8"), f"--current {file}"))
    except (CommandError, UnicodeDecodeError) as error:
        what = f"--current {file}: it is no text." if isinstance(error, UnicodeDecodeError) else str(error)
        raise CommandError(f"{what} Give the output of `kafka-acls.sh --list`.", WRONG_USE) from error


def _lines(terms: Terms, present: set[Acl]) -> Iterable[str]:
    if terms.serverless:
        yield f"# {nothing_to_do(terms)}"
        return
    yield f"# Kafka ACLs of stack {terms.stack}. Needs BOOTSTRAP, COMMAND_CONFIG and kafka-acls.sh on PATH."
    if not terms.wanted:
        yield f"# {nothing_to_do(terms)}"
        return
    for name, those in terms.wanted.items():
        missing = [acl for acl in those if acl not in present]
        principals = ", ".join(sorted({acl.principal for acl in those}))
        yield f"# {name}, {principals}{'' if missing else ': no ACL is missing'}"
        yield from commands(missing, connection=_CONNECTION)
    ours = {acl.principal for acl in terms.acls}
    if surplus := sorted(acl for acl in present - terms.acls if acl.principal in ours):
        yield "# No longer needed:"
        yield from commands(surplus, remove=True, connection=_CONNECTION)


def nothing_to_do(terms: Terms) -> str:
    """Why a stack needs no ACLs."""
    if terms.serverless:
        return f"Stack {terms.stack} needs no ACLs: on a Serverless cluster IAM alone decides what clients may do."
    return "No client needs ACLs: none is a SCRAM user or a certificate with permissions."
