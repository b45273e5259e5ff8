"""What a place takes from the outputs of a deployed stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.place.programs import answer_of, program
from tools.shared.commands import CommandError
from tools.shared.stack_outputs import outputs_in, outputs_of

if TYPE_CHECKING:
    import argparse

_SETTING = "testClient: {operate: true}"


def outputs_for(options: argparse.Namespace) -> dict[str, Any]:
    """The outputs: of the file that is named, or of Pulumi.

    Raises:
        CommandError: There are none.
    """
    if options.outputs:
        return outputs_of(options.outputs)
    words = [program("pulumi", "what the stack has put out"), "stack", "output", "--json", "--stack", options.stack_reference]
    text = answer_of(
        words, remedy="Is this stack deployed, and are you signed in to its backend (pulumi login)?", directory=options.directory
    )
    if text.strip() in ("", "{}"):
        raise CommandError(f"Stack {options.stack} has no outputs: it is not deployed yet. Deploy it first.")
    return outputs_in(text, "The output of `pulumi stack output`")


def instance_in(outputs: dict[str, Any], stack: str) -> str:
    """The test client's instance id.

    Raises:
        CommandError: The stack has no test client.
    """
    host = outputs.get("testClient")
    instance = host.get("instanceId") if isinstance(host, dict) else None
    if not isinstance(instance, str) or not instance:
        raise CommandError(
            f"Stack {stack} has no host in its VPC: set {_SETTING} in Pulumi.{stack}.yaml and deploy it, or use a pod "
            "(--via pod). docs/operator.md describes both."
        )
    return instance


def why_not_for_operators(outputs: dict[str, Any], stack: str) -> str:
    """What to say of a host whose client may not do what the runbook does; empty where it may, or there is none."""
    host = outputs.get("testClient")
    if not isinstance(host, dict) or host.get("operate") is True:
        return ""
    return (
        f"The host's client may use its own topic only. For the runbook's commands, set {_SETTING} in Pulumi.{stack}.yaml and "
        "deploy it."
    )


def text_in(outputs: dict[str, Any], name: str) -> str:
    """An output that is a text.

    Raises:
        CommandError: It is not there.
    """
    value = outputs.get(name)
    if not isinstance(value, str) or not value:
        raise CommandError(f"The outputs have no {name}: the stack is not deployed yet. Deploy it first.")
    return value
