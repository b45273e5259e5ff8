"""What is counted in the brokers' logs and asked of them, held against what real brokers write."""

from __future__ import annotations

import dataclasses
import re
import time
import zipfile
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import KafkaError

from domain.access.acls import acls, commands
from domain.access.rights import Access, Names
from domain.monitoring.log_watch import QUERIES, WATCHES
from support.kafka.clients import Producing, connection_errors, consumed
from support.kafka.cluster import BROKERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.installation import Installation
    from support.kafka.tools import Tools

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute
_PATIENCE = 60
TERM_OF = {one.name: re.findall(r"like /(.+)/", one.text)[0] for one in QUERIES}
TERMS = {watch.name: watch.term for watch in WATCHES}


def lines(cluster: Cluster, term: str) -> list[str]:
    """Lines of the brokers' logs with a term, as soon as there is one."""
    ends = time.monotonic() + _PATIENCE
    while True:
        found = [line for node in BROKERS for line in cluster.log(node).splitlines() if re.search(term, line)]
        if found or time.monotonic() > ends:
            return found
        time.sleep(0.5)


def parsed(query: str, line: str) -> dict[str, str]:
    """What the `parse` commands of a saved query find in a line: an asterisk stands for anything, as short as can be."""
    (text,) = [one.text for one in QUERIES if one.name == query]
    found = {}
    for pattern, name in re.findall(r"\| parse @message '([^']+)' as (\w+)", text):
        match = re.search(re.escape(pattern).replace(r"\*", "(.*?)"), line)
        assert match, f"{pattern}: {line}"
        found[name] = match[1]
    assert found
    return found


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
    environment = {"BOOTSTRAP": cluster.administrator.bootstrap, "CONFIG": str(tools.client_file(cluster.administrator))}
    where = ["--bootstrap-server", '"$BOOTSTRAP"', "--command-config", '"$CONFIG"']
    for command in commands(acls(owner.principal, Access(produce=Names((topic,)))), connection=where):
        assert tools.shell(command, environment).code == 0
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
