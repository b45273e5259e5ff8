"""Evidence as one document: what the text, the Markdown and the formats for programs are made of.

Keys, always all of them:

* ``source``: "offline preview", "preview by Pulumi" or "state of the stack"; ``file`` is what was read, or null.
* ``project``, ``stack``, ``region``, ``today``, ``isToday``, ``result``, ``exitCode``, ``verdicts``, ``policies``, ``acls`` and
  ``problems``: as `tools.preview.document` has them.
* ``provenance``: see `tools.evidence.provenance.ProvenanceRow`.
* ``controls``: see `tools.evidence.by_control.ControlRow`, by tool.
* ``exemptions``: ``rule``, ``resource``, ``until`` (the last day), ``reason`` and ``message`` of everything that is let be.
* ``clusters``, ``topics``: the names of the inventory's; ``byTopic``: for each topic, and each pattern of topics that a right is
  on, who may ``read``, ``write`` and ``administer``.
* ``rights``: everything that somebody may do: ``holder``, ``cluster``, ``kind``, ``name``, ``verb``, ``actions``, ``decided``
  (who decides), ``enforced`` ("by AWS", or what the receipt of the ACLs says), ``source`` (a URN) and ``limits``.
* ``roles``: roles that hold rights, and who may take them; ``unresolved``: what may give rights and cannot be read.
* ``notCovered``: ``what`` the evidence does not say and ``whose`` job it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from inventory.evidence.rights import Decided, Verb
from inventory.evidence.who_may import is_on, who_may
from tools.acls.coverage import State
from tools.evidence.by_control import control_rows
from tools.evidence.not_covered import gaps_of
from tools.evidence.provenance import provenance_of

if TYPE_CHECKING:
    from pathlib import Path

    from inventory.evidence.rights import Right, WhoMay
    from tools.evidence.by_control import ControlRow
    from tools.evidence.not_covered import GapRow
    from tools.evidence.provenance import ProvenanceRow
    from tools.evidence.subject import Subject
    from tools.preview.document import AclsRow, PoliciesRow, ProblemRow, VerdictRow

_BY_AWS = "by AWS"
_NO_RECEIPT = "not known to be enforced: no receipt of ACLs is here"
_ENFORCED = {
    State.ENFORCED: "enforced, as the receipt says",
    State.ALLOWS_MORE: "enforced, and other ACLs allow it more",
    State.NOT_ENFORCED: "not enforced",
}
_BY_KAFKA = "by Kafka, once the provider applied it"
VERBS = (Verb.READ, Verb.WRITE, Verb.ADMINISTER)
"""What is told of each topic."""


class ExemptionRow(TypedDict):
    """A resource that a rule lets be for a while."""

    rule: str
    resource: str
    until: str | None
    reason: str | None
    message: str


class RightRow(TypedDict):
    """What somebody may do; see the module."""

    holder: str
    cluster: str
    kind: str
    name: str
    verb: str
    actions: list[str]
    decided: str
    enforced: str
    source: str
    limits: list[str]


class TopicRow(TypedDict):
    """Who may do what with a topic, or with the topics of a pattern."""

    topic: str
    cluster: str
    read: list[str]
    write: list[str]
    administer: list[str]


class RoleRow(TypedDict):
    """A role that holds rights, and who may take it."""

    holder: str
    role: str
    takenBy: list[str]


class UnresolvedRow(TypedDict):
    """What may give rights and cannot be read; ``stated`` is what the program says of it."""

    about: str
    resource: str
    why: str
    stated: str


class Evidence(TypedDict):
    """The whole; see the module."""

    source: str
    file: str | None
    project: str
    stack: str
    region: str | None
    today: str
    isToday: bool
    result: str
    provenance: ProvenanceRow
    controls: list[ControlRow]
    policies: PoliciesRow | None
    verdicts: list[VerdictRow]
    exemptions: list[ExemptionRow]
    clusters: list[str]
    topics: list[str]
    byTopic: list[TopicRow]
    rights: list[RightRow]
    roles: list[RoleRow]
    unresolved: list[UnresolvedRow]
    acls: AclsRow | None
    notCovered: list[GapRow]
    problems: list[ProblemRow]
    exitCode: int


def evidence_of(subject: Subject, directory: Path) -> Evidence:
    """Gathers the evidence of a subject.

    Args:
        subject: What it is about.
        directory: Where Pulumi.yaml and policies/ are.
    """
    document, who = subject.document, who_may(subject.rows)
    states = {row["client"]: row["state"] for row in document["acls"]["clients"]} if document["acls"] else {}
    rights = [_right(right, states) for right in who.rights]
    return {
        "source": subject.source,
        "file": None if subject.file is None else str(subject.file),
        "project": document["project"],
        "stack": document["stack"],
        "region": document["region"],
        "today": document["today"],
        "isToday": document["isToday"],
        "result": document["result"],
        "provenance": provenance_of(subject, directory),
        "controls": control_rows(subject),
        "policies": document["policies"],
        "verdicts": document["verdicts"],
        "exemptions": [
            {
                "rule": row["policy"],
                "resource": row["resource"],
                "until": row["until"],
                "reason": row["reason"],
                "message": row["message"],
            }
            for row in document["verdicts"]
            if row["kind"] == "exempt"
        ],
        "clusters": list(who.clusters),
        "topics": list(who.topics),
        "byTopic": _by_topic(who, rights),
        "rights": rights,
        "roles": [{"holder": one.holder, "role": one.role, "takenBy": list(one.taken_by)} for one in who.identities],
        "unresolved": [{"about": one.about, "resource": one.urn, "why": one.why, "stated": one.stated} for one in who.unresolved],
        "acls": document["acls"],
        "notCovered": gaps_of(subject),
        "problems": document["problems"],
        "exitCode": document["exitCode"],
    }


def _right(right: Right, states: dict[str, str]) -> RightRow:
    if right.decided is Decided.STATED:
        state = states.get(right.holder.removeprefix("client "))
        enforced = _ENFORCED[State(state)] if state else _NO_RECEIPT
    else:
        enforced = _BY_KAFKA if right.decided is Decided.ACL else _BY_AWS
    return {
        "holder": right.holder,
        "cluster": right.cluster,
        "kind": right.kind,
        "name": right.name,
        "verb": right.verb,
        "actions": list(right.actions),
        "decided": right.decided,
        "enforced": enforced,
        "source": right.source,
        "limits": list(right.limits),
    }


def _by_topic(who: WhoMay, rights: list[RightRow]) -> list[TopicRow]:
    on_topics = [(right, row) for right, row in zip(who.rights, rights, strict=True) if right.kind == "topic"]
    clusters = dict.fromkeys([*who.clusters, *(right.cluster for right, _ in on_topics)])
    rows: list[TopicRow] = []
    for cluster in clusters:
        here = [(right, row) for right, row in on_topics if right.cluster == cluster and right.verb in VERBS]
        # Which of several clusters a topic is of is not followed: it is told of each.
        own = who.topics if cluster in who.clusters else ()
        patterns = dict.fromkeys(right.name for right, _ in here)
        for topic in sorted(dict.fromkeys([*own, *patterns]), key=lambda name: (name == "*", name)):
            on_it = [(right.verb, words_of(row)) for right, row in here if is_on(right, topic)]
            read, write, administer = (list(dict.fromkeys(words for which, words in on_it if which is verb)) for verb in VERBS)
            rows.append({"topic": topic, "cluster": cluster, "read": read, "write": write, "administer": administer})
    return rows


def words_of(right: RightRow) -> str:
    """Who, by what other than a policy of IAM, under which limits, and whether it is enforced where that is not AWS's doing."""
    by = [] if right["decided"] == Decided.IAM else [right["decided"]]
    held = [right["enforced"]] if right["decided"] == Decided.STATED else []
    beside = [*by, *held, *right["limits"]]
    return f"{right['holder']} ({'; '.join(beside)})" if beside else right["holder"]
