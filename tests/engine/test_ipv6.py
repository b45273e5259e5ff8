"""IPv6 comes to a cluster that runs, in place and after its subnets have their ranges, and never goes again."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

CLUSTER = "kafka-cluster-msk"
ZONES = ("use1-az1", "use1-az2", "use1-az4")
SUBNETS = [f"kafka-network-private-{zone}" for zone in ZONES]
CLIENTS: dict[str, Any] = {"erp": {"from": {"cidr": "2001:db8:1::/64"}}}


def calls(stack: Stack) -> list[tuple[str, str]]:
    return [(call.call, call.name) for call in stack.calls_of_up()]


def test_ipv6_comes_to_the_same_subnets_of_the_same_cluster_and_stays(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    stack.set(network={"ipv6": True}, clients=CLIENTS)
    on = calls(stack)
    assert {item for item in on if item[0] != "delete"} == {
        ("update", "kafka-network-vpc"),
        *(("update", name) for name in SUBNETS),
        ("update", CLUSTER),
        ("create", "kafka-brokers-20098-from-2001-db8-1--/64"),
    }
    # Amazon MSK refuses the network type DUAL as long as one subnet has IPv4 alone.
    assert all(on.index(("update", name)) < on.index(("update", CLUSTER)) for name in SUBNETS)
    subnets = [resource for key, resource in stack.cloud.resources().items() if key.startswith("aws:ec2/subnet:Subnet|")]
    assert len({ipaddress.IPv6Network(subnet["properties"]["ipv6CidrBlock"]) for subnet in subnets}) == len(ZONES)
    assert "-ipv6." in stack.state()["msk-platform-dev"]["outputs"]["bootstrap"]["bootstrapBrokersSaslIamIpv6"]
    assert calls(stack) == []
    stack.set(network={"ipv6": False}, clients={"erp": None})
    refused = stack.run("preview", fails=True)
    assert "[dual-stack-to-ipv4]" in refused.text
