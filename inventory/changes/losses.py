"""What an update takes from people though no resource goes: messages that are deleted, and clients that are cut off."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from domain.msk.listeners import LISTENERS, PLAINTEXT, SASL_IAM, SASL_SCRAM, TLS, Reach
from domain.msk.mechanisms import Mechanism
from domain.msk.operations import covers
from inventory.changes.messages import MessageLoss, losses_of_servers, losses_of_topic, notes_on_local_retention
from inventory.changes.steps import Step, is_protected
from inventory.clusters import CONFIGURATION
from inventory.java_properties import parse_properties
from inventory.rows import CLUSTER, ResourceRow, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

TOPIC: Final = "aws:msk/topic:Topic"
_FILES: Final = "msk-platform:access:ClientFiles"
_ACCESS: Final = "msk-platform:access:ClientAccess"
_ASSOCIATION: Final = "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation"
_FROM: Final = "clients from "
_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


_SHOW_SAMES: Final = (
    "What the topic takes from its cluster is not in this preview, because the cluster does not change: `pulumi preview --json "
    "--show-sames` has it."
)


class LossKind(StrEnum):
    """What is lost."""

    MESSAGES = "messages"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Loss:
    """What the update of a resource takes from people.

    Attributes:
        urn: The resource whose change it is.
        kind: Messages, or clients' access.
        property: The property that changes.
        old: What it was, in words.
        new: What it will be, in words.
        sentence: What becomes of messages or clients, a sentence without its full stop.
        certain: Whether it is so; otherwise a value is not known, and it may be.
        protected: Whether the cluster, or the topic itself, is protected: then somebody has to allow it.
        clients: The clients that are cut off.
    """

    urn: str
    kind: LossKind
    property: str
    old: str
    new: str
    sentence: str
    certain: bool
    protected: bool
    clients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Losses:
    """What updates take from people.

    Attributes:
        losses: Everything that is lost or may be.
        notes: What is no loss and looks like one, by the resource's URN.
    """

    losses: tuple[Loss, ...]
    notes: Mapping[str, tuple[str, ...]]

    def of(self, urn: str) -> tuple[Loss, ...]:
        """What the change of a resource takes."""
        return tuple(loss for loss in self.losses if loss.urn == urn)


def losses(steps: Iterable[Step]) -> Losses:
    """What the updates of clusters, configurations and topics take from people."""
    stack = _Stack(list(steps))
    taken: list[Loss] = []
    notes: dict[str, list[str]] = {}
    for step in stack.steps:
        kind = step.row["type"]
        if step.op not in ("update", "replace") or step.old is None or step.new is None:
            continue
        if kind == CONFIGURATION:
            taken += _messages(step, _of_configuration(step), stack.is_protected(step))
            notes[step.row["urn"]] = notes_on_local_retention(*_texts(step))
        elif kind == TOPIC and step.op == "update":
            lost = list(_messages(step, _of_topic(step, stack), stack.is_protected(step)))
            taken += lost
            notes[step.row["urn"]] = notes_on_local_retention(*map(_configs, _values(step, "configs")))
            if any(not loss.certain for loss in lost) and stack.properties_of(step.row) is None:
                notes[step.row["urn"]].append(_SHOW_SAMES)
        elif kind == CLUSTER and step.op == "update":
            taken += _messages(step, _of_other_configuration(step, stack), stack.is_protected(step))
            cut, notes[step.row["urn"]] = _access(step, stack)
            taken += cut
    return Losses(tuple(taken), {urn: tuple(said) for urn, said in notes.items() if said})


class _Stack:
    """The steps of a preview, and which of them belong together."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = steps
        self._by_urn = {step.row["urn"]: step for step in steps}
        self.clusters = self._of_type(CLUSTER)
        self._by_arn = {
            str(get(row["outputs"], "arn")): step
            for step in (*self.clusters, *self._of_type(CONFIGURATION))
            for row in (step.old, step.new)
            if row is not None and isinstance(get(row["outputs"], "arn"), str) and is_known(get(row["outputs"], "arn"))
        }

    def _of_type(self, resource_type: str) -> list[Step]:
        return [step for step in self.steps if step.row["type"] == resource_type]

    def _referred(self, row: ResourceRow, name: str, arn: object, resource_type: str) -> Step | None:
        """The step of the resource that a property refers to: by its dependencies, else by an ARN, else the only one there is."""
        urns = get(row["options"], ("propertyDependencies", name), [])
        by_urn = [self._by_urn[urn] for urn in urns if urn in self._by_urn and self._by_urn[urn].row["type"] == resource_type]
        if by_urn:
            return by_urn[0]
        if isinstance(arn, str) and is_known(arn):
            return self._by_arn.get(arn)
        every = self._of_type(resource_type)
        return every[0] if len(every) == 1 and arn is not None else None

    def configuration(self, cluster: ResourceRow) -> Step | None:
        """The step of the configuration that a cluster uses; None where the preview does not show it."""
        return self._referred(cluster, "configurationInfo", get(cluster["inputs"], "configurationInfo.arn"), CONFIGURATION)

    def properties(self, cluster: ResourceRow | None, *, old: bool) -> dict[str, str] | None:
        """A cluster's server properties, as they are or as they will be; None where they are not known."""
        if cluster is None:
            return None
        if get(cluster["inputs"], "configurationInfo") is None:
            return {}
        step = self.configuration(cluster)
        return _text_of(step.old if old else step.new) if step else None

    def cluster_of(self, topic: ResourceRow) -> Step | None:
        return self._referred(topic, "clusterArn", get(topic["inputs"], "clusterArn"), CLUSTER) or (
            self.clusters[0] if len(self.clusters) == 1 else None
        )

    def properties_of(self, topic: ResourceRow, *, old: bool = False) -> dict[str, str] | None:
        """The server properties of a topic's cluster, as they will be or as they are; None where they are not known."""
        cluster = self.cluster_of(topic)
        if cluster is None:
            return None
        return self.properties((cluster.old or cluster.new) if old else (cluster.new or cluster.old), old=old)

    def is_protected(self, step: Step) -> bool:
        """Whether what the change of a resource deletes is protected: by the resource itself, or by its cluster."""
        if is_protected(step.old) or is_protected(step.new):
            return True
        if step.row["type"] == CLUSTER:
            return False
        if step.row["type"] == TOPIC:
            cluster = self.cluster_of(step.row)
            clusters = [cluster] if cluster else []
        else:
            users = [
                user for user in self.clusters if any(row and self.configuration(row) is step for row in (user.old, user.new))
            ]
            clusters = users or self.clusters
            if not clusters:
                # Whose cluster uses it, and whether that is protected, is not in this preview.
                return True
        return any(is_protected(row) for user in clusters for row in (user.old, user.new))


def _messages(step: Step, lost: Iterable[MessageLoss], protected: bool) -> Iterator[Loss]:
    for loss in lost:
        yield Loss(step.row["urn"], LossKind.MESSAGES, loss.property, loss.old, loss.new, loss.sentence, loss.certain, protected)


def _same(step: Step, name: str) -> bool:
    """Whether a property stays as it is; what is hidden on both sides may be another value."""
    old, new = _values(step, name)
    if old != new:
        return False
    return is_known(new) or not (step.differs is None or _sees(step, name))


def _sees(step: Step, name: str) -> bool:
    """Whether the provider sees a difference in a property."""
    return any(covers(name, path) for path in step.differs or ())


def _values(step: Step, name: str) -> tuple[object, object]:
    """A property as it is and as it will be.

    Where the program asks for the same as ever and the provider sees a difference all the same, somebody changed it in AWS.
    """
    old, new = (row["inputs"].get(name) if row else None for row in (step.old, step.new))
    if old == new and is_known(new) and step.old and _sees(step, name):
        old = step.old["outputs"].get(name, old)
    return old, new


def _text_of(configuration: ResourceRow | None) -> dict[str, str] | None:
    return _properties(configuration["inputs"].get("serverProperties")) if configuration else None


def _properties(value: object) -> dict[str, str] | None:
    """The properties of a text; None where it is not known."""
    if value is None:
        return {}
    return parse_properties(value) if isinstance(value, str) and is_known(value) else None


def _texts(step: Step) -> tuple[dict[str, str] | None, dict[str, str] | None]:
    old, new = _values(step, "serverProperties")
    return _properties(old), _properties(new)


def _of_configuration(step: Step) -> list[MessageLoss]:
    return [] if _same(step, "serverProperties") else losses_of_servers(*_texts(step))


def _of_other_configuration(step: Step, stack: _Stack) -> list[MessageLoss]:
    """What another configuration, or another revision of it, deletes; its own new revision is its configuration's."""
    if step.old is None or step.new is None or _same(step, "configurationInfo"):
        return []
    if not step.new["inputs"].get("configurationInfo"):
        # Refused: see inventory.changes.orders.
        return []
    before, after = (stack.configuration(row) for row in (step.old, step.new))
    if before is not None and before is after and before.op != "same":
        return []
    old, new = stack.properties(step.old, old=True), stack.properties(step.new, old=False)
    if before is not None and before is after:
        # Of the revisions of one configuration a preview has the text of the latest alone. An update that failed midway leaves
        # the cluster with an older one.
        latest = get(before.row["outputs"], "latestRevision")
        revisions = (get(row["inputs"], "configurationInfo.revision") for row in (step.old, step.new))
        old, new = (text if revision == latest else None for revision, text in zip(revisions, (old, new), strict=True))
    return losses_of_servers(old, new)


def _configs(value: object) -> dict[str, object] | None:
    """A topic's configuration, which is JSON; None where it is not known."""
    if value is None or value == "":
        return {}
    if isinstance(value, str) and is_known(value):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _of_topic(step: Step, stack: _Stack) -> list[MessageLoss]:
    if _same(step, "configs"):
        return []
    old, new = map(_configs, _values(step, "configs"))
    return losses_of_topic(old, new, stack.properties_of(step.row, old=True), stack.properties_of(step.row))


# --- Clients that are cut off ---------------------------------------------------------------------------------------------


_LISTENER: Final[Mapping[Mechanism, str]] = {
    Mechanism.IAM: SASL_IAM,
    Mechanism.SCRAM: SASL_SCRAM,
    Mechanism.MUTUAL_TLS: TLS,
    Mechanism.UNAUTHENTICATED_TLS: TLS,
    Mechanism.PLAINTEXT: PLAINTEXT,
}
_PROPERTY: Final[Mapping[Mechanism, str]] = {
    Mechanism.IAM: "clientAuthentication.sasl.iam",
    Mechanism.SCRAM: "clientAuthentication.sasl.scram",
    Mechanism.MUTUAL_TLS: "clientAuthentication.tls.certificateAuthorityArns",
    Mechanism.UNAUTHENTICATED_TLS: "clientAuthentication.unauthenticated",
    Mechanism.PLAINTEXT: "encryptionInfo.encryptionInTransit.clientBroker",
}


def _mechanisms(cluster: ResourceRow) -> dict[Mechanism, bool | None]:
    """Whether each mechanism is on; None where that is not known.

    Without any client authentication Amazon MSK lets in everybody (MSK API reference, "ClientAuthentication").
    """
    inputs = cluster["inputs"]
    iam, scram, given = (
        _on(get(inputs, _PROPERTY[mechanism])) for mechanism in (Mechanism.IAM, Mechanism.SCRAM, Mechanism.UNAUTHENTICATED_TLS)
    )
    authorities = get(inputs, _PROPERTY[Mechanism.MUTUAL_TLS], [])
    tls = bool(authorities) if isinstance(authorities, list) else None
    everybody = _any(given, False if None in (iam, scram, tls) else not (iam or scram or tls))
    client_broker = get(inputs, _PROPERTY[Mechanism.PLAINTEXT], "TLS")
    known = is_known(client_broker)
    encrypted = client_broker != "PLAINTEXT" if known else None
    clear = client_broker != "TLS" if known else None
    return {
        Mechanism.IAM: iam,
        Mechanism.SCRAM: scram,
        Mechanism.MUTUAL_TLS: tls,
        Mechanism.UNAUTHENTICATED_TLS: _both(everybody, encrypted),
        Mechanism.PLAINTEXT: _both(clear, _any(everybody, tls)),
    }


def _on(value: object) -> bool | None:
    return value is True if is_known(value) else None


def _any(first: bool | None, second: bool | None) -> bool | None:
    return True if first or second else None if None in (first, second) else False


def _both(first: bool | None, second: bool | None) -> bool | None:
    return False if first is False or second is False else None if None in (first, second) else True


def _access(step: Step, stack: _Stack) -> tuple[list[Loss], list[str]]:
    if step.old is None or step.new is None:
        return [], []
    before, after = _mechanisms(step.old), _mechanisms(step.new)
    cut, notes = [], []
    for mechanism, was in before.items():
        if was is not True or after[mechanism] is True:
            continue
        certain = after[mechanism] is False
        goes = "is turned off" if certain else "may be turned off: whether it stays is not known before the update"
        clients = _clients(step, mechanism, before, stack)
        if not clients:
            notes.append(f"{mechanism} {goes}. No client of this stack is known to use it.")
            continue
        cut.append(
            Loss(
                step.row["urn"],
                LossKind.ACCESS,
                _PROPERTY[mechanism],
                "on",
                "off" if certain else "not known before the update",
                f"{mechanism} {goes if certain else 'may be turned off'} while {_list(clients)} {_uses(clients)} it",
                certain,
                stack.is_protected(step),
                clients,
            )
        )
    return cut, notes


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _uses(names: Sequence[str]) -> str:
    return "uses" if len(names) == 1 and not names[0].startswith(_FROM) else "use"


def _clients(step: Step, mechanism: Mechanism, on: Mapping[Mechanism, bool | None], stack: _Stack) -> tuple[str, ...]:
    """The clients that are known to use a mechanism today.

    A client's files, role or secret say so. A source that may connect says it where no other door is open to it: in this template
    every source is let to the ports of all mechanisms.
    """
    rows = [other.old for other in stack.steps if other.old is not None and _belongs(other.old, step, stack)]
    names = {
        str(row["inputs"].get("client"))
        for row in rows
        if (row["type"] == _FILES and row["inputs"].get("mechanism") == mechanism)
        or (row["type"] == _ACCESS and mechanism is Mechanism.IAM)
    }
    if mechanism is Mechanism.SCRAM and not names:
        names = {row["name"] for row in rows if row["type"] == _ASSOCIATION}
    shared = [beside for beside, is_on in on.items() if is_on is not False and _LISTENER[beside] == _LISTENER[mechanism]]
    if shared == [mechanism]:
        names |= _sources_with_this_door_alone(rows, _LISTENER[mechanism])
    return tuple(sorted(names))


def _sources_with_this_door_alone(rows: Iterable[ResourceRow], listener: str) -> set[str]:
    doors: dict[str, set[str]] = {}
    by_port = {door.port: door.name for door in LISTENERS if door.reach is not Reach.MULTI_VPC}
    for row in rows:
        port = row["inputs"].get("fromPort")
        if row["type"] != _RULE or not isinstance(port, int) or port not in by_port:
            continue
        for name in ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"):
            source = row["inputs"].get(name)
            if isinstance(source, str) and is_known(source):
                doors.setdefault(source, set()).add(by_port[port])
    return {f"{_FROM}{source}" for source, open_to in doors.items() if open_to == {listener}}


def _belongs(row: ResourceRow, step: Step, stack: _Stack) -> bool:
    """Whether a client's resource is about this cluster, as far as that is said."""
    if len(stack.clusters) == 1:
        return True
    urns = [urn for urns in row["options"].get("propertyDependencies", {}).values() for urn in urns]
    if any(urn in urns for urn in (cluster.row["urn"] for cluster in stack.clusters)):
        return step.row["urn"] in urns
    arn = row["inputs"].get("clusterArn")
    return arn is None or not is_known(arn) or step.old is None or arn == get(step.old["outputs"], "arn")
