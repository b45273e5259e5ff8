"""Samples of what a pattern may take in: clusters that no policy names, and names in them as people give them.

Whether a policy is about every topic, or about those that it names, is asked of samples: who takes in so many names that nobody
named takes in everybody's.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from msk_policies.iam.patterns import example

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from msk_policies.iam.patterns import Pattern

_TAILS: Final = (
    "elvoria.status-changes", "umbratek", "ostrine_events.v2", "imarel-shipment-log", "arvenio.kestor.updates", "yndelo9",
    "olthame-orders-dlq", "epranik_raw", "urdimo.v1.commands", "ionsta-retry", "asterno.daily_report",
)  # fmt: skip
_FIRSTS: Final = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

NAMES: Final = tuple(first + _TAILS[index % len(_TAILS)] for index, first in enumerate(_FIRSTS))
"""Names of topics, groups and the like: invented words, of which one begins with each letter and each digit."""

_FEW: Final = NAMES[:: len(_TAILS) - 1]
_UUID: Final = "7d3c1e9a-5b0f-4c62-8a17-e4f9b2d60c35-11"
_ACCOUNT: Final = "804217365921"
_MANY_OF: Final = 4
"""One in so many samples are as good as all: a wildcard took them in, for nobody named them."""
_ARN_PARTS: Final = 6
_KIND_AND_CLUSTER: Final = 3


class Place(NamedTuple):
    """Where resources of Amazon MSK are: the beginning of their ARNs, `arn:aws:kafka:eu-west-1:804217365921`."""

    head: str
    cluster: str
    """Name and UUID: `orders/7d3c1e9a`."""

    def arn(self, kind: str, name: str = "") -> str:
        """The ARN of the cluster itself, or of a topic, group or transactional id in it."""
        return f"{self.head}:{kind}/{self.cluster}" + (f"/{name}" if name else "")


def named(patterns: Iterable[str]) -> list[Place]:
    """The clusters that patterns of ARNs name, samples for what they leave open; and one that nobody names."""
    return list(dict.fromkeys([_place(""), *(_place(pattern) for pattern in patterns)]))


def heads(patterns: Iterable[str]) -> list[str]:
    """The accounts and regions that patterns name, and some that none does, as ARNs begin with them."""
    return list(dict.fromkeys(place.head for place in named(patterns)))


@lru_cache(maxsize=16)
def neighbours(kind: str) -> Samples:
    """Samples of keys, secrets, roles and security groups."""
    return Samples(_NEIGHBOURS[kind].format(account=_ACCOUNT, name=name, uuid=name + _UUID[:8]) for name in _FEW)


class Samples:
    """Some sample ARNs of one kind: who takes in most of them takes in all that they stand for.

    Attributes:
        arns: The ARNs.
        wanted: How many are most of them.
    """

    def __init__(self, arns: Iterable[str]) -> None:
        self.arns = tuple(arns)
        self.wanted = -(-len(self.arns) // _MANY_OF)
        # What the first and the last of them in order begin with, all do.
        first, last = min(self.arns), max(self.arns)
        differing = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
        self._beginning = first[: next(differing, len(first))]
        # Names begin with a letter each, so what says more than the beginning takes in few.
        self._alike = max(Counter(arn[: len(self._beginning) + 1] for arn in self.arns).values())

    def may_be_taken_in(self, patterns: Iterable[Pattern]) -> bool:
        """Whether patterns may take in most of them; what says no by its beginnings need not be held against each."""
        few = 0
        for pattern in patterns:
            if self._beginning.startswith(pattern.beginning):
                return True
            few += self._alike if pattern.beginning.startswith(self._beginning) else 0
        return few >= self.wanted

    def are_mostly(self, taken: Callable[[str], bool]) -> bool:
        """Whether so many of them are taken in that the rest hardly counts."""
        return len(list(islice(filter(taken, self.arns), self.wanted))) == self.wanted


@lru_cache(maxsize=1024)
def names_in(place: Place, kind: str) -> Samples:
    """The ARNs of topics, groups or the like in a cluster, by the sampled names."""
    return Samples(place.arn(kind, name) for name in NAMES)


@lru_cache(maxsize=1024)
def clusters_in(head: str, kind: str, names: Sequence[str]) -> Samples:
    """The ARNs of clusters that nobody named, or of what is in them."""
    return Samples(Place(head, f"{cluster}/{_UUID}").arn(kind, name) for cluster in _FEW for name in names)


@lru_cache(maxsize=4096)
def _place(pattern: str) -> Place:
    """The cluster that a pattern names, samples for its wildcards and for what it lacks."""
    _, partition, _, region, account, resource = [*pattern.split(":", _ARN_PARTS - 1), *[""] * _ARN_PARTS][:_ARN_PARTS]
    steps = [*resource.split("/"), *[""] * _KIND_AND_CLUSTER][:_KIND_AND_CLUSTER]
    head = ":".join(
        (
            "arn",
            _sample(partition, "aws"),
            "kafka",
            _sample(region, "eu-west-1"),
            _sample(account, _ACCOUNT, many="7", single="7"),
        )
    )
    return Place(head, f"{_sample(steps[1], _FEW[0])}/{_sample(steps[2], _UUID)}")


def _sample(pattern: str, otherwise: str, many: str = "k", single: str = "k") -> str:
    """A text for a part of an ARN: what the part says, with something for its wildcards."""
    return otherwise if not pattern.strip("*") else example(pattern, many, single)


_NEIGHBOURS: Final = {
    "key": "arn:aws:kms:eu-west-1:{account}:key/{uuid}",
    "secret": "arn:aws:secretsmanager:eu-west-1:{account}:secret:AmazonMSK_{name}-aB3dE6",
    **{kind: f"arn:aws:iam::{{account}}:{kind}/{{name}}" for kind in ("group", "policy", "role", "user")},
    "security-group": "arn:aws:ec2:eu-west-1:{account}:security-group/sg-0{uuid}",
}
