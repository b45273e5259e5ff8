"""What is exempt is still said: as advice, for a reason, until a day that nothing but the clock moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest

from domain.checks.limits import LONGEST_ACKNOWLEDGEMENT
from domain.problems import is_blank
from msk_policies.kit import exemptions
from msk_policies.kit.advice import advising
from msk_policies.registry import POLICIES
from support.pack import CLUSTER, in_its_own_process, in_process
from support.policy_cases import SOUND, SOUND_STACK, changed
from support.stacks import TODAY, source_date_epoch
from tools.shared import pack_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.pack import Pack

URN = f"urn:pulumi:test::project::{CLUSTER}::it"
RULE = "no-unauthenticated-access"
OPEN = changed(SOUND[CLUSTER], {"set": {"clientAuthentication.unauthenticated": True}})


@pytest.fixture(params=["in process", "in its own process"], scope="module")
def pack(request: pytest.FixtureRequest) -> Iterator[Pack]:
    epoch = source_date_epoch(TODAY)
    with pytest.MonkeyPatch.context() as patch, in_its_own_process(environment={"SOURCE_DATE_EPOCH": epoch}) as (process, _):
        patch.setenv("SOURCE_DATE_EPOCH", epoch)
        yield process if request.param == "in its own process" else in_process(POLICIES)


def said(pack: Pack, exemption: dict[str, str], **settings: Any) -> list[tuple[str, bool]]:
    """Level of each verdict on an open cluster, and whether it is told as exempt."""
    pack.configure({RULE: {"exemptions": {URN: exemption}, **settings}})
    verdicts = [verdict for verdict in pack.judge(OPEN) if verdict.policy == RULE]
    assert all("clientAuthentication" in verdict.message for verdict in verdicts), "what is wrong is said in any case"
    return [(verdict.level, verdict.message.startswith("exempt until ")) for verdict in verdicts]


@pytest.mark.parametrize(("until", "expected"), [("2026-11-23", ("advisory", True)), ("2026-11-22", ("mandatory", False))])
def test_a_violation_only_advises_until_the_last_day(pack: Pack, until: str, expected: tuple[str, bool]) -> None:
    assert said(pack, {"reason": "CHG-123", "until": until}) == [expected]


@pytest.mark.parametrize(
    "reason", ["", " ", "\t\n", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}", "\N{HANGUL FILLER}\N{BRAILLE PATTERN BLANK}"]
)
def test_nothing_is_exempt_without_a_reason(pack: Pack, reason: str) -> None:
    assert said(pack, {"reason": reason, "until": "2027-01-31"}) == [("mandatory", False)]


def test_the_pack_and_the_stack_file_agree_on_what_is_blank_and_how_long_a_year_is() -> None:
    characters = [chr(number) for number in range(0x10000) if not 0xD800 <= number < 0xE000]
    assert [each for each in characters if exemptions._blank(each) is not is_blank(each)] == []
    assert exemptions.LONGEST == LONGEST_ACKNOWLEDGEMENT == pack_config.LONGEST


def test_an_exemption_that_ends_in_more_than_a_year_exempts_nothing_and_says_why(pack: Pack) -> None:
    assert said(pack, {"reason": "CHG-123", "until": "2027-11-24"}) == [("advisory", True)]
    assert said(pack, {"reason": "CHG-123", "until": "2027-11-25"}) == [("mandatory", False)]
    (verdict,) = (verdict for verdict in pack.judge(OPEN) if verdict.policy == RULE)
    assert verdict.message.endswith(
        "(Its exemption until 2027-11-25 does not count: it ends more than a year ahead. Set until to 2027-11-24 or earlier.)"
    )


def test_no_setting_moves_the_day_back(pack: Pack, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["pack"] == "in process":
        assert said(pack, {"reason": "x", "until": "2020-01-01"}, today="2019-01-01") == [("mandatory", False)]
    else:
        # The pack in its own process takes no setting that it does not have.
        with pytest.raises(grpc.RpcError, match=f"{RULE} has no setting today."):
            said(pack, {"reason": "x", "until": "2020-01-01"}, today="2019-01-01")


@pytest.mark.parametrize("level", ["advisory", "remediate"])
def test_what_is_exempt_is_told_as_exempt_at_every_level(pack: Pack, level: str) -> None:
    assert said(pack, {"reason": "x", "until": "2027-11-24"}, enforcementLevel=level) == [("advisory", True)]


def test_an_exemption_of_one_resource_leaves_the_others_in_a_stack_refused(pack: Pack) -> None:
    stack = [*SOUND_STACK]
    kafka = next(resource for resource in stack if resource.name == "kafka")
    of_kafka = {"reason": "CHG-123", "until": "2026-11-23"}
    bare = [type(resource)(resource.name, resource.type, resource.properties, resource.refers) for resource in stack]
    pack.configure({"protected-cluster-and-keys": {"exemptions": {kafka.urn: of_kafka}}})
    levels = {verdict.on: verdict.level for verdict in pack.judge_stack(bare) if verdict.policy == "protected-cluster-and-keys"}
    assert levels.pop("kafka") == "advisory"
    assert set(levels.values()) == {"mandatory"}


def test_an_sdk_that_binds_no_level_is_no_way_to_advise() -> None:
    with pytest.raises(TypeError, match="requirements"):
        advising(print)
