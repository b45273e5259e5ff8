"""The AWS double against the real provider's own SDK, and its own promises."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.aws.created import Created
from offline.aws.double import AwsDouble
from offline.aws.facts import ZONES, zone_id
from offline.aws.msk import cluster_outputs
from offline.aws.outputs import outputs_of
from offline.aws.types import TYPES
from offline.protocol import wire
from offline.protocol.failures import FunctionFailed, NameTooLong, UnknownFunction

CLUSTER = "aws:msk/cluster:Cluster"
REGION = {"region": "eu-west-1"}


def python_class(token: str) -> tuple[type, type]:
    module, name = token.removeprefix("aws:").split("/")[0], token.rpartition(":")[2]
    package = importlib.import_module(f"pulumi_aws.{module}")
    # A resource whose arguments would be called as a block of another's has a name of their own for them.
    return getattr(package, name), getattr(package, f"{name}InitArgs", None) or getattr(package, f"{name}Args")


def wire_names(cls: type) -> set[str]:
    found = {
        getattr(member.fget, "_pulumi_name", name) for name, member in inspect.getmembers(cls) if isinstance(member, property)
    }
    return found - {"pulumi_resource_name", "pulumi_resource_type", "id", "urn"}


def required(args: type) -> set[str]:
    source = inspect.signature(args).parameters
    return {name for name, parameter in source.items() if parameter.default is parameter.empty}


def checked(token: str, inputs: dict[str, Any] | None = None, name: str = "n", **provider: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::shop::{token}::{name}"
    return AwsDouble().check(token, inputs or {}, urn=urn, name=name, provider={**REGION, **provider})


def created(token: str, inputs: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
    urn = f"urn:pulumi:dev::shop::{token}::n"
    return AwsDouble().create(token, checked(token, inputs), urn=urn, provider=REGION)


@pytest.mark.parametrize("token", TYPES)
def test_a_type_has_the_properties_that_the_providers_sdk_knows(token: str) -> None:
    cls, args = python_class(token)
    about = TYPES[token]
    assert token in inspect.getsource(cls)
    assert set(about.computed) <= wire_names(cls)
    assert set(about.defaults) <= wire_names(args)
    assert about.taggable == ("tags" in wire_names(args))
    assert not about.name_property or about.name_property in wire_names(args)


@pytest.mark.parametrize("token", TYPES)
def test_everything_that_only_aws_can_say_is_unknown_in_a_preview_and_known_after(token: str) -> None:
    cls, args = python_class(token)
    only_outputs = wire_names(cls) - wire_names(args) - {"tagsAll"}
    # What only some of these resources have (an IPv6 association, a carrier's address, ...) is not there at all.
    assert set(TYPES[token].computed) >= only_outputs - SOMETIMES
    inputs = checked(token)
    preview = AwsDouble().preview(token, inputs, provider=REGION)
    assert {key for key, value in preview.items() if value == wire.UNKNOWN} == set(TYPES[token].computed) - set(inputs)
    identifier, outputs = created(token)
    assert identifier
    assert set(TYPES[token].computed) <= set(outputs)
    assert not wire.contains(outputs, wire.is_unknown)


SOMETIMES = {
    "associationId",
    "autoProvisionZones",
    "autoScalingIps",
    "carrierIp",
    "customerOwnedIp",
    "dnsEntries",
    "instanceId",
    "instanceOwnerId",
    "ipv6AssociationId",
    "ipv6CidrBlockAssociationId",
    "namePrefix",
    "privateDns",
    "privateIp",
    "ptrRecord",
    "regionalNatGatewayAddresses",
    "regionalNatGatewayAutoMode",
    "routeTableId",
}


@pytest.mark.parametrize("token", [token for token, about in TYPES.items() if about.name_property])
def test_an_automatic_name_is_the_logical_name_and_seven_digits(token: str) -> None:
    about = TYPES[token]
    name = checked(token)[about.name_property]
    assert re.fullmatch(rf"{re.escape(about.name_prefix)}n-[0-9a-f]{{7}}", name)
    assert checked(token) == checked(token)
    assert checked(token, name="o")[about.name_property].removeprefix(about.name_prefix).startswith("o-")
    assert checked(token, {about.name_property: "mine"})[about.name_property] == "mine"
    assert about.name_property not in required(python_class(token)[1])


@pytest.mark.parametrize("token", ["aws:ec2/vpc:Vpc", "aws:ec2/eip:Eip", "aws:kms/key:Key", "aws:ec2/subnet:Subnet"])
def test_what_has_no_name_gets_none(token: str) -> None:
    assert "name" not in checked(token)


def test_a_name_prefix_takes_the_place_of_an_automatic_name() -> None:
    assert "name" not in checked("aws:ec2/securityGroup:SecurityGroup", {"namePrefix": "x-"})


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=300))
def test_an_automatic_name_that_is_longer_than_aws_takes_is_refused_as_the_provider_does(name: str) -> None:
    for token in ("aws:iam/role:Role", CLUSTER, "aws:kms/alias:Alias"):
        about = TYPES[token]
        if len(about.name_prefix) + len(name) + len("-1234567") <= about.name_length:
            assert len(checked(token, name=name)[about.name_property]) <= about.name_length
        else:
            with pytest.raises(NameTooLong, match=f"plus 7 random chars is longer than maximum length {about.name_length}"):
                checked(token, name=name)


def test_defaults_of_a_block_apply_only_where_the_block_is_given() -> None:
    assert "encryptionInfo" not in checked(CLUSTER)
    given_block = checked(CLUSTER, {"encryptionInfo": {"encryptionInTransit": {"clientBroker": "PLAINTEXT", "inCluster": None}}})
    assert given_block["encryptionInfo"]["encryptionInTransit"] == {"clientBroker": "PLAINTEXT", "inCluster": True}


def test_checking_changes_nothing_that_was_given() -> None:
    inputs = {"encryptionInfo": {"encryptionInTransit": {}}, "tags": {"a": "b"}}
    before = repr(inputs)
    checked(CLUSTER, inputs)
    assert repr(inputs) == before


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"a": "2", "b": "3"}, {"a": "2", "b": "3", "c": "9"}),
        (None, {"a": "1", "c": "9"}),
        ({"a": wire.UNKNOWN}, wire.UNKNOWN),
        ({"b": wire.secret("x")}, wire.secret({"a": "1", "b": "x", "c": "9"})),
    ],
)
def test_the_resources_own_tags_are_over_the_default_tags(tags: dict[str, Any] | None, expected: Any) -> None:
    inputs = checked("aws:ec2/vpc:Vpc", {"tags": tags}, defaultTags={"tags": {"a": "1", "c": "9"}})
    assert inputs["tagsAll"] == expected
    assert inputs.get("tags") == tags


def test_an_unknown_aws_type_has_an_id_and_an_arn() -> None:
    queue = "aws:sqs/queue:Queue"
    preview = AwsDouble().preview(queue, {"a": 1}, provider=REGION)
    assert preview == {"a": 1, "arn": wire.UNKNOWN, "region": "eu-west-1"}
    identifier, outputs = AwsDouble().create(queue, {"a": 1}, urn=f"urn:pulumi:dev::shop::{queue}::n", provider=REGION)
    assert outputs["arn"] == f"arn:aws:sqs:eu-west-1:123456789012:queue/{identifier}"


def test_ids_differ_by_urn_and_not_by_run() -> None:
    tokens = list(TYPES)
    first, second = ([created(queue)[0] for queue in tokens] for _ in range(2))
    assert first == second
    arns = [outputs["arn"] for queue in tokens if "arn" in (outputs := created(queue)[1])]
    assert len(set(arns)) == len(arns)


@pytest.mark.parametrize(("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
def test_other_partitions_have_their_own_arns(region: str, partition: str) -> None:
    _, outputs = AwsDouble().create("aws:kms/key:Key", {}, urn="urn:pulumi:s::p::t::n", provider={"region": region})
    assert outputs["arn"].startswith(f"arn:{partition}:kms:{region}:")
    answer = AwsDouble().invoke("aws:index/getPartition:getPartition", {}, provider={"region": region})
    assert answer["partition"] == partition


def test_a_subnets_zone_follows_from_the_zone_id() -> None:
    _, outputs = created("aws:ec2/subnet:Subnet", {"availabilityZoneId": "euw1-az3", "vpcId": "vpc-1"})
    assert (outputs["availabilityZone"], outputs["availabilityZoneId"]) == ("eu-west-1c", "euw1-az3")


ZONES_FUNCTION = "aws:index/getAvailabilityZones:getAvailabilityZones"


def test_a_zone_can_be_added_to_a_region() -> None:
    more = AwsDouble(zones={"eu-west-1": (*ZONES["eu-west-1"], "eu-west-1d")})
    answer = more.invoke(ZONES_FUNCTION, {"state": "available"}, provider=REGION)
    assert answer["names"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1d"]
    assert answer["zoneIds"] == ["euw1-az1", "euw1-az2", "euw1-az3", "euw1-az4"]
    assert AwsDouble().invoke(ZONES_FUNCTION, {}, provider=REGION)["names"] == answer["names"][:3]


def test_zones_can_be_left_out() -> None:
    answer = AwsDouble().invoke(ZONES_FUNCTION, {"excludeZoneIds": ["euw1-az2"]}, provider=REGION)
    assert answer["zoneIds"] == ["euw1-az1", "euw1-az3"]


def test_a_region_of_which_nothing_is_known_fails_by_name() -> None:
    with pytest.raises(FunctionFailed, match="mars-north-1"):
        AwsDouble().invoke(ZONES_FUNCTION, {}, provider={"region": "mars-north-1"})


@pytest.mark.parametrize("region", ZONES)
def test_zone_ids_of_a_region_differ(region: str) -> None:
    ids = [zone_id(region, index) for index in range(len(ZONES[region]))]
    assert len(set(ids)) == len(ids)


def subnet(double: AwsDouble, identifier: str) -> dict[str, Any]:
    return double.invoke("aws:ec2/getSubnet:getSubnet", {"id": identifier}, provider=REGION)


def test_existing_subnets_are_in_one_network_and_in_the_zones_in_turn() -> None:
    double = AwsDouble()
    answers = [subnet(double, identifier) for identifier in ("subnet-z", "subnet-a", "subnet-m", "subnet-a")]
    assert [answer["availabilityZoneId"] for answer in answers] == ["euw1-az1", "euw1-az2", "euw1-az3", "euw1-az2"]
    assert len({answer["vpcId"] for answer in answers}) == 1
    assert len({answer["cidrBlock"] for answer in answers}) == 3


def test_a_test_says_what_exists() -> None:
    double = AwsDouble(existing={"subnet-1": {"vpcId": "vpc-9", "availabilityZoneId": "euw1-az3"}})
    assert subnet(double, "subnet-1")["vpcId"] == "vpc-9"
    assert subnet(double, "subnet-1")["availabilityZoneId"] == "euw1-az3"


def test_what_was_created_can_be_asked_about() -> None:
    double = AwsDouble()
    urn = "urn:pulumi:dev::shop::aws:ec2/subnet:Subnet::n"
    identifier, outputs = double.create("aws:ec2/subnet:Subnet", {"cidrBlock": "10.1.0.0/24"}, urn=urn, provider=REGION)
    assert subnet(double, identifier)["cidrBlock"] == "10.1.0.0/24"
    assert subnet(double, identifier)["arn"] == outputs["arn"]


def test_a_function_without_an_answer_is_named() -> None:
    with pytest.raises(UnknownFunction, match="provider function aws:s3/getBucket:getBucket"):
        AwsDouble().invoke("aws:s3/getBucket:getBucket", {}, provider=REGION)


def test_a_policy_document_is_rendered_as_the_provider_renders_it() -> None:
    statements = [
        {
            "sid": "Use",
            "actions": ["kms:Decrypt", "kms:Encrypt"],
            "resources": ["*"],
            "principals": [{"type": "AWS", "identifiers": ["arn:aws:iam::1:root"]}],
            "conditions": [{"test": "StringEquals", "variable": "kms:ViaService", "values": ["kafka"]}],
        }
    ]
    answer = AwsDouble().invoke("aws:iam/getPolicyDocument:getPolicyDocument", {"statements": statements}, provider=REGION)
    assert pulumi.runtime.to_json(answer["statements"])
    assert '"Action": [\n        "kms:Encrypt",\n        "kms:Decrypt"\n      ]' in answer["json"]
    assert '"Resource": "*"' in answer["json"]
    assert '"StringEquals": {\n          "kms:ViaService": "kafka"' in answer["json"]


def cluster(**inputs: Any) -> dict[str, str]:
    inputs = {"kafkaVersion": "3.9.x.kraft", "numberOfBrokerNodes": 3, **inputs}
    return {name: text for name, text in cluster_outputs(inputs, "c.x.c2.kafka.eu-west-1.amazonaws.com").items() if text}


IN_TRANSIT = {"encryptionInTransit": {"clientBroker": "TLS_PLAINTEXT"}}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, {"bootstrapBrokersTls": 9094}),
        ({"clientAuthentication": {"sasl": {"iam": True}}}, {"bootstrapBrokersSaslIam": 9098}),
        (
            {"clientAuthentication": {"sasl": {"iam": True, "scram": True}, "unauthenticated": False}},
            {"bootstrapBrokersSaslIam": 9098, "bootstrapBrokersSaslScram": 9096},
        ),
        ({"clientAuthentication": {"tls": {"certificateAuthorityArns": ["a"]}}}, {"bootstrapBrokersTls": 9094}),
        (
            {"clientAuthentication": {"unauthenticated": True}, "encryptionInfo": IN_TRANSIT},
            {"bootstrapBrokers": 9092, "bootstrapBrokersTls": 9094},
        ),
        (
            {
                "clientAuthentication": {"sasl": {"iam": True}},
                "brokerNodeGroupInfo": {"connectivityInfo": {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}}},
            },
            {"bootstrapBrokersSaslIam": 9098, "bootstrapBrokersPublicSaslIam": 9198},
        ),
        (
            {"clientAuthentication": {"sasl": {"iam": True}}, "kafkaVersion": "3.6.0"},
            {"bootstrapBrokersSaslIam": 9098, "zookeeperConnectString": 2181, "zookeeperConnectStringTls": 2182},
        ),
    ],
)
def test_only_what_is_enabled_has_a_connection_string(inputs: dict[str, Any], expected: dict[str, int]) -> None:
    strings = cluster(**inputs)
    assert {name: int(text.rpartition(":")[2]) for name, text in strings.items()} == expected


@given(st.integers(1, 30))
def test_a_bootstrap_string_has_at_most_three_brokers_out_of_order(brokers: int) -> None:
    names = cluster(numberOfBrokerNodes=brokers)["bootstrapBrokersTls"].split(",")
    assert len(names) == len(set(names)) == min(3, brokers)
    assert brokers == 1 or names != sorted(names)


def test_every_connection_string_is_an_output_of_the_resource() -> None:
    names = set(cluster_outputs({}, "d"))
    known = set(TYPES[CLUSTER].computed)
    assert names == {name for name in known if name.startswith(("bootstrap", "zookeeper"))}


def test_the_brokers_can_be_asked_for_once_the_cluster_exists() -> None:
    double = AwsDouble()
    inputs = {"clusterName": "c", "numberOfBrokerNodes": 6, "brokerNodeGroupInfo": {"clientSubnets": ["s1", "s2", "s3"]}}
    urn = "urn:pulumi:dev::shop::aws:msk/cluster:Cluster::c"
    arn, outputs = double.create(CLUSTER, inputs, urn=urn, provider=REGION)
    nodes = double.invoke("aws:msk/getBrokerNodes:getBrokerNodes", {"clusterArn": arn}, provider=REGION)["nodeInfoLists"]
    assert [node["brokerId"] for node in nodes] == [1, 2, 3, 4, 5, 6]
    assert [node["clientSubnet"] for node in nodes] == ["s1", "s2", "s3"] * 2
    strings = double.invoke("aws:msk/getBootstrapBrokers:getBootstrapBrokers", {"clusterArn": arn}, provider=REGION)
    assert strings["bootstrapBrokersTls"] == outputs["bootstrapBrokersTls"]
    assert nodes[0]["endpoints"][0] in outputs["bootstrapBrokersTls"]
    for function in ("getBrokerNodes:getBrokerNodes", "getBootstrapBrokers:getBootstrapBrokers"):
        with pytest.raises(FunctionFailed, match="no cluster arn:other"):
            double.invoke(f"aws:msk/{function}", {"clusterArn": "arn:other"}, provider=REGION)


def test_a_cluster_is_named_in_its_arn_with_its_uuid() -> None:
    arn, outputs = created(CLUSTER, {"clusterName": "orders"})
    assert arn == outputs["arn"] == f"arn:aws:kafka:eu-west-1:123456789012:cluster/orders/{outputs['clusterUuid']}"


def test_an_existing_resource_keeps_its_id() -> None:
    about = Created(type="aws:ec2/vpc:Vpc", urn="u", inputs={}, account="1", region="eu-west-1", within=AwsDouble(), id="vpc-1")
    identifier, outputs = outputs_of(about)
    assert identifier == "vpc-1"
    assert outputs["arn"].endswith("vpc/vpc-1")
