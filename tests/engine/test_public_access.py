"""Public access and multi-VPC connectivity come to a cluster that runs, in place, and go again."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from support.engine.pulumi_cli import Stack
from support.stacks import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CLUSTER = "kafka-cluster-msk"
CONNECTIVITY = "brokerNodeGroupInfo.connectivityInfo"
CIDR = "10.40.0.0/20"
ZONES = ("use1-az1", "use1-az2", "use1-az4")
SUBNET = "aws:ec2/subnet:Subnet|"


@pytest.fixture
def new_example(cli: Path, shared: Path, tmp_path: Path) -> Callable[..., Stack]:
    """Makes a stack of a program in `examples` with nothing deployed."""

    def make(name: str, **settings: Any) -> Stack:
        root = tmp_path / name
        for part in ("project", "state", "cloud"):
            (root / part).mkdir(parents=True)
        shutil.copy(ROOT / "examples" / name / "Pulumi.yaml", root / "project")
        (root / "project" / "__main__.py").symlink_to(ROOT / "examples" / name / "__main__.py")
        (root / "project" / "Pulumi.client.yaml").write_text("config:\n  aws:region: us-east-1\n", encoding="utf-8")
        stack = Stack(root, "client", cli, shared)
        stack.run("stack", "init", "client", "--secrets-provider", "passphrase", about_stack=False)
        stack.set(**settings)
        return stack

    return make


def calls(stack: Stack) -> list[tuple[str, str]]:
    return [(call.call, call.name) for call in stack.calls_of_up()]


def subnets(stack: Stack) -> set[str]:
    return {key for key in stack.cloud.resources() if key.startswith(SUBNET)}


def test_public_access_comes_to_the_same_subnets_of_the_same_cluster(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    before = subnets(stack)
    stack.set(network={"publicAccess": True})
    on = calls(stack)
    routes = [("create", f"kafka-network-private-{zone}-internet") for zone in ZONES]
    assert set(on) == {
        ("create", "kafka-network-internet"),
        *routes,
        ("create", f"kafka-brokers-9198-from-{CIDR}"),
        ("update", CLUSTER),
    }
    # Amazon MSK refuses public access while the subnets do not lead to the internet.
    assert all(on.index(route) < on.index(("update", CLUSTER)) for route in routes)
    assert subnets(stack) == before
    exports = stack.state()["msk-platform-dev"]["outputs"]
    assert ":9198" in exports["bootstrap"]["bootstrapBrokersPublicSaslIam"]
    assert calls(stack) == []


def test_public_access_goes_again_and_its_way_to_the_internet_after_it(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    stack.set(network={"publicAccess": True})
    stack.up()
    before = subnets(stack)
    stack.set(network={"publicAccess": False})
    off = calls(stack)
    assert off[0] == ("update", CLUSTER)
    assert set(off[1:]) == {
        ("delete", "kafka-network-internet"),
        *(("delete", f"kafka-network-private-{zone}-internet") for zone in ZONES),
        ("delete", f"kafka-brokers-9198-from-{CIDR}"),
    }
    assert subnets(stack) == before


MULTI_VPC: dict[str, Any] = {"multiVpc": {"iam": True, "accounts": ["210987654321"]}}


@pytest.fixture
def connected(deployed: Callable[..., Stack], made_once: Callable[[str, Callable[[], Stack]], Stack]) -> Stack:
    def make() -> Stack:
        stack = deployed("dev", brokerType="kafka.m7g.large")
        stack.set(network=MULTI_VPC)
        assert set(calls(stack)) == {
            ("update", CLUSTER),
            ("create", f"kafka-brokers-14001-from-{CIDR}"),
            ("create", "kafka-cluster-policy-policy"),
        }
        return stack

    return made_once("connected", make)


def test_multi_vpc_connectivity_comes_to_a_cluster_that_runs(connected: Stack) -> None:
    exports = connected.state()["msk-platform-dev"]["outputs"]
    assert ":14001" in exports["bootstrap"]["bootstrapBrokersVpcConnectivitySaslIam"]
    assert calls(connected) == []


def test_multi_vpc_connectivity_is_not_just_taken_out(connected: Stack) -> None:
    # The provider sees no difference in a block that is gone, and asks no guard of it alone; beside any other change it does.
    connected.set(network={"multiVpc": None}, monitoring={"level": "PER_BROKER"})
    for refused in (connected.run("preview", fails=True), connected.up(fails=True)):
        assert "[multi-vpc-left-out]" in refused.text
        assert "Set its iam, scram and tls to false, deploy, then remove it." in refused.text
    connected.set(network={"multiVpc": {"iam": False}}, monitoring={"level": "DEFAULT"})
    (update,) = [call for call in connected.calls_of_up() if call.call == "update"]
    assert (update.name, update.changed) == (CLUSTER, (f"{CONNECTIVITY}.vpcConnectivity.clientAuthentication.sasl.iam",))
    connected.set(network={"multiVpc": None})
    connected.up()


def test_multi_vpc_connectivity_that_is_taken_out_alone_stays_on_at_aws(connected: Stack) -> None:
    connected.set(network={"multiVpc": None})
    assert ("update", CLUSTER) not in calls(connected)
    with connected.cloud.only("aws:msk/cluster:Cluster") as cluster:
        assert (
            cluster["brokerNodeGroupInfo"]["connectivityInfo"]["vpcConnectivity"]["clientAuthentication"]["sasl"]["iam"] is True
        )


def test_a_client_of_another_account_connects_with_what_the_clusters_stack_exports(
    connected: Stack, new_example: Callable[..., Stack]
) -> None:
    exports = connected.state()["msk-platform-dev"]["outputs"]
    client = new_example(
        "vpc-connection",
        clusterArn=exports["clusterArn"],
        bootstrap=exports["bootstrap"]["bootstrapBrokersVpcConnectivitySaslIam"],
        vpcId="vpc-0123456789abcdef0",
        subnetIds=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
        clientSecurityGroup="sg-0123456789abcdef0",
    )
    assert set(calls(client)) == {
        ("create", "kafka-connection-group"),
        ("create", "kafka-connection-from-sg-0123456789abcdef0"),
        ("create", "kafka-connection-connection"),
    }
    assert calls(client) == []
