"""What must hold between topics, clients and the cluster they are of."""

from __future__ import annotations

from collections.abc import Iterator

from domain.access.statements import MAXIMUM_POLICIES_OF_A_ROLE, policy_templates
from domain.checks.clients import check_clients
from domain.checks.registry import checks, warns
from domain.checks.topics import TopicPlace, check_topic, colliding_names, replicas_of, topics_available
from domain.msk.brokers import BrokerKind
from domain.msk.mechanisms import Mechanism
from domain.plan.network import without_internet
from domain.plan.platform import Plan
from domain.plan.properties import server_properties_of
from domain.problems import ABSENT, Problem, did_you_mean
from domain.properties.values import is_whole, text_of
from domain.settings.stack import MAXIMUM_CLUSTER_NAME, StackSettings
from domain.settings.test_client import CLIENT
from domain.settings.topics import EXPRESS_REPLICATION_FACTOR

_LONGEST_REGION = 14
"""Characters of a region's name, such as ap-southeast-1."""


@checks("authentication", after_others=True)
def _clients(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    authentication = settings.authentication
    on = {Mechanism.IAM: authentication.iam, Mechanism.SCRAM: authentication.scram, Mechanism.MUTUAL_TLS: authentication.tls}
    for problem in check_clients(settings.clients, frozenset(mechanism for mechanism, block in on.items() if block is not None)):
        yield problem.below("clients")
    for name, client in settings.clients.items():
        if client.identity is None or client.identity.mechanism is not Mechanism.IAM:
            continue
        needed = len(policy_templates(client.access, "x" * MAXIMUM_CLUSTER_NAME, "x" * _LONGEST_REGION))
        if needed > MAXIMUM_POLICIES_OF_A_ROLE:
            yield Problem(
                ("clients", name),
                f"{needed} policies",
                f"are more than the {MAXIMUM_POLICIES_OF_A_ROLE} that IAM attaches to a role. Name topics by prefixes, or divide "
                "the client.",
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
            "needs authentication.iam or authentication.scram: it has no certificate.",
        )
    if CLIENT in settings.clients:
        yield Problem(("clients", CLIENT), CLIENT, "is the name of testClient. Choose another one.")
    users = {user for client in settings.clients.values() if client.identity for user in client.identity.scram_users}
    if settings.host_mechanism is Mechanism.SCRAM and CLIENT in users:
        yield Problem(("testClient",), CLIENT, "is the SCRAM user of testClient, and a client has it. Give that one another.")
    if without_internet(settings) and wanted.wheels is None:
        yield Problem(
            ("testClient", "wheels"),
            ABSENT,
            "is needed without a NAT gateway: the host then reaches no package index. Put the wheels of kafka-python into a "
            "bucket, or set network.natGateways to single.",
        )


@checks(after_others=True)
def _names(plan: Plan) -> Iterator[Problem]:
    for alike in colliding_names(plan.settings.topics):
        first, *others = alike
        for name in others:
            yield Problem(
                ("topics", name),
                name,
                f"is {first} to Kafka's metrics, where a dot and an underscore are the same: Kafka refuses the second one.",
            )


@checks("brokerType", "brokersPerZone", "kafkaVersion", "network", "serverProperties", "storage.mode", after_others=True)
def _topics(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    if not settings.topics:
        return
    if not topics_available(settings.kafka_version):
        yield Problem(
            ("topics",),
            f"{len(settings.topics)} topics",
            f"need Kafka 3.6.0 or newer, not {settings.kafka_version}: AWS manages topics from there on. Raise kafkaVersion, or "
            "take topics out and make them with Kafka's own tools.",
        )
        return
    place = place_of(settings)
    for name, topic in settings.topics.items():
        for problem in check_topic(topic, place):
            yield problem.below("topics", name)
    replicas = replicas_of(settings.topics, place.replication_factor)
    most = settings.broker.partitions_maximum * settings.number_of_brokers
    if replicas > most:
        yield Problem(
            ("topics",),
            f"{replicas} partition replicas",
            f"are more than the {most} that {settings.number_of_brokers} brokers {settings.broker_type} can have. Use fewer "
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
            f"topics have {partitions} partitions, workload.partitions says {settings.workload.partitions}: the cluster is "
            "judged by the second. Raise workload.partitions."
        )
    for name, client in settings.clients.items():
        for use, block in (("produce", client.produce), ("consume", client.consume), ("admin", client.admin)):
            for topic in block.topics if block else ():
                if settings.topics and topic not in settings.topics:
                    hint = did_you_mean(topic, settings.topics)
                    yield f"clients.{name}.{use}.topics: {topic} is not among topics; it must be made elsewhere.{hint}"
    connected = settings.network.multi_vpc
    if connected and connected.mechanisms and settings.broker.kind is BrokerKind.EXPRESS:
        # MSK Developer Guide, "Requirements and limitations for multi-VPC private connectivity" and "Amazon MSK broker types".
        yield (
            f"network.multiVpc with {settings.broker_type}: AWS's list of what multi-VPC connectivity needs rules out "
            "kafka.t3.small alone, but names Express brokers nowhere. Try it on a cluster that you can do without."
        )
    by_acl = [
        name
        for name, client in settings.all_clients.items()
        if client.identity and client.identity.mechanism in (Mechanism.SCRAM, Mechanism.MUTUAL_TLS) and client.access
    ]
    if by_acl:
        yield (
            f"What {_listed(by_acl)} may do is not enforced until Kafka ACLs are applied, for which AWS has no API: "
            "`python -m tools acls` prints them."
        )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
