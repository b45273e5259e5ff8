"""Clients of the stack file: where each connects from, who it is, and what it may do. One entry gives all of it."""

from domain.settings.clients.entry import Client, ClientAccess, ClientSource
from domain.settings.clients.identities import Ec2, EksPodIdentity, Identity, Irsa, PrincipalArn, Role
from domain.settings.clients.rights import (
    CHANGELOG,
    LONGEST_LAG_SECONDS,
    Administer,
    Consume,
    Observe,
    Operate,
    Produce,
    Streams,
)

__all__ = [
    "CHANGELOG",
    "LONGEST_LAG_SECONDS",
    "Administer",
    "Client",
    "ClientAccess",
    "ClientSource",
    "Consume",
    "Ec2",
    "EksPodIdentity",
    "Identity",
    "Irsa",
    "Observe",
    "Operate",
    "PrincipalArn",
    "Produce",
    "Role",
    "Streams",
]
