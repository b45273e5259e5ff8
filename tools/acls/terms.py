"""What a stack's settings say of its ACLs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.clients.plan import acl_principals, acls_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.access.acls import Acl
    from domain.settings.stack import StackSettings

_EVERYONE: Final = "allow.everyone.if.no.acl.found"


@dataclass(frozen=True, slots=True)
class Terms:
    """The ACLs that a stack wants, and of which cluster.

    Attributes:
        stack: The stack's name.
        cluster: Its cluster's name.
        region: Its region.
        serverless: Whether the cluster has no ACLs: IAM alone decides there.
        principals: Whom Kafka knows each client by, by client: those alone whom ACLs decide on.
        wanted: The ACLs that each needs, by client; a client that may do nothing has none.
        everyone: Whether everybody who gets in may use what no ACL is on.
        unauthenticated: Whether clients without identity get in.
    """

    stack: str
    cluster: str
    region: str
    serverless: bool
    principals: Mapping[str, tuple[str, ...]]
    wanted: Mapping[str, tuple[Acl, ...]]
    everyone: bool
    unauthenticated: bool

    @property
    def acls(self) -> frozenset[Acl]:
        """All that are wanted; what two clients want is there once."""
        return frozenset(acl for acls in self.wanted.values() for acl in acls)

    @property
    def named(self) -> frozenset[str]:
        """The principals of all clients."""
        return frozenset(principal for principals in self.principals.values() for principal in principals)

    def clients_of(self, principal: str) -> tuple[str, ...]:
        """The clients that Kafka knows by a principal."""
        return tuple(client for client, principals in self.principals.items() if principal in principals)


def terms_of(stack: str, region: str, settings: StackSettings) -> Terms:
    """What a stack's settings say.

    Args:
        stack: The stack's name.
        region: Its region.
        settings: Its settings, valid.
    """
    clients = settings.all_clients
    principals = {name: tuple(acl_principals(client)) for name, client in sorted(clients.items())}
    return Terms(
        stack=stack,
        cluster=settings.cluster_name,
        region=region,
        serverless=settings.is_serverless,
        principals={name: those for name, those in principals.items() if those},
        wanted={name: tuple(acls) for name, acls in sorted(acls_of(clients).items())},
        everyone=str(settings.server_properties.get(_EVERYONE, "true")).lower() != "false",
        unauthenticated=settings.authentication.unauthenticated,
    )
