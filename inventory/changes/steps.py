"""The steps of a preview as data, one for each resource, and the properties in which old and new state differ."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from domain.java_properties import parse_properties
from domain.msk.operations import covers
from domain.problems import printable, shown
from inventory.rows import SECRET, UNKNOWN, ResourceRow, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Step:
    """What the engine will do with a resource.

    Attributes:
        op: "create", "update", "replace", "delete", "import" or "same".
        old: The resource as it is; None where there is none.
        new: The resource as it will be; None where there will be none.
        differs: Property paths in which the provider sees a difference; None where it does not say.
        replacing: Those of them that replace the resource.
        delete_first: Whether the old one is deleted before the new one is created; None where that is not said.
    """

    op: str
    old: ResourceRow | None
    new: ResourceRow | None
    differs: tuple[str, ...] | None = None
    replacing: tuple[str, ...] = ()
    delete_first: bool | None = None

    @property
    def row(self) -> ResourceRow:
        """The resource, as it will be or as it was."""
        row = self.new or self.old
        if row is None:
            raise ValueError("A step is about a resource: it has an old or a new state.")
        return row

    @property
    def goes(self) -> bool:
        """Whether the resource that is there is replaced or deleted."""
        return self.op in ("replace", "delete")

    @property
    def unprotects(self) -> bool:
        """Whether protection is taken off."""
        return is_protected(self.old) and self.new is not None and not is_protected(self.new)

    @property
    def retained(self) -> bool:
        """Whether AWS keeps the resource when Pulumi lets go of it."""
        return self.old is not None and self.old["options"].get("retainOnDelete") is True


def is_protected(row: ResourceRow | None) -> bool:
    """Whether the engine refuses to delete or replace a resource."""
    return row is not None and row["options"].get("protect") is True


Tree: TypeAlias = "Mapping[str, object]"


class _Absent:
    """Stands for a value that is not there."""


_ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """A property that changes.

    Attributes:
        path: Its dotted path, wire names.
        old: Its value in words.
        new: The value it will have, in words.
        replaces: Whether this is what replaces the resource.
    """

    path: str
    old: str
    new: str
    replaces: bool


def differences(step: Step) -> list[Difference]:
    """The properties in which a resource changes, sorted by path; none where only one state is there."""
    if step.op not in ("update", "replace") or step.old is None or step.new is None:
        return []
    before, after = dict(_leaves(step.old["inputs"])), dict(_leaves(step.new["inputs"]))
    paths = {path for path in before.keys() | after.keys() if before.get(path, _ABSENT) != after.get(path, _ABSENT)}
    if step.differs:
        paths = {path for path in paths if any(covers(path, differing) for differing in step.differs)}
        # What the cloud has become by itself: the program asks for the same as ever, and the resource is something else.
        drifted = [differing for differing in step.differs if not any(covers(path, differing) for path in paths)]
        actual = dict(_leaves(step.old["outputs"]))
        before = {**{path: actual.get(path, _ABSENT) for path in drifted}, **before}
        before.update({path: actual[path] for path in drifted if path in actual})
        paths.update(drifted)
    return [
        Difference(
            printable(path),
            *_both(before.get(path, _ABSENT), after.get(path, _ABSENT)),
            any(covers(path, replacing) for replacing in step.replacing),
        )
        for path in sorted(paths)
        # The provider's own copy of the tags.
        if not path.startswith("tagsAll")
    ]


def _leaves(tree: Tree, path: str = "") -> Iterator[tuple[str, object]]:
    for key, value in tree.items():
        if key.startswith("__"):
            continue  # the bridge's own notes, such as __defaults
        place = f"{path}.{key}" if path else key
        if key == "serverProperties" and isinstance(value, str) and is_known(value):
            yield from ((f"{place}.{name}", item) for name, item in parse_properties(value).items())
        elif isinstance(value, dict) and value:
            yield from _leaves(value, place)
        else:
            yield place, value


def _both(old: object, new: object) -> tuple[str, str]:
    before, after = in_words(old), in_words(new)
    if before == after:
        # Too long to be shown whole, and the same at the beginning; or hidden.
        after = f"{after}, changed"
    return before, after


def in_words(value: object) -> str:
    """A value on one line, cut where it is long; unknown, hidden and missing values said as such."""
    if value is _ABSENT or value is None:
        return "not set"
    if value == UNKNOWN:
        return "known after the update"
    if value == SECRET:
        return "a secret"
    if isinstance(value, list | dict):
        value = json.dumps(value, default=str, ensure_ascii=False).replace(UNKNOWN, "known after the update")
    text = shown(value)
    return printable(" ".join(text.split())) or '""'
