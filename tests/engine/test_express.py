"""A cluster with Express brokers under the real engine: its life, and what changes of it in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

CLUSTER = "aws:msk/cluster:Cluster"


def test_it_is_made_has_not_drifted_is_paused_scaled_and_goes_whole(deployed: Callable[..., Stack]) -> None:
    # Whether a team may delete it is another test's.
    stack = deployed("dev", brokerType="express.m7g.large", brokersPerZone=1, protect=False)
    (cluster,) = [resource["properties"] for key, resource in stack.cloud.resources().items() if key.startswith(f"{CLUSTER}|")]
    assert cluster["rebalancing"] == {"status": "ACTIVE"}
    assert "storageInfo" not in cluster["brokerNodeGroupInfo"]
    assert {step.op for step in stack.preview("--expect-no-changes")} <= {"same", "refresh"}
    stack.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    for settings, changed in (
        ({"rebalancing": "PAUSED"}, "rebalancing"),
        ({"brokersPerZone": 2}, "numberOfBrokerNodes"),
        ({"brokerType": "express.m7g.xlarge"}, "brokerNodeGroupInfo.instanceType"),
    ):
        stack.set(**settings)
        (call,) = [call for call in stack.calls_of_up() if call.type == CLUSTER]
        assert call.call == "update"
        assert {path.partition(".status")[0] for path in call.changed} == {changed}
    assert stack.calls_of_up() == []
    stack.run("destroy", "--yes", "--skip-preview")
    assert stack.cloud.resources() == {}
