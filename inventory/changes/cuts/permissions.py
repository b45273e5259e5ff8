"""Whom a change of IAM policies, their attachments, trust policies and cluster policies takes permissions from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from inventory.changes.cuts.people import ATTACHMENTS, INLINE, POLICY, People
from inventory.changes.cuts.statements import Allowed, allowed_by, denied_by, in_words, is_covered, statements_of
from inventory.changes.loss import Loss, LossKind
from inventory.rows import CLUSTERS, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.changes.stack import StepsOfStack
    from inventory.changes.steps import Step
    from inventory.rows import ResourceRow

ROLE: Final = "aws:iam/role:Role"
CLUSTER_POLICY: Final = "aws:msk/clusterPolicy:ClusterPolicy"
_OF_KAFKA: Final = ("kafka-cluster:", "kafka:", "*")


@dataclass
class _Rights:
    """What a principal may do on one side of a preview."""

    allowed: dict[Allowed, str] = field(default_factory=dict)
    """With the URN of the resource that gives it."""
    denied: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    """URNs of policies that are not known."""


def permissions_cut(stack: StepsOfStack, before: People, after: People) -> Iterator[Loss]:
    """The permissions that clients and other principals lose.

    Args:
        stack: All steps of the preview.
        before: The clients as they are.
        after: The clients as they will be.
    """
    changed = {step.row["urn"]: step for step in stack.steps if step.op != "same"}
    if not any(step.row["type"] in (POLICY, *INLINE, *ATTACHMENTS) for step in changed.values()):
        return
    had, will_have = _rights(before), _rights(after)
    cluster_goes = any(step.goes for step in stack.clusters)
    for principal, old in sorted(had.items()):
        new = will_have.get(principal, _Rights())
        gone = {item: urn for item, urn in old.allowed.items() if not is_covered(item, new.allowed)}
        if new.unknown:
            # Where the cluster itself is replaced, that is what is told of it.
            changing = [] if cluster_goes else [urn for urn in new.unknown if urn in changed]
            for urn in changing:
                yield _loss(changed[urn], stack, principal, list(old.allowed), "not known before the update", certain=False)
            continue
        by_urn: dict[str, list[Allowed]] = {}
        for item, urn in gone.items():
            step = _cause(urn, changed, before)
            if step is not None:
                by_urn.setdefault(step.row["urn"], []).append(item)
        for urn, lost in by_urn.items():
            yield _loss(changed[urn], stack, principal, lost, "taken away", certain=all(not loss.limits for loss in lost))
        for denial, urn in new.denied.items():
            if denial not in old.denied and urn in changed:
                yield _denial(changed[urn], stack, principal, denial)


def _cause(urn: str, changed: dict[str, Step], before: People) -> Step | None:
    """The step that takes a permission: of the policy, or of what attaches it."""
    if urn in changed:
        return changed[urn]
    for step in changed.values():
        if step.row["type"] in ATTACHMENTS and step.old is not None and step.op != "create":
            policies = get(step.old["options"], ("propertyDependencies", "policyArn"), [])
            arn = next((row["outputs"].get("arn") for row in before.rows if row["urn"] == urn), None)
            if urn in policies or (arn is not None and arn == step.old["inputs"].get("policyArn")):
                return step
    return None


def _rights(people: People) -> dict[str, _Rights]:
    rights: dict[str, _Rights] = {}
    attached = any(row["type"] in ATTACHMENTS for row in people.rows)
    for row in people.rows:
        if row["type"] != POLICY and row["type"] not in INLINE:
            continue
        holders = _holders(row, people, attached=attached)
        statements = statements_of(row["inputs"].get("policy"))
        for holder in holders:
            mine = rights.setdefault(holder, _Rights())
            if statements is None:
                mine.unknown.append(row["urn"])
                continue
            for entry in allowed_by(statements):
                if entry.action.startswith(_OF_KAFKA) or (not entry.action and "kafka" in entry.limits):
                    mine.allowed.setdefault(entry, row["urn"])
            mine.denied.update(dict.fromkeys((denial for denial in denied_by(statements) if "kafka" in denial), row["urn"]))
    return rights


def _holders(policy: ResourceRow, people: People, *, attached: bool) -> tuple[str, ...]:
    holders = people.principals_of(policy)
    client = people.client_of(policy)
    if client is None or policy["type"] in INLINE:
        # Where the preview shows no attachment at all, they do not change.
        return holders or (() if attached else (f"everyone who has the policy {policy['name']}",))
    of_client = [row for row in people.rows if row["type"] in ATTACHMENTS and people.client_of(row) == client]
    named = [row for row in of_client if policy["urn"] in get(row["options"], ("propertyDependencies", "policyArn"), [])]
    return holders if named or not of_client else ()


def _loss(step: Step, stack: StepsOfStack, principal: str, lost: list[Allowed], new: str, *, certain: bool) -> Loss:
    what = in_words(lost)
    may = "can no longer" if certain else "may no longer be able to"
    return Loss(
        step.row["urn"],
        LossKind.ACCESS,
        "policy" if step.row["type"] not in ATTACHMENTS else "policyArn",
        "allowed",
        new,
        f"{principal} {may} {what}",
        certain,
        stack.is_protected(step),
        (principal,),
        what,
    )


def _denial(step: Step, stack: StepsOfStack, principal: str, denial: str) -> Loss:
    actions = json.loads(denial).get("Action", "what it names")
    what = f"do what a new Deny statement names ({', '.join(actions) if isinstance(actions, list) else actions})"
    return Loss(
        step.row["urn"],
        LossKind.ACCESS,
        "policy",
        "not denied",
        "denied",
        f"{principal} may no longer be able to {what}",
        certain=False,
        protected=stack.is_protected(step),
        clients=(principal,),
        cannot=what,
    )


def resource_policy_cut(step: Step, stack: StepsOfStack) -> Iterator[Loss]:
    """Whom the change or deletion of a cluster's policy takes what it allows."""
    if step.old is None or any(other.goes for other in stack.steps if other.row["type"] in CLUSTERS):
        return
    old = statements_of(step.old["inputs"].get("policy"))
    new = statements_of(step.new["inputs"].get("policy")) if step.new is not None else []
    if old is None or new is None:
        if step.old["inputs"].get("policy") != (step.new or step.old)["inputs"].get("policy") or not is_known(
            step.old["inputs"].get("policy")
        ):
            who = tuple(dict.fromkeys(map(_principal, allowed_by(old or [])))) or ("principals of other accounts",)
            for principal in who:
                yield _of_resource(step, stack, principal, "use the cluster as its policy allowed", certain=False)
        return
    given = list(allowed_by(new))
    lost: dict[str, list[Allowed]] = {}
    for item in allowed_by(old):
        if not is_covered(item, given):
            lost.setdefault(_principal(item), []).append(item)
    for principal, gone in lost.items():
        yield _of_resource(step, stack, principal, in_words(gone), certain=all(not entry.limits for entry in gone))
    for denial in sorted(denied_by(new) - denied_by(old)):
        yield _denial(step, stack, "principals that the cluster policy names", denial)


def _principal(allowed: Allowed) -> str:
    return f"account {allowed.principal}" if allowed.principal.isdigit() else allowed.principal or "everybody"


def _of_resource(step: Step, stack: StepsOfStack, principal: str, what: str, *, certain: bool) -> Loss:
    may = "can no longer" if certain else "may no longer be able to"
    return Loss(
        step.row["urn"], LossKind.ACCESS, "policy", "allowed", "taken away" if certain else "not known before the update",
        f"{principal} {may} {what}", certain, stack.is_protected(step), (principal,), what,
    )  # fmt: skip


def trust_cut(step: Step, stack: StepsOfStack, people: People) -> Iterator[Loss]:
    """Who can no longer become a role, because it goes or trusts fewer."""
    if step.old is None or step.op == "create":
        return
    role = people.client_of(step.old) or f"role {step.row['name']}"
    if not _is_kafka_role(step.old, people):
        return
    if step.new is None or step.op == "replace":
        what = "sign in with its IAM role" + (", which is replaced: its ARN may change" if step.op == "replace" else "")
        yield _of_role(step, stack, role, what, certain=step.op == "delete")
        return
    before, after = (statements_of(row["inputs"].get("assumeRolePolicy")) for row in (step.old, step.new))
    if before is None or after is None:
        if step.old["inputs"].get("assumeRolePolicy") != step.new["inputs"].get("assumeRolePolicy"):
            yield _of_role(step, stack, role, "sign in with its IAM role: whom it trusts is not known", certain=False)
        return
    given = list(allowed_by(after))
    gone = [item for item in allowed_by(before) if not is_covered(item, given)]
    if gone:
        who = ", ".join(dict.fromkeys(_principal(item) for item in gone))
        limited = any(entry.limits for entry in gone)
        what = f"sign in with its IAM role through {who}{', or not under the same conditions' if limited else ''}"
        yield _of_role(step, stack, role, what, certain=not limited)


def _is_kafka_role(role: ResourceRow, people: People) -> bool:
    """Whether a role is a client's, or anybody's that has something to do with Kafka."""
    if people.client_of(role) is not None:
        return True
    wanted = f"role {role['name']}", f"role {role['inputs'].get('name')}"
    return any(holder in _rights(people) for holder in wanted)


def _of_role(step: Step, stack: StepsOfStack, client: str, what: str, *, certain: bool) -> Loss:
    may = "can no longer" if certain else "may no longer be able to"
    return Loss(
        step.row["urn"], LossKind.ACCESS, "assumeRolePolicy", "trusted", "gone" if step.new is None else "changed",
        f"{client} {may} {what}", certain, stack.is_protected(step), (client,), what,
    )  # fmt: skip
