"""Reads what `kafka-acls.sh --list` prints. What it cannot read it refuses: nobody is called restricted by a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from domain.access.acls import Acl, AclResource
from domain.problems import shown
from tools.shared.commands import FAILED, CommandError

LITERAL: Final = "LITERAL"
PREFIXED: Final = "PREFIXED"
EVERY_HOST: Final = "*"

_RESOURCE: Final = re.compile(
    r"Current ACLs for resource `ResourcePattern\(resourceType=(?P<type>\w+), name=(?P<name>.*), "
    r"patternType=(?P<pattern>\w+)\)`:?\s*"
)
_ENTRY: Final = re.compile(
    r"\s*\(principal=(?P<principal>.*), host=(?P<host>[^,]*), operation=(?P<operation>\w+), "
    r"permissionType=(?P<permission>ALLOW|DENY)\)\s*"
)


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """An ACL as the cluster has it, whoever made it.

    Attributes:
        principal: Such as ``User:orders``; ``User:*`` is everybody.
        resource: What it is on, as Kafka writes it: ``TOPIC``, and kinds that no client of a stack needs.
        name: The resource's name, the beginning of names, or ``*`` for all.
        pattern: How the name is meant: `LITERAL` or `PREFIXED`.
        operation: Kafka's operation, such as ``Write``.
        host: From where it holds; `EVERY_HOST` from everywhere.
        allows: Whether it allows; else it denies.
    """

    principal: str
    resource: str
    name: str
    pattern: str
    operation: str
    host: str = EVERY_HOST
    allows: bool = True

    @property
    def acl(self) -> Acl | None:
        """The same as one that a stack could want; None for one that no stack makes."""
        known = self.resource in AclResource.__members__ and self.pattern in (LITERAL, PREFIXED)
        if not (known and self.allows and self.host == EVERY_HOST):
            return None
        return Acl(self.principal, AclResource(self.resource), self.name, self.pattern == PREFIXED, self.operation)


def entry_of(acl: Acl) -> Entry:
    """A stack's ACL as the cluster shows it."""
    return Entry(acl.principal, acl.resource.value, acl.name, pattern_of(acl), acl.operation)


def pattern_of(acl: Acl) -> str:
    """How an ACL's name is meant, in Kafka's word."""
    return PREFIXED if acl.prefixed else LITERAL


def entries_in(text: str, source: str = "kafka-acls.sh --list") -> set[Entry]:
    """All ACLs in what ``kafka-acls.sh --list`` prints, in Kafka 2 to 4.

    Args:
        text: What it prints.
        source: What the text is, for the message.

    Raises:
        CommandError: A line is not what it prints.
    """
    entries = set()
    resource: re.Match[str] | None = None
    for line in filter(str.strip, text.split("\n")):
        if heading := _RESOURCE.fullmatch(line):
            resource = heading
        elif resource and (entry := _ENTRY.fullmatch(line)):
            entries.add(
                Entry(
                    entry["principal"],
                    resource["type"],
                    resource["name"],
                    resource["pattern"],
                    _camel_case(entry["operation"]),
                    entry["host"],
                    entry["permission"] == "ALLOW",
                )
            )
        else:
            raise CommandError(f"{source} has what this command cannot read: {shown(line.strip())}", FAILED)
    return entries


def acls_in(entries: set[Entry]) -> set[Acl]:
    """Those of the ACLs that a stack could have made."""
    return {acl for entry in entries if (acl := entry.acl)}


def cluster_id_in(text: str) -> str:
    """The cluster's own id in what ``kafka-cluster.sh cluster-id`` prints.

    Raises:
        CommandError: It prints none.
    """
    match = re.search(r"^Cluster ID: (\S+)\s*$", text, re.MULTILINE)
    if match is None:
        raise CommandError(f"kafka-cluster.sh cluster-id has what this command cannot read: {shown(text.strip())}", FAILED)
    return match[1]


def _camel_case(operation: str) -> str:
    return "".join(word.capitalize() for word in operation.split("_"))
