"""A stack's life under the real engine, from nothing to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

CLUSTER = "aws:msk/cluster:Cluster"


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_what_is_deployed_needs_no_change_and_has_not_drifted(name: str, deployed: Callable[..., Stack]) -> None:
    stack = deployed(name, watched=True)
    assert {step.op for step in stack.preview("--expect-no-changes")} <= {"same", "refresh"}
    stack.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert stack.calls_of_up("--expect-no-changes") == []


def test_what_somebody_changed_in_the_cloud_is_put_back(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    with stack.cloud.only(CLUSTER) as cluster:
        cluster["enhancedMonitoring"] = "PER_BROKER"
    assert [(call.call, call.name, call.changed) for call in stack.calls_of_up()] == [
        ("update", "kafka-cluster-msk", ("enhancedMonitoring",))
    ]
    with stack.cloud.only(CLUSTER) as cluster:
        assert cluster["enhancedMonitoring"] == "DEFAULT"


def test_what_somebody_deleted_in_the_cloud_is_made_again(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    with stack.cloud.open() as content:
        (rule,) = [key for key in content["resources"] if "IngressRule" in key]
        del content["resources"][rule]
    assert [(call.call, call.name) for call in stack.calls_of_up()] == [("create", "kafka-brokers-9098-from-10.40.0.0/20")]
    assert rule in stack.cloud.resources()


def test_a_protected_stack_is_not_destroyed(deployed: Callable[..., Stack]) -> None:
    stack = deployed("prod")
    there = stack.cloud.resources()
    refused = stack.run("destroy", "--yes", "--skip-preview", fails=True)
    assert "protected" in refused.text
    kept = {key for key in there if key.split("|")[0] in {CLUSTER, "aws:kms/key:Key", "aws:ec2/subnet:Subnet"}}
    assert kept
    assert kept <= set(stack.cloud.resources())


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_an_unprotected_stack_is_destroyed_whole_and_in_order(name: str, deployed: Callable[..., Stack]) -> None:
    stack = deployed(name)
    stack.set(protect=False)
    stack.up()
    stack.cloud.forget_calls()
    stack.run("destroy", "--yes", "--skip-preview")
    assert stack.cloud.resources() == {}
    deletions = stack.cloud.calls()
    assert {call.call for call in deletions} == {"delete"}
    order = [call.type for call in deletions]
    in_order = (
        "aws:appautoscaling/policy:Policy",
        "aws:appautoscaling/target:Target",
        CLUSTER,
        "aws:msk/configuration:Configuration",
    )
    places = [order.index(type_) for type_ in in_order]
    assert places == sorted(places)
    for type_ in ("aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup", "aws:kms/key:Key"):
        assert order.index(CLUSTER) < order.index(type_)
    assert stack.state() == {}
