"""The pack's facts are those of the fact tables they are generated from."""

from __future__ import annotations

import datetime as dt
import json

from domain.access.reach import REACH_AS_OF
from domain.facts import facts
from domain.msk.brokers import BROKERS_AS_OF
from domain.msk.refusals import CLUSTERS_MEASURED, OTHERS_MEASURED
from domain.msk.versions import KAFKA_VERSIONS, VERSIONS_AS_OF, is_past_support
from msk_policies.msk.kafka_support import FACTS_AS_OF, support_of
from support.pack import PACK

DOCUMENT = json.loads((PACK / "facts.json").read_text(encoding="utf-8"))


def test_the_file_holds_what_the_fact_tables_give_today() -> None:
    """When this fails: `python -m tools facts`."""
    assert facts(FACTS_AS_OF) == DOCUMENT


def test_the_file_claims_to_be_no_younger_than_its_tables() -> None:
    assert FACTS_AS_OF == VERSIONS_AS_OF
    days = {fact["asOf"] for group in DOCUMENT.values() for fact in group.values()}
    tables = (VERSIONS_AS_OF, BROKERS_AS_OF, CLUSTERS_MEASURED, OTHERS_MEASURED, REACH_AS_OF)
    assert days == {day.isoformat() for day in tables}


def test_pack_and_program_agree_on_the_end_of_every_versions_support() -> None:
    for version in KAFKA_VERSIONS.values():
        support = support_of(version.name, {})
        assert support is not None
        for day in (version.released, version.end_of_support or VERSIONS_AS_OF):
            for after in (0, 1):
                today = day + dt.timedelta(days=after)
                assert support.ended(today) == is_past_support(version, today)
