"""Access is written as IAM statements and as Kafka ACLs, and neither is wider or narrower than what was asked for."""

from __future__ import annotations

import fnmatch
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.acls import Acl, AclResource, acls, commands, principal_of_certificate
from domain.access.documents import as_json
from domain.access.rights import EVERY, Access, Names, names
from domain.access.statements import (
    ACTIONS,
    MAXIMUM_POLICY_SIZE,
    ResourceType,
    policies,
    resource_arns,
    statements,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from domain.access.documents import Statement

CLUSTER = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders-prod/0a1b2c3d-1111-2222-3333-444455556666-7"
OTHER_CLUSTER = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders-prod-2/0a1b2c3d-1111-2222-3333-444455556666-7"

name = st.text("abz.-_", min_size=1, max_size=4)
some_names = st.builds(names, st.lists(name, max_size=3), st.lists(name, max_size=2))
accesses = st.builds(
    Access,
    produce=some_names,
    transactional_ids=some_names,
    consume=some_names,
    groups=some_names,
    streams_topics=some_names,
    connect_topics=some_names,
    administer=some_names,
    administer_groups=some_names,
    administer_cluster=st.booleans(),
    observe_topics=some_names | st.just(EVERY),
    observe_groups=some_names | st.just(EVERY),
    operate=st.booleans(),
)


def allowed_by_iam(documents: Iterable[Statement], action: str, arn: str) -> bool:
    """As IAM decides: an action and a resource of one statement, `*` for anything."""
    return any(
        f"kafka-cluster:{action}" in statement["Action"]  # type: ignore[operator]  # a list of texts
        and any(fnmatch.fnmatchcase(arn, pattern.replace("[", "[[]")) for pattern in statement["Resource"])  # type: ignore[attr-defined]  # a list of texts
        for statement in documents
    )


def allowed_by_kafka(there: Iterable[Acl], operation: str, resource: AclResource, of: str) -> bool:
    """As Kafka's authorizer decides, Describe being implied by Read, Write, Delete and Alter."""
    implying = {"Describe": {"Describe", "Read", "Write", "Delete", "Alter"}}.get(operation, {operation})
    return any(
        acl.resource == resource
        and acl.operation in implying
        and (of.startswith(acl.name) if acl.prefixed else acl.name in (of, "*"))
        for acl in there
    )


def test_a_prefix_covers_the_names_and_the_prefixes_that_begin_with_it() -> None:
    assert names(["orders.v1", "users"], ["orders.", "orders.eu."]) == Names(("users",), ("orders.",))


@given(st.lists(name), st.lists(name), name)
def test_names_in_any_order_mean_the_same(exact: list[str], prefixes: list[str], probe: str) -> None:
    there = names(exact, prefixes)
    assert there == names(reversed(exact), [*prefixes, *prefixes])
    assert (probe in there) == (probe in exact or any(probe.startswith(prefix) for prefix in prefixes))


TOPIC_ACTIONS = {
    "WriteData": ("produce", "streams_topics", "connect_topics"),
    "ReadData": ("consume", "streams_topics", "connect_topics"),
    "DescribeTopic": ("produce", "consume", "streams_topics", "connect_topics", "administer", "observe_topics"),
    "CreateTopic": ("streams_topics", "connect_topics", "administer"),
    "AlterTopic": ("administer",),
    "DeleteTopic": ("streams_topics", "administer"),
    "DescribeTopicDynamicConfiguration": ("streams_topics", "connect_topics", "administer", "observe_topics"),
    "AlterTopicDynamicConfiguration": ("administer",),
}
OPERATED = {
    "AlterTopic", "AlterTopicDynamicConfiguration", "CreateTopic", "DescribeTopic", "DescribeTopicDynamicConfiguration",
}  # fmt: skip
"""What whoever operates the cluster does with every topic: no message is read, written or deleted."""


@given(accesses, name)
def test_iam_allows_on_a_topic_what_was_asked_for_and_no_more(access: Access, topic: str) -> None:
    there = statements(access, CLUSTER)
    (arn,) = resource_arns(CLUSTER, ResourceType.TOPIC, Names((topic,)))
    (elsewhere,) = resource_arns(OTHER_CLUSTER, ResourceType.TOPIC, Names((topic,)))
    for action, reasons in TOPIC_ACTIONS.items():
        asked = any(topic in getattr(access, reason) for reason in reasons) or (access.operate and action in OPERATED)
        assert allowed_by_iam(there, action, arn) == asked, action
        assert not allowed_by_iam(there, action, elsewhere)


@given(accesses, name)
def test_iam_allows_on_groups_and_transactions_what_was_asked_for_and_no_more(access: Access, of: str) -> None:
    there = statements(access, CLUSTER)
    (group,) = resource_arns(CLUSTER, ResourceType.GROUP, Names((of,)))
    (transaction,) = resource_arns(CLUSTER, ResourceType.TRANSACTIONAL_ID, Names((of,)))
    joins = bool(access.consume or access.streams_topics or access.connect_topics) and of in access.groups
    writes = bool(access.produce or access.streams_topics or access.connect_topics)
    moves = joins or of in access.administer_groups
    assert allowed_by_iam(there, "AlterGroup", group) == moves
    assert allowed_by_iam(there, "DescribeGroup", group) == (moves or access.operate or of in access.observe_groups)
    assert allowed_by_iam(there, "DeleteGroup", group) == (access.operate or of in access.administer_groups)
    transacts = writes and of in access.transactional_ids
    assert allowed_by_iam(there, "AlterTransactionalId", transaction) == transacts
    assert allowed_by_iam(there, "DescribeTransactionalId", transaction) == (transacts or access.operate)


@given(accesses)
def test_the_cluster_is_changed_by_who_administers_or_operates_it_and_seen_by_who_observes(access: Access) -> None:
    there = statements(access, CLUSTER)
    changes, sees = access.administer_cluster or access.operate, bool(access.observe_topics or access.observe_groups)
    for action in ("AlterCluster", "AlterClusterDynamicConfiguration"):
        assert allowed_by_iam(there, action, CLUSTER) == changes
    assert allowed_by_iam(there, "DescribeClusterDynamicConfiguration", CLUSTER) == (changes or sees)
    assert allowed_by_iam(there, "DescribeCluster", CLUSTER) == (
        changes or sees or bool(access.administer or access.connect_topics)
    )
    assert allowed_by_iam(there, "Connect", CLUSTER) == bool(access)
    assert allowed_by_iam(there, "WriteDataIdempotently", CLUSTER) == bool(
        access.produce or access.streams_topics or access.connect_topics
    )


@given(accesses)
def test_a_serverless_cluster_is_asked_for_nothing_that_it_lacks_and_for_all_else(access: Access) -> None:
    """MSK Developer Guide, "Semantics of IAM authorization policy actions and resources": "Applicable to serverless clusters"."""
    lacks = {f"kafka-cluster:{name}" for name in ("AlterCluster", "AlterClusterDynamicConfiguration")}
    lacks.add("kafka-cluster:DescribeClusterDynamicConfiguration")
    there, less = grants(statements(access, CLUSTER)), grants(statements(access, CLUSTER, serverless=True))
    assert less == {(action, arn) for action, arn in there if action not in lacks}


@given(accesses)
def test_every_action_sits_on_its_resource_type_and_has_beside_it_what_it_needs(access: Access) -> None:
    there = statements(access, CLUSTER)
    granted = {action.removeprefix("kafka-cluster:") for statement in there for action in statement["Action"]}  # type: ignore[attr-defined]  # a list of texts
    for statement in there:
        kinds = {arn.split(":")[5].split("/")[0] for arn in statement["Resource"]}  # type: ignore[attr-defined]  # a list of texts
        for action in statement["Action"]:  # type: ignore[attr-defined]  # a list of texts
            assert kinds == {ACTIONS[action.removeprefix("kafka-cluster:")].resource_type.value}
    # Reading needs a group; a client that reads without one, by assignment, is not given one it did not ask for.
    needed = {need for action in granted for need in ACTIONS[action].needs if not (action == "ReadData" and need == "AlterGroup")}
    assert needed <= granted


@given(accesses, st.integers(700, MAXIMUM_POLICY_SIZE))
def test_divided_policies_are_small_enough_and_allow_the_same(access: Access, maximum: int) -> None:
    whole = statements(access, CLUSTER)
    documents = policies(whole, maximum)
    assert all(len(as_json(document)) <= maximum for document in documents)
    assert grants(whole) == {grant for document in documents for grant in grants(document["Statement"])}  # type: ignore[arg-type]  # a list
    for document in documents:
        sids = [part["Sid"] for part in json.loads(as_json(document))["Statement"]]
        assert len(sids) == len(set(sids))


def grants(parts: Sequence[Statement]) -> set[tuple[str, str]]:
    return {(action, arn) for part in parts for action in part["Action"] for arn in part["Resource"]}  # type: ignore[attr-defined]  # lists of texts


def test_a_thousand_topics_are_divided_among_policies() -> None:
    access = Access(consume=names(f"orders.events.number-{number:04}.v1" for number in range(1000)), groups=names(["orders"]))
    documents = policies(statements(access, CLUSTER))
    assert len(documents) > 1
    assert grants(statements(access, CLUSTER)) == {grant for document in documents for grant in grants(document["Statement"])}  # type: ignore[arg-type]  # a list


def test_a_single_resource_that_is_too_long_is_an_error() -> None:
    with pytest.raises(ValueError, match="above the 100 characters"):
        policies(statements(Access(produce=names(["orders"])), CLUSTER), 100)


def test_no_access_is_no_statement_and_no_acl() -> None:
    assert statements(Access(), CLUSTER) == []
    assert policies([]) == []
    assert acls("User:nobody", Access()) == []


def test_what_is_no_cluster_has_no_topics() -> None:
    with pytest.raises(ValueError, match="not the ARN"):
        resource_arns("arn:aws:s3:::bucket", ResourceType.TOPIC, Names(("a",)))


@given(accesses, name)
def test_acls_allow_what_iam_allows(access: Access, of: str) -> None:
    """The two ways of enforcing say the same, so that a client may change from one to the other."""
    by_iam, by_kafka = statements(access, CLUSTER), acls("User:one", access)
    equal = {
        ("WriteData", ResourceType.TOPIC): ("Write", AclResource.TOPIC),
        ("ReadData", ResourceType.TOPIC): ("Read", AclResource.TOPIC),
        ("CreateTopic", ResourceType.TOPIC): ("Create", AclResource.TOPIC),
        ("DeleteTopic", ResourceType.TOPIC): ("Delete", AclResource.TOPIC),
        ("AlterTopic", ResourceType.TOPIC): ("Alter", AclResource.TOPIC),
        ("DescribeTopic", ResourceType.TOPIC): ("Describe", AclResource.TOPIC),
        ("AlterTopicDynamicConfiguration", ResourceType.TOPIC): ("AlterConfigs", AclResource.TOPIC),
        ("DescribeTopicDynamicConfiguration", ResourceType.TOPIC): ("DescribeConfigs", AclResource.TOPIC),
        ("AlterGroup", ResourceType.GROUP): ("Read", AclResource.GROUP),
        ("DeleteGroup", ResourceType.GROUP): ("Delete", AclResource.GROUP),
        ("DescribeGroup", ResourceType.GROUP): ("Describe", AclResource.GROUP),
        ("AlterTransactionalId", ResourceType.TRANSACTIONAL_ID): ("Write", AclResource.TRANSACTIONAL_ID),
    }
    for (action, kind), (operation, resource) in equal.items():
        (arn,) = resource_arns(CLUSTER, kind, Names((of,)))
        assert allowed_by_iam(by_iam, action, arn) == allowed_by_kafka(by_kafka, operation, resource, of), action


def test_commands_gather_the_operations_and_quote_what_a_shell_would_read() -> None:
    access = Access(produce=names(prefixes=["orders."]), consume=names(["users"]), groups=names(["billing #1"]))
    there = acls(principal_of_certificate("CN=billing,O=Example Ltd"), access)
    assert commands(there, connection=["--bootstrap-server", '"$BOOTSTRAP"']) == [
        "kafka-acls.sh --bootstrap-server \"$BOOTSTRAP\" --add --allow-principal 'User:CN=billing,O=Example Ltd' "
        "--operation Describe --operation Read --group 'billing #1'",
        "kafka-acls.sh --bootstrap-server \"$BOOTSTRAP\" --add --allow-principal 'User:CN=billing,O=Example Ltd' "
        "--operation Describe --operation Write --topic orders. --resource-pattern-type prefixed",
        "kafka-acls.sh --bootstrap-server \"$BOOTSTRAP\" --add --allow-principal 'User:CN=billing,O=Example Ltd' "
        "--operation Describe --operation Read --topic users",
    ]
    assert all("--remove --force" in command for command in commands(there, remove=True))


@given(accesses | st.just(Access()))
def test_no_access_at_all_differs_from_some(access: Access) -> None:
    assert bool(acls("User:x", access)) == bool(access)
    assert bool(statements(access, CLUSTER)) == bool(access)
