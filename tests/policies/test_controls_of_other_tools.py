"""For each control of other tools: the pack tells a program that violates it from those that do not.

The programs are plain ones, run on the offline engine and judged by the real pack process with every rule mandatory: what
counts is whether a rule that says it covers the control refuses.
"""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
import yaml

from domain.msk.refusals import AWS_REFUSALS
from msk_policies.registry import POLICIES
from offline.pack.pack import PolicyPack
from support.pack import PACK
from support.policy_cases import changed
from support.programs import run_inline
from tools.shared.controls import CONTROLS as TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from offline.pack.judgement import Judgement

FOLDER = Path(__file__).parent
CONTROLS: dict[str, dict[str, list[dict[str, Any]]]] = yaml.safe_load((FOLDER / "controls.yaml").read_text(encoding="utf-8"))
PROGRAM: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "sound_program.yaml").read_text(encoding="utf-8"))
COVERING = {control: {policy.name for policy in POLICIES if control in (policy.tags or [])} for control in CONTROLS}
VIOLATING = [(control, index) for control, programs in CONTROLS.items() for index in range(len(programs["violating"]))]
COMPLYING = [(control, index) for control, programs in CONTROLS.items() for index in range(len(programs.get("complying", ())))]


def program(change: Mapping[str, Any]) -> None:
    """The sound program with a change, as resources of no language's own classes: what any program registers."""
    made: dict[str, _Any] = {}
    for name, given in {**PROGRAM, **change.get("add", {})}.items():
        properties = changed(given["properties"], change if name == change.get("of", "kafka") else {})
        options = pulumi.ResourceOptions(protect=given.get("protect"), ignore_changes=given.get("ignoreChanges"))
        made[name] = _Any(given["type"], name, _linked(properties, made), options)


class _Any(pulumi.CustomResource):
    """A resource of any type, with the one output that others here use."""

    arn: pulumi.Output[str]

    def __init__(self, token: str, name: str, properties: Mapping[str, Any], options: pulumi.ResourceOptions) -> None:
        super().__init__(token, name, {"arn": None, **properties}, options)


def _linked(value: Any, made: Mapping[str, _Any]) -> Any:
    """Properties with the ARNs of other resources where their names stand behind an @."""
    if isinstance(value, dict):
        return {name: _linked(inner, made) for name, inner in value.items()}
    if isinstance(value, list):
        return [_linked(inner, made) for inner in value]
    return made[value[1:]].arn if isinstance(value, str) and value.startswith("@") else value


@pytest.fixture(scope="module")
def pack() -> Iterator[PolicyPack]:
    with pytest.MonkeyPatch.context() as patch, PolicyPack(PACK) as started:
        patch.setenv("SOURCE_DATE_EPOCH", "1795392000")  # 2026-11-23
        started.start(project="shop", stack="dev", config={})
        yield started


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Configuration with every rule mandatory."""
    file = tmp_path_factory.mktemp("strict") / "strict.json"
    file.write_text(json.dumps({"all": "mandatory"}), encoding="utf-8")
    return file


def _refusing(judgement: Judgement) -> set[str]:
    return {verdict.policy for verdict in judgement.violations if verdict.enforcement == "mandatory"}


def test_everything_that_aws_was_measured_to_refuse_is_a_control() -> None:
    assert {f"pf-msk-{name}" for name in AWS_REFUSALS} == {control for control in CONTROLS if control.startswith("pf-")}


def test_every_control_has_a_title_and_every_tag_is_a_control_or_a_topic() -> None:
    tags = {tag for policy in POLICIES for tag in policy.tags or []}
    assert set(CONTROLS) <= set(TITLES) <= tags
    # Topics are plain words: what looks like an id and has no title would be reported as nothing.
    assert [tag for tag in tags - set(TITLES) if not re.fullmatch("[a-z]+|s3", tag)] == []
    assert all(control.title and control.of for control in TITLES.values())


@pytest.mark.parametrize("control", CONTROLS)
def test_a_rule_covers_the_control(control: str) -> None:
    assert COVERING[control]


@pytest.mark.parametrize(("control", "index"), VIOLATING, ids=str)
def test_a_program_that_violates_the_control_is_refused_for_it(pack: PolicyPack, strict: Path, control: str, index: int) -> None:
    change = CONTROLS[control]["violating"][index]
    assert _refusing(pack.judge(run_inline(partial(program, change)), strict)) & COVERING[control]


@pytest.mark.parametrize(("control", "index"), COMPLYING, ids=str)
def test_a_program_that_does_not_is_not(pack: PolicyPack, strict: Path, control: str, index: int) -> None:
    change = CONTROLS[control]["complying"][index]
    assert not _refusing(pack.judge(run_inline(partial(program, change)), strict)) & COVERING[control]


@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "up"])
def test_no_rule_at_its_strictest_refuses_the_sound_program(pack: PolicyPack, strict: Path, dry_run: bool) -> None:
    assert _refusing(pack.judge(run_inline(partial(program, {}), dry_run=dry_run), strict)) == set()
