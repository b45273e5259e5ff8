from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.brokers import BROKER_TYPES, PROVISIONED_KINDS, BrokerKind, BrokerType
from domain.msk.versions import (
    KAFKA_VERSIONS,
    LISTED_BESIDES,
    VERSIONS_AS_OF,
    KafkaVersion,
    MetadataMode,
    created_with,
    default_version,
    end_of_support_note,
    is_downgrade,
    is_leaving_kraft,
    is_past_support,
    metadata_mode,
    nearest_version,
    recommended_version,
    runs_on,
    supports_broker_removal,
    supports_m7g,
    supports_multi_vpc_connectivity,
    supports_public_access,
    supports_tiered_storage,
    version_number,
    without_kraft_note,
)

ALL = list(KAFKA_VERSIONS.values())
TODAY = dt.date(2026, 11, 23)
names = st.sampled_from(sorted(KAFKA_VERSIONS))
strings = names | st.from_regex(r"[1-5]\.[0-9]{1,2}(\.([0-9]|x))?(\.[0-9])?(\.kraft|\.tiered)?", fullmatch=True)


@pytest.mark.parametrize("version", ALL, ids=lambda version: version.name)
def test_each_row_is_complete_and_agrees_with_itself(version: KafkaVersion) -> None:
    assert re.fullmatch(r"\d+\.\d+\.(\d+(\.\d+)?|x)(\.kraft|\.tiered)?", version.name)
    assert version.released <= VERSIONS_AS_OF
    assert version.end_of_support is None or version.end_of_support > version.released
    assert version.broker_kinds
    assert (version.metadata is MetadataMode.KRAFT) == version.name.endswith(".kraft")


def test_the_table_runs_from_the_oldest_number_to_the_newest() -> None:
    numbers = [version.number for version in ALL]
    assert numbers == sorted(numbers)


def test_zookeeper_is_gone_from_4_0_on_and_kraft_begins_with_3_7() -> None:
    for version in ALL:
        if version.number >= (4,):
            assert version.metadata is MetadataMode.KRAFT
        if version.metadata is MetadataMode.KRAFT:
            assert version.number >= (3, 7)


def test_a_newer_version_is_not_given_up_before_an_older_one() -> None:
    ends = [version.end_of_support or dt.date.max for version in ALL if "tiered" not in version.name]
    assert ends == sorted(ends)


def test_express_brokers_take_what_the_guide_and_the_provider_issue_say() -> None:
    express = [version.name for version in ALL if BrokerKind.EXPRESS in version.broker_kinds]
    assert express == ["3.8.x", "3.9.x.kraft", "4.2.x.kraft"]


def test_clusters_are_created_with_what_the_api_listed() -> None:
    """What CreateCluster answered on 2026-09-14 when it was asked for another version."""
    assert created_with(BrokerKind.EXPRESS) == ["3.8.x", "3.9.x.kraft", "4.2.x.kraft"]
    assert created_with(BrokerKind.STANDARD) == [
        "3.6.0", "3.7.x", "3.7.x.kraft", "3.8.x", "3.8.x.kraft", "3.9.x", "3.9.x.kraft", "4.0.x.kraft", "4.1.x.kraft",
    ]  # fmt: skip


def test_a_deprecated_version_is_another_thing_than_one_past_its_support() -> None:
    assert [version.name for version in ALL if version.is_deprecated][-2:] == ["3.4.0", "3.5.1"]
    past = [version.name for version in ALL if is_past_support(version, dt.date(2026, 11, 28)) and not version.is_deprecated]
    assert past == ["3.6.0", "3.7.x", "3.7.x.kraft"]


def test_what_amazon_msk_lists_besides_is_no_version_of_a_new_cluster() -> None:
    assert not set(LISTED_BESIDES) & set(KAFKA_VERSIONS)


def test_standard_brokers_take_everything_but_4_2() -> None:
    missing = [version.name for version in ALL if BrokerKind.STANDARD not in version.broker_kinds]
    assert missing == ["4.2.x.kraft"]


def test_what_the_sources_leave_open_is_said_in_a_sentence() -> None:
    open_questions = [version for version in ALL if version.uncertain]
    assert [version.name for version in open_questions] == ["3.6.0", "4.2.x.kraft"]
    for version in open_questions:
        assert version.uncertain
        assert version.uncertain.endswith(".")
        assert len(version.broker_kinds) < len(PROVISIONED_KINDS)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("3.9.x.kraft", (3, 9, 0)),
        ("3.9.x", (3, 9, 0)),
        ("2.4.1.1", (2, 4, 1, 1)),
        ("2.8.2.tiered", (2, 8, 2)),
        ("4.10.x.kraft", (4, 10, 0)),
        ("3.9", (3, 9)),
        ("", ()),
        ("latest", ()),
        ("9" * 5000, (999_999_999,)),
    ],
)
def test_a_version_string_is_read_as_numbers(name: str, number: tuple[int, ...]) -> None:
    assert version_number(name) == number


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("3.9.x", "3.8.x", True),
        ("3.8.x", "3.9.x", False),
        ("3.10.x", "3.9.x", True),
        ("3.9.x.kraft", "3.9.x", True),
        ("3.9.x", "3.9.x.kraft", False),
        ("3.9.x.kraft", "4.0.x.kraft", False),
        ("4.1.x.kraft", "4.0.x.kraft", True),
        ("2.8.2.tiered", "2.8.1", True),
        ("2.4.1", "2.4.1.1", False),
        ("2.4.1.1", "2.4.1", True),
        ("3.9", "3.9.x", False),
        ("3.9.x", "3.9", False),
        ("5.0.x.kraft", "4.9.x.kraft", True),
    ],
)
def test_going_back_is_told_from_going_forward(old: str, new: str, expected: bool) -> None:
    assert is_downgrade(old, new) is expected


@given(strings)
def test_staying_is_not_going_back(version: str) -> None:
    assert not is_downgrade(version, version)


@given(strings, strings)
def test_of_two_versions_at_most_one_is_behind_the_other(one: str, other: str) -> None:
    assert not (is_downgrade(one, other) and is_downgrade(other, one))


@given(strings, strings, strings)
def test_going_back_twice_is_going_back(first: str, second: str, third: str) -> None:
    if is_downgrade(first, second) and is_downgrade(second, third):
        assert is_downgrade(first, third)
    if not is_downgrade(first, second) and not is_downgrade(second, third):
        assert not is_downgrade(first, third)


def test_the_table_itself_is_ordered_by_going_back() -> None:
    for index, later in enumerate(ALL):
        for earlier in ALL[:index]:
            assert is_downgrade(later.name, earlier.name)
            assert not is_downgrade(earlier.name, later.name)


@given(strings, strings)
def test_kraft_is_never_left_by_way_of_a_kraft_version(old: str, new: str) -> None:
    if is_leaving_kraft(old, new):
        assert metadata_mode(old) is MetadataMode.KRAFT
        assert metadata_mode(new) is MetadataMode.ZOOKEEPER
        assert not is_leaving_kraft(new, old)


def test_leaving_kraft_for_a_newer_zookeeper_version_is_noticed_though_it_is_no_downgrade() -> None:
    assert is_leaving_kraft("3.8.x.kraft", "3.9.x")
    assert not is_downgrade("3.8.x.kraft", "3.9.x")


def test_a_version_unknown_here_is_kraft_from_4_0_on() -> None:
    assert metadata_mode("5.1.x") is MetadataMode.KRAFT
    assert metadata_mode("3.5.9") is MetadataMode.ZOOKEEPER
    assert metadata_mode("3.10.x.kraft") is MetadataMode.KRAFT


def test_support_lasts_through_its_last_day() -> None:
    version = KAFKA_VERSIONS["3.7.x.kraft"]
    assert version.end_of_support == dt.date(2026, 9, 1)
    assert not is_past_support(version, dt.date(2026, 9, 1))
    assert is_past_support(version, dt.date(2026, 9, 2))


@given(names, st.dates(), st.dates())
def test_support_that_has_ended_stays_ended(name: str, one: dt.date, other: dt.date) -> None:
    version = KAFKA_VERSIONS[name]
    if is_past_support(version, min(one, other)):
        assert is_past_support(version, max(one, other))


def test_versions_of_the_day_are_told_from_those_past_support() -> None:
    alive = {version.name for version in ALL if not is_past_support(version, TODAY)}
    assert {"3.8.x", "3.9.x", "3.9.x.kraft", "4.0.x.kraft", "4.1.x.kraft"} <= alive
    assert not alive & {"3.5.1", "3.6.0", "3.7.x", "3.7.x.kraft", "2.8.2.tiered"}


@pytest.mark.parametrize("kind", PROVISIONED_KINDS)
def test_today_3_9_kraft_is_recommended(kind: BrokerKind) -> None:
    assert recommended_version(kind, TODAY) == "3.9.x.kraft"


def test_where_there_is_no_kraft_3_9_is_recommended() -> None:
    assert recommended_version(BrokerKind.STANDARD, TODAY, MetadataMode.ZOOKEEPER) == "3.9.x"


@pytest.mark.parametrize("broker", BROKER_TYPES.values(), ids=lambda broker: broker.name)
def test_what_is_taken_or_suggested_for_a_broker_type_runs_on_it(broker: BrokerType) -> None:
    assert runs_on(default_version(broker), broker)
    wrong = {part for name in KAFKA_VERSIONS for part in (name[:3], name[:-1], name + "x", name.upper(), f"v{name}")}
    suggested = {version for name in wrong if (version := nearest_version(name, broker))}
    assert suggested
    assert [version for version in suggested if not runs_on(version, broker)] == []


def test_t3_small_runs_nothing_with_kraft_and_ends_at_3_9() -> None:
    small = BROKER_TYPES["kafka.t3.small"]
    assert not any(runs_on(version.name, small) for version in ALL if version.metadata is MetadataMode.KRAFT)
    assert not runs_on("5.1.x.kraft", small)
    assert max((version.name for version in ALL if runs_on(version.name, small)), key=version_number) == "3.9.x"


def test_what_brokers_with_kraft_cost_more_is_said_where_the_prices_are_from() -> None:
    small = BROKER_TYPES["kafka.t3.small"]
    note = without_kraft_note(small, 6, "us-east-1") or ""
    assert "does not support KRaft or Kafka versions after 3.9." in note
    # (0.204 - 0.0456) USD for each of 6 brokers and 730 hours.
    assert "6 brokers of kafka.m7g.large cost 693.79 USD more a month (list prices of us-east-1, brokers only)" in note
    elsewhere = without_kraft_note(small, 6, "eu-west-1") or ""
    assert "no prices for eu-west-1" in elsewhere
    assert "USD" not in elsewhere


def test_nothing_is_said_of_brokers_that_have_kraft() -> None:
    quiet = [name for name, broker in BROKER_TYPES.items() if without_kraft_note(broker, 6, "us-east-1") is None]
    assert quiet == [name for name in BROKER_TYPES if name != "kafka.t3.small"]


@pytest.mark.parametrize(
    ("name", "today", "days"),
    [
        ("3.7.x.kraft", dt.date(2026, 3, 4), None),
        ("3.7.x.kraft", dt.date(2026, 3, 5), 180),
        ("3.7.x.kraft", dt.date(2026, 9, 1), 0),
        ("3.7.x.kraft", dt.date(2026, 9, 2), None),
        ("3.9.x.kraft", dt.date(2026, 9, 1), None),
        ("9.9.x.kraft", dt.date(2026, 9, 1), None),
    ],
)
def test_half_a_year_before_support_ends_the_preview_names_the_command(name: str, today: dt.date, days: int | None) -> None:
    note = end_of_support_note(name, today, "prod")
    assert (note is not None) is (days is not None)
    if note:
        assert f"until 2026-09-01 ({days} days)" in note
        assert "`python -m tools upgrades --stack prod`" in note


@given(st.sampled_from(PROVISIONED_KINDS), st.dates(min_value=dt.date(2025, 4, 21)))
def test_what_is_recommended_runs_on_the_kind_with_kraft_and_support(kind: BrokerKind, today: dt.date) -> None:
    version = KAFKA_VERSIONS[recommended_version(kind, today)]
    assert kind in version.broker_kinds
    assert version.metadata is MetadataMode.KRAFT
    assert not is_past_support(version, today)


@pytest.mark.parametrize(
    ("supports", "with_it", "without_it"),
    [
        (
            supports_tiered_storage,
            ["2.8.2.tiered", "3.6.0", "3.7.x", "3.9.x.kraft", "4.1.x.kraft"],
            ["2.8.1", "3.5.1", "3.4.0"],
        ),
        (supports_m7g, ["2.8.2.tiered", "3.3.2", "3.4.0", "3.9.x.kraft"], ["2.8.1", "3.1.1", "3.3.1"]),
        (supports_public_access, ["2.6.0", "2.8.1", "3.9.x.kraft"], ["2.5.1", "1.1.1"]),
        (supports_multi_vpc_connectivity, ["2.7.1", "2.8.0", "3.9.x.kraft"], ["2.7.0", "2.6.3"]),
        (supports_broker_removal, ["2.8.1", "2.8.2.tiered", "3.9.x.kraft"], ["2.8.0", "2.7.2"]),
    ],
)
def test_what_a_version_supports_begins_where_the_guide_says(supports: object, with_it: list[str], without_it: list[str]) -> None:
    assert callable(supports)
    assert [name for name in with_it if not supports(name)] == []
    assert [name for name in without_it if supports(name)] == []
    assert set(with_it + without_it) <= set(KAFKA_VERSIONS)
