"""From a client of the stack file to what its files, its ACLs and the program's exports are made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from domain.access.acls import Acl, acls, principal_of_certificate, principal_of_user
from domain.access.mechanisms import Mechanism
from domain.clients.connection import ClientConnection, Workers
from domain.clients.limits import Limits
from domain.msk.listeners import PLAINTEXT, SASL_IAM, SASL_SCRAM, TLS, Listener, Reach
from domain.settings.clients import Client, ClientAccess

_LISTENERS: Mapping[Mechanism, str] = {
    Mechanism.IAM: SASL_IAM,
    Mechanism.SCRAM: SASL_SCRAM,
    Mechanism.MUTUAL_TLS: TLS,
    Mechanism.UNAUTHENTICATED_TLS: TLS,
    Mechanism.PLAINTEXT: PLAINTEXT,
}


def mechanism_of(client: ClientAccess, listeners: Collection[Listener], *, unauthenticated: bool) -> Mechanism | None:
    """How a client connects; None where it has no identity and the cluster lets nobody in without one.

    Args:
        client: The client.
        listeners: The cluster's listeners.
        unauthenticated: Whether clients without identity are let in.
    """
    if client.identity is not None:
        return client.identity.mechanism
    names = {listener.name for listener in listeners}
    if unauthenticated and TLS in names:
        return Mechanism.UNAUTHENTICATED_TLS
    return Mechanism.PLAINTEXT if PLAINTEXT in names else None


def bootstrap_output(mechanism: Mechanism, listeners: Collection[Listener], reach: Reach = Reach.VPC) -> str | None:
    """The cluster's output with the bootstrap string of a mechanism, within the VPC or otherwise; None where there is none."""
    listener = listener_of(mechanism, listeners, reach)
    return listener.bootstrap_output if listener else None


def listener_of(mechanism: Mechanism, listeners: Collection[Listener], reach: Reach = Reach.VPC) -> Listener | None:
    """The listener of a mechanism, within the VPC or otherwise; None where there is none."""
    return next((listener for listener in listeners if listener.name == _LISTENERS[mechanism] and listener.reach is reach), None)


def reach_of(client: ClientAccess, *, elsewhere: bool) -> Reach:
    """By which of the cluster's listeners a client comes.

    Args:
        client: The client.
        elsewhere: Whether it is another account's, and comes through multi-VPC connectivity.
    """
    if elsewhere:
        return Reach.MULTI_VPC
    cidr = client.source.cidr if isinstance(client, Client) else None
    return Reach.IPV6 if cidr and ":" in cidr else Reach.VPC


def connection_of(
    name: str,
    client: ClientAccess,
    mechanism: Mechanism,
    *,
    bootstrap: str,
    region: str,
    secret: str = "",
    limits: Limits | None = None,
) -> ClientConnection:
    """What a client's files are rendered from.

    The first group and the first transactional id stand in its files; with prefixes only, the client chooses them itself. Kafka
    refuses other consumers in the group of a Kafka Streams application: without another group, it has no files of a consumer.

    Args:
        name: The client's name.
        client: Its entry.
        mechanism: How it connects.
        bootstrap: All brokers, sorted, for this mechanism.
        region: The cluster's region.
        secret: The ARN of the secret with its password; with SCRAM only.
        limits: What the cluster takes at most; what one takes that is told nothing, unless given.
    """
    access, produce, consume, connect = client.access, client.produce, client.consume, client.connect
    limits = limits or Limits()
    written = [names for names in (access.produce, access.streams_topics, access.connect_topics) if names]
    read = [names for names in (access.consume, access.streams_topics, access.connect_topics) if names]
    return ClientConnection(
        name=name,
        mechanism=mechanism,
        bootstrap=bootstrap,
        region=region,
        produces=bool(access.produce),
        consumes=bool(consume and (consume.groups or consume.group_prefixes)),
        transactional_ids=tuple(produce.transactional_ids) if produce else (),
        transactional_id_prefix=_first(produce.transactional_id_prefixes if produce else ()),
        group=_first(consume.groups if consume else ()),
        group_prefix=_first(consume.group_prefixes if consume else ()),
        workers=Workers(connect.group_id, *connect.topics) if connect else None,
        largest_written=limits.largest(written),
        smallest_written=limits.smallest(written),
        largest_read=limits.largest(read),
        usual_message=limits.largest([]),
        transaction_ms=limits.transaction_ms,
        application_id=client.streams.application_id if client.streams else "",
        user=(client.identity.scram_user or "") if client.identity else "",
        secret=secret,
    )


def shown_access(client: ClientAccess) -> dict[str, object]:
    """What a client is and may do, for readers of the inventory: mechanism, topics, groups, transactional ids.

    Beginnings of names end with ``*``, which no name has in it. What it may not do is left out.
    """
    access = client.access
    lists = {
        "produce": access.produce,
        "streamsTopics": access.streams_topics,
        "connectTopics": access.connect_topics,
        "transactionalIds": access.transactional_ids,
        "consume": access.consume,
        "groups": access.groups,
        "administer": access.administer,
        "administerGroups": access.administer_groups,
        "observe": access.observe_topics,
        "observeGroups": access.observe_groups,
    }
    return {
        **({"mechanism": str(client.identity.mechanism)} if client.identity else {}),
        **{name: [*those.exact, *(f"{prefix}*" for prefix in those.prefixes)] for name, those in lists.items() if those},
        **({"administerCluster": True} if access.administer_cluster else {}),
        **({"operate": True} if access.operate else {}),
    }


def _first(those: Collection[str]) -> str:
    return next(iter(those), "")


def acl_principals(client: ClientAccess) -> list[str]:
    """The principals that Kafka knows a client by; none for those that IAM or nothing decides on."""
    identity = client.identity
    if identity is None or identity.mechanism is Mechanism.IAM:
        return []
    if identity.certificate is not None:
        return [principal_of_certificate(identity.certificate)]
    return [principal_of_user(user) for user in identity.scram_users]


def acls_of(clients: Mapping[str, ClientAccess]) -> dict[str, list[Acl]]:
    """The ACLs that the clients need, by client; those that need none are left out."""
    acls_by_client = {
        name: [acl for principal in acl_principals(client) for acl in acls(principal, client.access)]
        for name, client in clients.items()
    }
    return {name: those for name, those in acls_by_client.items() if those}
