"""What the resources of a preview say of a stack: its network, its topics, and who writes and reads them.

Read from the inventory alone, never from the stack file: what is drawn and judged is what would be created.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from domain.java_properties import parse_properties
from domain.msk.brokers import broker_type
from inventory.rows import CLUSTER, CLUSTER_COMPONENT, SERVERLESS_CLUSTER, SERVERLESS_COMPONENT, get, rows_of_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from inventory.rows import ResourceRow

_CLIENTS: Final = "msk-platform:access:KafkaClients"
_SECURITY_GROUP: Final = "msk-platform:network:BrokerSecurityGroup"
_NETWORK: Final = "msk-platform:network:Network"
_MILLISECONDS_OF_AN_HOUR: Final = 3_600_000
_UNLIMITED: Final = -1


@dataclass(frozen=True, slots=True)
class TopicNode:
    """A topic.

    Attributes:
        name: Its name.
        partitions: How many partitions it has.
        configs: Its own configuration, by Kafka's names.
    """

    name: str
    partitions: int
    configs: Mapping[str, str]

    @property
    def cleanup(self) -> str:
        """What happens to old messages: ``delete`` unless it says otherwise."""
        return self.configs.get("cleanup.policy", "delete")

    @property
    def retention_hours(self) -> float | None:
        """How long messages are kept, hours; infinity for ever, None where the cluster's holds."""
        text = self.configs.get("retention.ms")
        if text is None:
            return None
        return float("inf") if int(text) == _UNLIMITED else int(text) / _MILLISECONDS_OF_AN_HOUR

    @property
    def local_retention_hours(self) -> float | None:
        """How long messages stay on the brokers' volumes, hours; None where that is not limited by itself."""
        text = self.configs.get("local.retention.ms")
        return None if text is None else int(text) / _MILLISECONDS_OF_AN_HOUR

    @property
    def is_tiered(self) -> bool:
        """Whether older segments go to tiered storage."""
        return self.configs.get("remote.storage.enable") == "true"


@dataclass(frozen=True, slots=True)
class ClientNode:
    """A client with what it may do; beginnings of names end with ``*``.

    Attributes:
        name: Its name.
        mechanism: How it proves who it is.
        source: Where it connects from.
        produce: Topics it writes, the internal ones of a Kafka Streams application among them.
        consume: Topics it reads, those too.
        groups: Consumer groups that it reads as.
        transactional_ids: Transactions that it writes in.
        administers_cluster: Whether it may set ACLs and quotas.
        beside: What it does besides writing and reading, in a word: ``operates``, ``administers`` or ``observes``.
    """

    name: str
    mechanism: str
    source: str
    produce: tuple[str, ...] = ()
    consume: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    transactional_ids: tuple[str, ...] = ()
    administers_cluster: bool = False
    beside: str = ""

    def writes(self, topic: str) -> bool:
        """Whether it writes a topic."""
        return _names(self.produce, topic)

    def reads(self, topic: str) -> bool:
        """Whether it reads a topic."""
        return _names(self.consume, topic)


@dataclass(frozen=True, slots=True)
class ZoneNode:
    """An Availability Zone.

    Attributes:
        zone: Its ID; that of a subnet that was there, each in a zone of its own.
        cidr: The range of the brokers' subnet; empty where it is not known.
    """

    zone: str
    cidr: str


@dataclass(frozen=True, slots=True)
class EntryNode:
    """A rule of the brokers' security group.

    Attributes:
        source: Who may enter.
        port: The first port, or the only one.
        words: What the rule is for.
    """

    source: str
    port: int
    words: str


@dataclass(frozen=True)
class Graph:
    """A stack as its resources have it.

    Attributes:
        cluster: The cluster's name.
        kind: Standard, Express or Serverless.
        broker_type: The brokers' type; serverless where there is none.
        brokers: How many there are; 0 where nobody sees them.
        kafka_version: Apache Kafka's version; empty where AWS chooses it.
        region: The region; empty where the stack's network was there before.
        vpc: The range of the VPC; empty where that is not known.
        zones: Its Availability Zones.
        entries: Who may enter on which port.
        keys: What each KMS key is for.
        listeners: The brokers' listeners, such as ``SASL/IAM 9098``.
        volume_gib: Each broker's volume, GiB; None for Express brokers.
        storage_mode: LOCAL or TIERED; empty for Express brokers.
        properties: Kafka's server properties that the stack sets.
        topics: The topics by name.
        clients: The clients by name.
        lag_alarms: Seconds behind at which an alarm fires, by consumer group and topic.
        workload: The stated load.
        is_protected: Whether nothing deletes the cluster.
        is_public: Whether the brokers have public endpoints.
        has_internet_gateway: Whether the VPC has a way to the internet.
    """

    cluster: str
    kind: str
    broker_type: str
    brokers: int
    kafka_version: str
    region: str
    vpc: str
    zones: Sequence[ZoneNode]
    entries: Sequence[EntryNode]
    keys: Sequence[str]
    listeners: Sequence[str]
    volume_gib: int | None
    storage_mode: str
    properties: Mapping[str, str]
    topics: Mapping[str, TopicNode]
    clients: Mapping[str, ClientNode]
    lag_alarms: Mapping[tuple[str, str], float]
    workload: Mapping[str, Any] = field(default_factory=dict)
    is_protected: bool = False
    is_public: bool = False
    has_internet_gateway: bool = False

    def writers(self, topic: str) -> list[ClientNode]:
        """The clients that write a topic, by name."""
        return [client for client in self.clients.values() if client.writes(topic)]

    def readers(self, topic: str) -> list[ClientNode]:
        """The clients that read a topic, by name."""
        return [client for client in self.clients.values() if client.reads(topic)]


def graph_of(rows: Sequence[ResourceRow]) -> Graph:
    """The stack that an inventory is of."""
    serverless = rows_of_type(rows, SERVERLESS_CLUSTER)
    (cluster,) = serverless or rows_of_type(rows, CLUSTER)
    component = _the(rows, SERVERLESS_COMPONENT if serverless else CLUSTER_COMPONENT)
    own, nodes = cluster["inputs"], cluster["inputs"].get("brokerNodeGroupInfo", {})
    instance = str(nodes.get("instanceType", "serverless"))
    broker = broker_type(instance)
    provisioned = "Express" if broker and broker.is_express else "Standard"
    volume = get(nodes, "storageInfo.ebsStorageInfo.volumeSize")
    return Graph(
        cluster=str(own["clusterName"]),
        kind="Serverless" if serverless else provisioned,
        broker_type=instance,
        brokers=int(own.get("numberOfBrokerNodes", 0)),
        kafka_version=str(own.get("kafkaVersion", "")),
        region=str(_the(rows, _NETWORK).get("region", "")),
        vpc=str(_the(rows, "aws:ec2/vpc:Vpc").get("cidrBlock", "")),
        zones=_zones(rows, nodes.get("clientSubnets") or get(own, "vpcConfigs", [{}])[0].get("subnetIds", [])),
        entries=_entries(rows),
        keys=[str(row["inputs"]["description"]).split(": ", 1)[1] for row in rows_of_type(rows, "aws:kms/key:Key")],
        listeners=[str(listener) for listener in component.get("listeners", ())],
        volume_gib=None if volume is None else int(volume),
        storage_mode=str(own.get("storageMode") or ""),
        properties=parse_properties(str(_the(rows, "aws:msk/configuration:Configuration").get("serverProperties", ""))),
        topics=dict(sorted((topic.name, topic) for topic in (*_topics(rows), *_stated_topics(component)))),
        clients=_clients(rows),
        lag_alarms=_lag_alarms(rows),
        workload=dict(component.get("workload", {})),
        is_protected=bool(cluster["options"].get("protect")),
        is_public=get(nodes, "connectivityInfo.publicAccess.type", "DISABLED") != "DISABLED",
        has_internet_gateway=bool(rows_of_type(rows, "aws:ec2/internetGateway:InternetGateway")),
    )


def _zones(rows: Sequence[ResourceRow], subnets: Sequence[object]) -> list[ZoneNode]:
    """The zones of a VPC of the stack's own, or of subnets that were there: of those the inventory has nothing but their IDs."""
    made = [
        ZoneNode(str(row["inputs"]["availabilityZoneId"]), str(row["inputs"].get("cidrBlock", "")))
        for row in rows_of_type(rows, "aws:ec2/subnet:Subnet")
        if "private" in row["name"]
    ]
    return made or [ZoneNode(str(subnet), "") for subnet in subnets]


def _topics(rows: Sequence[ResourceRow]) -> Iterable[TopicNode]:
    for row in rows_of_type(rows, "aws:msk/topic:Topic"):
        inputs = row["inputs"]
        yield TopicNode(str(inputs["name"]), int(inputs["partitionCount"]), json.loads(str(inputs.get("configs") or "{}")))


def _stated_topics(component: Mapping[str, Any]) -> Iterable[TopicNode]:
    """The topics of a Serverless cluster, which are no resources: its component says what they are to be."""
    stated = component.get("topics", {})
    for name, topic in stated.items() if isinstance(stated, dict) else ():
        yield TopicNode(name, int(topic["partitions"]), dict(topic["configs"]))


_OWN = ("streamsTopics", "connectTopics")
"""What a client keeps for itself, and so writes and reads."""


def _clients(rows: Sequence[ResourceRow]) -> dict[str, ClientNode]:
    accesses = _the(rows, _CLIENTS).get("access", {})
    sources = _the(rows, _SECURITY_GROUP).get("clients", {})
    return {
        name: ClientNode(
            name=name,
            mechanism=str(access.get("mechanism", "")),
            source=str(sources.get(name, "")),
            produce=tuple(name for key in ("produce", *_OWN) for name in access.get(key, ())),
            consume=tuple(name for key in ("consume", *_OWN) for name in access.get(key, ())),
            groups=tuple(access.get("groups", ())),
            transactional_ids=tuple(access.get("transactionalIds", ())),
            administers_cluster=bool(access.get("administerCluster") or access.get("operate")),
            beside=_beside(access),
        )
        for name, access in sorted(accesses.items())
    }


def _beside(access: Mapping[str, Any]) -> str:
    if access.get("operate"):
        return "operates"
    administers = any(access.get(name) for name in ("administer", "administerGroups", "administerCluster"))
    return "administers" if administers else "observes" if access.get("observe") else ""


def _entries(rows: Sequence[ResourceRow]) -> list[EntryNode]:
    entries = []
    for row in rows_of_type(rows, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"):
        inputs = row["inputs"]
        source = next(
            str(inputs[name])
            for name in ("cidrIpv4", "cidrIpv6", "referencedSecurityGroupId", "prefixListId")
            if inputs.get(name) is not None
        )
        words = str(inputs["description"]).partition(" from ")[0].removeprefix("Kafka ")
        entries.append(EntryNode(source, int(inputs["fromPort"]), words))
    return entries


def _lag_alarms(rows: Sequence[ResourceRow]) -> dict[tuple[str, str], float]:
    alarms = {}
    for row in rows_of_type(rows, "aws:cloudwatch/metricAlarm:MetricAlarm"):
        inputs = row["inputs"]
        if inputs.get("metricName") == "EstimatedMaxTimeLag":
            dimensions = inputs["dimensions"]
            alarms[str(dimensions["Consumer Group"]), str(dimensions["Topic"])] = float(inputs["threshold"])
    return alarms


def _the(rows: Sequence[ResourceRow], resource_type: str) -> dict[str, Any]:
    """The inputs of the first resource of a type; empty where there is none."""
    return next((row["inputs"] for row in rows_of_type(rows, resource_type)), {})


def _names(patterns: Iterable[str], name: str) -> bool:
    return any(name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern for pattern in patterns)
