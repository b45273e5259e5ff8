from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rows import (
    SECRET,
    UNKNOWN,
    ResourceRow,
    get,
    is_known,
    path_parts,
    rows_of_type,
)


def _row(name: str, resource_type: str = "aws:msk/cluster:Cluster", parent: str = "") -> ResourceRow:
    return {
        "urn": f"urn:pulumi:dev::demo::{resource_type}::{name}",
        "type": resource_type,
        "name": name,
        "custom": resource_type.startswith("aws:"),
        "parent": parent,
        "inputs": {},
        "outputs": {},
        "options": {},
    }


COMPONENT = _row("kafka", "msk-platform:cluster:KafkaCluster")
CLUSTER = _row("kafka-cluster", parent=COMPONENT["urn"])
OTHER = _row("other", "aws:kms/key:Key", parent=COMPONENT["urn"])
ROWS = [CLUSTER, COMPONENT, OTHER]


def test_rows_are_found_by_type_in_the_inventorys_order() -> None:
    assert rows_of_type(ROWS, "aws:msk/cluster:Cluster") == [CLUSTER]
    assert rows_of_type([OTHER, CLUSTER, OTHER], "aws:kms/key:Key") == [OTHER, OTHER]
    assert rows_of_type(ROWS, "aws:msk/cluster") == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("info.clientSubnets[1]", "subnet-b"),
        ("info.clientSubnets[-1]", "subnet-b"),
        ("info.clientSubnets[2]", None),
        ("info.clientSubnets", ["subnet-a", "subnet-b"]),
        ("info.missing.deeper", None),
        ("info.clientSubnets.name", None),
        ("count.deeper", None),
        ("count", 6),
        ("off", False),
        ("zero", 0),
        ("nothing", None),
        ("later", UNKNOWN),
        ("later.arn", UNKNOWN),
        ("later[0].arn", UNKNOWN),
        ("lists[0][1]", 2),
    ],
)
def test_a_value_is_read_by_its_path(path: str, value: object) -> None:
    inputs = {
        "info": {"clientSubnets": ["subnet-a", "subnet-b"]},
        "count": 6,
        "off": False,
        "zero": 0,
        "nothing": None,
        "later": UNKNOWN,
        "lists": [[1, 2]],
    }
    assert get(inputs, path) == value


def test_a_default_stands_for_what_is_missing_and_not_for_what_is_false() -> None:
    assert get({"a": None}, "a", "default") == "default"
    assert get({}, "a.b[0]", "default") == "default"
    assert get({"a": False}, "a", "default") is False


def test_a_key_with_a_dot_is_read_by_its_parts() -> None:
    assert get({"tags": {"a.b": "c"}}, ("tags", "a.b")) == "c"


@given(st.lists(st.from_regex(r"[a-zA-Z]{1,8}", fullmatch=True) | st.integers(0, 9), min_size=1, max_size=5))
def test_a_path_and_its_parts_lead_to_the_same_place(parts: list[str | int]) -> None:
    value: object = "found"
    for part in reversed(parts):
        value = {part: value} if isinstance(part, str) else [*[None] * part, value]
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")
    assert path_parts(text) == tuple(parts)
    assert get(value, text) == get(value, parts) == "found"


def test_what_is_unknown_or_hidden_cannot_be_judged() -> None:
    assert is_known({"a": [1, "x", None, False]})
    assert not is_known(UNKNOWN)
    assert not is_known({"a": [1, {"b": UNKNOWN}]})
    assert not is_known([SECRET])
