"""What there is to say of a stack's ACLs as one document, which the report and the JSON are written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from tools.acls.plan import pattern_words
from tools.acls.reading import PREFIXED, entry_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from domain.access.acls import Acl
    from tools.acls.apply import Step
    from tools.acls.checks import Applying, Verdict
    from tools.acls.coverage import Coverage
    from tools.acls.plan import Plan
    from tools.acls.reading import Entry
    from tools.acls.terms import Terms


class AclRow(TypedDict):
    """ACLs of one principal on one pattern of names; ``why`` is why they go or stay, empty for those that are wanted.

    ``host`` is ``*`` for every host, ``permission`` ALLOW or DENY: others than these no stack makes.
    """

    principal: str
    resource: str
    name: str
    pattern: str
    operations: list[str]
    host: str
    permission: str
    why: str


class ClosedRow(TypedDict):
    """What everybody may use until it has its first ACL: see `tools.acls.plan.Closed`."""

    what: str
    leftTo: list[str]
    cutOffIfUsed: list[str]


class ClientRow(TypedDict):
    """What became of a client's ACLs, as its receipt says: ``state`` is "enforced", "allows more" or "not enforced"."""

    client: str
    principals: list[str]
    state: str
    why: str


class ClusterRow(TypedDict):
    """The cluster; ``kafkaId`` is null where it was not asked."""

    name: str
    region: str
    kafkaId: str | None


class StepRow(TypedDict):
    """A step that is done: ``add`` or ``remove``, and how many ACLs of whom."""

    step: str
    principals: list[str]
    acls: int


class Document(TypedDict):
    """Everything there is to say. What compares with the cluster is empty where it was not asked (``compared`` is false)."""

    stack: str
    cluster: ClusterRow
    needsAcls: bool
    compared: bool
    bootstrap: str | None
    applyingAs: str | None
    receipt: str
    receiptProblem: str
    clients: list[ClientRow]
    removalsPending: list[str]
    wanted: dict[str, list[AclRow]]
    present: int
    added: list[AclRow]
    removed: list[AclRow]
    kept: list[AclRow]
    closed: list[ClosedRow]
    opened: list[str]
    refused: list[str]
    warnings: list[str]
    applied: list[StepRow]
    left: list[AclRow]


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison with the cluster says.

    Attributes:
        plan: The difference.
        verdict: What stands against it.
        cluster_id: The id that the cluster itself has.
        bootstrap: Its bootstrap servers.
        applying: Who applies.
    """

    plan: Plan
    verdict: Verdict
    cluster_id: str
    bootstrap: str
    applying: Applying


def document_of(terms: Terms, coverage: Coverage | None, receipt: str, compared: Compared | None) -> Document:
    """Gathers what there is to say before anything is changed.

    Args:
        terms: What the stack wants.
        coverage: What its receipt says; None for a stack that needs no ACLs.
        receipt: The receipt's file, as people write it.
        compared: What the cluster says; None where it was not asked.
    """
    plan, verdict = (compared.plan, compared.verdict) if compared else (None, None)
    return {
        "stack": terms.stack,
        "cluster": {"name": terms.cluster, "region": terms.region, "kafkaId": compared.cluster_id if compared else None},
        "needsAcls": bool(coverage),
        "compared": compared is not None,
        "bootstrap": compared.bootstrap if compared else None,
        "applyingAs": compared.applying.principal if compared else None,
        "receipt": receipt,
        "receiptProblem": coverage.problem if coverage else "",
        "clients": client_rows(coverage),
        "removalsPending": list(coverage.left) if coverage else [],
        "wanted": {client: acl_rows(dict.fromkeys(acls, "")) for client, acls in terms.wanted.items()},
        "present": plan.present if plan else 0,
        "added": acl_rows(dict.fromkeys(plan.added, "")) if plan else [],
        "removed": acl_rows(dict(plan.removed)) if plan else [],
        "kept": entry_rows(plan.kept) if plan else [],
        "closed": [
            {"what": pattern_words(closed.pattern), "leftTo": list(closed.left_to), "cutOffIfUsed": list(closed.known)}
            for closed in (plan.closed if plan else ())
        ],
        "opened": [pattern_words(pattern) for pattern in (plan.opened if plan else ())],
        "refused": list(verdict.objections) if verdict else [],
        "warnings": list(verdict.warnings) if verdict else [],
        "applied": [],
        "left": [],
    }


def client_rows(coverage: Coverage | None) -> list[ClientRow]:
    """The clients that ACLs decide on."""
    return [
        {"client": client.client, "principals": list(client.principals), "state": client.state.value, "why": client.why}
        for client in (coverage.clients if coverage else ())
    ]


def acl_rows(acls: Mapping[Acl, str]) -> list[AclRow]:
    """ACLs that a stack makes, each with the reason why it goes, if it does: the operations on one name in one row."""
    return entry_rows((entry_of(acl), why) for acl, why in sorted(acls.items()))


def entry_rows(entries: Iterable[tuple[Entry, str]]) -> list[AclRow]:
    """ACLs of a cluster, each with the reason why it stays."""
    rows: dict[tuple[str, ...], AclRow] = {}
    for entry, why in entries:
        permission = "ALLOW" if entry.allows else "DENY"
        key = (entry.principal, entry.resource, entry.name, entry.pattern, entry.host, permission, why)
        row = rows.setdefault(
            key,
            {
                "principal": entry.principal,
                "resource": entry.resource,
                "name": entry.name,
                "pattern": entry.pattern,
                "operations": [],
                "host": entry.host,
                "permission": permission,
                "why": str(why),
            },
        )
        row["operations"].append(entry.operation)
    return list(rows.values())


def left_rows(plan: Plan) -> list[AclRow]:
    """What still differs when all is done."""
    return acl_rows({**dict.fromkeys(plan.added, "is not there"), **{acl: f"is still there: {why}" for acl, why in plan.removed}})


def step_rows(steps: Iterable[Step]) -> list[StepRow]:
    """Steps that are done."""
    return [
        {
            "step": "add" if step.adds else "remove",
            "principals": list(step.batch.principals),
            "acls": len(list(step.batch.acls)),
        }
        for step in steps
    ]


def is_prefixed(row: AclRow) -> bool:
    """Whether a row's name is the beginning of names."""
    return row["pattern"] == PREFIXED
