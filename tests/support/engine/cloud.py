"""A cloud in a JSON file: what the provider double has made, so that a test can look at it and change it."""

from __future__ import annotations

import fcntl
import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.engine.faults import Fault, next_fault, set_fault

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Call:
    """A call that changed the cloud."""

    call: str
    """`create`, `update` or `delete`."""
    type: str
    name: str
    """The logical name."""
    changed: tuple[str, ...] = ()
    """The properties that an update changed."""


class Cloud:
    """The resources that exist, and the calls that made them so.

    Args:
        file: Where it is; it need not exist. Several processes may use it at a time.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read: tuple[str, dict[str, Any]] = ("", {})

    @contextmanager
    def open(self) -> Iterator[dict[str, Any]]:
        """The content, to read or change; written back at the end.

        It has `resources` by type and id, each with its `urn`, its `properties` and what is going on with it (`condition`), the
        `calls` that took effect, the `faults` that are set and the calls that they `failed`; of what was deleted, what ids follow
        from (`spent`), and the names of secrets that can still be recovered (`recoverable`).
        """
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a+", encoding="utf-8") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            stream.seek(0)
            before = stream.read()
            content = json.loads(before or '{"resources": {}, "calls": []}')
            yield content
            after = json.dumps(content)
            if after != before:
                stream.seek(0)
                stream.truncate()
                stream.write(after)

    def _look(self) -> dict[str, Any]:
        """The content, to read and not to change: parsed once for as long as nobody changes it, for every call asks."""
        if not self._file.exists():
            return {"resources": {}, "calls": []}
        with self._file.open(encoding="utf-8") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH)
            text = stream.read()
        if text != self._read[0]:
            self._read = (text, json.loads(text))
        return self._read[1] or {"resources": {}, "calls": []}

    def calls(self) -> list[Call]:
        """Every call that changed the cloud, the first one first."""
        return _calls(self._look()["calls"])

    def failed(self) -> list[Call]:
        """Every call that a fault befell, the first one first."""
        return _calls(self._look().get("failed", []))

    def set_fault(self, fault: Fault) -> None:
        """Makes a fault happen from now on, beside those that are set."""
        with self.open() as content:
            set_fault(content, fault)

    def clear_faults(self) -> None:
        """Lets nothing go wrong any more, and forgets what did."""
        with self.open() as content:
            content.pop("faults", None)
            content.pop("failed", None)

    def next_fault(self, call: str, type_: str, name: str) -> Fault | None:
        """The fault that befalls a call, if any; counts the call."""
        if not self._look().get("faults"):
            return None
        with self.open() as content:
            return next_fault(content, call, type_, name)

    def forget_calls(self) -> None:
        """Lets `calls` begin here."""
        with self.open() as content:
            content["calls"] = []

    def resources(self) -> dict[str, dict[str, Any]]:
        """Everything that exists by type and id, as `type|id`."""
        resources: dict[str, dict[str, Any]] = self._look()["resources"]
        return resources

    def spent(self) -> set[str]:
        """What the ids of deleted resources followed from: none is given again."""
        return set(self._look().get("spent", ()))

    def recoverable(self) -> list[str]:
        """The names of deleted secrets that can still be recovered."""
        return list(self._look().get("recoverable", ()))

    @contextmanager
    def only(self, type_: str) -> Iterator[dict[str, Any]]:
        """The properties of the only resource of a type, to read or change behind the engine's back."""
        with self.open() as content:
            (resource,) = [item for key, item in content["resources"].items() if key.startswith(f"{type_}|")]
            yield resource["properties"]

    def set_condition(self, type_: str, **condition: Any) -> None:
        """Says what is going on with the only resource of a type, which no property shows.

        A cluster has a `state`, such as UPDATING, and `brokersWithPartitions`: how many of its brokers hold any.
        """
        with self.open() as content:
            (resource,) = [item for key, item in content["resources"].items() if key.startswith(f"{type_}|")]
            resource["condition"] = condition


def _calls(calls: list[dict[str, Any]]) -> list[Call]:
    return [Call(**{**call, "changed": tuple(call["changed"])}) for call in calls]
