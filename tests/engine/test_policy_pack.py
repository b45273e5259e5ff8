"""The policy pack under the real engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

PACK = ("--policy-pack", "policies")


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_pack_passes_the_stacks_of_this_repository(name: str, new_stack: Callable[..., Stack]) -> None:
    stack = new_stack(name)
    assert "msk-policies" in stack.run("preview", *PACK).text
    assert "msk-policies" in stack.up(*PACK).text


def test_the_pack_blocks_one_broker_in_each_zone_at_preview_and_at_up(new_stack: Callable[..., Stack]) -> None:
    stack = new_stack("dev", brokersPerZone=1)
    for refused in (stack.run("preview", *PACK, fails=True), stack.up(*PACK, fails=True)):
        assert "[mandatory]" in refused.text
        assert "minimum-brokers  (aws:msk:Cluster: kafka-cluster-msk)" in refused.text
        assert "Set numberOfBrokerNodes to 6 or more." in refused.text
    assert not [key for key in stack.cloud.resources() if key.startswith("aws:msk/cluster:Cluster|")]


def test_a_sandbox_may_have_one_broker_in_each_zone_by_configuration_of_the_pack(new_stack: Callable[..., Stack]) -> None:
    stack = new_stack("dev", brokersPerZone=1)
    config = stack.root / "policy.json"
    config.write_text(json.dumps({"minimum-brokers": {"brokersPerAvailabilityZone": 1}}), encoding="utf-8")
    assert "msk-policies" in stack.run("preview", *PACK, "--policy-pack-config", str(config)).text
