"""The identities of a stack: which documents a program writes for roles, users and groups, and who has which policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msk_policies.iam.documents import Document, document, words
from msk_policies.kit.documents import read_document
from msk_policies.kit.properties import elements, is_given, read_if_known

if TYPE_CHECKING:
    from pulumi_policy import PolicyResource

    from msk_policies.kit.stack import Stack

ROLE: Final = "aws:iam/role:Role"
NATIVE_ROLE: Final = "aws-native:iam:Role"
_USER: Final = "aws:iam/user:User"
_ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
_NATIVE_ROLE_POLICY: Final = "aws-native:iam:RolePolicy"
POLICY: Final = "aws:iam/policy:Policy"
NATIVE_POLICY: Final = "aws-native:iam:ManagedPolicy"
_POLICIES: Final = "policies"

MANAGED: Final[Mapping[str, str]] = {POLICY: "policy", NATIVE_POLICY: "policyDocument"}
"""By type of managed policy, which grants nothing before somebody has it, the property that holds the document."""

INLINE: Final[Mapping[str, str]] = {
    _ROLE_POLICY: "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
    "aws:iam/groupPolicy:GroupPolicy": "policy",
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
    _NATIVE_ROLE_POLICY: "policyDocument",
    "aws-native:iam:UserPolicy": "policyDocument",
    "aws-native:iam:GroupPolicy": "policyDocument",
    "aws-native:sso:PermissionSet": "inlinePolicy",
}
"""By type of what is one identity's alone, the property that holds the document."""

WITHIN: Final[Mapping[str, tuple[str, str]]] = {
    ROLE: ("inlinePolicies", "policy"),
    NATIVE_ROLE: (_POLICIES, "policyDocument"),
    "aws-native:iam:User": (_POLICIES, "policyDocument"),
    "aws-native:iam:Group": (_POLICIES, "policyDocument"),
}
"""By type of identity, the property that lists documents, and where each stands in the list's elements."""

ATTACHED: Final[Mapping[str, str]] = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
    "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
    "aws-native:sso:PermissionSet": "managedPolicies",
    ROLE: "managedPolicyArns",
    NATIVE_ROLE: "managedPolicyArns",
    "aws-native:iam:User": "managedPolicyArns",
    "aws-native:iam:Group": "managedPolicyArns",
}
"""By type of what gives managed policies to identities, the property that holds their ARNs."""

BOUNDARY: Final = "permissionsBoundary"
"""The property of roles and users that holds the policy beyond which no other one goes."""
_BOUNDING: Final[Mapping[str, str]] = {
    ROLE: BOUNDARY,
    _USER: BOUNDARY,
    NATIVE_ROLE: BOUNDARY,
    "aws-native:iam:User": BOUNDARY,
    "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment": (
        f"{BOUNDARY}.customerManagedPolicyReference.name"
    ),
}
"""By type of what has a permissions boundary, the property that names it."""
_ROLE_OF: Final[Mapping[str, str]] = {
    _ROLE_POLICY: "role",
    _NATIVE_ROLE_POLICY: "roleName",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "role",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "roleName",
    "aws:iam/policyAttachment:PolicyAttachment": "roles",
}
"""By type of what gives permissions to roles, the property that names them."""
TRUST: Final[Mapping[str, str]] = {ROLE: "assumeRolePolicy", NATIVE_ROLE: "assumeRolePolicyDocument"}
"""By type of role, the property that says whom it trusts."""
_REPLICATORS: Final = "kafka.amazonaws.com"


class Written(NamedTuple):
    """A policy document in a program.

    Attributes:
        path: The property that holds it.
        document: What it says.
    """

    path: str
    document: Document


def inline(resource_type: str, props: Mapping[str, Any]) -> Iterator[Written]:
    """The documents that a resource holds for an identity of its own; those that are not known yet say nothing."""
    if resource_type in INLINE:
        yield Written(INLINE[resource_type], document(read_document(props, INLINE[resource_type])))
    if resource_type in WITHIN:
        path, name = WITHIN[resource_type]
        for index, element in enumerate(elements(read_if_known(props, path))):
            if isinstance(element, Mapping):
                yield Written(f"{path}[{index}].{name}", document(read_document(element, name)))


def written(resource: PolicyResource) -> Iterator[Written]:
    """The documents that a resource holds, be they an identity's own or a managed policy."""
    yield from inline(resource.resource_type, resource.props)
    if resource.resource_type in MANAGED:
        path = MANAGED[resource.resource_type]
        yield Written(path, document(read_document(resource.props, path)))


def grants_nothing(resource: PolicyResource, stack: Stack, reaches: Callable[[Document], object]) -> bool:
    """Whether what a resource holds lets nobody reach so far: permissions boundaries of the same program keep them from it.

    Args:
        resource: A policy, an attachment or an identity.
        stack: The stack around it.
        reaches: Whether a document reaches so far.
    """
    if resource.resource_type in MANAGED and _only_bounds(resource, stack) and not has_others(resource, stack):
        return True
    roles = roles_with(resource, stack)
    boundaries = [stack.referred(role, BOUNDARY, *MANAGED) for role in roles]
    if has_others(resource, stack):
        return False
    return bool(roles) and all(
        found and not any(reaches(one.document) for policy in found for one in written(policy)) for found in boundaries
    )


def _only_bounds(policy: PolicyResource, stack: Stack) -> bool:
    """Whether a managed policy is a permissions boundary, which grants nothing by itself, and nobody has it otherwise."""
    return _is_in(policy, stack, _BOUNDING) and not _is_in(policy, stack, ATTACHED)


def _is_in(policy: PolicyResource, stack: Stack, paths: Mapping[str, str]) -> bool:
    return any(stack.referring(policy, path, resource_type) for resource_type, path in paths.items())


def roles_with(resource: PolicyResource, stack: Stack) -> list[PolicyResource]:
    """The program's roles that have what a resource grants: the role itself, or those that it is given to."""
    if resource.resource_type in TRUST:
        return [resource]
    if resource.resource_type in MANAGED:
        return [role for attachment in _attachments(resource, stack) for role in roles_with(attachment, stack)]
    path = _ROLE_OF.get(resource.resource_type)
    return list(stack.referred(resource, path, ROLE, NATIVE_ROLE)) if path else []


def has_others(resource: PolicyResource, stack: Stack) -> bool:
    """Whether a user, a group or a permission set has what a resource grants: nothing that is said of roles is of them."""
    if resource.resource_type in TRUST:
        return False
    if any(is_given(resource.props, name) and read_if_known(resource.props, name) != [] for name in ("users", "groups")):
        return True
    if resource.resource_type in MANAGED:
        return any(has_others(attachment, stack) for attachment in _attachments(resource, stack))
    return resource.resource_type not in _ROLE_OF


def _attachments(policy: PolicyResource, stack: Stack) -> list[PolicyResource]:
    return [each for resource_type, path in ATTACHED.items() for each in stack.referring(policy, path, resource_type)]


def is_taken_by_replicators_alone(role: PolicyResource) -> bool:
    """Whether MSK Replicator is the only one that a role trusts; also where its trust policy is not known yet."""
    value = read_if_known(role.props, TRUST[role.resource_type])
    trusting = document(value).allowing
    return value is None or (
        bool(trusting)
        and all(
            isinstance(statement.principal, Mapping)
            and set(statement.principal) == {"Service"}
            and words(statement.principal["Service"]) == [_REPLICATORS]
            for statement in trusting
        )
    )


def attached_arns(resource: PolicyResource) -> Sequence[str]:
    """The ARNs of managed policies that a resource gives to identities, those that are not known yet left out."""
    value = read_if_known(resource.props, ATTACHED[resource.resource_type])
    values = [value] if isinstance(value, str) else elements(value)
    return [arn for arn in values if isinstance(arn, str)]
