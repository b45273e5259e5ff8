"""Policy documents as they stand in resources of the aws and the aws-native provider, each with whom it is attached to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from inventory.changes.cuts.people import INLINE, POLICY
from inventory.changes.cuts.statements import statements_of
from inventory.rows import UNKNOWN, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.rows import ResourceRow

MANAGED: Final = (POLICY, "aws-native:iam:ManagedPolicy", "aws-native:iam/managedPolicy:ManagedPolicy")
OWN: Final[Mapping[str, tuple[str, str, str]]] = {
    **{token: (kind, kind, "policy") for token, kind in INLINE.items()},
    "aws-native:iam:RolePolicy": ("role", "roleName", "policyDocument"),
    "aws-native:iam:UserPolicy": ("user", "userName", "policyDocument"),
    "aws-native:iam:GroupPolicy": ("group", "groupName", "policyDocument"),
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": ("permission set", "permissionSetArn", "inlinePolicy"),
}
"""Policies of one principal, by type: its kind, the input that names it, and the input with the document."""
PRINCIPALS: Final[Mapping[str, str]] = {
    "aws:iam/role:Role": "role",
    "aws:iam/user:User": "user",
    "aws:iam/group:Group": "group",
    "aws-native:iam:Role": "role",
    "aws-native:iam:User": "user",
    "aws-native:iam:Group": "group",
}
CLUSTER_POLICIES: Final = ("aws:msk/clusterPolicy:ClusterPolicy", "aws-native:msk:ClusterPolicy")

_NOT_KNOWN: Final = "its policy is unknown until deployed"
_NO_POLICY: Final = "its policy cannot be read as a policy of IAM"


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document.

    Attributes:
        statements: Its statements; None where they cannot be read.
        why: Why they cannot; empty where they can.
    """

    statements: list[dict[str, object]] | None
    why: str = ""


def document_of(policy: object) -> Document:
    """A policy as a resource has it: a text or an object."""
    if isinstance(policy, dict):
        policy = _known_parts(policy)
    if policy is None or not is_known(policy):
        return Document(None, _NOT_KNOWN if policy is not None else "it has no policy")
    if isinstance(policy, str) and UNKNOWN in policy:
        return Document(None, _NOT_KNOWN)
    statements = statements_of(policy)
    return Document(statements, "" if statements is not None else _NO_POLICY)


def _known_parts(policy: dict[str, Any]) -> object:
    """A policy that is an object, as text: nothing in it is shared with the row."""
    return policy if not is_known(policy) else json.loads(json.dumps(policy))


def native(row: ResourceRow) -> bool:
    """Whether it is of the aws-native provider, whose properties have CloudFormation's names."""
    return row["type"].startswith("aws-native:")


def name_of(row: ResourceRow) -> str | None:
    """A principal's name in AWS; None where AWS or a deployment decides it."""
    keys = ("roleName", "userName", "groupName") if native(row) else ("name",)
    for values in (row["inputs"], row["outputs"]):
        for key in keys:
            if isinstance(name := values.get(key), str) and is_known(name):
                return name
    return None


def inline_of(row: ResourceRow) -> Iterator[Document]:
    """The policies that stand in a role, user or group itself."""
    for name, inner in (("inlinePolicies", "policy"), ("policies", "policyDocument")):
        values = row["inputs"].get(name)
        if values is not None and not isinstance(values, list):
            yield Document(None, _NOT_KNOWN)
        for entry in values if isinstance(values, list) else ():
            if isinstance(entry, dict):
                # An entry without a policy only says that there are no others.
                if entry.get(inner):
                    yield document_of(entry[inner])
            else:
                yield Document(None, _NOT_KNOWN)


def arns_of(row: ResourceRow) -> list[object]:
    """The managed policies that a role, user or group itself names."""
    values = row["inputs"].get("managedPolicyArns")
    if values is None:
        return []
    return list(values) if isinstance(values, list) else [values]


def trust_of(row: ResourceRow) -> object:
    """The trust policy of a role."""
    return row["inputs"].get("assumeRolePolicyDocument" if native(row) else "assumeRolePolicy")


def principals_in(statement: Mapping[str, object]) -> list[tuple[str, str]]:
    """Whom a statement of a resource's policy is about: the kind (AWS, Service, Federated) and the name."""
    value = statement.get("Principal")
    if isinstance(value, str):
        return [("AWS", value)]
    if not isinstance(value, dict):
        return []
    return [
        (str(kind), name)
        for kind, names in value.items()
        for name in (names if isinstance(names, list) else [names])
        if isinstance(name, str)
    ]
