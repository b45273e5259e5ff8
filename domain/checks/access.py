"""What must hold between topics, clients and the cluster they are of."""

from __future__ import annotations

from collections.abc import Iterator

from domain.access.mechanisms import Mechanism
from domain.access.principals import principal_of
from domain.access.rights import EVERY, Access
from domain.access.statements import policy_templates
from domain.checks.clients import check_clients
from domain.checks.registry import checks, warns
from domain.checks.topics import TopicPlace, check_topic, colliding_names, replicas_of, topics_available
from domain.clients.host import is_listed
from domain.msk.brokers import BrokerKind
from domain.msk.quotas import POLICIES_OF_A_ROLE, POLICIES_OF_A_USER, POLICIES_OF_AN_ACCOUNT, ROLES_OF_AN_ACCOUNT, BoundedQuota
from domain.plan.network import without_internet
from domain.plan.platform import Plan
from domain.plan.properties import server_properties_of
from domain.problems import ABSENT, Problem, did_you_mean
from domain.properties.values import is_whole, text_of
from domain.settings.stack import MAXIMUM_CLUSTER_NAME, StackSettings
from domain.settings.test_client import CLIENT
from domain.settings.topics import EXPRESS_REPLICATION_FACTOR

UNTIL_ACLS = "are not enforced until you apply Kafka ACLs"
"""What the program, which knows no receipt, says of clients that ACLs decide on."""
_LONGEST_REGION = 14
"""Characters of a region's name, such as ap-southeast-1."""


@checks("authentication", after_others=True)
def _clients(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    authentication = settings.authentication
    on = {Mechanism.IAM: authentication.iam, Mechanism.SCRAM: authentication.scram, Mechanism.MUTUAL_TLS: authentication.tls}
    # What a Serverless cluster has not got is told as such.
    mechanisms = on if settings.is_serverless else [mechanism for mechanism, block in on.items() if block is not None]
    for problem in check_clients(settings.clients, frozenset(mechanisms)):
        yield problem.below("clients")
    for name, quota, needed in _policies(plan):
        if needed > quota.maximum:
            yield Problem(
                ("clients", name),
                f"{needed} policies",
                f"are more than the {quota.maximum} that IAM attaches even after AWS raises {quota.shown}. Name topics by "
                "prefixes, or divide the client.",
            )


def _policies(plan: Plan) -> Iterator[tuple[str, BoundedQuota, int]]:
    """How many managed policies each client of this account's IAM needs, and by which quota they are counted."""
    for name, client in plan.settings.clients.items():
        identity = client.identity
        if identity is None or identity.mechanism is not Mechanism.IAM or identity.principal in plan.clients_elsewhere:
            continue
        user = identity.principal is not None and principal_of(identity.principal).kind == "user"
        needed = len(policy_templates(client.access, "x" * MAXIMUM_CLUSTER_NAME, "x" * _LONGEST_REGION))
        yield name, POLICIES_OF_A_USER if user else POLICIES_OF_A_ROLE, needed


@warns("clients", "acknowledge")
def _quotas_of_iam(plan: Plan) -> Iterator[str]:
    counted = list(_policies(plan))
    for name, quota, needed in counted:
        if needed > quota.default and not plan.is_raised(quota):
            yield (
                f"clients.{name} needs {needed} managed policies, and IAM attaches {quota.default} unless {quota.shown} was "
                f"raised. Have it raised before deploying, name topics by prefixes, or divide the client. {quota.once_raised}"
            )
    roles = sum(bool(client.identity and client.identity.role) for client in plan.settings.clients.values())
    for count, what, quota in (
        (roles, "roles", ROLES_OF_AN_ACCOUNT),
        (sum(needed for _, _, needed in counted), "managed policies", POLICIES_OF_AN_ACCOUNT),
    ):
        if count > quota.default and not plan.is_raised(quota):
            yield (
                f"clients need {count} {what}, and an account has {quota.default} unless {quota.shown} was raised. Have it "
                f"raised before deploying. {quota.once_raised}"
            )


@checks("authentication", "network", after_others=True)
def _test_client(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    wanted = settings.test_client
    if wanted is None:
        return
    if settings.host_mechanism is None:
        yield Problem(
            ("testClient",),
            wanted.model_dump(by_alias=True, exclude_none=True),
            "needs authentication.iam or authentication.scram, because the test client has no certificate. Set one of them.",
        )
    if CLIENT in settings.clients:
        yield Problem(("clients", CLIENT), CLIENT, "is the name of testClient. Choose another name.")
    users = {user for client in settings.clients.values() if client.identity for user in client.identity.scram_users}
    if settings.host_mechanism is Mechanism.SCRAM and CLIENT in users:
        yield Problem(
            ("testClient",), CLIENT, "is the SCRAM user of testClient, but a client has it, too. Give that client another user."
        )
    if without_internet(settings) and wanted.packages is None:
        yield Problem(
            ("testClient", "packages"),
            ABSENT,
            "is required without a NAT gateway, because the host cannot reach a package index. Put its packages into a bucket, "
            "as docs/operator.md describes, or set network.natGateways to single.",
        )


@warns("testClient")
def _unusual_host(plan: Plan) -> Iterator[str]:
    host = plan.settings.test_client
    if host and not is_listed(host.instance_type):
        yield (
            f"testClient.instanceType {host.instance_type} is not among the types that this template lists for small hosts: "
            "Amazon EC2 refuses it if there is none. `aws ec2 describe-instance-type-offerings` prints those of the region; "
            "t4g.small is enough."
        )


@checks(after_others=True)
def _names(plan: Plan) -> Iterator[Problem]:
    for alike in colliding_names(plan.settings.topics):
        first, *others = alike
        for name in others:
            yield Problem(
                ("topics", name),
                name,
                f"collides with {first}: Kafka's metrics treat dots and underscores alike, so Kafka refuses the second topic. "
                "Rename one.",
            )


@checks(
    "brokerType",
    "brokersPerZone",
    "kafkaVersion",
    "network",
    ("serverProperties", "default.replication.factor"),
    ("serverProperties", "min.insync.replicas"),
    "storage.mode",
    after_others=True,
    provisioned=True,
)
def _topics(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    if not settings.topics:
        return
    if not topics_available(settings.kafka_version):
        yield Problem(
            ("topics",),
            f"{len(settings.topics)} topics",
            f"need Kafka 3.6.0 or newer, not {settings.kafka_version}: AWS manages topics only from that version on. Raise "
            "kafkaVersion, or remove topics and create them with Kafka's own tools.",
        )
        return
    place = place_of(settings)
    for name, topic in settings.topics.items():
        for problem in check_topic(topic, place):
            yield problem.below("topics", name)
    replicas = replicas_of(settings.topics, place.replication_factor)
    each = settings.broker.partitions_maximum
    most = None if each is None else each * settings.number_of_brokers
    if most is not None and replicas > most:
        yield Problem(
            ("topics",),
            f"{replicas} partition replicas",
            f"exceed the {most} that {settings.number_of_brokers} {settings.broker_type} brokers can have. Use fewer "
            "partitions, more brokers (brokersPerZone) or a larger brokerType.",
        )


def place_of(settings: StackSettings) -> TopicPlace:
    """The cluster as topics depend on it."""
    properties = server_properties_of(settings)
    express = settings.broker.kind is BrokerKind.EXPRESS
    return TopicPlace(
        kind=settings.broker.kind,
        version=settings.kafka_version,
        brokers=settings.number_of_brokers,
        tiered=settings.storage.mode == "TIERED",
        replication_factor=EXPRESS_REPLICATION_FACTOR if express else _number(properties.get("default.replication.factor"), 3),
        min_insync_replicas=_number(properties.get("min.insync.replicas"), 2),
    )


def _number(value: str | float | None, usual: int) -> int:
    text = "" if value is None else text_of(value)
    return int(text) if is_whole(text) else usual


@warns()
def _worth_a_warning(plan: Plan) -> Iterator[str]:
    """What a person should know about topics and clients though nothing is wrong."""
    settings = plan.settings
    partitions = sum(topic.partitions for topic in settings.topics.values())
    if partitions > settings.workload.partitions:
        yield (
            f"topics have {partitions} partitions, but workload.partitions, which sizes the cluster, is "
            f"{settings.workload.partitions}. Raise workload.partitions."
        )
    for name, client in settings.clients.items():
        blocks = {"produce": client.produce, "consume": client.consume, "admin": client.admin, "observe": client.observe}
        for use, block in blocks.items():
            for topic in block.topics if block else ():
                if settings.topics and topic not in settings.topics:
                    hint = did_you_mean(topic, settings.topics)
                    yield f"clients.{name}.{use}.topics: {topic} is not in topics, so this stack does not create it.{hint}"
    connected = settings.network.multi_vpc
    if connected and connected.mechanisms and settings.broker.kind is BrokerKind.EXPRESS:
        # MSK Developer Guide, "Requirements and limitations for multi-VPC private connectivity" and "Amazon MSK broker types".
        yield (
            f"network.multiVpc with {settings.broker_type}: AWS's requirements for multi-VPC connectivity exclude only "
            "kafka.t3.small, but do not mention Express brokers. Try it on a disposable cluster first."
        )


@warns()
def _by_acls(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    by_acl = [
        name
        for name, client in settings.all_clients.items()
        if client.identity and client.identity.mechanism in (Mechanism.SCRAM, Mechanism.MUTUAL_TLS) and client.access
    ]
    if by_acl:
        yield (
            f"The permissions of {_listed(by_acl)} {UNTIL_ACLS}, for which AWS has no API. `make acls STACK=...` compares them "
            "with the cluster's and applies them."
        )
    on_every_topic = [name for name in by_acl if _describes_every_topic(settings.all_clients[name].access)]
    if on_every_topic and text_of(server_properties_of(settings).get("allow.everyone.if.no.acl.found", "true")) != "false":
        yield (
            f"The ACLs of {_listed(on_every_topic)} are on every topic: once you apply them, no topic is without an ACL, and "
            "allow.everyone.if.no.acl.found opens none any more. Whoever has no ACL of its own is refused: SCRAM users, "
            "certificates and clients without an identity. Give all of them their entries in clients first, or give "
            f"{_listed(on_every_topic)} an IAM role, which needs no ACL."
        )


def _describes_every_topic(access: Access) -> bool:
    return access.operate or access.observe_topics == EVERY


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
