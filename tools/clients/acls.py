"""`python -m tools acls`: prints the Kafka ACLs that a stack's clients need, as commands to run."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.access.acls import commands, listed
from domain.clients.plan import acls_of
from tools.shared.commands import CommandError, add_directory, add_stack, answering, parser_of
from tools.shared.stack_settings import settings_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from domain.access.acls import Acl

_CONNECTION: Final = ("--bootstrap-server", '"$BOOTSTRAP"', "--command-config", '"$COMMAND_CONFIG"')

_EPILOG: Final = """\
Run the commands on a host that reaches the brokers, with Kafka's tools on PATH, as a client that may alter the cluster:

  export BOOTSTRAP=... COMMAND_CONFIG=client.properties
  python -m tools acls --stack prod | sh -eu

Adding an existing ACL changes nothing. To print only the missing ACLs, and the removals of those that no client needs any
more, give the current ACLs:

  kafka-acls.sh --bootstrap-server "$BOOTSTRAP" --command-config "$COMMAND_CONFIG" --list > acls.txt
  python -m tools acls --stack prod --current acls.txt

Only ACLs of the stack's clients are compared; others stay. IAM clients need no ACLs: Amazon MSK ignores ACLs for them. This
command contacts nothing. Exit codes: 0 fine; 2 the arguments or the stack's configuration are wrong."""


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(
        "acls",
        "Prints the Kafka ACLs of a stack's SCRAM users and certificates as kafka-acls.sh commands. Amazon MSK has no API for "
        "ACLs.",
        _EPILOG,
    )
    add_stack(parser)
    parser.add_argument("--current", type=Path, metavar="FILE", help="output of `kafka-acls.sh --list`")
    parser.add_argument("--format", choices=("sh", "json"), default="sh", help="commands or data (default: sh)")
    add_directory(parser)
    return parser


def _answer(options: argparse.Namespace) -> str:
    settings = settings_of(options.directory, options.stack).settings
    wanted = acls_of(settings.clients)
    present = _listed(options.current) if options.current else set()
    if options.format == "json":
        return json.dumps({name: [asdict(acl) for acl in those] for name, those in wanted.items()}, indent=2) + "\n"
    return "\n".join(_script(wanted, present, options.stack, serverless=settings.is_serverless)) + "\n"


def _listed(file: Path) -> set[Acl]:
    try:
        return set(listed(file.read_text(encoding="utf-8")))
    except UnicodeDecodeError as error:
        raise CommandError(str(error)) from error


def _script(wanted: Mapping[str, list[Acl]], present: set[Acl], stack: str, *, serverless: bool) -> Iterable[str]:
    if serverless:
        yield f"# Stack {stack} needs no ACLs: on a Serverless cluster IAM alone decides what clients may do."
        return
    yield f"# Kafka ACLs of stack {stack}. Needs BOOTSTRAP, COMMAND_CONFIG and kafka-acls.sh on PATH."
    if not wanted:
        yield "# No client needs ACLs: none is a SCRAM user or a certificate with permissions."
        return
    needed = {acl for those in wanted.values() for acl in those}
    for name, those in wanted.items():
        missing = [acl for acl in those if acl not in present]
        principals = ", ".join(sorted({acl.principal for acl in those}))
        yield f"# {name}, {principals}{'' if missing else ': no ACL is missing'}"
        yield from commands(missing, connection=_CONNECTION)
    ours = {acl.principal for acl in needed}
    if surplus := sorted(acl for acl in present - needed if acl.principal in ours):
        yield "# No longer needed:"
        yield from commands(surplus, remove=True, connection=_CONNECTION)


main = answering(_parser, _answer)
