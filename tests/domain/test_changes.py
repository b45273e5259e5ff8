"""What a change does, resource by resource."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.brokers import BrokerKind
from domain.changes import Change, Effect, changes
from domain.changes_cost import cost_change
from domain.changes_order import Verdict, acknowledged, orders
from domain.changes_updates import DYNAMIC_PROPERTIES, OPERATIONS, duration, operations_for, rolling_minutes
from domain.inventory import SECRET, UNKNOWN
from domain.server_properties import allowed
from domain.stateful import STATEFUL
from support.previews import CLUSTER, cluster, of_cluster, preview, replacing, state, step
from tools.changes_input import read_preview

TODAY = datetime.date(2026, 11, 23)


def only(one: dict[str, Any]) -> Change:
    found = changes(read_preview(preview(one)).steps)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("changed", "operation", "effect"),
    [
        ({"brokerNodeGroupInfo__instanceType": "kafka.m7g.xlarge"}, "UpdateBrokerType", Effect.ROLLING_RESTART),
        ({"kafkaVersion": "4.0.x.kraft"}, "UpdateClusterKafkaVersion", Effect.ROLLING_RESTART),
        ({"configurationInfo": {"arn": "arn", "revision": 2}}, "UpdateClusterConfiguration", Effect.ROLLING_RESTART),
        ({"clientAuthentication__sasl__scram": True}, "UpdateSecurity", Effect.ROLLING_RESTART),
        ({"brokerNodeGroupInfo__connectivityInfo": {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}}}, "UpdateConnectivity",
         Effect.ROLLING_RESTART),
        ({"storageMode": "TIERED"}, "UpdateStorage", Effect.ROLLING_RESTART),
        ({"numberOfBrokerNodes": 9}, "UpdateBrokerCount", Effect.IN_PLACE),
        ({"enhancedMonitoring": "PER_BROKER"}, "UpdateMonitoring", Effect.IN_PLACE),
        ({"brokerNodeGroupInfo__storageInfo__ebsStorageInfo__volumeSize": 1200}, "UpdateBrokerStorage", Effect.IN_PLACE),
    ],
)  # fmt: skip
def test_each_update_of_a_cluster_is_told_as_the_operation_that_it_is(
    changed: dict[str, Any], operation: str, effect: Effect
) -> None:
    found = only(of_cluster("update", changed))
    assert [one.name for one in found.operations] == [operation]
    assert found.effect is effect
    assert ("no restart" in found.summary) is (effect is Effect.IN_PLACE)


def test_a_rolling_restart_says_how_long_it_takes() -> None:
    found = only(of_cluster("update", {"brokerNodeGroupInfo__instanceType": "kafka.m7g.xlarge"}))
    assert found.summary == "rolling restart, about 60-90 minutes for 6 brokers (10-15 minutes a broker)"


def test_two_operations_restart_the_brokers_twice() -> None:
    found = only(of_cluster("update", {"brokerNodeGroupInfo__instanceType": "kafka.m7g.xlarge", "kafkaVersion": "4.0.x.kraft"}))
    assert "about 2-3 hours for 6 brokers" in found.summary
    assert "2 rounds" in found.summary


def test_a_kafka_and_its_configuration_are_one_operation() -> None:
    assert [one.name for one in operations_for(["kafkaVersion", "configurationInfo.revision"])] == ["UpdateClusterKafkaVersion"]


def test_tags_of_a_cluster_restart_nothing() -> None:
    assert only(of_cluster("update", {"tags": {"team": "orders"}})).summary == "in place, no restart"


@given(st.integers(1, 60), st.integers(1, 4))
def test_rolling_takes_longer_with_every_broker_and_round(brokers: int, rounds: int) -> None:
    shortest, longest = rolling_minutes(brokers, rounds)
    assert 0 < shortest < longest
    assert rolling_minutes(brokers + 1, rounds) > (shortest, longest)
    assert rolling_minutes(brokers, rounds + 1) > (shortest, longest)
    assert duration((shortest, longest)).endswith(("minutes", "hours"))


def test_every_operation_and_every_stateful_type_has_its_source() -> None:
    assert all(one.source for one in OPERATIONS)
    assert all(one.source for one in STATEFUL.values())


def test_dynamic_properties_are_properties_a_configuration_can_have() -> None:
    assert set(allowed(BrokerKind.STANDARD)) | set(allowed(BrokerKind.EXPRESS)) >= DYNAMIC_PROPERTIES


@pytest.mark.parametrize("op", ["replace", "delete"])
@pytest.mark.parametrize("resource_type", list(STATEFUL))
def test_what_holds_data_loses_it_when_it_goes(resource_type: str, op: str) -> None:
    old = state(resource_type, "it", {"a": 1})
    new = state(resource_type, "it", {"a": 2}) if op == "replace" else None
    found = only(step(op, old, new))
    assert found.loses_data is STATEFUL[resource_type].holds_data
    assert STATEFUL[resource_type].consequence in found.notes


def test_what_is_retained_is_not_lost() -> None:
    found = only(step("delete", state(CLUSTER, "kafka", cluster(), retainOnDelete=True), None))
    assert found.effect is Effect.LEFT
    assert not found.loses_data


@pytest.mark.parametrize(("old", "first"), [({"pendingReplacement": True}, True), ({"delete": True}, False), ({}, None)])
def test_which_of_the_two_goes_first_is_said_where_the_engine_says_it(old: dict[str, bool], first: bool | None) -> None:
    found = only(of_cluster("replace", {"clusterName": "other"}, old=old, **replacing("clusterName")))
    assert found.step.delete_first is first
    assert any("deleted first" in note for note in found.notes) is (first is True)


def test_the_property_that_replaces_is_told_from_those_that_only_change() -> None:
    found = only(of_cluster("replace", {"clusterName": "b", "numberOfBrokerNodes": 9}, **replacing("clusterName")))
    # The provider sees no other difference.
    assert [(one.path, one.old, one.new, one.replaces) for one in found.differences] == [("clusterName", "orders", "b", True)]


def test_values_that_nobody_may_see_or_knows_are_said_to_be_so() -> None:
    old = state("aws:secretsmanager/secret:Secret", "s", {"description": SECRET, "kmsKeyId": "key-1"})
    new = state("aws:secretsmanager/secret:Secret", "s", {"description": "open", "kmsKeyId": UNKNOWN})
    found = {one.path: (one.old, one.new) for one in only(step("update", old, new)).differences}
    assert found == {"description": ("a secret", "open"), "kmsKeyId": ("key-1", "known after the update")}


def test_server_properties_are_told_one_by_one() -> None:
    kind = "aws:msk/configuration:Configuration"
    old = state(kind, "c", {"serverProperties": "a=1\nmessage.max.bytes=1\n"})
    new = state(kind, "c", {"serverProperties": "a=1\nmessage.max.bytes=2\n"})
    assert [(one.path, one.old, one.new) for one in only(step("update", old, new)).differences] == [
        ("serverProperties.message.max.bytes", "1", "2")
    ]


def told(one: dict[str, Any], answered: frozenset[str] = frozenset()) -> dict[str, Verdict]:
    found = orders(read_preview(preview(one)).steps, today=TODAY, answered=answered)
    assert all(order.steps for order in found)
    return {order.rule: order.verdict for order in found}


PUBLIC = {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}}


@pytest.mark.parametrize(
    ("was", "changed", "rule"),
    [
        ({}, {"brokerNodeGroupInfo__storageInfo__ebsStorageInfo__volumeSize": 900}, "storage-shrink"),
        ({}, {"brokerNodeGroupInfo__storageInfo__ebsStorageInfo__volumeSize": 1005}, "storage-increase-too-small"),
        ({}, {"kafkaVersion": "3.8.x.kraft"}, "kafka-downgrade"),
        ({}, {"kafkaVersion": "3.9.x"}, "kraft-to-zookeeper"),
        ({"storageMode": "TIERED"}, {"storageMode": "LOCAL"}, "tiered-to-local"),
        ({}, {"numberOfBrokerNodes": 3}, "fewer-brokers"),
        ({"configurationInfo": {"arn": "a", "revision": 1}}, {"configurationInfo": None}, "configuration-detached"),
        (
            {},
            {"brokerNodeGroupInfo__connectivityInfo": PUBLIC, "clientAuthentication__sasl__scram": True},
            None,
        ),
        (
            {"brokerNodeGroupInfo__connectivityInfo": {"publicAccess": {"type": "DISABLED"}}},
            {"brokerNodeGroupInfo__connectivityInfo": PUBLIC, "brokerNodeGroupInfo__instanceType": "kafka.m7g.xlarge"},
            "one-operation-at-a-time",
        ),
    ],
)
def test_what_aws_refuses_is_refused_with_steps(was: dict[str, Any], changed: dict[str, Any], rule: str | None) -> None:
    found = told(of_cluster("update", changed, was=was))
    assert found[rule or "one-operation-at-a-time"] is Verdict.REFUSED


@pytest.mark.parametrize(
    ("was", "changed", "rule"),
    [
        ({"storageMode": "TIERED"}, {"storageMode": "LOCAL"}, "tiered-to-local"),
        ({"kafkaVersion": "3.7.1"}, {"kafkaVersion": "3.6.0"}, "kafka-downgrade"),
    ],
)
def test_a_guard_that_the_engine_does_not_ask_before_a_replacement_is_asked_here(
    was: dict[str, Any], changed: dict[str, Any], rule: str
) -> None:
    assert told(of_cluster("replace", changed, was=was, **replacing(*changed)))[rule] is Verdict.REPLACES


def test_public_access_is_refused_to_the_cluster_that_replaces_one_that_has_it() -> None:
    was = {"brokerNodeGroupInfo__connectivityInfo": PUBLIC}
    found = told(of_cluster("replace", {"clusterName": "other"}, was=was, **replacing("clusterName")))
    assert found["public-access-at-creation"] is Verdict.REFUSED


def test_connectivity_comes_after_what_it_depends_on() -> None:
    was = {"brokerNodeGroupInfo__connectivityInfo": {"publicAccess": {"type": "DISABLED"}}}
    changed = {"brokerNodeGroupInfo__connectivityInfo": PUBLIC, "clientAuthentication__sasl__scram": True}
    found = orders(read_preview(preview(of_cluster("update", changed, was=was))).steps, today=TODAY)
    first, second = next(one.steps for one in found if one.rule == "one-operation-at-a-time")
    assert "authentication alone" in first
    assert "connectivity" in second


def test_several_operations_are_advised_to_be_split_in_the_provider_s_order() -> None:
    changed = {"kafkaVersion": "4.0.x.kraft", "brokerNodeGroupInfo__instanceType": "kafka.m7g.xlarge"}
    found = orders(read_preview(preview(of_cluster("update", changed))).steps, today=TODAY)
    assert [one.verdict for one in found] == [Verdict.ADVICE]
    assert "UpdateBrokerType, then UpdateClusterKafkaVersion" in found[0].message
    assert ["brokerNodeGroupInfo.instanceType" in found[0].steps[0], "kafkaVersion" in found[0].steps[1]] == [True, True]


def test_a_change_of_storage_reminds_of_the_cooldown() -> None:
    assert told(of_cluster("update", {"brokerNodeGroupInfo__storageInfo__ebsStorageInfo__volumeSize": 1500})) == {
        "storage-cooldown": Verdict.ADVICE
    }


def test_an_answered_for_guard_is_silent_as_long_as_the_answer_holds() -> None:
    fewer = of_cluster("update", {"numberOfBrokerNodes": 3})
    config = {"shop:acknowledge": '{"fewer-brokers": {"reason": "CHG-1", "until": "2026-11-23"}}'}
    assert told(fewer, acknowledged(config, TODAY)) == {}
    assert told(fewer, acknowledged(config, TODAY + datetime.timedelta(days=1))) == {"fewer-brokers": Verdict.REFUSED}


def test_costs_are_the_difference_of_the_two_bills() -> None:
    found = cost_change(read_preview(preview(of_cluster("update", {"numberOfBrokerNodes": 9}))).steps, "us-east-1")
    assert found.usd == pytest.approx(found.after.usd - found.before.usd)
    assert [(one.before, one.after) for one in found.lines] == [
        ("6 brokers kafka.m7g.large", "9 brokers kafka.m7g.large"),
        ("6 volumes of 1000 GiB", "9 volumes of 1000 GiB"),
    ]


def test_a_line_without_a_price_is_not_counted_and_said_not_to_be() -> None:
    found = cost_change(read_preview(preview(of_cluster("update", {"enhancedMonitoring": "PER_BROKER"}))).steps, "us-east-1")
    assert found.usd == 0
    assert found.not_known == ("enhanced monitoring PER_BROKER",)


@given(st.integers(1, 20), st.integers(1, 20))
def test_going_there_and_back_costs_nothing(before: int, after: int) -> None:
    def cost(one: int, other: int) -> float:
        text = preview(of_cluster("update", {"numberOfBrokerNodes": 3 * other}, was={"numberOfBrokerNodes": 3 * one}))
        return cost_change(read_preview(text).steps, "us-east-1").usd

    assert cost(before, after) == pytest.approx(-cost(after, before))
