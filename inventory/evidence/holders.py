"""Who has which policy: attachments in every form that programs have them, resolved by reference, by name and by ARN."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.access.reach import AWS_POLICIES, PolicyEffect
from inventory.changes.cuts.people import ATTACHMENTS, People
from inventory.evidence.documents import (
    MANAGED,
    OWN,
    PRINCIPALS,
    Document,
    arns_of,
    document_of,
    inline_of,
    name_of,
    native,
)
from inventory.evidence.rights import Unresolved
from inventory.rows import get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from inventory.rows import ResourceRow

_TO_MANY: Final = "aws:iam/policyAttachment:PolicyAttachment"
_EXCLUSIVE: Final = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
_PERMISSION_SET: Final = "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment"
_OF_AWS: Final = re.compile(r"arn:[a-z-]+:iam::aws:policy/(?:.*/)?([^/]+)")
_MEMBERS: Final = ("aws:iam/userGroupMembership:UserGroupMembership", "aws:iam/groupMembership:GroupMembership")
_READ: Final = (
    *MANAGED, *OWN, *PRINCIPALS, *ATTACHMENTS, *_MEMBERS, _TO_MANY, _EXCLUSIVE, _PERMISSION_SET,
    "aws:iam/instanceProfile:InstanceProfile", "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "aws:iam/samlProvider:SamlProvider", "aws:iam/accessKey:AccessKey", "aws:iam/serviceLinkedRole:ServiceLinkedRole",
    "aws:iam/accountAlias:AccountAlias", "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive",
)  # fmt: skip
"""Types of IAM that are read here, or that give nobody a permission."""
_OTHERS: Final = re.compile(r"^(aws|aws-native):(iam|ssoadmin|sso|ram|lakeformation)[:/]")
"""Types that may give somebody permissions; those that are not read are named."""


@dataclass(frozen=True, slots=True)
class Held:
    """A policy that somebody has.

    Attributes:
        holder: Who.
        statements: What it says.
        source: The URN of the resource with the policy, or of what attaches it.
    """

    holder: str
    statements: list[dict[str, object]]
    source: str


@dataclass(frozen=True, slots=True)
class HeldOfAws:
    """A policy of AWS's own that somebody has and that reaches clusters.

    Attributes:
        holder: Who.
        name: The policy.
        effect: What it lets whoever has it do.
        source: The URN of what attaches it.
    """

    holder: str
    name: str
    effect: PolicyEffect
    source: str


class Holders:
    """The policies of an inventory, each with whom it is attached to.

    Args:
        rows: The inventory.
    """

    def __init__(self, rows: Iterable[ResourceRow]) -> None:
        self.rows = tuple(rows)
        self.people = People(self.rows)
        self.unresolved: list[Unresolved] = []
        self.held: list[Held] = []
        self.of_aws: list[HeldOfAws] = []
        self.boundaries: dict[str, Document] = {}
        self._by_urn = {row["urn"]: row for row in self.rows}
        self._by_arn = {
            arn: row
            for row in self.rows
            if row["type"] in (*MANAGED, *PRINCIPALS)
            for key in ("arn", "policyArn")
            if isinstance(arn := row["outputs"].get(key), str) and is_known(arn)
        }
        self._by_principal = {
            (PRINCIPALS[row["type"]], name): row for row in self.rows if row["type"] in PRINCIPALS and (name := name_of(row))
        }
        self._attached: set[str] = set()
        for row in self.rows:
            self._take(row)
        self._take_unattached()

    def holder_of_arn(self, arn: str) -> str | None:
        """The holder that has an ARN; None where no principal of the inventory does."""
        row = self._by_arn.get(arn)
        return self.holder_of(row) if row is not None and row["type"] in PRINCIPALS else None

    def holder_of(self, principal: ResourceRow) -> str:
        """What a role, user or group is called."""
        client = self.people.client_of(principal)
        if client is not None:
            return f"client {client}"
        return f"{PRINCIPALS[principal['type']]} {name_of(principal) or principal['name']}"

    def _take(self, row: ResourceRow) -> None:
        kind = row["type"]
        if kind in PRINCIPALS:
            self._take_principal(row)
        elif kind in OWN:
            of, key, text = OWN[kind]
            self._add(self._named(row, of, key), document_of(row["inputs"].get(text)), row["urn"])
        elif kind in MANAGED and native(row):
            for holder in self._listed(row):
                self._attached.add(row["urn"])
                self._add(holder, document_of(row["inputs"].get("policyDocument")), row["urn"])
        elif _OTHERS.match(kind) and kind not in _READ:
            self.unresolved.append(
                Unresolved(f"{kind.rpartition(':')[2]} {row['name']}", row["urn"], f"{kind} is not read for permissions")
            )
        else:
            self._take_attachment(row)

    def _take_attachment(self, row: ResourceRow) -> None:
        kind = row["type"]
        if kind in ATTACHMENTS:
            self._attach(self._named(row, ATTACHMENTS[kind], ATTACHMENTS[kind]), row["inputs"].get("policyArn"), row, "policyArn")
        elif kind == _TO_MANY:
            for holder in self._listed(row):
                self._attach(holder, row["inputs"].get("policyArn"), row, "policyArn")
        elif kind == _EXCLUSIVE:
            for arn in _values(row["inputs"].get("policyArns")):
                self._attach(self._named(row, "role", "roleName"), arn, row, "policyArns")
        elif kind == _PERMISSION_SET:
            holder = f"permission set {row['inputs'].get('permissionSetArn')}"
            self._attach(holder, row["inputs"].get("managedPolicyArn"), row, "managedPolicyArn")

    def _take_principal(self, row: ResourceRow) -> None:
        holder = self.holder_of(row)
        for document in inline_of(row):
            self._add(holder, document, row["urn"])
        for arn in arns_of(row):
            self._attach(holder, arn, row, "managedPolicyArns")
        boundary = row["inputs"].get("permissionsBoundary")
        if boundary:
            policy = self._policy(boundary, row, "permissionsBoundary")
            if policy is None:
                self.boundaries[holder] = Document(None, str(boundary) if is_known(boundary) else "unknown until deployed")
            else:
                self._attached.add(policy["urn"])
                self.boundaries[holder] = self._text(policy)

    def _take_unattached(self) -> None:
        """Policies that nothing here attaches: another program, or a person, may."""
        for row in self.rows:
            if row["type"] in MANAGED and row["urn"] not in self._attached:
                client = self.people.client_of(row)
                holder = f"client {client}" if client else f"whoever has the policy {row['inputs'].get('name') or row['name']}"
                self._add(holder, self._text(row), row["urn"])

    @staticmethod
    def _text(policy: ResourceRow) -> Document:
        return document_of(policy["inputs"].get("policyDocument" if native(policy) else "policy"))

    def _add(self, holder: str, document: Document, source: str) -> None:
        if document.statements is None:
            self.unresolved.append(Unresolved(holder, source, document.why))
        else:
            self.held.append(Held(holder, document.statements, source))

    def _attach(self, holder: str, arn: object, row: ResourceRow, key: str) -> None:
        policy = self._policy(arn, row, key)
        if policy is not None:
            self._attached.add(policy["urn"])
            self._add(holder, self._text(policy), policy["urn"])
            return
        of_aws = _OF_AWS.fullmatch(arn) if isinstance(arn, str) else None
        if of_aws is None:
            known = isinstance(arn, str) and is_known(arn)
            why = (
                f"it has the policy {arn}, which is not in this inventory"
                if known
                else "which policy it has is unknown until deployed"
            )
            self.unresolved.append(Unresolved(holder, row["urn"], why))
        elif of_aws[1] in AWS_POLICIES:
            self.of_aws.append(HeldOfAws(holder, of_aws[1], AWS_POLICIES[of_aws[1]], row["urn"]))

    def _policy(self, arn: object, row: ResourceRow, key: str) -> ResourceRow | None:
        """The policy of the inventory that an ARN or a reference names."""
        if isinstance(arn, str) and is_known(arn):
            return self._by_arn.get(arn)
        urns = [urn for urn in get(row["options"], ("propertyDependencies", key), []) if urn in self._by_urn]
        policies = [self._by_urn[urn] for urn in urns if self._by_urn[urn]["type"] in MANAGED]
        return policies[0] if len(policies) == 1 else None

    def _listed(self, row: ResourceRow) -> Iterator[str]:
        """The principals of a resource that names lists of them."""
        for kind, key in (("role", "roles"), ("user", "users"), ("group", "groups")):
            values = row["inputs"].get(key)
            for value in _values(values):
                yield self._by_name(value, kind, row, key)

    def _named(self, row: ResourceRow, kind: str, key: str) -> str:
        """The principal that an input names."""
        client = self.people.client_of(row)
        if client is not None:
            return f"client {client}"
        return self._by_name(row["inputs"].get(key), kind, row, key)

    def _by_name(self, value: object, kind: str, row: ResourceRow, key: str) -> str:
        if isinstance(value, str) and is_known(value):
            principal = self._by_principal.get((kind, value))
            return self.holder_of(principal) if principal else f"{kind} {value}"
        for urn in get(row["options"], ("propertyDependencies", key), []):
            if urn in self._by_urn and self._by_urn[urn]["type"] in PRINCIPALS:
                return self.holder_of(self._by_urn[urn])
        return f"the {kind} of {row['name']}, unknown until deployed"


def _values(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
