"""Which clients an update of a cluster cuts off: those of a mechanism, of multi-VPC or of public access that it turns off."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

from domain.access.mechanisms import Mechanism
from domain.msk.listeners import LISTENERS, PLAINTEXT, SASL_IAM, SASL_SCRAM, TLS, Listener, Reach
from inventory.changes.cuts.people import ACCESS, ASSOCIATION, FILES, People
from inventory.changes.cuts.sign_in import CONNECTION
from inventory.changes.cuts.statements import allowed_by, statements_of
from inventory.changes.loss import Loss, LossKind, listed
from inventory.changes.stack import StepsOfStack
from inventory.changes.steps import Step
from inventory.rows import ResourceRow, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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


_NOBODY: Final = "No client in this preview uses it; pulumi preview --json --show-sames also lists unchanged clients."


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
        perhaps = _without_identity(step, stack, clients)
        turned_off = f"{mechanism} {'is' if certain else 'may be'} turned off"
        may_use = (
            "may use it: how they sign in is not known: the stack file gives them no identity, or this preview does not show it"
        )
        cut += [
            Loss(
                step.row["urn"],
                LossKind.ACCESS,
                _PROPERTY[mechanism],
                "on",
                "off" if certain else "not known before the update",
                f"{turned_off} while {listed(names)} {do}",
                is_certain,
                stack.is_protected(step),
                names,
                f"connect with {mechanism}",
            )
            for names, do, is_certain in ((perhaps, may_use, False), (clients, f"{_uses(clients)} it", certain))
            if names
        ]
        if not clients and not perhaps:
            notes.append(f"{mechanism} {goes}. {_NOBODY}")
    if removed := _removed_authorities(step):
        clients = _clients(step, Mechanism.MUTUAL_TLS, before, stack)
        goes = f"Certificates of {listed(removed)} are no longer accepted"
        if clients:
            cut.append(
                Loss(
                    step.row["urn"],
                    LossKind.ACCESS,
                    _PROPERTY[Mechanism.MUTUAL_TLS],
                    ", ".join(removed),
                    "taken out",
                    f"{goes} while {listed(clients)} {_uses(clients)} mutual TLS",
                    certain=False,
                    protected=stack.is_protected(step),
                    clients=clients,
                    cannot=f"connect with certificates of {listed(removed)}",
                )
            )
        else:
            notes.append(f"{goes}. {_NOBODY}")
    for lost, note in (*_multi_vpc(step, stack), *_public(step, stack)):
        cut += [lost] if lost else []
        notes += [note] if note else []
    return cut, notes


_MULTI_VPC: Final = "brokerNodeGroupInfo.connectivityInfo.vpcConnectivity"
_MULTI_VPC_MECHANISMS: Final = {
    Mechanism.IAM: f"{_MULTI_VPC}.clientAuthentication.sasl.iam",
    Mechanism.SCRAM: f"{_MULTI_VPC}.clientAuthentication.sasl.scram",
    Mechanism.MUTUAL_TLS: f"{_MULTI_VPC}.clientAuthentication.tls",
}
_AUTHENTICATIONS: Final = {Mechanism.IAM: "SASL_IAM", Mechanism.SCRAM: "SASL_SCRAM", Mechanism.MUTUAL_TLS: "TLS"}
"""What a VPC connection calls them."""
_PUBLIC: Final = "brokerNodeGroupInfo.connectivityInfo.publicAccess.type"


def _multi_vpc(step: Step, stack: StepsOfStack) -> Iterator[tuple[Loss | None, str]]:
    """What becomes of clients in other VPCs; each with its loss, or with a note where nobody is known to be one."""
    if step.old is None or step.new is None or get(step.new["inputs"], _MULTI_VPC) is None:
        # What is left out stays as it is: see the guard `multi-vpc-left-out`.
        return
    for mechanism, path in _MULTI_VPC_MECHANISMS.items():
        before, after = (get(row["inputs"], path, False) for row in (step.old, step.new))
        if before is not True or after is True:
            continue
        certain = is_known(after)
        # Connections are made in the clients' own accounts, and no preview of this stack shows those.
        who = _elsewhere(step, stack, mechanism) or ("clients in other VPCs",)
        goes = f"{mechanism} for other VPCs {'is' if certain else 'may be'} turned off"
        what = f"connect from other VPCs with {mechanism}"
        yield _reach(step, stack, path, who, what, f"{goes} while {listed(who)} may use it", certain=certain), ""


def _elsewhere(step: Step, stack: StepsOfStack, mechanism: Mechanism) -> tuple[str, ...]:
    """Who may connect from other VPCs: connections of this preview, and whom the cluster's policy lets make some."""
    rows = [other.old for other in stack.steps if other.old is not None and _belongs(other.old, step, stack)]
    names = set()
    for row in rows:
        inputs = row["inputs"]
        if row["type"] == CONNECTION and inputs.get("authentication") == _AUTHENTICATIONS[mechanism]:
            names.add(f"{_FROM}{inputs.get('vpcId') if is_known(inputs.get('vpcId')) else row['name']}")
        if row["type"] == _CLUSTER_POLICY:
            principals = {acl.principal for acl in allowed_by(statements_of(inputs.get("policy")) or [])} - {""}
            names |= {f"account {name}" if name.isdigit() else name for name in principals}
    return tuple(sorted(names))


def _public(step: Step, stack: StepsOfStack) -> Iterator[tuple[Loss | None, str]]:
    """Who comes over the internet, when public access is turned off."""
    if step.old is None or step.new is None:
        return
    before, after = (get(row["inputs"], _PUBLIC, "DISABLED") for row in (step.old, step.new))
    if before == "DISABLED" or not is_known(before) or (after == before):
        return
    rows = [other.old for other in stack.steps if other.old is not None and _belongs(other.old, step, stack)]
    sources = {
        client
        for row in rows
        for name in ("cidrIpv4", "cidrIpv6", "prefixListId")
        if row["type"] == _RULE and row["inputs"].get("fromPort") in _PUBLIC_PORTS
        if isinstance(source := row["inputs"].get(name), str) and is_known(source) and not _is_private(source)
        for client in stack.clients_from(source)
    }
    certain = is_known(after)
    goes = f"Public access {'is' if certain else 'may be'} turned off"
    if not sources:
        yield None, f"{goes}. No rule in this preview lets public addresses in."
        return
    who = tuple(sorted(sources))
    yield (
        _reach(step, stack, _PUBLIC, who, "connect over the internet", f"{goes} while {listed(who)} may use it", certain=certain),
        "",
    )


_PUBLIC_PORTS: Final = frozenset(door.port for door in LISTENERS if door.reach is Reach.PUBLIC)
_CLUSTER_POLICY: Final = "aws:msk/clusterPolicy:ClusterPolicy"


_PRIVATE: Final = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))
"""Addresses that do not come over the internet (RFC 1918, RFC 6598, RFC 4193)."""


def _is_private(source: str) -> bool:
    try:
        network = ipaddress.ip_network(source, strict=False)
        alike = [other for other in _PRIVATE if other.version == network.version]
        return any(network.subnet_of(other) for other in alike)  # type: ignore[arg-type]  # of one version
    except ValueError:
        return False


def _reach(  # noqa: PLR0917 - the parts of one sentence
    step: Step, stack: StepsOfStack, path: str, who: tuple[str, ...], what: str, sentence: str, *, certain: bool
) -> Loss:
    new = "off" if certain else "not known before the update"
    protected = stack.is_protected(step)
    return Loss(step.row["urn"], LossKind.ACCESS, path, "on", new, sentence, certain, protected, who, what)


def listens(stack: StepsOfStack, port: int) -> bool:
    """Whether a cluster of the preview listens on a port both before and after, as far as is known.

    A port that an update opens or closes is told as the cluster's own change.
    """
    doors = [door for door in LISTENERS if door.port == port]
    rows = [row for cluster in stack.clusters for row in (cluster.old, cluster.new)]
    if not doors or len(stack.clusters) != 1 or any(row is None for row in rows):
        return True
    return all(any(_is_open(row, door) for door in doors) for row in rows if row is not None)


def _is_open(cluster: ResourceRow, door: Listener) -> bool:
    reach = {
        Reach.VPC: True,
        Reach.PUBLIC: get(cluster["inputs"], _PUBLIC, "DISABLED") != "DISABLED",
        Reach.MULTI_VPC: get(cluster["inputs"], _MULTI_VPC) is not None,
        Reach.IPV6: get(cluster["inputs"], "brokerNodeGroupInfo.connectivityInfo.networkType", "IPV4") != "IPV4",
    }
    used = _mechanisms(cluster)
    return reach[door.reach] and (
        door.reach is Reach.MULTI_VPC
        or any(used[mechanism] is not False for mechanism, name in _LISTENER.items() if name == door.name)
    )


def _removed_authorities(step: Step) -> list[str]:
    """The private CAs whose certificates a cluster takes no longer, while it keeps mutual TLS."""
    path = _PROPERTY[Mechanism.MUTUAL_TLS]
    before, after = (get(row["inputs"], path, []) if row else [] for row in (step.old, step.new))
    if not isinstance(before, list) or not isinstance(after, list) or not after:
        return []
    # One that is not known yet is a new one.
    return sorted(str(authority) for authority in before if authority not in after)


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
        if (row["type"] == FILES and row["inputs"].get("mechanism") == mechanism)
        or (row["type"] == ACCESS and mechanism is Mechanism.IAM)
    }
    if mechanism is Mechanism.SCRAM and not names:
        people = People(rows)
        names = {people.client_of(row) or row["name"] for row in rows if row["type"] == ASSOCIATION}
    shared = [beside for beside, is_on in on.items() if is_on is not False and _LISTENER[beside] == _LISTENER[mechanism]]
    if shared == [mechanism]:
        names |= {
            name for source in _sources_with_this_door_alone(rows, _LISTENER[mechanism]) for name in stack.clients_from(source)
        }
    return tuple(sorted(names))


def _without_identity(step: Step, stack: StepsOfStack, known: Iterable[str]) -> tuple[str, ...]:
    """Clients that the security group lets in and of which this preview does not show how they sign in: any way may be theirs."""
    rows = [other.old for other in stack.steps if other.old is not None and _belongs(other.old, step, stack)]
    shown = {str(row["inputs"].get("client")) for row in rows if row["type"] in (FILES, ACCESS)}
    return tuple(sorted(stack.named_clients() - shown - set(known)))


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
    return {source for source, open_to in doors.items() if open_to == {listener}}


def _belongs(row: ResourceRow, step: Step, stack: StepsOfStack) -> bool:
    """Whether a client's resource is about this cluster, as far as that is said."""
    if len(stack.clusters) == 1:
        return True
    urns = [urn for urns in row["options"].get("propertyDependencies", {}).values() for urn in urns]
    if any(urn in urns for urn in (cluster.row["urn"] for cluster in stack.clusters)):
        return step.row["urn"] in urns
    arn = row["inputs"].get("clusterArn")
    return arn is None or not is_known(arn) or step.old is None or arn == get(step.old["outputs"], "arn")
