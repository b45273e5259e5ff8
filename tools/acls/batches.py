"""ACLs as few commands of Kafka's tool: each starts a Java program, which takes a second or two.

One command makes every combination of the principals, operations and names that it is given, of one kind of resource and one
pattern. So ACLs go together that are such a product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.access.acls import Acl, AclResource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_ACLS: Final = 1000
"""Of a command: it asks for all in one request, to be answered within a minute, and brokers with ZooKeeper write one by one."""
_MOST_CHARACTERS: Final = 20_000
"""Of a command's names, each with its option and perhaps quotes: systems take command lines of 128 KiB, and half of that at most
goes to the operator's place at once."""


@dataclass(frozen=True, slots=True)
class Batch:
    """ACLs that one command makes or takes away.

    Attributes:
        resource: The kind of resource.
        prefixed: Whether the names are beginnings.
        principals: Each is given...
        operations: ...each of these...
        names: ...on each of these.
    """

    resource: AclResource
    prefixed: bool
    principals: tuple[str, ...]
    operations: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def acls(self) -> Iterator[Acl]:
        """The single ACLs."""
        for principal in self.principals:
            for name in self.names:
                for operation in self.operations:
                    yield Acl(principal, self.resource, name, self.prefixed, operation)

    @property
    def options(self) -> list[str]:
        """What ``kafka-acls.sh`` is given besides what it does."""
        names = (
            ["--cluster"]
            if self.resource is AclResource.CLUSTER
            else [word for name in self.names for word in (f"--{self.resource.lower().replace('_', '-')}", name)]
        )
        return [
            *(word for principal in self.principals for word in ("--allow-principal", principal)),
            *(word for operation in self.operations for word in ("--operation", operation)),
            *names,
            *(["--resource-pattern-type", "prefixed"] if self.prefixed else []),
        ]


def batches_of(acls: Iterable[Acl]) -> list[Batch]:
    """The ACLs in as few batches as go easily, each in one."""
    operations: dict[tuple[AclResource, bool, str, str], list[str]] = {}
    for acl in sorted(set(acls)):
        operations.setdefault((acl.resource, acl.prefixed, acl.principal, acl.name), []).append(acl.operation)
    names: dict[tuple[AclResource, bool, str, tuple[str, ...]], list[str]] = {}
    for (resource, prefixed, principal, name), those in operations.items():
        names.setdefault((resource, prefixed, principal, tuple(those)), []).append(name)
    principals: dict[tuple[AclResource, bool, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for (resource, prefixed, principal, verbs), every in names.items():
        principals.setdefault((resource, prefixed, verbs, tuple(every)), []).append(principal)
    batches = [
        Batch(resource, prefixed, who, verbs, part)
        for (resource, prefixed, verbs, every), whose in principals.items()
        for who in _parts(whose, len(verbs))
        for part in _parts(every, len(verbs) * len(who))
    ]
    return sorted(batches, key=lambda batch: (batch.resource, batch.prefixed, batch.principals, batch.names, batch.operations))


def _parts(words: Iterable[str], each: int) -> Iterator[tuple[str, ...]]:
    """Words in parts that a command takes.

    Args:
        words: The words.
        each: How many ACLs one of them is.
    """
    part: list[str] = []
    for word in words:
        too_long = sum(map(len, part)) + len(word) > _MOST_CHARACTERS
        if part and (too_long or (len(part) + 1) * each > _MOST_ACLS):
            yield tuple(part)
            part = []
        part.append(word)
    if part:
        yield tuple(part)
