"""`python -m tools COMMAND ...`: finds the command's module and leaves the rest to it.

Only the module of the command that was asked for is imported: a preview does not wait for what it does not use.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Final, NoReturn

from domain.problems import did_you_mean
from tools.shared.commands import FINE, WRONG_USE

_MANIFEST: Final = Path(__file__).parent.parent / "template.json"

COMMANDS: Final = {
    "preview": ("tools.preview.command", "preview a stack offline: its resources, capacity, cost and policy violations"),
    "check": ("tools.verbs.check", "preview every stack of the project offline, a line each"),
    "up": ("tools.verbs.up", "show what deploying a stack would change, ask, and deploy it"),
    "destroy": ("tools.verbs.destroy", "show what would be lost with a stack, have its name typed, and destroy it"),
    "client-files": ("tools.verbs.client", "print a client's files for the brokers that are deployed, with the Pulumi CLI"),
    "changes": ("tools.changes.command", "explain what a change does to deployed resources, from `pulumi preview --json`"),
    "evidence": ("tools.evidence.command", "prove by control what is enforced, and who may use which topic, for an auditor"),
    "verdicts": ("tools.verdicts.command", "say what the base branch and a pull request itself say of it, for its comment"),
    "upgrades": ("tools.kafka_versions.command", "print the next Kafka versions of a stack's cluster, and what each changes"),
    "acls": ("tools.acls.command", "compare the Kafka ACLs of a stack's clients with its cluster's, and apply them"),
    "client": ("tools.clients.client", "print a client's ready configuration"),
    "topics": ("tools.topics.command", "compare a stack's topics with its cluster's, and make them on MSK Serverless"),
    "reassign": ("tools.reassign.command", "move partitions to new brokers, or off brokers that are to be removed"),
    "shell": ("tools.place.command", "open a shell with Kafka's tools in the VPC of a stack's cluster, or run a command there"),
    "prometheus": ("tools.clients.prometheus", "render the files of a Prometheus of your own"),
    "facts": ("tools.generate.facts", "write the facts that the policy pack judges by"),
    "policies": ("tools.generate.policies_page", "write what each rule of the policy pack wants into docs/policies.md"),
    "guards": ("tools.generate.guards_page", "write what each guard refuses into docs/operations.md"),
    "kinds": ("tools.generate.kinds_page", "write what comes of each setting on each kind of cluster into docs/cluster-kinds.md"),
    "dashboards": ("tools.generate.dashboards", "write the Grafana dashboards into docs/dashboards"),
    "settings": ("tools.generate.settings", "write the settings into Pulumi.yaml"),
    "schema": ("tools.generate.schema", "write the JSON schema by which editors complete and check stack files"),
    "deployer-policy": ("tools.deployer.command", "print the IAM policy and the trust policy of the role that deploys a stack"),
    "prices": ("tools.prices.command", "write a region's prices from AWS's price list of Amazon MSK into the project"),
    "pages": ("tools.generate.pages", "write the settings and a captured preview into README.md and docs/"),
    "new": ("tools.upgrade.new", "create a project from the template's committed files, with `pulumi new`"),
    "stack": ("tools.stacks.new_stack", "start a stack from a ready stack of stacks/ or from another stack"),
    "stacks": ("tools.stacks.command", "check the ready stacks, and write their pages and pictures"),
    "upgrade": ("tools.upgrade.command", "upgrade a clone to a newer version of the template (for Kafka: upgrades)"),
}
"""Name of each command, its module (which has `main(arguments) -> exit code`), and what it does."""


def main(arguments: list[str]) -> int:
    """Runs a command.

    Args:
        arguments: What stood behind `python -m tools`.

    Returns:
        The exit code.
    """
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_help())
        return FINE if arguments else WRONG_USE
    if arguments == ["--version"]:
        print(json.loads(_MANIFEST.read_text(encoding="utf-8"))["version"])
        return FINE
    name, *rest = arguments
    if name not in COMMANDS:
        print(f"{name!r} is not a command.{did_you_mean(name, COMMANDS)}\n\n{_help()}", file=sys.stderr)
        return WRONG_USE
    code: int = importlib.import_module(COMMANDS[name][0]).main(rest)
    return code


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {summary}" for name, (_, summary) in COMMANDS.items()]
    return "\n".join(
        [
            "usage: python -m tools COMMAND [options]",
            "       python -m tools --version",
            "",
            "Commands:",
            *lines,
            "",
            "COMMAND --help shows a command's options, --version the template's version.",
        ]
    )


def _exit(code: int) -> NoReturn:
    """Ends the process without taking its modules apart one by one, which takes a fifth of a preview's time.

    Nothing is left to be done: files are closed and processes ended where they were opened.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _exit(main(sys.argv[1:]))
