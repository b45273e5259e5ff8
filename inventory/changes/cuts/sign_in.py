"""Who can no longer sign in: SCRAM users, pods, VPC connections and ACLs that go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.changes.cuts.people import ACL, ASSOCIATION, FILES, People
from inventory.changes.loss import Loss, LossKind
from inventory.rows import SECRET, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.changes.stack import StepsOfStack
    from inventory.changes.steps import Step

ASSOCIATIONS: Final = "aws:msk/scramSecretAssociation:ScramSecretAssociation"
PODS: Final = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
CONNECTION: Final = "aws:msk/vpcConnection:VpcConnection"
VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"
PROFILE: Final = "aws:iam/instanceProfile:InstanceProfile"
USER: Final = "aws:iam/user:User"
ACCESS_KEY: Final = "aws:iam/accessKey:AccessKey"


def sign_in_cut(step: Step, stack: StepsOfStack, before: People, after: People) -> Iterator[Loss]:  # noqa: C901 - a branch a type
    """What the change of a resource takes from who signs in by it.

    Args:
        step: The resource's step.
        stack: All steps of the preview.
        before: The clients as they are.
        after: The clients as they will be.
    """
    if step.old is None or step.op in ("create", "import", "same"):
        return
    old = step.old
    new = None if step.new is None else step.new["inputs"]
    client = before.client_of(old)
    kind = old["type"]
    if kind == ASSOCIATION and _changes(step, "secretArn", "clusterArn"):
        yield _association(step, stack, client, after)
    elif kind == ASSOCIATIONS:
        had, has = _list(old["inputs"].get("secretArnLists")), _list((new or {}).get("secretArnLists"))
        for arn in [item for item in had if item not in has]:
            yield _loss(step, stack, f"the user of {arn}", "sign in with SCRAM", "secretArnLists", is_known(has))
    elif kind == PODS and _changes(step, "clusterName", "namespace", "serviceAccount", "roleArn"):
        inputs = old["inputs"]
        pods = f"pods of {inputs.get('namespace')}/{inputs.get('serviceAccount')} in {inputs.get('clusterName')}"
        who = client or f"clients in {pods}"
        yield _loss(step, stack, who, f"sign in from {pods}", "serviceAccount", certain=True)
    elif kind == CONNECTION and _changes(step, "targetClusterArn", "vpcId", "authentication", "clientSubnets"):
        inputs = old["inputs"]
        mechanism = str(inputs.get("authentication", "")).removeprefix("SASL_")
        yield _loss(
            step, stack, f"clients in {_value(inputs.get('vpcId'), 'its VPC')}",
            f"connect through the VPC connection ({mechanism})", "vpcId", certain=step.op == "delete",
        )  # fmt: skip
    elif kind == VERSION and client is not None and step.new is not None and _changes(step, "secretString", "secretBinary"):
        yield _loss(step, stack, client, "sign in with its current password", "secretString", certain=False)
    elif kind == PROFILE and client is not None and step.goes:
        yield _loss(step, stack, client, "sign in from EC2 instances that have its profile", "role", step.op == "delete")
    elif kind in (USER, ACCESS_KEY) and step.goes and (client is not None or _has_rights(old["name"], before)):
        yield _loss(step, stack, client or f"user {old['name']}", "sign in as its IAM user", "name", step.op == "delete")
    elif kind == ACL and old["inputs"].get("aclPermissionType") != "Deny" and step.op != "same":
        yield from _acl(step, stack, after)


def _association(step: Step, stack: StepsOfStack, client: str | None, after: People) -> Loss:
    others = [row for row in after.rows if row["type"] == ASSOCIATION and row["urn"] != step.row["urn"]]
    keeps = client is not None and any(after.client_of(row) == client for row in others) and client in _with_files(after)
    what = "sign in with SCRAM" + (" as the removed user; it keeps another" if keeps else "")
    return _loss(step, stack, client or f"the user of {step.row['name']}", what, "secretArn", certain=not keeps)


def _with_files(people: People) -> set[str]:
    return {str(row["inputs"].get("client")) for row in people.rows if row["type"] == FILES}


def _acl(step: Step, stack: StepsOfStack, after: People) -> Iterator[Loss]:
    names = ("aclPrincipal", "aclOperation", "aclResourceType", "aclResourceName", "aclHost", "resourcePatternTypeFilter")
    old = step.old["inputs"] if step.old else {}
    same = [
        row
        for row in after.rows
        if row["type"] == ACL
        and all(row["inputs"].get(name) == old.get(name) for name in names)
        and row["inputs"].get("aclPermissionType") == old.get("aclPermissionType")
    ]
    if not same:
        what = f"{old.get('aclOperation')} on {str(old.get('aclResourceType')).lower()} {old.get('aclResourceName')}"
        yield _loss(step, stack, str(old.get("aclPrincipal")).removeprefix("User:"), what, "aclOperation", certain=True)


def _has_rights(name: str, people: People) -> bool:
    return any(f"user {name}" in people.principals_of(row) for row in people.rows if row["type"].startswith("aws:iam/"))


def _changes(step: Step, *names: str) -> bool:
    """Whether the resource goes, or one of its inputs changes; what is hidden on both sides may be another value."""
    if step.new is None:
        return True
    old = step.old["inputs"] if step.old else {}
    for name in names:
        differs = any(path.split(".")[0] == name for path in step.differs or ())
        if old.get(name) != step.new["inputs"].get(name) or differs:
            return True
        if old.get(name) == SECRET and step.differs is None and step.op in ("update", "replace"):
            return True
    return False


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _value(value: object, otherwise: str) -> str:
    return value if isinstance(value, str) and is_known(value) else otherwise


def _loss(step: Step, stack: StepsOfStack, client: str, what: str, property_name: str, certain: bool) -> Loss:  # noqa: PLR0917 - one sentence
    may = "can no longer" if certain else "may no longer be able to"
    new = "gone" if step.new is None else "not known before the update" if not certain else "changed"
    old = _value(get(step.old["inputs"] if step.old else {}, property_name), "there")
    return Loss(
        step.row["urn"], LossKind.ACCESS, property_name, old, new, f"{client} {may} {what}", certain,
        stack.is_protected(step), (client,), what,
    )  # fmt: skip
