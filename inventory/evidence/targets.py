"""The clusters that rights are about: what of their ARNs is known, and which part of a pattern is about their topics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from inventory.evidence.patterns import ANY, UUID, rests
from inventory.rows import CLUSTERS, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inventory.rows import ResourceRow

NATIVE: Final = ("aws-native:msk:Cluster", "aws-native:msk:ServerlessCluster")
CLUSTER: Final = "cluster"
TOPIC: Final = "topic"
KINDS: Final = (CLUSTER, TOPIC, "group", "transactional-id")
_PARTS_OF_ARN: Final = 6


@dataclass(frozen=True, slots=True)
class Target:
    """A cluster.

    Attributes:
        name: What people call it.
        urn: Its resource; empty for a cluster of another program.
        head: Partition, region and account of its ARN; None for what is not known.
        cluster: Name and UUID in its ARN; None for what is not known.
    """

    name: str
    urn: str
    head: tuple[str | None, str | None, str | None] = (None, None, None)
    cluster: tuple[str | None, str | None] = (None, None)

    @property
    def account(self) -> str | None:
        """Its account; None where it is not known."""
        return self.head[2]

    def names_in(self, pattern: str, kind: str, *, surely: bool = False) -> list[str]:
        """The patterns of names of a kind in this cluster that a pattern of ARNs takes in; ``""`` for the cluster itself.

        Args:
            pattern: The pattern of ARNs.
            kind: One of `KINDS`.
            surely: Whether only what it takes in whatever is not known of the cluster, and not what it may.
        """
        partition, region, account = self.head
        name, uuid = self.cluster
        known = ("arn:", partition, ":kafka:", region, ":", account, f":{kind}/", name, "/", uuid or UUID)
        if kind == CLUSTER:
            return [""] if any(rest in ("", ANY) for rest in rests(pattern, known, surely=surely)) else []
        names = rests(pattern, (*known, "/"), surely=surely)
        # No topic has a slash in its name; a group may.
        return [rest for rest in names if rest and not (kind == TOPIC and "/" in rest)]


ELSEWHERE: Final = Target("", "")
"""A cluster of which nothing is known."""


def targets_of(rows: Iterable[ResourceRow]) -> list[Target]:
    """The clusters of an inventory."""
    return [_target(row) for row in rows if row["type"] in (*CLUSTERS, *NATIVE)]


def _target(row: ResourceRow) -> Target:
    given = row["inputs"].get("clusterName")
    name = given if isinstance(given, str) and is_known(given) else None
    arn = row["outputs"].get("arn")
    if isinstance(arn, str) and is_known(arn) and arn.count(":") == _PARTS_OF_ARN - 1:
        _, partition, _, region, account, resource = arn.split(":")
        _, *names = resource.split("/")
        if len(names) == 2:  # noqa: PLR2004 - name and UUID
            return Target(names[0], row["urn"], (partition, region, account), (names[0], names[1]))
    return Target(name or row["name"], row["urn"], cluster=(name, None))
