"""What each policy says, word for word, in this process and in one of its own."""

from __future__ import annotations

import contextlib
import datetime
import functools
from typing import TYPE_CHECKING

import pytest

from msk_policies.registry import POLICIES
from support.pack import in_its_own_process, in_process
from support.policy_cases import ABOUT_STACKS, SOUND, SOUND_STACK, Case, cases
from support.stacks import TODAY, source_date_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.pack import Pack

CASES = cases()


@pytest.fixture(params=["in process", "in its own process"], scope="module")
def pack_on(request: pytest.FixtureRequest) -> Iterator[Callable[[datetime.date], Pack]]:
    """A pack that judges on a day."""
    with contextlib.ExitStack() as packs, pytest.MonkeyPatch.context() as patch:
        in_this = in_process(POLICIES)

        @functools.cache
        def in_another(epoch: str) -> Pack:
            return packs.enter_context(in_its_own_process(environment={"SOURCE_DATE_EPOCH": epoch}))[0]

        def on(day: datetime.date) -> Pack:
            epoch = source_date_epoch(day)
            if request.param == "in its own process":
                return in_another(epoch)
            patch.setenv("SOURCE_DATE_EPOCH", epoch)
            return in_this

        yield on


@pytest.fixture
def pack(pack_on: Callable[[datetime.date], Pack]) -> Pack:
    return pack_on(TODAY)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_policy_says_what_its_case_expects(pack_on: Callable[[datetime.date], Pack], case: Case) -> None:
    assert case.judged_by(pack_on(case.today)) == case.verdicts


@pytest.mark.parametrize("resource_type", SOUND)
def test_no_policy_objects_to_a_sound_resource(pack: Pack, resource_type: str) -> None:
    pack.configure({})
    said = pack.judge(SOUND[resource_type], resource_type)
    assert [verdict for verdict in said if verdict.level != "not applicable"] == []


def test_a_sound_cluster_is_judged_by_every_policy_about_clusters(pack: Pack) -> None:
    pack.configure({})
    assert pack.judge(SOUND["aws:msk/cluster:Cluster"]) == []


def test_no_policy_objects_to_a_sound_stack(pack: Pack) -> None:
    pack.configure({})
    assert pack.judge_stack(SOUND_STACK) == []


def test_no_policy_objects_to_a_sound_stack_at_its_strictest(pack: Pack) -> None:
    pack.configure(dict.fromkeys(ABOUT_STACKS, "mandatory"))
    assert pack.judge_stack(SOUND_STACK) == []


def test_the_defaults_hold_without_any_configuration() -> None:
    unconfigured = in_process(POLICIES)
    configured = in_process(POLICIES)
    configured.configure({})
    for case in CASES:
        assert unconfigured.judge(case.properties, case.resource_type) == configured.judge(case.properties, case.resource_type)
        assert unconfigured.judge_stack(case.stack) == configured.judge_stack(case.stack)


@pytest.mark.parametrize("policy", [policy.name for policy in POLICIES])
def test_each_policy_has_a_case_that_it_passes_and_one_that_it_does_not(policy: str) -> None:
    own = [case for case in CASES if case.policy == policy]
    assert any(case.passes for case in own)
    assert any(case.fails for case in own)


def test_each_case_belongs_to_a_policy() -> None:
    assert {case.policy for case in CASES} == {policy.name for policy in POLICIES}


def test_no_two_cases_have_the_same_name() -> None:
    assert len({str(case) for case in CASES}) == len(CASES)
