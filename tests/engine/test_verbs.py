"""`python -m tools up` and `destroy` with the real CLI and engine: nothing but what was shown and answered for is done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tools.shared.selection import selected_stack
from tools.verbs.destroy import main as destroy
from tools.verbs.up import main as up

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.engine.pulumi_cli import Stack

CLUSTER = "aws:msk/cluster:Cluster"


@pytest.fixture
def at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Stack], list[str]]:
    """Puts a stack's CLI and backend where commands look for them; returns the options that name its project."""

    def at(stack: Stack) -> list[str]:
        bin_ = tmp_path / "bin"
        bin_.mkdir(exist_ok=True)
        (bin_ / "pulumi").symlink_to(stack.cli)
        for name, value in stack.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PATH", f"{bin_}{os.pathsep}{stack.environment['PATH']}")
        monkeypatch.delenv("PULUMI_STACK", raising=False)
        return ["--directory", str(stack.project)]

    return at


def brokers(stack: Stack) -> int:
    with stack.cloud.only(CLUSTER) as cluster:
        return int(cluster["numberOfBrokerNodes"])


def changed(stack: Stack) -> list[str]:
    return [call.name for call in stack.cloud.calls() if call.call != "read"]


def test_a_new_stack_is_deployed_and_one_that_pulumi_does_not_know_is_told_how_to_make_it(
    new_stack: Callable[..., Stack], at_hand: Callable[[Stack], list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    stack = new_stack("dev")
    options = at_hand(stack)
    (stack.project / "Pulumi.test.yaml").write_bytes((stack.project / "Pulumi.dev.yaml").read_bytes())
    assert up([*options, "--stack", "test", "--yes"]) == 2
    assert "pulumi stack init test" in capfd.readouterr().err
    # `pulumi stack init` selects what it makes: the file where the CLI keeps that is found without the CLI.
    assert selected_stack(stack.project).why
    assert up([*options, "--yes"]) == 0
    assert brokers(stack) == 6
    shown = capfd.readouterr()
    assert "Stack dev, selected with `pulumi stack select`." in shown.err
    assert "--policy-pack-config policies/config/dev.json" in shown.out


def test_only_what_was_shown_and_answered_for_is_done(
    deployed: Callable[..., Stack],
    at_hand: Callable[[Stack], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    stack = deployed("dev")
    options = [*at_hand(stack), "--stack", "dev"]
    stack.cloud.forget_calls()

    def larger_meanwhile(_: str) -> str:
        stack.set(brokersPerZone=4)
        return "y"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    stack.set(brokersPerZone=3)
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert up(options) == 1
    monkeypatch.setattr("builtins.input", larger_meanwhile)
    assert up(options) == 3
    assert "violates plan" in capfd.readouterr().out
    # What production needs, dev does not have.
    (stack.project / "policies" / "config" / "dev.json").rename(stack.root / "dev.json")
    assert up([*options, "--yes"]) == 1
    refused = " ".join(capfd.readouterr().out.split())
    assert "policies/config/dev.json does not exist" in refused
    assert "the policy pack refuses it: protected-cluster-and-keys" in refused
    (stack.root / "dev.json").rename(stack.project / "policies" / "config" / "dev.json")
    stack.set(clusterName="another")
    assert up([*options, "--yes"]) == 1
    assert "all messages are lost" in " ".join(capfd.readouterr().out.split())
    assert changed(stack) == []
    stack.set(clusterName=None, brokersPerZone=3, protect=True)
    assert up([*options, "--yes"]) == 0
    assert brokers(stack) == 9
    stack.cloud.forget_calls()
    assert destroy([*options, "--confirm", "dev"]) == 1
    assert "Protected: nothing is destroyed" in capfd.readouterr().out
    assert changed(stack) == []
