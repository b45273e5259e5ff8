"""What ACLs come to, as Kafka's authorizer decides: a Deny goes before every Allow, and what no ACL is on may be everybody's.

Apache Kafka documentation, "Authorization and ACLs"; ``allow.everyone.if.no.acl.found`` is true by default on Amazon MSK (MSK
Developer Guide, "Apache Kafka ACLs").
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from tools.acls.reading import EVERY_HOST, LITERAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from domain.access.acls import Acl
    from tools.acls.reading import Entry

EVERYBODY: Final = "User:*"
"""The principal that stands for all."""
EVERY_NAME: Final = "*"
"""The literal name that stands for all names."""
EVERY_OPERATION: Final = "All"
_IMPLIED_BY: Final = {"Describe": ("Alter", "Delete", "Read", "Write"), "DescribeConfigs": ("AlterConfigs",)}


def covers(entry: Entry, resource: str, name: str, *, prefixed: bool = False) -> bool:
    """Whether an ACL is on a name, or on all names with a beginning.

    Args:
        entry: The ACL.
        resource: The kind of resource.
        name: The name, or the beginning.
        prefixed: Whether it is a beginning.
    """
    if entry.resource != resource:
        return False
    if entry.pattern == LITERAL:
        return entry.name == EVERY_NAME or (entry.name == name and not prefixed)
    return name.startswith(entry.name)


def permits(operation: str, wanted: str) -> bool:
    """Whether an ACL that allows one operation allows the wanted one with it."""
    return operation in (EVERY_OPERATION, wanted, *_IMPLIED_BY.get(wanted, ()))


def grants(entry: Entry, acl: Acl) -> bool:
    """Whether an ACL allows whom it names, from some host, what a stack's ACL allows."""
    return (
        entry.allows
        and covers(entry, acl.resource.value, acl.name, prefixed=acl.prefixed)
        and permits(entry.operation, acl.operation)
    )


def allowed(entries: Iterable[Entry], principal: str, resource: str, name: str, operation: str, *, everyone: bool) -> bool:
    """Whether a principal is surely allowed something from every host.

    Args:
        entries: The cluster's ACLs.
        principal: The principal.
        resource: The kind of resource.
        name: Its name.
        operation: The operation.
        everyone: Whether everybody may use what no ACL is on.
    """
    about = [entry for entry in entries if covers(entry, resource, name)]
    if not about:
        return everyone
    of_principal = [entry for entry in about if entry.principal in (principal, EVERYBODY)]
    if any(not entry.allows and entry.operation in (EVERY_OPERATION, operation) for entry in of_principal):
        return False
    return any(entry.allows and entry.host == EVERY_HOST and permits(entry.operation, operation) for entry in of_principal)


class Covered:
    """Which names have any ACL, of whomever: those are closed to all whom none allows.

    Args:
        entries: The ACLs.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self._beginnings: defaultdict[str, set[str]] = defaultdict(set)
        for entry in entries:
            (self._names if entry.pattern == LITERAL else self._beginnings)[entry.resource].add(entry.name)

    def __contains__(self, pattern: tuple[str, str, bool]) -> bool:
        """Whether a name, or each name with a beginning (kind of resource, name, whether it is a beginning), has one."""
        resource, name, prefixed = pattern
        names = self._names[resource]
        if EVERY_NAME in names or (name in names and not prefixed):
            return True
        return any(name[:length] in self._beginnings[resource] for length in range(len(name) + 1))
