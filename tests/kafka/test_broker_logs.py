"""What is counted in the brokers' logs and asked of them, held against what real brokers write."""

from __future__ import annotations

import dataclasses
import zipfile
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import KafkaError

from domain.access.acls import acls
from domain.access.rights import Access, Names
from support.kafka.authorization import apply
from support.kafka.clients import Producing, connection_errors, consumed
from support.kafka.cluster import BROKERS
from support.kafka.logs import TERM_OF, TERMS, lines, parsed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.installation import Installation
    from support.kafka.tools import Tools

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute


def test_who_fails_to_authenticate_is_counted_and_found_by_address(cluster: Cluster) -> None:
    guessed = dataclasses.replace(cluster.add_user("forgetful", _PASSWORD), password="guessed")  # noqa: S106 - it is wrong
    assert connection_errors(guessed, until=KafkaError._AUTHENTICATION)
    assert {parsed("failed connections", line)["address"] for line in lines(cluster, TERMS["failed-authentication"])} == {
        "127.0.0.1"
    }


def test_what_acls_deny_is_counted_and_found_by_principal(
    cluster: Cluster, tools: Tools, topic: str, new_name: Callable[[str], str]
) -> None:
    owner, stranger = (cluster.add_user(new_name(name), _PASSWORD) for name in ("owner", "stranger"))
    apply(acls(owner.principal, Access(produce=Names((topic,)))), cluster, tools)
    refused = Producing(stranger)
    refused.send(topic, ["lost"])
    assert refused.acknowledged == []
    told = [parsed("denied by principal", line) for line in lines(cluster, TERMS["denied"])]
    assert {"principal": stranger.principal, "resource": f"Topic:LITERAL:{topic}"} in told


def test_replicas_that_come_back_and_groups_that_rebalance_are_found(cluster: Cluster, topic: str) -> None:
    writer = cluster.add_user("steady", _PASSWORD)
    Producing(writer).send(topic, ["one"])
    assert consumed(writer, topic, 1, group="steady") == ["one"]
    assert lines(cluster, TERM_OF["consumer groups that rebalance"])
    cluster.kill_broker(next(node for node in BROKERS if node != cluster.leader(topic)))
    Producing(writer).send(topic, ["two"])
    cluster.heal()
    # A follower that is gone is taken out by the controller; its leader says so when it starts again with those that are left.
    assert [line for line in lines(cluster, TERM_OF["leaders and in-sync replicas"]) if topic in line and "ISR [" in line]


SAID_BY = {"disk-failed": "kafka/log/LogManager.class", "isr-shrinks": "kafka/cluster/Partition.class"}


@pytest.mark.parametrize("version", ["kafka", "newest"])
@pytest.mark.parametrize("name", SAID_BY)
def test_what_a_broker_says_of_failed_disks_and_slow_replicas_stands_in_both_kafkas(
    name: str, version: str, installation: Installation
) -> None:
    directory: Path = getattr(installation, version)
    (server,) = directory.glob("kafka_2.13-*.jar")
    with zipfile.ZipFile(server) as classes:
        assert TERMS[name].encode() in classes.read(SAID_BY[name])
