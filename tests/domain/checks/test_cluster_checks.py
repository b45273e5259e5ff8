"""Broker types and versions: what is refused, what is only warned of, and from when on."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from domain.guards.creation import refusals_on_create
from domain.loading import Loaded, load_stack
from domain.msk.brokers import BROKERS_AS_OF, LONGEST_TRUST
from domain.msk.versions import VERSIONS_AS_OF
from domain.problems import SettingsError
from support.stacks import TODAY

LATER = max(BROKERS_AS_OF, VERSIONS_AS_OF) + LONGEST_TRUST + dt.timedelta(days=1)


def load(today: dt.date = TODAY, **values: Any) -> Loaded:
    config = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    return load_stack(config, project="orders", stack="dev", region="us-east-1", today=today)


def problems(today: dt.date = TODAY, **values: Any) -> list[str]:
    try:
        load(today, **values)
    except SettingsError as error:
        return [str(problem) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("broker_type", "alarms"),
    [
        ("kafka.m8g.large", "no alarm partitions and no alarm volume-throughput"),
        ("express.m8g.2xlarge", "no alarm partitions and no alarm ingress-quota and no alarm egress-quota"),
    ],
)
def test_a_newer_broker_type_loads_and_is_told_what_is_not_known_of_it(broker_type: str, alarms: str) -> None:
    loaded = load(brokerType=broker_type, alarmEmail="a@example.com", topics={"orders": {"partitions": 6}})
    (warning,) = [warning for warning in loaded.warnings if broker_type in warning]
    for word in ("partitions", "throughput", "price", "does not know", alarms):
        assert word in warning
    assert {alarm.rule.name for alarm in loaded.plan.alarms["alarms"]}.isdisjoint(
        {"partitions", "volume-throughput", "ingress-quota", "egress-quota"}
    )


def test_a_threshold_of_the_stacks_own_makes_the_alarm_and_ends_the_warning_of_it() -> None:
    for broker_type, name in (("kafka.m8g.large", "volume-throughput"), ("express.m8g.large", "ingress-quota")):
        own = {"alarms": {"partitions": {"threshold": 900}, name: {"threshold": 100}}, "prometheus": {"managed": True}}
        loaded = load(brokerType=broker_type, brokersPerZone=1, monitoring=own)
        made = {alarm.rule.name: alarm.threshold for alarm in loaded.plan.alarms["alarms"]}
        assert (made["partitions"], made[name]) == (900, 100)
        assert not any("no alarm partitions" in warning or f"no alarm {name}" in warning for warning in loaded.warnings)
        assert loaded.plan.prometheus
        assert "KafkaTooManyPartitions" in loaded.plan.prometheus["rules"]


def test_a_threshold_makes_no_alarm_that_the_kind_has_not() -> None:
    with pytest.raises(SettingsError, match=r"monitoring\.alarms\.ingress-quota\.threshold = 100.*has no effect"):
        load(brokerType="kafka.m8g.large", monitoring={"alarms": {"ingress-quota": {"threshold": 100}}})


def test_prometheus_has_no_rule_by_a_figure_that_is_not_known() -> None:
    for broker_type in ("kafka.m8g.large", "express.m8g.large"):
        loaded = load(brokerType=broker_type, monitoring={"prometheus": {"managed": True}})
        assert loaded.plan.prometheus
        rules = loaded.plan.prometheus["rules"]
        assert "KafkaCpuHigh" in rules
        assert not [name for name in ("KafkaTooManyPartitions", "KafkaIngressNearLimit", "KafkaEgressNearLimit") if name in rules]
        assert "None" not in rules


@pytest.mark.parametrize(
    ("broker_type", "near"),
    [
        ("kafka.m7g.lagre", "kafka.m7g.large"),
        ("kafka.m5.huge", "kafka.m5."),
        ("kafka.m7g.24xlarge", "kafka.m5.24xlarge"),
        ("kafka.r5.xlarge", "kafka.m7g.xlarge"),
    ],
)
def test_a_near_miss_is_a_mistake_with_what_was_meant(broker_type: str, near: str) -> None:
    (problem,) = problems(brokerType=broker_type)
    assert problem.startswith(f"brokerType = {broker_type}: is not a broker type of Amazon MSK.")
    assert near in problem


@pytest.mark.parametrize(
    ("version", "near"), [("3.9.1", ""), ("4.1.x", " Did you mean 4.1.x.kraft?"), ("3.5.9", ""), ("4.2.x", "")]
)
def test_a_version_that_amazon_msk_has_not_is_a_mistake_unless_it_is_newer(version: str, near: str) -> None:
    (problem,) = problems(brokerType="kafka.m7g.large", kafkaVersion=version)
    assert problem.startswith(f"kafkaVersion = {version}: is not a Kafka version of Amazon MSK.{near}")
    assert "4.1.x.kraft" in problem
    for newer in ("4.3.x.kraft", "5.0.x"):
        warnings = load(kafkaVersion=newer, brokerType="kafka.m7g.large").warnings
        assert any(f"kafkaVersion {newer} is not in" in warning for warning in warnings)


OLD_LIST: list[dict[str, Any]] = [
    {"brokerType": "kafka.m7g.24xlarge"},
    {"brokerType": "kafka.r5.xlarge"},
    {"brokerType": "kafka.m7g.large", "kafkaVersion": "3.9.1"},
    {"brokerType": "express.m7g.large", "kafkaVersion": "4.1.x.kraft"},
    {"brokerType": "kafka.t3.small", "kafkaVersion": "4.1.x.kraft"},
    {"brokerType": "kafka.m7g.large", "storage": {"provisionedThroughputMiBps": 300}},
]


@pytest.mark.parametrize("values", OLD_LIST, ids=json.dumps)
def test_what_a_list_refuses_is_only_warned_of_once_it_is_old(values: dict[str, Any]) -> None:
    (problem,) = problems(**values)
    assert problems(LATER - dt.timedelta(days=1), **values) == [problem]
    assert any(warning.startswith(problem) and "too old to refuse by" in warning for warning in load(LATER, **values).warnings)


def test_what_no_list_refuses_stays_refused() -> None:
    wrong: list[dict[str, Any]] = [{"brokerType": "kafka.m7g.lagre"}, {"brokerType": "kafka.m7g.large", "kafkaVersion": "3.1.1"}]
    for values in wrong:
        assert problems(LATER, **values) == problems(**values) != []


def test_the_guard_trusts_the_list_as_long_as_the_settings_do() -> None:
    new = {"brokerNodeGroupInfo": {"instanceType": "kafka.t3.small"}, "kafkaVersion": "3.9.x.kraft"}
    assert [refusal.rule for refusal in refusals_on_create(new, today=TODAY)] == ["no-kraft"]
    assert "no-kraft" not in [refusal.rule for refusal in refusals_on_create(new, today=LATER)]
    newer = {"brokerNodeGroupInfo": {"instanceType": "kafka.m8g.large"}, "kafkaVersion": "3.9.x.kraft"}
    assert refusals_on_create(newer, today=TODAY) == []
