"""The deploying role's permissions: complete, narrow, and within what IAM takes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.documents import Place
from domain.access.statements import MAXIMUM_POLICY_SIZE
from inventory.deployer.documents import policies_of, resolved_grants, size_of, statements_of
from inventory.deployer.grants import ANY
from inventory.deployer.state import state_grants
from inventory.deployer.table import UnknownResourceTypesError, known, table
from inventory.deployer.trust import NotARepositoryError, deployment_subjects, preview_subjects, trust_policy
from support.inventories import row

PLACE = Place("aws", "eu-west-1", "123456789012")
TYPES = sorted(kind for kind in table() if kind.startswith("aws:"))
inventories = st.lists(st.sampled_from(TYPES), min_size=1, max_size=8).map(
    lambda kinds: [row(kind, f"one-{number}") for number, kind in enumerate(kinds)]
)


def statements(documents: list[Any]) -> list[dict[str, Any]]:
    return [statement for document in documents for statement in document["Statement"]]


def test_a_grant_on_everything_says_why_and_no_other_does() -> None:
    grants = [grant for entry in table().values() for grant in entry.grants]
    assert [grant.actions for grant in grants if (grant.resources == ANY) != bool(grant.why)] == []


def test_every_action_is_written_out() -> None:
    actions = {action for entry in table().values() for grant in entry.grants for action in grant.actions}
    assert [action for action in actions if not re.fullmatch(r"[a-z0-9-]+:[A-Z][A-Za-z0-9]+", action)] == []


def test_reading_grants_change_nothing() -> None:
    reading = {action for entry in table().values() for grant in entry.grants if grant.reads for action in grant.actions}
    verbs = ("Connect", "Decrypt", "Describe", "Get", "List")
    assert [action for action in reading if not action.partition(":")[2].startswith(verbs)] == []


@given(inventories, st.booleans())
def test_policies_are_iams_grammar_and_fit(rows: list[Any], read_only: bool) -> None:
    documents = policies_of(statements_of(resolved_grants(rows, PLACE, read_only=read_only)))
    assert all(size_of(document) <= MAXIMUM_POLICY_SIZE for document in documents)
    for statement in statements(documents):
        assert statement.keys() - {"Condition"} == {"Sid", "Effect", "Action", "Resource"}
        assert re.fullmatch(r"[A-Za-z0-9]+", str(statement["Sid"]))
        assert statement["Action"]
        assert statement["Resource"]
        assert "{" not in str(statement["Resource"])
        if "*" in statement["Resource"]:
            assert statement["Condition"]["StringEquals"]["aws:RequestedRegion"] == "eu-west-1"
    sids = [statement["Sid"] for statement in statements(documents)]
    assert len(sids) == len(set(sids))


@given(inventories)
def test_no_action_is_allowed_that_no_resource_needs_and_none_is_lost(rows: list[Any]) -> None:
    allowed = {action for one in statements(policies_of(statements_of(resolved_grants(rows, PLACE)))) for action in one["Action"]}
    entries = table()
    assert allowed == {action for one in rows for grant in entries[one["type"]].grants for action in grant.actions}


@given(inventories)
def test_the_reader_may_do_nothing_that_the_deployer_may_not(rows: list[Any]) -> None:
    deployer = {repr((one.grant.actions, one.resources, one.condition)) for one in resolved_grants(rows, PLACE)}
    reader = {repr((one.grant.actions, one.resources, one.condition)) for one in resolved_grants(rows, PLACE, read_only=True)}
    assert reader <= deployer


def test_what_is_too_long_for_one_policy_is_split() -> None:
    rows = [row("aws:cloudwatch/logGroup:LogGroup", f"group-{number}", {"name": f"/aws/{number:060}"}) for number in range(200)]
    documents = policies_of(statements_of(resolved_grants(rows, PLACE)))
    assert len(documents) > 1
    assert all(size_of(document) <= MAXIMUM_POLICY_SIZE for document in documents)
    assert f"{199:060}" in str(documents)


def test_names_that_pulumi_makes_hold_in_every_stack() -> None:
    made = row("aws:msk/configuration:Configuration", "server", {"name": "server-7666828"})
    given_name = row("aws:msk/cluster:Cluster", "kafka", {"clusterName": "orders"})
    arns = str(statements(policies_of(statements_of(resolved_grants([made, given_name], PLACE)))))
    assert "arn:aws:kafka:eu-west-1:123456789012:configuration/server-*/*" in arns
    assert "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/*" in arns


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(UnknownResourceTypesError, match="aws:sqs/queue:Queue"):
        known([row("aws:sqs/queue:Queue", "letters")])
    assert known([row("random:index/randomPassword:RandomPassword", "secret")]) == []


def test_the_state_is_only_read_by_the_reader() -> None:
    state = state_grants("acme-state", "arn:aws:kms:eu-west-1:123456789012:key/abc")
    reader = {a for one in resolved_grants([], PLACE, read_only=True, more=state) for a in one.grant.actions}
    assert reader == {"s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject", "kms:Decrypt", "kms:DescribeKey"}


def test_a_trust_policy_names_whole_subjects() -> None:
    subjects = [*deployment_subjects("acme@1/kafka@2", ["prod"]), *preview_subjects("acme/kafka", "main")]
    assert subjects == [
        "repo:acme@1/kafka@2:environment:prod",
        "repo:acme/kafka:pull_request",
        "repo:acme/kafka:ref:refs/heads/main",
    ]
    document = str(trust_policy(PLACE, subjects))
    assert "*" not in document
    assert "StringLike" not in document


@pytest.mark.parametrize("repository", ["", "acme", "acme/*", "acme/kafka:x", "*/kafka"])
def test_what_is_no_repository_is_trusted_with_nothing(repository: str) -> None:
    with pytest.raises(NotARepositoryError):
        deployment_subjects(repository, ["prod"])
