"""What a Kafka Streams application asks of brokers, it may do, by IAM and by ACLs; and no more than that."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

from hypothesis import assume, given
from hypothesis import strategies as st

from domain.access.acls import acls
from domain.access.statements import ResourceType, statements
from domain.settings.clients import ClientAccess

if TYPE_CHECKING:
    from collections.abc import Callable

CLUSTER = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders-prod/0a1b2c3d-1111-2222-3333-444455556666-7"
INPUT, OUTPUT = "orders.v1", "totals.v1"
_TOPIC, _GROUP, _TRANSACTION = "topic", "group", "transactional-id"
IN_ACLS = {_TOPIC: "TOPIC", _GROUP: "GROUP", _TRANSACTION: "TRANSACTIONAL_ID"}
ALIKE = {
    (_TOPIC, "Create"): "CreateTopic",
    (_TOPIC, "Delete"): "DeleteTopic",
    (_TOPIC, "Describe"): "DescribeTopic",
    (_TOPIC, "DescribeConfigs"): "DescribeTopicDynamicConfiguration",
    (_TOPIC, "Read"): "ReadData",
    (_TOPIC, "Write"): "WriteData",
    (_TOPIC, "Alter"): "AlterTopic",
    (_TOPIC, "AlterConfigs"): "AlterTopicDynamicConfiguration",
    (_GROUP, "Read"): "AlterGroup",
    (_GROUP, "Describe"): "DescribeGroup",
    (_GROUP, "Delete"): "DeleteGroup",
    (_TRANSACTION, "Write"): "AlterTransactionalId",
    (_TRANSACTION, "Describe"): "DescribeTransactionalId",
}
"""MSK Developer Guide, "Semantics of IAM authorization policy actions and resources": each action's ACL. A group is joined with
READ GROUP, which is AlterGroup there."""
REQUESTS = {
    "Metadata": [("Describe", _TOPIC, "input"), ("Describe", _TOPIC, "output"), ("Describe", _TOPIC, "internal")],
    "CreateTopics": [("Create", _TOPIC, "internal")],
    # `InternalTopicManager.validate`, which nothing in Kafka Streams 3.9 and 4.3 calls yet.
    "DescribeConfigs": [("DescribeConfigs", _TOPIC, "internal")],
    "Fetch": [("Read", _TOPIC, "input"), ("Read", _TOPIC, "internal")],
    "ListOffsets": [("Describe", _TOPIC, "input"), ("Describe", _TOPIC, "internal")],
    "DeleteRecords": [("Delete", _TOPIC, "internal")],
    "Produce": [("Write", _TOPIC, "output"), ("Write", _TOPIC, "internal")],
    "FindCoordinator": [("Describe", _GROUP, "group"), ("Describe", _TRANSACTION, "transaction")],
    "JoinGroup": [("Read", _GROUP, "group")],
    "OffsetFetch": [("Describe", _GROUP, "group"), ("Describe", _TOPIC, "input"), ("Describe", _TOPIC, "internal")],
    "InitProducerId": [("Write", _TRANSACTION, "transaction")],
    "AddPartitionsToTxn": [("Write", _TRANSACTION, "transaction"), ("Write", _TOPIC, "output"), ("Write", _TOPIC, "internal")],
    "TxnOffsetCommit": [("Write", _TRANSACTION, "transaction"), ("Read", _GROUP, "group"), ("Read", _TOPIC, "input")],
}
"""What Kafka Streams 3.9 asks of brokers with exactly_once_v2 (its source: `InternalTopicManager`, `TaskManager`,
`StreamsProducer`, `StoreChangelogReader`), and what each takes (Apache Kafka documentation, "Operations and Resources on
Protocols")."""

application_ids = st.from_regex(r"[a-z0-9_][a-z0-9._-]{0,8}", fullmatch=True)
operators = st.sampled_from(["counts", "KSTREAM-AGGREGATE-STATE-STORE-0000000003", "a"])
suffixes = st.sampled_from(["changelog", "repartition"])


def application(application_id: str) -> ClientAccess:
    return ClientAccess.model_validate(
        {
            "as": {"scramUser": "totals"},
            "produce": {"topics": [OUTPUT]},
            "streams": {"applicationId": application_id},
            "consume": {"topics": [INPUT]},
        }
    )


def by_acls(client: ClientAccess) -> Callable[[str, str, str], bool]:
    there = acls("User:totals", client.access)

    def allowed(operation: str, kind: str, name: str) -> bool:
        implying = {operation, "Read", "Write", "Delete", "Alter"} if operation == "Describe" else {operation}
        return any(
            acl.resource == IN_ACLS[kind]
            and acl.operation in implying
            and (name.startswith(acl.name) if acl.prefixed else name == acl.name)
            for acl in there
        )

    return allowed


def by_iam(client: ClientAccess) -> Callable[[str, str, str], bool]:
    there = statements(client.access, CLUSTER)
    head, _, tail = CLUSTER.partition(":cluster/")

    def allowed(operation: str, kind: str, name: str) -> bool:
        action, arn = f"kafka-cluster:{ALIKE[kind, operation]}", f"{head}:{ResourceType(kind)}/{tail}/{name}"
        return any(
            action in statement["Action"] and any(fnmatch.fnmatchcase(arn, pattern) for pattern in statement["Resource"])  # type: ignore[attr-defined,operator]  # lists of texts
            for statement in there
        )

    return allowed


@given(application_ids, operators, suffixes)
def test_an_application_may_do_what_it_asks_of_brokers(application_id: str, operator: str, suffix: str) -> None:
    client = application(application_id)
    named = {
        "input": INPUT,
        "output": OUTPUT,
        "internal": f"{application_id}-{operator}-{suffix}",
        "group": application_id,
        "transaction": f"{application_id}-0a1b2c3d-1111-2222-3333-444455556666-1",
    }
    for allowed in (by_acls(client), by_iam(client)):
        refused = {
            request: missing
            for request, needs in REQUESTS.items()
            if (missing := [need for need in needs if not allowed(need[0], need[1], named[need[2]])])
        }
        assert refused == {}
    (connect,) = (statement for statement in statements(client.access, CLUSTER) if statement["Sid"] == "Connect")
    assert connect["Action"] == ["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"]


@given(application_ids, application_ids, operators, suffixes)
def test_an_application_has_nothing_of_anothers(application_id: str, other: str, operator: str, suffix: str) -> None:
    # Names that begin with an application's and a hyphen are its own: of that the preview warns.
    assume(other != application_id and not other.startswith(f"{application_id}-"))
    client = application(application_id)
    for allowed in (by_acls(client), by_iam(client)):
        for kind, operation in ALIKE:
            name = other if kind == _GROUP else f"{other}-{operator}-{suffix}"
            assert not allowed(operation, kind, name), (operation, kind, name)


@given(application_ids, operators, suffixes)
def test_an_application_deletes_and_alters_no_topic_that_it_did_not_make(application_id: str, operator: str, suffix: str) -> None:
    client = application(application_id)
    # Their names begin with no application's and a hyphen.
    for allowed in (by_acls(client), by_iam(client)):
        for topic, more in ((INPUT, {"Read"}), (OUTPUT, {"Write"})):
            granted = {operation for kind, operation in ALIKE if kind == _TOPIC and allowed(operation, kind, topic)}
            assert granted == {"Describe", *more}
        internal = f"{application_id}-{operator}-{suffix}"
        assert not any(allowed(operation, _TOPIC, internal) for operation in ("Alter", "AlterConfigs"))
        assert not allowed("Delete", _GROUP, application_id)
    assert {acl.resource for acl in acls("User:totals", client.access)} == set(IN_ACLS.values())
