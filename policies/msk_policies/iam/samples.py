"""Samples of what a pattern may take in: clusters that no policy names, and names in them as people give them.

Whether a policy is about every topic, or about those that it names, is asked of samples: who takes in so many names that nobody
named takes in everybody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msk_policies.iam.patterns import example

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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


def unnamed(patterns: Iterable[str]) -> list[list[Place]]:
    """For each account and region that patterns name, and for one that none does, some clusters that they do not name."""
    heads = dict.fromkeys(place.head for place in named(patterns))
    return [[Place(head, f"{name}/{_UUID}") for name in _FEW] for head in heads]


def neighbours(kind: str) -> Sequence[str]:
    """Samples of keys, secrets, roles and security groups."""
    return [_NEIGHBOURS[kind].format(account=_ACCOUNT, name=name, uuid=_UUID[:36]) for name in _FEW]


def takes_in_most(taken: Callable[[str], bool], samples: Sequence[str]) -> bool:
    """Whether so many of some samples are taken in that the rest hardly counts."""
    return sum(map(taken, samples)) * _MANY_OF >= len(samples)


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
    "role": "arn:aws:iam::{account}:role/{name}",
    "security-group": "arn:aws:ec2:eu-west-1:{account}:security-group/sg-0{uuid}",
}
