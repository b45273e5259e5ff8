"""What becomes of messages when brokers go: with the rendered properties, nothing that was acknowledged is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.kafka.clients import Producing, consumed
from support.kafka.cluster import BROKERS

if TYPE_CHECKING:
    from support.kafka.cluster import Cluster

# With tries left, the client would hide the broker's answer and say after minutes that time is up.
_ONE_TRY = {"retries": 0}


def test_one_broker_may_crash_and_a_second_one_makes_producers_stop_rather_than_lose_messages(
    cluster: Cluster, topic: str
) -> None:
    writer = cluster.with_certificate("steady")
    producing = Producing(writer)
    producing.send(topic, [f"before {number}" for number in range(100)])

    crashed = cluster.leader(topic)
    cluster.kill_broker(crashed)
    producing.send(topic, [f"with two {number}" for number in range(100)])
    assert producing.refused == []
    assert len(producing.acknowledged) == 200
    cluster.await_in_sync(2, [topic])

    stopped = cluster.leader(topic)
    cluster.stop_broker(stopped)
    cluster.await_in_sync(1, [topic])
    hasty = Producing(writer, _ONE_TRY)
    hasty.send(topic, ["with one"])
    assert hasty.acknowledged == []
    assert hasty.refusals() == {"NOT_ENOUGH_REPLICAS"}

    cluster.heal()
    after = Producing(writer)
    after.send(topic, ["after"])
    assert {*producing.acknowledged, *after.acknowledged} <= set(consumed(writer, topic, 201))


def test_a_replica_that_lacks_messages_never_leads_even_when_it_alone_is_left(cluster: Cluster, topic: str) -> None:
    writer = cluster.with_certificate("patient")
    producing = Producing(writer)
    producing.send(topic, [f"with three {number}" for number in range(50)])
    lagging = next(node for node in BROKERS if node != cluster.leader(topic))
    cluster.kill_broker(lagging)
    cluster.await_in_sync(2, [topic])
    producing.send(topic, [f"with two {number}" for number in range(50)])
    assert producing.refused == []

    last, *others = (node for node in BROKERS if node != lagging)
    for node in others:
        cluster.stop_broker(node)
    cluster.await_in_sync(1, [topic])
    cluster.kill_broker(last)
    cluster.start_broker(lagging)
    # The controller takes a silent broker for living a few seconds more.
    cluster.until(lambda metadata: set(metadata.brokers) == {lagging}, "only the broker that lacks messages is left")
    assert {cluster.leader(topic, partition) for partition in range(3)} == {-1}
    hasty = Producing(writer, {**_ONE_TRY, "delivery.timeout.ms": 3000, "transaction.timeout.ms": 3000})
    hasty.send(topic, ["to nobody"])
    assert hasty.acknowledged == []

    cluster.heal()
    assert set(producing.acknowledged) <= set(consumed(writer, topic, 100))
