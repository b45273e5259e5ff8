"""`python -m tools changes`: its input, its exit codes and its forms."""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.rows import UNKNOWN
from support.previews import CLUSTER, cluster, events, of_cluster, preview, replacing, state, step, urn
from tools.changes.command import main
from tools.changes.document import changes_document
from tools.changes.input import NotAPreviewError, read_preview
from tools.changes.markdown import changes_markdown
from tools.changes.sections import changes_sections
from tools.report.plain_text import plain_text
from tools.report.terminal import show

if TYPE_CHECKING:
    from pathlib import Path


from rich.console import Console

TODAY = datetime.date(2026, 11, 23)
KAFKA = urn(CLUSTER, "kafka")
RENAMED = of_cluster("replace", {"clusterName": "other"}, **replacing("clusterName"))
PROTECTED = {"protect": True}
ERROR = (
    f'error: unable to replace resource "{KAFKA}"\nas it is currently marked for protection. To unprotect the resource, remove '
    "the `protect` flag from the resource in your Pulumi program and run `pulumi up`\n"
)


def document(text: str, *allow: str) -> Any:
    return changes_document(read_preview(text), today=TODAY, allow=allow)


def forms(text: str, *allow: str) -> tuple[str, str, str]:
    """The report as text, Markdown and on a terminal."""
    made = document(text, *allow)
    console = Console(file=io.StringIO(), width=100, force_terminal=True)
    show(changes_sections(made), console)
    assert isinstance(console.file, io.StringIO)
    json.dumps(made, allow_nan=False)
    return plain_text(changes_sections(made)), changes_markdown(made), console.file.getvalue()


def test_nothing_changed_is_fine() -> None:
    made = document(preview(of_cluster("same", {})))
    assert (made["headline"], made["exitCode"], made["changes"]) == ("Nothing changes", 0, [])


def test_a_replaced_cluster_is_refused_and_passes_only_when_it_is_allowed() -> None:
    assert document(preview(RENAMED))["exitCode"] == 1
    made = document(preview(RENAMED), KAFKA)
    assert (made["exitCode"], made["allowed"]) == (0, [KAFKA])
    assert made["headline"] == "Replaces the cluster orders: all messages are lost"


def test_what_is_allowed_is_shown_as_loudly_as_what_is_not() -> None:
    for text in forms(preview(RENAMED), KAFKA):
        assert "Replaces the cluster orders: all messages are lost" in text
        assert "llowed" in text


@pytest.mark.parametrize(
    "text",
    [
        preview(of_cluster("same", {})) + "\n" + preview(RENAMED),
        '{"sequence": 1, "summaryEvent": {"resourceChanges": {"same": 1}}}\n' + preview(RENAMED),
    ],
    ids=["two previews", "events and a preview"],
)
def test_two_previews_are_not_read_as_one(text: str) -> None:
    with pytest.raises(NotAPreviewError, match="2 JSON documents; a preview is one"):
        read_preview(text)


@pytest.mark.parametrize("odd", [{"diagnostics": {"severity": "error", "message": "no"}}, {"result": "failed"}])
def test_a_document_of_another_form_is_not_nothing(odd: dict[str, Any]) -> None:
    whole = json.loads(preview(of_cluster("same", {}))) | odd
    assert document(json.dumps(whole))["exitCode"] == 2


def test_inputs_that_are_no_map_are_not_nothing() -> None:
    whole = json.loads(preview(of_cluster("update", {"enhancedMonitoring": "PER_BROKER"})))
    whole["steps"][0]["oldState"]["inputs"] = whole["steps"][0]["newState"]["inputs"] = "everything"
    assert document(json.dumps(whole))["exitCode"] == 2


def test_each_of_the_lost_has_to_be_allowed() -> None:
    logs = state("aws:cloudwatch/logGroup:LogGroup", "logs", {"name": "a"})
    text = preview(RENAMED, step("delete", logs, None))
    assert document(text, KAFKA)["exitCode"] == 1
    assert document(text, KAFKA, logs["urn"])["exitCode"] == 0


def test_a_file_behind_allow_is_not_read_as_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "preview.json"
    file.write_text(preview(RENAMED), encoding="utf-8")
    assert main(["--allow", "orders", str(file)]) == 2
    assert "Write FILE before --allow." in " ".join(capsys.readouterr().err.split())


def test_allowing_what_is_not_lost_is_a_mistake_that_lists_what_is() -> None:
    made = document(preview(RENAMED), "urn:pulumi:prod::shop::typo::kafka")
    assert made["exitCode"] == 2
    assert KAFKA in made["problems"][0]


def test_protection_taken_off_alone_is_told_and_passes() -> None:
    made = document(preview(of_cluster("same", {}, old=PROTECTED)))
    assert (made["exitCode"], made["protection"]["takenOff"]) == (0, [KAFKA])
    assert "nothing stops" in forms(preview(of_cluster("same", {}, old=PROTECTED)))[0]


def test_what_holds_nothing_is_refused_too_when_it_goes_as_soon_as_it_is_unprotected() -> None:
    def table(**options: bool) -> dict[str, Any]:
        return state("aws:ec2/routeTable:RouteTable", "t", {"vpcId": "vpc-1"}, **options)

    assert document(preview(step("replace", table(), table())))["exitCode"] == 0
    made = document(preview(step("replace", table(protect=True), table())))
    assert (made["exitCode"], made["needsAllowance"]) == (1, [table()["urn"]])


def test_a_replacement_that_protection_stops_is_explained_in_other_words_than_the_engine_s() -> None:
    stopped = of_cluster("replace", {"clusterName": "b"}, old=PROTECTED, new=PROTECTED, **replacing("clusterName"))
    text = preview(stopped, errors=({"urn": KAFKA, "message": ERROR}, {"message": "error: preview failed\n"}))
    made = document(text)
    assert made["exitCode"] == 1
    assert made["headline"].startswith("Stopped by protection: the update would replace the cluster orders")
    assert document(text, KAFKA)["exitCode"] == 1
    for form in forms(text):
        assert "Pulumi suggests removing the protect flag" in " ".join(form.split())
        assert "To allow it" not in form


def test_what_a_guard_said_under_the_engine_is_said_once() -> None:
    downgrade = of_cluster("update", {"kafkaVersion": "3.8.x.kraft"})
    guard = document(preview(downgrade))["orders"][0]["message"]
    error = f'error: Preview failed: before hook "kafka-before-update" failed: {guard} [kafka-downgrade]'
    text = preview(downgrade, errors=({"urn": KAFKA, "message": error},))
    made = document(text)
    assert (made["exitCode"], made["problems"]) == (1, [])
    assert forms(text)[1].count("kafkaVersion would be downgraded") == 1


def test_a_preview_that_failed_for_another_reason_is_no_ground_to_judge_on() -> None:
    made = document(preview(errors=({"message": "error: kafkaVersion = 7: is no version"}, {"message": "error: preview failed"})))
    assert made["exitCode"] == 2
    assert "kafkaVersion = 7: is no version" in made["problems"][0]
    assert len(made["problems"]) == 1


def test_settings_behind_properties_are_named() -> None:
    made = document(preview(of_cluster("update", {"kafkaVersion": "4.0.x.kraft"})))
    assert made["changes"][0]["properties"] == [
        {"path": "kafkaVersion", "old": "3.9.x.kraft", "new": "4.0.x.kraft", "setting": "kafkaVersion", "replaces": False}
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The input is empty"),
        ("Previewing update (prod)", "not JSON"),
        ("[1, 2]", "not an object"),
        ('{"deployment": {}}', "pulumi stack export"),
        ('{"a": 1}', "no steps"),
        (preview(RENAMED)[:-40], "cut off"),
        ("{'a': 1}", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"resourcePreEvent": {}}\n', "cut off"),
    ],
)
def test_what_is_no_preview_is_told_from_one_that_is_cut_off(text: str, message: str) -> None:
    with pytest.raises(NotAPreviewError, match=message):
        read_preview(text)


def test_what_the_cli_wrote_before_the_document_does_no_harm() -> None:
    assert len(read_preview(f"warning: using a plugin from $PATH\n{preview(RENAMED)}").steps) == 1


def test_the_stream_of_events_says_the_same_as_the_document() -> None:
    parts = [RENAMED, {**RENAMED, "op": "create-replacement"}, {**RENAMED, "op": "delete-replaced", "newState": None}]
    streamed, whole = document(events(*parts)), document(preview(RENAMED))
    assert (streamed["headline"], streamed["exitCode"], streamed["region"]) == (whole["headline"], 1, "us-east-1")
    assert streamed["changes"][0]["properties"] == whole["changes"][0]["properties"]
    assert document(events(*parts, failed=True))["exitCode"] == 2


def verdict(policy: str, level: str = "mandatory", resource: str = KAFKA) -> dict[str, str]:
    message = f"A cluster should have {policy}.\nProtect the cluster: kafka has no {policy}. Set protect to true.\n"
    return {"policyName": policy, "enforcementLevel": level, "resourceUrn": resource, "message": message}


def test_policies_that_refuse_a_preview_are_named_and_what_it_changes_is_told_all_the_same() -> None:
    larger = of_cluster("update", {"numberOfBrokerNodes": 9})
    text = events(larger, policies=(verdict("tags", "advisory"), verdict("protection"), verdict("protection")), failed=True)
    made = document(text)
    assert made["exitCode"] == 1
    assert made["problems"] == []
    assert [(row["policy"], row["mandatory"]) for row in made["policies"]] == [("protection", True), ("tags", False)]
    assert made["policies"][0]["message"] == "Protect the cluster: kafka has no protection. Set protect to true."
    assert made["changes"][0]["operations"]
    for form in forms(text):
        assert "Set protect to true" in " ".join(form.split())
        assert "the policy pack refuses it: protection" in " ".join(form.split())


def test_policies_that_only_advise_refuse_nothing() -> None:
    made = document(events(of_cluster("same", {}), policies=(verdict("tags", "advisory"),)))
    assert (made["exitCode"], made["headline"]) == (0, "Nothing changes")


def test_a_policy_of_an_unknown_level_refuses() -> None:
    assert document(events(of_cluster("same", {}), policies=(verdict("tags", "paranoid"),), failed=True))["exitCode"] == 1


def test_other_clusters_and_other_people_s_resources_are_told_like_ours() -> None:
    def express(kind: str) -> dict[str, Any]:
        return state(CLUSTER, "e", cluster(brokerNodeGroupInfo__instanceType=kind, brokerNodeGroupInfo__storageInfo=None))

    serverless = state("aws:msk/serverlessCluster:ServerlessCluster", "s", {"vpcConfigs": [{"subnetIds": ["subnet-1"]}]})
    other = state("gcp:storage/bucket:Bucket", "b", {"location": "EU"})
    made = document(
        preview(
            step("update", express("express.m7g.large"), express("express.m7g.xlarge")),
            step("delete", serverless, None),
            step("create", None, other),
        )
    )
    assert [change["effect"] for change in made["changes"]] == ["data loss", "rolling restart"]
    assert "no duration for Express" in made["changes"][1]["summary"]
    assert [item["name"] for item in made["others"]] == ["b"]


def test_text_of_a_resource_cannot_pass_for_markdown() -> None:
    evil = of_cluster("update", {"kafkaVersion": "</details>|**x**\n# y"})
    text = forms(preview(evil))[1]
    assert "\n# y" not in text
    assert text.count("</details>") == text.count("<details>")


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_the_command_reads_a_file_or_standard_input_and_writes_what_it_is_asked_for(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "preview.json"
    file.write_text(preview(RENAMED), encoding="utf-8")
    arguments = ["--format", form, "--today", "2026-11-23"]
    assert main([str(file), *arguments]) == 1
    printed = capsys.readouterr().out
    assert "Replaces the cluster orders" in printed
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    assert main(["-", *arguments]) == 1
    assert capsys.readouterr().out == printed
    assert main([str(file), *arguments, "--output", str(tmp_path / "report")]) == 1
    assert (tmp_path / "report").read_text(encoding="utf-8") == printed
    for option in (["--allow-replacement", KAFKA], ["--allow", KAFKA], ["--allow", "orders"], ["--allow", "kafka"]):
        assert main([str(file), *arguments, *option]) == 0


def test_a_file_that_is_not_there_is_a_wrong_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.json")]) == 2
    assert "cannot be read" in " ".join(capsys.readouterr().err.split())


def test_a_report_that_cannot_be_written_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "preview.json").write_text(preview(RENAMED), encoding="utf-8")
    assert main([str(tmp_path / "preview.json"), "--output", str(tmp_path / "none" / "report")]) == 3
    assert "cannot be written" in capsys.readouterr().err


CONFIGURATION = "aws:msk/configuration:Configuration"
PROPERTIES = urn(CONFIGURATION, "c")


def retention(**options: bool) -> str:
    """A preview of shorter retention; ``options`` are the cluster's, before and after."""
    old, new = (state(CONFIGURATION, "c", {"serverProperties": f"log.retention.hours={hours}"}) for hours in (168, 1))
    return preview(step("update", old, new), of_cluster("same", {}, old=options, new=options))


def test_shorter_retention_of_a_protected_cluster_passes_only_when_its_configuration_is_allowed() -> None:
    text = retention(protect=True)
    made = document(text)
    assert (made["exitCode"], made["needsAllowance"]) == (1, [PROPERTIES])
    assert made["headline"].startswith("Messages older than 1 h are deleted within minutes")
    assert "configuration c, log.retention.hours 168 h → 1 h" in made["headline"]
    (loss,) = made["changes"][0]["losses"]
    assert (loss["kind"], loss["old"], loss["new"], loss["protected"]) == ("messages", "168 h", "1 h", True)
    allowed = document(text, PROPERTIES)
    assert (allowed["exitCode"], allowed["allowed"]) == (0, [PROPERTIES])
    assert allowed["headline"] == made["headline"]
    assert document(text, KAFKA)["exitCode"] == 2
    for form in forms(text):
        assert "log.retention.hours: 168 h → 1 h. Messages older than 1 h are deleted" in " ".join(form.split())
        assert "no data is lost" not in form


def answered(text: str, **until: str) -> str:
    """The same preview of a stack whose file acknowledges these guards."""
    answers = {guard.replace("_", "-"): {"reason": "CHG-1", "until": day} for guard, day in until.items()}
    return json.dumps({**json.loads(text), "config": {"shop:acknowledge": json.dumps(answers)}})


def test_a_loss_that_the_stack_file_answers_for_is_allowed_and_shown() -> None:
    text = answered(retention(protect=True), shorter_retention="2026-12-01")
    made = document(text)
    assert (made["exitCode"], made["needsAllowance"], made["allowed"]) == (0, [PROPERTIES], [PROPERTIES])
    assert made["changes"][0]["acknowledged"] == ["shorter-retention"]
    for form in forms(text):
        assert "shorter-retention" in form
        assert "acknowledge" in form
        assert "no data is lost" not in form


@pytest.mark.parametrize("until", ["2026-11-22", "0", "zzz", "2026-13-01", "20261201", "2026-12-01x", ""])
def test_an_answer_that_does_not_hold_allows_nothing(until: str) -> None:
    assert document(answered(retention(protect=True), shorter_retention=until))["exitCode"] == 1
    assert document(answered(retention(protect=True), compaction="2026-12-01"))["exitCode"] == 1


def test_what_the_stack_file_has_to_answer_for_is_said_beside_the_allowance() -> None:
    for form in forms(retention(protect=True)):
        assert "acknowledge.shorter-retention" in form


def every_loss(text: str) -> int:
    code: int = changes_document(read_preview(text), today=TODAY, allow_loss=True)["exitCode"]
    return code


def test_the_label_allows_losses_and_nothing_that_is_refused_not_known_or_not_read() -> None:
    assert every_loss(preview(RENAMED)) == 0
    assert every_loss(retention(protect=True)) == 0
    refused = of_cluster("update", {"kafkaVersion": "3.8.x.kraft"}, old=PROTECTED, new=PROTECTED)
    assert every_loss(preview(refused)) == 1
    lost = json.loads(retention(protect=True))["steps"]
    assert every_loss(preview(*lost, refused)) == 1
    assert every_loss(preview(of_cluster("update", {"brokerNodeGroupInfo__instanceType": "kafka.m9g.large"}))) == 1
    assert every_loss(preview(step("update", state(CLUSTER, "kafka", cluster()), None))) == 2
    stopped = {**json.loads(preview(RENAMED)), "diagnostics": [{"message": ERROR, "severity": "error", "urn": KAFKA}]}
    assert every_loss(json.dumps(stopped)) == 1


def test_shorter_retention_of_an_unprotected_cluster_passes_with_a_warning() -> None:
    made = document(retention())
    assert (made["exitCode"], made["needsAllowance"]) == (0, [])
    assert made["headline"].startswith("Messages older than 1 h are deleted within minutes")
    # Naming what need not be named is no mistake: the same command serves both stacks.
    assert document(retention(), PROPERTIES)["exitCode"] == 0
    text, markdown, terminal = forms(retention())
    assert "messages are deleted, see above: nothing is protected, so nothing stops this change" in " ".join(text.split())
    assert markdown.startswith("### 🔴")
    for form in (text, markdown, terminal):
        assert "no data is lost" not in form


def test_what_may_delete_messages_is_never_told_as_harmless() -> None:
    old, new = (state("aws:msk/topic:Topic", "orders", {"configs": configs}) for configs in ("{}", UNKNOWN))
    made = document(preview(step("update", old, new), of_cluster("same", {})))
    assert made["exitCode"] == 0
    assert made["headline"].startswith("Messages may be deleted: configs is not known before the update (topic orders")


def test_what_aws_refuses_is_worse_than_what_may_be_deleted() -> None:
    old, new = (state("aws:msk/topic:Topic", "orders", {"configs": configs}) for configs in ("{}", UNKNOWN))
    made = document(preview(step("update", old, new), of_cluster("update", {"kafkaVersion": "3.8.x.kraft"})))
    assert (made["exitCode"], made["headline"]) == (1, "AWS will refuse this update")


def files(name: str) -> dict[str, Any]:
    inputs = {"client": name, "mechanism": "IAM"}
    return step("delete", state("msk-platform:access:ClientFiles", f"{name}-files", inputs), None)


@pytest.mark.parametrize("protect", [True, False])
def test_clients_that_are_cut_off_are_named(protect: bool) -> None:
    options = {"protect": protect}
    off = of_cluster("update", {"clientAuthentication": {"sasl": {"scram": True}}}, old=options, new=options)
    text = preview(off, files("api"), files("erp"))
    made = document(text)
    assert (made["exitCode"], made["needsAllowance"]) == ((1, [KAFKA]) if protect else (0, []))
    assert made["headline"].startswith("Cuts clients off: IAM is turned off while api and erp use it (cluster orders")
    assert made["changes"][0]["losses"][0]["clients"] == ["api", "erp"]
    assert document(text, KAFKA)["exitCode"] == 0
    unused = document(preview(off))
    assert (unused["exitCode"], unused["needsAllowance"]) == (0, [])
    assert "No client in this preview uses it" in unused["changes"][0]["notes"][0]


def rule(number: int) -> dict[str, Any]:
    inputs = {"cidrIpv4": "10.0.0.0/24", "fromPort": 9098, "toPort": 9098, "ipProtocol": "tcp", "securityGroupId": f"sg-{number}"}
    return step("delete", state("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", f"r{number}", inputs), None)


def test_who_is_cut_off_is_told_first_and_allowed_by_name() -> None:
    alarms = [state("aws:cloudwatch/metricAlarm:MetricAlarm", f"a{number}", {"threshold": 1}) for number in range(33)]
    text = preview(
        of_cluster("same", {}, old=PROTECTED, new=PROTECTED),
        rule(1),
        *(step("update", alarm, {**alarm, "inputs": {"threshold": 2}}) for alarm in alarms),
    )
    made = document(text)
    assert made["exitCode"] == 1
    assert [(row["client"], row["cannot"]) for row in made["cutOff"]] == [
        ("clients from 10.0.0.0/24", ["reach port 9098 (SASL/IAM)"])
    ]
    assert list(made["names"].values()) == ["10.0.0.0/24"]
    for name in ("10.0.0.0/24", "r1", made["needsAllowance"][0]):
        assert document(text, name)["exitCode"] == 0
    assert document(text, "r2")["exitCode"] == 2
    for form in forms(text)[:2]:
        said = " ".join(form.split())
        assert said.index("can no longer") < said.index("MetricAlarm \N{MULTIPLICATION SIGN}33")
        assert "a17" not in said


def test_a_name_of_two_things_is_refused_until_one_is_meant() -> None:
    same_name = [gone for kind in ("aws:secretsmanager/secret:Secret", "aws:cloudwatch/logGroup:LogGroup")
                 for gone in [step("delete", state(kind, "twin", {}), None)]]  # fmt: skip
    made = document(preview(*same_name), "twin")
    assert made["exitCode"] == 2
    assert "more than one thing" in made["problems"][0]
    assert set(made["names"].values()) == set(made["needsAllowance"])
    assert document(preview(*same_name), *made["needsAllowance"])["exitCode"] == 0


@pytest.mark.parametrize("number", [1, 400, pytest.param(4000, marks=pytest.mark.exhaustive)])
def test_a_comment_fits_and_begins_with_the_verdict(number: int) -> None:
    topics = [
        step("delete", state("aws:msk/topic:Topic", f"topic-{item}-{'x' * 60}", {"name": f"topic-{item}-{'x' * 60}"}), None)
        for item in range(number)
    ]
    markdown = forms(preview(*topics))[1]
    assert len(markdown) <= 60_000
    assert markdown.startswith("### 🔴")
    assert "Exit code 1: " in "".join(markdown.splitlines()[:4])
    assert markdown.count("<details>") == markdown.count("</details>")
    assert ("does not fit" in markdown) is (number > 1)


def test_what_is_not_known_passes_only_when_it_is_allowed() -> None:
    text = preview(of_cluster("update", {"brokerNodeGroupInfo__instanceType": "kafka.m9g.large"}))
    made = document(text)
    assert (made["exitCode"], made["needsAllowance"]) == (1, [KAFKA])
    assert "is not known" in made["headline"]
    assert document(text, "orders")["exitCode"] == 0


def test_more_losses_than_the_worst_are_counted() -> None:
    old, new = (state("aws:msk/topic:Topic", "orders", {"configs": {"retention.ms": kept}}) for kept in (2, 1))
    topic = step("update", old, new)
    made = document(preview(*json.loads(retention())["steps"], topic))
    assert made["headline"].endswith("; 1 more change deletes messages")
    made = document(preview(RENAMED, topic))
    assert made["headline"] == ("Replaces the cluster orders: all messages are lost; 1 more change deletes messages")


def test_a_preview_that_failed_midway_is_never_told_as_harmless() -> None:
    made = document(preview(of_cluster("update", {"tags": {"a": "b"}}), errors=({"message": "error: no credentials"},)))
    assert (made["exitCode"], made["headline"]) == (2, "The preview failed: some changes are unknown")


DELETED = {"op": "delete", "urn": KAFKA}
ROOT = step("same", *(state("pulumi:pulumi:Stack", "shop-prod", {}),) * 2)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"steps": None, "changeSummary": {"same": 5}}, "Its steps are not a list"),
        ({"steps": {}, "changeSummary": {"same": 5}}, "Its steps are not a list"),
        ({"changeSummary": {"delete": 3, "replace": 1}}, "counts 3 of the operation delete, but its steps show none."),
        ({"steps": [ROOT], "changeSummary": {"same": 9, "delete": 1}}, "Its summary counts 1 of the operation delete"),
        ({"steps": [step("delete", RENAMED["oldState"], None)], "changeSummary": {"delete": 2}}, "but its steps show 1."),
        ({"steps": [ROOT], "changeSummary": {"vaporise": 1}}, "Its summary counts 1 of the operation vaporise, which this tool"),
        ({"steps": [ROOT], "changeSummary": {"delete": "3"}}, "Its summary's count of delete is not a whole number."),
        ({"steps": [ROOT], "changeSummary": [1]}, "Its summary is not a map of counts."),
        ({"steps": []}, "It has no steps and counts no resources"),
        ({"steps": [{**DELETED, "oldState": None, "newState": None}]}, "Step 1, the operation delete, lacks the old state"),
        ({"steps": [{"op": "create", "urn": KAFKA}]}, "lacks the new state"),
        ({"steps": [{**RENAMED, "op": "update", "newState": None}]}, "Step 1, the operation update, lacks the new state of"),
        ({"steps": [{**RENAMED, "oldState": None}]}, "Step 1, the operation replace, lacks the old state of kafka"),
        ({"steps": [{**RENAMED, "op": "vaporise"}]}, "Step 1 has the operation vaporise, which this tool does not know"),
        ({"steps": [{"op": "update"}]}, "Step 1 has no operation"),
        ({"steps": [7]}, "Step 1 has no operation"),
        ({"steps": [of_cluster("update", {"tags": {}}, detailedDiff={"tags": {"kind": "odd"}})]}, "differs in the way odd"),
        ({"steps": [of_cluster("update", {"tags": {}}, detailedDiff=[1])]}, "its detailedDiff is not a map"),
        ({"steps": [{**RENAMED, "op": "update"}]}, "the operation is update, but clusterName would replace"),
        ({"steps": [step("delete", {**RENAMED["oldState"], "type": "x:y:Z"}, None)]}, "Step 1 is of the type x:y:Z"),
        ({"steps": [step("update", *({**RENAMED["oldState"], "inputs": {}},) * 2)]}, "the operation update, shows no inputs"),
    ],
)  # fmt: skip
def test_a_preview_that_cannot_be_read_whole_is_no_ground_to_judge_on(content: dict[str, Any], problem: str) -> None:
    made = document(json.dumps(content))
    assert made["exitCode"] == 2
    assert any(problem in item for item in made["problems"])
    assert "this preview cannot be read completely" in made["headline"].lower()


def test_what_is_known_to_be_lost_is_told_even_where_there_may_be_more() -> None:
    made = document(json.dumps({"steps": [RENAMED], "changeSummary": {"replace": 2}}))
    assert (made["exitCode"], made["headline"]) == (
        2,
        "Replaces the cluster orders: all messages are lost; this preview cannot be read completely, and there may be more",
    )


@pytest.mark.parametrize(
    ("steps", "summary"),
    [
        ([ROOT], {"same": 160}),
        ([ROOT, step("refresh", RENAMED["oldState"], RENAMED["oldState"])], {"same": 2}),
        ([ROOT, of_cluster("update", {"tags": {"a": "b"}})], {"same": 40, "update": 1}),
        ([ROOT, step("read", None, RENAMED["oldState"])], {"same": 40, "read": 3, "refresh": 2, "discard": 1}),
    ],
)
def test_what_stays_as_it_is_goes_unnamed(steps: list[dict[str, Any]], summary: dict[str, int]) -> None:
    made = document(json.dumps({"steps": steps, "changeSummary": summary}))
    assert (made["exitCode"], made["problems"]) == (0, [])


def test_the_two_parts_of_a_replacement_are_one_that_is_counted() -> None:
    parts = [{**RENAMED, "op": op} for op in ("create-replacement", "delete-replaced")]
    made = document(json.dumps({"steps": parts, "changeSummary": {"replace": 1}}))
    assert (made["exitCode"], made["problems"]) == (1, [])


def raw_events(*metadata: object, **summary: Any) -> str:
    every = [{"resourcePreEvent": {"metadata": item}} for item in metadata]
    return "\n".join(map(json.dumps, [*every, *([{"summaryEvent": summary}] if summary else []), {"cancelEvent": {}}]))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (raw_events({"op": "same", "urn": KAFKA, "old": RENAMED["oldState"]}), "Its events end without a summary"),
        (raw_events(resourceChanges={"delete": 3}), "Its summary counts 3 of the operation delete"),
        (raw_events({**DELETED, "old": None}, resourceChanges={"delete": 1}), "lacks the old state of kafka"),
        (raw_events({**DELETED, "op": "odd", "old": RENAMED["oldState"]}, result="succeeded"), "the operation odd"),
        (raw_events(None, resourceChanges={"same": 1}), "Step 1 has no operation"),
    ],
)
def test_events_that_cannot_be_read_whole_are_no_ground_to_judge_on_either(text: str, problem: str) -> None:
    made = document(text)
    assert made["exitCode"] == 2
    assert any(problem in item for item in made["problems"])


FORGED = (
    "x'; touch here '\nResult: Fine\r# @everyone <img src=x> | `a` [c](http://e) https://e.example :rage: GH-1 #7 "
    "\x1b[2J\x9b2J\u202etxt"
)


def test_text_of_a_resource_can_forge_no_line_no_link_and_no_command() -> None:
    name = urn(CLUSTER, FORGED)
    old, new = (state(CLUSTER, FORGED, cluster(clusterName=FORGED, kafkaVersion=FORGED + more)) for more in "ab")
    gone = step("replace", old, new, **replacing("clusterName"))
    errors = ({"urn": name, "message": f"error: {FORGED}"},)
    for text in (
        preview(gone),
        preview(gone, errors=errors),
        preview({**gone, "op": FORGED}),
        preview({**gone, "oldState": None}),
    ):
        plain, markdown, terminal = forms(text)
        for form in (plain, markdown, terminal.replace("\x1b[0m", "").replace("\x1b[", "")):
            # Titles stand at the beginning of a line; all else is further in.
            assert not any(line.startswith("Result: Fine") for line in form.split("\n"))
            assert "\r" not in form
            assert "\x9b" not in form
            assert "\u202e" not in form
        assert "\x1b" not in plain + markdown
        assert "\x1b[2J" not in terminal
        # What is code, within a line or as a block, is shown as it is.
        said = re.sub(r"(?<!\\)`[^`]*`|^    .*$", "", markdown, flags=re.MULTILINE)
        for obeyed in (r"@everyone", r"https://e", r":rage:", r"GH-1", r"#7", r"(?<!\\)<img", r"(?<!\\)\]\("):
            assert not re.search(obeyed, said), said


def test_a_command_that_names_a_resource_names_nothing_else(tmp_path: Path) -> None:
    old, new = (state(CLUSTER, FORGED, cluster(clusterName=FORGED + item)) for item in "ab")
    text = preview(step("replace", old, new, **replacing("clusterName")))
    (name,) = document(text)["names"].values()
    assert document(text, name)["exitCode"] == 0
    for form in forms(text)[:2]:
        lines = [line.strip() for line in form.splitlines()]
        start = next(number for number, line in enumerate(lines) if line.startswith("--allow"))
        command = " ".join(lines[start : start + 2]) if lines[start] == "--allow" else lines[start]
        done = subprocess.run(
            ["bash", "-c", f"printf '%s' {command.removeprefix('--allow ')}"],  # noqa: S607 - PATH's bash
            cwd=tmp_path,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            check=True,
        )
        assert done.stdout.decode() == name
        assert list(tmp_path.iterdir()) == []


def test_json_holds_the_text_and_shows_nothing_that_a_terminal_obeys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "preview.json"
    gone = step("delete", state(CLUSTER, FORGED, cluster(clusterName="ä")), None)
    file.write_text(preview(gone), encoding="utf-8")
    assert main([str(file), "--format", "json"]) == 1
    printed = capsys.readouterr().out
    assert json.loads(printed)["needsAllowance"] == [urn(CLUSTER, FORGED)]
    assert '"name": "ä"' in printed
    assert all(text.isprintable() or text == "\n" for text in printed)


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["3.9.x.kraft", "3.7.1", "kafka.m7g.large", "express.m7g.large", "TIERED", UNKNOWN])
)  # fmt: skip
NAMES = st.sampled_from(
    ["numberOfBrokerNodes", "kafkaVersion", "storageMode", "brokerNodeGroupInfo", "instanceType", "storageInfo", "ebsStorageInfo",
     "volumeSize", "clientAuthentication", "configurationInfo", "serverProperties", "clusterName", "provisionedThroughput",
     "connectivityInfo", "publicAccess", "type", "workload", "tags", "deletionWindowInDays", "urn", "parent",
     "propertyDependencies",
     "inputs", "outputs", "protect", "retainOnDelete", "delete", "kind", "config", "clientSubnets", "enabled", "resourceId",
     "maxCapacity", "volumeThroughput", "scalableDimension",
     "configs", "fromPort", "cidrIpv4", "client", "mechanism", "clusterArn", "sasl", "iam", "tls", "certificateAuthorityArns",
     "arn", "revision", "retention.ms", "cleanup.policy", "latestRevision", "until", "custom", "vpcEndpointType",
     "enhancedMonitoring"]
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=4), inner, max_size=5),
    max_leaves=12,
)
TYPES = st.sampled_from(
    [CLUSTER, "aws:msk/configuration:Configuration", "aws:kms/key:Key", "aws:appautoscaling/target:Target", "x:y:Z",
     "aws:msk/topic:Topic", "msk-platform:access:ClientFiles", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
     "msk-platform:cluster:KafkaCluster", "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:msk/serverlessCluster:ServerlessCluster"]
)  # fmt: skip
PART = st.fixed_dictionaries(
    {"type": TYPES | ANYTHING, "inputs": st.dictionaries(NAMES, ANYTHING, max_size=8) | ANYTHING},
    optional={
        "protect": st.booleans(), "custom": st.booleans(), "outputs": ANYTHING, "parent": ANYTHING,
        "propertyDependencies": ANYTHING,
        "retainOnDelete": ANYTHING, "pendingReplacement": ANYTHING,
    },
)  # fmt: skip
OPERATIONS = st.sampled_from(
    ["same", "create", "update", "delete", "replace", "create-replacement", "delete-replaced", "refresh", "read", "import", "odd"]
)
STEPS = st.fixed_dictionaries(
    {"op": OPERATIONS | ANYTHING, "urn": TYPES.map(lambda item: urn(item, "n")) | st.text(max_size=6)},
    optional={"oldState": PART | ANYTHING, "newState": PART | ANYTHING, "detailedDiff": ANYTHING, "replaceReasons": ANYTHING},
)
DOCUMENTS = st.fixed_dictionaries(
    {"steps": st.lists(STEPS | ANYTHING, max_size=4) | ANYTHING},
    optional={"config": ANYTHING, "diagnostics": st.lists(ANYTHING, max_size=2), "changeSummary": ANYTHING},
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(DOCUMENTS)
def test_whatever_a_preview_says_there_is_a_report(content: dict[str, Any]) -> None:
    text = json.dumps(content)
    for form in forms(text):
        assert form.strip()
    made = document(text)
    assert made["exitCode"] in (0, 1, 2)
    assert set(made["needsAllowance"]) >= {change["urn"] for change in made["changes"] if change["losesData"]}


@given(st.text(max_size=60))
def test_whatever_is_read_is_a_preview_or_is_said_to_be_none(text: str) -> None:
    # `contextlib.suppress` would hide nothing else: any other exception fails.
    with contextlib.suppress(NotAPreviewError):
        assert read_preview(text).steps == []
