"""What the provider double replaces and ignores, as the provider does."""

from __future__ import annotations

from typing import Any

import pytest

from support.engine.replacements import differences, replacing

CLUSTER = "aws:msk/cluster:Cluster"


def replaced(type_: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return replacing(type_, differences(type_, old, new), old, new)


@pytest.mark.parametrize(
    ("old", "new", "replaces"),
    [
        ("3.9.x", "3.8.x", False),
        ("3.9.x.kraft", "4.0.x.kraft", False),
        ("3.6.0", "3.9.x", False),
        ("3.6.0", "3.7.1", False),
        ("3.7.1", "3.6.0", True),
        ("2.8.10", "2.8.9", True),
        ("2.8.9", "2.8.10", False),
    ],
)
def test_an_older_version_replaces_unless_one_of_them_has_an_x(old: str, new: str, replaces: bool) -> None:
    assert replaced(CLUSTER, {"kafkaVersion": old}, {"kafkaVersion": new}) == (["kafkaVersion"] if replaces else [])


@pytest.mark.parametrize(("old", "new", "replaces"), [("TIERED", "LOCAL", True), ("LOCAL", "TIERED", False)])
def test_only_the_way_back_from_tiered_storage_replaces(old: str, new: str, replaces: bool) -> None:
    assert replaced(CLUSTER, {"storageMode": old}, {"storageMode": new}) == (["storageMode"] if replaces else [])


def test_subnets_in_another_order_are_no_difference_and_other_subnets_replace() -> None:
    def cluster(*subnets: str) -> dict[str, Any]:
        return {"brokerNodeGroupInfo": {"clientSubnets": list(subnets), "instanceType": "kafka.m7g.large"}}

    assert differences(CLUSTER, cluster("a", "b"), cluster("b", "a")) == []
    assert replaced(CLUSTER, cluster("a", "b"), cluster("a", "c")) == ["brokerNodeGroupInfo.clientSubnets"]
