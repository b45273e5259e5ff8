"""Log sinks, public access and multi-VPC connectivity in the whole program: what AWS would receive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from inventory.bill.lines import Basis
from inventory.cost import monthly_cost
from inventory.deployer.table import known
from offline.engine.inventory import rows
from offline.engine.run import Run
from support.programs import inputs, of_type, the
from support.project_copies import copy_project
from support.stacks import run_stack

if TYPE_CHECKING:
    from pathlib import Path

CLUSTER = "aws:msk/cluster:Cluster"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EVERYTHING: dict[str, Any] = {
    "brokerType": "kafka.m7g.large",
    "logs": {"s3": {"prefix": "kafka"}, "firehose": {"deliveryStream": "orders"}},
    "network": {"multiVpc": {"iam": True, "accounts": ["210987654321"]}},
    "clients": {
        "erp": {
            "from": {"cidr": "10.90.0.0/24"},
            "as": {"principal": "arn:aws:iam::210987654321:role/erp"},
            "consume": {"topics": ["orders"], "groups": ["erp"]},
        }
    },
}


def run(tmp_path: Path, *, dry_run: bool = False, **settings: Any) -> Run:
    tmp_path.mkdir(exist_ok=True)
    return run_stack("dev", dry_run=dry_run, directory=copy_project(tmp_path, **settings))


@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "up"])
def test_logs_go_to_every_sink_that_is_given(tmp_path: Path, dry_run: bool) -> None:
    made = run(tmp_path, dry_run=dry_run, **EVERYTHING)
    sinks = inputs(made, CLUSTER)["loggingInfo"]["brokerLogs"]
    assert set(sinks) == {"cloudwatchLogs", "s3", "firehose"}
    assert sinks["s3"] == {"enabled": True, "bucket": the(made, "aws:s3/bucket:Bucket").inputs["bucket"], "prefix": "kafka"}


def test_the_buckets_key_lets_log_delivery_use_it_and_only_where_there_is_a_bucket(tmp_path: Path) -> None:
    def principals(where: Path, **settings: Any) -> set[str]:
        policy = the(run(where, **settings), "aws:kms/key:Key", "kafka-keys-telemetry").inputs["policy"]
        return {statement["Principal"].get("Service", "") for statement in json.loads(policy)["Statement"]}

    assert "delivery.logs.amazonaws.com" in principals(tmp_path / "with", logs={"s3": {}})
    assert "delivery.logs.amazonaws.com" not in principals(tmp_path / "there", logs={"s3": {"bucket": "orders-logs"}})


def test_a_bucket_that_is_there_is_used_and_none_made(tmp_path: Path) -> None:
    made = run(tmp_path, logs={"s3": {"bucket": "orders-logs"}})
    assert of_type(made, "aws:s3/bucket:Bucket") == []
    assert inputs(made, CLUSTER)["loggingInfo"]["brokerLogs"]["s3"] == {"enabled": True, "bucket": "orders-logs"}


def test_a_client_of_a_named_account_is_let_in_by_the_clusters_policy(tmp_path: Path) -> None:
    policy = json.loads(inputs(run(tmp_path, **EVERYTHING), "aws:msk/clusterPolicy:ClusterPolicy")["policy"])
    actions = {action for statement in policy["Statement"] for action in statement["Action"]}
    assert {"kafka:CreateVpcConnection", "kafka-cluster:ReadData"} <= actions
    assert "kafka-cluster:WriteData" not in actions


def test_multi_vpc_strings_are_exported(tmp_path: Path) -> None:
    assert ":14001" in run(tmp_path, **EVERYTHING).exports["bootstrap"]["bootstrapBrokersVpcConnectivitySaslIam"]


def test_zookeeper_is_open_to_who_administers_the_cluster_and_only_where_there_is_one(tmp_path: Path) -> None:
    clients = {
        "admin": {
            "from": {"securityGroup": "sg-0123456789abcdef0"},
            "as": {"principal": "arn:aws:iam::123456789012:role/admin"},
            "admin": {"cluster": True},
        }
    }

    def to_zookeeper(where: Path, version: str) -> list[str]:
        made = run(where, brokerType="kafka.m7g.large", kafkaVersion=version, clients=clients)
        return [
            resource.inputs["referencedSecurityGroupId"]
            for resource in of_type(made, RULE)
            if resource.inputs["fromPort"] == 2182
        ]

    assert to_zookeeper(tmp_path / "zookeeper", "3.9.x") == ["sg-0123456789abcdef0"]
    assert to_zookeeper(tmp_path / "kraft", "3.9.x.kraft") == []


def test_the_deployer_and_the_bill_know_every_type_that_comes_with_these(tmp_path: Path) -> None:
    made = rows(run(tmp_path, **{**EVERYTHING, "clients": {"erp": {"from": {"cidr": "10.90.0.0/24"}}}}))
    custom = {resource["urn"] for resource in made if resource["custom"] and resource["type"].startswith("aws:")}
    assert custom <= {known_value["urn"] for known_value, _ in known([{**resource} for resource in made])}
    bill = monthly_cost([{**resource} for resource in made], "us-east-1")
    assert not [line for line in bill.lines if line.basis is Basis.NOT_PRICED and "aws:" in line.item]
    items = [line.item for line in bill.lines]
    assert "multi-VPC private connectivity" in items
    assert {"broker logs delivered to Amazon S3", "broker logs delivered to Amazon Data Firehose", "objects kept, 1 bucket"} <= {
        *items
    }
