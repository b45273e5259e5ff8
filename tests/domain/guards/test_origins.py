"""From a property of a resource to the setting behind it."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from domain.guards.origins import ORIGINS, setting_for, settings_named_in
from domain.reading import model_at, settings_of_model
from domain.settings.stack import StackSettings

CLUSTER = "aws:msk/cluster:Cluster"


def test_every_setting_named_as_an_origin_exists() -> None:
    for paths in ORIGINS.values():
        for path in paths.values():
            block: type[BaseModel] | None = StackSettings if len(path) == 1 else model_at(path[:-1])
            assert block is not None, path
            assert path[-1] in settings_of_model(block), path


@pytest.mark.parametrize(
    ("message", "setting"),
    [
        ("Run at least 2 brokers: numberOfBrokerNodes is 3 over 3 client subnets.", ("brokersPerZone",)),
        ("Set encryptionInfo.encryptionInTransit.clientBroker to TLS.", ("encryption", "clientBroker")),
        ("clientAuthentication.unauthenticated is true.", ("authentication", "unauthenticated")),
        ("clientAuthentication is missing.", ("authentication",)),
        ("The cluster is too small.", None),
        ("mynumberOfBrokerNodes", None),
    ],
)
def test_a_message_leads_to_the_setting_of_the_property_it_names(message: str, setting: tuple[str, ...] | None) -> None:
    assert settings_named_in(CLUSTER, message) == setting


def test_a_property_inside_a_known_block_leads_to_the_blocks_setting() -> None:
    assert setting_for(CLUSTER, "loggingInfo.brokerLogs.cloudwatchLogs.enabled") == ("logs", "cloudwatch")
    assert setting_for(CLUSTER, "currentVersion") is None
    assert setting_for("aws:ec2/subnet:Subnet", "cidrBlock") is None


def test_flow_logs_lead_to_their_own_setting() -> None:
    kind = "aws:cloudwatch/logGroup:LogGroup"
    assert setting_for(kind, "retentionInDays", "kafka-logs-brokers") == ("logs", "cloudwatch", "retentionDays")
    assert setting_for(kind, "retentionInDays", "kafka-network-flows") == ("network", "flowLogs", "retentionDays")
    assert settings_named_in(kind, "retentionInDays is 30.", "kafka-network-flows") == ("network", "flowLogs", "retentionDays")
