"""The stack file as types: every setting, its meaning, unit, default and limits.

`load_stack` in `domain.loading` turns a stack's configuration into `StackSettings`. Defaults live here
alone; the ``config:`` section of Pulumi.yaml and the table in the documentation are generated from these classes.
"""

from __future__ import annotations

import datetime
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from domain.access.mechanisms import Mechanism
from domain.access.parameters import LONGEST_CLIENT_NAME
from domain.forms import InSchema, of_form, suggested
from domain.guards.table import ACKNOWLEDGEABLE
from domain.msk.brokers import BrokerType, broker_kind, broker_type
from domain.msk.quotas import QUOTAS
from domain.problems import did_you_mean
from domain.properties.definitions import PROPERTY_DEFINITIONS
from domain.settings.authentication import Authentication, Iam
from domain.settings.clients import Client, ClientAccess
from domain.settings.cluster import BrokerTypeName, Encryption, KafkaVersion, Storage, Workload
from domain.settings.monitoring import AlarmEmail, Logs, Monitoring
from domain.settings.network import Network
from domain.settings.takeover import Import
from domain.settings.test_client import CLIENT, HostSettings, host_client, host_mechanism
from domain.settings.topics import Topic, TopicName
from domain.settings.types import Block, KafkaProperties, Reason, matching

MAXIMUM_CLUSTER_NAME = 64
"""Characters of a cluster's name. MSK API reference, ``CreateCluster``, ``clusterName``."""


ClusterName = Annotated[
    str,
    matching(
        rf"([A-Za-z0-9][A-Za-z0-9-]{{0,{MAXIMUM_CLUSTER_NAME - 1}}})?",
        f"1 to {MAXIMUM_CLUSTER_NAME} letters, digits and hyphens and begin with a letter or digit",
    ),
]


_STATUSES = ("ACTIVE", "PAUSED")


def _rebalancing(status: str) -> str:
    if status and status not in _STATUSES:
        raise ValueError(f"must be one of {', '.join(_STATUSES)}.{did_you_mean(status, _STATUSES)}")
    return status


Rebalancing = Annotated[
    str,
    AfterValidator(_rebalancing),
    of_form(f"({'|'.join(_STATUSES)})?", f"must be one of {', '.join(_STATUSES)}.", examples=list(_STATUSES)),
]


def _day(value: object) -> object:
    """A day as ISO 8601 writes it: a number would be one too, in seconds since 1970.

    YAML takes 2026-12-01 without quotes for a moment, and Pulumi hands it over as Go prints one.
    """
    text = value.removesuffix(" 00:00:00 +0000 UTC") if isinstance(value, str) else value
    if not isinstance(text, datetime.date) and not (isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)):
        raise ValueError("must be a day, such as 2026-12-01.")
    return text


class Acknowledgement(Block):
    """A guard that someone answers for having passed."""

    reason: Reason = Field(description="The reason, such as the number of a change request.")
    until: Annotated[
        datetime.date,
        BeforeValidator(_day),
        of_form("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "must be a day, such as 2026-12-01."),
    ] = Field(description="The last day of the acknowledgement, such as 2026-12-01.")


def _acknowledgeable(rule: str) -> str:
    if rule not in (known := ACKNOWLEDGEABLE | QUOTAS.keys()):
        guards, quotas = ", ".join(sorted(ACKNOWLEDGEABLE)), ", ".join(sorted(QUOTAS))
        raise ValueError(
            f"is no guard or quota that can be acknowledged.{did_you_mean(rule, known)} Guards that can be: {guards}. Quotas "
            f"that AWS may have raised: {quotas}."
        )
    return rule


GuardOrQuota = Annotated[str, AfterValidator(_acknowledgeable), InSchema({"enum": sorted(ACKNOWLEDGEABLE | QUOTAS.keys())})]
ClientName = Annotated[
    str,
    matching(
        rf"[a-z0-9]([a-z0-9-]{{0,{LONGEST_CLIENT_NAME - 2}}}[a-z0-9])?",
        f"a client name of at most {LONGEST_CLIENT_NAME} lower-case letters, digits and hyphens",
    ),
]


class StackSettings(Block):
    """Everything a stack can be told.

    Every field has a default, so an empty stack file is a small cluster that previews clean.
    """

    broker_type: BrokerTypeName = Field(
        "kafka.t3.small",
        alias="brokerType",
        description="Broker instance type: kafka.t3.small (ZooKeeper only, up to Kafka 3.9), kafka.m7g.large (KRaft) or larger; "
        "express.* creates an Express cluster, serverless a Serverless one.",
    )
    brokers_per_zone: int = Field(
        2,
        alias="brokersPerZone",
        ge=1,
        le=30,
        description="Brokers in each Availability Zone. Scale out by raising it.",
    )
    alarm_email: AlarmEmail = Field(
        "",
        alias="alarmEmail",
        description="E-mail address that alarms notify; AWS asks it to confirm first. Without it, alarms notify "
        "monitoring.subscribers only.",
    )
    cluster_name: ClusterName = Field(
        "",
        alias="clusterName",
        description="The cluster's name. Default: project and stack, such as msk-platform-dev. Changing it replaces the cluster.",
    )
    kafka_version: KafkaVersion = Field(
        "",
        alias="kafkaVersion",
        description="Apache Kafka version as Amazon MSK writes it. Default: 3.9.x.kraft, or 3.9.x with kafka.t3.small, which has "
        "no KRaft. Upgrades are in place.",
    )
    rebalancing: Rebalancing = Field(
        "",
        description="Intelligent rebalancing of Express brokers: while ACTIVE, the default, Amazon MSK alone moves partitions; "
        "PAUSED, nobody does but you.",
    )
    protect: bool = Field(True, description="Refuse to delete or replace the cluster, its keys and its network.")
    tags: dict[str, str] = Field(default_factory=dict, description="Tags of every resource that supports them.")
    workload: Workload = Field(default_factory=Workload, description="The load that the cluster must carry.")
    network: Network = Field(default_factory=Network, description="The VPC: new for the cluster, or an existing one.")
    storage: Storage = Field(default_factory=Storage, description="The brokers' volumes (Standard brokers only).")
    server_properties: Annotated[KafkaProperties, suggested(PROPERTY_DEFINITIONS)] = Field(
        default_factory=dict,
        alias="serverProperties",
        description=(
            "Kafka server properties, over safe defaults (replication factor 3, min.insync.replicas 2, no unclean leader "
            "election)."
        ),
    )
    authentication: Authentication = Field(
        default_factory=lambda: Authentication(iam=Iam()),
        description="How clients authenticate. Default: IAM.",
    )
    encryption: Encryption = Field(default_factory=Encryption, description="KMS keys, and encryption in transit.")
    topics: dict[TopicName, Topic] = Field(
        default_factory=dict,
        description="Topics, by name. Removing a name deletes the topic with its messages, except with brokerType serverless, "
        "where python -m tools topics makes and deletes them.",
    )
    clients: dict[ClientName, Client] = Field(
        default_factory=dict, description="Clients, by name: where each connects from, its identity and its permissions."
    )
    test_client: HostSettings | None = Field(
        None,
        alias="testClient",
        description="A small host in the VPC, reachable through Session Manager only, with the command `smoke`, and "
        "for `python -m tools shell` Kafka's tools; none unless given.",
    )
    logs: Logs = Field(default_factory=Logs, description="Where the brokers' logs go.")
    monitoring: Monitoring = Field(default_factory=Monitoring, description="CloudWatch metrics and alarms.")
    imported: Import = Field(
        default_factory=Import,
        alias="import",
        description="An existing cluster to take over, by the IDs of its parts. The IDs stay in the stack file.",
    )
    acknowledge: dict[GuardOrQuota, Acknowledgement] = Field(
        default_factory=dict,
        description="Guards that you pass knowingly, by name, and quotas that AWS has raised, by code, each with a reason and an "
        "end.",
    )

    @property
    def broker(self) -> BrokerType:
        """The chosen broker type: the catalogue's row, or one without figures where it has none, or where it is Serverless."""
        return broker_type(self.broker_type) or BrokerType(self.broker_type, broker_kind(self.broker_type))

    @property
    def is_serverless(self) -> bool:
        """Whether the cluster is a Serverless one, whose brokers, version and storage are AWS's."""
        return self.broker.is_serverless

    @property
    def number_of_zones(self) -> int:
        """In how many Availability Zones the brokers stand."""
        return len(self.network.existing.subnet_ids if self.network.existing else self.network.zones)

    @property
    def number_of_brokers(self) -> int:
        """Brokers of the whole cluster; 0 of a Serverless one."""
        return 0 if self.is_serverless else self.brokers_per_zone * self.number_of_zones

    @property
    def host_mechanism(self) -> Mechanism | None:
        """How the test client proves who it is; None where there is no test client, or no way for it."""
        authentication = self.authentication
        has_test_client = self.test_client is not None
        return host_mechanism(
            iam=has_test_client and authentication.iam is not None, scram=has_test_client and authentication.scram is not None
        )

    @property
    def all_clients(self) -> dict[str, ClientAccess]:
        """Everyone who may do something: the clients, and the test client where there is one."""
        own = self.host_mechanism
        if own is None or self.test_client is None:
            return {**self.clients}
        return {**self.clients, CLIENT: host_client(own, operate=self.test_client.operate)}

    def guards(self, guard: str, today: datetime.date) -> bool:
        """Whether a guard of what a protected stack would lose looks today: nobody answers for having passed it."""
        return self.protect and guard not in self.acknowledged(today)

    def acknowledged(self, today: datetime.date) -> frozenset[str]:
        """The guards whose acknowledgement still holds today."""
        return frozenset(rule for rule, acknowledgement in self.acknowledge.items() if today <= acknowledgement.until)
