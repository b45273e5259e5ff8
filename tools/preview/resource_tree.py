"""The resources of an inventory as a tree: components, and in each its resources by type."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from offline.protocol.registration import STACK_TYPE
from tools.report.sections import TIMES, Node, Piece, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.preview.document import PreviewedRow
    from tools.report.sections import Words


def resource_tree(rows: Sequence[PreviewedRow]) -> tuple[Node, ...]:
    """The trees below the stack, in the order of registration.

    Resources of one type below one component share a line: their names without what all of them begin with. A resource
    with children of its own has a line to itself. Providers that Pulumi makes by itself are left out.
    """
    stacks = {row["urn"] for row in rows if row["type"] == STACK_TYPE}
    below: dict[str, list[PreviewedRow]] = {}
    for row in rows:
        if row["urn"] in stacks or (row["type"].startswith("pulumi:providers:") and row["name"].startswith("default")):
            continue
        parent = "" if row["parent"] in stacks else row["parent"]
        below.setdefault(parent, []).append(row)
    return _nodes("", "", below)


def count(rows: Sequence[PreviewedRow], *, imported: bool = False) -> int:
    """How many resources a provider would create, or import."""
    return sum(
        1
        for row in rows
        if row["custom"] and not row["type"].startswith("pulumi:") and bool(row["options"].get("import")) is imported
    )


def kind(resource_type: str) -> str:
    """A type for people: ``ec2 Subnet`` for ``aws:ec2/subnet:Subnet``, ``Network`` for a component."""
    package, _, rest = resource_type.partition(":")
    module, _, name = rest.rpartition(":")
    service = module.partition("/")[0]
    return f"{service if package == 'aws' else package} {name}" if package in ("aws", "random") else name


def _nodes(parent: str, parent_name: str, below: Mapping[str, list[PreviewedRow]]) -> tuple[Node, ...]:
    nodes: list[Node] = []
    groups: dict[str, list[PreviewedRow]] = {}
    for row in below.get(parent, []):
        if row["urn"] in below or not row["custom"]:
            children = _nodes(row["urn"], row["name"], below)
            nodes.append(Node(_branch(row), children))
        else:
            groups.setdefault(row["type"], []).append(row)
    leaves = [Node(_leaves(resource_type, rows, parent_name)) for resource_type, rows in groups.items()]
    return (*leaves, *nodes)


def _branch(row: PreviewedRow) -> Words:
    return (
        Piece(row["name"], Tone.STRONG),
        Piece(f"  {kind(row['type'])}", Tone.QUIET),
        *_protection([row]),
    )


def _leaves(resource_type: str, rows: Sequence[PreviewedRow], parent_name: str) -> Words:
    number = f" {TIMES}{len(rows)}" if len(rows) > 1 else ""
    named = ", ".join(_gathered([_short(row["name"], parent_name) for row in rows]))
    return (
        Piece(f"{kind(resource_type)}{number}", Tone.NAME),
        f"  {named}" if named else "",
        *_protection(rows),
    )


def _protection(rows: Sequence[PreviewedRow]) -> tuple[Piece, ...]:
    marks: list[Piece] = []
    for option, word in (("import", "import"), ("protect", "protected")):
        number = sum(1 for row in rows if row["options"].get(option))
        if number:
            some = "" if number == len(rows) else f"{number} "
            marks.append(Piece(f"  ({some}{word})", Tone.GOOD))
    return tuple(marks)


def _gathered(names: Sequence[str]) -> list[str]:
    """Names without the empty ones; those that differ behind a slash only, as one for each broker does, are told once."""
    times = Counter(name.partition("/")[0] for name in names if name)
    told = dict.fromkeys(name if times[name.partition("/")[0]] == 1 else name.partition("/")[0] for name in names if name)
    return [f"{name} {TIMES}{times[name]}" if times.get(name, 1) > 1 else name for name in told]


def _short(name: str, parent_name: str) -> str:
    """A child's name without its component's, which stands above it."""
    return name.removeprefix(parent_name).lstrip("-")
