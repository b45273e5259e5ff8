"""What the AWS provider replaces, and what it sees no difference in, for the resource types of this product.

Read from replacing_inputs.json, which `support.provider_facts.generate` asked of the real Terraform AWS provider, which
pulumi-aws is made of. What that version does not have yet is written by hand here, with its source.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from offline.protocol import wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TABLE: Mapping[str, Any] = json.loads(Path(__file__).with_name("replacing_inputs.json").read_text(encoding="utf-8"))
"""`provider`, `types`, `unplanned` and `pairs`, as the generator writes them."""

WRITTEN_BY_HAND: Mapping[str, Mapping[str, str]] = {
    # Not in 5.100. CloudFormation, AWS::MSK::Topic ("Update requires: Replacement"); Amazon MSK API, UpdateTopic, takes only
    # configs and the number of partitions.
    "aws:msk/topic:Topic": {"clusterArn": "replace", "name": "replace", "replicationFactor": "replace"},
}
"""The verdicts on inputs that the asked version does not have. One more, for every type: another `region` replaces
(Terraform AWS provider 6, "Enhanced Region Support")."""


def _inputs(type_: str) -> Mapping[str, Any]:
    return {**TABLE["types"].get(type_, {}).get("inputs", {}), **WRITTEN_BY_HAND.get(type_, {})}


def _replaces(verdict: Any) -> bool:
    return "replace" in (verdict.values() if isinstance(verdict, dict) else (verdict,))


REPLACING: Mapping[str, tuple[str, ...]] = {
    type_: tuple(path for path, verdict in _inputs(type_).items() if _replaces(verdict))
    for type_ in sorted(TABLE["types"].keys() | WRITTEN_BY_HAND.keys())
}
"""Dotted paths, by type, of what replaces when it is changed, added or removed; a path covers all that is under it."""

WITHOUT_ORDER: Mapping[str, tuple[str, ...]] = {
    type_: tuple(type_name["without_order"]) for type_, type_name in TABLE["types"].items()
}
"""Lists that are sets to the provider."""

_CLUSTER = "aws:msk/cluster:Cluster"
_NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def differences(type_: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The dotted paths at which the provider sees a difference between two sets of inputs, in order."""
    return sorted(_differences(type_, "", old, new))


def _differences(type_: str, path: str, old: Any, new: Any) -> Iterator[str]:
    old, new = wire.reveal(old), wire.reveal(new)
    if new is None and path in TABLE["types"].get(type_, {}).get("kept_when_absent", ()):
        return
    if isinstance(old, dict | None) and isinstance(new, dict | None) and (old or new):
        before, after = old or {}, new or {}
        for key in before.keys() | after.keys():
            yield from _differences(type_, f"{path}.{key}" if path else key, before.get(key), after.get(key))
    elif path in WITHOUT_ORDER.get(type_, ()) and isinstance(old, list) and isinstance(new, list):
        if sorted(map(_canonical, old)) != sorted(map(_canonical, new)):
            yield path
    elif old != new and _verdict(type_, path, old, new) != "none":
        yield path


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _verdict(type_: str, path: str, old: Any, new: Any) -> str:
    verdict = _inputs(type_).get(path, "update")
    kind = "add" if old is None else "remove" if new is None else "change"
    # What is always there has a verdict on its change alone; what is never changed, on its addition.
    return str(verdict.get(kind, verdict.get("change", "update")) if isinstance(verdict, dict) else verdict)


def replacing(type_: str, paths: list[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Those of the differing paths that replace the resource."""
    found = [
        path
        for path in paths
        if path == "region" or any(_covers(type_, item, path, old, new) for item in REPLACING.get(type_, ()))
    ]
    # What hangs on the values: `pairs` of the table has what the provider says of each.
    if type_ == "aws:ec2/vpc:Vpc" and (old.get("instanceTenancy"), new.get("instanceTenancy")) == ("dedicated", "default"):
        found = [path for path in found if path != "instanceTenancy"]
    if type_ == _CLUSTER:
        # internal/service/kafka/cluster.go, CustomizeDiff. A version that has an x in it is no version to its comparison.
        if "kafkaVersion" in paths and _is_older(str(new.get("kafkaVersion")), str(old.get("kafkaVersion"))):
            found.append("kafkaVersion")
        if "storageMode" in paths and (old.get("storageMode"), new.get("storageMode")) == ("TIERED", "LOCAL"):
            found.append("storageMode")
    return found


def _covers(type_: str, one: str, path: str, old: Any, new: Any) -> bool:
    """Whether an input of the table is what differs at a path: the path itself, what is above it, or what is in its list."""
    if path.startswith(f"{one}."):
        return True
    if path != one and not one.startswith(f"{path}."):
        return False
    before, after = _at(old, one.split(".")), _at(new, one.split("."))
    return before != after and _verdict(type_, one, before, after) == "replace"


def _at(value: Any, path: list[str]) -> Any:
    value = wire.reveal(value)
    if isinstance(value, list) and path:
        return [_at(item, path) for item in value]
    if not path or not isinstance(value, dict):
        return value if not path else None
    return _at(value.get(path[0]), path[1:])


def _is_older(one: str, other: str) -> bool:
    before, after = _NUMBERS.fullmatch(other), _NUMBERS.fullmatch(one)
    if before is None or after is None:
        return False
    return [int(part) for part in after.groups()] < [int(part) for part in before.groups()]
