"""Guards: what a new cluster may not be, and what an existing one may not become."""

from __future__ import annotations

import copy
import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.guards.cluster import refusals_on_update
from domain.guards.creation import refusals_on_create
from domain.guards.table import ACKNOWLEDGEABLE, GUARDS, LOSSES, Moment

TODAY = datetime.date(2026, 11, 23)


def cluster(**changes: Any) -> dict[str, Any]:
    inputs: dict[str, Any] = {
        "kafkaVersion": "3.9.x.kraft",
        "numberOfBrokerNodes": 6,
        "storageMode": "LOCAL",
        "brokerNodeGroupInfo": {
            "instanceType": "kafka.m7g.large",
            "storageInfo": {"ebsStorageInfo": {"volumeSize": 1000}},
            "connectivityInfo": {"publicAccess": {"type": "DISABLED"}},
        },
        "clientAuthentication": {"sasl": {"iam": True}, "unauthenticated": False},
    }
    for path, value in changes.items():
        *parents, last = path.split("__")
        block = inputs
        for parent in parents:
            block = block[parent]
        block[last] = value
    return inputs


def rules(refusals: list[Any]) -> list[str]:
    return [refusal.rule for refusal in refusals]


VOLUME = "brokerNodeGroupInfo__storageInfo__ebsStorageInfo__volumeSize"
PUBLIC = "brokerNodeGroupInfo__connectivityInfo__publicAccess__type"
TYPE = "brokerNodeGroupInfo__instanceType"
ZONES = "brokerNodeGroupInfo__clientSubnets"


def test_a_sound_new_cluster_passes() -> None:
    assert refusals_on_create(cluster(), today=TODAY) == []


def test_public_access_is_refused_at_creation_and_cannot_be_acknowledged() -> None:
    (refusal,) = refusals_on_create(
        cluster(**{PUBLIC: "SERVICE_PROVIDED_EIPS"}), today=TODAY, acknowledged=["public-access-at-creation"]
    )
    assert refusal.rule == "public-access-at-creation"
    assert "network.publicAccess: false" in refusal.message
    assert refusal.rule not in ACKNOWLEDGEABLE


def test_a_new_cluster_past_support_is_refused_until_someone_answers_for_it() -> None:
    old = cluster(kafkaVersion="3.7.x")
    (refusal,) = refusals_on_create(old, today=TODAY)
    assert "2026-09-01" in refusal.message
    assert "kafkaVersion to 3.9.x.kraft" in refusal.message
    assert refusals_on_create(old, today=TODAY, acknowledged=["kafka-end-of-support"]) == []


def test_a_version_is_refused_from_the_day_after_its_support_ends() -> None:
    old = cluster(kafkaVersion="3.7.x")
    assert refusals_on_create(old, today=datetime.date(2026, 9, 1)) == []
    assert rules(refusals_on_create(old, today=datetime.date(2026, 9, 2))) == ["kafka-end-of-support"]


@pytest.mark.parametrize("version", ["1.1.1", "2.8.1", "2.8.2.tiered", "3.5.1"])
def test_no_cluster_is_created_with_a_deprecated_version_whoever_answers_for_it(version: str) -> None:
    (refusal,) = refusals_on_create(cluster(kafkaVersion=version), today=TODAY, acknowledged=["kafka-end-of-support"])
    assert refusal.rule == "deprecated-at-creation"
    assert "Set kafkaVersion to 3.9.x.kraft." in refusal.message
    small = cluster(kafkaVersion=version, **{TYPE: "kafka.t3.small"})
    assert "Set kafkaVersion to 3.9.x." in refusals_on_create(small, today=TODAY)[0].message


@pytest.mark.parametrize("version", ["3.6.0", "3.7.x.kraft", "3.9.x", "4.1.x.kraft", "5.5.x.kraft"])
def test_what_amazon_msk_still_creates_or_nobody_knows_is_no_deprecated_version(version: str) -> None:
    refused = refusals_on_create(cluster(kafkaVersion=version), today=TODAY, acknowledged=["kafka-end-of-support"])
    assert refused == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({VOLUME: 900}, ["storage-shrink"]),
        ({VOLUME: 1005}, ["storage-increase-too-small"]),
        ({VOLUME: 1010}, []),
        ({"kafkaVersion": "3.8.x.kraft"}, ["kafka-downgrade"]),
        ({"kafkaVersion": "3.9.x"}, ["kraft-to-zookeeper"]),
        ({"kafkaVersion": "4.0.x.kraft"}, []),
        ({"storageMode": "TIERED"}, []),
        ({"numberOfBrokerNodes": 3}, ["fewer-brokers"]),
        ({"numberOfBrokerNodes": 9}, []),
        ({PUBLIC: "SERVICE_PROVIDED_EIPS"}, []),
        (
            {PUBLIC: "SERVICE_PROVIDED_EIPS", "clientAuthentication": {"sasl": {"scram": True}}},
            ["one-operation-at-a-time"],
        ),
        ({PUBLIC: "SERVICE_PROVIDED_EIPS", TYPE: "kafka.m7g.xlarge"}, ["one-operation-at-a-time"]),
        ({TYPE: "kafka.m7g.xlarge", "clientAuthentication": {"sasl": {"scram": True}}}, []),
    ],
)
def test_an_update_is_refused_only_where_aws_or_the_data_would_suffer(changes: dict[str, Any], expected: list[str]) -> None:
    assert rules(refusals_on_update(cluster(), cluster(**changes))) == expected


def test_tiered_storage_has_no_way_back() -> None:
    tiered = cluster(storageMode="TIERED")
    assert rules(refusals_on_update(tiered, cluster())) == ["tiered-to-local"]
    assert refusals_on_update(tiered, tiered) == []


@pytest.mark.parametrize(
    ("before", "after", "expected", "remedy"),
    [
        ("kafka.m5.2xlarge", "express.m7g.4xlarge", "standard-to-express", "Create a new cluster with Express brokers"),
        ("kafka.t3.small", "express.m7g.large", "standard-to-express", "let AWS upgrade this one in place, outside of Pulumi"),
        ("express.m7g.large", "kafka.m7g.large", "express-to-standard", "Create a new cluster with Standard brokers"),
        ("express.m7g.large", "kafka.t3.small", "express-to-standard", "set brokerType to express.m7g.large"),
        ("kafka.m7g.large", "kafka.t3.small", "to-t3-small", "kafka.m7g.large"),
        ("kafka.m5.large", "kafka.t3.small", "to-t3-small", "set brokerType to kafka.m5.large"),
        # Types that the tables do not know are of a kind all the same.
        ("kafka.m8g.large", "express.m8g.large", "standard-to-express", "a new cluster"),
    ],
)
def test_a_broker_type_that_amazon_msk_refuses_to_a_cluster_is_refused_whoever_answers_for_it(
    before: str, after: str, expected: str, remedy: str
) -> None:
    (refusal,) = refusals_on_update(cluster(**{TYPE: before}), cluster(**{TYPE: after}), acknowledged=[expected])
    assert (refusal.rule, refusal.property_path) == (expected, "brokerNodeGroupInfo.instanceType")
    assert f"from {before} to {after}" in refusal.message
    assert remedy in refusal.message
    assert refusal.rule not in ACKNOWLEDGEABLE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("kafka.t3.small", "kafka.m7g.large"),
        ("kafka.t3.small", "kafka.t3.small"),
        ("kafka.m5.large", "kafka.m7g.xlarge"),
        ("kafka.m7g.xlarge", "kafka.m5.large"),
        ("express.m7g.large", "express.m7g.4xlarge"),
    ],
)
def test_a_broker_type_of_the_same_kind_is_no_reason_to_refuse(before: str, after: str) -> None:
    assert refusals_on_update(cluster(**{TYPE: before}), cluster(**{TYPE: after})) == []


def test_removing_brokers_can_be_answered_for() -> None:
    assert refusals_on_update(cluster(), cluster(numberOfBrokerNodes=3), acknowledged=["fewer-brokers"]) == []


def test_brokers_that_amazon_msk_cannot_remove_are_refused_whoever_answers_for_it() -> None:
    small, zones = {TYPE: "kafka.t3.small"}, {"brokerNodeGroupInfo__clientSubnets": ["a", "b", "c"]}
    answered = ["fewer-brokers"]
    fewer = cluster(numberOfBrokerNodes=3)
    assert rules(refusals_on_update(cluster(**small), fewer, acknowledged=answered)) == ["broker-removal"]
    assert refusals_on_update(cluster(**zones), fewer, acknowledged=answered) == []
    assert rules(refusals_on_update(cluster(**zones, numberOfBrokerNodes=9), fewer, acknowledged=answered)) == ["broker-removal"]
    assert rules(refusals_on_update(cluster(**small), fewer)) == ["fewer-brokers", "broker-removal"]


@pytest.mark.parametrize(("version", "expected"), [("2.8.0", ["broker-removal"]), ("2.8.1", [])])
def test_brokers_of_a_kafka_too_old_to_lose_one_are_not_removed(version: str, expected: list[str]) -> None:
    old, fewer = cluster(kafkaVersion=version), cluster(kafkaVersion=version, numberOfBrokerNodes=3)
    assert rules(refusals_on_update(old, fewer, acknowledged=["fewer-brokers"])) == expected


def test_every_refusal_names_a_property_and_a_setting_to_change() -> None:
    new = cluster(**{VOLUME: 10, "kafkaVersion": "3.8.x.kraft", "numberOfBrokerNodes": 3, "storageMode": "LOCAL"})
    refusals = refusals_on_update(cluster(storageMode="TIERED"), new)
    assert len(refusals) == 4
    for refusal in refusals:
        assert refusal.property_path
        assert any(word in refusal.message for word in ("storage.", "kafkaVersion", "brokersPerZone"))


_PATHS = ["kafkaVersion", "numberOfBrokerNodes", "storageMode", VOLUME, PUBLIC, TYPE, "clientAuthentication"]


@given(st.dictionaries(st.sampled_from(_PATHS), st.none() | st.just("04da6b54-80e4-46f7-96ec-b56ff0331ba9"), max_size=4))
def test_a_value_that_is_not_known_is_never_a_reason_to_refuse(unknown: dict[str, Any]) -> None:
    new = copy.deepcopy(cluster(**{path: value for path, value in unknown.items() if value is not None}))
    refused = rules(refusals_on_update(cluster(), new))
    # An unknown authentication or type beside an unknown connectivity could be a change of both: that one rule may speak.
    assert set(refused) <= {"one-operation-at-a-time"}
    assert refusals_on_create(cluster(), today=TODAY) == []


CONNECTIVITY = "brokerNodeGroupInfo__connectivityInfo"


def connectivity(*mechanisms: str) -> dict[str, Any]:
    sasl = {name: name in mechanisms for name in ("iam", "scram")}
    wanted = {"clientAuthentication": {"sasl": sasl, "tls": "tls" in mechanisms}}
    return {"publicAccess": {"type": "DISABLED"}, "vpcConnectivity": wanted}


NONE = {"publicAccess": {"type": "DISABLED"}}


def test_multi_vpc_connectivity_may_come_with_the_cluster_but_not_turned_off() -> None:
    # The provider turns it on itself, once the cluster is ACTIVE.
    assert refusals_on_create(cluster(**{CONNECTIVITY: connectivity("iam")}), today=TODAY) == []
    refused = refusals_on_create(cluster(**{CONNECTIVITY: connectivity()}), today=TODAY)
    assert rules(refused) == ["multi-vpc-off-at-creation"]


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        (connectivity("iam"), NONE, True),
        (connectivity("tls"), NONE, True),
        (connectivity(), NONE, False),
        (NONE, connectivity("iam"), False),
        (connectivity("iam"), connectivity(), False),
        (connectivity("iam"), connectivity("iam", "scram"), False),
    ],
)
def test_multi_vpc_connectivity_that_is_on_is_turned_off_before_it_is_taken_out(
    old: dict[str, Any], new: dict[str, Any], refused: bool
) -> None:
    found = refusals_on_update(cluster(**{CONNECTIVITY: old}), cluster(**{CONNECTIVITY: new}))
    assert rules(found) == (["multi-vpc-left-out"] if refused else [])


def test_multi_vpc_connectivity_and_authentication_do_not_change_in_one_update() -> None:
    new = cluster(**{CONNECTIVITY: connectivity("scram"), "clientAuthentication__sasl": {"iam": True, "scram": True}})
    (found,) = refusals_on_update(cluster(), new)
    assert found.rule == "one-operation-at-a-time"
    assert "network.multiVpc (connectivity) and authentication would change in one update" in found.message


DUAL = {**NONE, "networkType": "DUAL"}


def test_a_new_cluster_has_ipv4_alone() -> None:
    (refused,) = refusals_on_create(cluster(**{CONNECTIVITY: DUAL}), today=TODAY, acknowledged=["dual-stack-at-creation"])
    assert refused.rule == "dual-stack-at-creation"
    assert "network.ipv6: false" in refused.message
    assert refusals_on_create(cluster(**{CONNECTIVITY: {**NONE, "networkType": "IPV4"}}), today=TODAY) == []


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        (NONE, DUAL, False),
        ({**NONE, "networkType": "IPV4"}, DUAL, False),
        (DUAL, DUAL, False),
        (DUAL, NONE, True),
        (DUAL, {**NONE, "networkType": "IPV4"}, True),
        (NONE, NONE, False),
        # What is not known yet is no reason.
        (DUAL, {**NONE, "networkType": object()}, False),
    ],
)
def test_there_is_no_way_back_from_ipv6(old: dict[str, Any], new: dict[str, Any], refused: bool) -> None:
    found = refusals_on_update(cluster(**{CONNECTIVITY: old}), cluster(**{CONNECTIVITY: new}))
    assert rules(found) == (["dual-stack-to-ipv4"] if refused else [])


def test_ipv6_and_the_broker_type_do_not_change_in_one_update() -> None:
    (found,) = refusals_on_update(cluster(), cluster(**{CONNECTIVITY: DUAL, TYPE: "kafka.m7g.xlarge"}))
    assert found.rule == "one-operation-at-a-time"
    assert found.message.startswith("network.ipv6 (connectivity) and brokerType would change in one update")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({"kafkaVersion": "3.9.x"}, {"kafkaVersion": "3.9.x.kraft"}, None),
        ({"kafkaVersion": "3.9.x"}, {"kafkaVersion": "4.0.x.kraft"}, "but only from 3.9.x to 3.9.x.kraft"),
        ({"kafkaVersion": "3.8.x"}, {"kafkaVersion": "3.9.x.kraft"}, "but only from 3.9.x to 3.9.x.kraft"),
        (
            {"kafkaVersion": "3.9.x", ZONES: ["subnet-a", "subnet-b"]},
            {"kafkaVersion": "3.9.x.kraft"},
            "Zones, not 2",
        ),
        (
            {"kafkaVersion": "3.9.x", TYPE: "kafka.t3.small"},
            {"kafkaVersion": "3.9.x.kraft", TYPE: "kafka.m7g.large"},
            "but not for clusters of kafka.t3.small. Set kafkaVersion to 3.9.x,",
        ),
    ],
)
def test_zookeeper_is_left_for_kraft_on_the_way_that_amazon_msk_has(
    old: dict[str, Any], new: dict[str, Any], words: str | None
) -> None:
    refusals = [
        refusal
        for refusal in refusals_on_update(cluster(**old), cluster(**{**old, **new}))
        if refusal.rule == "zookeeper-to-kraft"
    ]
    assert len(refusals) == bool(words)
    assert all((words or "") in refusal.message for refusal in refusals)


@pytest.mark.parametrize("version", ["3.9.x.kraft", "4.1.x.kraft", "9.9.x.kraft"])
def test_a_new_cluster_of_t3_small_has_no_kraft(version: str) -> None:
    (refusal,) = refusals_on_create(cluster(kafkaVersion=version, **{TYPE: "kafka.t3.small"}), today=TODAY)
    assert refusal.rule == "no-kraft"
    assert "Set kafkaVersion to 3.9.x, or brokerType to kafka.m7g.large." in refusal.message
    assert refusal.rule not in ACKNOWLEDGEABLE
    assert refusals_on_create(cluster(kafkaVersion="3.9.x", **{TYPE: "kafka.t3.small"}), today=TODAY) == []


@pytest.mark.parametrize(
    ("deployed", "said"),
    [
        ({}, "This cluster's inputs allow the upgrade; its topics also need replication factor 3"),
        ({"kafkaVersion": "3.8.x"}, "it needs Kafka 3.9.x.kraft (it has 3.8.x)."),
        ({TYPE: "kafka.t3.small"}, "it needs brokers of M5, M7g or M8g (it has kafka.t3.small)."),
        ({ZONES: ["a", "b"]}, "it needs three Availability Zones (it is in 2)."),
        ({"storageMode": "TIERED"}, "it needs storage.mode: LOCAL (it has TIERED, which cannot be turned off)."),
        (
            {"storageMode": "TIERED", "kafkaVersion": "4.0.x.kraft"},
            "it needs Kafka 3.9.x.kraft (it has 4.0.x.kraft), storage.mode",
        ),
    ],
)
def test_the_upgrade_to_express_brokers_says_what_the_cluster_lacks_for_it(deployed: dict[str, Any], said: str) -> None:
    old = cluster(**deployed)
    new = copy.deepcopy(old)
    new["brokerNodeGroupInfo"]["instanceType"] = "express.m7g.large"
    (refusal,) = refusals_on_update(old, new)
    assert said in refusal.message


# For each guard of a cluster, inputs that only it refuses: what is deployed (None for a new one), and what is changed.
REFUSED: dict[str, tuple[dict[str, Any] | None, dict[str, Any]]] = {
    "no-kraft": (None, {TYPE: "kafka.t3.small"}),
    "deprecated-at-creation": (None, {"kafkaVersion": "2.8.1"}),
    "kafka-end-of-support": (None, {"kafkaVersion": "3.7.x"}),
    "public-access-at-creation": (None, {PUBLIC: "SERVICE_PROVIDED_EIPS"}),
    "dual-stack-at-creation": (None, {"brokerNodeGroupInfo__connectivityInfo__networkType": "DUAL"}),
    "multi-vpc-off-at-creation": (
        None,
        {"brokerNodeGroupInfo__connectivityInfo__vpcConnectivity": {"clientAuthentication": {"tls": False}}},
    ),
    "storage-shrink": ({}, {VOLUME: 900}),
    "storage-increase-too-small": ({}, {VOLUME: 1009}),
    "kafka-downgrade": ({}, {"kafkaVersion": "3.8.x.kraft"}),
    "kraft-to-zookeeper": ({}, {"kafkaVersion": "3.9.x"}),
    "zookeeper-to-kraft": ({"kafkaVersion": "3.8.x"}, {"kafkaVersion": "3.9.x.kraft"}),
    "tiered-to-local": ({"storageMode": "TIERED"}, {"storageMode": "LOCAL"}),
    "standard-to-express": ({}, {TYPE: "express.m7g.large"}),
    "express-to-standard": ({TYPE: "express.m7g.large"}, {TYPE: "kafka.m7g.large"}),
    "to-t3-small": ({"kafkaVersion": "3.9.x"}, {TYPE: "kafka.t3.small"}),
    "fewer-brokers": ({}, {"numberOfBrokerNodes": 3}),
    "broker-removal": ({ZONES: ["a", "b", "c"], "numberOfBrokerNodes": 9}, {"numberOfBrokerNodes": 3}),
    "multi-vpc-left-out": (
        {"brokerNodeGroupInfo__connectivityInfo__vpcConnectivity": {"clientAuthentication": {"sasl": {"iam": True}}}},
        {"brokerNodeGroupInfo__connectivityInfo": {"publicAccess": {"type": "DISABLED"}}},
    ),
    "dual-stack-to-ipv4": (
        {"brokerNodeGroupInfo__connectivityInfo__networkType": "DUAL"},
        {"brokerNodeGroupInfo__connectivityInfo__networkType": "IPV4"},
    ),
    "mechanism-left-on": (
        {"clientAuthentication__tls": {"certificateAuthorityArns": ["arn:aws:acm-pca:..."]}},
        {"clientAuthentication": {"sasl": {"iam": True}, "unauthenticated": False}},
    ),
    "throughput-left-on": (
        {"brokerNodeGroupInfo__storageInfo__ebsStorageInfo__provisionedThroughput": {"enabled": True, "volumeThroughput": 300}},
        {"brokerNodeGroupInfo__storageInfo__ebsStorageInfo__provisionedThroughput": None},
    ),
    "order-of-operations": (
        {"kafkaVersion": "2.8.1", TYPE: "kafka.m5.large"},
        {"kafkaVersion": "3.9.x", TYPE: "kafka.m7g.large"},
    ),
    "broker-count-multiple-of-az": ({ZONES: ["a", "b", "c"]}, {"numberOfBrokerNodes": 7}),
    "one-operation-at-a-time": ({}, {PUBLIC: "SERVICE_PROVIDED_EIPS", TYPE: "kafka.m7g.xlarge"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_each_guard_refuses_what_its_row_is_about(name: str) -> None:
    deployed, changes = REFUSED[name]
    if deployed is None:
        refusals = refusals_on_create(cluster(**changes), today=TODAY)
    else:
        refusals = refusals_on_update(cluster(**deployed), cluster(**(deployed | changes)), acknowledged=["fewer-brokers"])
        if name == "fewer-brokers":
            assert refusals == []
            refusals = refusals_on_update(cluster(**deployed), cluster(**(deployed | changes)))
    assert rules(refusals) == [name]
    assert GUARDS[name].moment is (Moment.CREATION if deployed is None else Moment.UPDATE)


THROUGHPUT = "brokerNodeGroupInfo__storageInfo__ebsStorageInfo__provisionedThroughput"


@pytest.mark.parametrize(
    ("deployed", "changes", "refused"),
    [
        # Of versions without M7g, the type waits for the version; the version alone, or a type that runs it, is taken.
        ({"kafkaVersion": "2.8.1", TYPE: "kafka.m5.large"}, {TYPE: "kafka.m7g.large"}, True),
        ({"kafkaVersion": "2.8.1", TYPE: "kafka.m5.large"}, {"kafkaVersion": "3.9.x"}, False),
        ({"kafkaVersion": "3.8.x", TYPE: "kafka.m5.large"}, {"kafkaVersion": "3.9.x", TYPE: "kafka.m7g.large"}, False),
        # Throughput that the smaller type lacks is still there when the type changes.
        (
            {TYPE: "kafka.m7g.4xlarge", THROUGHPUT: {"enabled": True, "volumeThroughput": 500}},
            {TYPE: "kafka.m7g.large", THROUGHPUT: None},
            True,
        ),
        (
            {TYPE: "kafka.m7g.4xlarge", THROUGHPUT: {"enabled": True, "volumeThroughput": 500}},
            {TYPE: "kafka.m7g.2xlarge", THROUGHPUT: {"enabled": True, "volumeThroughput": 300}},
            True,
        ),
        (
            {TYPE: "kafka.m7g.4xlarge", THROUGHPUT: {"enabled": True, "volumeThroughput": 300}},
            {TYPE: "kafka.m7g.2xlarge"},
            False,
        ),
        ({TYPE: "kafka.m7g.4xlarge", THROUGHPUT: {"enabled": False}}, {TYPE: "kafka.m7g.large"}, False),
        # Storage is changed before the version.
        ({"kafkaVersion": "3.5.1"}, {"kafkaVersion": "3.9.x", "storageMode": "TIERED"}, True),
        ({"kafkaVersion": "3.6.0"}, {"kafkaVersion": "3.9.x", "storageMode": "TIERED"}, False),
    ],
)
def test_what_needs_the_newer_version_or_smaller_volumes_comes_after_them(
    deployed: dict[str, Any], changes: dict[str, Any], refused: bool
) -> None:
    found = rules(refusals_on_update(cluster(**deployed), cluster(**(deployed | changes))))
    assert [rule for rule in found if rule != "throughput-left-on"] == (["order-of-operations"] if refused else [])


def test_a_new_cluster_has_as_many_brokers_in_each_zone() -> None:
    uneven = cluster(**{ZONES: ["a", "b", "c"], "numberOfBrokerNodes": 7})
    assert rules(refusals_on_create(uneven, today=TODAY)) == ["broker-count-multiple-of-az"]
    # What it has, AWS has taken.
    assert refusals_on_update(uneven, {**uneven, "storageMode": "TIERED"}) == []


def test_every_guard_of_the_table_is_shown_to_refuse() -> None:
    assert set(GUARDS) == set(REFUSED) | {"fewer-partitions", "partitions-and-configs", "small-segments"} | LOSSES


def test_what_aws_refuses_nobody_can_answer_for() -> None:
    assert set(ACKNOWLEDGEABLE) == {"fewer-brokers", "kafka-end-of-support"} | LOSSES


def test_a_mechanism_that_the_provider_would_leave_on_is_turned_off_first() -> None:
    both = cluster(clientAuthentication__tls={"certificateAuthorityArns": ["arn:aws:acm-pca:..."]})
    without_sasl = copy.deepcopy(both)
    del without_sasl["clientAuthentication"]["sasl"]
    assert rules(refusals_on_update(both, without_sasl)) == ["mechanism-left-on"]
    # What is sent as off is turned off, and what was off may go.
    assert refusals_on_update(cluster(), cluster(clientAuthentication={"sasl": {"iam": False, "scram": True}})) == []
    assert refusals_on_update(cluster(clientAuthentication__tls={"certificateAuthorityArns": []}), cluster()) == []


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("configurationInfo", {"arn": "a", "revision": 1}, {"arn": "a", "revision": 2}),
        (
            "encryptionInfo",
            {"encryptionInTransit": {"clientBroker": "TLS_PLAINTEXT"}},
            {"encryptionInTransit": {"clientBroker": "TLS"}},
        ),
        ("openMonitoring", {"prometheus": {"jmxExporter": {"enabledInBroker": True}}}, {"prometheus": {"jmxExporter": {}}}),
        ("kafkaVersion", "3.8.x.kraft", "3.9.x.kraft"),
    ],
)
def test_what_public_access_needs_comes_in_an_update_before_it(path: str, before: object, after: object) -> None:
    old, new = cluster(**{path: before}), cluster(**{path: after, PUBLIC: "SERVICE_PROVIDED_EIPS"})
    assert rules(refusals_on_update(old, new)) == ["one-operation-at-a-time"]
    # Off, it depends on nothing.
    assert refusals_on_update(old, cluster(**{path: after})) == []


def test_how_express_brokers_leave_zookeeper_is_left_to_aws() -> None:
    express = {TYPE: "express.m7g.large"}
    assert refusals_on_update(cluster(**express, kafkaVersion="3.8.x"), cluster(**express, kafkaVersion="3.9.x.kraft")) == []
