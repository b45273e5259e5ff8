"""Verdicts of two runs: the same thing once, the setting behind it, and what only one run could see."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.guards.refusal import VOLUME, Refusal
from offline.pack.judgement import Judgement, Kind, Policy, Verdict
from offline.project.loading import load_project
from offline.protocol.failures import HookRefused
from support.project_copies import copy_project
from tools.preview.verdicts import PREVIEW, SIMULATED, Verdicts

URN = "urn:pulumi:dev::msk-platform::msk-platform:cluster:KafkaCluster$aws:msk/cluster:Cluster::kafka-cluster-msk"


@pytest.fixture
def verdicts(tmp_path: Path) -> Verdicts:
    project = copy_project(tmp_path, brokersPerZone=1, storage={"initialGiB": 10})
    return Verdicts(load_project(project).stack_config("dev"))


def judgement(*verdicts: Verdict, enforcement: str = "mandatory") -> Judgement:
    policies = (Policy("one", "What it is for.", enforcement, "high"),)
    return Judgement("pack", "1.0", policies, verdicts, ())


def said(message: str, enforcement: str = "mandatory", kind: Kind = "violation") -> Verdict:
    return Verdict("one", enforcement, "high", URN, message, kind, "What it is for.")


def test_what_both_runs_say_is_said_once(verdicts: Verdicts) -> None:
    for phase in (PREVIEW, SIMULATED):
        verdicts.judged(judgement(said("numberOfBrokerNodes is 3.")), phase)
    (row,) = verdicts.rows()
    assert row["seenIn"] == [PREVIEW, SIMULATED]
    assert row["setting"] == "brokersPerZone"
    assert row["file"] == "Pulumi.dev.yaml"


def test_the_rules_purpose_is_not_repeated_in_front_of_the_message(verdicts: Verdicts) -> None:
    verdicts.judged(judgement(said("What it is for. Set numberOfBrokerNodes to 6.")), PREVIEW)
    assert verdicts.rows()[0]["message"] == "Set numberOfBrokerNodes to 6."


@pytest.mark.parametrize(
    ("heard", "outcome"),
    [
        ([], "pass"),
        ([(PREVIEW, "violation", "mandatory")], "fail"),
        ([(SIMULATED, "violation", "mandatory")], "fail"),
        ([(PREVIEW, "violation", "advisory")], "advice"),
        ([(PREVIEW, "could_not_run", "advisory")], "pass"),
        ([(SIMULATED, "could_not_run", "advisory")], "not judged"),
        ([(SIMULATED, "not_judged", "advisory")], "not judged"),
        ([(PREVIEW, "not_judged", "advisory")], "pass"),
        ([(PREVIEW, "exempt", "advisory"), (SIMULATED, "exempt", "advisory")], "exempt"),
        ([(SIMULATED, "exempt", "advisory")], "exempt"),
        ([(SIMULATED, "exempt", "advisory"), (SIMULATED, "violation", "mandatory")], "fail"),
        ([(SIMULATED, "exempt", "advisory"), (SIMULATED, "could_not_run", "advisory")], "not judged"),
        ([(SIMULATED, "violation", "advisory"), (SIMULATED, "not_judged", "advisory")], "not judged"),
        ([(SIMULATED, "violation", "advisory"), (SIMULATED, "exempt", "advisory")], "exempt"),
        ([(PREVIEW, "could_not_run", "advisory"), (SIMULATED, "violation", "mandatory")], "fail"),
        ([(PREVIEW, "not_applicable", "advisory")], "pass"),
    ],
)
def test_a_rule_ends_as_the_run_says_that_knows_more(
    verdicts: Verdicts, heard: list[tuple[str, Kind, str]], outcome: str
) -> None:
    for phase in (PREVIEW, SIMULATED):
        mine = [said(f"{kind} of it.", level, kind) for where, kind, level in heard if where == phase]
        verdicts.judged(judgement(*mine), phase)
    policies = verdicts.policies()
    assert policies is not None
    assert policies["rules"] == {"one": outcome}


def test_a_rule_that_only_advises_is_not_missed_where_it_could_not_run(verdicts: Verdicts) -> None:
    verdicts.judged(judgement(said("x", "advisory", "could_not_run"), enforcement="advisory"), SIMULATED)
    policies = verdicts.policies()
    assert policies is not None
    assert policies["rules"] == {"one": "could not run"}


def test_a_rule_that_is_off_does_not_pass(verdicts: Verdicts) -> None:
    verdicts.judged(judgement(enforcement="disabled"), PREVIEW)
    policies = verdicts.policies()
    assert policies is not None
    assert policies["rules"] == {"one": "disabled"}


def test_nothing_passes_before_the_pack_has_judged(verdicts: Verdicts) -> None:
    assert verdicts.policies() is None


def test_mandatory_verdicts_come_first(verdicts: Verdicts) -> None:
    verdicts.judged(judgement(said("b", "advisory"), said("a", "mandatory")), PREVIEW)
    assert [row["enforcement"] for row in verdicts.rows()] == ["mandatory", "advisory"]


class SaysNoError(Exception):
    """What a guard of the program raises, in the preview's eyes."""

    refusals = (
        Refusal("kafka-end-of-support", "kafkaVersion", "kafkaVersion is 3.5.1."),
        Refusal("volume-shrink", VOLUME, "The volumes get smaller."),
        Refusal("fewer-partitions", "partitionCount", "Too few.", ("topics", "orders.v1", "partitions")),
    )


def test_each_reason_of_a_guard_is_a_verdict_with_its_rule_and_its_setting(verdicts: Verdicts) -> None:
    verdicts.refused(HookRefused("the-hook", URN, "whatever it says", raised=SaysNoError()), PREVIEW, new=True)
    rows = verdicts.rows()
    assert {row["enforcement"] for row in rows} == {"mandatory"}
    assert [row["policy"] for row in rows] == ["kafka-end-of-support", "volume-shrink", "fewer-partitions"]
    assert [row["setting"] for row in rows] == ["kafkaVersion", "storage.initialGiB", "topics.orders.v1.partitions"]
    assert rows[0]["message"] == "kafkaVersion is 3.5.1."
    assert rows[1]["line"]


def test_what_is_refused_at_creation_is_advice_where_the_stack_may_be_deployed(verdicts: Verdicts) -> None:
    verdicts.refused(HookRefused("the-hook", URN, "whatever it says", raised=SaysNoError()), PREVIEW, new=False)
    assert {(row["kind"], row["enforcement"]) for row in verdicts.rows()} == {("guard", "advisory")}
    assert verdicts.rows()[0]["message"] == (
        "kafkaVersion is 3.5.1. AWS would refuse a new cluster; a deployed cluster may stay as it is."
    )


@pytest.mark.parametrize("new", [True, False])
def test_a_hook_of_somebody_elses_refuses_with_each_line(verdicts: Verdicts, *, new: bool) -> None:
    verdicts.refused(HookRefused("the-hook", URN, "storage.initialGiB is small. [x]\nand old"), PREVIEW, new=new)
    rows = verdicts.rows()
    assert {row["enforcement"] for row in rows} == {"mandatory"}
    assert [(row["policy"], row["message"], row["setting"]) for row in rows] == [
        ("the-hook", "storage.initialGiB is small. [x]", None),
        ("the-hook", "and old", None),
    ]
