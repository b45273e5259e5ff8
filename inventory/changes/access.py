"""Which clients an update of a cluster cuts off: those of an authentication mechanism that it turns off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.msk.listeners import LISTENERS, PLAINTEXT, SASL_IAM, SASL_SCRAM, TLS, Reach
from domain.msk.mechanisms import Mechanism
from inventory.changes.loss import Loss, LossKind
from inventory.changes.stack import StepsOfStack
from inventory.changes.steps import Step
from inventory.rows import ResourceRow, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_FILES: Final = "msk-platform:access:ClientFiles"
_ACCESS: Final = "msk-platform:access:ClientAccess"
_ASSOCIATION: Final = "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation"
_FROM: Final = "clients from "
_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"

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


_NOBODY: Final = "No client in this preview uses it; `pulumi preview --json --show-sames` also lists unchanged clients."


def access_cut(step: Step, stack: StepsOfStack) -> tuple[list[Loss], list[str]]:
    """What the update of a cluster takes from its clients, and what only looks like it.

    Args:
        step: The cluster's step.
        stack: All steps of the preview.
    """
    if step.old is None or step.new is None:
        return [], []
    before, after = _mechanisms(step.old), _mechanisms(step.new)
    cut, notes = [], []
    for mechanism, was in before.items():
        if was is not True or after[mechanism] is True:
            continue
        certain = after[mechanism] is False
        goes = "is turned off" if certain else "may be turned off: its new value is unknown before the update"
        clients = _clients(step, mechanism, before, stack)
        if not clients:
            notes.append(f"{mechanism} {goes}. {_NOBODY}")
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
    if removed := _removed_authorities(step):
        clients = _clients(step, Mechanism.MUTUAL_TLS, before, stack)
        goes = f"Certificates of {_list(removed)} are no longer accepted"
        if clients:
            cut.append(
                Loss(
                    step.row["urn"],
                    LossKind.ACCESS,
                    _PROPERTY[Mechanism.MUTUAL_TLS],
                    ", ".join(removed),
                    "taken out",
                    f"{goes} while {_list(clients)} {_uses(clients)} mutual TLS",
                    certain=False,
                    protected=stack.is_protected(step),
                    clients=clients,
                )
            )
        else:
            notes.append(f"{goes}. {_NOBODY}")
    return cut, notes


def _removed_authorities(step: Step) -> list[str]:
    """The private CAs whose certificates a cluster takes no longer, while it keeps mutual TLS."""
    path = _PROPERTY[Mechanism.MUTUAL_TLS]
    before, after = (get(row["inputs"], path, []) if row else [] for row in (step.old, step.new))
    if not isinstance(before, list) or not isinstance(after, list) or not after:
        return []
    # One that is not known yet is a new one.
    return sorted(str(authority) for authority in before if authority not in after)


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _uses(names: Sequence[str]) -> str:
    return "uses" if len(names) == 1 and not names[0].startswith(_FROM) else "use"


def _clients(step: Step, mechanism: Mechanism, on: Mapping[Mechanism, bool | None], stack: StepsOfStack) -> tuple[str, ...]:
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


def _belongs(row: ResourceRow, step: Step, stack: StepsOfStack) -> bool:
    """Whether a client's resource is about this cluster, as far as that is said."""
    if len(stack.clusters) == 1:
        return True
    urns = [urn for urns in row["options"].get("propertyDependencies", {}).values() for urn in urns]
    if any(urn in urns for urn in (cluster.row["urn"] for cluster in stack.clusters)):
        return step.row["urn"] in urns
    arn = row["inputs"].get("clusterArn")
    return arn is None or not is_known(arn) or step.old is None or arn == get(step.old["outputs"], "arn")
