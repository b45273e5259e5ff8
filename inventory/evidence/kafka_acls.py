"""The rights that Kafka's own access control lists give, those that a stack file wants, and what is open where none stands."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from domain.access.acls import ANY_NAME, Acl, AclResource, acls
from domain.access.rights import Access, names
from inventory.changes.cuts.people import ACL, CLIENTS
from inventory.clusters import ClusterRows
from inventory.evidence.patterns import covers, overlaps
from inventory.evidence.rights import Decided, Right, Unresolved, Verb
from inventory.rows import CLUSTER, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from inventory.evidence.targets import Target
    from inventory.rows import ResourceRow

_IAM: Final = "IAM"
EVERYBODY_ELSE: Final = "every SCRAM user and client certificate"
NOBODY_ASKED: Final = "everybody who reaches the brokers"
_NO_ACL: Final = "where no ACL stands on it"
_OPEN: Final = "allow.everyone.if.no.acl.found"

_VERBS: Final[Mapping[str, Mapping[str, Verb]]] = {
    "topic": {"Read": Verb.READ, "Write": Verb.WRITE},
    "group": {"Read": Verb.READ},
    "transactional-id": {"Write": Verb.WRITE},
    "cluster": {},
}
_ADMINISTERS: Final = ("Alter", "AlterConfigs", "ClusterAction", "Create", "Delete")
_DESCRIBES: Final = ("Describe", "DescribeConfigs")
_WITHOUT_EFFECT: Final = ("IdempotentWrite", "DescribeTokens", "CreateTokens", "TwoPhaseCommit")
"""Operations that do nothing with a topic, a group or the cluster by themselves."""
_KINDS: Final = {"topic": "topic", "group": "group", "transactionalid": "transactional-id", "cluster": "cluster"}


def verbs_of(kind: str, operation: str) -> tuple[Verb, ...] | None:
    """What an operation does; None for one that is not known."""
    if operation == "All":
        return tuple(dict.fromkeys((*_VERBS[kind].values(), Verb.ADMINISTER, Verb.DESCRIBE)))
    if operation in _VERBS[kind]:
        return (_VERBS[kind][operation],)
    if operation in _ADMINISTERS:
        return (Verb.ADMINISTER,)
    if operation in _DESCRIBES:
        return (Verb.DESCRIBE,)
    return () if operation in _WITHOUT_EFFECT else None


def rights_of_acls(rows: Sequence[ResourceRow], targets: Sequence[Target], unresolved: list[Unresolved]) -> Iterator[Right]:
    """What ACLs of a Kafka provider let principals do; those that deny take it away."""
    found = [row for row in rows if row["type"] == ACL]
    denials = [row["inputs"] for row in found if row["inputs"].get("aclPermissionType") == "Deny"]
    cluster = targets[0].name if len(targets) == 1 else "a cluster that a Kafka provider names"
    for row in found:
        inputs = row["inputs"]
        if inputs in denials:
            continue
        if any(not isinstance(inputs.get(name), str) or not is_known(inputs[name]) for name in _OF_ACL):
            unresolved.append(Unresolved(f"ACL {row['name']}", row["urn"], "whom it allows what is unknown until deployed"))
            continue
        kind = _KINDS.get(inputs["aclResourceType"].lower())
        verbs = verbs_of(kind, inputs["aclOperation"]) if kind else None
        if kind is None or verbs is None:
            why = f"{inputs['aclOperation']} on {inputs['aclResourceType']} is an operation that is not known here"
            unresolved.append(Unresolved(f"ACL {row['name']} of {inputs['aclPrincipal']}", row["urn"], why))
            continue
        name = _pattern(inputs)
        against = [denial for denial in denials if _is_about(denial, inputs) and overlaps(_pattern(denial), name)]
        certain = tuple(_pattern(denial) for denial in against if denial.get("aclHost") in _EVERYWHERE)
        for verb in () if any(covers(pattern, name) for pattern in certain) else verbs:
            yield Right(
                inputs["aclPrincipal"],
                cluster,
                kind,
                "" if kind == "cluster" else name,
                verb,
                (inputs["aclOperation"],),
                Decided.ACL,
                row["urn"],
                tuple(_limits(inputs, against)),
                certain,
            )


_OF_ACL: Final = ("aclPrincipal", "aclResourceName", "aclOperation", "aclResourceType")
_EVERYWHERE: Final = ("*", None)


def _limits(inputs: Mapping[str, Any], against: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """From where an ACL allows something, and what others deny of it."""
    host = inputs.get("aclHost")
    if host not in _EVERYWHERE:
        yield f"only from {host if is_known(host) else 'hosts that are unknown until deployed'}"
    for denial in against:
        place = denial.get("aclHost")
        yield f"denied on {_pattern(denial)}" + ("" if place in _EVERYWHERE else f" from {place}")


def _pattern(inputs: Mapping[str, Any]) -> str:
    name = str(inputs.get("aclResourceName"))
    prefixed = str(inputs.get("resourcePatternTypeFilter", "Literal")).lower() == "prefixed"
    return f"{name}*" if prefixed and name != ANY_NAME else name


def _is_about(denial: Mapping[str, Any], allowed: Mapping[str, Any]) -> bool:
    """Whether a denial is about whom, and about what, something is allowed."""
    return (
        denial.get("aclPrincipal") in (allowed["aclPrincipal"], "User:*")
        and denial.get("aclResourceType") == allowed["aclResourceType"]
        and denial.get("aclOperation") in (allowed["aclOperation"], "All")
    )


def rights_stated(rows: Iterable[ResourceRow], cluster: str, unresolved: list[Unresolved]) -> Iterator[Right]:
    """What a stack file wants Kafka's ACLs to let its SCRAM users and certificates do: no resource is made of it."""
    for row in rows:
        if row["type"] != CLIENTS:
            continue
        access = row["inputs"].get("access")
        if access is not None and (not isinstance(access, dict) or not is_known(access)):
            unresolved.append(Unresolved("clients of the stack file", row["urn"], "what they may do is unknown until deployed"))
            continue
        for client, stated in (access or {}).items():
            if stated.get("mechanism") != _IAM:
                yield from _of_acls(acls("", access_of(stated)), f"client {client}", cluster, row["urn"])


def access_of(stated: Mapping[str, Any]) -> Access:
    """What the inventory says that a client may do, as it was stated."""
    of = {
        key: names(
            [name for name in stated.get(key, []) if not name.endswith("*")],
            [name.removesuffix("*") for name in stated.get(key, []) if name.endswith("*")],
        )
        for key in (
            "produce", "streamsTopics", "connectTopics", "transactionalIds", "consume", "groups", "administer",
            "administerGroups", "observe", "observeGroups",
        )
    }  # fmt: skip
    return Access(
        produce=of["produce"],
        transactional_ids=of["transactionalIds"],
        consume=of["consume"],
        groups=of["groups"],
        streams_topics=of["streamsTopics"],
        connect_topics=of["connectTopics"],
        administer=of["administer"],
        administer_groups=of["administerGroups"],
        administer_cluster=stated.get("administerCluster") is True,
        observe_topics=of["observe"],
        observe_groups=of["observeGroups"],
        operate=stated.get("operate") is True,
    )


def _of_acls(wanted: Iterable[Acl], holder: str, cluster: str, source: str) -> Iterator[Right]:
    operations: dict[tuple[str, str, Verb], list[str]] = defaultdict(list)
    for acl in wanted:
        kind = acl.resource.value.lower().replace("_", "-")
        name = "" if acl.resource is AclResource.CLUSTER else f"{acl.name}*" if acl.prefixed else acl.name
        for verb in verbs_of(kind, acl.operation) or ():
            operations[kind, name, verb].append(acl.operation)
    for (kind, name, verb), those in operations.items():
        yield Right(holder, cluster, kind, name, verb, tuple(those), Decided.STATED, source)


def rights_without_acls(rows: Sequence[ResourceRow], unresolved: list[Unresolved]) -> Iterator[Right]:
    """What a cluster lets everybody do whom it does not ask, or on whose topic no ACL stands.

    ``allow.everyone.if.no.acl.found`` is true unless a configuration sets it. MSK Developer Guide, "Apache Kafka ACLs".
    """
    clusters = ClusterRows(rows)
    for row in rows:
        if row["type"] != CLUSTER:
            continue
        name = row["inputs"].get("clusterName")
        called = name if isinstance(name, str) and is_known(name) else row["name"]
        who = _who_comes_in(row)
        if not who:
            continue
        properties = clusters.server_properties(row)
        if not properties and get(row["inputs"], "configurationInfo.arn"):
            why = f"its configuration is not in this inventory, so {_OPEN} is not known"
            unresolved.append(Unresolved(f"cluster {called}", row["urn"], f"{why}: {' and '.join(who)} may use what has no ACL"))
            continue
        if properties.get(_OPEN, "true").strip().lower() == "false":
            continue
        for holder in who:
            for kind, verb in _EVERYTHING:
                every = "" if kind == "cluster" else "*"
                yield Right(holder, called, kind, every, verb, ("All",), Decided.NO_ACL, row["urn"], (_NO_ACL,))


_EVERYTHING: Final = tuple(
    (kind, verb) for kind in ("topic", "group", "transactional-id", "cluster") for verb in verbs_of(kind, "All") or ()
)


def _who_comes_in(cluster: ResourceRow) -> list[str]:
    """Whom Kafka's ACLs decide on."""
    methods = cluster["inputs"].get("clientAuthentication")
    iam, scram, anybody = (get(methods, path) for path in ("sasl.iam", "sasl.scram", "unauthenticated"))
    certificates = get(methods, "tls.certificateAuthorityArns")
    return [
        # A cluster that asks for nothing lets everybody in.
        *([NOBODY_ASKED] if anybody not in (None, False) or not any((iam, scram, certificates)) else []),
        *([EVERYBODY_ELSE] if scram or certificates else []),
    ]
