"""Losses of a protected stack as guards: each refuses, names its acknowledgement, and passes once that is given."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.guards.losses import configuration_refusals, log_refusals, topic_refusals
from domain.guards.table import ACKNOWLEDGEABLE, LOSSES
from domain.monitoring.log_retention import LIFECYCLES, LOGS

SERVERS = "log.retention.hours=168\nmin.insync.replicas=2\nunclean.leader.election.enable=false\n"
CONFIGURATIONS = {
    "shorter by hours": ("log.retention.hours=168", "log.retention.hours=24", ["shorter-retention"]),
    "shorter by a finer unit": ("log.retention.hours=168", "log.retention.hours=168\nlog.retention.ms=1", ["shorter-retention"]),
    "fewer bytes": ("", "log.retention.bytes=1024", ["shorter-retention"]),
    "compaction": ("", "log.cleanup.policy=compact", ["compaction"]),
    "age and size after compaction alone": ("log.cleanup.policy=compact", "", ["shorter-retention"]),
    "in-sync replicas": ("min.insync.replicas=2", "min.insync.replicas=1", ["less-durable"]),
    "copies of new topics": ("default.replication.factor=3", "default.replication.factor=2", ["less-durable"]),
    "unclean election": ("unclean.leader.election.enable=false", "unclean.leader.election.enable=true", ["unclean-election"]),
    "unclean election by Amazon MSK's default": ("unclean.leader.election.enable=false", "", ["unclean-election"]),
    "nobody without an ACL": ("", "allow.everyone.if.no.acl.found=false", ["clients-without-acl"]),
    "positions of consumers": ("", "offsets.retention.minutes=60", ["shorter-retention"]),
    "positions of consumers, no longer by default": ("offsets.retention.minutes=20160", "", ["shorter-retention"]),
    "positions of consumers, as by default": ("", "offsets.retention.minutes=10080", []),
    "positions of consumers, longer": ("offsets.retention.minutes=60", "offsets.retention.minutes=90", []),
    "smaller batches": ("message.max.bytes=10485760", "message.max.bytes=1048588", ["smaller-messages"]),
    "smaller batches, by default": ("message.max.bytes=10485760", "", ["smaller-messages"]),
    "larger batches than by default": ("", "message.max.bytes=1048589", []),
    "several": ("min.insync.replicas=2", "log.retention.ms=1", ["less-durable", "shorter-retention"]),
    "longer": ("log.retention.hours=24", "log.retention.hours=168", []),
    "local retention": ("log.local.retention.ms=9", "log.local.retention.ms=1", []),
    "safer": ("min.insync.replicas=1", "min.insync.replicas=2\nunclean.leader.election.enable=false", []),
    "written in another way": ("log.retention.hours=24", "# the same\nlog.retention.hours : 24", []),
}
TOPICS: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "shorter": ({"retention.ms": "2"}, {"retention.ms": "1"}, ["shorter-retention"]),
    "its own below the cluster's": ({}, {"retention.ms": "3600000"}, ["shorter-retention"]),
    "its own above the cluster's, given up": ({"retention.ms": "-1"}, {}, ["shorter-retention"]),
    "its own above the cluster's": ({}, {"retention.ms": "-1"}, []),
    "one that is not known for another": ({"retention.ms": "one"}, {"retention.ms": "another"}, ["shorter-retention"]),
    "fewer bytes": ({}, {"retention.bytes": "1024"}, ["shorter-retention"]),
    "compaction": ({}, {"cleanup.policy": "compact,delete"}, ["compaction"]),
    "remote storage": ({"remote.storage.enable": "true"}, {"remote.storage.enable": "false"}, ["remote-storage-off"]),
    "remote storage in capitals": ({"remote.storage.enable": "TRUE"}, {"remote.storage.enable": "false"}, ["remote-storage-off"]),
    "remote storage that stays on": ({"remote.storage.enable": "true"}, {"remote.storage.enable": "True"}, []),
    "remote storage left out": ({"remote.storage.enable": "true"}, {}, ["remote-storage-off"]),
    "in-sync replicas": ({}, {"min.insync.replicas": "1"}, ["less-durable"]),
    "unclean election": ({}, {"unclean.leader.election.enable": "true"}, ["unclean-election"]),
    "smaller batches": ({"max.message.bytes": "1048589"}, {}, ["smaller-messages"]),
    "smaller batches than the cluster's": ({}, {"max.message.bytes": "1048587"}, ["smaller-messages"]),
    "larger batches": ({}, {"max.message.bytes": "1048589"}, []),
    "local retention": ({"local.retention.ms": "9"}, {"local.retention.ms": "1"}, []),
    "compression": ({}, {"compression.type": "zstd"}, []),
}


def of_configuration(old: object, new: object, *acknowledged: str) -> list[Any]:
    return configuration_refusals({"serverProperties": old}, {"serverProperties": new}, acknowledged=acknowledged)


def of_topic(old: object, new: object, *acknowledged: str) -> list[Any]:
    before, after = ({"name": "orders", "configs": json.dumps(configs)} for configs in (old, new))
    return topic_refusals(before, after, SERVERS, acknowledged=acknowledged)


@pytest.mark.parametrize("case", CONFIGURATIONS)
def test_what_a_configuration_takes_is_refused_until_somebody_answers_for_it(case: str) -> None:
    old, new, expected = CONFIGURATIONS[case]
    refusals = of_configuration(old, new)
    assert sorted({refusal.rule for refusal in refusals}) == expected
    for refusal in refusals:
        assert f"set acknowledge.{refusal.rule}: {{reason, until}}" in refusal.message
    for acknowledged in expected:
        assert {refusal.rule for refusal in of_configuration(old, new, acknowledged)} == {*expected} - {acknowledged}


@pytest.mark.parametrize("case", TOPICS)
def test_what_a_topic_takes_is_refused_until_somebody_answers_for_it(case: str) -> None:
    old, new, expected = TOPICS[case]
    refusals = of_topic(old, new)
    assert [refusal.rule for refusal in refusals] == expected
    assert all(refusal.message.startswith("topics.orders: ") for refusal in refusals)
    assert of_topic(old, new, *expected) == []


def test_what_amazon_msk_fixes_on_express_brokers_may_be_left_out() -> None:
    old, new = ({"serverProperties": text} for text in (SERVERS, "log.retention.hours=168"))
    assert configuration_refusals(old, new, express=True) == []
    assert {refusal.rule for refusal in configuration_refusals(old, new)} == {"less-durable", "unclean-election"}
    shorter = configuration_refusals(old, {"serverProperties": "log.retention.hours=1"}, express=True)
    assert [refusal.rule for refusal in shorter] == ["shorter-retention"]
    longer = {"serverProperties": "offsets.retention.minutes=20160"}
    assert [refusal.rule for refusal in configuration_refusals(longer, {"serverProperties": ""}, express=True)] == [
        "shorter-retention"
    ]


def lifecycle(days: int) -> dict[str, Any]:
    return {"rules": [{"id": "retention", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": days}}]}


@pytest.mark.parametrize(
    ("kind", "old", "new", "refused"),
    [
        (LOGS, {"retentionInDays": 365}, {"retentionInDays": 30}, "from 365 days to 30 days"),
        (LOGS, {}, {"retentionInDays": 3653}, "from forever to 3653 days"),
        (LOGS, {"retentionInDays": 30}, {"retentionInDays": "04da6b54"}, "to not known before the update"),
        (LOGS, {"retentionInDays": 30}, {"retentionInDays": 365}, None),
        (LOGS, {"retentionInDays": 30}, {"retentionInDays": 0}, None),
        (LIFECYCLES[0], lifecycle(365), lifecycle(30), "objects older than 30 days are deleted"),
        (LIFECYCLES[0], lifecycle(365), {"rules": "04da6b54"}, "its rules are not known"),
        (LIFECYCLES[0], lifecycle(30), lifecycle(365), None),
    ],
)
def test_logs_that_are_kept_for_less_long_are_refused(
    kind: str, old: dict[str, Any], new: dict[str, Any], refused: str | None
) -> None:
    refusals = log_refusals(kind, old, new, ("logs", "retentionDays"))
    assert [refusal.rule for refusal in refusals] == ["shorter-log-retention"] * (refused is not None)
    assert all(str(refused) in refusal.message and "acknowledge.shorter-log-retention" in refusal.message for refusal in refusals)


def test_what_is_not_known_is_no_ground_to_let_it_pass() -> None:
    assert [refusal.rule for refusal in of_configuration("log.retention.hours=24", None)] == ["shorter-retention"]
    assert [refusal.rule for refusal in of_topic({}, "no map")] == ["shorter-retention"]


def test_every_loss_is_shown_to_be_refused_and_can_be_answered_for() -> None:
    shown = {rule for *_, rules in (*CONFIGURATIONS.values(), *TOPICS.values()) for rule in rules}
    assert shown | {"shorter-log-retention"} == LOSSES
    assert LOSSES < ACKNOWLEDGEABLE


lines = st.lists(
    st.sampled_from(
        [
            "log.retention.hours=1", "log.retention.ms=-1", "log.cleanup.policy=compact", "min.insync.replicas=1",
            "min.insync.replicas=x", f"min.insync.replicas={'9' * 5000}", f"offsets.retention.minutes={'9' * 5000}",
            "unclean.leader.election.enable=true", "allow.everyone.if.no.acl.found=false", "odd",
        ]
    )
).map("\n".join)  # fmt: skip


@given(lines, lines)
def test_nothing_is_lost_there_and_back_but_once(old: str, new: str) -> None:
    assert of_configuration(old, old) == []
    assert of_configuration(old, new, *LOSSES) == []
