"""What policies of IAM and commands of `kafka-acls.sh` allow, read from their texts: nothing of the code that writes them.

Sources: MSK Developer Guide, "Semantics of IAM authorization policy actions and resources", for the action of each of Kafka's
operations; IAM User Guide, "IAM JSON policy elements", for wildcards; Apache Kafka documentation, "Authorization and ACLs".
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

ACTIONS = {
    ("topic", "Alter"): "AlterTopic",
    ("topic", "AlterConfigs"): "AlterTopicDynamicConfiguration",
    ("topic", "Create"): "CreateTopic",
    ("topic", "Delete"): "DeleteTopic",
    ("topic", "Describe"): "DescribeTopic",
    ("topic", "DescribeConfigs"): "DescribeTopicDynamicConfiguration",
    ("topic", "Read"): "ReadData",
    ("topic", "Write"): "WriteData",
    ("group", "Delete"): "DeleteGroup",
    ("group", "Describe"): "DescribeGroup",
    ("group", "Read"): "AlterGroup",
    ("transactional-id", "Describe"): "DescribeTransactionalId",
    ("transactional-id", "Write"): "AlterTransactionalId",
}
"""Of an operation on a kind of resource, the action that AWS calls its equivalent."""

ANYTHING = "~0"
"""No name in a stack file has it: whoever may use a name that ends with it may use every name with that beginning."""


class Grants(Protocol):
    """Who allows what."""

    def allows(self, kind: str, operation: str, name: str) -> bool:
        """Whether an operation, by Kafka's name, is allowed on a topic, a group or a transactional-id."""


@dataclass(frozen=True)
class Policies:
    """Policies of IAM.

    Attributes:
        documents: Their texts.
    """

    documents: tuple[str, ...]

    def allows(self, kind: str, operation: str, name: str) -> bool:
        """As `Grants`, in any cluster: these name one only."""
        action = f"kafka-cluster:{ACTIONS[kind, operation]}"
        for document in map(json.loads, self.documents):
            for statement in document["Statement"]:
                assert statement["Effect"] == "Allow"
                if not any(_like(pattern, action) for pattern in statement["Action"]):
                    continue
                for resource in statement["Resource"]:
                    its_kind, _, rest = resource.split(":", 5)[5].partition("/")
                    # cluster/uuid/name, in which a name may have slashes.
                    if its_kind == kind and _like(rest.split("/", 2)[2], name):
                        return True
        return False


def _like(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None


@dataclass(frozen=True)
class Acls:
    """Commands of Kafka's tool.

    Attributes:
        entries: Of each: the kind, the name, whether it is a beginning, and the operation.
    """

    entries: frozenset[tuple[str, str, bool, str]]

    @classmethod
    def of(cls, commands: Iterable[str]) -> Acls:
        """What the commands add."""
        entries = set()
        for command in commands:
            words = shlex.split(command)
            assert words[0] == "kafka-acls.sh"
            assert "--add" in words
            (kind,) = {"--topic", "--group", "--transactional-id", "--cluster"} & set(words)
            name = "" if kind == "--cluster" else words[words.index(kind) + 1]
            prefixed = (
                "prefixed" in words[words.index("--resource-pattern-type") :] if "--resource-pattern-type" in words else False
            )
            for place, word in enumerate(words):
                if word == "--operation":
                    entries.add((kind.lstrip("-"), name, prefixed, words[place + 1]))
        return cls(frozenset(entries))

    def allows(self, kind: str, operation: str, name: str) -> bool:
        """As `Grants`; Read, Write, Delete and Alter imply Describe."""
        enough = {"Describe", "Read", "Write", "Delete", "Alter"} if operation == "Describe" else {operation}
        return any(
            its_kind == kind and its_operation in enough and (name.startswith(of) if prefixed else of in (name, "*"))
            for its_kind, of, prefixed, its_operation in self.entries
        )
