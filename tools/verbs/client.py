"""`python -m tools client-files`: a client's ready files, with the brokers of the stack where it is deployed."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.clients.client import main as client
from tools.shared.commands import CommandError, add_directory, add_stack, add_to, parser_of, told
from tools.verbs.pulumi import Pulumi, failed, found_cli

if TYPE_CHECKING:
    import argparse

_EPILOG: Final = """\
The brokers' addresses come from the outputs of the deployed stack, which the Pulumi CLI reads. Where the stack is not deployed,
or there is no CLI, the files have the placeholder BOOTSTRAP, and the command says so. No file contains a secret. `python -m
tools client` does the same from a file of outputs. Exit codes: 0 fine; 2 the arguments or the stack's configuration are wrong."""


@told
def main(arguments: list[str]) -> int:
    """Prints or writes a client's files.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    if not options.client:
        raise CommandError("Name the client: make client NAME=orders-api.")
    directory = options.directory.resolve()
    # Options stay with their values: a value that begins with a hyphen is none of ours.
    passed = [f"--stack={options.stack}", f"--client={options.client}", f"--directory={directory}"]
    passed += [f"--format={options.format}"] if options.format else []
    passed += [f"--to={options.to}"] if options.to else []
    with tempfile.TemporaryDirectory(prefix="outputs-") as place:
        file = Path(place) / "outputs.json"
        if outputs := _outputs(directory, options.stack_reference):
            file.write_text(outputs, encoding="utf-8")
            passed.append(f"--outputs={file}")
        return client(passed)


def _outputs(directory: Path, stack: str) -> str:
    """What a deployed stack has put out, as JSON; empty where it is not deployed, which is said on standard error."""
    try:
        # Standard output is for the files.
        answer = Pulumi(found_cli(directory), directory, stack, shown=sys.stderr).ask("stack", "output", "--json")
    except CommandError as error:
        return _without(str(error).splitlines()[0])
    if answer.code:
        raise failed(answer, "`pulumi stack output`")
    return _without(f"Stack {stack} is not deployed yet.") if answer.output.strip() in ("", "{}") else answer.output


def _without(why: str) -> str:
    print(f"{why} BOOTSTRAP stands for the brokers' addresses.", file=sys.stderr)
    return ""


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("client-files", "Prints a client's configuration files, for the brokers that are deployed.", _EPILOG)
    add_stack(parser)
    parser.add_argument("--client", required=True, metavar="NAME", help="the client's name in the stack file")
    parser.add_argument(
        "--format", metavar="FORMAT", help="whose file; `python -m tools client --help` names them (default: java)"
    )
    add_to(parser)
    add_directory(parser)
    return parser
