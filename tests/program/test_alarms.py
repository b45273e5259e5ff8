"""Alarms of a whole stack: what CloudWatch and SNS would receive, for each kind of broker at each monitoring level."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from domain.monitoring.alarm_texts import LONGEST_DESCRIPTION, amount, duration
from domain.monitoring.rules import RULES_BY_NAME
from domain.monitoring.terms import Scope, Severity
from domain.msk.brokers import BROKER_TYPES
from domain.msk.metrics import BROKER_ID, CLUSTER_NAME, NAMESPACE, Level, emits, kind_of
from offline.engine.inventory import rows
from support.stacks import ROOT, project_with, run_stack, shipped_stack

if TYPE_CHECKING:
    from inventory.rows import ResourceRow
    from offline.engine.run import Run

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
RUNBOOK = (Path(__file__).resolve().parents[2] / "docs" / "runbook.md").read_text(encoding="utf-8")
SIZES = ["kafka.t3.small", "kafka.m7g.large", "express.m7g.large"]


def stack(directory: Path, config: dict[str, Any], *, dry_run: bool = False) -> Run:
    text = yaml.safe_dump({"config": {"brokerType": "kafka.m7g.large", **config}})
    return run_stack("dev", dry_run=dry_run, directory=project_with(directory, {"dev": text}))


def of_type(run: Run, resource_type: str) -> list[ResourceRow]:
    # What is counted in the brokers' logs has alarms of its own.
    return [row for row in rows(run) if row["type"] == resource_type and not row["name"].startswith("kafka-log-watch-")]


def metrics(inputs: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "metricName" in inputs:
        yield inputs
    for query in inputs.get("metricQueries", []):
        if "metric" in query:
            yield query["metric"]


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("size", SIZES)
def test_alarms_look_only_at_what_the_cluster_emits(tmp_path: Path, size: str, level: Level) -> None:
    run = stack(tmp_path, {"brokerType": size, "monitoring": {"level": str(level)}})
    looked_at = [metric for alarm in of_type(run, ALARM) for metric in metrics(alarm["inputs"])]
    assert len(looked_at) > len(SIZES)
    for metric in looked_at:
        assert metric["namespace"] == NAMESPACE
        assert metric["dimensions"][CLUSTER_NAME] == run.exports["clusterName"]
        assert emits(kind_of(BROKER_TYPES[size]), level, metric["metricName"], metric["dimensions"]), metric


@pytest.mark.parametrize("size", SIZES)
def test_a_higher_level_adds_alarms_and_takes_none_away(tmp_path: Path, size: str) -> None:
    found: set[str] = set()
    for level in Level:
        directory = tmp_path / level
        directory.mkdir()
        run = stack(directory, {"brokerType": size, "monitoring": {"level": str(level)}}, dry_run=True)
        names = {row["name"] for row in of_type(run, ALARM)}
        assert found <= names
        found = names
    assert any("would add" in diagnostic.message for diagnostic in stack_with_default_level(tmp_path, size).diagnostics)


def stack_with_default_level(directory: Path, size: str) -> Run:
    target = directory / "least"
    target.mkdir()
    return stack(target, {"brokerType": size, "monitoring": {"level": "DEFAULT"}}, dry_run=True)


@pytest.mark.parametrize("size", SIZES)
def test_more_brokers_have_more_alarms_and_those_of_the_others_stay(tmp_path: Path, size: str) -> None:
    def alarms(brokers_per_zone: int) -> dict[str, dict[str, Any]]:
        directory = tmp_path / str(brokers_per_zone)
        directory.mkdir()
        config = {"brokerType": size, "brokersPerZone": brokers_per_zone, "workload": {"ingressMBps": 0.1, "retentionHours": 24}}
        return {row["urn"]: row["inputs"] for row in of_type(stack(directory, config, dry_run=True), ALARM)}

    fewer, more = alarms(2), alarms(3)
    assert {urn: more.get(urn) for urn in fewer} == fewer
    of_new_brokers = [inputs for urn, inputs in more.items() if urn not in fewer]
    brokers = {metric["dimensions"][BROKER_ID] for inputs in of_new_brokers for metric in metrics(inputs)}
    assert brokers == {"7", "8", "9"}


@pytest.mark.parametrize("size", SIZES)
def test_every_alarm_tells_the_topic_of_its_severity_and_links_to_the_runbook(tmp_path: Path, size: str) -> None:
    address = "https://git.example.com/streaming/blob/main/docs/runbook.md"
    run = stack(tmp_path, {"brokerType": size, "monitoring": {"level": "PER_BROKER", "runbook": address}})
    headings = set(re.findall(r"^#+ ([a-z-]+)$", RUNBOOK, re.MULTILINE))
    for alarm in of_type(run, ALARM):
        rule = RULES_BY_NAME[alarm["inputs"]["name"].split("/")[1]]
        topic = run.exports["alarmTopics"][rule.severity.value]
        assert alarm["inputs"]["alarmActions"] == alarm["inputs"]["okActions"] == [topic]
        link = alarm["inputs"]["alarmDescription"].split()[-1]
        assert link.startswith(f"{address}#")
        assert link.removeprefix(f"{address}#") in headings
    assert {str(severity) for severity in Severity} == set(run.exports["alarmTopics"])


STACKS = {
    **{stack: shipped_stack(stack) for stack in ("dev", "prod")},
    **{path.parent.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "stacks").glob("*/stack.yaml"))},
    "express": "config: {brokerType: express.m7g.large}",
    "serverless": "config: {brokerType: serverless, topics: {orders.v1: {partitions: 12}}}",
}
"""The text of each stack that is shipped, and of one of each kind of cluster that none of them has."""


BY_DAY = {"dev", "prod", "iot-ingestion", "express", "serverless"}
"""One of each kind of cluster, metadata and authentication; the others by night."""


@pytest.mark.parametrize(
    "stack_name", [pytest.param(name, marks=() if name in BY_DAY else pytest.mark.exhaustive) for name in STACKS]
)
def test_every_alarm_says_what_happened_to_whom_and_has_both_addresses(tmp_path: Path, stack_name: str) -> None:
    run = run_stack("night", directory=project_with(tmp_path, {"night": STACKS[stack_name]}))
    cluster = run.exports["clusterName"]
    found = [row["inputs"] for row in rows(run) if row["type"] in (ALARM, COMPOSITE)]
    assert found
    for alarm in found:
        text = alarm["alarmDescription"]
        happened, *others = text.split("\n")
        assert len(text) <= LONGEST_DESCRIPTION
        # What SNS sends is read as it is: no markup, nothing left to fill in.
        assert text.isascii()
        assert not set("{}<>*`|") & set(text.replace('"', "").replace("https://", ""))
        assert cluster in happened
        _, kind, *subject = (alarm.get("name") or alarm["alarmName"]).split("/")
        rule = RULES_BY_NAME.get(kind)
        assert all(value in happened for value in subject)
        if rule and rule.scope is Scope.BROKER:
            assert happened.startswith(f"Broker {subject[0]} of {cluster} ")
        if rule:
            assert duration(rule.period * rule.evaluated) in happened
        if rule and rule.bounds and not has_band_of(alarm):
            assert amount(rule, alarm["threshold"]) in happened
        assert others[-2] == f"Dashboard: {run.exports['dashboard']}"
        address, _, section = others[-1].removeprefix("Runbook: ").partition("#")
        assert address
        assert f"\n## {section}\n" in RUNBOOK
        assert any(line.startswith("First: ") for line in others)


def has_band_of(alarm: Mapping[str, Any]) -> bool:
    return "threshold" not in alarm


def test_alarms_of_a_stack_without_a_dashboard_name_none(tmp_path: Path) -> None:
    run = stack(tmp_path, {"monitoring": {"dashboard": False, "prometheus": {"managed": True}}})
    told = [row["inputs"]["alarmDescription"] for row in rows(run) if row["type"] in (ALARM, COMPOSITE)]
    assert told
    assert not [text for text in told if "ashboard" in text]
    (made,) = [row["inputs"] for row in rows(run) if row["type"] == "aws:amp/ruleGroupNamespace:RuleGroupNamespace"]
    assert "dashboard:" not in made["data"]


def test_cloudwatch_is_let_in_to_the_topics_and_to_their_key(tmp_path: Path) -> None:
    run = stack(tmp_path, {"alarmEmail": "streaming@example.com"})
    alarms = [row["inputs"].get("name") or row["inputs"]["alarmName"] for row in (*of_type(run, ALARM), *of_type(run, COMPOSITE))]
    for policy in of_type(run, "aws:sns/topicPolicy:TopicPolicy"):
        statements = json.loads(policy["inputs"]["policy"])["Statement"]
        (cloudwatch,) = [
            statement for statement in statements if statement.get("Principal") == {"Service": "cloudwatch.amazonaws.com"}
        ]
        pattern = cloudwatch["Condition"]["ArnLike"]["aws:SourceArn"].rpartition(":alarm:")[2]
        assert all(fnmatch.fnmatchcase(name, pattern) for name in alarms)
        assert not fnmatch.fnmatchcase("another-cluster/cpu/1", pattern)
    topics = {row["inputs"]["kmsMasterKeyId"] for row in of_type(run, "aws:sns/topic:Topic")}
    assert topics == {run.exports["keys"]["telemetry"]}
    (key,) = [row for row in of_type(run, "aws:kms/key:Key") if row["name"] == "kafka-keys-telemetry"]
    let_in = {
        statement["Principal"]["Service"]: statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:sns:topicArn"]
        for statement in json.loads(key["inputs"]["policy"])["Statement"]
        if "kms:Decrypt" in statement["Action"] and "aws:sns" in json.dumps(statement)
    }
    assert {"cloudwatch.amazonaws.com", "events.amazonaws.com"} <= set(let_in)
    for pattern in let_in.values():
        assert all(fnmatch.fnmatchcase(arn, pattern) for arn in run.exports["alarmTopics"].values())


def test_everybody_named_is_told_and_nobody_is_a_warning(tmp_path: Path) -> None:
    told, silent = tmp_path / "told", tmp_path / "silent"
    told.mkdir()
    silent.mkdir()
    queue = "arn:aws:sqs:us-east-1:123456789012:pager"
    run = stack(told, {"alarmEmail": "streaming@example.com", "monitoring": {"subscribers": {"critical": [queue]}}})
    subscriptions = {
        (row["inputs"]["topic"].rpartition("-")[0].rpartition("-")[2], row["inputs"]["protocol"], row["inputs"]["endpoint"])
        for row in of_type(run, "aws:sns/topicSubscription:TopicSubscription")
    }
    by_mail = {(str(severity), "email", "streaming@example.com") for severity in Severity}
    assert subscriptions == {*by_mail, ("critical", "sqs", queue)}
    warning = "Critical alarms notify nobody"
    assert not any(warning in diagnostic.message for diagnostic in run.diagnostics)
    assert any(warning in diagnostic.message for diagnostic in stack(silent, {}, dry_run=True).diagnostics)


def test_a_client_that_says_how_late_it_may_be_has_an_alarm_on_it(tmp_path: Path) -> None:
    consume = {"topics": ["customers"], "groups": ["erp"], "maxLagSeconds": 300}
    clients = {"erp": {"from": {"cidr": "10.90.0.0/24"}, "as": {"role": {"ec2": {}}}, "consume": consume}}
    run = stack(tmp_path, {"clients": clients, "topics": {"customers": {"partitions": 12}}})
    (alarm,) = [row["inputs"] for row in of_type(run, ALARM) if "consumer-lag" in row["name"]]
    assert alarm["threshold"] == 300
    assert alarm["dimensions"] == {CLUSTER_NAME: run.exports["clusterName"], "Consumer Group": "erp", "Topic": "customers"}


def test_a_stack_has_an_alarm_otherwise_or_not_at_all(tmp_path: Path) -> None:
    changed = {"cpu": {"threshold": 40}, "heap": {"enabled": False}}
    inputs = [row["inputs"] for row in of_type(stack(tmp_path, {"monitoring": {"alarms": changed}}, dry_run=True), ALARM)]
    assert {given["threshold"] for given in inputs if "/cpu/" in given["name"]} == {40}
    assert not any("/heap/" in given["name"] for given in inputs)


def test_the_cluster_is_unhealthy_when_any_critical_alarm_is_on(tmp_path: Path) -> None:
    run = stack(tmp_path, {"brokersPerZone": 9, "workload": {"ingressMBps": 0.1, "retentionHours": 24}})
    critical = {
        row["inputs"]["name"]
        for row in of_type(run, ALARM)
        if row["inputs"]["alarmActions"] == [run.exports["alarmTopics"]["critical"]]
    }
    rules = {row["inputs"]["alarmName"]: row["inputs"]["alarmRule"] for row in of_type(run, COMPOSITE)}
    top = f"{run.exports['clusterName']}/cluster-unhealthy"
    reached: set[str] = set()
    open_ = [top]
    while open_:
        for name in re.findall(r'ALARM\("([^"]+)"\)', rules[open_.pop()]):
            (open_.append if name in rules else reached.add)(name)
    assert reached == critical
