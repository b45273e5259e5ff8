"""What Kafka's tools print of topics is read as they print it, in 3.9 and in 4.3; everything else is an error."""

from __future__ import annotations

import pytest

from tools.shared.commands import FAILED, CommandError
from tools.topics.plan import Present
from tools.topics.reading import offsets_in, snapshot_in

_TOPICS = """\
Topic: a.b	TopicId: XXd8o5olTRaGJzKpvozFrA	PartitionCount: 2	ReplicationFactor: 3	Configs: cleanup.policy=delete,compact
	Topic: a.b	Partition: 0	Leader: 2	Replicas: 2,3,1	Isr: 2,3,1	Elr: 	LastKnownElr: 
	Topic: a.b	Partition: 1	Leader: none	Replicas: 3,1,2	Isr: 3,1,2	Elr: 	LastKnownElr: 

Topic: plain	PartitionCount: 1	ReplicationFactor: 1	Configs: 
	Topic: plain	Partition: 0	Leader: 1	Replicas: 1	Isr: 1
"""  # noqa: W291 - as they print it

_CONFIGS = """\
All configs for topic a.b are:
  cleanup.policy=delete,compact sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=delete,compact, \
DEFAULT_CONFIG:log.cleanup.policy=delete}
  leader.replication.throttled.replicas=0:1,0:2 sensitive=false \
synonyms={DYNAMIC_TOPIC_CONFIG:leader.replication.throttled.replicas=0:1,0:2}
  min.insync.replicas=2 sensitive=false synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:min.insync.replicas=2, \
STATIC_BROKER_CONFIG:min.insync.replicas=1, DEFAULT_CONFIG:min.insync.replicas=1}
  retention.ms=5 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=5}
All configs for topic plain are:
  cleanup.policy=delete sensitive=false synonyms={DEFAULT_CONFIG:log.cleanup.policy=delete}
  retention.ms=604800000 sensitive=false synonyms={}
"""


def test_topics_are_read_with_what_is_their_own_and_what_holds() -> None:
    snapshot = snapshot_in(_TOPICS, _CONFIGS, ["a.b", "plain"])
    own = {"cleanup.policy": "delete,compact", "leader.replication.throttled.replicas": "0:1,0:2", "retention.ms": "5"}
    assert snapshot.topics == {
        "a.b": Present(2, 3, own, {**own, "min.insync.replicas": "2"}),
        "plain": Present(1, 1, {}, {"cleanup.policy": "delete", "retention.ms": "604800000"}),
    }


def test_what_brokers_hold_for_topics_that_set_nothing_is_read_by_its_name_there() -> None:
    assert snapshot_in(_TOPICS, _CONFIGS).servers == {
        "log.cleanup.policy": "delete",
        "log.retention.ms": "604800000",
        "min.insync.replicas": "2",
    }


def test_a_cluster_without_topics_is_one() -> None:
    snapshot = snapshot_in("\n", "")
    assert (snapshot.topics, snapshot.servers) == ({}, {})


@pytest.mark.parametrize(
    ("topics", "configs", "words"),
    [
        ("Topic: a\tPartitionCount: many\tReplicationFactor: 3", "", "kafka-topics.sh --describe prints what this command"),
        ("Error while executing topic command", "", "kafka-topics.sh --describe prints what this command"),
        ("", "  retention.ms=5 sensitive=false synonyms={}", "kafka-configs.sh --describe prints what this command"),
        ("", "All configs for topic a are:\n  retention.ms=5", "kafka-configs.sh --describe prints what this command"),
        (_TOPICS, "", "kafka-configs.sh does not say what is set on plain"),
    ],
)
def test_what_cannot_be_read_is_an_error(topics: str, configs: str, words: str) -> None:
    with pytest.raises(CommandError, match=words) as error:
        snapshot_in(topics, configs, ["plain", "not made yet"])
    assert error.value.code == FAILED


def test_topics_that_the_stack_does_not_have_need_no_settings() -> None:
    assert snapshot_in(_TOPICS, "", ["not made yet"]).topics["plain"] == Present(1, 1)


def test_offsets_are_read_and_partitions_without_a_leader_have_none() -> None:
    assert offsets_in("a.b:0:7\na.b:1:\nplain:0:0\n") == {("a.b", 0): 7, ("plain", 0): 0}
    with pytest.raises(CommandError, match=r"kafka-get-offsets.sh prints what"):
        offsets_in("a.b:0\n")
