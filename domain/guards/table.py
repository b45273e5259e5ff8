"""The guards: what Amazon MSK refuses of a new cluster, or of (old, new), and what it takes only in steps.

One row for each. Guards refuse by it at preview and at `up`, `tools changes` says what to do instead, and the table of
docs/operations.md is written from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Moment(StrEnum):
    """When a guard looks."""

    CREATION = "creation"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard.

    Attributes:
        name: Its name, as `acknowledge` in the stack file and the text in brackets have it.
        moment: When it looks.
        why: Why it refuses, in a few words.
        remedy: What to do, in a few words.
        source: Where Amazon MSK, Kafka or the provider says so.
        steps: What to do instead, in order, with settings.
        acknowledgeable: Whether a person may pass it by answering for it. What AWS refuses, nobody can.
    """

    name: str
    moment: Moment
    why: str
    remedy: str
    source: str
    steps: tuple[str, ...] = ()
    acknowledgeable: bool = False


KAFKA_END_OF_SUPPORT = "kafka-end-of-support"
DEPRECATED_AT_CREATION = "deprecated-at-creation"
NO_KRAFT = "no-kraft"
PUBLIC_AT_CREATION = "public-access-at-creation"
DUAL_AT_CREATION = "dual-stack-at-creation"
MULTI_VPC_OFF_AT_CREATION = "multi-vpc-off-at-creation"
STORAGE_SHRINK = "storage-shrink"
STORAGE_INCREASE_TOO_SMALL = "storage-increase-too-small"
KAFKA_DOWNGRADE = "kafka-downgrade"
KRAFT_TO_ZOOKEEPER = "kraft-to-zookeeper"
ZOOKEEPER_TO_KRAFT = "zookeeper-to-kraft"
TIERED_TO_LOCAL = "tiered-to-local"
STANDARD_TO_EXPRESS = "standard-to-express"
EXPRESS_TO_STANDARD = "express-to-standard"
TO_T3_SMALL = "to-t3-small"
FEWER_BROKERS = "fewer-brokers"
BROKER_REMOVAL = "broker-removal"
MULTI_VPC_LEFT_OUT = "multi-vpc-left-out"
DUAL_TO_IPV4 = "dual-stack-to-ipv4"
MECHANISM_LEFT_ON = "mechanism-left-on"
THROUGHPUT_LEFT_ON = "throughput-left-on"
ONE_OPERATION = "one-operation-at-a-time"
ORDER_OF_OPERATIONS = "order-of-operations"
UNEVEN_BROKERS = "broker-count-multiple-of-az"
FEWER_PARTITIONS = "fewer-partitions"
PARTITIONS_AND_CONFIGS = "partitions-and-configs"
SHORTER_RETENTION = "shorter-retention"
SHORTER_LOG_RETENTION = "shorter-log-retention"
COMPACTION = "compaction"
REMOTE_STORAGE_OFF = "remote-storage-off"
LESS_DURABLE = "less-durable"
UNCLEAN_ELECTION = "unclean-election"
CLIENTS_WITHOUT_ACL = "clients-without-acl"
SMALLER_MESSAGES = "smaller-messages"
SMALL_SEGMENTS = "small-segments"

_GUIDE = "MSK Developer Guide"
_SECOND_CLUSTER = "replicate to it with MSK Replicator, and move the clients."

_ROWS: tuple[Guard, ...] = (
    Guard(
        NO_KRAFT,
        Moment.CREATION,
        "`kafka.t3.small` has ZooKeeper versions only",
        "set the version or the broker type that the message names",
        "badmintoncryer/cdk-preflight, pf-msk-t3-small-not-kraft",
    ),
    Guard(
        DEPRECATED_AT_CREATION,
        Moment.CREATION,
        "AWS creates no cluster with a version that it lists as DEPRECATED; a cluster that has one keeps it",
        "choose a newer version",
        "badmintoncryer/cdk-preflight, pf-msk-kafka-version-deprecated",
        ("Choose a version that Amazon MSK lists as ACTIVE, and deploy.",),
    ),
    Guard(
        KAFKA_END_OF_SUPPORT,
        Moment.CREATION,
        "a new cluster must not start on a version past its support: AWS upgrades it by itself",
        "choose a newer version, or set `acknowledge`",
        f'{_GUIDE}, "Amazon MSK version support"',
        ("Choose a version that Amazon MSK supports, and deploy.",),
        acknowledgeable=True,
    ),
    Guard(
        PUBLIC_AT_CREATION,
        Moment.CREATION,
        "AWS turns public access on only for an ACTIVE cluster",
        "deploy without public access, then turn it on",
        f'{_GUIDE}, "Turn on public access to an MSK Provisioned cluster"',
        (
            "Set network.publicAccess: false and deploy.",
            "When the cluster is ACTIVE, set network.publicAccess: true and deploy again.",
        ),
    ),
    Guard(
        DUAL_AT_CREATION,
        Moment.CREATION,
        "AWS turns IPv6 on only for an ACTIVE cluster",
        "deploy without `network.ipv6`, then turn it on",
        f'{_GUIDE}, "Configure dual-stack network type for an Amazon MSK cluster"',
        ("Set network.ipv6: false and deploy.", "When the cluster is ACTIVE, set network.ipv6: true and deploy again."),
    ),
    Guard(
        MULTI_VPC_OFF_AT_CREATION,
        Moment.CREATION,
        "the provider sends an update that changes nothing",
        "turn a mechanism of `network.multiVpc` on, or remove it",
        "terraform-provider-aws, internal/service/kafka/cluster.go, resourceClusterCreate",
    ),
    Guard(
        STORAGE_SHRINK,
        Moment.UPDATE,
        "volumes only grow",
        "set the size that the message names",
        f'{_GUIDE}, "Scale up Amazon MSK Standard broker storage"',
        (
            "Leave the volume as it is.",
            f"If it must be smaller: create a second cluster with smaller volumes, {_SECOND_CLUSTER}",
        ),
    ),
    Guard(
        STORAGE_INCREASE_TOO_SMALL,
        Moment.UPDATE,
        "volumes grow by 10 GiB or more",
        "set the size that the message names",
        f'{_GUIDE}, "Manual scaling for Standard brokers"',
        ("Grow the volume by 10 GiB or more, or let storage autoscaling grow it.",),
    ),
    Guard(
        KAFKA_DOWNGRADE,
        Moment.UPDATE,
        "Amazon MSK only upgrades",
        "revert the version",
        f'{_GUIDE}, "Upgrade the Apache Kafka version"',
        (
            "Leave kafkaVersion as it is.",
            "If it must be older: create a second cluster with that version, replicate to it, and move the clients.",
        ),
    ),
    Guard(
        KRAFT_TO_ZOOKEEPER,
        Moment.UPDATE,
        "a cluster with KRaft cannot change to ZooKeeper",
        "choose a version that ends in .kraft",
        f'{_GUIDE}, "Migrate to an Apache Kafka cluster in KRaft mode"',
        ("Choose a version that ends in .kraft.",),
    ),
    Guard(
        ZOOKEEPER_TO_KRAFT,
        Moment.UPDATE,
        "Amazon MSK migrates in place only from 3.9.x to 3.9.x.kraft, in three zones, and never with `kafka.t3.small`",
        "set the version that the message names",
        f'{_GUIDE}, "Migrate from ZooKeeper to KRaft"',
        (
            "From kafka.t3.small: leave kafkaVersion as it is, set brokerType to kafka.m7g.large, deploy.",
            "Below 3.9.x: set kafkaVersion to 3.9.x, deploy.",
            "Set kafkaVersion to 3.9.x.kraft alone, deploy. There is no way back to ZooKeeper.",
        ),
    ),
    Guard(
        TIERED_TO_LOCAL,
        Moment.UPDATE,
        "a cluster cannot turn tiered storage off",
        "turn it off for each topic",
        f'{_GUIDE}, "Tiered storage requirements"',
        (
            "Leave storage.mode: TIERED.",
            "Turn remote storage off for each topic: remote.storage.enable=false, after its data fits on the brokers.",
        ),
    ),
    Guard(
        STANDARD_TO_EXPRESS,
        Moment.UPDATE,
        "you cannot switch between Standard and Express by changing the broker type",
        "create a new cluster, or use [AWS's own upgrade](#from-standard-to-express-brokers-in-place)",
        f'{_GUIDE}, "Upgrade from Standard to Express brokers"',
        (
            "Leave brokerType as it is.",
            f"To move: create a second stack with Express brokers, {_SECOND_CLUSTER}",
            "Or let AWS upgrade this cluster in place, outside of Pulumi: it needs Kafka 3.9 with KRaft, three zones, M5, M7g or "
            "M8g brokers, no tiered storage, and topics with replication factor 3 and min.insync.replicas 2. "
            "docs/operations.md has the steps.",
        ),
    ),
    Guard(
        EXPRESS_TO_STANDARD,
        Moment.UPDATE,
        "Express brokers cannot become Standard brokers",
        "create a new cluster",
        f'{_GUIDE}, "Complete the upgrade"',
        (
            "Leave brokerType as it is.",
            f"If it must be Standard: create a second stack with Standard brokers, {_SECOND_CLUSTER}",
        ),
    ),
    Guard(
        TO_T3_SMALL,
        Moment.UPDATE,
        "no cluster can change to t3 brokers",
        "choose `kafka.m7g.large` or larger",
        f'{_GUIDE}, "Update the broker size"',
        ("Choose kafka.m7g.large or larger.", "For kafka.t3.small, create a new cluster."),
    ),
    Guard(
        FEWER_BROKERS,
        Moment.UPDATE,
        "Amazon MSK removes only brokers without partitions",
        "[Remove brokers](#remove-brokers), then `acknowledge`",
        f'{_GUIDE}, "Remove a broker from an Amazon MSK cluster"',
        (
            "Empty the brokers that go, the ones with the highest IDs in each zone: `python -m tools reassign --remove-brokers`.",
            "Check that the metric UserPartitionExists is 0 for each of them.",
            "Acknowledge it with acknowledge.fewer-brokers: {reason, until}, and deploy one broker fewer in each zone.",
            "Repeat for the next broker of each zone.",
        ),
        acknowledgeable=True,
    ),
    Guard(
        BROKER_REMOVAL,
        Moment.UPDATE,
        "Amazon MSK removes one broker in each zone at a time, from Kafka 2.8.1 on, and no `kafka.t3.small` brokers",
        "[Remove brokers](#remove-brokers)",
        f'{_GUIDE}, "Remove a broker from an Amazon MSK cluster"',
        (
            "From kafka.t3.small: set kafkaVersion to what it is and brokerType to kafka.m7g.large, deploy, then remove brokers.",
            "Below Kafka 2.8.1: raise kafkaVersion, deploy, then remove brokers.",
            "Lower brokersPerZone by one at a time, and deploy after each.",
        ),
    ),
    Guard(
        MULTI_VPC_LEFT_OUT,
        Moment.UPDATE,
        "Amazon MSK leaves multi-VPC connectivity on when the stack removes it",
        "turn the mechanisms off, deploy, then remove `network.multiVpc`",
        "terraform-provider-aws, internal/service/kafka/cluster.go: connectivityInfo is optional and computed",
    ),
    Guard(
        DUAL_TO_IPV4,
        Moment.UPDATE,
        "a cluster cannot turn IPv6 off",
        "set `network.ipv6` back to true",
        "pulumi-aws, aws.msk.Cluster, networkType",
        (
            "Leave network.ipv6: true.",
            f"If it must have only IPv4 addresses: create a second cluster, {_SECOND_CLUSTER}",
        ),
    ),
    Guard(
        MECHANISM_LEFT_ON,
        Moment.UPDATE,
        "the provider does not turn off a mechanism that the program removes",
        "turn it off with `aws kafka update-security`, then deploy",
        "hashicorp/terraform-provider-aws issue 30752 and pull request 42163",
        (
            "Leave authentication as it is, or turn the mechanism off outside of Pulumi: aws kafka update-security "
            "--client-authentication with Enabled=false for it.",
            "When the cluster is ACTIVE again, run pulumi refresh, then deploy without the mechanism.",
        ),
    ),
    Guard(
        THROUGHPUT_LEFT_ON,
        Moment.UPDATE,
        "the provider does not turn off provisioned throughput that the program removes",
        "turn it off with `aws kafka update-broker-storage`, then deploy",
        "terraform-provider-aws, internal/service/kafka/cluster.go, resourceClusterUpdate: a block that is not there is not sent",
        (
            "Leave storage.provisionedThroughputMiBps as it is, or turn it off outside of Pulumi: aws kafka "
            "update-broker-storage --target-broker-ebs-volume-info with ProvisionedThroughput={Enabled=false} for all brokers.",
            "When the cluster is ACTIVE again, run pulumi refresh, then deploy without storage.provisionedThroughputMiBps.",
        ),
    ),
    Guard(
        ONE_OPERATION,
        Moment.UPDATE,
        "the provider changes connectivity first, and AWS refuses what needs another change before it",
        "deploy twice",
        "hashicorp/terraform-provider-aws issue 25061; internal/service/kafka/cluster.go, resourceClusterUpdate",
    ),
    Guard(
        ORDER_OF_OPERATIONS,
        Moment.UPDATE,
        "the broker type and tiered storage are changed before the Kafka version and the volumes, and need what these still have",
        "deploy twice, as the message says",
        f'internal/service/kafka/cluster.go, resourceClusterUpdate; {_GUIDE}, "Amazon MSK broker types" (M7g needs Kafka 2.8.2, '
        'or 3.3.2 or newer), "Provision storage throughput", "Tiered storage"',
        (
            "For M7g brokers or tiered storage: raise kafkaVersion alone and deploy.",
            "For a type with less provisioned throughput: lower storage.provisionedThroughputMiBps and deploy. For one without: "
            "turn it off first (throughput-left-on).",
            "When the cluster is ACTIVE again, make the other change. Between two changes of storage AWS wants 6 hours.",
        ),
    ),
    Guard(
        UNEVEN_BROKERS,
        Moment.UPDATE,
        "the same number of brokers in each zone, at creation too",
        "choose the number that the message names",
        "badmintoncryer/cdk-preflight, pf-msk-broker-count-multiple-of-az",
        ("Choose a multiple of the number of subnets: the same number of brokers in each zone.",),
    ),
    Guard(
        FEWER_PARTITIONS,
        Moment.UPDATE,
        "Kafka cannot remove partitions",
        "create a topic with another name",
        'Apache Kafka documentation, "Modifying topics"',
    ),
    Guard(
        PARTITIONS_AND_CONFIGS,
        Moment.UPDATE,
        "Amazon MSK changes either a topic's partitions or its configuration in one update",
        "deploy twice",
        "MSK API reference, UpdateTopic",
    ),
    # What AWS and Kafka take, and people lose by: on a protected stack somebody answers for it.
    Guard(
        SHORTER_RETENTION,
        Moment.UPDATE,
        "`protect: true`: messages that are older or more than the new retention allows, or consumers' positions, are deleted",
        "revert it, or set `acknowledge`",
        'Apache Kafka documentation, "Broker Configs" and "Topic Configs"',
        acknowledgeable=True,
    ),
    Guard(
        SHORTER_LOG_RETENTION,
        Moment.UPDATE,
        "`protect: true`: logs that are older than the new retention allows are deleted",
        "revert it, or set `acknowledge`",
        'CloudWatch Logs API reference, "PutRetentionPolicy"; Amazon S3 User Guide, "Expiring objects"',
        acknowledgeable=True,
    ),
    Guard(
        COMPACTION,
        Moment.UPDATE,
        "`protect: true`: compaction deletes all but the newest message of each key",
        "revert it, or set `acknowledge`",
        'Apache Kafka documentation, "Log Compaction"',
        acknowledgeable=True,
    ),
    Guard(
        REMOTE_STORAGE_OFF,
        Moment.UPDATE,
        "`protect: true`: what tiered storage alone holds of a topic may be deleted",
        "revert it, or set `acknowledge`",
        f'{_GUIDE}, "Disable tiered storage on a topic"',
        acknowledgeable=True,
    ),
    Guard(
        LESS_DURABLE,
        Moment.UPDATE,
        "`protect: true`: with fewer copies, or fewer in-sync replicas, fewer failures lose messages",
        "revert it, or set `acknowledge`",
        'Apache Kafka documentation, "Broker Configs": min.insync.replicas, default.replication.factor',
        acknowledgeable=True,
    ),
    Guard(
        UNCLEAN_ELECTION,
        Moment.UPDATE,
        "`protect: true`: a leader that lags behind loses acknowledged messages",
        "revert it, or set `acknowledge`",
        'Apache Kafka documentation, "Broker Configs": unclean.leader.election.enable',
        acknowledgeable=True,
    ),
    Guard(
        CLIENTS_WITHOUT_ACL,
        Moment.UPDATE,
        "`protect: true`: clients without IAM lose what no ACL names",
        "write ACLs first, then set `acknowledge`",
        f'{_GUIDE}, "Apache Kafka ACLs"',
        acknowledgeable=True,
    ),
    Guard(
        SMALLER_MESSAGES,
        Moment.UPDATE,
        "`protect: true`: producers that send larger batches than the new limit are refused",
        "revert it, or set `acknowledge`",
        'Apache Kafka documentation, "Broker Configs": message.max.bytes; "Topic Configs": max.message.bytes',
        acknowledgeable=True,
    ),
    Guard(
        SMALL_SEGMENTS,
        Moment.UPDATE,
        "brokers of Kafka 4 do not start with a topic whose `segment.bytes` is below 1 MiB, and the version comes before topics",
        "deploy twice",
        'Apache Kafka, "Notable changes in 4.0.0", KIP-1030; measured with Kafka 4.3.1: "Error starting LogManager"',
        (
            "Leave kafkaVersion as it is, raise segment.bytes of the topic to 1048576 or more, or take it out, and deploy.",
            "When the topic is changed, raise kafkaVersion and deploy again.",
        ),
    ),
)

GUARDS: Mapping[str, Guard] = MappingProxyType({guard.name: guard for guard in _ROWS})
"""All guards by name."""

BROKER_KINDS: frozenset[str] = frozenset({STANDARD_TO_EXPRESS, EXPRESS_TO_STANDARD, TO_T3_SMALL})
"""Guards about the broker type of a cluster that stays; one that replaces it may have any."""

ACKNOWLEDGEABLE: frozenset[str] = frozenset(guard.name for guard in _ROWS if guard.acknowledgeable)
"""Guards that a person may pass by answering for it; the others are refused by AWS itself."""

LOSSES: frozenset[str] = frozenset(
    {
        SHORTER_RETENTION,
        SHORTER_LOG_RETENTION,
        COMPACTION,
        REMOTE_STORAGE_OFF,
        LESS_DURABLE,
        UNCLEAN_ELECTION,
        CLIENTS_WITHOUT_ACL,
        SMALLER_MESSAGES,
    }
)
"""Guards about what people lose though AWS takes the change; only protected stacks have them."""
