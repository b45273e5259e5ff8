"""The rights that policies of IAM give: to identities, by AWS's own policies, and by the policies of clusters."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

from domain.access.reach import CONTROL_EFFECTS, NEIGHBOURS, REPLICATION, PolicyEffect
from inventory.evidence.documents import CLUSTER_POLICIES, PRINCIPALS, document_of, principals_in, trust_of
from inventory.evidence.patterns import overlaps, shown
from inventory.evidence.rights import Decided, Identity, Right, Unresolved, Verb
from inventory.evidence.statements import KNOWN, condition_words, denied, exceptions_of, names_of, permissions_in, takes_in, texts
from inventory.evidence.targets import CLUSTER, ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from inventory.evidence.holders import Holders
    from inventory.evidence.statements import Permission
    from inventory.evidence.targets import Target
    from inventory.rows import ResourceRow

_ROOT: Final = re.compile(r"arn:[a-z-]+:iam::(\d{12}):root|(\d{12})")
_BOUNDARY: Final = "as far as its permissions boundary allows"
_ANOTHER: Final = "of another program"
_FOREIGN: Final = "as far as policies of its own account allow it too"


def rights_of_identities(holders: Holders, targets: Sequence[Target]) -> Iterator[Right]:
    """What roles, users and groups may do by policies of the inventory."""
    denials: dict[str, list[Permission]] = defaultdict(list)
    for held in holders.held:
        denials[held.holder] += permissions_in(held.statements, "Deny")
    for held in holders.held:
        for permission in permissions_in(held.statements, "Allow"):
            for target in _about(permission, targets):
                for right in _rights(held.holder, permission, target, (held.source, Decided.IAM), denials[held.holder]):
                    yield from _within_boundary(right, permission, target, holders)


def _about(permission: Permission, targets: Sequence[Target]) -> list[Target]:
    """The clusters of the inventory that a permission is about; if there are none, one that is not in it."""
    return [target for target in targets if names_of(permission, target)] or [ELSEWHERE]


def _rights(
    holder: str, permission: Permission, target: Target, says: tuple[str, Decided], denials: Sequence[Permission]
) -> Iterator[Right]:
    """The rights of a permission; `says` is the resource that says so, and which kind of policy it is."""
    known = KNOWN[permission.action]
    if known.verb is None:
        return
    for name in names_of(permission, target):
        taken = denied(denials, permission.action, name, target)
        if taken.whole:
            continue
        cluster = target.name or f"{_ANOTHER} ({shown(permission.resource)})"
        conditions = tuple(f"only if {words}" for words in permission.conditions)
        yield Right(
            holder,
            cluster,
            known.kind,
            shown(name),
            known.verb,
            (permission.action,),
            says[1],
            says[0],
            (*conditions, *exceptions_of(permission, name, target), *taken.limits),
            tuple(map(shown, taken.names)),
        )


def _within_boundary(right: Right, permission: Permission, target: Target, holders: Holders) -> Iterator[Right]:
    boundary = holders.boundaries.get(right.holder)
    if boundary is None:
        yield right
    elif boundary.statements is None:
        yield _limited(right, f"{_BOUNDARY} ({boundary.why})")
    else:
        allowed = [
            name
            for other in permissions_in(boundary.statements, "Allow")
            if other.action == permission.action
            for name in names_of(other, target)
        ]
        names = names_of(permission, target)
        if any(overlaps(one, name) for one in allowed for name in names):
            yield _limited(right, _BOUNDARY)


def _limited(right: Right, *limits: str) -> Right:
    return replace(right, limits=(*right.limits, *limits))


_CONTROL: Final = tuple(f"kafka:{name}" for name, effect in CONTROL_EFFECTS.items() if effect)
_EFFECTS: Final = {
    PolicyEffect.DATA: tuple(action for action, known in KNOWN.items() if known.verb),
    PolicyEffect.CONTROL: _CONTROL,
    PolicyEffect.REPLICATION: tuple(f"kafka-cluster:{name}" for names in REPLICATION.values() for name in names),
}


def rights_of_aws_policies(holders: Holders, targets: Sequence[Target]) -> Iterator[Right]:
    """What policies of AWS's own let their holders do."""
    for held in holders.of_aws:
        if held.effect is PolicyEffect.NEIGHBOURS:
            why = f"it has {held.name}, which reads secrets or changes roles: it may become, or sign in as, whoever may more"
            holders.unresolved.append(Unresolved(held.holder, held.source, why))
            continue
        limits = (_BOUNDARY,) if held.holder in holders.boundaries else ()
        for action in _EFFECTS[held.effect]:
            known = KNOWN[action]
            if known.verb is None:
                continue
            for target in targets or [ELSEWHERE]:
                name = "" if known.kind == CLUSTER else "*"
                cluster = target.name or "every cluster of the account"
                yield Right(
                    held.holder, cluster, known.kind, name, known.verb, (action,), Decided.AWS, held.source, (held.name, *limits)
                )


def rights_by_cluster_policies(holders: Holders, targets: Sequence[Target]) -> Iterator[Right]:
    """What policies of clusters let principals do, above all those of other accounts."""
    for row in holders.rows:
        if row["type"] not in CLUSTER_POLICIES:
            continue
        document = document_of(row["inputs"].get("policy"))
        if document.statements is None:
            holders.unresolved.append(Unresolved(f"cluster policy {row['name']}", row["urn"], document.why))
        for statement in document.statements or ():
            who = _asked(statement, row, holders)
            for permission in permissions_in([statement], "Allow"):
                for holder, target in product(who, _about(permission, targets)):
                    for right in _rights(holder, permission, target, (row["urn"], Decided.CLUSTER), ()):
                        yield _limited(right, _FOREIGN) if _is_foreign(holder, target) else right


def _asked(statement: dict[str, object], row: ResourceRow, holders: Holders) -> list[str]:
    """Whom a statement of a cluster's policy is about; what it takes away is noted as what cannot be resolved further."""
    about = f"cluster policy {row['name']}"
    who = [_principal(kind, name, holders) for kind, name in principals_in(statement)]
    if statement.get("Effect") != "Allow":
        words = " and ".join(condition_words(statement.get("Condition")))
        denies = f"it denies {', '.join(who) or 'principals that it excepts'} something{' where ' + words if words else ''}"
        holders.unresolved.append(Unresolved(about, row["urn"], denies))
    elif not who:
        why = "a statement names whom it is not about (NotPrincipal), so it is about everybody else"
        holders.unresolved.append(Unresolved(about, row["urn"], why))
        return ["everybody but those whom it excepts"]
    return who


def _principal(kind: str, name: str, holders: Holders) -> str:
    if name == "*":
        return "everybody"
    if kind == "Service":
        return f"service {name}"
    root = _ROOT.fullmatch(name)
    if root:
        return f"account {root[1] or root[2]}"
    return holders.holder_of_arn(name) or (f"principal {name}" if kind == "AWS" else f"{kind} {name}")


def _is_foreign(holder: str, target: Target) -> bool:
    account = re.search(r"\d{12}", holder)
    return holder.startswith(("account ", "principal ")) and not (account and account[0] == target.account)


def identities_of(holders: Holders, named: Iterable[str]) -> Iterator[Identity]:
    """The roles of holders, and who may take each."""
    wanted = set(named)
    for row in holders.rows:
        if PRINCIPALS.get(row["type"]) != "role" or holders.holder_of(row) not in wanted:
            continue
        document = document_of(trust_of(row))
        if document.statements is None:
            taken: tuple[str, ...] = ("unknown until deployed",)
        else:
            taken = tuple(
                dict.fromkeys(
                    _trusted(kind, name, statement, holders)
                    for statement in document.statements
                    if statement.get("Effect") == "Allow"
                    for kind, name in principals_in(statement)
                )
            )
        yield Identity(holders.holder_of(row), str(row["inputs"].get("name") or row["name"]), taken, row["urn"])


def _trusted(kind: str, name: str, statement: dict[str, object], holders: Holders) -> str:
    conditions = " and ".join(condition_words(statement.get("Condition")))
    return f"{_principal(kind, name, holders)}{f', only if {conditions}' if conditions else ''}"


_BECOMES: Final = ("iam", "sts", "secretsmanager")
"""Services by which somebody becomes, or signs in as, somebody else."""


def roads_to_others(holders: Holders) -> Iterator[Unresolved]:
    """Who may become somebody else, change what somebody else may do, or read a password: what that reaches is not followed."""
    actions = [f"{service}:{action}" for service in _BECOMES for action in NEIGHBOURS[service]]
    for held in holders.held:
        roads: dict[str, list[str]] = defaultdict(list)
        for statement in held.statements:
            if statement.get("Effect") != "Allow":
                continue
            may = [action for action in actions if takes_in(statement, action)]
            where = ", ".join(texts(statement.get("Resource"))) or "all but what is excepted"
            roads[where] += [action for action in may if action not in roads[where]]
        for where, may in roads.items():
            if may:
                why = f"it may {', '.join(may)} on {where}: what it reaches by that is not followed"
                yield Unresolved(held.holder, held.source, why)


def without_connect(rights: Sequence[Right]) -> Iterator[Right]:
    """The rights, with what is missing where an identity may use topics and not connect."""
    connected = {(right.holder, right.cluster) for right in rights if right.verb is Verb.CONNECT}
    for right in rights:
        data = right.decided is Decided.IAM and any(action.startswith("kafka-cluster:") for action in right.actions)
        # Of a cluster of another program only the pattern is known, which is another one for its topics.
        data = data and not right.cluster.startswith(_ANOTHER)
        lacks = data and right.verb is not Verb.CONNECT and (right.holder, right.cluster) not in connected
        yield _limited(right, "without kafka-cluster:Connect here, which it needs") if lacks else right
