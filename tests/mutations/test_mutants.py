"""Mutants of the production stack: each is stopped by a setting, a guard or a rule, or a reason says why it does no harm.

Every mutant of a setting is tried each time. Of the mutants of resources, the first of each kind (the same change to the same
property of the same type) is: the others are tried with `--exhaustive`, which also holds that the first one stands for them.
"""

from __future__ import annotations

import pytest

from support.mutation_run import (
    Outcome,
    contradictions,
    firsts,
    idle_reasons,
    report,
    resources_outcomes,
    sections,
    settings_outcomes,
    unexplained,
)
from support.stacks import ROOT, TODAY, run_stack

PAGE = ROOT / "docs" / "mutations.md"
RENEW = "run `make mutations`"


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
def of_resources(_pinned_day: object, exhaustive: bool) -> list[Outcome]:
    return list(resources_outcomes(every=exhaustive))


def test_every_mutant_of_a_setting_is_stopped_or_does_no_harm(of_settings: list[Outcome]) -> None:
    assert unexplained(of_settings, "settings") == []
    assert idle_reasons(of_settings, "settings") == []


def test_every_mutant_of_a_resource_is_stopped_or_does_no_harm(of_resources: list[Outcome]) -> None:
    assert unexplained(of_resources, "resources") == []


def test_no_kind_of_resource_is_left_unchanged(of_resources: list[Outcome]) -> None:
    there = {resource.type for resource in run_stack("prod", dry_run=False).resources if resource.type.startswith("aws:")}
    assert {outcome.mutant.where.split()[0] for outcome in of_resources} == there


def test_the_report_says_what_became_of_every_mutant_of_a_setting(of_settings: list[Outcome]) -> None:
    assert sections(report(of_settings, []))["Settings"] == sections(PAGE.read_text(encoding="utf-8"))["Settings"], RENEW


def test_the_report_fits_what_became_of_the_resources(of_resources: list[Outcome]) -> None:
    assert contradictions(sections(PAGE.read_text(encoding="utf-8"))["Resources"], of_resources) == [], RENEW


@pytest.mark.exhaustive
def test_every_reason_why_mutants_of_resources_do_no_harm_is_needed(of_resources: list[Outcome]) -> None:
    assert idle_reasons(of_resources, "resources") == []


@pytest.mark.exhaustive
def test_the_report_says_what_became_of_them(of_settings: list[Outcome], of_resources: list[Outcome]) -> None:
    assert report(of_settings, of_resources) == PAGE.read_text(encoding="utf-8"), RENEW


@pytest.mark.exhaustive
def test_the_first_of_a_kind_is_stopped_by_those_that_stop_any_of_it(of_resources: list[Outcome]) -> None:
    """What makes judging the first of each kind, as on every change, nearly as good as judging them all."""
    stopped = {(outcome.mutant.kind, rule) for outcome in of_resources for rule in outcome.stopped_by}
    by_the_first = {(outcome.mutant.kind, rule) for outcome in firsts(of_resources) for rule in outcome.stopped_by}
    assert len(by_the_first) >= 0.95 * len(stopped), sorted(stopped - by_the_first)
