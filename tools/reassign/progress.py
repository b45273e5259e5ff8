"""A plan that is being carried out, in a file: whoever is interrupted goes on from there."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tools.reassign.layout import Partition
from tools.reassign.plan import Move
from tools.reassign.reading import listed
from tools.shared.commands import REFUSED, CommandError
from tools.shared.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from tools.reassign.reading import Snapshot

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """A plan, and how far it is carried out.

    Attributes:
        addresses: The addresses of the cluster's brokers by their IDs, by which the cluster is known again.
        removed: The brokers that are emptied.
        batches: The moves.
        done: How many batches are done.
    """

    addresses: dict[int, str]
    removed: frozenset[int]
    batches: list[list[Move]]
    done: int = 0

    @property
    def rest(self) -> list[list[Move]]:
        """The batches that are not done."""
        return self.batches[self.done :]

    def with_one_more(self) -> Progress:
        """The same when the next batch is done."""
        return replace(self, done=self.done + 1)

    def save(self, file: Path) -> None:
        """Writes it, in one step."""
        document = {
            "format": _FORMAT,
            "addresses": self.addresses,
            "removed": sorted(self.removed),
            "done": self.done,
            "batches": [
                [[*move.partition, move.size, list(move.before), list(move.after)] for move in batch] for batch in self.batches
            ],
        }
        write_atomically(file, json.dumps(document) + "\n")

    def still_fits(self, snapshot: Snapshot, file: Path) -> Progress:
        """The same for the cluster as it is now, without partitions of topics that are deleted.

        Args:
            snapshot: The cluster.
            file: Where it was read from.

        Raises:
            CommandError: It is of another cluster, or someone else moved its partitions.
        """
        again = f"Delete {file} for a new plan."
        if self.addresses != {broker: about.address for broker, about in snapshot.brokers.items()}:
            raise CommandError(f"{file} holds the unfinished plan of a cluster with other brokers. {again}", REFUSED)
        present = snapshot.topics.replicas
        kept = [[move for move in batch if move.partition in present] for batch in self.batches]
        strange = [
            move.partition
            for batch in kept[self.done :]
            for move in batch
            # While it moves, it has those replicas that it had and those that it gets.
            if present[move.partition] not in (move.before, move.after)
            and set(present[move.partition]) != {*move.before, *move.after}
        ]
        if strange:
            raise CommandError(
                f"Someone else moved what the unfinished plan in {file} moves: {listed(strange)}. {again}", REFUSED
            )
        return replace(self, batches=kept)


def progress_in(file: Path) -> Progress | None:
    """The unfinished plan in a file; None if there is none.

    Raises:
        CommandError: The file holds something else.
    """
    if not file.exists():
        return None
    try:
        # Of another format there is none.
        document = {_FORMAT: json.loads(file.read_text(encoding="utf-8"))}
        document = document[document[_FORMAT]["format"]]
        return Progress(
            {int(broker): address for broker, address in document["addresses"].items()},
            frozenset(document["removed"]),
            [
                [
                    Move(Partition(topic, number), tuple(before), tuple(after), size)
                    for topic, number, size, before, after in batch
                ]
                for batch in document["batches"]
            ],
            document["done"],
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise CommandError(f"--state {file}: it holds no plan of this command. Name another file.") from error
