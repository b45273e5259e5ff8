"""Arguments of a sound cluster, for tests that change one thing."""

from __future__ import annotations

from typing import Any

from components.cluster.cluster import KafkaCluster, KafkaClusterArgs
from domain.msk.listeners import enabled_listeners

CLUSTER = "aws:msk/cluster:Cluster"


def cluster_args(**changes: Any) -> KafkaClusterArgs:
    args: dict[str, Any] = {
        "cluster_name": "orders",
        "kafka_version": "3.9.x.kraft",
        "broker_type": "kafka.m7g.large",
        "brokers_per_zone": 2,
        "subnet_ids": ["subnet-a", "subnet-b", "subnet-c"],
        "security_group_id": "sg-1",
        "data_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1",
        "configuration_arn": "arn:aws:kafka:eu-west-1:111122223333:configuration/orders/1",
        "configuration_revision": 1,
        "log_group_name": "/aws/vendedlogs/msk/orders/broker",
        "client_broker": "TLS",
        "iam": True,
        "scram": False,
        "certificate_authority_arns": [],
        "unauthenticated": False,
        "listeners": enabled_listeners(client_broker="TLS", iam=True, scram=False, tls=False, unauthenticated=False),
        "storage_gib": 1000,
        "storage_autoscaling": True,
        "storage_mode": "LOCAL",
        "provisioned_throughput": 0,
        "monitoring_level": "PER_BROKER",
        "public_access": False,
        "workload": {"ingressMBps": 1},
        "today": "2026-11-23",
        "acknowledged": [],
        "protect": True,
        "tags": {"team": "streaming"},
    }
    return KafkaClusterArgs(**{**args, **changes})  # type: ignore[typeddict-item]  # a dictionary of anything, on purpose


def make_cluster(name: str = "kafka", **changes: Any) -> KafkaCluster:
    return KafkaCluster(name, cluster_args(**changes))
