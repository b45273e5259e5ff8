"""`python -m tools up`, with a recorded `pulumi` at the edge: what it runs, and where it stops."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.previews import events, of_cluster, replacing, urn
from support.stacks import ROOT
from tools.verbs.up import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.fake_pulumi import FakePulumi

LARGER = of_cluster("update", {"numberOfBrokerNodes": 9})
REPLACED = of_cluster("replace", {"clusterName": "other"}, **replacing("clusterName"))
PACK = ["--policy-pack", "policies"]
NO_CLUSTER = urn("aws:msk/cluster:Cluster", "kafka")


def up(project: Path, *options: str) -> int:
    return main(["--directory", str(project), *options])


def commands(pulumi: FakePulumi) -> list[str]:
    return [arguments[0] for arguments in pulumi.calls]


@pytest.mark.parametrize("stack", ["dev", "prod", "acme/prod"])
def test_each_stack_is_judged_by_its_own_policies_and_deployed_with_them_and_the_previews_plan(
    stack: str, project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    pulumi.says(preview={"out": events(LARGER)})
    assert up(project, "--stack", stack, "--yes") == 0
    previewed, deployed = pulumi.calls
    config = [*PACK, "--policy-pack-config", f"policies/config/{stack.removeprefix('acme/')}.json"]
    plan = previewed[previewed.index("--save-plan") + 1]
    common = ["--stack", stack]
    assert previewed == [
        "preview", "--json", "--show-sames", *config, "--save-plan", plan, *common, "--non-interactive", "--color", "never",
    ]  # fmt: skip
    assert deployed == ["up", "--yes", *config, "--plan", plan, *common]
    assert pulumi.asked_for_events[0]
    shown = capfd.readouterr().out
    # Every command can be read, and pasted.
    assert f"$ pulumi {' '.join(deployed)}\n" in shown
    assert f"pulumi {' '.join(previewed[:-3])}\n" in shown
    assert "UpdateBrokerCount" in shown


def test_a_stack_without_a_configuration_is_judged_as_production_and_that_is_said(
    project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    pulumi.says(preview={"out": events(LARGER)})
    assert up(project, "--stack", "test", "--yes") == 0
    assert all("--policy-pack" in call and "--policy-pack-config" not in call for call in pulumi.calls)
    shown = " ".join(capfd.readouterr().out.split())
    assert "policies/config/test.json does not exist, so the pack requires what production needs" in shown


@pytest.mark.parametrize(
    ("out", "code", "words"),
    [
        (events(REPLACED), 1, "If the loss is intended: make up STACK=dev ALLOW=orders"),
        (
            events(
                LARGER,
                policies=(
                    {
                        "policyName": "minimum-brokers",
                        "enforcementLevel": "mandatory",
                        "resourceUrn": NO_CLUSTER,
                        "message": "A cluster should have brokers.\nRun 2 brokers: there is 1. Set numberOfBrokerNodes to 6.",
                    },
                ),
                failed=True,
            ),
            1,
            "the policy pack refuses it: minimum-brokers",
        ),
        ('{"steps": [', 2, "cut off"),
    ],
    ids=["loss", "policy", "cut off"],
)
def test_what_is_refused_is_not_deployed_even_where_nobody_is_asked(
    *, out: str, code: int, words: str, project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    pulumi.says(preview={"out": out, "code": 1})
    assert up(project, "--stack", "dev", "--yes") == code
    assert commands(pulumi) == ["preview"]
    said = capfd.readouterr()
    assert words in said.out + said.err


@pytest.mark.parametrize("option", ["--yes", "--preview"])
def test_a_preview_that_failed_is_never_fine_whatever_it_prints(
    option: str, project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    pulumi.says(preview={"out": events(LARGER), "code": 255, "err": "error: no space left on device\n"})
    assert up(project, "--stack", "dev", option) == 3
    assert commands(pulumi) == ["preview"]
    assert "no space left on device" in capfd.readouterr().err


def test_a_loss_that_is_allowed_is_deployed(project: Path, pulumi: FakePulumi) -> None:
    pulumi.says(preview={"out": events(REPLACED)})
    assert up(project, "--stack", "dev", "--yes", "--allow", "orders") == 0
    assert commands(pulumi) == ["preview", "up"]


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("Yes", 0), ("n", 1), ("", 1), ("prod", 1)])
def test_only_yes_deploys(
    answer: str, code: int, project: Path, pulumi: FakePulumi, answered: Callable[[str], list[str]]
) -> None:
    asked = answered(answer)
    pulumi.says(preview={"out": events(LARGER)})
    assert up(project, "--stack", "prod") == code
    assert asked == ["Deploy to prod? [y/N] "]
    assert commands(pulumi) == (["preview"] if code else ["preview", "up"])


def test_where_nobody_can_answer_nothing_runs(
    project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert up(project, "--stack", "dev") == 2
    assert pulumi.calls == []
    assert "make up YES=1" in capfd.readouterr().err


def test_changes_alone_are_shown_without_a_plan_and_without_a_question(project: Path, pulumi: FakePulumi) -> None:
    pulumi.says(preview={"out": events(LARGER)})
    assert up(project, "--stack", "dev", "--preview") == 0
    (previewed,) = pulumi.calls
    assert "--save-plan" not in previewed


def test_without_plans_it_still_previews_first(project: Path, pulumi: FakePulumi) -> None:
    pulumi.says(preview={"out": events(LARGER)})
    assert up(project, "--stack", "dev", "--yes", "--no-plan") == 0
    assert commands(pulumi) == ["preview", "up"]
    assert not any("plan" in argument for call in pulumi.calls for argument in call)


def test_a_deployment_that_fails_says_where_to_read_on(
    project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    pulumi.says(preview={"out": events(LARGER)}, up={"code": 255, "err": "error: update failed"})
    assert up(project, "--stack", "dev", "--yes") == 3
    assert "Recover from a failed update" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ("error: no stack named 'dev' found", "pulumi stack init dev"),
        ("error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", "pulumi login"),
    ],
)
def test_what_has_to_be_done_first_is_said(
    errors: str, words: str, project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    pulumi.says(preview={"err": errors, "code": 6})
    assert up(project, "--stack", "dev", "--yes") == 2
    assert words in capfd.readouterr().err


def test_a_preview_that_says_nothing_is_a_failure_with_what_pulumi_said(
    project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    pulumi.says(preview={"err": "error: no credentials", "code": 255})
    assert up(project, "--stack", "dev", "--yes") == 3
    assert "no credentials" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("version", "words"),
    [("v3.100.0\n", "is v3.100.0, and Pulumi.yaml requires 3.250.0 or newer"), ("pulumi?\n", "which is no version")],
)
def test_a_cli_that_will_not_do_is_told_before_anything_runs(
    version: str, words: str, project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    pulumi.says(version={"out": version})
    assert up(project, "--stack", "dev", "--yes") == 2
    assert pulumi.calls == []
    assert words in capfd.readouterr().err


def test_without_a_cli_it_says_which_and_where(
    project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert up(project, "--stack", "dev", "--yes") == 2
    said = capfd.readouterr().err
    assert "3.250.0 or newer" in said
    assert "https://www.pulumi.com/docs/install/" in said


def test_outside_of_a_project_it_says_so(tmp_path: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]) -> None:
    assert up(tmp_path, "--stack", "dev", "--yes") == 2
    assert pulumi.calls == []
    assert "no Pulumi.yaml" in capfd.readouterr().err


def test_on_a_terminal_it_asks_and_elsewhere_it_refuses(project: Path, pulumi: FakePulumi) -> None:
    pulumi.says(preview={"out": events(LARGER)})
    master, terminal = os.openpty()
    command = [sys.executable, "-m", "tools", "up", "--stack", "prod", "--directory", str(project)]
    with subprocess.Popen(command, cwd=ROOT, stdin=terminal, stdout=subprocess.PIPE, text=True) as process:
        os.write(master, b"n\n")
        shown, _ = process.communicate()
    assert process.returncode == 1
    assert "Deploy to prod? [y/N]" in shown
    assert commands(pulumi) == ["preview"]
    for descriptor in (master, terminal):
        os.close(descriptor)
    piped = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (piped.returncode, commands(pulumi)) == (2, ["preview"])


MISSPELT = '{\n"minimum-brokers": {"brokersPerZone": 1}}'
OF_NOTHING = '{"minimum-brokers": {"exemptions": {\n"urn:pulumi:prod::shop::a::b": {"reason": "x", "until": "2027-01-31"}}}}'


@pytest.mark.parametrize(
    ("text", "words", "ran"),
    [
        (MISSPELT, "policies/config/dev.json:2: minimum-brokers has no setting brokersPerZone.", []),
        ("{", "policies/config/dev.json:1: is no JSON", []),
        (OF_NOTHING, "policies/config/dev.json:2: minimum-brokers exempts urn:pulumi:prod::shop::a::b", ["preview"]),
    ],
    ids=["setting", "no JSON", "nowhere"],
)
def test_a_configuration_of_the_policies_that_is_wrong_stops_before_anything_is_deployed(
    *, text: str, words: str, ran: list[str], project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "policies" / "config" / "dev.json").write_text(text, encoding="utf-8")
    pulumi.says(preview={"out": events(LARGER)})
    assert up(project, "--stack", "dev", "--yes", "--today", "2026-11-23") == 2
    assert words in capfd.readouterr().err
    assert commands(pulumi) == ran


def test_an_exemption_of_what_the_preview_has_is_none_of_nothing(project: Path, pulumi: FakePulumi) -> None:
    there = OF_NOTHING.replace("urn:pulumi:prod::shop::a::b", urn("aws:msk/cluster:Cluster", "kafka"))
    (project / "policies" / "config" / "dev.json").write_text(there, encoding="utf-8")
    pulumi.says(preview={"out": events(LARGER)})
    assert up(project, "--stack", "dev", "--yes", "--today", "2026-11-23") == 0
