"""What the provider double refuses, as AWS does."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from domain.guards.cluster import refusals_on_update
from domain.guards.table import ACKNOWLEDGEABLE
from domain.loading import load_stack
from domain.problems import SettingsError
from support.engine.bare_provider import BareProvider, RefusedError
from support.engine.cluster_operations import update_cluster
from support.engine.refusals import CLUSTER, CONFIGURATION, POLICY, ROLE, ROLE_ATTACHMENT, SECRET, SERVERLESS, TOPIC
from support.stacks import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.engine.pulumi_cli import Stack

SUBNET = "aws:ec2/subnet:Subnet"
SINGLE = "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation"
SEVERAL = "aws:msk/scramSecretAssociation:ScramSecretAssociation"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"

CLUSTER_INPUTS: dict[str, Any] = {
    "clusterName": "orders",
    "kafkaVersion": "3.9.x.kraft",
    "numberOfBrokerNodes": 9,
    "brokerNodeGroupInfo": {
        "instanceType": "kafka.m7g.large",
        "clientSubnets": ["a", "b", "c"],
        "securityGroups": ["sg-1"],
        "connectivityInfo": {"publicAccess": {"type": "DISABLED"}},
        "storageInfo": {"ebsStorageInfo": {"volumeSize": 100}},
    },
    "clientAuthentication": {"sasl": {"iam": True}, "unauthenticated": False},
    "encryptionInfo": {"encryptionInTransit": {"clientBroker": "TLS", "inCluster": True}},
    "storageMode": "LOCAL",
}
SERVERLESS_INPUTS: dict[str, Any] = {
    "clusterName": "orders",
    "clientAuthentication": {"sasl": {"iam": {"enabled": True}}},
    "vpcConfigs": [{"subnetIds": ["a", "b"], "securityGroupIds": ["sg-1"]}],
}
PUBLIC = {"brokerNodeGroupInfo.connectivityInfo.publicAccess.type": "SERVICE_PROVIDED_EIPS"}
TYPE = "brokerNodeGroupInfo.instanceType"
VOLUME = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"
MULTI_VPC = "brokerNodeGroupInfo.connectivityInfo.vpcConnectivity.clientAuthentication"


@pytest.fixture
def aws(tmp_path: Path) -> BareProvider:
    return BareProvider(tmp_path)


def with_(inputs: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(inputs)
    for path, value in changes.items():
        *blocks, last = path.split(".")
        target = changed
        for block in blocks:
            target = target.setdefault(block, {})
        target[last] = value
    return changed


# --- A new cluster -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        (PUBLIC, "Public access can be turned on only after the cluster is created"),
        ({"numberOfBrokerNodes": 8}, "multiple of Availability Zones"),
        ({"encryptionInfo.encryptionInTransit.clientBroker": "TLS_PLAINTEXT"}, "enable unauthenticated traffic explicitly"),
        ({"encryptionInfo.encryptionInTransit.clientBroker": "PLAINTEXT"}, "either TLS or TLS_PLAINTEXT"),
        ({"clientAuthentication.sasl.iam": False}, "without enabling any authentication mechanisms"),
        ({"kafkaVersion": "2.8.1"}, "not supported for Kafka version 2.8.1"),
        ({"encryptionInfo.encryptionInTransit.inCluster": False}, "also turn on in-cluster encryption"),
        ({TYPE: "express.m7g.large"}, "Express brokers do not take storageInfo"),
        (
            {TYPE: "kafka.t3.small"},
            r"BadRequestException: Unsupported InstanceType specified. Valid values: \[express.m7g.12xlarge, ",
        ),
        (
            {TYPE: "express.m7g.large", "brokerNodeGroupInfo.clientSubnets": ["a", "b"], "numberOfBrokerNodes": 4},
            "Express brokers need three Availability Zones",
        ),
    ],
)
def test_a_cluster_that_cannot_be_is_not_made(changes: dict[str, Any], refusal: str, aws: BareProvider) -> None:
    with pytest.raises(RefusedError, match=refusal):
        aws.create(CLUSTER, "cluster", **with_(CLUSTER_INPUTS, changes))
    assert aws.cloud.resources() == {}


def test_the_smallest_brokers_are_made_with_zookeeper(aws: BareProvider) -> None:
    aws.create(CLUSTER, "cluster", **with_(CLUSTER_INPUTS, {TYPE: "kafka.t3.small", "kafkaVersion": "3.9.x"}))
    assert len(aws.cloud.resources()) == 1


@pytest.mark.parametrize(
    ("zones", "refusal"), [(["use1-az1", "use1-az3"], "use1-az3"), (["use1-az1", "use1-az1"], "another Availability Zone")]
)
def test_a_cluster_is_not_made_where_there_is_no_place_for_it(zones: list[str], refusal: str, aws: BareProvider) -> None:
    subnets = [
        aws.create(SUBNET, f"subnet-{number}", vpcId="vpc-1", cidrBlock=f"10.0.{number}.0/24", availabilityZoneId=zone)[0]
        for number, zone in enumerate(zones)
    ]
    placed = with_(CLUSTER_INPUTS, {"brokerNodeGroupInfo.clientSubnets": subnets, "numberOfBrokerNodes": 4})
    with pytest.raises(RefusedError, match=refusal):
        aws.create(CLUSTER, "cluster", **placed)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"clusterName": "-orders"}, "characters that are not valid"),
        ({"clusterName": "orders.v1"}, "characters that are not valid"),
        ({"clientAuthentication.sasl.iam.enabled": False}, "must use SASL/IAM authentication"),
        ({"vpcConfigs": []}, "between 1 and 5"),
        ({"vpcConfigs": SERVERLESS_INPUTS["vpcConfigs"] * 6}, "between 1 and 5"),
        ({"vpcConfigs": [{"subnetIds": ["a"]}]}, "between 2 and 6"),
        ({"vpcConfigs": [*SERVERLESS_INPUTS["vpcConfigs"], {"subnetIds": list("abcdefg")}]}, "between 2 and 6"),
    ],
)
def test_a_serverless_cluster_that_cannot_be_is_not_made(changes: dict[str, Any], refusal: str, aws: BareProvider) -> None:
    with pytest.raises(RefusedError, match=refusal):
        aws.create(SERVERLESS, "cluster", **with_(SERVERLESS_INPUTS, changes))
    assert aws.cloud.resources() == {}
    aws.create(SERVERLESS, "cluster", **with_(SERVERLESS_INPUTS, {"vpcConfigs": [{"subnetIds": list("abcdef")}] * 5}))
    assert len(aws.cloud.resources()) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((CLUSTER, CLUSTER_INPUTS), (SERVERLESS, SERVERLESS_INPUTS)),
        ((SERVERLESS, SERVERLESS_INPUTS), (CLUSTER, CLUSTER_INPUTS)),
    ],
)
def test_clusters_of_both_kinds_share_their_names(first: Any, second: Any, aws: BareProvider) -> None:
    aws.create(first[0], "first", **first[1])
    with pytest.raises(RefusedError, match="ConflictException"):
        aws.create(second[0], "second", **second[1])
    aws.create(second[0], "second", **{**second[1], "clusterName": "others"})


@pytest.mark.parametrize(
    ("type_", "inputs", "refusal"),
    [
        (CLUSTER, CLUSTER_INPUTS, "ConflictException"),
        (SERVERLESS, SERVERLESS_INPUTS, "ConflictException"),
        (CONFIGURATION, {"name": "c", "serverProperties": ""}, "ConflictException"),
        ("aws:cloudwatch/logGroup:LogGroup", {"name": "/aws/vendedlogs/x"}, "ResourceAlreadyExistsException"),
        ("aws:kms/alias:Alias", {"name": "alias/x", "targetKeyId": "k"}, "AlreadyExistsException"),
        ("aws:iam/role:Role", {"name": "r", "assumeRolePolicy": "{}"}, "EntityAlreadyExists"),
        (SECRET, {"name": "AmazonMSK_x"}, "ResourceExistsException"),
        (TOPIC, {"clusterArn": "c", "name": "t", "partitionCount": 1, "replicationFactor": 3}, "TopicExistsException"),
        ("aws:ec2/securityGroup:SecurityGroup", {"name": "g", "vpcId": "vpc-1"}, "InvalidGroup.Duplicate"),
        (
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 9098, "toPort": 9098, "cidrIpv4": "10.0.0.0/8"},
            "InvalidPermission.Duplicate",
        ),
    ],
)
def test_a_name_is_given_once(type_: str, inputs: dict[str, Any], refusal: str, aws: BareProvider) -> None:
    aws.create(type_, "first", **inputs)
    with pytest.raises(RefusedError, match=refusal):
        aws.create(type_, "second", **inputs)


def test_what_has_no_name_of_its_own_is_another_thing_when_it_is_made_again(aws: BareProvider) -> None:
    keys = {aws.create("aws:kms/key:Key", "key")[0] for _ in range(3)}
    assert len(keys) == 3


# --- A cluster that is there -------------------------------------------------------------------------------------------


def updated(changes: dict[str, Any], start: dict[str, Any], **condition: Any) -> tuple[dict[str, Any], str]:
    there = with_(CLUSTER_INPUTS, start)
    return update_cluster(there, with_(there, changes), list(changes), condition)


TAKEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {VOLUME: 110}),
    ({}, PUBLIC),
    ({}, {"kafkaVersion": "4.0.x.kraft"}),
    ({"kafkaVersion": "3.9.x"}, {"kafkaVersion": "3.9.x.kraft"}),
    ({"kafkaVersion": "3.8.x"}, {"kafkaVersion": "3.9.x"}),
    (
        {"clientAuthentication.unauthenticated": True},
        {"encryptionInfo.encryptionInTransit.clientBroker": "TLS_PLAINTEXT"},
    ),
    ({}, {"numberOfBrokerNodes": 12}),
    ({}, {"numberOfBrokerNodes": 6}),
    ({}, {"storageMode": "TIERED"}),
    ({}, {TYPE: "kafka.m7g.2xlarge", "clientAuthentication.sasl.scram": True}),
    ({}, {f"{MULTI_VPC}.sasl.iam": True}),
    ({}, {**PUBLIC, "enhancedMonitoring": "PER_BROKER"}),
]


@pytest.mark.parametrize(("start", "changes"), TAKEN)
def test_what_aws_takes_is_taken(start: dict[str, Any], changes: dict[str, Any]) -> None:
    assert updated(changes, start) == (with_(CLUSTER_INPUTS, {**start, **changes}), "")


REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {VOLUME: 99}, "smaller"),
    ({}, {VOLUME: 109}, "at least 10 GiB"),
    ({"storageMode": "TIERED"}, {"storageMode": "LOCAL"}, "TIERED to LOCAL"),
    ({TYPE: "kafka.t3.small"}, {"storageMode": "TIERED"}, "not supported for kafka.t3.small"),
    ({}, {"kafkaVersion": "3.8.x.kraft"}, "Unsupported upgrade"),
    ({}, {"kafkaVersion": "3.9.x"}, "KRaft is not left"),
    ({"kafkaVersion": "3.9.x"}, {"kafkaVersion": "3.8.x"}, "Unsupported upgrade"),
    ({}, {"numberOfBrokerNodes": 10}, "multiple of Availability Zones"),
    ({}, {"numberOfBrokerNodes": 3}, "One broker of each Availability Zone"),
    ({TYPE: "kafka.t3.small"}, {"numberOfBrokerNodes": 6}, "kafka.t3.small cannot be removed"),
    ({"kafkaVersion": "2.7.2"}, {"numberOfBrokerNodes": 6}, "2.8.1 or newer"),
    ({}, {TYPE: "express.m7g.large"}, "between Standard and Express"),
    ({"brokerNodeGroupInfo.connectivityInfo.networkType": "DUAL"},
     {"brokerNodeGroupInfo.connectivityInfo.networkType": "IPV4"}, "from DUAL to IPV4"),
    ({"clientAuthentication.unauthenticated": True}, PUBLIC, "needs client authentication"),
    ({}, {"encryptionInfo.encryptionInTransit.clientBroker": "TLS_PLAINTEXT"}, "enable unauthenticated traffic explicitly"),
    ({"kafkaVersion": "3.8.x"}, {"kafkaVersion": "3.9.x.kraft"}, "ZooKeeper is not left so"),
    ({"kafkaVersion": "3.9.x", TYPE: "kafka.t3.small"}, {"kafkaVersion": "3.9.x.kraft"}, "ZooKeeper is not left so"),
    ({"kafkaVersion": "3.9.x", "brokerNodeGroupInfo.clientSubnets": ["a", "b"]}, {"kafkaVersion": "3.9.x.kraft"},
     "ZooKeeper is not left so"),
    ({TYPE: "express.m7g.large"}, {TYPE: "kafka.m7g.large"}, "between Standard and Express"),
    ({"kafkaVersion": "3.9.x"}, {TYPE: "kafka.t3.small"}, "cannot change to kafka.t3.small"),
        # Connectivity comes first: what it needs is on its way in the same update, but not there yet.
    ({"clientAuthentication.unauthenticated": True},
     {**PUBLIC, "clientAuthentication.unauthenticated": False}, "needs client authentication"),
    ({}, {f"{MULTI_VPC}.sasl.scram": True, "clientAuthentication.sasl.scram": True}, "sasl.scram is not enabled"),
    ({TYPE: "kafka.t3.small"}, {f"{MULTI_VPC}.sasl.iam": True, TYPE: "kafka.m7g.large"}, "not supported for kafka.t3.small"),
]  # fmt: skip


# What settings refuse already: the stack file that would ask for it, and the setting that is at fault.
BEFORE_ANY_GUARD: dict[str, tuple[dict[str, Any], str]] = {
    "not supported for kafka.t3.small": (
        {"brokerType": "kafka.t3.small", "storage": {"mode": "TIERED"}},
        "storage.mode",
    ),
    "multiple of Availability Zones": ({"brokersPerZone": 1.5}, "brokersPerZone"),
    "needs client authentication": (
        {"authentication": {"iam": {}, "unauthenticated": True}, "network": {"publicAccess": True}},
        "network.publicAccess",
    ),
    "enable unauthenticated traffic explicitly": ({"encryption": {"clientBroker": "TLS_PLAINTEXT"}}, "encryption.clientBroker"),
}


@pytest.mark.parametrize(("start", "changes", "refusal"), REFUSED)
def test_what_aws_refuses_of_an_update_a_guard_or_a_setting_refuses_before_it(
    start: dict[str, Any], changes: dict[str, Any], refusal: str
) -> None:
    deployed = with_(CLUSTER_INPUTS, start)
    if refusals_on_update(deployed, with_(deployed, changes), acknowledged=ACKNOWLEDGEABLE):
        return
    settings, wrong = BEFORE_ANY_GUARD[refusal]
    config = {key: value if isinstance(value, str) else json.dumps(value) for key, value in settings.items()}
    with pytest.raises(SettingsError) as caught:
        load_stack(config, project="shop", stack="dev", region="us-east-1", today=TODAY)
    assert wrong in [problem.setting for problem in caught.value.problems]


@pytest.mark.parametrize(("start", "changes", "refusal"), REFUSED)
def test_what_aws_refuses_is_refused(start: dict[str, Any], changes: dict[str, Any], refusal: str) -> None:
    there, refused = updated(changes, start)
    assert refusal in refused
    assert there == with_(CLUSTER_INPUTS, start)


def test_brokers_that_hold_partitions_are_not_removed() -> None:
    assert "hold partitions" in updated({"numberOfBrokerNodes": 6}, {}, brokersWithPartitions=7)[1]
    assert updated({"numberOfBrokerNodes": 6}, {}, brokersWithPartitions=6)[1] == ""


@pytest.mark.parametrize("state", ["CREATING", "UPDATING", "HEALING", "MAINTENANCE", "REBOOTING_BROKER", "FAILED"])
def test_a_cluster_that_is_not_active_takes_no_update(state: str) -> None:
    assert f"state {state}" in updated({"enhancedMonitoring": "PER_BROKER"}, {}, state=state)[1]
    # Tags are no operation of the cluster's.
    assert updated({"tags.team": "a"}, {}, state=state)[1] == ""


def test_an_update_that_is_refused_on_its_way_has_done_what_came_before(aws: BareProvider) -> None:
    identifier, _ = aws.create(CLUSTER, "cluster", **CLUSTER_INPUTS)
    wanted = with_(CLUSTER_INPUTS, {TYPE: "kafka.m7g.xlarge", VOLUME: 50})
    with pytest.raises(RefusedError, match="smaller") as refused:
        aws.update(CLUSTER, "cluster", identifier, CLUSTER_INPUTS, wanted)
    assert refused.value.halfway
    with aws.cloud.only(CLUSTER) as cluster:
        assert cluster["brokerNodeGroupInfo"]["instanceType"] == "kafka.m7g.xlarge"
        assert cluster["brokerNodeGroupInfo"]["storageInfo"]["ebsStorageInfo"]["volumeSize"] == 100


def test_a_second_update_while_one_is_in_flight_fails_and_passes_later(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    stack.cloud.set_condition(CLUSTER, state="UPDATING")
    stack.set(monitoring={"level": "PER_TOPIC_PER_PARTITION"})
    assert "the cluster is in state UPDATING, not ACTIVE" in stack.up(fails=True).text
    stack.cloud.set_condition(CLUSTER, state="ACTIVE")
    of_cluster = [(call.call, call.name) for call in stack.calls_of_up() if call.name.startswith("kafka-cluster-")]
    assert of_cluster == [("update", "kafka-cluster-msk")]
    stack.run("preview", "--expect-no-changes")


# --- Secrets of SCRAM users --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("secret", "refusal"),
    [
        ({"name": "orders-api", "kmsKeyId": KEY}, "must have the prefix 'AmazonMSK_'"),
        ({"name": "AmazonMSK_orders-api"}, "encrypted with the default key"),
        ({"name": "AmazonMSK_orders-api", "kmsKeyId": "alias/aws/secretsmanager"}, "encrypted with the default key"),
        ({"name": "AmazonMSK_orders-api", "kmsKeyId": "alias/mine"}, "by an alias"),
    ],
)
def test_a_secret_that_msk_cannot_use_is_not_associated(secret: dict[str, Any], refusal: str, aws: BareProvider) -> None:
    _, made = aws.create(SECRET, "secret", **secret)
    with pytest.raises(RefusedError, match=refusal):
        aws.create(SINGLE, "user", clusterArn="c", secretArn=made["arn"])
    with pytest.raises(RefusedError, match=refusal):
        aws.create(SEVERAL, "users", clusterArn="c", secretArnLists=[made["arn"]])


def test_a_secret_that_msk_can_use_is_associated_and_one_that_is_not_there_is_not(aws: BareProvider) -> None:
    _, made = aws.create(SECRET, "secret", name="AmazonMSK_orders-api", kmsKeyId=KEY)
    assert made["arn"].startswith("arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonMSK_orders-api-")
    assert aws.create(SINGLE, "user", clusterArn="c", secretArn=made["arn"])[0] == f"c,{made['arn']}"
    with pytest.raises(RefusedError, match="There is no secret"):
        aws.create(SINGLE, "other", clusterArn="c", secretArn="arn:of:nothing")


def test_a_deleted_secret_keeps_its_name_and_what_is_made_again_is_another_thing(aws: BareProvider) -> None:
    identifier, first = aws.create(SECRET, "secret", name="AmazonMSK_orders-api", kmsKeyId=KEY)
    aws.delete(SECRET, "secret", identifier)
    with pytest.raises(RefusedError, match="already scheduled for deletion"):
        aws.create(SECRET, "secret", name="AmazonMSK_orders-api", kmsKeyId=KEY)
    _, second = aws.create(SECRET, "secret", name="AmazonMSK_orders-api-2", kmsKeyId=KEY)
    assert second["arn"][-6:] != first["arn"][-6:]


# --- Topics ------------------------------------------------------------------------------------------------------------


def test_partitions_are_never_taken_away(aws: BareProvider) -> None:
    topic = {"clusterArn": "c", "name": "t", "partitionCount": 24, "replicationFactor": 3, "configs": "{}"}
    identifier, _ = aws.create(TOPIC, "topic", **topic)
    with pytest.raises(RefusedError, match="24 partitions, which is more than the 12"):
        aws.update(TOPIC, "topic", identifier, topic, {**topic, "partitionCount": 12})
    raised = aws.update(TOPIC, "topic", identifier, topic, {**topic, "partitionCount": 48})
    assert raised["partitionCount"] == 48


# --- Deletions ---------------------------------------------------------------------------------------------------------


def test_what_a_cluster_uses_is_not_deleted_before_it(aws: BareProvider) -> None:
    vpc, _ = aws.create("aws:ec2/vpc:Vpc", "vpc", cidrBlock="10.0.0.0/16")
    zones = ("use1-az1", "use1-az2", "use1-az4")
    subnets = [
        aws.create(SUBNET, zone, vpcId=vpc, cidrBlock=f"10.0.{number}.0/24", availabilityZoneId=zone)[0]
        for number, zone in enumerate(zones)
    ]
    group, _ = aws.create("aws:ec2/securityGroup:SecurityGroup", "group", vpcId=vpc)
    configuration, _ = aws.create(CONFIGURATION, "configuration", serverProperties="")
    uses = {
        "brokerNodeGroupInfo.clientSubnets": subnets,
        "brokerNodeGroupInfo.securityGroups": [group],
        "configurationInfo": {"arn": configuration, "revision": 1},
    }
    cluster, _ = aws.create(CLUSTER, "cluster", **with_(CLUSTER_INPUTS, uses))
    used = [
        (CONFIGURATION, "configuration", configuration, "in use"),
        ("aws:ec2/securityGroup:SecurityGroup", "group", group, "DependencyViolation"),
        *((SUBNET, zone, subnet, "DependencyViolation") for zone, subnet in zip(zones, subnets, strict=True)),
    ]
    for type_, name, identifier, refusal in used:
        with pytest.raises(RefusedError, match=refusal):
            aws.delete(type_, name, identifier)
    aws.delete(CLUSTER, "cluster", cluster)
    with pytest.raises(RefusedError, match="DependencyViolation"):
        aws.delete("aws:ec2/vpc:Vpc", "vpc", vpc)
    for type_, name, identifier, _ in used:
        aws.delete(type_, name, identifier)
    aws.delete("aws:ec2/vpc:Vpc", "vpc", vpc)
    assert aws.cloud.resources() == {}


def test_what_the_endpoints_of_a_serverless_cluster_are_in_is_not_deleted_before_it(aws: BareProvider) -> None:
    zones = ("use1-az1", "use1-az2")
    subnets = [
        aws.create(SUBNET, zone, vpcId="vpc-1", cidrBlock=f"10.0.{number}.0/24", availabilityZoneId=zone)[0]
        for number, zone in enumerate(zones)
    ]
    twin, _ = aws.create(SUBNET, "twin", vpcId="vpc-1", cidrBlock="10.0.9.0/24", availabilityZoneId=zones[0])
    group, _ = aws.create("aws:ec2/securityGroup:SecurityGroup", "group", vpcId="vpc-1")
    with pytest.raises(RefusedError, match="another Availability Zone"):
        aws.create(SERVERLESS, "cluster", **with_(SERVERLESS_INPUTS, {"vpcConfigs": [{"subnetIds": [subnets[0], twin]}]}))
    aws.delete(SUBNET, "twin", twin)
    own = {"vpcConfigs": [{"subnetIds": subnets, "securityGroupIds": [group]}]}
    cluster, _ = aws.create(SERVERLESS, "cluster", **with_(SERVERLESS_INPUTS, own))
    used = [("aws:ec2/securityGroup:SecurityGroup", "group", group), *((SUBNET, zones[n], subnets[n]) for n in range(2))]
    for type_, name, identifier in used:
        with pytest.raises(RefusedError, match="DependencyViolation"):
            aws.delete(type_, name, identifier)
    aws.delete(SERVERLESS, "cluster", cluster)
    for type_, name, identifier in used:
        aws.delete(type_, name, identifier)
    assert aws.cloud.resources() == {}


def test_what_has_policies_is_not_deleted_before_they_are_detached(aws: BareProvider) -> None:
    role, _ = aws.create(ROLE, "role", name="r", assumeRolePolicy="{}")
    policy, _ = aws.create(POLICY, "policy", name="p", policy="{}")
    attachment, _ = aws.create(ROLE_ATTACHMENT, "attachment", role=role, policyArn=policy)
    for type_, name, identifier in ((ROLE, "role", role), (POLICY, "policy", policy)):
        with pytest.raises(RefusedError, match="DeleteConflict"):
            aws.delete(type_, name, identifier)
    aws.delete(ROLE_ATTACHMENT, "attachment", attachment)
    aws.delete(ROLE, "role", role)
    aws.delete(POLICY, "policy", policy)
    assert aws.cloud.resources() == {}
