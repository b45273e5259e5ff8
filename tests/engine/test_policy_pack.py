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


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_state_of_a_stack_gets_the_verdict_that_its_preview_got(name: str, deployed: Callable[..., Stack]) -> None:
    stack = deployed(name)
    state = stack.root / "state.json"
    state.write_text(stack.run("stack", "export").output, encoding="utf-8")
    analyzed = stack.run("policy", "analyze", *PACK, "--file", str(state), about_stack=False)
    assert "msk-policies" in analyzed.text
    assert verdicts(analyzed.text) == verdicts(stack.run("preview", *PACK).text)


def test_the_state_of_a_stack_that_breaks_a_rule_fails_its_analysis(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev", brokersPerZone=1)
    preview = stack.run("preview", *PACK, fails=True)
    for options in (["--stack", "dev"], ["--file", str(stack.root / "state.json")]):
        (stack.root / "state.json").write_text(stack.run("stack", "export").output, encoding="utf-8")
        analyzed = stack.run("policy", "analyze", *PACK, *options, fails=True, about_stack=False)
        assert "minimum-brokers" in analyzed.text
        assert verdicts(analyzed.text) == verdicts(preview.text)


def verdicts(text: str) -> set[str]:
    """Level, rule and resource of every violation that the CLI shows."""
    return {line.strip() for line in text.splitlines() if line.strip().startswith("- [")}
