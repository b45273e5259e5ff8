"""Properties of brokers and topics in a stack file: domain names of a team's own against its listeners, and what is warned of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.loading import Loaded, load_stack
from domain.problems import SettingsError
from support.stacks import TODAY

NAME = "custom.advertised.listeners"
IAM = "CLIENT_IAM://b-{broker_id}.example.com:9000+{broker_id}"
SCRAM = "CLIENT_SASL_SCRAM://b-{broker_id}.example.com:19000+{broker_id}"


def load(**settings: Any) -> Loaded:
    settings = {"brokerType": "kafka.m7g.large", **settings}
    config = {name: value if isinstance(value, str) else json.dumps(value) for name, value in settings.items()}
    return load_stack(config, project="orders", stack="dev", region="us-east-1", today=TODAY)


def mistakes(**settings: Any) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(**settings)
    return [str(problem) for problem in error.value.problems]


def test_a_domain_name_of_ones_own_is_taken_for_a_listener_that_is_on_and_warned_of() -> None:
    (warning,) = [text for text in load(serverProperties={NAME: IAM}).warnings if NAME in text]
    assert "DNS, load balancer and certificate must be in place first" in warning
    assert "still has AWS's names" in warning
    (mistake,) = mistakes(serverProperties={NAME: SCRAM})
    assert mistake.startswith(f"serverProperties.{NAME} = CLIENT_SASL_SCRAM://")
    assert "names CLIENT_SASL_SCRAM, which is off on this cluster. Use CLIENT_IAM" in mistake
    load(serverProperties={NAME: f"{IAM},{SCRAM}"}, authentication={"iam": {}, "scram": {}})


def test_a_domain_name_of_ones_own_has_ports_for_all_brokers() -> None:
    value = "CLIENT_IAM://b-{broker_id}.example.com:65530+{broker_id}"
    load(serverProperties={NAME: value}, brokersPerZone=1)
    assert "gives broker 6 the port 65536" in mistakes(serverProperties={NAME: value}, brokersPerZone=2)[0]


def test_each_mistake_in_a_value_is_told_once() -> None:
    (mistake,) = mistakes(serverProperties={NAME: f"{IAM}\nmin.insync.replicas=1"})
    assert "has a line break in it" in mistake


def test_express_brokers_have_domain_names_too() -> None:
    load(serverProperties={NAME: IAM}, brokerType="express.m7g.large")


def test_what_properties_and_topics_lose_is_among_the_warnings_by_setting() -> None:
    warnings = load(
        serverProperties={"log.retention.bytes": 0},
        topics={"orders": {"partitions": 1, "retentionHours": 0.5}, "calls": {"partitions": 1, "configs": {"segment.ms": 1_000}}},
    ).warnings
    begins = [text.partition(":")[0] for text in warnings]
    wanted = [
        "serverProperties.log.retention.bytes is 0",
        "topics.calls.configs.segment.ms is 1000",
        "topics.orders.retentionHours is 0.5",
    ]
    assert [text for text in begins if text in wanted] == wanted


@pytest.mark.parametrize("stack", [{}, {"brokerType": "express.m7g.large"}, {"workload": {"retentionHours": 1}}])
def test_a_stack_that_sets_no_properties_is_not_warned_of_them(stack: dict[str, Any]) -> None:
    topics = {"orders": {"partitions": 6, "retentionHours": 168, "cleanupPolicy": "compact", "maxMessageBytes": 8_388_608}}
    assert [text for text in load(topics=topics, **stack).warnings if text.startswith(("serverProperties.", "topics."))] == []
