"""A preview's first and last lines: what it is, the verdict, the remedies, and what to do next."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from support.project_copies import copy_project
from tools.preview.capacity import capacity_section
from tools.preview.document import empty_document
from tools.preview.run import preview
from tools.preview.sections import preview_sections
from tools.preview.summary import next_step, remedies, remedy_of, warning_words
from tools.report.plain_text import plain_text
from tools.report.sections import TIMES

if TYPE_CHECKING:
    from tools.preview.document import CapacityRow, Document, ProblemRow, StorageRow, VerdictRow

TODAY = datetime.date(2026, 11, 23)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """A preview of dev with too few brokers, judged as production."""
    project = copy_project(tmp_path_factory.mktemp("refused"), brokersPerZone=1)
    (project / "policies" / "config" / "dev.json").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1795392000")
        return preview(project, "dev", TODAY)


def told(document: Document, *, exports: bool = False) -> list[str]:
    return plain_text(preview_sections(document, exports=exports)).splitlines()


def test_the_first_lines_say_it_all(refused: Document) -> None:
    lines = told(refused)
    assert lines[0] == "Preview of msk-platform, stack dev, in us-east-1"
    resources = [row for row in refused["resources"] if row["custom"]]
    cost = refused["cost"]
    assert cost
    assert lines[1] == (
        f"  3 {TIMES} kafka.t3.small in 3 zones, Kafka 3.9.x, {len(resources)} resources, "
        f"at least {cost['usdPerMonth']:.2f} USD a month"
    )
    assert lines[2].startswith("  FAIL: Refused: minimum-brokers, protected-cluster-and-keys, log-retention ")
    assert "1 warning, 2 policies that advise." in " ".join(" ".join(lines[2:5]).split())


def test_the_last_lines_are_the_remedies_each_once_and_the_next_command(refused: Document) -> None:
    lines = told(refused)
    end = lines[lines.index("Result (exit code 1)") :]
    assert end[1].startswith("  FAIL: Refused: minimum-brokers")
    said = " ".join(" ".join(end).split())
    assert "brokersPerZone Pulumi.dev.yaml:" in said
    assert "Set numberOfBrokerNodes to 6 or more. minimum-brokers" in said
    # Of the cluster and of each of its two keys.
    assert said.count("Set protect to true.") == 1
    assert f"protected-cluster-and-keys ({TIMES}3)" in said
    assert end[-1] == "  Then, again: make preview STACK=dev"


def test_what_a_rule_says_of_several_resources_alike_is_folded_and_names_them(refused: Document) -> None:
    said = " ".join(" ".join(told(refused)).split())
    of_keys = [row for row in refused["verdicts"] if row["policy"] == "protected-cluster-and-keys" and "Key" in row["resource"]]
    assert len(of_keys) == 2
    assert said.count("Protect the keys of Amazon MSK from deletion") == 1
    assert "the same of 1 more: kafka-keys-telemetry" in said


def test_values_that_are_invented_are_shown_only_when_asked_for(refused: Document) -> None:
    short, long = ("\n".join(told(refused, exports=exports)) for exports in (False, True))
    assert "arn:aws:kafka" in long
    assert "arn:aws:" not in short.partition("\nExports")[2]
    for name in refused["exports"]:
        assert name in short.partition("\nExports")[2]
    assert "make preview EXPORTS=1" in short


def test_what_passes_is_deployed_next() -> None:
    document = empty_document(project="shop", stack="prod", region=None, today="2026-11-23")
    assert next_step(document) == "make up STACK=prod"
    assert told(document)[-1] == "  Next: make up STACK=prod"
    document["exitCode"] = 2
    assert next_step(document) == "make preview STACK=prod"


def verdict(policy: str, message: str, resource: str, setting: str | None = None, enforcement: str = "mandatory") -> VerdictRow:
    return {
        "policy": policy, "enforcement": enforcement, "severity": "high", "kind": "violation",
        "resource": f"urn:pulumi:prod::shop::aws:sns/topic:Topic::{resource}", "message": message, "setting": setting,
        "file": "Pulumi.prod.yaml" if setting else None, "line": 3 if setting else None, "seenIn": ["preview"],
        "until": None, "reason": None,
    }  # fmt: skip


def test_remedies_are_folded_where_only_the_resource_differs() -> None:
    document = empty_document(project="shop", stack="prod", region=None, today="2026-11-23")
    document["verdicts"] = [
        *(verdict("tags", f"Tag it: {name} has none. Set tags of {name}.", name) for name in ("a", "b", "c")),
        verdict("tags", "Tag it: d has none. Set other tags.", "d"),
        verdict("keys", "Encrypt it: a has no key. Set a key.", "a", "encryption"),
        verdict("keys", "Encrypt it: b has no key. Set a key.", "b"),
        verdict("advice", "Look at it: it is odd. Look.", "a", enforcement="advisory"),
    ]
    assert [(remedy.policy, remedy.words, remedy.times) for remedy in remedies(document)] == [
        ("tags", "Set tags of a.", 3),
        ("tags", "Set other tags.", 1),
        ("keys", "Set a key.", 2),
    ]
    assert remedies(document)[2].setting == "encryption  Pulumi.prod.yaml:3"
    assert warning_words(document) == "1 policy that advises"


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        ("Run 2 brokers: there is 1. Set numberOfBrokerNodes to 6.", "Set numberOfBrokerNodes to 6."),
        ("Keep logs: 14 days. Set retentionInDays to 30. Or exempt it.", "Set retentionInDays to 30. Or exempt it."),
        ("kafka.t3.small does not support 3.9.x.kraft", "kafka.t3.small does not support 3.9.x.kraft"),
    ],
)
def test_a_remedy_is_what_follows_what_was_found(message: str, remedy: str) -> None:
    assert remedy_of(message) == remedy


def problem(setting: str | None, message: str, line: int, value: object = None) -> ProblemRow:
    return {"setting": setting, "value": value, "message": message, "file": "Pulumi.prod.yaml", "line": line}


def test_the_same_mistake_of_several_settings_is_told_once_and_names_each() -> None:
    document = empty_document(project="shop", stack="prod", region=None, today="2026-11-23")
    words = "is always 3 on Express brokers. Remove it."
    document["problems"] = [
        problem("topics.a.replicationFactor", f"topics.a.replicationFactor = 2: {words}", 4, 2),
        problem("topics.b.replicationFactor", f"topics.b.replicationFactor = 1: {words}", 6, 1),
        problem("topics.c.replicationFactor", f"topics.c.replicationFactor: {words}", 8),
        problem("topics.d", 'topics.d = {"x": 1}: has no partitions.', 9, {"x": 1}),
        problem(None, "The project has no name.", 1),
    ]
    document["exitCode"] = 2
    lines = "\n".join(told(document))
    said = " ".join(lines.split())
    assert said.count(words) == 1
    assert "FAIL: Pulumi.prod.yaml:4: topics.a.replicationFactor = 2: is always 3" in said
    assert (
        "the same of 2 more: topics.b.replicationFactor (Pulumi.prod.yaml:6), topics.c.replicationFactor (Pulumi.prod.yaml:8)"
        in said
    )
    assert 'topics.d = {"x": 1}: has no partitions.' in said
    assert "The project has no name." in said
    assert "Problems (5)" in lines


def storage(document: Document, **changes: object) -> str:
    row: CapacityRow = {**document["capacity"][0]}
    held: StorageRow | None = row["storage"]
    assert held
    row["storage"] = {**held, **changes}  # type: ignore[typeddict-item]  # keys and values of a storage row
    return " ".join(plain_text([capacity_section(row)]).split())


def test_storage_is_said_as_the_time_for_which_there_is_room(refused: Document) -> None:
    said = storage(refused, hoursHeld=48.0, hoursNeeded=24.0, volumeGiB=10, maximumGiB=30, hoursHeldAtMaximum=144.0)
    assert "Storage room for 2 days of messages 1 day is kept; 10 GiB a broker, up to 85% full" in said
    assert "; room for 6 days once grown to 30 GiB" in said
    assert "2 days are kept" in storage(refused, hoursNeeded=48.0, maximumGiB=None)
    assert "room for any time of messages" in storage(refused, hoursHeld=None, maximumGiB=None)
    assert "once grown" not in storage(refused, maximumGiB=None)


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        ((3, 6, None), "6 of the 6 brokers 3 to hold the partitions, 6 to store the messages"),
        ((9, 3, 3), "9 brokers, and there are 6 9 to hold the partitions, 3 to store the messages, 3 to carry the throughput"),
    ],
)
def test_brokers_that_are_needed_stand_against_those_that_are_there(
    refused: Document, needed: tuple[int, int, int | None], said: str
) -> None:
    partitions, stored, throughput = needed
    row: CapacityRow = {**refused["capacity"][0], "brokers": 6}
    row["brokersNeeded"] = {"partitions": partitions, "storage": stored, "throughput": throughput}
    assert said in " ".join(plain_text([capacity_section(row)]).split())
