"""Whose lag is watched, and who is told that it cannot be."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.clients.lag import NotWatched, lags
from domain.monitoring.terms import Lag
from domain.settings.clients import ClientAccess

TOPICS = ["orders.v1", "orders.v2", "customers"]


def client(**consume: Any) -> ClientAccess:
    return ClientAccess.model_validate({"as": {"scramUser": "erp"}, "consume": consume})


def test_each_group_is_watched_on_each_topic_that_is_known() -> None:
    reader = client(topics=["customers", "elsewhere"], prefixes=["orders."], groups=["a", "b"], maxLagSeconds=300)
    found, unwatched = lags({"reader": reader}, TOPICS)
    assert {(lag.group, lag.topic) for lag in found} == {
        (group, topic) for group in "ab" for topic in ("customers", "elsewhere", "orders.v1", "orders.v2")
    }
    assert {lag.seconds for lag in found} == {300}
    assert unwatched == ()


def test_the_group_of_a_streams_application_is_watched_on_what_it_reads() -> None:
    totals = ClientAccess.model_validate(
        {
            "as": {"scramUser": "totals"},
            "streams": {"applicationId": "totals"},
            "consume": {"topics": ["customers"], "prefixes": ["orders."], "maxLagSeconds": 60},
        }
    )
    found, unwatched = lags({"totals": totals}, TOPICS)
    assert found == tuple(Lag("totals", topic, 60) for topic in ("customers", "orders.v1", "orders.v2"))
    assert unwatched == ()


def test_nobody_is_watched_who_does_not_ask_for_it() -> None:
    assert lags({"reader": client(topics=["customers"], groups=["a"]), "nobody": ClientAccess()}, TOPICS) == ((), ())


def test_what_cloudwatch_has_no_lag_of_is_said() -> None:
    reader = client(topics=["customers"], prefixes=["payments."], groups=["a:b"], groupPrefixes=["batch-"], maxLagSeconds=60)
    found, unwatched = lags({"reader": reader}, TOPICS)
    assert found == ()
    assert {resource.name for resource in unwatched} == {"a:b", "batch-*", "payments.*"}
    assert all(str(resource).startswith("clients.reader.consume: no alarm watches the lag of ") for resource in unwatched)
    assert NotWatched("reader", "a:b", unwatched[0].reason) in unwatched


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=5))
def test_the_smallest_limit_of_a_group_holds(limits: list[int]) -> None:
    readers = {f"reader-{n}": client(topics=["customers"], groups=["a"], maxLagSeconds=limit) for n, limit in enumerate(limits)}
    assert lags(readers, TOPICS)[0] == (Lag("a", "customers", min(limits)),)
