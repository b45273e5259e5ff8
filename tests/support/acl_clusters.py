"""ACLs as Kafka's tool prints them, and a cluster of nothing but ACLs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tools.acls.reading import Entry, entry_of
from tools.shared.commands import FAILED, CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.acls.batches import Batch


def listing(entries: Iterable[Entry]) -> str:
    """What ``kafka-acls.sh --list`` prints: each resource with its ACLs, and an empty line behind."""
    resources: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in sorted(entries):
        resources.setdefault((entry.resource, entry.name, entry.pattern), []).append(entry)
    parts = []
    for (resource, name, pattern), those in resources.items():
        head = f"ResourcePattern(resourceType={resource}, name={name}, patternType={pattern})"
        lines = [
            f"(principal={entry.principal}, host={entry.host}, operation={_screaming(entry.operation)}, "
            f"permissionType={'ALLOW' if entry.allows else 'DENY'})"
            for entry in those
        ]
        parts.append(f"Current ACLs for resource `{head}`: \n \t" + "\n\t".join(lines) + " \n")
    return "\n".join(parts)


def _screaming(operation: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).upper()


class ModelCluster:
    """A cluster that takes ACLs as Kafka does: what is there may be made again, what is gone taken away again.

    Args:
        entries: What it has at first.
        fails_at: Which of its changes fails, the first is 0; None for none.
        after: Whether that one is done all the same, and only its answer is lost.
    """

    def __init__(self, entries: Iterable[Entry] = (), *, fails_at: int | None = None, after: bool = False) -> None:
        self.held = set(entries)
        self.history = [frozenset(self.held)]
        self._fails_at = fails_at
        self._after = after

    def entries(self) -> frozenset[Entry]:
        return frozenset(self.held)

    def add(self, batch: Batch) -> None:
        self._change(self.held | {entry_of(acl) for acl in batch.acls})

    def remove(self, batch: Batch) -> None:
        self._change(self.held - {entry_of(acl) for acl in batch.acls})

    def _change(self, entries: set[Entry]) -> None:
        fails = self._fails_at == len(self.history) - 1
        if not fails or self._after:
            self.held = entries
        self.history.append(frozenset(self.held))
        if fails:
            raise CommandError("kafka-acls.sh failed", FAILED)
