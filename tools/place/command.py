"""`python -m tools shell`: a shell with Kafka's tools in the cluster's VPC, or one command there."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import TYPE_CHECKING, Final

from tools.place.choice import HOST, add_place, place_of, warning_of
from tools.place.outputs import outputs_for, text_in
from tools.place.terms import line_of
from tools.shared.commands import FAILED, FINE, add_directory, add_stack, parser_of, reader_may_leave, told
from tools.shared.stack_settings import settings_of

if TYPE_CHECKING:
    from typing import Any

_EPILOG: Final = """\
In the shell Kafka's tools are on PATH, BOOTSTRAP, CLUSTER, ARN and REGION are set, and client.properties is in the current
directory. A command behind -- is run there instead; one word is a line of the shell, and Kafka's tools are told where the cluster
is by themselves:

  python -m tools shell --stack prod
  python -m tools shell --stack prod -- kafka-topics.sh --list
  python -m tools shell --stack prod -- 'kafka-consumer-groups.sh --list | wc -l'
  python -m tools shell --stack prod --via pod
  eval "$(.venv/bin/python -m tools shell --stack prod --variables)"

The last one sets the same variables in your own shell, and the functions `metric` and `since` of docs/runbook.md: CloudWatch and
Amazon MSK's own API are asked from there, as yourself. docs/operator.md has the two places, what they need and what they cost.

exit codes:
  that of the shell's last command (in a pod), or of the command behind --; of the command itself:
  2  the options or the stack's configuration are wrong, or a program is missing
  3  AWS, Kubernetes or Pulumi refused, or it was interrupted"""

_FUNCTIONS: Final = """\
since() { date -u -v-"$1"M +%FT%TZ 2>/dev/null || date -u -d "-$1 minutes" +%FT%TZ; }
metric() { aws cloudwatch get-metric-statistics --namespace AWS/Kafka --metric-name "$1" --statistics "$2" --period 300 \\
  --start-time "$(since 60)" --end-time "$(since 0)" \\
  --dimensions Name="Cluster Name",Value="$CLUSTER" ${3:+Name="Broker ID",Value="$3"} \\
  --query 'sort_by(Datapoints,&Timestamp)[]'; }
"""
"""`-v` is how BSD's date, macOS', goes back in time, and `-d` GNU's."""


@told
def main(arguments: list[str]) -> int:
    """Opens the shell, or runs the command.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    own, words = _divided(arguments)
    options = _parser().parse_args(own)
    try:
        return _run(options, words)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return FAILED


def _divided(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What is before the first --, and what is behind it."""
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(
        "shell", "Opens a shell with Kafka's tools in the VPC of a stack's cluster, or runs a command there.", _EPILOG
    )
    add_stack(parser)
    add_place(parser, default=HOST)
    parser.add_argument("--variables", action="store_true", help="print the variables and functions for your own shell instead")
    add_directory(parser)
    return parser


def _run(options: argparse.Namespace, words: list[str]) -> int:
    outputs = outputs_for(options)
    if options.variables:
        with reader_may_leave():
            sys.stdout.write(_variables(outputs, settings_of(options.directory, options.stack).region))
        return FINE
    if warning := warning_of(options, outputs):
        print(warning, file=sys.stderr)
    with place_of(options, outputs) as (place, _):
        if not words:
            return place.shell()
        done = place.run(line_of(words))
    with reader_may_leave():
        sys.stdout.write(done.output)
        sys.stdout.flush()
    sys.stderr.write(done.errors)
    return done.code


def _variables(outputs: dict[str, Any], region: str) -> str:
    variables = {
        "CLUSTER": text_in(outputs, "clusterName"),
        "ARN": text_in(outputs, "clusterArn"),
        "REGION": region,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "SECURITY_GROUP": text_in(outputs, "securityGroupId"),
    }
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items()) + _FUNCTIONS
