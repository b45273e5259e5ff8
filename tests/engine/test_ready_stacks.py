"""The ready stacks under the real engine, with the policies of prod: by day one of them in its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from support.by_turns import of_the_day
from support.stacks import ROOT
from tools.stacks.uses import TITLES, read_use

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

PACK = ("--policy-pack", "policies", "--policy-pack-config", "policies/config/prod.json")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """By day one use is tried, each in its turn."""
    if "use" in metafunc.fixturenames:
        exhaustive = metafunc.config.getoption("exhaustive")
        turn = of_the_day(list(TITLES), exhaustive=exhaustive)
        # Processes that collect before and after midnight must collect the same names.
        metafunc.parametrize("use", turn, ids=turn if exhaustive else ["whose turn it is"])


def test_a_ready_stack_previews_under_the_real_engine_and_by_night_deploys(
    use: str, new_stack: Callable[..., Stack], exhaustive: bool
) -> None:
    ready = yaml.safe_load(read_use(ROOT, use).text)["config"]
    stack = new_stack("prod", watched=True)
    file = stack.project / "Pulumi.prod.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump({**content, "config": ready}), encoding="utf-8")
    text = stack.run("preview", *PACK).text
    assert "msk-policies" in text
    assert "[mandatory]" not in text
    steps = {(step.op, step.type) for step in stack.preview()}
    kinds = {kind for op, kind in steps if op == "create"}
    # Topics of Serverless clusters are no resources.
    assert kinds & {"aws:msk/topic:Topic", "aws:msk/serverlessCluster:ServerlessCluster"}
    assert {op for op, _ in steps} == {"create"}
    if not exhaustive:
        return
    stack.up()
    assert {step.op for step in stack.preview("--expect-no-changes")} <= {"same", "refresh"}


def test_each_use_has_its_turn_within_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    day = 24 * 60 * 60
    turns = []
    for number in range(7):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_790_000_000 + number * day))
        turns += of_the_day(list(TITLES), exhaustive=False)
    assert sorted(turns) == sorted(TITLES)
    assert of_the_day(list(TITLES), exhaustive=True) == list(TITLES)
