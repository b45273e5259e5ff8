"""The preview command, end to end: the real program, the real policy pack in its own process."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from domain.settings.config_size import LONGEST
from support.large_configs import grow
from support.project_copies import copy_project
from support.stacks import ROOT, shipped_project
from tools.preview.command import main
from tools.preview.document import empty_document
from tools.preview.verdicts import judged_later

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = "2026-11-23"
KEYS = set(empty_document(project="", stack="", region=None, today=""))

Document = dict[str, Any]


@pytest.fixture(autouse=True)
def _day_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command sets the day in the environment."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")


@pytest.fixture
def judged(capsys: pytest.CaptureFixture[str]) -> Callable[..., Document]:
    """Previews a directory and returns the JSON document, having held it against the exit code."""

    def run(directory: Path, *options: str) -> Document:
        code = main(["--format", "json", "--today", TODAY, "--directory", str(directory), *options])
        document: Document = json.loads(capsys.readouterr().out)
        assert set(document) == KEYS
        assert document["exitCode"] == code
        return document

    return run


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    """The documents of the stacks that the template ships, which are not changed by any test."""
    documents = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "0")
        for stack in ("dev", "prod"):
            file = tmp_path_factory.mktemp(stack) / "document.json"
            where = ["--directory", str(shipped_project()), "--stack", stack]
            main([*where, "--format", "json", "--output", str(file), "--today", TODAY])
            documents[stack] = json.loads(file.read_text(encoding="utf-8"))
    return documents


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_stacks_that_the_template_ships_are_fine(sound: dict[str, Document], stack: str) -> None:
    document = sound[stack]
    assert document["problems"] == []
    assert [row for row in document["verdicts"] if not judged_later(row)] == []
    assert document["exitCode"] == 0
    assert {name for name, said in document["policies"]["rules"].items() if said not in ("pass", "disabled")} == set()
    assert [item["warnings"] for item in document["capacity"]] == [[]]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_resource_of_the_bill_is_in_the_inventory_and_the_other_way_round(sound: dict[str, Document], stack: str) -> None:
    document = sound[stack]
    free = sum(document["cost"]["free"].values())
    of_aws = [row for row in document["resources"] if row["type"].startswith("aws:")]
    assert 0 < free < len(of_aws)
    assert document["cost"]["usdPerMonth"] > 0
    assert not [line for line in document["cost"]["lines"] if ":" in line["item"]], "a type without a price"


def test_what_a_preview_does_not_know_has_an_example(sound: dict[str, Document]) -> None:
    exports = sound["dev"]["exports"]
    assert exports["clusterName"] == {"value": "msk-platform-dev", "known": True}
    assert not exports["clusterArn"]["known"]
    assert exports["clusterArn"]["example"].startswith("arn:aws:kafka:")


def test_nothing_of_this_machine_is_in_the_document(sound: dict[str, Document]) -> None:
    text = json.dumps(sound)
    assert str(ROOT) not in text
    assert str(shipped_project()) not in text
    assert str(Path.home()) not in text.replace('"/', "")


def test_two_previews_say_the_same(judged: Callable[..., Document], sound: dict[str, Document]) -> None:
    assert judged(shipped_project()) == sound["dev"]


@pytest.mark.parametrize(
    ("settings", "policy", "setting"),
    [
        ({"brokersPerZone": 1}, "minimum-brokers", "brokersPerZone"),
        ({"network": {"zones": ["use1-az1", "use1-az2"]}}, "multiple-availability-zones", "network.zones"),
        (
            {"encryption": {"clientBroker": "TLS_PLAINTEXT"}, "authentication": {"iam": {}, "unauthenticated": True}},
            "encryption-in-transit-tls-only",
            "encryption.clientBroker",
        ),
        ({"authentication": {"iam": {}, "unauthenticated": True}}, "no-unauthenticated-access", "authentication.unauthenticated"),
    ],
)
def test_a_policy_that_says_no_names_the_setting_and_its_line(
    tmp_path: Path, judged: Callable[..., Document], settings: dict[str, Any], policy: str, setting: str
) -> None:
    document = judged(copy_project(tmp_path, **settings))
    assert document["exitCode"] == 1
    (verdict,) = [item for item in document["verdicts"] if item["policy"] == policy]
    assert (verdict["setting"], verdict["file"]) == (setting, "Pulumi.dev.yaml")
    written = (tmp_path / "Pulumi.dev.yaml").read_text().splitlines()[verdict["line"] - 1]
    assert setting.rsplit(".", maxsplit=1)[-1] in written
    assert verdict["seenIn"] == ["preview", "simulated update"]
    assert document["policies"]["rules"][policy] == "fail"


# Settings of a cluster that may be deployed and that AWS would not create, the guard, and the rules that a team has to exempt.
AT_CREATION: list[tuple[dict[str, Any], str, set[str]]] = [
    (
        {"network": {"publicAccess": True, "natGateways": "none"}, "brokerType": "kafka.m7g.large"},
        "public-access-at-creation",
        {"no-public-access"},
    ),
    ({"network": {"ipv6": True}, "brokerType": "kafka.m7g.large"}, "dual-stack-at-creation", set()),
    ({"kafkaVersion": "3.7.x"}, "kafka-end-of-support", {"supported-kafka-version"}),
    ({"kafkaVersion": "3.5.1"}, "deprecated-at-creation", {"supported-kafka-version"}),
]


@pytest.mark.parametrize(("settings", "guard", "exempted"), AT_CREATION)
def test_what_aws_refuses_only_of_a_new_cluster_is_advice_until_the_stack_is_said_to_be_new(
    tmp_path: Path, judged: Callable[..., Document], settings: dict[str, Any], guard: str, exempted: set[str]
) -> None:
    project = copy_project(tmp_path, **settings)
    for new in (False, True):
        document = judged(project, *(["--new"] if new else []))
        (verdict,) = [row for row in document["verdicts"] if row["policy"] == guard]
        assert verdict["file"] == "Pulumi.dev.yaml"
        assert not document["result"].startswith("Fine")
        # The checks of a deployed stack stay green, but for what the pack refuses of any cluster.
        refusing = {row["policy"] for row in document["verdicts"] if row["enforcement"] == "mandatory"}
        assert refusing == ({guard} if new else exempted)
        # A new one was stopped by the guard; else the pack has judged it.
        assert (document["policies"] is None) is new


CLUSTER = "urn:pulumi:dev::msk-platform::msk-platform:cluster:KafkaCluster$aws:msk/cluster:Cluster::kafka-cluster-msk"
OPEN = {"encryption": {"clientBroker": "TLS_PLAINTEXT"}, "authentication": {"iam": {}, "unauthenticated": True}}


def configure(project: Path, config: dict[str, Any]) -> Path:
    """Adds to the configuration of the policies for the stack dev of a project, which then has one key a line."""
    file = project / "policies" / "config" / "dev.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | config, indent=2), encoding="utf-8")
    return project


def exempt(rule: str, until: str, **settings: Any) -> dict[str, Any]:
    return {rule: {"exemptions": {CLUSTER: {"reason": "CHG-123", "until": until}}, **settings}}


def test_an_open_stack_whose_every_rule_is_off_is_not_fine(tmp_path: Path, judged: Callable[..., Document]) -> None:
    document = judged(configure(copy_project(tmp_path, **OPEN), {"all": "disabled"}))
    assert set(document["policies"]["rules"].values()) == {"disabled"}
    assert document["policies"]["configuration"] == "policies/config/dev.json"
    assert document["exitCode"] == 0
    assert document["result"].startswith("Not judged: every rule is off")


def test_the_text_on_an_open_stack_whose_every_rule_is_off_never_says_fine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--directory", str(configure(copy_project(tmp_path, **OPEN), {"all": "disabled"}))]) == 0
    text = capsys.readouterr().out
    assert "Not judged: every rule is off" in text
    assert "Fine" not in text
    assert re.search(r"^Policies \(msk-policies \S+: \d+ off\)$", text, re.MULTILINE)


def test_critical_rules_that_are_off_stand_beside_the_result(tmp_path: Path, judged: Callable[..., Document]) -> None:
    off = dict.fromkeys(("encryption-in-transit-tls-only", "no-unauthenticated-access"), "disabled")
    document = judged(configure(copy_project(tmp_path, **OPEN), off))
    beside = "2 critical rules are off: no-unauthenticated-access, encryption-in-transit-tls-only"
    assert document["result"].startswith(f"Passes, but {beside}")


def test_a_pack_in_which_no_rule_is_mandatory_is_not_fine(tmp_path: Path, judged: Callable[..., Document]) -> None:
    document = judged(configure(copy_project(tmp_path), {"all": "advisory"}))
    assert document["exitCode"] == 0
    assert document["result"].startswith("Passes, but no rule is mandatory, so none could refuse")


def test_what_is_exempt_passes_and_is_known(tmp_path: Path, judged: Callable[..., Document]) -> None:
    exempted = exempt("encryption-in-transit-tls-only", "2027-01-31") | exempt("no-unauthenticated-access", "2027-01-31")
    document = judged(configure(copy_project(tmp_path, **OPEN), exempted))
    assert document["exitCode"] == 0
    rules = ["no-unauthenticated-access", "encryption-in-transit-tls-only"]
    assert f"2 exempt until 2027-01-31: {', '.join(rules)}" in document["result"]
    assert {document["policies"]["rules"][rule] for rule in rules} == {"exempt"}
    rows = [row for row in document["verdicts"] if row["kind"] == "exempt"]
    assert [(row["policy"], row["until"], row["reason"]) for row in rows] == [(rule, "2027-01-31", "CHG-123") for rule in rules]
    assert [row["setting"] for row in rows] == ["authentication.unauthenticated", "encryption.clientBroker"]
    assert all(row["resource"] == CLUSTER and row["line"] for row in rows)


def test_an_exemption_that_ended_refuses_again_and_says_so(tmp_path: Path, judged: Callable[..., Document]) -> None:
    ended = exempt("encryption-in-transit-tls-only", "2020-01-01")
    document = judged(configure(copy_project(tmp_path, **OPEN), {**ended, "no-unauthenticated-access": "disabled"}))
    assert document["exitCode"] == 1
    assert document["policies"]["rules"]["encryption-in-transit-tls-only"] == "fail"
    (verdict,) = [row for row in document["verdicts"] if row["policy"] == "encryption-in-transit-tls-only"]
    assert "(Its exemption ended on 2020-01-01.)" in verdict["message"]


RULE = "encryption-in-transit-tls-only"
ELSEWHERE = CLUSTER.replace("urn:pulumi:dev::msk-platform::", "urn:pulumi:prod::shop::")


@pytest.mark.parametrize(
    ("config", "key", "words"),
    [
        ({"encryption-in-transit-tls": "disabled"}, "encryption-in-transit-tls", f"Did you mean {RULE}?"),
        ({RULE: "of"}, RULE, "is no level."),
        (exempt(RULE, "2027-01-31", today="2019-01-01"), "today", f"{RULE} has no setting today."),
        (exempt(RULE, "2027-02-30"), "until", '"2027-02-30" is not allowed.'),
        (exempt(RULE, "9999-12-31"), "until", "Set until to 2027-11-24 or earlier."),
        ({RULE: {"exemptions": {ELSEWHERE: {"reason": "x", "until": "2027-01-31"}}}}, ELSEWHERE, f"Did you mean {CLUSTER}?"),
        (
            {RULE: {"exemptions": {"urn:pulumi:gone": {"reason": "x", "until": "2027-01-31"}}}},
            "urn:pulumi:gone",
            "no such resource.",
        ),
    ],
    ids=["rule", "level", "setting", "day", "far day", "another stack", "nowhere"],
)
def test_what_the_engine_takes_silently_is_a_mistake_with_its_line(
    config: dict[str, Any], key: str, words: str, tmp_path: Path, judged: Callable[..., Document]
) -> None:
    project = configure(copy_project(tmp_path), config)
    document = judged(project)
    assert document["exitCode"] == 2
    (mistake,) = document["problems"]
    assert mistake["file"] == "policies/config/dev.json"
    assert words in mistake["message"]
    assert (
        (project / mistake["file"]).read_text(encoding="utf-8").splitlines()[mistake["line"] - 1].strip().startswith(f'"{key}"')
    )
    assert document["policies"] is None


def test_mistakes_of_the_stack_file_and_of_its_policies_are_told_together(
    tmp_path: Path, judged: Callable[..., Document]
) -> None:
    document = judged(configure(copy_project(tmp_path, brokersPerZone="many"), {"log-retention": {"minimumDays": 0}}))
    assert document["exitCode"] == 2
    assert [row["file"] for row in document["problems"]] == ["Pulumi.dev.yaml", "policies/config/dev.json"]


def test_an_exemption_without_a_reason_is_a_mistake_with_its_line(tmp_path: Path, judged: Callable[..., Document]) -> None:
    blank = {"exemptions": {CLUSTER: {"until": "9999-12-31", "reason": " "}}}
    project = configure(copy_project(tmp_path, **OPEN), {"no-unauthenticated-access": blank, "log-retention": {"minimumDays": 0}})
    document = judged(project)
    assert document["exitCode"] == 2
    lines = (project / "policies" / "config" / "dev.json").read_text(encoding="utf-8").splitlines()
    told: dict[str, list[tuple[str, str]]] = {item["file"]: [] for item in document["problems"]}
    for problem in document["problems"]:
        told[problem["file"]].append((problem["message"], lines[problem["line"] - 1].strip()))
    assert len(told) == 1
    found = {line: message for message, line in told["policies/config/dev.json"]}
    assert '" " is not allowed. Say who decided so' in found['"reason": " "']
    assert "log-retention: minimumDays" in found['"minimumDays": 0']
    assert "ends within a year" in found['"until": "9999-12-31",']


@pytest.mark.parametrize(("text", "line"), [('{\n  "log-retention":\n}', 3), ('{\n"log-retention": "never"}', 2), ("[]", 1)])
def test_a_configuration_of_policies_that_cannot_be_read_is_a_mistake(
    tmp_path: Path, judged: Callable[..., Document], text: str, line: int
) -> None:
    copy_project(tmp_path)
    (tmp_path / "policies" / "config" / "dev.json").write_text(text, encoding="utf-8")
    document = judged(tmp_path)
    assert document["exitCode"] == 2
    assert [(item["file"], item["line"]) for item in document["problems"]] == [("policies/config/dev.json", line)]


def test_a_day_that_is_not_todays_is_said_beside_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--directory", str(shipped_project()), "--today", "2026-08-23"]) == 0
    assert capsys.readouterr().out.count("judged on 2026-08-23, not today") == 2
    assert main(["--directory", str(shipped_project())]) == 0
    assert "not today" not in capsys.readouterr().out


def test_a_guard_that_says_no_is_told_like_a_policy(tmp_path: Path, judged: Callable[..., Document]) -> None:
    document = judged(copy_project(tmp_path, network={"publicAccess": True}), "--new")
    assert document["exitCode"] == 1
    (verdict,) = document["verdicts"]
    assert (verdict["policy"], verdict["kind"]) == ("public-access-at-creation", "guard")
    assert verdict["setting"] == "network.publicAccess"
    assert not verdict["message"].endswith("]")


def test_the_day_decides_on_support(tmp_path: Path, judged: Callable[..., Document]) -> None:
    copy_project(tmp_path, kafkaVersion="3.6.0")
    assert judged(tmp_path, "--new", "--today", "2023-12-01")["exitCode"] == 0
    document = judged(tmp_path, "--new", "--today", "2036-01-01")
    assert document["exitCode"] == 1
    assert document["today"] == "2036-01-01"
    assert document["verdicts"][0]["setting"] == "kafkaVersion"


def test_all_wrong_settings_are_told_at_once_with_their_lines(tmp_path: Path, judged: Callable[..., Document]) -> None:
    copy_project(tmp_path, brokerType="kafka.r5.xlarge", storage={"initialGiB": 0}, network={"cidr": "10.0.0.0/28"})
    document = judged(tmp_path)
    assert document["exitCode"] == 2
    problems = {item["setting"]: item for item in document["problems"]}
    assert set(problems) == {"brokerType", "storage.initialGiB", "network.cidr"}
    assert problems["brokerType"]["value"] == "kafka.r5.xlarge"
    assert "kafka.m7g.xlarge" in problems["brokerType"]["message"]
    lines = (tmp_path / "Pulumi.dev.yaml").read_text().splitlines()
    for setting, problem in problems.items():
        assert setting.split(".")[-1] in lines[problem["line"] - 1]
    assert document["resources"] == []


def test_a_value_of_the_wrong_type_is_the_configurations_fault(tmp_path: Path, judged: Callable[..., Document]) -> None:
    document = judged(copy_project(tmp_path, brokersPerZone="two"))
    assert document["exitCode"] == 2
    assert "must be a whole number" in document["problems"][0]["message"]
    assert document["problems"][0]["line"] > 0


def test_a_stack_without_a_file_names_the_stacks_that_have_one(judged: Callable[..., Document]) -> None:
    document = judged(shipped_project(), "--stack", "nobody")
    assert document["exitCode"] == 2
    assert "dev, prod" in document["problems"][0]["message"]


def test_what_is_not_known_offline_is_warned_of(tmp_path: Path, judged: Callable[..., Document]) -> None:
    copy_project(tmp_path)
    with (tmp_path / "Pulumi.dev.yaml").open("a") as file:
        file.write("environment: [shared/network]\n")
    document = judged(tmp_path)
    assert document["exitCode"] == 0
    assert any("shared/network" in item["message"] for item in document["warnings"])


def test_a_program_that_crashes_is_the_programs_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy_project(tmp_path)
    (tmp_path / "__main__.py").unlink()
    (tmp_path / "__main__.py").write_text("import pulumi\nprint('begun')\nraise KeyError('lost')\n")
    assert main(["--directory", str(tmp_path)]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "KeyError" in shown.err
    assert "Traceback" in shown.err
    assert "The traceback is on standard error" in shown.err


def test_a_pack_that_does_not_start_is_told_with_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy_project(tmp_path)
    shutil.rmtree(tmp_path / "policies")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\n")
    (tmp_path / "policies" / "__main__.py").write_text("raise SystemExit('no rules today')\n")
    assert main(["--directory", str(tmp_path)]) == 3
    error = capsys.readouterr().err
    assert "no rules today" in error
    assert "policy pack" in error


def test_a_configuration_that_no_program_can_be_started_with_is_refused(
    tmp_path: Path, judged: Callable[..., Document], capsys: pytest.CaptureFixture[str]
) -> None:
    topics = {f"orders.shop-{number:04}.completed.v1": {"partitions": 1, "retentionHours": 24} for number in range(2000)}
    document = judged(copy_project(tmp_path, brokerType="kafka.m7g.xlarge", topics=topics))
    assert document["exitCode"] == 2
    (problem,) = document["problems"]
    assert (problem["setting"], problem["file"]) == ("topics", "Pulumi.dev.yaml")
    assert re.search(r"makes the configuration too large: 1\d\d\.\d KiB as JSON, .*\(topics 1\d\d.* KiB,", problem["message"])
    assert (tmp_path / "Pulumi.dev.yaml").read_text().splitlines()[problem["line"] - 1].startswith("  topics:")
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(("size", "code"), [(LONGEST, 0), (LONGEST + 1, 2)])
def test_a_configuration_may_be_as_long_as_linux_takes_it(
    tmp_path: Path, judged: Callable[..., Document], size: int, code: int
) -> None:
    grow(copy_project(tmp_path), "dev", size)
    document = judged(tmp_path)
    assert document["exitCode"] == code
    assert ["makes the configuration too large" in item["message"] for item in document["problems"]] == [True] * (code == 2)
    said = [item["message"] for item in document["warnings"] if "128 KiB" in item["message"]]
    largest = r"The configuration takes 128 KiB of 128 KiB as JSON \(acknowledge 12[67]"
    assert [text for text in said if not re.match(largest, text)] == []
    assert len(said) == (code == 0)


def test_a_pack_that_the_operating_system_does_not_start_has_no_traceback(
    monkeypatch: pytest.MonkeyPatch, judged: Callable[..., Document], capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    monkeypatch.setattr("offline.pack.process.subprocess.Popen", refused)
    document = judged(shipped_project())
    assert document["exitCode"] == 3
    (problem,) = document["problems"]
    assert problem["message"] == (
        "The policy pack could not judge: the policy pack in policies could not be started: [Errno 12] Cannot allocate memory."
    )
    assert capsys.readouterr().err == ""


def test_a_failure_of_the_tool_itself_is_told_and_traced(
    monkeypatch: pytest.MonkeyPatch, judged: Callable[..., Document]
) -> None:
    def broken(_: object) -> object:
        message = "the moon"
        raise RuntimeError(message)

    monkeypatch.setattr("tools.preview.run.load_project", broken)
    document = judged(shipped_project())
    assert document["exitCode"] == 3
    assert "the moon" in document["problems"][0]["message"]


@pytest.mark.parametrize("settings", [{"brokersPerZone": 0}, {"network": {"publicAccess": True}}, {"brokersPerZone": 1}])
def test_users_mistakes_have_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: dict[str, Any]) -> None:
    assert main(["--directory", str(copy_project(tmp_path, **settings))]) in (1, 2)
    shown = capsys.readouterr()
    assert "Traceback" not in shown.out + shown.err


def test_wrong_settings_are_told_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--directory", str(copy_project(tmp_path, brokersPerZone=0))]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert re.search(r"Pulumi\.dev\.yaml:\d+: brokersPerZone = 0: must be at least 1", shown.err)


def test_the_text_is_plain_and_says_it_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--directory", str(shipped_project()), "--today", TODAY]) == 0
    text = capsys.readouterr().out
    assert re.search(r"[\x1b\u2500-\u257f]", text) is None
    for title in ("Preview of", "Resources", "Policies", "Capacity of", "Cost", "Exports", "Result"):
        assert re.search(rf"^{title}", text, re.MULTILINE)
    assert "It contacted nothing" in text
    too_long = [line for line in text.splitlines() if len(line) > 100 and " " in line.strip()]
    assert too_long == []


def test_a_report_in_a_file_is_announced_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "report.json"
    assert main(["--directory", str(shipped_project()), "--format", "json", "--output", str(file)]) == 0
    assert json.loads(file.read_text())["exitCode"] == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert str(file) in line
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--directory", str(shipped_project()), "--stack", "nobody", "--output", str(tmp_path / "no" / "report")]) == 3
    assert "cannot be written" in capsys.readouterr().err


def test_a_date_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--today", "tomorrow"])
    assert ended.value.code == 2
    assert "tomorrow" in capsys.readouterr().err
