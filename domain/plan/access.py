"""What the certificate authority, the cluster policy, the clients and the test client are told."""

from collections.abc import Collection, Mapping, Sequence
from typing import NotRequired, TypedDict

from domain.access.cluster_policy import elsewhere
from domain.access.mechanisms import Mechanism
from domain.access.rights import Access
from domain.clients.limits import MESSAGE_BYTES, TRANSACTION_MS, Limits
from domain.msk.listeners import Listener
from domain.plan.network import listeners_of, without_internet
from domain.plan.properties import server_properties_of
from domain.plan.topics import configs_of
from domain.properties.values import PropertyValue, is_whole, text_of
from domain.settings.clients import ClientAccess
from domain.settings.stack import StackSettings
from domain.settings.types import CREATE


class AuthorityIntent(TypedDict):
    """A private CA that signs the cluster's clients."""

    region: str
    """The region, such as eu-west-1: the cluster's."""
    title: str
    """What the CA is for, its common name and its Name tag: the cluster's name. Changing it replaces the CA."""
    mode: str
    """GENERAL_PURPOSE, or SHORT_LIVED_CERTIFICATE for certificates of seven days at most. Changing it replaces the CA."""
    protect: bool
    """Refuse to delete the CA: every certificate it signed would be refused."""
    tags: Mapping[str, str]
    """Tags of the CA."""


class ClusterPolicyIntent(TypedDict):
    """What principals of other accounts may do with a cluster."""

    accounts: Sequence[str]
    """Accounts whose administrators may set up multi-VPC connections."""
    principals: Sequence[str]
    """ARNs of principals of other accounts that may."""
    clients: Mapping[str, Access]
    """What clients of other accounts may do with the data, by their principal's ARN."""


class ClientsIntent(TypedDict):
    """The clients of a cluster: identity, permissions and ready files of each."""

    region: str
    """The region, such as eu-west-1."""
    cluster_name: str
    """The cluster's name."""
    clients: Mapping[str, ClientAccess]
    """The clients by name; those without an identity get nothing here."""
    serverless: NotRequired[bool]
    """Whether it is a Serverless cluster, which lacks some actions of IAM. Default: it is not."""
    limits: NotRequired[Limits]
    """What the cluster takes at most. Default: what one takes that is told nothing."""
    listeners: Sequence[Listener]
    """The brokers' listeners that are enabled."""
    elsewhere: Collection[str]
    """Principals of other accounts: the cluster's own policy speaks for them, and they come through multi-VPC connectivity."""
    tags: Mapping[str, str]
    """Tags of all that can have them."""


class TestClientIntent(TypedDict):
    """A small host in the brokers' VPC with a client on it."""

    region: str
    """The region, such as eu-west-1."""
    cluster_name: str
    """The cluster's name."""
    mechanism: Mechanism
    """How it proves who it is: IAM or SCRAM."""
    listeners: Sequence[Listener]
    """The brokers' listeners that are enabled."""
    endpoints_for: str
    """The VPC's IPv4 range, to make interface endpoints that it may use; empty for none, where there is a way to AWS already."""
    instance_type: str
    """The EC2 instance type."""
    packages: str
    """Where in Amazon S3 the packages are that it installs; empty for the internet."""
    operate: bool
    """Whether it may do what the runbook does, beside what its own test needs."""
    tags: Mapping[str, str]
    """Tags of all that can have them."""


def plan_authority(settings: StackSettings, *, region: str) -> AuthorityIntent | None:
    """The CA that is created for a stack; None where it uses others, or no mutual TLS."""
    tls = settings.authentication.tls
    if tls is None or tls.certificate_authority != CREATE:
        return None
    return {
        "region": region,
        "title": settings.cluster_name,
        "mode": tls.certificate_authority_mode,
        "protect": settings.protect,
        "tags": settings.tags,
    }


def plan_cluster_policy(settings: StackSettings) -> ClusterPolicyIntent | None:
    """The cluster policy of a stack; None where no other account may connect."""
    multi_vpc = settings.network.multi_vpc
    if multi_vpc is None or not (multi_vpc.accounts or multi_vpc.principals):
        return None
    return {"accounts": multi_vpc.accounts, "principals": multi_vpc.principals, "clients": clients_elsewhere(settings)}


def plan_clients(settings: StackSettings, *, region: str) -> ClientsIntent | None:
    """The clients of a stack; None where none has an identity."""
    if not any(client.identity for client in settings.clients.values()):
        return None
    return {
        "region": region,
        "cluster_name": settings.cluster_name,
        "clients": settings.clients,
        "serverless": settings.is_serverless,
        "limits": limits_of(settings),
        "listeners": listeners_of(settings),
        "elsewhere": frozenset(clients_elsewhere(settings)),
        "tags": settings.tags,
    }


def plan_test_client(settings: StackSettings, *, region: str) -> TestClientIntent | None:
    """The test client of a stack; None where it has none."""
    test_client, mechanism = settings.test_client, settings.host_mechanism
    if test_client is None or mechanism is None:
        return None
    return {
        "region": region,
        "cluster_name": settings.cluster_name,
        "mechanism": mechanism,
        "listeners": listeners_of(settings),
        "endpoints_for": settings.network.cidr if without_internet(settings) else "",
        "instance_type": test_client.instance_type,
        "packages": test_client.packages or "",
        "operate": test_client.operate,
        "tags": settings.tags,
    }


def limits_of(settings: StackSettings) -> Limits:
    """What the cluster takes at most: messages, by topic where that says it, and transactions."""
    properties = server_properties_of(settings)
    topics = {name: configs_of(topic).get("max.message.bytes") for name, topic in settings.topics.items()}
    return Limits(
        message_bytes=_whole(properties.get("message.max.bytes"), MESSAGE_BYTES),
        topics={name: _whole(size, MESSAGE_BYTES) for name, size in topics.items() if size is not None},
        transaction_ms=_whole(properties.get("transaction.max.timeout.ms"), TRANSACTION_MS),
    )


def _whole(value: PropertyValue | None, usual: int) -> int:
    # What is no number is a mistake that the checks report.
    text = "" if value is None else text_of(value)
    return int(text) if is_whole(text) else usual


def clients_elsewhere(settings: StackSettings) -> dict[str, Access]:
    """What clients of the other accounts that multi-VPC connectivity names may do, by their principals.

    The cluster's policy says it, for policies of this account cannot be attached to them.
    """
    multi_vpc = settings.network.multi_vpc
    if multi_vpc is None:
        return {}
    named = [(client.identity.principal, client.access) for client in settings.clients.values() if client.identity]
    return {arn: access for arn, access in named if arn and elsewhere(arn, multi_vpc.accounts, multi_vpc.principals)}
