"""The resource tree: every resource once, below its component."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inventory.rows import ResourceRow
from support.inventories import row
from tools.preview.resource_tree import count, kind, resource_tree
from tools.report.sections import Node, text

STACK = row("pulumi:pulumi:Stack", "shop-dev")
NETWORK = row("msk-platform:network:Network", "net", parent=STACK["urn"])


def lines(nodes: tuple[Node, ...], depth: int = 0) -> list[tuple[int, str]]:
    found = []
    for node in nodes:
        found.append((depth, text(node.label)))
        found += lines(node.children, depth + 1)
    return found


def test_resources_of_a_type_share_a_line_without_their_components_name() -> None:
    rows = [STACK, NETWORK, *(row("aws:ec2/subnet:Subnet", f"net-{zone}", parent=NETWORK["urn"]) for zone in "abc")]
    assert lines(resource_tree(rows)) == [(0, "net  Network"), (1, "ec2 Subnet \N{MULTIPLICATION SIGN}3  a, b, c")]


def test_a_resource_with_children_has_a_line_to_itself() -> None:
    vpc = row("aws:ec2/vpc:Vpc", "net-vpc", parent=NETWORK["urn"])
    subnet = row("aws:ec2/subnet:Subnet", "net-a", parent=vpc["urn"])
    assert [depth for depth, _ in lines(resource_tree([STACK, NETWORK, vpc, subnet]))] == [0, 1, 2]


def test_protection_is_shown_for_all_or_for_some() -> None:
    some = [row("aws:kms/key:Key", name, protect=name == "a") for name in "ab"]
    assert lines(resource_tree(some)) == [(0, "kms Key \N{MULTIPLICATION SIGN}2  a, b  (1 protected)")]
    assert lines(resource_tree(some[:1])) == [(0, "kms Key  a  (protected)")]


def test_providers_that_pulumi_makes_itself_are_left_out() -> None:
    default = row("pulumi:providers:aws", "default_7_51_1")
    own = row("pulumi:providers:aws", "frankfurt")
    assert [text(node.label) for node in resource_tree([default, own])] == ["aws  frankfurt"]
    assert count([default, own, STACK, NETWORK]) == 0


@given(parents=st.lists(st.integers(0, 8), min_size=1, max_size=9))
def test_every_resource_is_there_once(parents: list[int]) -> None:
    rows: list[ResourceRow] = []
    for number, parent in enumerate(parents):
        above = rows[parent]["urn"] if parent < number else ""
        resource_type = "aws:kms/key:Key" if number % 2 else "msk-platform:network:Network"
        rows.append(row(resource_type, f"r{number}r", parent=above))
    shown = " ".join(label for _, label in lines(resource_tree(rows)))
    for number in range(len(parents)):
        assert shown.count(f"r{number}r") == 1
    assert count(rows) == len(parents) // 2


def test_types_are_shown_as_people_say_them() -> None:
    assert kind("aws:ec2/subnet:Subnet") == "ec2 Subnet"
    assert kind("random:index/randomId:RandomId") == "random RandomId"
    assert kind("msk-platform:cluster:KafkaCluster") == "KafkaCluster"


def test_what_is_taken_over_is_marked_and_counted_by_itself() -> None:
    made, there = row("aws:kms/key:Key", "a"), row("aws:kms/key:Key", "b")
    there["options"]["import"] = "key-1"
    assert lines(resource_tree([made, there])) == [(0, "kms Key \N{MULTIPLICATION SIGN}2  a, b  (1 import)")]
    assert (count([made, there]), count([made, there], imported=True)) == (1, 1)
