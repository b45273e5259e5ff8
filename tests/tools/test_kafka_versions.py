"""`python -m tools upgrades`: the next Kafka versions of a stack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from domain.clients.connection import PRODUCER
from domain.clients.release_notes import NOTES_SINCE, NOTES_UP_TO, RELEASE_NOTES
from domain.msk.versions import KAFKA_VERSIONS
from support.stacks import project_with, shipped_stack
from tools.kafka_versions.command import main

if TYPE_CHECKING:
    from pathlib import Path

LEFT_BEHIND = """
config:
  brokerType: kafka.m7g.large
  kafkaVersion: 3.9.x.kraft
  workload: {ingressMBps: 5, peakMBps: 900, fanOut: 2, retentionHours: 24, partitions: 60}
  serverProperties: {leader.imbalance.per.broker.percentage: 20, log.segment.bytes: 500000}
  topics:
    orders: {partitions: 3, configs: {message.downconversion.enable: true}}
    planned: {partitions: 3, configs: {message.timestamp.after.max.ms: 7200000}}
  clients:
    api: {from: {cidr: 10.40.0.0/20}, as: {role: {ec2: {}}}, produce: {topics: [orders]}}
    billing: {from: {cidr: 10.40.0.0/20}, as: {role: {ec2: {}}}, consume: {topics: [orders], groups: [billing]}}
    totals:
      from: {cidr: 10.40.0.0/20}
      as: {role: {ec2: {}}}
      streams: {applicationId: totals}
      consume: {topics: [orders]}
"""
ZOOKEEPER = "config: {brokerType: kafka.m7g.large, kafkaVersion: 3.9.x}"


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the command on a stack file, and returns its exit code and what it printed."""
    # The command sets it for the program that it runs.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")

    project_with(tmp_path, {})

    def run(stack_file: str, *more: str) -> tuple[int, str]:
        (tmp_path / "Pulumi.prod.yaml").write_text(stack_file, encoding="utf-8")
        options = ["--stack", "prod", "--directory", str(tmp_path), "--today", "2026-11-23", *more]
        code = main(options)
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return run


def steps_of(text: str) -> dict[str, Any]:
    return {step["version"]: step for step in json.loads(text)["steps"]}


def test_each_step_says_what_is_refused_what_changes_and_whom_it_concerns(told: Any) -> None:
    code, text = told(LEFT_BEHIND, "--format", "json")
    document = json.loads(text)
    step = steps_of(text)["4.1.x.kraft"]
    assert code == 0
    assert step["verdict"] == "in place"
    assert step["write"] == "kafkaVersion: 4.1.x.kraft"
    assert "60-90 minutes for 6 brokers" in step["duration"]
    # At their lines: all that the version no longer takes, whatever else is wrong.
    assert [(problem["setting"], problem["line"]) for problem in step["problems"]] == [
        ("serverProperties.leader.imbalance.per.broker.percentage", 6),
        ("serverProperties.log.segment.bytes", 6),
        ("topics.orders.configs.message.downconversion.enable", 8),
    ]
    ahead, recovery = step["defaults"]
    assert (ahead["name"], ahead["after"], ahead["breaks"]) == ("log.message.timestamp.after.max.ms", "3600000", True)
    assert "leave it to the brokers: orders." in ahead["text"]
    assert not recovery["breaks"]
    concerns = {change["concern"]: change["names"] for change in step["others"]}
    assert concerns == {
        "topics made elsewhere": ["topics made elsewhere"],
        "what was set on running brokers": ["what was set on running brokers"],
        "clients": ["api", "billing", "totals"],
        # Kafka Streams writes to its own topics, in transactions.
        "producers": ["api", "totals"],
        "consumers": ["billing", "totals"],
        "producers with transactions": ["totals"],
    }
    assert any("2.1" in change["text"] and change["breaks"] for change in step["others"])
    assert steps_of(text)["4.2.x.kraft"]["verdict"] == "not known"
    assert document["kraft"] is None
    assert "900 MB/s" in document["headroom"][0]
    assert "scale out first" in document["headroom"][0]
    _, text = told(LEFT_BEHIND)
    assert "Next, in place: 4.0.x.kraft (once what is below is mended), 4.1.x.kraft (once" in " ".join(text.split())


def test_a_person_reads_each_change_once_and_every_condition_of_kraft(told: Any) -> None:
    code, text = told(shipped_stack("prod"))
    assert code == 0
    assert "Next, in place: 4.0.x.kraft, 4.1.x.kraft." in text
    assert text.count("is 3600000 by default") == 1
    assert "It changes what 4.0.x.kraft changes." in text
    assert "pulumi config set kafkaVersion 4.1.x.kraft --stack prod" in text
    assert "From ZooKeeper to KRaft" not in text
    _, text = told(ZOOKEEPER)
    assert "Next, in place: 3.9.x.kraft." in text
    assert "4.0.x.kraft, 4.1.x.kraft, 4.2.x.kraft: " in text
    assert "[zookeeper-to-kraft]" in text
    assert "pass: 3 Availability Zones: met." in text
    assert "warning: no access to ZooKeeper: not known here." in text


def test_dev_is_told_what_keeps_it_from_kraft(told: Any) -> None:
    code, text = told(shipped_stack("dev"))
    assert code == 0
    assert "No newer version in place is known for the cluster as it is." in text
    assert "FAIL: a broker type with KRaft: not met." in text


@pytest.mark.parametrize(
    ("stack_file", "words"),
    [
        ("config: {brokerType: kafka.m7g.large, kafkaVersion: 4.4.x.kraft}", "its end of support is not known"),
        ("config: {brokerType: kafka.m8g.large, kafkaVersion: 3.9.x.kraft}", "The next versions are not known."),
        ("config: {brokerType: express.m7g.large, kafkaVersion: 3.8.x}", "Whether Amazon MSK does it is not known."),
    ],
)
def test_what_is_not_known_is_said(told: Any, stack_file: str, words: str) -> None:
    code, text = told(stack_file)
    assert code == 0
    assert words in " ".join(text.split())
    assert "Next, in place" not in text


def test_a_version_near_its_end_and_one_past_it_say_how_many_days(told: Any) -> None:
    stack_file = "config: {brokerType: kafka.m7g.large, kafkaVersion: 3.7.x.kraft}"
    _, text = told(stack_file)
    assert "Support ended on 2026-09-01, 83 days ago" in text
    _, text = told(stack_file, "--today", "2026-08-31", "--format", "json")
    assert json.loads(text)["version"]["daysLeft"] == 1
    assert "in 1 day." in json.loads(text)["version"]["support"]


def test_markdown_is_headings_and_lists(told: Any) -> None:
    _, text = told(ZOOKEEPER, "--format", "markdown")
    assert "### To 3.9.x.kraft" in text.splitlines()
    assert all(not line or line.lstrip().startswith(("- ", "### ", "_")) for line in text.splitlines())


@pytest.mark.parametrize(
    ("stack_file", "words"),
    [("config: {kafkaVersion: 3.9.1}", "kafkaVersion = 3.9.1"), ("config: {brokersPerZoen: 2}", "brokersPerZoen")],
)
def test_a_mistake_in_the_stack_file_is_told_without_a_traceback(told: Any, stack_file: str, words: str) -> None:
    code, text = told(stack_file)
    assert code == 2
    assert words in text
    assert "Traceback" not in text


def test_the_notes_cover_every_version_after_the_last_with_zookeeper() -> None:
    newest = max(version.number for version in KAFKA_VERSIONS.values())
    assert newest[:2] <= NOTES_UP_TO
    assert all(NOTES_SINCE < note.since[:2] <= NOTES_UP_TO or note.since == (4,) for note in RELEASE_NOTES)
    # What a note says of ready files.
    assert "linger.ms" in PRODUCER
