"""The whole program: what AWS would receive for each stack that the template ships, in preview and in an update."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any

import pytest

from domain.msk.brokers import BROKER_TYPES
from offline.aws.double import AwsDouble
from offline.aws.facts import ZONES
from offline.engine.inventory import rows
from offline.engine.run import Run
from offline.project.loading import load_project
from support.programs import inputs, of_type, the
from support.stacks import SHIPPED, TODAY, project_with, run_stack, source_date_epoch
from tools.preview.run import preview

STACKS = load_project(SHIPPED).stacks()
CLUSTER = "aws:msk/cluster:Cluster"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def with_stack(tmp_path: Path, text: str, *, dry_run: bool = True, double: AwsDouble | None = None) -> Run:
    return run_stack("case", dry_run=dry_run, directory=project_with(tmp_path, {"case": text}), double=double)


def test_the_stacks_that_come_with_the_template_are_there() -> None:
    assert {"dev", "prod"} <= set(STACKS)


@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "up"])
@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_is_a_sound_cluster(stack: str, dry_run: bool) -> None:
    cluster = inputs(run_stack(stack, dry_run=dry_run), CLUSTER)
    assert cluster["numberOfBrokerNodes"] >= 6
    assert len(cluster["brokerNodeGroupInfo"]["clientSubnets"]) == 3
    assert cluster["encryptionInfo"]["encryptionInTransit"] == {"clientBroker": "TLS", "inCluster": True}
    assert cluster["clientAuthentication"]["unauthenticated"] is False
    assert cluster["brokerNodeGroupInfo"]["connectivityInfo"]["publicAccess"]["type"] == "DISABLED"
    assert cluster["loggingInfo"]["brokerLogs"]["cloudwatchLogs"]["enabled"] is True


@pytest.mark.parametrize("stack", STACKS)
def test_the_cluster_uses_the_key_the_group_the_configuration_and_the_logs_of_this_stack(stack: str) -> None:
    run = run_stack(stack, dry_run=False)
    cluster = inputs(run, CLUSTER)
    assert cluster["encryptionInfo"]["encryptionAtRestKmsKeyArn"] == the(run, "aws:kms/key:Key", "kafka-keys-data").outputs["arn"]
    assert cluster["brokerNodeGroupInfo"]["securityGroups"] == [the(run, "aws:ec2/securityGroup:SecurityGroup").id]
    configuration = the(run, "aws:msk/configuration:Configuration").outputs
    assert cluster["configurationInfo"] == {"arn": configuration["arn"], "revision": configuration["latestRevision"]}
    groups = {group.outputs["name"] for group in of_type(run, "aws:cloudwatch/logGroup:LogGroup")}
    assert cluster["loggingInfo"]["brokerLogs"]["cloudwatchLogs"]["logGroup"] in groups


@pytest.mark.parametrize("stack", STACKS)
def test_every_log_group_is_encrypted_with_a_key_that_lets_it(stack: str) -> None:
    run = run_stack(stack, dry_run=False)
    telemetry = the(run, "aws:kms/key:Key", "kafka-keys-telemetry")
    allowed = json.loads(telemetry.inputs["policy"])["Statement"][1]["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    groups = of_type(run, "aws:cloudwatch/logGroup:LogGroup")
    assert groups
    for group in groups:
        assert group.inputs["kmsKeyId"] == telemetry.outputs["arn"]
        assert any(arn.endswith(f":log-group:{group.inputs['name']}") for arn in allowed)


def test_production_is_protected_watched_and_kept_for_a_year() -> None:
    run = run_stack("prod")
    protected = {row["type"] for row in rows(run) if row["options"].get("protect")}
    assert protected == {
        CLUSTER,
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/vpc:Vpc",
        "aws:kms/key:Key",
    }
    assert inputs(run, CLUSTER)["enhancedMonitoring"] == "PER_TOPIC_PER_BROKER"
    assert inputs(run, CLUSTER)["brokerNodeGroupInfo"]["instanceType"].startswith("kafka.m7g.")
    assert of_type(run, "aws:ec2/flowLog:FlowLog")
    assert all(group.inputs["retentionInDays"] >= 365 for group in of_type(run, "aws:cloudwatch/logGroup:LogGroup"))


@pytest.mark.parametrize(
    "broker_type",
    # One of each family by day: sizes of a family differ in figures alone.
    [
        "",
        *(
            name if name.endswith((".large", ".small")) else pytest.param(name, marks=pytest.mark.exhaustive)
            for name in BROKER_TYPES
        ),
    ],
)
def test_a_stack_file_with_a_broker_type_and_nothing_else_previews_clean(broker_type: str, tmp_path: Path) -> None:
    config = {"brokerType": broker_type} if broker_type else {}
    document = preview(project_with(tmp_path, {"case": json.dumps({"config": config})}), "case", TODAY)
    assert document["problems"] == []
    cluster = {"broker-kind-fields", "kafka-version-known", "supported-kafka-version"}
    assert [verdict["message"] for verdict in document["verdicts"] if verdict["policy"] in cluster] == []


def test_who_has_brokers_without_kraft_is_told_what_those_with_it_cost_more(tmp_path: Path) -> None:
    said = [
        item.message
        for item in run_stack("dev").diagnostics
        if item.severity == "info" and "does not support KRaft" in item.message
    ]
    assert said == [
        "kafka.t3.small does not support KRaft or Kafka versions after 3.9. For KRaft and Kafka 4: 6 brokers of kafka.m7g.large "
        "cost 693.79 USD more a month (list prices of us-east-1, brokers only)."
    ]
    run = with_stack(tmp_path, "config: {brokerType: kafka.m7g.large}")
    assert not [item for item in run.diagnostics if "does not support KRaft" in item.message]


def test_development_is_cheap_and_free_to_throw_away() -> None:
    run = run_stack("dev")
    assert inputs(run, CLUSTER)["brokerNodeGroupInfo"]["instanceType"] == "kafka.t3.small"
    assert not any(row["options"].get("protect") for row in rows(run))


@pytest.mark.parametrize("stack", STACKS)
def test_no_public_subnet_and_no_way_to_the_internet_unless_asked_for(stack: str) -> None:
    tokens = {resource.type for resource in run_stack(stack).resources}
    assert not tokens & {"aws:ec2/internetGateway:InternetGateway", "aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip"}


@pytest.mark.parametrize("stack", STACKS)
def test_exports_are_what_clients_and_other_stacks_need(stack: str) -> None:
    exports = run_stack(stack, dry_run=False).exports
    assert set(exports) == {
        "alarmTopics", "bootstrap", "brokers", "clients", "clusterArn", "clusterName", "configuration", "customerActionStatus",
        "dashboard", "kafkaVersion", "keys", "securityGroupId", "subnetIds", "unhealthyAlarmArn", "vpcId",
        # Dev's brokers have no KRaft.
        *(["zookeeper"] if stack == "dev" else []),
    }  # fmt: skip
    assert exports["kafkaVersion"] == {"dev": "3.9.x", "prod": "3.9.x.kraft"}[stack]
    assert exports["clusterName"] == f"msk-platform-{stack}"
    assert len(exports["brokers"]["bootstrapBrokersSaslIam"].split(",")) == 6


@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "up"])
@pytest.mark.parametrize("stack", STACKS)
def test_two_runs_are_the_same_in_order_and_content(stack: str, dry_run: bool) -> None:
    assert rows(run_stack(stack, dry_run=dry_run, anew=True)) == rows(run_stack(stack, dry_run=dry_run))


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("position", [0, 6], ids=["before the others", "after the others"])
def test_a_zone_added_to_the_region_changes_nothing(stack: str, position: int) -> None:
    names = list(ZONES["us-east-1"])
    names.insert(position, "us-east-1z")
    before = rows(run_stack(stack))
    assert rows(run_stack(stack, double=AwsDouble(zones={"us-east-1": tuple(names)}))) == before


@pytest.mark.parametrize("stack", STACKS)
def test_another_day_changes_nothing(stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(run_stack(stack))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(os.environ["SOURCE_DATE_EPOCH"]) + 86_400))
    assert rows(run_stack(stack)) == before


def test_an_express_cluster_has_no_volumes_and_nothing_that_scales_them(tmp_path: Path) -> None:
    run = with_stack(tmp_path, "config: {brokerType: express.m7g.large}\n")
    cluster = inputs(run, CLUSTER)
    assert "storageInfo" not in cluster["brokerNodeGroupInfo"]
    assert cluster["rebalancing"] == {"status": "ACTIVE"}
    assert not of_type(run, "aws:appautoscaling/target:Target")
    assert "min.insync.replicas" not in inputs(run, "aws:msk/configuration:Configuration")["serverProperties"]


def test_users_with_passwords_get_a_key_of_their_own(tmp_path: Path) -> None:
    run = with_stack(tmp_path, "config: {authentication: {scram: {}}}\n", dry_run=False)
    assert {key.name for key in of_type(run, "aws:kms/key:Key")} == {
        "kafka-keys-data",
        "kafka-keys-secrets",
        "kafka-keys-telemetry",
    }
    assert set(run.exports["keys"]) == {"data", "secrets", "telemetry"}
    assert list(run.exports["bootstrap"]) == ["bootstrapBrokersSaslScram"]


def test_an_existing_network_is_used_and_none_made(tmp_path: Path) -> None:
    network = "vpcId: vpc-00000000000000001, subnetIds: [subnet-00000003, subnet-00000001, subnet-00000002]"
    run = with_stack(tmp_path, f"config: {{network: {{existing: {{{network}}}}}}}\n", dry_run=False)
    assert not of_type(run, "aws:ec2/vpc:Vpc")
    assert inputs(run, CLUSTER)["brokerNodeGroupInfo"]["clientSubnets"] == [
        "subnet-00000001",
        "subnet-00000002",
        "subnet-00000003",
    ]
    assert inputs(run, "aws:ec2/securityGroup:SecurityGroup")["vpcId"] == "vpc-00000000000000001"


def test_reordering_existing_subnets_changes_nothing(tmp_path: Path) -> None:
    def previewed(name: str, subnets: str) -> list[Any]:
        directory = tmp_path / name
        directory.mkdir()
        network = f"vpcId: vpc-00000000000000001, subnetIds: [{subnets}]"
        text = f"config:\n  aws:region: eu-west-1\n  network: {{existing: {{{network}}}}}\n"
        return [row for row in rows(with_stack(directory, text)) if row["custom"]]

    assert previewed("one", "subnet-00000001, subnet-00000002, subnet-00000003") == previewed(
        "two", "subnet-00000003, subnet-00000001, subnet-00000002"
    )


def test_tags_reach_everything_that_can_have_them(tmp_path: Path) -> None:
    run = with_stack(tmp_path, "config: {tags: {team: streaming}, network: {flowLogs: {}, natGateways: perZone}}\n")
    untagged = {row["type"] for row in rows(run) if row["custom"] and row["inputs"].get("tags", {}).get("team") != "streaming"}
    # What AWS gives no tags: `aws:msk/configuration` has none in the provider either.
    assert untagged == {
        "aws:appautoscaling/policy:Policy",
        "aws:cloudwatch/dashboard:Dashboard",
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        "aws:cloudwatch/queryDefinition:QueryDefinition",
        "aws:ec2/route:Route",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:kms/alias:Alias",
        "aws:msk/configuration:Configuration",
        "aws:sns/topicPolicy:TopicPolicy",
    }


def test_an_encrypted_setting_is_said_to_be_no_secret_afterwards(tmp_path: Path) -> None:
    run = with_stack(tmp_path, "config: {clusterName: {secure: v1:abc}}\n")
    assert any("clusterName is encrypted" in diagnostic.message for diagnostic in run.diagnostics)
    assert not any("is encrypted" in diagnostic.message for diagnostic in run_stack("dev").diagnostics)


@pytest.mark.parametrize(
    "workload",
    ["ingressMBps: 0.1, retentionHours: 24", pytest.param("ingressMBps: 10", marks=pytest.mark.exhaustive), "ingressMBps: 40"],
)
def test_more_brokers_never_lower_the_limit_of_volumes_that_have_grown(tmp_path: Path, workload: str) -> None:
    def limit(brokers_per_zone: int) -> int:
        directory = tmp_path / str(brokers_per_zone)
        directory.mkdir()
        text = f"config: {{brokersPerZone: {brokers_per_zone}, workload: {{{workload}}}}}\n"
        return int(inputs(with_stack(directory, text), "aws:appautoscaling/target:Target")["maxCapacity"])

    limits = [limit(brokers_per_zone) for brokers_per_zone in (3, 4, 8)]
    assert limits == sorted(limits)


def test_in_a_preview_what_aws_decides_is_unknown_and_what_we_decide_is_not() -> None:
    run = run_stack("dev")
    exports = run.exports
    assert exports["clusterArn"] == UNKNOWN
    assert exports["clusterName"] == "msk-platform-dev"
    assert UNKNOWN not in inputs(run, "aws:msk/configuration:Configuration")["serverProperties"]


def test_a_day_that_is_not_the_clocks_is_warned_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", source_date_epoch(datetime.date(2026, 8, 23)))
    (warning,) = [item.message for item in run_stack("dev").diagnostics if "SOURCE_DATE_EPOCH" in item.message]
    assert "2026-08-23, which is not today" in warning
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert not [item for item in run_stack("dev").diagnostics if "SOURCE_DATE_EPOCH" in item.message]
