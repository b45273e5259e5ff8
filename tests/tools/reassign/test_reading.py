"""What Kafka's tools print is read as they print it, in 3.9 and in 4.3; everything else is an error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tools.reassign.layout import Partition
from tools.reassign.reading import (
    Broker,
    Snapshot,
    brokers_in,
    moving_in,
    sizes_in,
    still_moving_in,
    throttled_brokers_in,
    topics_in,
)
from tools.shared.commands import FAILED, REFUSED, CommandError

if TYPE_CHECKING:
    from collections.abc import Callable

_DESCRIBED = """\
Topic: orders.v1	TopicId: PzwCAM7WRpaD1gFmrk9jdQ	PartitionCount: 2	ReplicationFactor: 3	Configs: min.insync.replicas=2,\
leader.replication.throttled.replicas=0:1,0:2,follower.replication.throttled.replicas=0:4
	Topic: orders.v1	Partition: 0	Leader: 3	Replicas: 4,5,6,1,2,3	Isr: 5,1,2,3	Adding Replicas: 4,5,6	\
Removing Replicas: 1,2,3	Elr: 	LastKnownElr: 
	Topic: orders.v1	Partition: 1	Leader: none	Replicas: 1,2,3	Isr: 1	Offline: 2,3

Topic: a-b-7	PartitionCount: 1	ReplicationFactor: 1	Configs: 
	Topic: a-b-7	Partition: 0	Leader: 1	Replicas: 1	Isr: 1
"""  # noqa: W291 - as they print it

_THROTTLED = """\
Dynamic configs for broker 1 are:
  follower.replication.throttled.rate=100000 sensitive=false synonyms={}
  leader.replication.throttled.rate=100000 sensitive=false synonyms={}
Dynamic configs for broker 2 are:
  log.retention.ms=1000 sensitive=false synonyms={}
Default configs for brokers in the cluster are:
  leader.replication.throttled.rate=7 sensitive=false synonyms={}
"""


def test_brokers_and_their_racks_are_read_in_the_words_of_both_versions() -> None:
    older = "b-2.example.com:9098 (id: 2 rack: use1-az2) -> (\n\tProduce(0): 0 to 11 [usable: 11],\n)\n"
    newer = "b-1.example.com:9098 (id: 1 rack: null isFenced: false) -> (\n)\n"
    assert brokers_in(older + newer) == {1: Broker("b-1.example.com:9098", None), 2: Broker("b-2.example.com:9098", "use1-az2")}


@pytest.mark.parametrize(
    "line",
    [
        "b-1:9098 (id: 1 rack: use1-az1 isFenced: true) -> (",
        "b-1:9098 (id: 1 rack: use1-az1) -> ERROR: org.apache.kafka.common.errors.DisconnectException",
        "b-1:9098 (id: 1 rack: use1-az1 more: true) -> (",
    ],
)
def test_a_broker_that_does_not_answer_is_no_broker_to_plan_with(line: str) -> None:
    with pytest.raises(CommandError, match="A broker does not serve"):
        brokers_in(line)


def test_topics_are_read_with_what_is_not_in_sync_and_what_is_throttled() -> None:
    topics = topics_in(_DESCRIBED)
    assert topics.replicas == {
        Partition("orders.v1", 0): (4, 5, 6),
        Partition("orders.v1", 1): (1, 2, 3),
        Partition("a-b-7", 0): (1,),
    }
    assert topics.leaders[Partition("orders.v1", 1)] is None
    assert topics.lagging == [Partition("orders.v1", 0), Partition("orders.v1", 1)]
    assert topics.throttled == ["orders.v1"]


def test_sizes_are_those_of_the_largest_replica() -> None:
    def directory(*replicas: tuple[str, int, bool]) -> dict[str, object]:
        entries = [{"partition": name, "size": size, "offsetLag": 0, "isFuture": future} for name, size, future in replicas]
        return {"logDir": "/data", "error": None, "partitions": entries}

    document = {
        "version": 1,
        "brokers": [
            {"broker": 1, "logDirs": [directory(("a-b-7", 5, False), ("a-b-7", 99, True))]},
            {"broker": 2, "logDirs": [directory(("a-b-7", 8, False))]},
        ],
    }
    assert sizes_in(f"Querying brokers\nReceived\n{json.dumps(document)}\n") == {Partition("a-b", 7): 8}
    document["brokers"] = [{"broker": 1, "logDirs": [{"logDir": "/data", "error": "KafkaStorageException", "partitions": []}]}]
    with pytest.raises(CommandError, match="A log directory of broker 1 has failed"):
        sizes_in(json.dumps(document))


def test_throttles_of_brokers_are_read_and_of_all_brokers() -> None:
    assert throttled_brokers_in(_THROTTLED) == ["broker 1", "brokers in the cluster"]
    assert throttled_brokers_in("Dynamic configs for broker 1 are:\n") == []


def test_what_moves_is_read() -> None:
    assert moving_in("No partition reassignments found.\n") == set()
    listed = (
        "Current partition reassignments:\na-b-7: replicas: 4,5,1. adding: 4,5. removing: 1.\na-b-8: replicas: 1,2. adding: 2.\n"
    )
    assert moving_in(listed) == {Partition("a-b", 7), Partition("a-b", 8)}


def test_what_is_verified_is_told_from_what_still_moves() -> None:
    both = [Partition("a", 0), Partition("b", 1)]
    text = "Status of partition reassignment:\nReassignment of partition a-0 is completed.\n"
    assert still_moving_in(f"{text}Reassignment of partition b-1 is still in progress.\n", both) == {Partition("b", 1)}
    assert still_moving_in(text.replace("completed", "complete"), both[:1]) == set()
    with pytest.raises(CommandError, match=r"Not moved as asked: b-1. Kafka says:\n.*\n.*replica set is 1 rather than 2"):
        still_moving_in(f"{text}There is no active reassignment of partition b-1, but replica set is 1 rather than 2.", both)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (brokers_in, ""),
        (topics_in, "WARN something else\n"),
        (
            topics_in,
            "Topic: a\tPartitionCount: 2\n\tTopic: a\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1\n",
        ),
        (topics_in, "	Topic: a	Partition: 0	Leader: 1	Isr: 1\n"),
        (sizes_in, "Querying brokers\n"),
        (sizes_in, '{"brokers": [{"broker": 1}]}'),
        (throttled_brokers_in, ""),
        (moving_in, ""),
        (moving_in, "Current partition reassignments:\nsomething else"),
    ],
)
def test_what_is_not_what_kafka_prints_is_an_error(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(CommandError) as error:
        read(text)
    assert error.value.code == FAILED


def _snapshot(
    text: str, sizes: dict[Partition, int], brokers: tuple[int, ...] = (1, 2, 3), rack: str | None = "use1-az1"
) -> Snapshot:
    return Snapshot({broker: Broker(f"b-{broker}:9098", rack) for broker in brokers}, topics_in(text), sizes, [])


def _topic(name: str) -> str:
    partition = f"\tTopic: {name}\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\n"
    return f"Topic: {name}\tPartitionCount: 1\tConfigs: \n{partition}"


_ORDERS = {Partition("orders", 0): 5}


def test_amazon_msks_own_checks_stay_where_they_are() -> None:
    text = _topic("orders") + _topic("__amazon_msk_canary") + _topic("__amazon_msk_canary_state")
    sizes = {**_ORDERS, Partition("__amazon_msk_canary", 0): 1, Partition("__amazon_msk_canary_state", 0): 1}
    assert set(_snapshot(text, sizes).layout().replicas) == set(_ORDERS)


@pytest.mark.parametrize(
    ("snapshot", "message", "code"),
    [
        (_snapshot(_topic("orders"), _ORDERS, rack=None), "Brokers 1, 2, 3 have no broker.rack", REFUSED),
        (_snapshot(_topic("orders"), _ORDERS, (1, 2)), "brokers that do not serve: 3", REFUSED),
        (_snapshot(_topic("orders"), {}), "does not say how large these are: orders-0", FAILED),
        (_snapshot(_topic("orders"), {**_ORDERS, Partition("secret", 0): 1}), "may not describe: secret", REFUSED),
    ],
)
def test_half_a_cluster_is_no_ground_for_a_plan(snapshot: Snapshot, message: str, code: int) -> None:
    with pytest.raises(CommandError, match=message) as error:
        snapshot.layout()
    assert error.value.code == code
