"""`python -m tools deployer-policy`: prints what the role that deploys a stack must be allowed, and whom it must trust."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.deployer_permissions_documents import ResolvedGrant
    from domain.iam_documents import Document, Place
    from domain.inventory import ResourceRow

FINE: Final = 0
WRONG_USE: Final = 2

_EPILOG: Final = """\
examples:
  python -m tools deployer-policy --stack prod --account 123456789012
  python -m tools deployer-policy --stack prod --account 123456789012 --read-only
  python -m tools deployer-policy --stack prod --account 123456789012 --trust --repository acme/orders-kafka

The policy follows what the stack has: print it again when the stack gets resources of a new type or another cluster name.
What is longer than a managed policy may be (6,144 characters) is a JSON list of policies: attach all of them.
Nothing is contacted. Exit codes: 0 fine; 2 the arguments, the stack or the inventory are wrong, or a resource type is unknown;
3 the program failed."""


class WrongUseError(Exception):
    """What was asked for cannot be answered; the message says what to give instead."""


def main(arguments: list[str]) -> int:
    """Prints a policy document, a list of them, a trust policy or an explanation.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    try:
        text = _answer(options)
    except WrongUseError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except _ProgramError as failure:
        print(failure, file=sys.stderr)
        return failure.code
    print(text)
    return FINE


class _ProgramError(Exception):
    """The stack's program did not run to its end."""

    def __init__(self, code: int, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.code = code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools deployer-policy",
        description="Prints the least-privilege IAM policy of the role that deploys a stack, derived from the stack's resources.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="an inventory instead of a stack: JSON of `python -m tools preview --format json` or of `pulumi stack export`",
    )
    parser.add_argument("--stack", metavar="NAME", help="the stack (default: dev)")
    parser.add_argument("--account", default="*", metavar="ID", help="the account's twelve digits (default: the policy's own, *)")
    parser.add_argument("--region", metavar="NAME", help="the region (default: the stack's)")
    parser.add_argument("--read-only", action="store_true", help="the role for previews and drift checks, not for deployments")
    parser.add_argument(
        "--explain", action="store_true", help="a table of what each resource type needs, and why, instead of JSON"
    )
    parser.add_argument("--state-bucket", default="", metavar="NAME", help="add what the state in this S3 bucket needs")
    parser.add_argument("--state-key", default="", metavar="ARN", help="add what secrets under this KMS key need")
    parser.add_argument("--trust", action="store_true", help="print the role's trust policy for GitHub's OIDC provider instead")
    parser.add_argument(
        "--repository", metavar="OWNER/NAME", help="with --trust: the GitHub repository, with ids where it has them"
    )
    parser.add_argument(
        "--environment",
        action="append",
        metavar="NAME",
        help="with --trust: the environment whose jobs may deploy (default: the stack's name); may be given again",
    )
    parser.add_argument("--branch", default="main", metavar="NAME", help="with --trust --read-only: where nightly checks run")
    parser.add_argument(
        "--directory", type=Path, default=Path(), metavar="DIR", help="where Pulumi.yaml is (default: the current directory)"
    )
    return parser


def _answer(options: argparse.Namespace) -> str:
    if options.file and options.stack:
        raise WrongUseError("Give FILE or --stack, not both: a file says which stack it is of.")
    if not re.fullmatch(r"\d{12}|\*", options.account):
        raise WrongUseError(f"--account {options.account}: an AWS account has twelve digits.")
    if options.trust:
        return _trust(options)
    from domain.deployer_permissions import UnknownResourceTypes  # noqa: PLC0415 - `--help` needs none of it
    from domain.deployer_permissions_documents import (  # noqa: PLC0415 - as above
        policies_of,
        resolved_grants,
        statements_of,
    )
    from domain.deployer_permissions_state import state_grants  # noqa: PLC0415 - as above

    rows, place = _inventory(options)
    state = state_grants(options.state_bucket, options.state_key)
    try:
        grants = resolved_grants(rows, place, read_only=options.read_only, more=state)
    except UnknownResourceTypes as error:
        raise WrongUseError(str(error)) from error
    return _explained(grants) if options.explain else _json(policies_of(statements_of(grants)))


def _trust(options: argparse.Namespace) -> str:
    from domain.deployer_permissions_trust import (  # noqa: PLC0415 - `--help` needs none of it
        NotARepository,
        deployment_subjects,
        preview_subjects,
        trust_policy,
    )

    missing = [name for name, given in (("--account", options.account != "*"), ("--repository", options.repository)) if not given]
    if missing:
        raise WrongUseError(f"--trust needs {' and '.join(missing)}.")
    try:
        subjects = (
            preview_subjects(options.repository, options.branch)
            if options.read_only
            else deployment_subjects(options.repository, options.environment or [options.stack or "dev"])
        )
    except NotARepository as error:
        raise WrongUseError(f"--repository: {error}") from error
    region = options.region or (_stack_region(options) if not options.file else None) or "us-east-1"
    return _json([trust_policy(_place(region, options.account), subjects)])


def _inventory(options: argparse.Namespace) -> tuple[list[ResourceRow], Place]:
    from tools.deployer_policy_input import NotAnInventoryError, region_of, rows_of_file  # noqa: PLC0415 - as in `_answer`

    if options.file:
        try:
            rows = rows_of_file(options.file)
        except NotAnInventoryError as error:
            raise WrongUseError(str(error)) from error
        region = options.region or region_of(rows)
    else:
        rows = _run(options)
        region = options.region or _stack_region(options)
    if not region:
        raise WrongUseError("The inventory does not say its region: give --region.")
    return rows, _place(region, options.account)


def _place(region: str, account: str) -> Place:
    from domain.iam_documents import Place  # noqa: PLC0415 - as in `_answer`
    from domain.regions import partition  # noqa: PLC0415 - as in `_answer`

    return Place(partition(region), region, account)


def _stack_region(options: argparse.Namespace) -> str | None:
    from offline.project import load_project  # noqa: PLC0415 - as in `_answer`
    from offline.stack_file import ConfigError  # noqa: PLC0415 - as in `_answer`

    try:
        return load_project(options.directory.resolve()).stack_config(options.stack or "dev").values.get("aws:region")
    except ConfigError as error:
        raise _ProgramError(WRONG_USE, [f"{one.file}:{one.line}: {one.message}" for one in error.problems]) from error


def _run(options: argparse.Namespace) -> list[ResourceRow]:
    """The stack's resources, as the offline preview has them."""
    from offline.failures import HookRefused, ProgramFailed  # noqa: PLC0415 - as in `_answer`
    from offline.inventory import rows  # noqa: PLC0415 - as in `_answer`
    from offline.project import load_project  # noqa: PLC0415 - as in `_answer`
    from offline.stack_file import ConfigError  # noqa: PLC0415 - as in `_answer`
    from tools.failures import problems_of  # noqa: PLC0415 - as in `_answer`

    directory = options.directory.resolve()
    try:
        config = load_project(directory).stack_config(options.stack or "dev")
    except ConfigError as error:
        raise _ProgramError(WRONG_USE, [f"{one.file}:{one.line}: {one.message}" for one in error.problems]) from error
    from offline.engine import run_program  # noqa: PLC0415 - imports Pulumi's SDK

    try:
        return [{**row} for row in rows(run_program(directory, config, dry_run=True))]
    except HookRefused as refusal:
        raise _ProgramError(WRONG_USE, [str(refusal)]) from refusal
    except ProgramFailed as failure:
        code, problems = problems_of(failure, config)
        raise _ProgramError(code, [f"{one['file']}:{one['line']}: {one['message']}" for one in problems]) from failure


def _json(documents: Sequence[Document]) -> str:
    import json  # noqa: PLC0415 - as in `_answer`

    return json.dumps(documents[0] if len(documents) == 1 else list(documents), indent=2)


def _explained(grants: Sequence[ResolvedGrant]) -> str:
    lines: list[str] = []
    for kind in sorted({kind for one in grants for kind in one.types or ("the stack's state",)}):
        lines.append(kind)
        for one in grants:
            if kind in (one.types or ("the stack's state",)):
                lines.append(f"  {'reads ' if one.grant.reads else 'writes'}  {', '.join(one.grant.actions)}")
                lines += [f"          on {arn}" for arn in one.resources]
                lines += [f"          if {key} is {value}" for keys in one.condition.values() for key, value in keys.items()]
                lines += [f"          * because: {one.grant.why}"] if one.grant.why else []
    return "\n".join(lines)
