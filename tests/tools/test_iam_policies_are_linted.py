"""Every IAM policy, trust policy, resource policy and key policy that the program and the tools write, read by a linter."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from domain.access.documents import Place
from inventory.deployer.documents import policies_of, resolved_grants, statements_of
from inventory.deployer.table import table
from support.client_kinds import SETTINGS
from support.iam_lint import KNOWN_TO_BE_WRONG, Kind, Wrong, findings, said
from support.inventories import TURNED_ON, row
from support.project_copies import copy_project
from support.stacks import run_stack, shipped_project
from tools.deployer.command import main as deployer_policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from offline.engine.run import Run

KINDS: dict[tuple[str, str], Kind] = {
    ("aws:iam/policy:Policy", "policy"): Kind.IDENTITY,
    ("aws:iam/role:Role", "assumeRolePolicy"): Kind.TRUST,
    ("aws:iam/rolePolicy:RolePolicy", "policy"): Kind.INLINE,
    ("aws:kms/key:Key", "policy"): Kind.RESOURCE,
    ("aws:msk/clusterPolicy:ClusterPolicy", "policy"): Kind.RESOURCE,
    ("aws:s3/bucketPolicy:BucketPolicy", "policy"): Kind.BUCKET,
    ("aws:secretsmanager/secretPolicy:SecretPolicy", "policy"): Kind.RESOURCE,
    ("aws:sns/topicPolicy:TopicPolicy", "policy"): Kind.NOTIFICATIONS,
}
"""Where the program writes policies; one elsewhere is an error, so that none goes by unread."""


def documents_in(value: Any) -> Iterator[dict[str, Any]]:
    """The policy documents in a property, written as JSON or as they are."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return
    if isinstance(value, dict) and "Statement" in value:
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from documents_in(one)


def policies(run: Run) -> dict[str, tuple[Kind, dict[str, Any]]]:
    return {
        f"{resource.name}, {name}": (KINDS[resource.type, name], document)
        for resource in run.resources
        for name, value in resource.inputs.items()
        for document in documents_in(value)
    }


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose stack has every kind of client and everything else that comes with a policy."""
    return copy_project(tmp_path_factory.mktemp("rich"), **SETTINGS)


@pytest.fixture(scope="module")
def written(rich: Path) -> dict[str, tuple[Kind, dict[str, Any]]]:
    return policies(run_stack("dev", dry_run=False, directory=rich))


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_policies_of_a_shipped_stack_are_sound(stack: str) -> None:
    found = policies(run_stack(stack, dry_run=False))
    assert found
    assert findings(found) == []


def test_the_policies_of_every_kind_of_client_and_sink_are_sound(written: dict[str, tuple[Kind, dict[str, Any]]]) -> None:
    assert {kind for kind, _ in written.values()} >= set(Kind) - {Kind.NOTIFICATIONS}
    assert sum(kind is Kind.TRUST for kind, _ in written.values()) >= len(SETTINGS["clients"]) // 2
    assert findings(written) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--read-only"],
        ["--state-bucket", "state", "--state-key", "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"],
    ],
    ids=["deploy", "read-only", "with-state"],
)
def test_the_deploying_roles_policies_are_sound(arguments: list[str], rich: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert deployer_policy(["--stack", "dev", "--directory", str(rich), "--account", "123456789012", *arguments]) == 0
    shown = json.loads(capsys.readouterr().out)
    documents = shown if isinstance(shown, list) else [shown]
    assert findings({str(number): (Kind.IDENTITY, item) for number, item in enumerate(documents)}) == []


@pytest.mark.parametrize("arguments", [[], ["--read-only"]], ids=["deploy", "read-only"])
def test_the_deploying_roles_trust_is_sound(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    about = ["--directory", str(shipped_project()), "--account", "123456789012", "--trust", "--repository", "acme/orders"]
    assert deployer_policy([*about, *arguments]) == 0
    assert findings({"trust": (Kind.TRUST, json.loads(capsys.readouterr().out))}) == []


def test_what_deploying_any_known_type_needs_is_sound() -> None:
    rows = [row(kind, "x", TURNED_ON.get(kind)) for kind in table()]
    documents = policies_of(statements_of(resolved_grants(rows, Place("aws", "us-east-1", "123456789012"))))
    assert findings({str(number): (Kind.IDENTITY, item) for number, item in enumerate(documents)}) == []


def document(statement: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}


def broken(policy: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The policy with its first statement changed."""
    changed = copy.deepcopy(policy)
    changed["Statement"][0] |= changes
    return changed


MISTAKES: list[tuple[Kind, dict[str, Any], str]] = [
    (Kind.IDENTITY, {"Action": ["kafka-cluster:ReadDatta"]}, "W3037"),
    (Kind.IDENTITY, {"Action": ["kafka-cluster:ReadData"], "Resource": ["arn:aws:s3:::bucket"]}, "I3510"),
    (Kind.IDENTITY, {"Principal": "*"}, "E3510"),
    (Kind.INLINE, {"Effect": "allow"}, "E3510"),
    (Kind.TRUST, {"Action": "sts:AsumeRole"}, "W3037"),
    (Kind.TRUST, {"Resource": "*"}, "E3530"),
    (Kind.RESOURCE, {"Action": ["kms:Decypt"]}, "W3037"),
    (Kind.RESOURCE, {"Condition": {"StringEqual": {"kms:CallerAccount": "123456789012"}}}, "E3512"),
    (Kind.BUCKET, {"Action": "sns:Publish"}, "W3037"),
]
"""What a policy of a kind is changed into, and the rule that finds it."""


def test_a_mistake_in_a_policy_is_found(written: dict[str, tuple[Kind, dict[str, Any]]]) -> None:
    sound = dict(reversed(written.values()))
    wrong = {f"{number} {rule}": (kind, broken(sound[kind], **changes)) for number, (kind, changes, rule) in enumerate(MISTAKES)}
    assert {f"{finding.policy.split()[0]} {finding.rule}" for finding in findings(wrong)} == wrong.keys()


def test_a_cluster_action_on_a_topic_is_found() -> None:
    statement = {
        "Effect": "Allow",
        "Action": ["kafka-cluster:Connect"],
        "Resource": ["arn:aws:kafka:us-east-1:123456789012:topic/c/1234abcd-12ab-34cd-56ef-1234567890ab-2/orders"],
    }
    (found,) = findings({"misplaced": (Kind.IDENTITY, document(statement))})
    assert found.rule == "I3510"


@pytest.mark.parametrize("known", KNOWN_TO_BE_WRONG, ids=lambda known: known.rule)
def test_what_the_linter_is_known_to_be_wrong_in_it_is_still_wrong_in(known: Wrong) -> None:
    (found,) = said({"sound": (Kind.IDENTITY, document(known.example))})
    assert found.rule == known.rule
    assert known.words in found.message
