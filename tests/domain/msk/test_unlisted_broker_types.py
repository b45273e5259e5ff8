"""Broker types that the catalogue has not got: by their form alone, with nothing invented."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk import brokers
from domain.msk.brokers import (
    BROKER_TYPES,
    BROKERS_AS_OF,
    LONGEST_TRUST,
    BrokerKind,
    BrokerType,
    broker_kind,
    broker_type,
    is_outdated,
    may_be_new,
)
from domain.msk.versions import default_version, runs_on
from domain.msk.volumes import provisioned_throughput_problem, volume_throughput
from msk_policies.msk import facts

M8G = BrokerType("kafka.m8g.large", BrokerKind.STANDARD)


@pytest.mark.parametrize(
    "name",
    [
        "kafka.m8g.large", "kafka.m8g.24xlarge", "express.m8g.2xlarge", "kafka.m9gd.xlarge", "kafka.r7g.large",
        "kafka.c8g.xlarge", "kafka.t4g.small",
    ],
)  # fmt: skip
def test_a_family_newer_than_the_catalogue_may_be_new(name: str) -> None:
    assert may_be_new(name)
    found = broker_type(name)
    assert found is not None
    assert (found.name, found.kind, found.is_listed) == (name, broker_kind(name), False)


@pytest.mark.parametrize(
    "name",
    ["kafka.m7g.24xlarge", "kafka.m5.48xlarge", "kafka.m6g.large", "kafka.r5.xlarge", "express.m5.large"],
)
def test_a_size_or_a_family_that_amazon_msk_passed_over_is_no_new_one(name: str) -> None:
    assert broker_type(name) is not None
    assert not may_be_new(name)


@pytest.mark.parametrize(
    "name",
    [
        "", "kafka", "kafka.m8g", "kafka.m7g.lagre", "kafka.m5.huge", "kafka.m8.large", "kafka.n8g.large", "kafka.m77g.large",
        "kafka.m8g.largee", "KAFKA.m8g.large", "kafka.M8g.large", "m8g.large", "serverless", "kafka.m8g.large.x",
        " kafka.m8g.large", "kafka.m8g.large\n",
    ],
)  # fmt: skip
def test_what_has_not_the_form_is_no_broker_type(name: str) -> None:
    assert broker_type(name) is None
    assert not may_be_new(name)


@given(st.text(max_size=30) | st.from_regex(r"(kafka|express)\.[a-z][0-9][a-z]?\.[a-z0-9]{4,8}", fullmatch=True))
def test_whatever_is_asked_for_only_the_catalogue_has_figures(name: str) -> None:
    found = broker_type(name)
    if found is not None and name not in BROKER_TYPES:
        known = {key for key, value in dataclasses.asdict(found).items() if value is not None}
        assert known == {"name", "kind", "has_kraft"}


@given(st.sampled_from(sorted(BROKER_TYPES)))
def test_the_catalogues_own_are_its_rows(name: str) -> None:
    assert broker_type(name) is BROKER_TYPES[name]
    assert BROKER_TYPES[name].is_listed
    assert not may_be_new(name)


def test_nothing_is_refused_or_promised_of_what_is_not_known() -> None:
    assert default_version(M8G) == "3.9.x.kraft"
    assert runs_on("4.1.x.kraft", M8G)
    assert provisioned_throughput_problem(M8G, 300) is None
    assert volume_throughput(M8G, 300, 1000) is None
    assert provisioned_throughput_problem(BROKER_TYPES["kafka.m7g.large"], 300)
    assert provisioned_throughput_problem(BrokerType("express.m8g.large", BrokerKind.EXPRESS), 300)


def test_a_list_is_trusted_for_as_long_as_the_pack_trusts_it() -> None:
    assert brokers.LONGEST_TRUST == facts.LONGEST_TRUST
    last = BROKERS_AS_OF + LONGEST_TRUST
    assert not is_outdated(BROKERS_AS_OF, last)
    assert is_outdated(BROKERS_AS_OF, last + dt.timedelta(days=1))
