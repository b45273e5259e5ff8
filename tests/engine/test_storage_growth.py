"""Volumes that storage autoscaling grew stay as large as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

CLUSTER = "aws:msk/cluster:Cluster"
VOLUME = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"


def volume(stack: Stack) -> int:
    with stack.cloud.only(CLUSTER) as cluster:
        return int(cluster["brokerNodeGroupInfo"]["storageInfo"]["ebsStorageInfo"]["volumeSize"])


def grow(stack: Stack, gib: int) -> int:
    with stack.cloud.only(CLUSTER) as cluster:
        cluster["brokerNodeGroupInfo"]["storageInfo"]["ebsStorageInfo"]["volumeSize"] += gib
    return volume(stack)


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_a_grown_volume_is_no_change(name: str, deployed: Callable[..., Stack]) -> None:
    stack = deployed(name)
    grown = grow(stack, 200)
    stack.run("preview", "--expect-no-changes")
    assert stack.calls_of_up() == []
    assert volume(stack) == grown


def test_another_change_of_the_storage_does_not_shrink_a_grown_volume(deployed: Callable[..., Stack]) -> None:
    stack = deployed("prod")
    stack.set(brokerType="kafka.m7g.4xlarge")
    stack.up()
    grown = grow(stack, 200)
    stack.set(storage={"provisionedThroughputMiBps": 300})
    # The brokers get more threads for it as well: a new revision of the configuration.
    (changed,) = [call.changed for call in stack.calls_of_up() if call.name == "kafka-cluster-msk"]
    assert any("provisionedThroughput" in path for path in changed)
    assert VOLUME not in changed
    assert volume(stack) == grown


def test_without_autoscaling_a_larger_volume_is_an_update_and_a_smaller_one_is_refused(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    first = volume(stack)
    stack.set(storage={"autoscaling": False, "initialGiB": first + 20})
    changes = {(call.call, call.name, call.changed) for call in stack.calls_of_up()}
    assert changes == {("delete", "kafka-storage-volumes", ()), ("update", "kafka-cluster-msk", (VOLUME,))}
    assert volume(stack) == first + 20
    stack.set(storage={"initialGiB": first})
    refused = stack.up(fails=True)
    assert f"storage.initialGiB would shrink each broker's volume from {first + 20} to {first} GiB" in refused.text
    assert volume(stack) == first + 20
