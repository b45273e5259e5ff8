from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.reach import REACH_AS_OF
from domain.facts import Fact, facts
from domain.msk.brokers import BROKER_TYPES, BROKERS_AS_OF
from domain.msk.refusals import AWS_REFUSALS, CLUSTERS_MEASURED, OTHERS_MEASURED
from domain.msk.versions import KAFKA_VERSIONS

DAY = dt.date(2026, 11, 23)
EVERY_FACT = [pytest.param(fact, id=f"{group}.{name}") for group, members in facts(DAY).items() for name, fact in members.items()]


@pytest.mark.parametrize("fact", EVERY_FACT)
def test_each_fact_has_a_value_a_public_source_and_a_day(fact: Fact) -> None:
    assert set(fact) == {"value", "source", "asOf"}
    assert fact["value"] not in (None, [], {})
    assert len(fact["source"]) > 10
    assert dt.date.fromisoformat(fact["asOf"]) in {
        DAY,
        BROKERS_AS_OF,
        CLUSTERS_MEASURED,
        OTHERS_MEASURED,
        REACH_AS_OF,
    }


def test_lists_are_as_old_as_the_tables_they_come_from() -> None:
    document = facts(DAY)
    assert document["kafka"]["versions"]["asOf"] == DAY.isoformat()
    assert document["brokers"]["types"]["asOf"] == BROKERS_AS_OF.isoformat()
    assert document["kafka"]["createdWith"]["asOf"] == CLUSTERS_MEASURED.isoformat()
    assert document["configurations"]["keys"]["asOf"] == OTHERS_MEASURED.isoformat()


def test_everything_that_aws_refuses_is_in_it() -> None:
    assert list(facts(DAY)["refusals"]) == list(AWS_REFUSALS)


@given(st.dates())
def test_the_document_is_plain_json_and_the_same_each_time(day: dt.date) -> None:
    document = facts(day)
    assert json.loads(json.dumps(document)) == document
    assert facts(day) == document


def test_every_version_and_broker_type_is_in_it() -> None:
    document = facts(DAY)
    versions = document["kafka"]["versions"]["value"]
    types = document["brokers"]["types"]["value"]
    assert isinstance(versions, list)
    assert isinstance(types, list)
    assert [version["name"] for version in versions] == list(KAFKA_VERSIONS)
    assert [type_name["name"] for type_name in types] == list(BROKER_TYPES)
    ended = {version["name"] for version in versions if version["endOfSupport"] and version["endOfSupport"] < DAY.isoformat()}
    assert "3.5.1" in ended
    assert "3.9.x.kraft" not in ended


def test_what_is_recommended_is_one_of_the_versions_and_supported() -> None:
    recommended = facts(DAY)["kafka"]["recommended"]["value"]
    assert recommended == {"standard": "3.9.x.kraft", "express": "3.9.x.kraft"}
    assert facts(DAY)["kafka"]["recommendedWithoutKRaft"]["value"] == "3.9.x"


def test_the_one_type_without_kraft_is_in_it() -> None:
    types = facts(DAY)["brokers"]["types"]["value"]
    assert isinstance(types, list)
    assert [type_name["name"] for type_name in types if not type_name["kraft"]] == ["kafka.t3.small"]


def test_ports_are_those_a_security_group_would_open() -> None:
    listeners = facts(DAY)["ports"]["listeners"]["value"]
    assert isinstance(listeners, list)
    assert {listener["port"] for listener in listeners if listener["reach"] == "VPC"} == {9092, 9094, 9096, 9098}
    assert {listener["port"] for listener in listeners if listener["reach"] == "public"} == {9194, 9196, 9198}
