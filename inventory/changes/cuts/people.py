"""Who the clients of a stack are, what belongs to whom, and who reads or writes a topic, as far as a preview shows it.

The components of this template say it themselves (`ClientAccess`, `ClientFiles`, `ScramUser`); of other programs' resources
their roles and users do, and the ACLs of a Kafka provider.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.changes.cuts.statements import allows, statements_of
from inventory.changes.loss import listed
from inventory.rows import ResourceRow, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILES: Final = "msk-platform:access:ClientFiles"
ACCESS: Final = "msk-platform:access:ClientAccess"
CLIENTS: Final = "msk-platform:access:KafkaClients"
SCRAM_USER: Final = "msk-platform:access:ScramUser"
ASSOCIATION: Final = "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation"
ACL: Final = "kafka:index/acl:Acl"
POLICY: Final = "aws:iam/policy:Policy"
INLINE: Final = {
    "aws:iam/rolePolicy:RolePolicy": "role",
    "aws:iam/userPolicy:UserPolicy": "user",
    "aws:iam/groupPolicy:GroupPolicy": "group",
}
"""Policies that belong to one principal, and the input that names it."""
ATTACHMENTS: Final = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "role",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "user",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "group",
}
"""What gives a managed policy to a principal, and the input that names it."""

READ: Final = "kafka-cluster:ReadData"
WRITE: Final = "kafka-cluster:WriteData"
_ACL_OPERATIONS: Final = {READ: ("Read", "All"), WRITE: ("Write", "All")}
_DESCRIBED: Final = re.compile(r"Kafka (?:client|user) (\S+) of ")
_OWNER_TAGS: Final = ("owner", "team", "contact")


class People:
    """The clients of one side of a preview, before or after."""

    def __init__(self, rows: Iterable[ResourceRow]) -> None:
        self.rows = tuple(rows)
        self._by_urn = {row["urn"]: row for row in self.rows}
        self.clients = tuple(sorted({name for row in self.rows if (name := self.client_of(row))}))

    def client_of(self, row: ResourceRow) -> str | None:
        """The client that a resource belongs to; None where it is nobody's or everybody's."""
        place: ResourceRow | None = row
        # A preview that was not made by Pulumi may go round in circles.
        seen: set[str] = set()
        while place is not None and place["urn"] not in seen:
            seen.add(place["urn"])
            inputs = place["inputs"]
            client = inputs.get("client")
            if place["type"] in (FILES, ACCESS) and isinstance(client, str):
                return client
            if place["type"] == SCRAM_USER:
                return self._client_of_user(place)
            place = self._by_urn.get(place["parent"])
        if f"{ACCESS}$" in row["urn"] or f"{SCRAM_USER}$" in row["urn"]:
            # Its component does not change and is not in the preview.
            described = _DESCRIBED.match(str(row["inputs"].get("description", "")))
            return described[1] if described else row["name"]
        return None

    def _client_of_user(self, user: ResourceRow) -> str:
        """Of a SCRAM user's component its own name has the client's in the middle: kafka-clients-<client>-<user>."""
        login, parent = str(user["inputs"].get("user", "")), self._by_urn.get(user["parent"])
        middle = user["name"].removesuffix(f"-{login}")
        if parent is not None:
            return middle.removeprefix(f"{parent['name']}-")
        return login or user["name"]

    def principals_of(self, policy: ResourceRow) -> tuple[str, ...]:
        """Who has an identity policy: a client by its name, others by role, user or group; empty where that is not shown."""
        client = self.client_of(policy)
        if client is not None:
            return (client,)
        name = INLINE.get(policy["type"])
        if name is not None:
            return (self._named(policy, name),)
        holders = {
            self.client_of(row) or self._named(row, ATTACHMENTS[row["type"]])
            for row in self.rows
            if row["type"] in ATTACHMENTS and self._is_of(row, policy)
        }
        return tuple(sorted(holders))

    def _named(self, row: ResourceRow, name: str) -> str:
        """The principal that an input names: by the resource it comes from, else by its name in AWS."""
        for urn in get(row["options"], ("propertyDependencies", name), []):
            if urn in self._by_urn and self._by_urn[urn]["type"].startswith("aws:iam/"):
                other = self._by_urn[urn]
                return self.client_of(other) or f"{name} {other['name']}"
        value = row["inputs"].get(name)
        return f"{name} {value}" if isinstance(value, str) and is_known(value) else f"{name} of {row['name']}"

    def _is_of(self, attachment: ResourceRow, policy: ResourceRow) -> bool:
        arn = attachment["inputs"].get("policyArn")
        urns = get(attachment["options"], ("propertyDependencies", "policyArn"), [])
        return policy["urn"] in urns or (is_known(arn) and arn is not None and arn == policy["outputs"].get("arn"))

    def users(self, topic: str | None, action: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who may read or write a topic, and who perhaps may, because ACLs decide that a preview does not show.

        Args:
            topic: Its name; None for any topic.
            action: `READ` or `WRITE`.
        """
        sure = {name for name, doing in self._by_policies(topic) if doing == action}
        sure |= set(self._by_acls(topic, action))
        word = "consumer" if action == READ else "producer"
        perhaps = {
            client
            for row in self.rows
            if word in row["name"].rpartition("-files-")[2] and (client := self._client_by_acl(row))
        }  # fmt: skip
        return tuple(sorted(sure)), tuple(sorted(perhaps - sure))

    def _client_by_acl(self, parameter: ResourceRow) -> str | None:
        """The client of a ready file, where not IAM but Kafka's ACLs decide what it may do."""
        files = self._by_urn.get(parameter["parent"])
        if files is None or files["type"] != FILES or files["inputs"].get("mechanism") == "IAM":
            return None
        return self.client_of(files)

    def _by_policies(self, topic: str | None) -> Iterator[tuple[str, str]]:
        for row in self.rows:
            if row["type"] != POLICY and row["type"] not in INLINE:
                continue
            for statement in statements_of(row["inputs"].get("policy")) or ():
                for action in (READ, WRITE):
                    if allows(statement, action, "topic", topic):
                        yield from ((name, action) for name in self.principals_of(row) or (row["name"],))

    def _by_acls(self, topic: str | None, action: str) -> Iterator[str]:
        for row in self.rows:
            inputs = row["inputs"]
            if row["type"] != ACL or inputs.get("aclPermissionType") == "Deny" or inputs.get("aclResourceType") != "Topic":
                continue
            name, prefixed = str(inputs.get("aclResourceName")), inputs.get("resourcePatternTypeFilter") == "Prefixed"
            named = topic is None or name in ("*", topic) or (prefixed and topic.startswith(name))
            if named and inputs.get("aclOperation") in _ACL_OPERATIONS[action]:
                yield str(inputs.get("aclPrincipal")).removeprefix("User:")

    def whom(self, topic: str | None) -> tuple[tuple[str, ...], str]:
        """The clients that read a topic, and a sentence that names them or says that they are not known.

        Args:
            topic: Its name; None for topics that are not named one by one.
        """
        what = "it" if topic is not None else "topics of this cluster"
        sure, perhaps = self.users(topic, READ)
        if sure or perhaps:
            read = f"Who reads {what}: {listed(sure)}" if sure else f"Who may read {what}: "
            by_acl = f"{listed(perhaps)}, as ACLs decide" if perhaps else ""
            return (*sure, *perhaps), f"{read}{'; perhaps ' if sure and perhaps else ''}{by_acl}."
        if not self.clients:
            return (
                (),
                f"Who reads {what} is not in this preview: pulumi preview --json --show-sames also lists unchanged clients.",
            )
        return (), f"No client in this preview reads {what}."


def owner_of(row: ResourceRow) -> str:
    """Whose a resource is, by its tags; empty where they do not say."""
    for block in ("tags", "tagsAll"):
        tags = row["inputs"].get(block)
        for name, value in tags.items() if isinstance(tags, dict) else ():
            if name.lower() in _OWNER_TAGS and isinstance(value, str) and is_known(value):
                return value
    return ""
