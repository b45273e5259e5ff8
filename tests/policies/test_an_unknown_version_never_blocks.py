"""The day on which support is judged, and what only advises."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msk_policies.kit.days import today
from msk_policies.registry import POLICIES
from support.pack import CLUSTER, in_process
from support.policy_cases import SOUND

PACK = in_process(POLICIES)


@given(st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}\.x(\.kraft)?", fullmatch=True) | st.text(min_size=1))
def test_a_version_that_nobody_knows_is_advised_on_and_never_blocked(version: str) -> None:
    unknown = f"9{version}"
    said = PACK.judge({**SOUND[CLUSTER], "kafkaVersion": unknown})
    assert [(verdict.policy, verdict.level) for verdict in said] == [("kafka-version-known", "advisory")]


def test_the_environment_counts_more_than_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86399")
    assert today() == dt.date(1970, 1, 1)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert today() == dt.date(1970, 1, 2)


@pytest.mark.parametrize("epoch", ["", "soon", "1e9", "9" * 30, "9" * 5000, "-" + "9" * 30])
def test_a_day_that_is_none_leaves_it_to_the_clock(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dt.datetime.now(dt.UTC).date()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert before <= today() <= dt.datetime.now(dt.UTC).date()
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert before <= today() <= dt.datetime.now(dt.UTC).date()
