"""`python -m tools up`: shows what deploying a stack would change, asks, and deploys exactly that."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.changes.sections import changes_sections, short_names
from tools.report.deliver import deliver
from tools.shared.commands import FAILED, FINE, REFUSED, add_directory, add_stack, add_today, judge_on, parser_of, told, utc_today
from tools.verbs.asking import agreed, needs_somebody
from tools.verbs.judged import judge_of, judged_preview
from tools.verbs.pulumi import Pulumi, found_cli

if TYPE_CHECKING:
    import argparse

    from tools.changes.rows import Document

_EPILOG: Final = """\
It previews the stack with the Pulumi CLI, judged by the policy pack as policies/config/<stack>.json configures it (without
that file: by what production needs), and explains the changes as `python -m tools changes` does. If nothing refuses, it asks
and deploys. What is deployed is the plan of that preview: `pulumi up` stops before it changes anything if the stack file, the
program or AWS have changed meanwhile. (Plans are an experimental feature of Pulumi: --no-plan does without.) Each command line
that runs is shown.

exit codes:
  0  deployed, or with --preview: nothing refuses
  1  a policy, a guard, protection or AWS refuses, data would be lost, or the answer was no: nothing was deployed
  2  options, the configuration or the CLI are wrong: nothing was deployed
  3  `pulumi up` failed, perhaps half-way: docs/operations.md, Recover from a failed update"""


@told
def main(arguments: list[str]) -> int:
    """Deploys a stack, after it has shown the changes and asked.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    if options.today != utc_today():
        judge_on(options.today)
    directory = options.directory.resolve()
    pulumi = Pulumi(found_cli(directory), directory, options.stack_reference)
    if not options.preview and not options.yes:
        needs_somebody("make up YES=1, or --yes")
    with tempfile.TemporaryDirectory(prefix="plan-") as place:
        return _deployed(options, pulumi, directory, Path(place) / "plan.json")


def _deployed(options: argparse.Namespace, pulumi: Pulumi, directory: Path, plan: Path) -> int:
    judge = judge_of(directory, pulumi.name, options.today)
    print(f"Stack {pulumi.stack}, judged by the policies of this project: {judge.words}.")
    planned = not options.no_plan and not options.preview
    command = ["preview", "--json", "--show-sames", *judge.options, *(["--save-plan", str(plan)] if planned else [])]
    document = judged_preview(
        pulumi, command, directory, today=options.today, allow=options.allow, allow_loss=options.allow_loss, judge=judge
    )
    print()
    code = deliver(changes_sections(document), None, headline=document["headline"], code=document["exitCode"])
    if options.preview:
        return code
    if code != FINE:
        print(f"Nothing was deployed to {pulumi.name}.{_how_to_allow(pulumi, document)}")
        return code
    if not options.yes and not agreed(f"Deploy to {pulumi.name}?"):
        print(f"Nothing was deployed to {pulumi.name}.")
        return REFUSED
    # The CLI previews once more, and compares that with the plan: a difference ends it before anything is changed.
    ended = pulumi.run("up", "--yes", *judge.options, *(["--plan", str(plan)] if planned else []))
    if ended:
        print(
            f"`pulumi up` ended with exit code {ended}. If it says `violates plan`, something has changed since the preview: run "
            "this again, and read the changes. Else see docs/operations.md, Recover from a failed update."
        )
        return FAILED
    return FINE


def _how_to_allow(pulumi: Pulumi, document: Document) -> str:
    """How `make` is told that what would be lost may be; empty where nothing of the kind stands against it."""
    missing = [urn for urn in document["needsAllowance"] if urn not in document["allowed"]]
    if not missing or document["exitCode"] != REFUSED or document["protection"]["stopped"]:
        return ""
    names = " ".join(short_names(document, missing))
    return f" If the loss is intended: make up STACK={pulumi.stack} ALLOW={shlex.quote(names)}"


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("up", "Shows what deploying a stack would change, asks, and deploys it.", _EPILOG)
    add_stack(parser, "the stack to deploy")
    parser.add_argument("--preview", action="store_true", help="only show the changes")
    parser.add_argument("--yes", action="store_true", help="do not ask, for pipelines; what refuses still refuses")
    parser.add_argument("--no-plan", action="store_true", help="deploy without comparing with the preview's plan")
    parser.add_argument(
        "--allow",
        action="extend",
        nargs="+",
        default=[],
        metavar="NAME",
        help="allow what this change takes from a resource, topic or client, by its name as the report prints it",
    )
    parser.add_argument("--allow-loss", action="store_true", help="allow everything that is lost")
    add_today(parser)
    add_directory(parser, "Pulumi.yaml and policies/ are")
    return parser
