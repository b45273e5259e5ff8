"""Amazon MSK Serverless: what its clusters may have, and how much of it.

Nothing of it is chosen but the name, the VPCs and tags: AWS picks the brokers, the Kafka version and the storage.

Sources: MSK Developer Guide, "Amazon MSK quota", MSK Serverless quota (amounts), "Configuration properties for MSK Serverless
clusters" (settings of topics), "Semantics of IAM authorization policy actions and resources" (actions); what CreateClusterV2
answers, `domain.msk.refusals`, ``serverless-*``.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVERLESS = "serverless"
"""Instead of a broker type: a Serverless cluster."""

FEWEST_SUBNETS, MOST_SUBNETS = 2, 6
"""Subnets of a VPC configuration, each in another zone. ``serverless-subnets-count``."""

MOST_VPCS = 5
"""VPC configurations of a cluster, its own counted. ``serverless-vpc-configs-max``."""

MOST_SECURITY_GROUPS = 5
"""Security groups of a VPC configuration: those of a VPC endpoint. Amazon VPC User Guide, "Amazon VPC quotas", by default."""

REPLICATION_FACTOR, MIN_INSYNC_REPLICAS = 3, 2
"""Of every topic, whatever is asked for. AWS names the number of copies nowhere but in examples of its guide."""

INGRESS_MB_PER_SECOND, EGRESS_MB_PER_SECOND = 200, 400
"""Client traffic of a cluster, MB/s; more is slowed."""

PARTITION_INGRESS_MB_PER_SECOND, PARTITION_EGRESS_MB_PER_SECOND = 5, 10
"""Client traffic of a partition, MB/s; more is slowed."""

MOST_PARTITIONS = 2_400
"""Leader partitions of a cluster, those of compacted topics counted; beyond it AWS answers INVALID_REQUEST."""

MOST_COMPACTED_PARTITIONS = 120
"""Leader partitions of compacted topics."""

MOST_CHANGED_PARTITIONS, CHANGED_WITHIN_SECONDS = 250, 300
"""Partitions created and deleted within a time; beyond it AWS answers THROUGHPUT_QUOTA_EXCEEDED."""

MOST_CONNECTIONS, MOST_CONNECTION_ATTEMPTS = 3_000, 100
"""Client connections at once, and attempts a second; beyond it AWS closes them."""

MOST_REQUESTS, MOST_TOPIC_REQUESTS = 15_000, 2
"""Requests a second, and requests a second that manage topics; more is slowed."""

MOST_GROUPS = 500
"""Consumer groups of a cluster; a JoinGroup beyond it fails."""

LARGEST_MESSAGE_BYTES = 8 * 1024 * 1024
"""Bytes of a message, and the most that a topic's ``max.message.bytes`` may be."""

TOPIC_CONFIGS: Mapping[str, str] = MappingProxyType(
    {
        "cleanup.policy": "delete",
        "compression.type": "producer",
        "max.message.bytes": "1048588",
        "message.timestamp.difference.max.ms": "9223372036854775807",
        "message.timestamp.type": "CreateTime",
        "retention.bytes": "268435456000",
        "retention.ms": "604800000",
    }
)
"""The configurations that a topic may set, with their defaults. ``cleanup.policy`` is set at creation only. A partition keeps
250 GiB by default, and a compacted one has at most 250 GB."""

LISTED_REGIONS = frozenset(
    {
        "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1",
        "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "us-east-1", "us-east-2", "us-west-2",
    }
)  # fmt: skip
"""Regions that AWS says it is in. MSK Developer Guide, "What is MSK Serverless?", note; AWS may add to them without a word."""

UNSUPPORTED_ACTIONS = frozenset({"AlterCluster", "AlterClusterDynamicConfiguration", "DescribeClusterDynamicConfiguration"})
"""Actions of ``kafka-cluster`` that Serverless clusters do not have."""
