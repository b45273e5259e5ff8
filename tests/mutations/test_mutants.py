"""Mutants of the production stack: each is stopped by a setting, a guard or a rule, or a reason says why it does no harm."""

from __future__ import annotations

import pytest

from support.mutation_run import Outcome, idle_reasons, report, resources_outcomes, settings_outcomes, unexplained
from support.stacks import ROOT, TODAY, run_stack

PAGE = ROOT / "docs" / "mutations.md"


@pytest.fixture(scope="module", autouse=True)
def _pinned_day() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1795392000")
        assert TODAY.isoformat() == "2026-11-23"
        yield


@pytest.fixture(scope="module")
def of_settings(_pinned_day: object) -> list[Outcome]:
    return list(settings_outcomes())


@pytest.fixture(scope="module")
def of_resources(_pinned_day: object) -> list[Outcome]:
    return list(resources_outcomes())


def test_every_mutant_of_a_setting_is_stopped_or_does_no_harm(of_settings: list[Outcome]) -> None:
    assert unexplained(of_settings, "settings") == []
    assert idle_reasons(of_settings, "settings") == []


def test_every_mutant_of_a_resource_is_stopped_or_does_no_harm(of_resources: list[Outcome]) -> None:
    assert unexplained(of_resources, "resources") == []
    assert idle_reasons(of_resources, "resources") == []


def test_no_kind_of_resource_is_left_unchanged(of_resources: list[Outcome]) -> None:
    there = {resource.type for resource in run_stack("prod", dry_run=False).resources if resource.type.startswith("aws:")}
    assert {outcome.mutant.where.split()[0] for outcome in of_resources} == there


def test_the_report_says_what_became_of_them(of_settings: list[Outcome], of_resources: list[Outcome]) -> None:
    assert report(of_settings, of_resources) == PAGE.read_text(encoding="utf-8"), "run `make mutations`"
