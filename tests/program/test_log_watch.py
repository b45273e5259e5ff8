"""What is counted in the brokers' logs, and the dashboard, of a whole stack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from domain.monitoring.log_watch import WATCHES
from offline.engine.inventory import rows
from support.stacks import project_with, run_stack

if TYPE_CHECKING:
    from offline.engine.run import Run

RUNBOOK = (Path(__file__).resolve().parents[2] / "docs" / "runbook.md").read_text(encoding="utf-8")
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"

# Lines as Apache Kafka 3.9 writes them: the first two by brokers of the tests here, the others by its source.
LINES = {
    "failed-authentication": "INFO org.apache.kafka.common.network.Selector - [SocketServer listenerType=BROKER, nodeId=1] "
    "Failed authentication with /127.0.0.1 (channelId=127.0.0.1:23061-127.0.0.1:60414-8) (SSL handshake failed)",
    "denied": "INFO kafka.authorizer.logger - Principal = User:stranger is Denied operation = DESCRIBE from host = 127.0.0.1 on "
    "resource = Topic:LITERAL:orders for request = Metadata with resourceRefCount = 1 based on rule DefaultDeny",
    "isr-shrinks": "INFO kafka.cluster.Partition - [Partition orders-0 broker=1] Shrinking ISR from 1,2,3 to 1,2. Leader: "
    "(highWatermark: 4, endOffset: 5).",
    "disk-failed": "WARN kafka.log.LogManager - Stopping serving logs in dir /kafka/datalogs/kafka",
    "out-of-memory": "ERROR kafka.server.KafkaRequestHandler - java.lang.OutOfMemoryError: Java heap space",
    "errors": "ERROR kafka.server.KafkaRequestHandler - java.lang.OutOfMemoryError: Java heap space",
}


def stack(directory: Path, **monitoring: Any) -> Run:
    text = yaml.safe_dump({"config": {"brokerType": "kafka.m7g.large", "monitoring": monitoring}})
    return run_stack("dev", dry_run=False, directory=project_with(directory, {"dev": text}))


def inputs(run: Run, resource_type: str) -> list[dict[str, Any]]:
    return [row["inputs"] for row in rows(run) if row["type"] == resource_type]


@pytest.mark.parametrize("watch", WATCHES, ids=lambda watch: watch.name)
def test_a_line_that_kafka_writes_is_found_and_a_quiet_one_is_not(watch: Any) -> None:
    assert watch.term in LINES[watch.name]
    assert watch.term not in "INFO kafka.log.UnifiedLog - [UnifiedLog partition=orders-0] Incremented log start offset to 12"


def test_filters_read_the_brokers_logs_and_cost_nothing_while_nothing_is_found(tmp_path: Path) -> None:
    run = stack(tmp_path)
    (cluster,) = inputs(run, "aws:msk/cluster:Cluster")
    group = cluster["loggingInfo"]["brokerLogs"]["cloudwatchLogs"]["logGroup"]
    filters = inputs(run, FILTER)
    assert len(filters) == len(WATCHES)
    for one in filters:
        assert one["logGroupName"] == group
        assert "defaultValue" not in one["metricTransformation"]
        assert one["pattern"] == f'"{one["pattern"][1:-1]}"'
    for query in inputs(run, "aws:cloudwatch/queryDefinition:QueryDefinition"):
        assert query["logGroupNames"] == [group]


def test_the_gravest_lines_tell_the_topic_of_critical_alarms(tmp_path: Path) -> None:
    run = stack(tmp_path)
    counted = {
        (given["metricTransformation"]["namespace"], given["metricTransformation"]["name"]) for given in inputs(run, FILTER)
    }
    alarms = [
        given
        for given in inputs(run, "aws:cloudwatch/metricAlarm:MetricAlarm")
        if given.get("namespace", "").startswith("KafkaLogs")
    ]
    assert {item["metricName"] for item in alarms} == {watch.name for watch in WATCHES if watch.alarms}
    for alarm in alarms:
        assert (alarm["namespace"], alarm["metricName"]) in counted
        assert alarm["alarmActions"] == [run.exports["alarmTopics"]["critical"]]
        assert alarm["treatMissingData"] == "notBreaching"
        section = alarm["alarmDescription"].rpartition("#")[2]
        assert f"\n## {section}\n" in RUNBOOK


def test_the_dashboard_is_the_clusters_own(tmp_path: Path) -> None:
    run = stack(tmp_path, alarms={"cpu": {"threshold": 40}})
    (made,) = inputs(run, "aws:cloudwatch/dashboard:Dashboard")
    body = json.dumps(json.loads(made["dashboardBody"]))
    assert f'"Cluster Name", "{run.exports["clusterName"]}"' in body
    assert '"label": "alarm cpu > 40", "value": 40' in body
    assert run.exports["dashboard"].endswith(f"#dashboards:name={made['dashboardName']}")


def test_a_stack_does_without_either(tmp_path: Path) -> None:
    run = stack(tmp_path, logs=False, dashboard=False)
    assert not inputs(run, FILTER)
    assert not inputs(run, "aws:cloudwatch/dashboard:Dashboard")
    assert "dashboard" not in run.exports
