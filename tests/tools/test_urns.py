"""A resource's type and name, as its URN says them."""

from __future__ import annotations

import pytest

from tools.shared.urns import name_in, type_in

CLUSTER = "aws:msk/cluster:Cluster"


@pytest.mark.parametrize(
    ("urn", "kind", "name"),
    [
        (f"urn:pulumi:dev::orders::{CLUSTER}::kafka", CLUSTER, "kafka"),
        (f"urn:pulumi:dev::orders::msk-platform:cluster:KafkaCluster${CLUSTER}::kafka", CLUSTER, "kafka"),
        (f"urn:pulumi:dev::orders::a:b:C$d:e:F${CLUSTER}::name::with::colons", CLUSTER, "name::with::colons"),
        ("", "", ""),
        ("kafka", "", "kafka"),
        ("urn:pulumi:dev::orders", "", "urn:pulumi:dev::orders"),
    ],
)
def test_a_type_is_found_without_its_parents_and_a_name_as_a_whole(urn: str, kind: str, name: str) -> None:
    assert type_in(urn) == kind
    assert name_in(urn) == name
