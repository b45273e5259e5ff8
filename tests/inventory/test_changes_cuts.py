"""Who is cut off by a change, what each can no longer do, and what makes messages or logs less safe."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from inventory.changes.effects import changes
from inventory.changes.order import Verdict
from inventory.changes.orders import orders
from inventory.rows import UNKNOWN
from support.previews import of_cluster, preview, state, step
from tools.changes.input import read_preview

TODAY = datetime.date(2026, 11, 23)
PROTECTED = {"protect": True}
SAME = of_cluster("same", {}, old=PROTECTED, new=PROTECTED)
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INLINE = "aws:iam/rolePolicy:RolePolicy"
POLICY = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
TOPIC = "aws:msk/topic:Topic"
CONFIGURATION = "aws:msk/configuration:Configuration"
ACCESS = "msk-platform:access:ClientAccess"
ORDERS = "arn:aws:kafka:us-east-1:123456789012:topic/orders/0/orders"


def update(kind: str, old: dict[str, Any], new: dict[str, Any], **more: Any) -> dict[str, Any]:
    return step("update", state(kind, "it", old), state(kind, "it", new), **more)


def gone(kind: str, inputs: dict[str, Any], name: str = "it", **options: Any) -> dict[str, Any]:
    return step("delete", state(kind, name, inputs, **options), None)


def cut(*steps: dict[str, Any]) -> list[tuple[tuple[str, ...], str, bool]]:
    """Who is cut off, what they can no longer do, and whether that is certain."""
    return [
        (loss.clients, loss.cannot, loss.certain)
        for change in changes(read_preview(preview(*steps)).steps)
        for loss in change.losses
        if loss.kind == "access"
    ]


def lost(*steps: dict[str, Any]) -> list[tuple[str, str, str, str, bool]]:
    """What else is lost: kind, property, old and new value, and whether that is certain."""
    return [
        (loss.kind.value, loss.property, loss.old, loss.new, loss.certain)
        for change in changes(read_preview(preview(*steps)).steps)
        for loss in change.losses
        if loss.kind != "access"
    ]


def rule(name: str, source: str, port: int) -> dict[str, Any]:
    inputs = {"cidrIpv4": source, "fromPort": port, "toPort": port, "ipProtocol": "tcp", "securityGroupId": "sg-1"}
    return state(RULE, name, inputs)


def test_a_rule_that_goes_cuts_its_source_off() -> None:
    found = cut(step("delete", rule("r", "10.0.0.0/24", 9098), None), SAME)
    assert found == [(("clients from 10.0.0.0/24",), "reach port 9098 (SASL/IAM)", True)]
    older = {"type": "ingress", "protocol": "tcp", "fromPort": 9098, "toPort": 9098, "cidrBlocks": ["10.0.0.0/24"]}
    assert cut(gone(OLD_RULE, {**older, "securityGroupId": "sg-1"}), SAME) == found


def test_a_client_that_is_let_in_and_shows_no_identity_may_use_what_is_turned_off() -> None:
    closed = of_cluster(
        "update", {"clientAuthentication__unauthenticated": False}, was={"clientAuthentication__unauthenticated": True}
    )
    group = brokers_group({"legacy": "10.0.0.0/24", "orders-api": "10.0.1.0/24"})
    files = {**state("msk-platform:access:ClientFiles", "f", {"client": "orders-api", "mechanism": "IAM"}), "custom": False}
    assert cut(closed, group, step("same", files, files)) == [(("legacy",), "connect with unauthenticated TLS", False)]
    assert cut(closed, step("same", files, files)) == []


@pytest.mark.parametrize(
    ("old", "new", "advised"),
    [
        ("kafka.m7g.2xlarge", "kafka.m7g.large", True),
        ("kafka.m7g.large", "kafka.m7g.2xlarge", False),
        ("kafka.m7g.xlarge", "kafka.m7g.large", False),
    ],
)
def test_a_smaller_broker_type_takes_fewer_partitions(old: str, new: str, advised: bool) -> None:
    types = ({"brokerNodeGroupInfo__instanceType": name} for name in (old, new))
    was, changed = types
    steps = read_preview(preview(of_cluster("update", changed, was=was))).steps
    assert ("smaller-broker" in {order.rule for order in orders(steps, today=TODAY)}) is advised


def brokers_group(clients: object) -> dict[str, Any]:
    """The component that says where each client connects from."""
    row = {**state("msk-platform:network:BrokerSecurityGroup", "kafka-brokers", {"clients": clients}), "custom": False}
    return step("same", row, row)


def test_a_source_is_told_by_the_clients_that_connect_from_it() -> None:
    clients = {"orders-api": "10.0.0.0/24", "billing": "10.0.0.0/24", "audit": "10.0.1.0/24"}
    gone_rule = step("delete", rule("r", "10.0.0.0/24", 9098), None)
    what = "reach port 9098 (SASL/IAM) from 10.0.0.0/24"
    assert cut(gone_rule, SAME, brokers_group(clients)) == [(("billing", "orders-api"), what, True)]
    for unknown in ({}, {"audit": "10.0.1.0/24"}, None, "odd", UNKNOWN):
        assert cut(gone_rule, SAME, brokers_group(unknown))[0][0] == ("clients from 10.0.0.0/24",)


@pytest.mark.parametrize(
    "steps",
    [
        # The cluster does not listen there.
        [step("delete", rule("r", "10.0.0.0/24", 9096), None)],
        # Nothing of Kafka's.
        [step("delete", rule("r", "10.0.0.0/24", 443), None)],
        # A wider one takes its place, or two that are the same together.
        [step("delete", rule("r", "10.0.0.0/24", 9098), None), step("create", None, rule("q", "10.0.0.0/16", 9098))],
        [
            step("delete", rule("r", "10.0.0.0/24", 9098), None),
            step("create", None, rule("a", "10.0.0.0/25", 9098)),
            step("create", None, rule("b", "10.0.0.128/25", 9098)),
        ],
        [step("update", rule("r", "10.0.0.0/24", 9098), rule("r", "10.0.0.0/16", 9098))],
    ],
)
def test_a_rule_that_cuts_nobody_off_is_not_told(steps: list[dict[str, Any]]) -> None:
    assert cut(*steps, SAME) == []


def test_a_narrower_rule_cuts_off_whom_it_leaves_out() -> None:
    narrower = step("update", rule("r", "10.0.0.0/16", 9098), rule("r", "10.0.0.0/24", 9098))
    assert [found[0] for found in cut(narrower, SAME)] == [("clients from 10.0.0.0/16",)]


def policy(*actions: str, resource: str = ORDERS, **more: Any) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}]})


READ, WRITE = "kafka-cluster:ReadData", "kafka-cluster:WriteData"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (policy(READ, WRITE), policy(READ), [(("role api",), "write to topic orders", True)]),
        (policy(READ, resource="*"), policy(READ), [(("role api",), "read everything", True)]),
        (policy(READ), UNKNOWN, [(("role api",), "read topic orders", False)]),
        (policy(READ, Condition={"a": "b"}), policy("s3:*"), [(("role api",), "read topic orders", False)]),
        (policy(READ), policy("kafka-cluster:*", resource="*"), []),
        (policy(READ), policy(READ, Sid="Renamed"), []),
        (policy("s3:GetObject"), policy("s3:PutObject"), []),
    ],
)
def test_a_narrower_policy_says_what_its_role_can_no_longer_do(old: str, new: str, expected: list[Any]) -> None:
    assert cut(update(INLINE, {"role": "api", "policy": old}, {"role": "api", "policy": new}), SAME) == expected


def test_a_policy_that_is_detached_or_denied_is_lost_too() -> None:
    kept = state(POLICY, "reads", {"policy": policy(READ)}, outputs={"arn": "arn:reads"})
    detached = gone(ATTACHMENT, {"role": "api", "policyArn": "arn:reads"})
    assert cut(step("same", kept, kept), detached, SAME) == [(("role api",), "read topic orders", True)]
    denied = json.loads(policy(READ))
    denied["Statement"].append({"Effect": "Deny", "Action": "kafka-cluster:*", "Resource": "*"})
    changed = update(INLINE, {"role": "api", "policy": policy(READ)}, {"role": "api", "policy": json.dumps(denied)})
    ((_, what, certain),) = cut(changed, SAME)
    assert ("Deny" in what, certain) == (True, False)


def test_what_moves_to_another_policy_of_the_same_client_is_not_lost() -> None:
    component = state(ACCESS, "kafka-clients-api", {"client": "api"}, custom=False)
    first, second = (
        state(POLICY, name, {"policy": text}, parent=component["urn"])
        for name, text in (("one", policy(READ, WRITE)), ("two", policy(WRITE)))
    )
    smaller = state(POLICY, "one", {"policy": policy(READ)}, parent=component["urn"])
    same = step("same", component, component)
    assert cut(same, step("update", first, smaller), step("create", None, second), SAME) == []
    assert cut(same, step("update", first, smaller), SAME) == [(("api",), "write to topic orders", True)]


def test_a_cluster_policy_that_gets_narrower_names_its_principals() -> None:
    def named(*principals: str) -> dict[str, str]:
        return {"policy": policy("kafka:CreateVpcConnection", Principal={"AWS": list(principals)})}

    kind, root = "aws:msk/clusterPolicy:ClusterPolicy", "arn:aws:iam::111122223333:root"
    role = "arn:aws:iam::222233334444:role/x"
    assert cut(update(kind, named(root, role), named("111122223333")), SAME) == [((role,), "set up VPC connections", True)]
    assert [found[0] for found in cut(gone(kind, named(root, role)), SAME)] == [("account 111122223333",), (role,)]
    assert cut(update(kind, named(root), named(root, role)), SAME) == []


def test_scram_users_pods_roles_and_acls_that_go_cut_off_who_signs_in_by_them() -> None:
    assert cut(gone("aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation", {"secretArn": "s"}), SAME) == [
        (("the user of it",), "sign in with SCRAM", True)
    ]
    many = "aws:msk/scramSecretAssociation:ScramSecretAssociation"
    assert cut(update(many, {"secretArnLists": ["a", "b"]}, {"secretArnLists": ["a"]}), SAME) == [
        (("the user of b",), "sign in with SCRAM", True)
    ]
    pods = {"clusterName": "k", "namespace": "n", "serviceAccount": "s", "roleArn": "r"}
    kind = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    assert cut(gone(kind, pods), SAME)[0][1] == "sign in from pods of n/s in k"
    assert cut(update(kind, pods, {**pods, "tags": {"a": "b"}}), SAME) == []
    acl = {"aclPrincipal": "User:erp", "aclOperation": "Read", "aclResourceType": "Topic", "aclResourceName": "orders"}
    assert cut(gone("kafka:index/acl:Acl", acl), SAME) == [(("erp",), "Read on topic orders", True)]
    role = gone("aws:iam/role:Role", {"name": "api", "assumeRolePolicy": "{}"}, "api")
    inline = gone(INLINE, {"role": "api", "policy": policy(READ)}, "p")
    assert {what for _, what, _ in cut(role, inline, SAME)} == {"sign in with its IAM role", "read topic orders"}


def test_multi_vpc_and_public_access_that_go_cut_off_who_comes_that_way() -> None:
    def connectivity(**block: Any) -> dict[str, Any]:
        return {"brokerNodeGroupInfo__connectivityInfo": block}

    def other_vpcs(*, iam: bool) -> dict[str, Any]:
        return connectivity(vpcConnectivity={"clientAuthentication": {"sasl": {"iam": iam}}})

    off = of_cluster("update", other_vpcs(iam=False), was=other_vpcs(iam=True))
    assert [(who, what) for who, what, _ in cut(off)] == [(("clients in other VPCs",), "connect from other VPCs with IAM")]
    public, private = (connectivity(publicAccess={"type": kind}) for kind in ("SERVICE_PROVIDED_EIPS", "DISABLED"))
    closed = of_cluster("update", private, was=public)
    door, inner = rule("p", "203.0.113.0/24", 9198), rule("q", "10.0.0.0/8", 9198)
    assert [who for who, _, _ in cut(closed, step("same", door, door), step("same", inner, inner))] == [
        ("clients from 203.0.113.0/24",)
    ]
    assert cut(closed, step("same", inner, inner)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("min.insync.replicas=2", "min.insync.replicas=1", [("2", "1", True)]),
        ("min.insync.replicas=2", "", [("2", "not set: Amazon MSK's default", False)]),
        ("", "min.insync.replicas=2", []),
        ("min.insync.replicas=1", "min.insync.replicas=2", []),
        ("default.replication.factor=3", "default.replication.factor=2", [("3", "2", True)]),
        ("unclean.leader.election.enable=false", "unclean.leader.election.enable=true", [("false", "true", True)]),
        ("unclean.leader.election.enable=true", "unclean.leader.election.enable=false", []),
        ("unclean.leader.election.enable=false", "", [("false", "not set: Amazon MSK's default", False)]),
    ],
)
def test_server_properties_that_make_messages_less_safe(old: str, new: str, expected: list[tuple[str, str, bool]]) -> None:
    found = lost(update(CONFIGURATION, {"serverProperties": old}, {"serverProperties": new}), SAME)
    assert [(item[2], item[3], item[4]) for item in found] == expected


def test_acls_that_become_necessary_cut_off_who_has_none() -> None:
    texts = [{"serverProperties": f"allow.everyone.if.no.acl.found={word}"} for word in ("true", "false")]
    files = state("msk-platform:access:ClientFiles", "erp-files", {"client": "erp", "mechanism": "SCRAM"})
    assert [who for who, _, _ in cut(update(CONFIGURATION, *texts), step("same", files, files), SAME)] == [("erp",)]
    assert cut(update(CONFIGURATION, *reversed(texts)), step("same", files, files), SAME) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"replicationFactor": 3}, {"replicationFactor": 2}, [("safety", "replicationFactor", "3", "2", True)]),
        ({"partitionCount": 3}, {"partitionCount": 6}, [("order", "partitionCount", "3", "6", True)]),
        (
            {"configs": '{"min.insync.replicas":"2"}'},
            {"configs": '{"min.insync.replicas":1}'},
            [("safety", "min.insync.replicas", "2", "1", True)],
        ),
        ({"partitionCount": 3}, {"partitionCount": 3, "tags": {"a": "b"}}, []),
        ({"replicationFactor": 2}, {"replicationFactor": 3}, []),
    ],
)
def test_topics_that_become_less_safe(old: dict[str, Any], new: dict[str, Any], expected: list[Any]) -> None:
    assert lost(update(TOPIC, {"name": "t", **old}, {"name": "t", **new}), SAME) == expected


LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


def expiring(days: int) -> dict[str, Any]:
    return {"rules": [{"id": "a", "status": "Enabled", "expiration": {"days": days}}]}


@pytest.mark.parametrize(
    ("kind", "old", "new", "expected"),
    [
        ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 365}, {"retentionInDays": 7}, ("365 days", "7 days", True)),
        ("aws:cloudwatch/logGroup:LogGroup", {}, {"retentionInDays": 7}, ("forever", "7 days", True)),
        ("aws:cloudwatch/logGroup:LogGroup", {}, {"retentionInDays": UNKNOWN},
         ("forever", "not known before the update", False)),
        (LIFECYCLE, expiring(90), expiring(9), ("90 days", "9 days", True)),
        (LIFECYCLE, {"rules": []}, expiring(9), ("forever", "9 days", True)),
        ("aws:kms/key:Key", {}, {"isEnabled": False}, ("enabled", "disabled", True)),
        ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 7}, {"retentionInDays": 0}, None),
        (LIFECYCLE, expiring(9), expiring(90), None),
        ("aws:kms/key:Key", {"isEnabled": False}, {"isEnabled": True}, None),
    ],
)  # fmt: skip
def test_what_is_kept_for_less_long_is_lost(kind: str, old: dict[str, Any], new: dict[str, Any], expected: object) -> None:
    found = [item[2:] for item in lost(update(kind, old, new), SAME)]
    assert found == ([] if expected is None else [expected])


def test_a_shorter_deletion_window_is_told_and_loses_nothing_yet() -> None:
    (change,) = changes(
        read_preview(preview(update("aws:kms/key:Key", {"deletionWindowInDays": 30}, {"deletionWindowInDays": 7}))).steps
    )
    assert change.losses == ()
    assert change.notes[0].startswith("deletionWindowInDays: 30 → 7. Nothing is deleted now")


def test_who_reads_a_topic_and_whose_it_is_is_said_where_it_is_known() -> None:
    inputs = [{"name": "orders", "configs": {"retention.ms": kept}, "tags": {"Team": "billing"}} for kept in (2, 1)]
    shorter = update(TOPIC, *inputs)
    reader = state(INLINE, "p", {"role": "api", "policy": policy(READ)})
    other = state(
        INLINE, "q", {"role": "erp", "policy": policy(READ, resource=ORDERS.replace("/orders/0/orders", "/orders/0/pay"))}
    )
    (change,) = changes(read_preview(preview(shorter, step("same", reader, reader), step("same", other, other), SAME)).steps)
    assert change.owner == "billing"
    assert (change.losses[0].clients, change.losses[0].whom) == (("role api",), "Who reads it: role api.")
    (change,) = changes(read_preview(preview(shorter, SAME)).steps)
    assert "--show-sames" in change.losses[0].whom


def test_a_type_that_nobody_knows_may_hold_anything_when_it_goes() -> None:
    (change,) = changes(read_preview(preview(gone("aws:dynamodb/table:Table", {}))).steps)
    assert (change.loses_data, change.summary) == (True, "deleted: what it holds may be lost")
    assert changes(read_preview(preview(gone("aws:cloudwatch/metricAlarm:MetricAlarm", {}))).steps) == []


def judged(*steps: dict[str, Any]) -> dict[str, Verdict]:
    return {order.rule: order.verdict for order in orders(read_preview(preview(*steps)).steps, today=TODAY)}


@pytest.mark.parametrize(
    ("changed", "rule_name", "verdict"),
    [
        ({"brokerNodeGroupInfo__instanceType": "kafka.m9g.large"}, "unknown-broker-type", Verdict.UNKNOWN),
        ({"brokerNodeGroupInfo__instanceType": UNKNOWN}, "unknown-broker-type", Verdict.UNKNOWN),
        ({"kafkaVersion": "9.9.x"}, "unknown-kafka-version", Verdict.UNKNOWN),
        ({"kafkaVersion": "4.2.x.kraft"}, "uncertain-kafka-version", Verdict.UNKNOWN),
        ({"colour": "red"}, "unknown-property", Verdict.UNKNOWN),
        ({"numberOfBrokerNodes": 7}, "broker-count-multiple-of-az", Verdict.REFUSED),
    ],
)
def test_what_is_not_known_or_does_not_fit_is_not_harmless(changed: dict[str, Any], rule_name: str, verdict: Verdict) -> None:
    assert judged(of_cluster("update", changed))[rule_name] is verdict


def test_segments_that_stop_brokers_of_kafka_4_are_raised_before_the_version() -> None:
    old = {"name": "t", "partitionCount": 6, "configs": '{"segment.bytes":"100000"}'}
    topic = update(TOPIC, old, {**old, "configs": "{}"})
    raised = of_cluster("update", {"kafkaVersion": "4.1.x.kraft"})
    assert judged(topic, raised)["small-segments"] is Verdict.REFUSED
    assert "small-segments" not in judged(topic, of_cluster("update", {"numberOfBrokerNodes": 9}))


def test_smaller_batches_cut_off_the_producers_of_the_topic_whoever_they_are() -> None:
    old, new = ({"name": "t", "configs": configs} for configs in ('{"max.message.bytes":"2097152"}', "{}"))
    (change,) = changes(read_preview(preview(update(TOPIC, old, new))).steps)
    (loss,) = change.losses
    assert (loss.property, loss.clients, loss.certain) == ("max.message.bytes", ("producers",), False)
    assert loss.cannot == "write batches of more than 1048588 bytes"


@pytest.mark.parametrize("op", ["delete", "replace", "same"])
def test_a_topic_with_small_segments_stops_brokers_also_where_it_goes_after_them_or_stays(op: str) -> None:
    inputs = {"name": "t", "partitionCount": 6, "configs": '{"segment.bytes":"100000"}'}
    old = state(TOPIC, "t", inputs)
    topic = step(op, old, None if op == "delete" else old)
    raised = of_cluster("update", {"kafkaVersion": "4.1.x.kraft"})
    assert judged(topic, raised)["small-segments"] is Verdict.REFUSED
    assert "small-segments" not in judged(topic, of_cluster("update", {"numberOfBrokerNodes": 9}))
    assert "small-segments" not in judged(topic, of_cluster("update", {"kafkaVersion": UNKNOWN}))


@pytest.mark.parametrize(
    ("before", "after", "known"),
    [
        ("3.8.x", "3.9.x.kraft", False),
        ("3.9.x.kraft", "4.0.x.kraft", False),
        ("3.8.x", "3.9.x", False),
        ("3.9.x.kraft", "4.2.x.kraft", True),
    ],
)
def test_an_upgrade_of_express_brokers_that_nobody_documents_is_not_harmless(before: str, after: str, known: bool) -> None:
    express = {"brokerNodeGroupInfo__instanceType": "express.m7g.large", "brokerNodeGroupInfo__storageInfo": None}
    found = judged(of_cluster("update", {"kafkaVersion": after}, was={**express, "kafkaVersion": before}))
    assert found == ({} if known else {"uncertain-kafka-version": Verdict.UNKNOWN})


def test_fewer_partitions_and_uneven_brokers_of_a_new_cluster_are_refused() -> None:
    fewer = update(TOPIC, {"name": "t", "partitionCount": 6}, {"name": "t", "partitionCount": 3})
    assert judged(fewer) == {"fewer-partitions": Verdict.REFUSED}
    assert judged(of_cluster("create", {"numberOfBrokerNodes": 7}))["broker-count-multiple-of-az"] is Verdict.REFUSED
    sound = of_cluster("update", {"numberOfBrokerNodes": 9, "brokerNodeGroupInfo__instanceType": "kafka.m7g.xlarge"})
    assert set(judged(sound).values()) == {Verdict.ADVICE}
    assert judged(of_cluster("update", {"tags": {"a": "b"}})) == {}


def test_parents_in_a_circle_are_no_client() -> None:
    inline = state(INLINE, "p", {"role": "api", "policy": policy(READ)})
    assert cut(step("delete", {**inline, "parent": inline["urn"]}, None), SAME) == [(("role api",), "read topic orders", True)]
