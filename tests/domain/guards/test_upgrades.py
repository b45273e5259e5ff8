"""The versions that a cluster may go to: what the guards let pass, and never more than is known."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.guards.cluster import refusals_on_update
from domain.guards.kraft import kraft_conditions
from domain.guards.upgrades import Verdict, upgrade_steps
from domain.msk.brokers import BROKER_TYPES
from domain.msk.versions import KAFKA_VERSIONS, KRAFT_MIGRATION, is_past_support

TODAY = datetime.date(2026, 11, 23)


def cluster(
    version: str, broker: str = "kafka.m7g.large", *, zones: int = 3, group: Any = None, monitoring: Any = None
) -> dict[str, Any]:
    subnets = [f"subnet-{zone}" for zone in range(zones)]
    return {
        "kafkaVersion": version,
        "numberOfBrokerNodes": 2 * zones,
        "brokerNodeGroupInfo": {"instanceType": broker, "clientSubnets": subnets, **(group or {})},
        "openMonitoring": monitoring,
    }


def steps(inputs: dict[str, Any], verdict: Verdict) -> list[str]:
    return [step.version.name for step in upgrade_steps(inputs, TODAY) or () if step.verdict is verdict]


@pytest.mark.parametrize(
    ("inputs", "in_place", "not_known"),
    [
        (cluster("3.9.x.kraft"), ["4.0.x.kraft", "4.1.x.kraft"], ["4.2.x.kraft"]),
        (cluster("3.9.x"), ["3.9.x.kraft"], []),
        (cluster("3.8.x"), ["3.9.x"], []),
        (cluster("2.8.1", "kafka.m5.large"), ["3.8.x", "3.9.x"], []),
        (cluster("3.9.x", "kafka.t3.small"), [], []),
        (cluster("3.9.x", zones=2), [], []),
        (cluster("4.1.x.kraft"), [], ["4.2.x.kraft"]),
        (cluster("3.9.x.kraft", "express.m7g.large"), ["4.2.x.kraft"], []),
        # AWS's documentation does not say how Express brokers leave ZooKeeper.
        (cluster("3.8.x", "express.m7g.large"), [], ["3.9.x.kraft", "4.2.x.kraft"]),
    ],
)
def test_the_next_versions_are_those_that_amazon_msk_takes_in_place(
    inputs: dict[str, Any], in_place: list[str], not_known: list[str]
) -> None:
    assert (steps(inputs, Verdict.IN_PLACE), steps(inputs, Verdict.NOT_KNOWN)) == (in_place, not_known)


@given(st.sampled_from(sorted(KAFKA_VERSIONS)), st.sampled_from(sorted(BROKER_TYPES)), st.sampled_from([2, 3]))
def test_no_step_is_one_that_a_guard_refuses_or_whose_support_has_ended(version: str, broker: str, zones: int) -> None:
    inputs = cluster(version, broker, zones=zones)
    for step in upgrade_steps(inputs, TODAY) or ():
        refused = {refusal.rule for refusal in refusals_on_update(inputs, {**inputs, "kafkaVersion": step.version.name})}
        assert (step.verdict is Verdict.REFUSED) is bool(refused)
        assert step.guard in (refused or (None,))
        assert bool(step.why) is (step.verdict is not Verdict.IN_PLACE)
        assert not is_past_support(step.version, TODAY)


@pytest.mark.parametrize(
    "inputs", [cluster("4.4.x.kraft"), cluster("3.6.0.1"), cluster("3.9.x.kraft", "kafka.m8g.large"), {"kafkaVersion": "3.9.x"}]
)
def test_of_a_version_or_a_broker_type_that_is_not_known_no_step_is(inputs: dict[str, Any]) -> None:
    assert upgrade_steps(inputs, TODAY) is None


_PUBLIC = {"connectivityInfo": {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}}}
_OPEN = {"prometheus": {"jmxExporter": {"enabledInBroker": True}}}


@pytest.mark.parametrize(
    ("inputs", "unmet"),
    [
        (cluster("3.9.x"), set()),
        (cluster("3.8.x"), {"Kafka 3.9.x"}),
        (cluster("3.9.x", "kafka.t3.small", zones=2), {"a broker type with KRaft", "3 Availability Zones"}),
        (cluster("3.9.x", group=_PUBLIC), set()),
        (cluster("3.9.x", group=_PUBLIC, monitoring=_OPEN), {"not public access and open monitoring at once"}),
        (cluster("3.8.x", "express.m7g.large"), {"Kafka 3.9.x"}),
    ],
)
def test_the_conditions_of_kraft_that_a_cluster_does_not_meet(inputs: dict[str, Any], unmet: set[str]) -> None:
    conditions = kraft_conditions(inputs)
    assert {condition.name for condition in conditions if condition.met is False} == unmet
    # What only AWS and the brokers know is never met.
    assert {"no advertised.listeners on running brokers", "state ACTIVE, no pending operation"} <= {
        condition.name for condition in conditions if condition.met is None
    }
    assert all(condition.remedy for condition in conditions)


def test_what_is_not_known_of_a_cluster_is_no_condition_that_is_met() -> None:
    conditions = {condition.name: condition.met for condition in kraft_conditions({})}
    assert conditions["a broker type with KRaft"] is None
    assert conditions["3 Availability Zones"] is None
    assert conditions["Kafka 3.9.x"] is None


@given(st.sampled_from(sorted(KAFKA_VERSIONS)), st.sampled_from(sorted(BROKER_TYPES)), st.sampled_from([2, 3]))
def test_the_guard_lets_pass_what_meets_the_conditions_and_nothing_else(version: str, broker: str, zones: int) -> None:
    inputs = cluster(version, broker, zones=zones)
    source, target = KRAFT_MIGRATION
    unmet = [condition for condition in kraft_conditions(inputs) if condition.met is False]
    refused = refusals_on_update(inputs, {**inputs, "kafkaVersion": target})
    if version == source and not broker.startswith("express."):
        assert bool(refused) is bool(unmet)
