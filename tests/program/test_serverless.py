"""A Serverless stack in the whole program: what AWS would receive, and what would be there for nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from domain.msk.serverless import UNSUPPORTED_ACTIONS
from domain.settings.test_client import CLIENT
from inventory.deployer.table import known
from offline.aws.double import AwsDouble
from offline.aws.facts import ZONES
from offline.engine.inventory import rows
from offline.engine.run import Run
from support.client_kinds import ACCESS, IDENTITIES
from support.pack import SERVERLESS_CLUSTER
from support.programs import inputs, of_type, the
from support.stacks import TODAY, project_with, run_stack, shipped_stack
from support.taken import refused
from tools.preview.run import preview
from tools.preview.verdicts import judged_later

if TYPE_CHECKING:
    from pathlib import Path

GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
CLIENT_VPCS = {
    "web": {"subnetIds": ["subnet-0b200000", "subnet-0b100000"], "securityGroupIds": ["sg-0b100000"]},
    "apps": {
        "subnetIds": ["subnet-0a100000", "subnet-0a200000", "subnet-0a300000"],
        "securityGroupIds": ["sg-0a200000", "sg-0a100000"],
    },
}
FROM = {"cidr": "10.40.0.0/20"}
CLIENTS: dict[str, Any] = {
    **{
        name: {"from": FROM, "as": identity, **ACCESS, "admin": {"topics": ["orders.v1"], "groups": ["erp"]}}
        for name, identity in IDENTITIES.items()
        if name not in ("scram", "certificate", "role-elsewhere")
    },
    "totals": {
        "from": FROM,
        "as": {"role": {"ecs": {}}},
        "consume": {"topics": ["orders.v1"]},
        "streams": {"applicationId": "totals"},
    },
}
"""Every kind of client that signs in with IAM, with all that it may be allowed."""
ONLY_PROVISIONED = (
    "aws:appautoscaling/",
    "aws:msk/cluster:",
    "aws:msk/clusterPolicy:",
    "aws:msk/configuration:",
    "aws:msk/topic:",
    "aws:cloudwatch/logGroup:",
    "aws:secretsmanager/",
)


def project(tmp_path: Path, **settings: Any) -> Path:
    """A project with the stack file of prod, and Serverless instead of what a Serverless cluster has not got."""
    config = yaml.safe_load(shipped_stack("prod"))["config"]
    config = {name: value for name, value in config.items() if name not in ("logs", "monitoring")}
    config["network"] = {"cidr": "10.50.0.0/20"}
    return project_with(tmp_path, {"case": json.dumps({"config": {**config, "brokerType": "serverless", **settings}})})


def run(tmp_path: Path, *, dry_run: bool = False, double: AwsDouble | None = None, **settings: Any) -> Run:
    return run_stack("case", dry_run=dry_run, directory=project(tmp_path, **settings), double=double)


def test_a_serverless_cluster_is_told_its_name_its_vpc_and_iam_and_nothing_else(tmp_path: Path) -> None:
    made = run(tmp_path)
    assert {name: value for name, value in inputs(made, SERVERLESS_CLUSTER).items() if name != "tagsAll"} == {
        "clusterName": "msk-platform-case",
        "clientAuthentication": {"sasl": {"iam": {"enabled": True}}},
        "vpcConfigs": [
            {
                "subnetIds": [subnet.id for subnet in of_type(made, "aws:ec2/subnet:Subnet")],
                "securityGroupIds": [the(made, GROUP).id],
            }
        ],
        "tags": {"environment": "production"},
    }
    assert the(made, SERVERLESS_CLUSTER).options["protect"]


@pytest.mark.parametrize(
    "changes",
    [
        {"clusterName": "orders.v1"},
        {"clientAuthentication": {"sasl": {"iam": {"enabled": False}}}},
        {"vpcConfigs": [{"subnetIds": ["subnet-1"]}]},
        {"vpcConfigs": [{"subnetIds": ["subnet-1", "subnet-2"]}] * 6},
    ],
)
def test_what_aws_refuses_of_one_is_known_to_what_every_run_here_is_held_against(tmp_path: Path, changes: dict[str, Any]) -> None:
    sent = inputs(run(tmp_path), SERVERLESS_CLUSTER)
    assert refused(SERVERLESS_CLUSTER, sent) == []
    assert refused(SERVERLESS_CLUSTER, {**sent, **changes})


@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "up"])
def test_nothing_is_there_that_a_serverless_cluster_does_not_use(tmp_path: Path, dry_run: bool) -> None:
    made = run(tmp_path, dry_run=dry_run, topics={"orders.v1": {"partitions": 12}}, clients=CLIENTS)
    assert [resource.type for resource in made.resources if resource.type.startswith(ONLY_PROVISIONED)] == []
    # The telemetry key alone: AWS encrypts the data with a key of its own.
    assert [key.name for key in of_type(made, "aws:kms/key:Key")] == ["kafka-keys-telemetry"]
    assert {(rule["fromPort"], rule["toPort"]) for rule in (rule.inputs for rule in of_type(made, RULE))} == {(9098, 9098)}


def test_it_exports_its_one_bootstrap_name_and_no_version(tmp_path: Path) -> None:
    exports = run(tmp_path).exports
    bootstrap = exports["bootstrap"]["bootstrapBrokersSaslIam"]
    assert bootstrap.endswith(":9098")
    assert "," not in bootstrap
    assert exports["brokers"] == exports["bootstrap"] == {"bootstrapBrokersSaslIam": bootstrap}
    assert not {"kafkaVersion", "zookeeper", "customerActionStatus", "configuration"} & exports.keys()


def test_the_policy_pack_passes_it_with_the_settings_of_production(tmp_path: Path) -> None:
    document = preview(project(tmp_path, topics={"orders.v1": {"partitions": 12}}, clients=CLIENTS), "case", TODAY)
    assert document["problems"] == []
    assert [(verdict["policy"], verdict["message"]) for verdict in document["verdicts"] if not judged_later(verdict)] == []
    assert document["exitCode"] == 0


def test_other_vpcs_follow_its_own_in_the_order_of_their_names(tmp_path: Path) -> None:
    made = run(tmp_path, network={"cidr": "10.50.0.0/20", "clientVpcs": CLIENT_VPCS})
    own, *others = inputs(made, SERVERLESS_CLUSTER)["vpcConfigs"]
    assert own["securityGroupIds"] == [the(made, GROUP).id]
    assert others == [
        {
            "subnetIds": ["subnet-0a100000", "subnet-0a200000", "subnet-0a300000"],
            "securityGroupIds": ["sg-0a100000", "sg-0a200000"],
        },
        {"subnetIds": ["subnet-0b100000", "subnet-0b200000"], "securityGroupIds": ["sg-0b100000"]},
    ]


def test_an_existing_network_may_have_six_subnets(tmp_path: Path) -> None:
    subnets = [f"subnet-0000000{number}" for number in range(1, 7)]
    # One zone of the region is not for Amazon MSK.
    zones = AwsDouble(zones={"us-east-1": (*ZONES["us-east-1"], "us-east-1g")})
    made = run(tmp_path, double=zones, network={"existing": {"vpcId": "vpc-01234567", "subnetIds": subnets}})
    (own,) = inputs(made, SERVERLESS_CLUSTER)["vpcConfigs"]
    assert sorted(own["subnetIds"]) == subnets


def test_no_client_is_granted_what_a_serverless_cluster_has_not_got(tmp_path: Path) -> None:
    made = run(tmp_path, clients=CLIENTS, testClient={"packages": "s3://orders-artifacts/packages"})
    policies = [json.loads(policy.inputs["policy"]) for policy in of_type(made, "aws:iam/policy:Policy")]
    assert len(policies) == len(CLIENTS) + 1
    granted = {
        action.partition(":")[2]
        for policy in policies
        for statement in policy["Statement"]
        for action in statement["Action"]
        if action.startswith("kafka-cluster:")
    }
    assert granted >= {"Connect", "CreateTopic", "ReadData", "WriteData", "AlterGroup", "AlterTransactionalId"}
    assert granted & UNSUPPORTED_ACTIONS == set()
    # The ready files name the one bootstrap name, and the host has a file of its own.
    files = [
        parameter for parameter in of_type(made, "aws:ssm/parameter:Parameter") if f"/clients/{CLIENT}/" in str(parameter.inputs)
    ]
    name = made.exports["bootstrap"]["bootstrapBrokersSaslIam"]
    assert files
    assert any(name in json.dumps(parameter.inputs) for parameter in files)


def test_everything_of_it_is_in_the_deployers_permissions(tmp_path: Path) -> None:
    made = rows(run(tmp_path, clients=CLIENTS, testClient={"packages": "s3://orders-artifacts/packages"}))
    custom = {resource["urn"] for resource in made if resource["custom"] and resource["type"].startswith("aws:")}
    assert custom
    assert custom == {row["urn"] for row, _ in known([{**resource} for resource in made])} & custom
