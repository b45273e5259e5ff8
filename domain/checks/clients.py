"""What must hold between clients, and who each of them is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.access import issuers, principals, subjects
from domain.access.cluster_policy import elsewhere
from domain.access.mechanisms import Mechanism
from domain.access.principals import Principal, principal_of
from domain.checks.registry import checks, warns
from domain.msk.listeners import PLAINTEXT
from domain.msk.quotas import SCRAM_USERS_OF_A_CLUSTER
from domain.msk.regions import partition
from domain.plan.network import listeners_of
from domain.plan.platform import Plan
from domain.problems import Problem
from domain.settings.clients import ClientAccess, EksPodIdentity, Identity

_MECHANISM_SETTINGS = {
    Mechanism.IAM: "authentication.iam",
    Mechanism.SCRAM: "authentication.scram",
    Mechanism.MUTUAL_TLS: "authentication.tls",
}

ANONYMOUS = "ANONYMOUS"
"""Who somebody without an identity is to Kafka's ACLs. Apache Kafka, ``KafkaPrincipal.ANONYMOUS``."""


def check_clients(clients: Mapping[str, ClientAccess], mechanisms: frozenset[Mechanism]) -> Iterator[Problem]:
    """Everything that is wrong between clients, and between them and the cluster's authentication.

    Args:
        clients: The clients by name.
        mechanisms: The mechanisms that are on.
    """
    seen: dict[tuple[object, ...], str] = {}
    resources: dict[str, tuple[str, str]] = {}
    for name, client in clients.items():
        identity = client.identity
        if identity is None:
            continue
        key, value = _identified(identity)
        if identity.mechanism not in mechanisms:
            setting = _MECHANISM_SETTINGS[identity.mechanism]
            yield Problem((name, "as", key), value, f"needs {setting}, which is off. Add {setting}, or choose another identity.")
        for identity_key, identity_name, same in _names(identity, key, value):
            first = seen.setdefault((identity.mechanism, same), name)
            if first != name:
                yield Problem(
                    (name, "as", identity_key),
                    identity_name,
                    f"is already the identity of client {first}: two clients with one identity share their permissions. Give "
                    "each its own.",
                )
        yield from _pods_of_another(name, identity, seen)
        for user in identity.scram_users:
            other, others_user = resources.setdefault(f"{name}-{user}", (name, user))
            if (other, others_user) != (name, user):
                yield Problem(
                    (name, "as", "scramUser" if user == identity.scram_user else "nextScramUser"),
                    user,
                    f"gives resources the name {name}-{user}, which the user {others_user} of client {other} has already, and "
                    "Pulumi allows each name once. Rename the client or the user.",
                )
    users = [user for client in clients.values() if client.identity for user in client.identity.scram_users]
    if len(users) > SCRAM_USERS_OF_A_CLUSTER:
        yield Problem(
            (),
            len(users),
            f"has more than the {SCRAM_USERS_OF_A_CLUSTER} SCRAM users that a cluster can have. Give "
            "some clients another identity.",
        )


def _identified(identity: Identity) -> tuple[str, object]:
    if identity.scram_user is not None:
        return "scramUser", identity.scram_user
    if identity.certificate is not None:
        return "certificate", identity.certificate
    if identity.principal is not None:
        return "principal", identity.principal
    return "role", identity.role.model_dump(by_alias=True, exclude_none=True) if identity.role else None


def _names(identity: Identity, key: str, value: object) -> Iterator[tuple[str, str, object]]:
    """Who a client says that it is: the setting, its value, and what makes another one the same."""
    if isinstance(value, str):
        yield key, value, principal_of(value).identity if identity.principal is not None else value
    if identity.next_scram_user is not None:
        yield "nextScramUser", identity.next_scram_user, identity.next_scram_user


def _pods_of_another(name: str, identity: Identity, seen: dict[tuple[object, ...], str]) -> Iterator[Problem]:
    """Amazon EKS takes one association for each service account (``CreatePodIdentityAssociation``, ResourceInUseException)."""
    pods: EksPodIdentity | None = identity.role.eks_pod_identity if identity.role else None
    if pods is None:
        return
    first = seen.setdefault((pods.cluster, pods.namespace, pods.service_account), name)
    if first != name:
        yield Problem(
            (name, "as", "role", "eksPodIdentity"),
            pods.model_dump(by_alias=True),
            f"is already the identity of client {first}: Amazon EKS gives a service account one role. Give each client a service "
            "account of its own, or make them one client.",
        )


@checks("clients", "network.multiVpc")
def _principals(plan: Plan) -> Iterator[Problem]:
    multi_vpc = plan.settings.network.multi_vpc
    here = partition(plan.region)
    for name, principal, arn in _principals_of(plan):
        path = ("clients", name, "as", "principal")
        # The isolated partitions' regions are not told apart here.
        if principal.partition != here and not principal.partition.startswith("aws-iso"):
            yield Problem(
                path,
                arn,
                f"is in the partition {principal.partition}, but {plan.region} is in {here}: neither partition knows the other's "
                f"roles. Name one of {here}.",
            )
        elif multi_vpc and elsewhere(arn, multi_vpc.accounts, multi_vpc.principals):
            # The cluster's policy names it: nothing is attached to it.
            continue
        elif message := principals.unmodifiable(principal):
            yield Problem(path, arn, message)


@checks("clients")
def _providers_of_another_partition(plan: Plan) -> Iterator[Problem]:
    """A role trusts providers of its own partition: IAM knows no others (MalformedPolicyDocument)."""
    here = partition(plan.region)
    for name, client in plan.settings.clients.items():
        role = client.identity.role if client.identity else None
        if role is None or role.irsa is None:
            continue
        provider = role.irsa.oidc_provider
        there = provider.split(":")[1]
        if there != here and not there.startswith("aws-iso"):
            yield Problem(
                ("clients", name, "as", "role", "irsa", "oidcProvider"),
                provider,
                f"is of the partition {there}, and {plan.region} is of {here}: neither knows the other's providers.",
            )


def _principals_of(plan: Plan) -> Iterator[tuple[str, Principal, str]]:
    for name, client in plan.settings.clients.items():
        if client.identity and client.identity.principal:
            yield name, principal_of(client.identity.principal), client.identity.principal


@warns("clients")
def _not_what_it_seems(plan: Plan) -> Iterator[str]:
    """Identities that are allowed, and most likely somebody else than was meant."""
    for name, principal, arn in _principals_of(plan):
        if message := principals.doubtful(principal):
            yield f"clients.{name}.as.principal is {arn}: it {message}"
    first_of: dict[tuple[str, str, str], str] = {}
    for name, client in plan.settings.clients.items():
        identity = client.identity
        role = identity.role if identity else None
        if identity and identity.certificate and (message := subjects.doubtful(identity.certificate)):
            yield f"clients.{name}.as.certificate is {identity.certificate}: it {message}"
        if role and role.irsa and (message := issuers.doubtful(role.irsa.oidc_provider)):
            yield f"clients.{name}.as.role.irsa.oidcProvider is {role.irsa.oidc_provider}: it {message}"
        if role and role.irsa:
            account = (role.irsa.oidc_provider, role.irsa.namespace, role.irsa.service_account)
            if (first := first_of.setdefault(account, name)) != name:
                yield (
                    f"clients.{name}.as.role.irsa is also the service account of client {first}: its annotation names one role, "
                    "so only one of the two clients gets its role. Give each a service account of its own."
                )
        for kind, pods in (("eksPodIdentity", role and role.eks_pod_identity), ("irsa", role and role.irsa)):
            if pods and pods.service_account == "default":
                yield (
                    f"clients.{name}.as.role.{kind}.serviceAccount is default: every pod of the namespace {pods.namespace} that "
                    "names no service account uses it, and so gets the client's access. Give the client a service account of "
                    "its own."
                )


@warns("clients", "authentication")
def _users(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    without_identity = settings.authentication.unauthenticated or any(
        listener.name == PLAINTEXT for listener in listeners_of(settings)
    )
    alike: dict[str, str] = {}
    for name, client in settings.clients.items():
        for user in client.identity.scram_users if client.identity else ():
            if user == ANONYMOUS:
                opened = (
                    "and this cluster accepts such clients: they all get this client's permissions"
                    if without_identity
                    else "and this cluster does not accept such clients now; once it does, they all get this client's permissions"
                )
                yield (
                    f"clients.{name}.as: to Kafka's ACLs, {ANONYMOUS} is every client that connects without an identity, "
                    f"{opened}. Choose another user name."
                )
            first = alike.setdefault("".join(character for character in user.lower() if character.isalnum()), user)
            if first != user:
                yield (
                    f"clients.{name}.as: the user {user} is not {first}, but their names differ only in a dot, a hyphen, an "
                    "underscore or a capital letter: a mix-up gives one the other's access. Choose names that differ more."
                )


@warns("clients")
def _triggers(plan: Plan) -> Iterator[str]:
    """AWS Lambda Developer Guide, "Using Lambda with Amazon MSK": network, permissions."""
    functions = [
        f"clients.{name}.as.role.lambda"
        for name, client in plan.settings.clients.items()
        if client.identity and client.identity.role and client.identity.role.aws_lambda is not None and client.consume
    ]
    if functions:
        yield (
            f"{' and '.join(functions)} {'is' if len(functions) == 1 else 'are'} for functions that are Kafka clients "
            "themselves, in a VPC. A Lambda trigger (event source mapping) needs more: the AWS managed policy "
            "AWSLambdaMSKExecutionRole and kafka-cluster:DescribeClusterDynamicConfiguration for the role, a security group of "
            "the brokers that allows itself as a source, and access from their subnets to Lambda and AWS STS (endpoints or "
            "NAT). This stack creates none of that."
        )
