"""Clients of the stack file: where each connects from, who it is, and what it may do. One entry gives all of it."""

from domain.settings.clients.entry import Client, ClientAccess, ClientSource
from domain.settings.clients.formats import FORMAT_NAMES, Format, format_named
from domain.settings.clients.identities import Ec2, EksPodIdentity, Identity, Irsa, PrincipalArn, Role
from domain.settings.clients.rights import (
    CHANGELOG,
    LONGEST_LAG_SECONDS,
    Administer,
    Connect,
    Consume,
    Observe,
    Operate,
    Produce,
    Streams,
)

__all__ = [
    "CHANGELOG",
    "FORMAT_NAMES",
    "LONGEST_LAG_SECONDS",
    "Administer",
    "Client",
    "ClientAccess",
    "ClientSource",
    "Connect",
    "Consume",
    "Ec2",
    "EksPodIdentity",
    "Format",
    "Identity",
    "Irsa",
    "Observe",
    "Operate",
    "PrincipalArn",
    "Produce",
    "Role",
    "Streams",
    "format_named",
]
