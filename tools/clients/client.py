"""`python -m tools client`: prints a client's ready configuration."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any, Final

from domain.clients.files import render
from domain.clients.plan import bootstrap_output, connection_of, mechanism_of, reach_of
from domain.plan.access import clients_elsewhere, limits_of
from domain.plan.network import listeners_of
from domain.problems import did_you_mean
from domain.settings.clients import FORMAT_NAMES, Format, format_named
from tools.acls.coverage import State, coverage_of
from tools.acls.terms import terms_of
from tools.shared.commands import CommandError, add_directory, add_outputs, add_stack, add_to, answering, parser_of
from tools.shared.stack_outputs import outputs_of, written
from tools.shared.stack_settings import settings_of

if TYPE_CHECKING:
    from domain.access.mechanisms import Mechanism
    from tools.shared.stack_settings import StackOfSettings

_ARN_TO_FILL_IN: Final = "ARN-OF-THE-SECRET"

_EPILOG: Final = """\
The brokers' addresses come from the outputs of the deployed stack:

  pulumi stack output --json --stack prod | python -m tools client --stack prod --client orders-api --outputs -

Without --outputs, the files have the placeholder BOOTSTRAP. With --to, each format is written into its own directory.
This command contacts nothing, and no file contains a secret. Exit codes: 0 fine; 2 the arguments or the stack's
configuration are wrong."""


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(
        "client", "Prints a client's configuration files: brokers, identity, and settings that lose no messages.", _EPILOG
    )
    add_stack(parser)
    parser.add_argument("--client", required=True, metavar="NAME", help="the client's name in the stack file")
    parser.add_argument(
        "--format",
        type=_format,
        metavar="FORMAT",
        help=f"whose file: {', '.join(FORMAT_NAMES)}, which is confluent-kafka (default: the first of the client's formats)",
    )
    add_outputs(parser)
    add_to(parser)
    add_directory(parser)
    return parser


def _answer(options: argparse.Namespace) -> str:
    files = _files(options)
    if options.to:
        return written(files, options.to)
    parts = [f"# --- {name}\n{text}" if len(files) > 1 else text for name, text in files.items()]
    return "\n".join(parts)


def _files(options: argparse.Namespace) -> dict[str, str]:
    stack = settings_of(options.directory, options.stack)
    clients = stack.settings.all_clients
    client = clients.get(options.client)
    if client is None:
        which = f" Its clients are {', '.join(sorted(clients))}." if clients else " It has no clients."
        raise CommandError(f"Stack {options.stack} has no client {options.client}.{did_you_mean(options.client, clients)}{which}")
    listeners = listeners_of(stack.settings)
    mechanism = mechanism_of(client, listeners, unauthenticated=stack.settings.authentication.unauthenticated)
    if mechanism is None:
        raise CommandError(
            f'clients.{options.client} has no identity, and the cluster requires one. Add "as": a role, a principal, a '
            "scramUser or a certificate."
        )
    outputs = outputs_of(options.outputs) if options.outputs else {}
    foreign = client.identity is not None and client.identity.principal in clients_elsewhere(stack.settings)
    output = bootstrap_output(mechanism, listeners, reach_of(client, elsewhere=foreign)) or ""
    connection = connection_of(
        options.client,
        client,
        mechanism,
        bootstrap=_bootstrap(outputs, output, mechanism) if outputs else "BOOTSTRAP",
        region=stack.region,
        secret=_secret(outputs, options.client),
        limits=limits_of(stack.settings),
    )
    _tell_if_not_enforced(options.stack, options.client, stack)
    files = render(connection, options.format or client.ready_formats[0])
    if not files:
        what, block = _KINDS[options.format]
        raise CommandError(
            f"clients.{options.client} is no {what}: it has no {block.partition(':')[0]}. Add {block}, or choose another "
            "--format."
        )
    return files


_KINDS: Final = {
    Format.KAFKA_STREAMS: ("Kafka Streams application", "streams: {applicationId: ...}"),
    Format.CONNECT: ("Kafka Connect worker", "connect: {groupId: ...}"),
}
"""What a client must be for a format that not all have, and which block makes it one."""


def _format(name: str) -> Format:
    if name not in FORMAT_NAMES:
        raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(FORMAT_NAMES)}.{did_you_mean(name, FORMAT_NAMES)}")
    return format_named(name)


def _tell_if_not_enforced(stack: str, client: str, settings: StackOfSettings) -> None:
    """Says, beside the files, that Kafka does not hold the client to the stack file."""
    coverage = coverage_of(terms_of(stack, settings.region, settings.settings), settings.directory)
    for row in coverage.clients if coverage else ():
        if row.client == client and row.state is not State.ENFORCED:
            told = (
                f"clients.{client}: its ACLs are {row.state}"
                if row.state is State.NOT_ENFORCED
                else f"clients.{client}: ACLs allow more than the stack file"
            )
            print(f"{told} ({row.why}). Run `make acls STACK={stack}`.", file=sys.stderr)


def _bootstrap(outputs: dict[str, Any], output: str, mechanism: Mechanism) -> str:
    brokers = outputs.get("brokers")
    bootstrap = brokers.get(output) if isinstance(brokers, dict) else None
    if not isinstance(bootstrap, str) or not bootstrap:
        raise CommandError(
            f"The outputs have no brokers.{output}: the stack is not deployed with {mechanism} yet. Deploy it first."
        )
    return bootstrap


def _secret(outputs: dict[str, Any], client: str) -> str:
    clients = outputs.get("clients")
    entry = clients.get(client) if isinstance(clients, dict) else None
    arn = entry.get("secretArn") if isinstance(entry, dict) else None
    return arn if isinstance(arn, str) else _ARN_TO_FILL_IN


main = answering(_parser, _answer)
