"""`python -m tools deployer-policy`: prints what the role that deploys a stack must be allowed, and whom it must trust."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.access.documents import Place
from domain.msk.quotas import POLICIES_OF_A_ROLE
from domain.msk.regions import partition
from inventory.deployer.documents import policies_of, resolved_grants, statements_of
from inventory.deployer.state import state_grants
from inventory.deployer.table import UnknownResourceTypesError
from inventory.deployer.trust import NotARepositoryError, deployment_subjects, preview_environments, trust_policy
from offline.engine.inventory import rows
from offline.protocol.failures import ProgramFailed
from tools.deployer.input import check_options, region_of, rows_of_file, stack_and_project
from tools.preview.failures import problems_of
from tools.shared.commands import CommandError, add_directory, answering, parser_of
from tools.shared.stack_config import stack_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from domain.access.documents import Document
    from inventory.deployer.documents import ResolvedGrant
    from inventory.rows import ResourceRow
    from offline.project.loading import StackConfig

_EPILOG: Final = """\
examples:
  python -m tools deployer-policy --stack prod --account 123456789012
  python -m tools deployer-policy --stack prod --account 123456789012 --read-only
  python -m tools deployer-policy --stack prod --account 123456789012 --trust --repository acme/orders-kafka

The policy follows what the stack has: print it again when the stack gets resources of a new type, another cluster name, another
place for its broker logs, or people who sign in to Grafana with IAM Identity Center.
A policy longer than a managed policy may be (6,144 characters) is printed as a JSON list: attach all its policies.
This command contacts nothing. Exit codes: 0 fine; 2 the arguments, the stack or the inventory are wrong, or a resource type
is unknown; 3 the program failed."""


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(
        "deployer-policy",
        "Prints the least-privilege IAM policy of the role that deploys a stack, derived from the stack's resources.",
        _EPILOG,
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="an inventory instead of a stack: JSON of `python -m tools preview --format json` or of `pulumi stack export`",
    )
    # Without a default: whether it was given says that no file is meant.
    parser.add_argument("--stack", metavar="NAME", help="the stack's name (default: dev)")
    parser.add_argument("--account", default="*", metavar="ID", help="the 12-digit account ID (default: the policy's own, *)")
    parser.add_argument("--region", metavar="NAME", help="the region (default: the stack's)")
    parser.add_argument("--read-only", action="store_true", help="the policy for previews and drift checks, not for deployments")
    parser.add_argument(
        "--explain", action="store_true", help="a table of what each resource type needs, and why, instead of JSON"
    )
    parser.add_argument("--state-bucket", default="", metavar="NAME", help="add access to the state in this S3 bucket")
    parser.add_argument(
        "--state-key", default="", metavar="ARN", help="add access to this KMS key, which encrypts the stack's secrets"
    )
    parser.add_argument("--trust", action="store_true", help="print the role's trust policy for GitHub's OIDC provider instead")
    parser.add_argument(
        "--repository", metavar="OWNER/NAME", help="with --trust: the GitHub repository, with IDs where it has them"
    )
    parser.add_argument(
        "--environment",
        action="append",
        metavar="NAME",
        help="with --trust: the environment whose jobs may take the role; may be given again (default: the stack's name; with "
        "--read-only the stack's name with -preview, for pull requests, and with -drift, for nightly checks)",
    )
    add_directory(parser)
    return parser


def _answer(options: argparse.Namespace) -> str:
    if options.file and options.stack:
        raise CommandError("Give FILE or --stack, not both: a file already names its stack.")
    check_options(options)
    if options.trust:
        return _trust(options)
    resources, region = _inventory(options)
    place = _place(region, options.account)
    stack, project = stack_and_project(resources)
    state = state_grants(options.state_bucket, options.state_key, project, stack)
    try:
        grants = resolved_grants(resources, place, read_only=options.read_only, more=state)
    except UnknownResourceTypesError as error:
        raise CommandError(str(error)) from error
    if options.explain:
        return _explained(grants)
    policies = policies_of(statements_of(grants))
    if len(policies) > POLICIES_OF_A_ROLE.default:
        print(
            f"These are {len(policies)} policies. A role takes {POLICIES_OF_A_ROLE.default} unless AWS raises quota "
            f"{POLICIES_OF_A_ROLE.code}, {POLICIES_OF_A_ROLE.maximum} at most.",
            file=sys.stderr,
        )
    return _json(policies)


def _trust(options: argparse.Namespace) -> str:
    missing = [name for name, given in (("--account", options.account != "*"), ("--repository", options.repository)) if not given]
    if missing:
        raise CommandError(f"--trust needs {' and '.join(missing)}.")
    try:
        environments = preview_environments(options.stack or "dev") if options.read_only else [options.stack or "dev"]
        subjects = deployment_subjects(options.repository, options.environment or environments)
    except NotARepositoryError as error:
        raise CommandError(f"--repository: {error}") from error
    region = options.region or (None if options.file else _config(options).values.get("aws:region")) or "us-east-1"
    return _json([trust_policy(_place(region, options.account), subjects)])


def _inventory(options: argparse.Namespace) -> tuple[list[ResourceRow], str]:
    """The resources, and the region they are in."""
    if options.file:
        resources = rows_of_file(options.file)
        region = options.region or region_of(resources)
    else:
        config = _config(options)
        resources = _run(options.directory.resolve(), config)
        region = options.region or config.values.get("aws:region")
    if not region:
        raise CommandError("The inventory has no region. Give --region.")
    return resources, region


def _place(region: str, account: str) -> Place:
    return Place(partition(region), region, account)


def _config(options: argparse.Namespace) -> StackConfig:
    _, config = stack_of(options.directory.resolve(), options.stack or "dev")
    return config


def _run(directory: Path, config: StackConfig) -> list[ResourceRow]:
    """The stack's resources, as the offline preview has them."""
    from offline.engine.run import run_program  # noqa: PLC0415 - Pulumi's SDK takes 0.2 s to import: files need none

    try:
        return [{**row} for row in rows(run_program(directory, config, dry_run=True, hooks_stop=False))]
    except ProgramFailed as failure:
        code, problems = problems_of(failure, config)
        raise CommandError(
            "\n".join(f"{problem['file']}:{problem['line']}: {problem['message']}" for problem in problems), code
        ) from failure


def _json(documents: Sequence[Document]) -> str:
    return json.dumps(documents[0] if len(documents) == 1 else list(documents), indent=2) + "\n"


def _explained(grants: Sequence[ResolvedGrant]) -> str:
    lines: list[str] = []
    for kind in sorted({kind for grant in grants for kind in grant.types or ("the stack's state",)}):
        lines.append(kind)
        for grant in grants:
            if kind in (grant.types or ("the stack's state",)):
                lines.append(f"  {'reads ' if grant.grant.reads else 'writes'}  {', '.join(grant.grant.actions)}")
                lines += [f"          on {arn}" for arn in grant.resources]
                lines += [f"          if {key} is {value}" for keys in grant.condition.values() for key, value in keys.items()]
                lines += [f"          * because: {grant.grant.why}"] if grant.grant.why else []
    return "\n".join(lines) + "\n"


main = answering(_parser, _answer)
