"""Connections from other VPCs and accounts: what AWS would receive on both sides."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.access.cluster_policy import ClusterPolicy
from components.network.vpc_connection import VpcConnection
from domain.access.rights import Access, names
from offline.engine.run import Run
from offline.protocol.failures import UserError
from support.clusters import make_cluster
from support.programs import inputs, of_type, run_inline

CLUSTER_ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1234abcd-12ab-34cd-56ef-1234567890ab-2"
ROLE = "arn:aws:iam::210987654321:role/orders"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def connection(authentication: str = "SASL_IAM") -> Run:
    return run_inline(
        lambda: VpcConnection(
            "connection",
            {
                "cluster_arn": CLUSTER_ARN,
                "authentication": authentication,
                "vpc_id": "vpc-1",
                "subnet_ids": ["subnet-a", "subnet-b", "subnet-c"],
                "sources": [{"security_group": "sg-0123"}, {"cidr": "10.1.0.0/16"}, {"security_group": "sg-0123"}],
                "title": "orders",
                "tags": {"team": "erp"},
            },
        ),
        dry_run=False,
    )


def test_a_connection_lets_its_clients_and_nobody_else_to_the_ports_of_all_brokers() -> None:
    rules = [resource.inputs for resource in of_type(connection(), RULE)]
    assert {(rule["fromPort"], rule["toPort"]) for rule in rules} == {(14001, 14100)}
    assert [rule.get("cidrIpv4") or rule["referencedSecurityGroupId"] for rule in rules] == ["10.1.0.0/16", "sg-0123"]


def test_a_connection_is_to_the_cluster_from_the_subnets_with_its_own_group() -> None:
    run = connection()
    made = inputs(run, "aws:msk/vpcConnection:VpcConnection")
    (group,) = of_type(run, "aws:ec2/securityGroup:SecurityGroup")
    assert (made["targetClusterArn"], made["authentication"]) == (CLUSTER_ARN, "SASL_IAM")
    assert (made["securityGroups"], made["vpcId"]) == ([group.id], "vpc-1")


def test_an_authentication_that_no_connection_has_is_a_message() -> None:
    with pytest.raises(UserError, match=r"authentication = IAM: must be one of SASL_IAM, SASL_SCRAM, TLS\."):
        connection("IAM")


def test_the_clusters_policy_is_for_who_is_named() -> None:
    access = Access(produce=names(["orders"]))
    run = run_inline(
        lambda: ClusterPolicy(
            "policy",
            {"cluster_arn": CLUSTER_ARN, "accounts": ["210987654321"], "principals": [], "clients": {ROLE: access}},
        )
    )
    made = inputs(run, "aws:msk/clusterPolicy:ClusterPolicy")
    assert made["clusterArn"] == CLUSTER_ARN
    awarded = [statement["Principal"]["AWS"] for statement in json.loads(made["policy"])["Statement"]]
    principals = {principal if isinstance(principal, str) else principal[0] for principal in awarded}
    assert principals == {"arn:aws:iam::210987654321:root", ROLE}


def test_multi_vpc_connectivity_is_written_out_with_every_mechanism_or_not_at_all() -> None:
    def connectivity(**changes: Any) -> dict[str, object]:
        run = run_inline(lambda: make_cluster(**changes))
        found: dict[str, object] = inputs(run, "aws:msk/cluster:Cluster")["brokerNodeGroupInfo"]["connectivityInfo"]
        return found

    assert "vpcConnectivity" not in connectivity()
    assert connectivity(multi_vpc=["iam"])["vpcConnectivity"] == {
        "clientAuthentication": {"sasl": {"iam": True, "scram": False}, "tls": False}
    }
