"""Prometheus and Grafana of a stack: what AWS would receive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from domain.monitoring.prometheus_rules import alert_rules
from domain.msk.brokers import BROKER_TYPES
from domain.msk.listeners import EXPORTER_PORTS
from offline.engine.inventory import rows
from support.stacks import project_with, run_stack

if TYPE_CHECKING:
    from pathlib import Path

    from inventory.rows import ResourceRow
    from offline.engine.run import Run

CLUSTER = "aws:msk/cluster:Cluster"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
SIZES = ["kafka.t3.small", "kafka.m7g.large", "express.m7g.large"]
PORTS = set(EXPORTER_PORTS.values())


def stack(directory: Path, prometheus: dict[str, Any] | None, *, dry_run: bool = False, **config: Any) -> Run:
    monitoring = {} if prometheus is None else {"monitoring": {"prometheus": prometheus}}
    text = yaml.safe_dump({"config": {"brokerType": "kafka.m7g.large", **monitoring, **config}})
    return run_stack("dev", dry_run=dry_run, directory=project_with(directory, {"dev": text}))


def of_type(run: Run, resource_type: str) -> list[ResourceRow]:
    return [row for row in rows(run) if row["type"] == resource_type]


def exporters(run: Run) -> set[bool]:
    (cluster,) = of_type(run, CLUSTER)
    return {exporter["enabledInBroker"] for exporter in cluster["inputs"]["openMonitoring"]["prometheus"].values()}


def exporter_openings(run: Run) -> list[ResourceRow]:
    return [row for row in of_type(run, INGRESS) if PORTS & set(range(row["inputs"]["fromPort"], row["inputs"]["toPort"] + 1))]


def test_without_the_setting_no_exporter_is_on_and_no_port_open(tmp_path: Path) -> None:
    run = stack(tmp_path, None)
    assert exporters(run) == {False}
    assert exporter_openings(run) == []
    assert not any("amp/" in row["type"] or "grafana/" in row["type"] for row in rows(run))


@pytest.mark.parametrize("size", SIZES)
def test_a_prometheus_of_ones_own_reaches_both_exporters_and_nobody_else_does(tmp_path: Path, size: str) -> None:
    run = stack(tmp_path, {"scrapedBy": [{"cidr": "10.1.0.0/16"}, {"securityGroup": "sg-0abc"}]}, brokerType=size)
    assert exporters(run) == {True}
    found = {
        (row["inputs"]["fromPort"], row["inputs"].get("cidrIpv4") or row["inputs"]["referencedSecurityGroupId"])
        for row in exporter_openings(run)
    }
    assert found == {(port, source) for port in PORTS for source in ("10.1.0.0/16", "sg-0abc")}
    assert not of_type(run, "aws:amp/workspace:Workspace")


@pytest.mark.parametrize("size", SIZES)
def test_the_managed_scraper_asks_every_broker_at_both_ports_and_can_reach_nothing_else(tmp_path: Path, size: str) -> None:
    run = stack(tmp_path, {"managed": True}, brokerType=size)
    assert exporters(run) == {True}
    (scraper,) = [row["inputs"] for row in of_type(run, "aws:amp/scraper:Scraper")]
    configuration = yaml.safe_load(scraper["scrapeConfiguration"])
    hosts = {broker.rpartition(":")[0] for broker in run.exports["brokers"]["bootstrapBrokersSaslIam"].split(",")}
    found = {
        (name, service["port"])
        for job in configuration["scrape_configs"]
        for service in job["dns_sd_configs"]
        for name in service["names"]
    }
    assert found == {(host, port) for host in hosts for port in PORTS}
    assert len(scraper["source"]["vpc"]["subnetIds"]) == 3
    (group,) = scraper["source"]["vpc"]["securityGroupIds"]
    (opening,) = exporter_openings(run)
    assert opening["inputs"]["referencedSecurityGroupId"] == group
    assert opening["inputs"]["securityGroupId"] == run.exports["securityGroupId"]
    out = [row["inputs"] for row in of_type(run, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")]
    assert [(item["securityGroupId"], item["referencedSecurityGroupId"]) for item in out] == [
        (group, run.exports["securityGroupId"])
    ]
    assert set(range(out[0]["fromPort"], out[0]["toPort"] + 1)) >= PORTS
    (workspace,) = of_type(run, "aws:amp/workspace:Workspace")
    assert scraper["destination"]["amp"]["workspaceArn"].endswith(run.exports["prometheus"]["workspaceId"])
    assert workspace["inputs"]["kmsKeyArn"] == run.exports["keys"]["telemetry"]


@pytest.mark.parametrize("size", SIZES)
def test_the_rules_are_the_brokers_own_and_follow_what_the_stack_wants_of_alarms(tmp_path: Path, size: str) -> None:
    consume = {"topics": ["customers"], "groups": ["erp"], "maxLagSeconds": 300}
    config: dict[str, Any] = {
        "brokerType": size,
        "topics": {"customers": {"partitions": 12}},
        "clients": {"erp": {"from": {"cidr": "10.90.0.0/24"}, "as": {"role": {"ec2": {}}}, "consume": consume}},
        "monitoring": {"prometheus": {"managed": True}, "alarms": {"cpu": {"threshold": 40}, "partitions": {"enabled": False}}},
    }
    run = stack(tmp_path, None, **config)
    (namespace,) = of_type(run, "aws:amp/ruleGroupNamespace:RuleGroupNamespace")
    groups = yaml.safe_load(namespace["inputs"]["data"])["groups"]
    alerts = {rule["alert"]: rule for group in groups for rule in group["rules"] if "alert" in rule}
    has_zookeeper = size == "kafka.t3.small"
    usual = alert_rules(run.exports["clusterName"], BROKER_TYPES[size], brokers=6, has_zookeeper=has_zookeeper)
    assert set(alerts) == {rule.name for rule in usual} - {"KafkaTooManyPartitions"} | {"KafkaConsumerLag"}
    assert alerts["KafkaCpuHigh"]["expr"].endswith("> 0.4")
    assert alerts["KafkaConsumerLag"]["expr"].endswith("> 300")


def test_alerts_tell_the_alarms_topics_which_let_prometheus_in(tmp_path: Path) -> None:
    run = stack(tmp_path, {"managed": True, "notify": True})
    (definition,) = of_type(run, "aws:amp/alertManagerDefinition:AlertManagerDefinition")
    manager = yaml.safe_load(yaml.safe_load(definition["inputs"]["definition"])["alertmanager_config"])
    told = {receiver["name"]: receiver["sns_configs"][0]["topic_arn"] for receiver in manager["receivers"]}
    assert told == run.exports["alarmTopics"]
    assert manager["route"]["receiver"] == "warning"
    assert [(route["receiver"], route["matchers"]) for route in manager["route"]["routes"]] == [
        ("critical", ['severity="critical"'])
    ]
    for policy in of_type(run, "aws:sns/topicPolicy:TopicPolicy"):
        allowed = [
            statement["Principal"]["Service"]
            for statement in json.loads(policy["inputs"]["policy"])["Statement"]
            if statement["Effect"] == "Allow"
        ]
        assert "aps.amazonaws.com" in allowed


def test_prometheus_is_let_in_nowhere_unless_it_tells(tmp_path: Path) -> None:
    run = stack(tmp_path, {"scrapedBy": [{"cidr": "10.1.0.0/16"}]})
    policies = [row["inputs"]["policy"] for row in rows(run) if "policy" in row["inputs"]]
    assert policies
    assert not any("aps." in policy for policy in policies)


def test_grafana_may_query_this_workspace_and_write_nothing(tmp_path: Path) -> None:
    run = stack(tmp_path, {"managed": True, "grafana": {"authentication": ["SAML"]}})
    (grafana,) = [row["inputs"] for row in of_type(run, "aws:grafana/workspace:Workspace")]
    assert grafana["authenticationProviders"] == ["SAML"]
    (policy,) = [
        row["inputs"] for row in of_type(run, "aws:iam/rolePolicy:RolePolicy") if row["name"] == "kafka-prometheus-grafana"
    ]
    statements = json.loads(policy["policy"])["Statement"]
    actions = [action for statement in statements for action in statement["Action"]]
    assert all(action.partition(":")[2].startswith(("Describe", "Get", "List", "Query")) for action in actions)
    (query,) = [statement for statement in statements if "aps:QueryMetrics" in statement["Action"]]
    assert query["Resource"].endswith(f"workspace/{run.exports['prometheus']['workspaceId']}")
    assert run.exports["grafana"]


def test_turning_it_off_says_so_to_amazon_msk(tmp_path: Path) -> None:
    # Left out, the provider sees no difference and the exporters stay on.
    assert exporters(stack(tmp_path, None, dry_run=True)) == {False}
