"""The stack file as types: every setting, its meaning, unit, default and limits.

`load_settings` in `domain.loading` turns a stack's configuration into `StackSettings`. Defaults live here
alone; the ``config:`` section of Pulumi.yaml and the table in the documentation are generated from these classes.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from domain.guards.cluster import ACKNOWLEDGEABLE
from domain.guards.takeover import (
    ClusterProperty,
    ConfigurationProperty,
    LogGroupProperty,
    RuleProperty,
    SecurityGroupProperty,
    SubnetProperty,
    VpcProperty,
    kept_paths,
)
from domain.msk.brokers import BROKER_TYPES, BrokerType, nearest_broker_types
from domain.msk.certificate_authority import Mode
from domain.msk.mechanisms import Mechanism
from domain.msk.versions import nearest_version, runs_on
from domain.msk.volumes import MAXIMUM_GIB, MINIMUM_GIB
from domain.problems import did_you_mean
from domain.settings.clients import Client, ClientAccess, PrincipalArn
from domain.settings.monitoring import AlarmChange, AlarmEmail, AlarmName, Subscribers
from domain.settings.prometheus import Prometheus
from domain.settings.test_client import CLIENT, SmokeClientSettings, smoke_client, smoke_mechanism
from domain.settings.topics import Topic, TopicName
from domain.settings.types import (
    CREATE,
    AccountId,
    Block,
    BucketChoice,
    CertificateAuthorityArn,
    ClusterArn,
    ConfigurationArn,
    DeliveryStreamName,
    KafkaProperties,
    KeyChoice,
    LogGroupName,
    LogPrefix,
    NewCertificateAuthority,
    RetentionDays,
    SecurityGroupId,
    SecurityGroupRuleId,
    SubnetId,
    VpcId,
    ZoneId,
    matching,
)


def _known_broker_type(name: str) -> str:
    if name not in BROKER_TYPES:
        near = ", ".join(nearest_broker_types(name))
        raise ValueError(f"is not a broker type of Amazon MSK. The nearest are {near}.")
    return name


_VERSION_FORM = re.compile(r"\d+\.\d+\.(\d+(\.\d+)?|x)(\.kraft|\.tiered)?")


def _version_string(name: str, info: ValidationInfo) -> str:
    if name and not _VERSION_FORM.fullmatch(name):
        # Where the broker type is wrong as well, nobody knows what will run: no version is suggested.
        broker = BROKER_TYPES.get(info.data.get("broker_type", ""))
        near = nearest_version(name, broker) if broker else None
        suggestion = f" Did you mean {near}?" if near else ""
        examples = [version for version in ("3.9.x.kraft", "4.1.x.kraft", "3.9.x") if not broker or runs_on(version, broker)]
        raise ValueError(f"is not a Kafka version of Amazon MSK.{suggestion} Versions look like {', '.join(examples)}.")
    return name


MAXIMUM_CLUSTER_NAME = 64
"""Characters of a cluster's name. MSK API reference, ``CreateCluster``, ``clusterName``."""


def _cluster_name(name: str) -> str:
    if name and (len(name) > MAXIMUM_CLUSTER_NAME or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", name)):
        raise ValueError(f"must be 1 to {MAXIMUM_CLUSTER_NAME} letters, digits and hyphens and begin with a letter or digit.")
    return name


class Workload(Block):
    """What the cluster must carry: storage and capacity are worked out from it."""

    ingress_mb_per_second: float = Field(
        1.0,
        alias="ingressMBps",
        gt=0,
        description="Average data written by producers, MB/s, before replication.",
    )
    peak_mb_per_second: float | None = Field(
        None,
        alias="peakMBps",
        gt=0,
        description="Highest data rate written by producers, MB/s. Default: twice ingressMBps.",
    )
    fan_out: float = Field(
        2.0,
        alias="fanOut",
        ge=0,
        description="How many times each message is read: the number of consumer groups.",
    )
    retention_hours: int = Field(
        168, alias="retentionHours", ge=1, description="How long messages are kept, hours. 168 is seven days."
    )
    partitions: int = Field(
        100, alias="partitions", ge=1, description="Partitions of all topics together, not counting replicas."
    )

    @property
    def peak(self) -> float:
        """The peak in MB/s, given or derived."""
        return self.peak_mb_per_second if self.peak_mb_per_second is not None else 2 * self.ingress_mb_per_second


class FlowLogs(Block):
    """VPC flow logs, written to an encrypted log group."""

    retention_days: RetentionDays = Field(365, alias="retentionDays", description="Days the flow logs are kept.")


class ExistingNetwork(Block):
    """A VPC that is already there."""

    vpc_id: VpcId = Field(alias="vpcId", description="The VPC's id. Changing it replaces the cluster.")
    subnet_ids: list[SubnetId] = Field(
        alias="subnetIds",
        min_length=2,
        max_length=3,
        description="Two or three subnets in different Availability Zones. Changing them replaces the cluster.",
    )


class MultiVpc(Block):
    """Multi-VPC private connectivity: clients of other VPCs and accounts connect through AWS PrivateLink."""

    iam: bool = Field(False, description="For SASL/IAM.")
    scram: bool = Field(False, description="For SASL/SCRAM.")
    tls: bool = Field(False, description="For mutual TLS.")
    accounts: list[AccountId] = Field(
        default_factory=list, description="Other accounts that may set up connections, by their twelve digits."
    )
    principals: list[PrincipalArn] = Field(
        default_factory=list, description="IAM roles and users of other accounts that may, where the whole account may not."
    )

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """What it is on for, by the keys of ``authentication``."""
        return tuple(name for name in ("iam", "scram", "tls") if getattr(self, name))


class Network(Block):
    """Where the brokers live: a VPC made for them, or an existing one."""

    cidr: str = Field("10.40.0.0/20", description="The new VPC's IPv4 range. Changing it replaces the VPC and the cluster.")
    zones: list[ZoneId] = Field(
        default_factory=list,
        description="Two or three Availability Zone IDs. Default: three fixed ones of the region. "
        "Changing them replaces the cluster.",
    )
    nat_gateways: Literal["none", "single", "perZone"] = Field(
        "none",
        alias="natGateways",
        description="NAT gateways for what else runs in the VPC; the brokers need none.",
    )
    flow_logs: FlowLogs | None = Field(None, alias="flowLogs", description="VPC flow logs; off unless given.")
    public_access: bool = Field(
        False,
        alias="publicAccess",
        description="Public endpoints of the brokers. AWS allows it only after the cluster was created.",
    )
    multi_vpc: MultiVpc | None = Field(
        None,
        alias="multiVpc",
        description="Private connections from other VPCs and accounts; none unless given. To turn it off, set its mechanisms to "
        "false and deploy before taking it out.",
    )
    ipv6: bool = Field(
        False,
        description="IPv6 beside IPv4 (network type DUAL). AWS allows it only after the cluster was created, and there is no way "
        "back.",
    )
    existing: ExistingNetwork | None = Field(None, description="Use this VPC instead of making one.")


class Storage(Block):
    """The brokers' EBS volumes (Standard brokers only)."""

    initial_gib: int | None = Field(
        None,
        alias="initialGiB",
        ge=MINIMUM_GIB,
        le=MAXIMUM_GIB,
        description="Volume of each broker at first, GiB. Default: what the workload needs. It can never shrink.",
    )
    maximum_gib: int | None = Field(
        None,
        alias="maximumGiB",
        ge=MINIMUM_GIB,
        le=MAXIMUM_GIB,
        description="How far autoscaling may grow each volume, GiB. Default: twice what one broker in each zone would need.",
    )
    target_utilization: int = Field(
        60,
        alias="targetUtilization",
        ge=10,
        le=80,
        description="Disk use in percent at which autoscaling adds storage, and for which the initial size is planned.",
    )
    autoscaling: bool = Field(True, description="Grow the volumes when the target utilization is passed.")
    mode: Literal["LOCAL", "TIERED"] = Field(
        "LOCAL", description="TIERED moves older segments to low-cost storage. There is no way back to LOCAL."
    )
    provisioned_throughput: int | None = Field(
        None,
        alias="provisionedThroughputMiBps",
        ge=250,
        description="EBS throughput bought for each broker, MiB/s. Default: none bought.",
    )


class Iam(Block):
    """IAM access control: SASL/IAM, and OAUTHBEARER through the AWS signers."""


class Scram(Block):
    """SASL/SCRAM-SHA-512 with users in Secrets Manager."""


class MutualTls(Block):
    """Mutual TLS: clients show a certificate."""

    certificate_authority: NewCertificateAuthority | None = Field(
        None,
        alias="certificateAuthority",
        description="create: an AWS Private CA of this stack's own signs clients. It is charged by the month.",
    )
    certificate_authority_mode: Mode = Field(
        "GENERAL_PURPOSE",
        alias="certificateAuthorityMode",
        description="Of the new CA: SHORT_LIVED_CERTIFICATE costs less and signs for seven days at most. Changing it replaces "
        "the CA.",
    )
    certificate_authority_arns: list[CertificateAuthorityArn] | None = Field(
        None,
        alias="certificateAuthorityArns",
        min_length=1,
        description="ARNs of the AWS Private CAs that sign clients, instead of a new one.",
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.certificate_authority is None) == (self.certificate_authority_arns is None):
            raise ValueError(
                "must have exactly one of certificateAuthority (create: a new AWS Private CA) and certificateAuthorityArns "
                "(those that are there)."
            )
        if self.certificate_authority is None and "certificate_authority_mode" in self.model_fields_set:
            raise ValueError("has a certificateAuthorityMode, which belongs to a new CA: take it out.")
        return self


class Authentication(Block):
    """How clients prove who they are. Several mechanisms may be on at once; with none given, IAM is."""

    iam: Iam | None = Field(None, description="IAM access control; on when nothing else is asked for.")
    scram: Scram | None = Field(None, description="User name and password (SASL/SCRAM-SHA-512).")
    tls: MutualTls | None = Field(None, description="Client certificates (mutual TLS).")
    unauthenticated: bool = Field(False, description="Clients without any identity. The policy pack refuses it.")

    @model_validator(mode="before")
    @classmethod
    def _iam_unless_something_else_is_asked_for(cls, value: object) -> object:
        if isinstance(value, Mapping) and not {"iam", "scram", "tls"} & set(value) and not value.get("unauthenticated"):
            return {**value, "iam": {}}
        return value


class Encryption(Block):
    """Keys at rest, and what travels in clear text (nothing, by default)."""

    data_key: KeyChoice = Field(
        CREATE,
        alias="dataKey",
        description="Key of the brokers' volumes. Changing it replaces the cluster.",
    )
    secrets_key: KeyChoice = Field(
        CREATE, alias="secretsKey", description="Key of the SCRAM users' secrets; used only with SCRAM."
    )
    telemetry_key: KeyChoice = Field(CREATE, alias="telemetryKey", description="Key of log groups and alarms.")
    client_broker: Literal["TLS", "TLS_PLAINTEXT", "PLAINTEXT"] = Field(
        "TLS",
        alias="clientBroker",
        description="Encryption between clients and brokers. The policy pack wants TLS.",
    )


class CloudWatchLogs(Block):
    """Broker logs in CloudWatch Logs, encrypted with the telemetry key."""

    retention_days: RetentionDays = Field(365, alias="retentionDays", description="Days the broker logs are kept.")


class S3Logs(Block):
    """Broker logs in a bucket, kept at lower cost than in CloudWatch Logs."""

    bucket: BucketChoice = Field(
        CREATE,
        description="create (a private bucket, encrypted with the telemetry key), or the name of one that "
        "delivery.logs.amazonaws.com may write to.",
    )
    prefix: LogPrefix = Field("", description="What the objects' keys begin with.")
    retention_days: int = Field(365, alias="retentionDays", ge=1, description="Days the logs are kept in the new bucket.")


class FirehoseLogs(Block):
    """Broker logs to an Amazon Data Firehose stream, for whatever takes them from there."""

    delivery_stream: DeliveryStreamName = Field(
        alias="deliveryStream",
        description="Name of the stream, which is there. AWS tags it LogDeliveryEnabled: let whoever manages it leave that tag.",
    )


class Logs(Block):
    """Where the brokers' logs go: CloudWatch Logs, and what else is given."""

    cloudwatch: CloudWatchLogs = Field(default_factory=CloudWatchLogs, description="The broker log group.")
    s3: S3Logs | None = Field(None, description="A bucket too; none unless given.")
    firehose: FirehoseLogs | None = Field(None, description="A Firehose stream too; none unless given.")


class Monitoring(Block):
    """CloudWatch metrics of the brokers, and the alarms on them."""

    level: Literal["DEFAULT", "PER_BROKER", "PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION"] = Field(
        "PER_BROKER", description="Enhanced monitoring. DEFAULT is free; each further level costs per metric."
    )
    alarms: dict[AlarmName, AlarmChange] = Field(
        default_factory=dict, description="Alarms that are wanted otherwise, by their names in docs/runbook.md."
    )
    subscribers: Subscribers = Field(default_factory=Subscribers, description="Who is told of alarms beside alarmEmail.")
    runbook: str = Field(
        "docs/runbook.md",
        max_length=300,
        description="Where alarms say that the runbook is: an address that whoever is on call can open.",
    )
    logs: bool = Field(
        True, description="Count errors, refusals and failures in the brokers' logs, and alarm on the gravest; saved queries."
    )
    dashboard: bool = Field(True, description="A dashboard in CloudWatch. An account's first three cost nothing.")
    prometheus: Prometheus | None = Field(None, description="Open monitoring with Prometheus; off unless given.")


class Kept(Block):
    """What of the imported resources stays as it is, though the settings say otherwise."""

    vpc: list[VpcProperty] = Field(default_factory=list, description="Properties of the VPC left as they are.")
    subnets: list[SubnetProperty] = Field(default_factory=list, description="Properties of the subnets left as they are.")
    security_group: list[SecurityGroupProperty] = Field(
        default_factory=list, alias="securityGroup", description="Properties of the security group left as they are."
    )
    rules: list[RuleProperty] = Field(default_factory=list, description="Properties of the imported rules left as they are.")
    configuration: list[ConfigurationProperty] = Field(
        default_factory=list, description="Properties of the configuration left as they are."
    )
    cluster: list[ClusterProperty] = Field(
        default_factory=list,
        description="Properties of the cluster left as they are. Taking out securityGroups or inCluster would replace it.",
    )
    broker_log_group: list[LogGroupProperty] = Field(
        default_factory=list, alias="brokerLogGroup", description="Properties of the log group left as they are."
    )


class Import(Block):
    """What runs already and is taken over by its id. The ids stay in the stack file afterwards."""

    vpc: VpcId | None = Field(None, description="The VPC's id, given with subnets.")
    subnets: dict[ZoneId, SubnetId] = Field(default_factory=dict, description="The brokers' subnets by Availability Zone ID.")
    security_group: SecurityGroupId | None = Field(None, alias="securityGroup", description="The brokers' security group's id.")
    rules: dict[str, SecurityGroupRuleId] = Field(
        default_factory=dict,
        description="Rules that the group has and the clients need, by port and source such as 9098-from-10.90.0.0/24.",
    )
    configuration: ConfigurationArn | None = Field(None, description="The MSK configuration's ARN.")
    cluster: ClusterArn | None = Field(None, description="The cluster's ARN; clusterName must be its name.")
    broker_log_group: LogGroupName | None = Field(
        None, alias="brokerLogGroup", description="The name of the log group that the brokers' logs go to."
    )
    frozen: bool = Field(
        True, description="Refuse every update of what is imported. Set it to false after the takeover, to change it on purpose."
    )
    keep: Kept = Field(
        default_factory=Kept,
        description="Properties left as they are until they are taken out here; the preview then shows what changes.",
    )

    def kept(self, part: str) -> list[str]:
        """The property paths left as they are of a part, by its key in ``import``."""
        aliases = {field.alias or name: name for name, field in Kept.model_fields.items()}
        return kept_paths(part, getattr(self.keep, aliases[part]))


def _day(value: object) -> object:
    """YAML takes 2026-12-01 without quotes for a moment, and Pulumi hands it over as Go prints one."""
    return value.removesuffix(" 00:00:00 +0000 UTC") if isinstance(value, str) else value


class Acknowledgement(Block):
    """A guard that someone answers for having passed."""

    reason: str = Field(min_length=1, description="Why, for example the number of the change request.")
    until: Annotated[datetime.date, BeforeValidator(_day)] = Field(
        description="The last day on which it holds, such as 2026-12-01."
    )


def _acknowledgeable(rule: str) -> str:
    if rule not in ACKNOWLEDGEABLE:
        allowed = ", ".join(sorted(ACKNOWLEDGEABLE))
        raise ValueError(f"is not a guard that can be acknowledged.{did_you_mean(rule, ACKNOWLEDGEABLE)} Those are {allowed}.")
    return rule


ClientName = Annotated[
    str,
    matching(
        r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?",
        "a client name of at most 50 lower-case letters, digits and hyphens",
    ),
]


class StackSettings(Block):
    """Everything a stack can be told.

    Every field has a default, so an empty stack file is a small cluster that previews clean.
    """

    broker_type: Annotated[str, AfterValidator(_known_broker_type)] = Field(
        "kafka.t3.small",
        alias="brokerType",
        description="Broker instance type, such as kafka.t3.small or kafka.m7g.large; express.* makes an Express cluster.",
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
        description="Who is told of alarms, by e-mail; AWS asks it first. Without one only monitoring.subscribers are told.",
    )
    cluster_name: Annotated[str, AfterValidator(_cluster_name)] = Field(
        "",
        alias="clusterName",
        description="The cluster's name. Default: project and stack, such as msk-platform-dev. Changing it replaces the cluster.",
    )
    kafka_version: Annotated[str, AfterValidator(_version_string)] = Field(
        "",
        alias="kafkaVersion",
        description="Apache Kafka version as Amazon MSK writes it. Default: 3.9.x.kraft, or 3.9.x with kafka.t3.small, which has "
        "no KRaft. Upgrades are in place.",
    )
    protect: bool = Field(True, description="Refuse to delete or replace the cluster, its keys and its network.")
    tags: dict[str, str] = Field(default_factory=dict, description="Tags of every resource that can have them.")
    workload: Workload = Field(default_factory=Workload, description="What the cluster must carry.")
    network: Network = Field(default_factory=Network, description="The VPC: made for the cluster, or an existing one.")
    storage: Storage = Field(default_factory=Storage, description="The brokers' volumes (Standard brokers only).")
    server_properties: KafkaProperties = Field(
        default_factory=dict,
        alias="serverProperties",
        description="Kafka server properties, over safe defaults (RF 3, minISR 2, no unclean election).",
    )
    authentication: Authentication = Field(
        default_factory=lambda: Authentication(iam=Iam()),
        description="How clients prove who they are. Default: IAM.",
    )
    encryption: Encryption = Field(default_factory=Encryption, description="Keys, and encryption in transit.")
    topics: dict[TopicName, Topic] = Field(
        default_factory=dict, description="Topics, by name. A name taken out deletes the topic with its messages."
    )
    clients: dict[ClientName, Client] = Field(
        default_factory=dict, description="Who may reach the brokers and what each may do, by name."
    )
    test_client: SmokeClientSettings | None = Field(
        None,
        alias="testClient",
        description="A small host in the VPC, reached by Session Manager only, with `smoke` on its path; none unless given.",
    )
    logs: Logs = Field(default_factory=Logs, description="Where the brokers' logs go.")
    monitoring: Monitoring = Field(default_factory=Monitoring, description="CloudWatch metrics and alarms.")
    imported: Import = Field(
        default_factory=Import,
        alias="import",
        description="A cluster that runs already, taken over by the ids of its parts. The ids stay in the stack file.",
    )
    acknowledge: dict[Annotated[str, AfterValidator(_acknowledgeable)], Acknowledgement] = Field(
        default_factory=dict,
        description="Guards someone answers for having passed, each with a reason and an end.",
    )

    @property
    def broker(self) -> BrokerType:
        """The catalogue's row of the chosen broker type."""
        return BROKER_TYPES[self.broker_type]

    @property
    def number_of_zones(self) -> int:
        """In how many Availability Zones the brokers stand."""
        return len(self.network.existing.subnet_ids if self.network.existing else self.network.zones)

    @property
    def number_of_brokers(self) -> int:
        """Brokers of the whole cluster."""
        return self.brokers_per_zone * self.number_of_zones

    @property
    def smoke_mechanism(self) -> Mechanism | None:
        """How the test client proves who it is; None where there is no test client, or no way for it."""
        authentication = self.authentication
        there = self.test_client is not None
        return smoke_mechanism(iam=there and authentication.iam is not None, scram=there and authentication.scram is not None)

    @property
    def all_clients(self) -> dict[str, ClientAccess]:
        """Everyone who may do something: the clients, and the test client where there is one."""
        own = self.smoke_mechanism
        return {**self.clients, **({CLIENT: smoke_client(own)} if own else {})}

    def acknowledged(self, today: datetime.date) -> frozenset[str]:
        """The guards whose acknowledgement still holds today."""
        return frozenset(rule for rule, one in self.acknowledge.items() if today <= one.until)
