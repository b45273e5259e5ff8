"""Brokers with a ZooKeeper, which dev's `kafka.t3.small` have: what differs from KRaft, and that the rest does not.

Everything runs on the same brokers under load, which a real Prometheus scrapes. Simulated: what `test_metrics.py` simulates.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.cimpl import NewTopic

from domain.monitoring.prometheus_names import controller
from domain.msk.metrics import METRICS, Only
from domain.msk.versions import MetadataMode
from support.kafka.authorization import assert_acls_let_in_whom_they_name_and_nobody_else
from support.kafka.clients import Producing, consumed
from support.kafka.cluster import BROKERS
from support.kafka.logs import TERM_OF, TERMS, lines, parsed
from support.kafka.observed import (
    ALERTS,
    CLUSTER,
    PANELS,
    RECORDED,
    STACK_WITH,
    as_asked,
    load_until_read,
    looked_at,
    observed,
    unsound,
)
from support.kafka.ready_files import settings_in
from support.kafka.server_files import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.installation import Installation
    from support.kafka.tools import Tools
    from support.prometheus_server import Prometheus

_WITH_ZOOKEEPER = ALERTS[MetadataMode.ZOOKEEPER]
_OF_CONTROLLERS = {alert.name: alert for alert in _WITH_ZOOKEEPER if alert not in ALERTS[MetadataMode.KRAFT]}
_NO_CONTROLLER, _OFFLINE = (_OF_CONTROLLERS[name] for name in ("KafkaNoActiveController", "KafkaOfflinePartitions"))
_ACTIVE_COUNT, _OFFLINE_COUNT = controller("ActiveControllerCount", CLUSTER), controller("OfflinePartitionsCount", CLUSTER)
_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute
_PATIENCE = 60
_ACTIVE = 'kafka_controller_KafkaController_Value{name="ActiveControllerCount"}'
_DISCONNECTS = 'kafka_server_SessionExpireListener_Count{name="ZooKeeperDisconnectsPerSec"}'


@pytest.fixture(scope="module")
def observed_brokers(
    installation: Installation, programs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Cluster, Prometheus]]:
    directory = tmp_path_factory.mktemp("zookeeper")
    with observed(directory, installation, programs, MetadataMode.ZOOKEEPER) as (cluster, server):
        load_until_read(cluster, server)
        yield cluster, server


@pytest.fixture(scope="module")
def running(observed_brokers: tuple[Cluster, Prometheus]) -> Cluster:
    """In place of the brokers with KRaft, for `cluster` and all that is made of it."""
    return observed_brokers[0]


@pytest.fixture(scope="module")
def prometheus(observed_brokers: tuple[Cluster, Prometheus]) -> Prometheus:
    return observed_brokers[1]


def values_by_broker(series: list[dict[str, Any]]) -> dict[int, int]:
    return {
        int(sample["metric"]["instance"].partition(":")[0].removeprefix("b-")): int(float(sample["value"][1]))
        for sample in series
    }


# --- Dashboards and alerts --------------------------------------------------------------------------------


def test_every_panel_has_something_to_show(prometheus: Prometheus) -> None:
    assert [(page, title) for page, title, query in PANELS if not prometheus.ask(as_asked(query))] == []


def test_every_recorded_series_is_there(prometheus: Prometheus) -> None:
    assert [rule.name for rule in RECORDED if not prometheus.ask(f'{rule.name}{{cluster="{CLUSTER}"}}')] == []


def test_what_alerts_look_at_is_there(prometheus: Prometheus) -> None:
    assert [alert.name for alert in _WITH_ZOOKEEPER if not prometheus.ask(looked_at(alert))] == []


def test_each_broker_tells_of_the_controller_and_one_is_it(prometheus: Prometheus) -> None:
    assert sorted(values_by_broker(prometheus.ask(_ACTIVE_COUNT))) == list(BROKERS)
    assert sorted(values_by_broker(prometheus.ask(_ACTIVE_COUNT)).values()) == [0, 0, 1]
    assert values_by_broker(prometheus.ask(_OFFLINE_COUNT)) == dict.fromkeys(BROKERS, 0)


def test_sound_brokers_fire_nothing_but_the_lag_that_is_simulated(prometheus: Prometheus) -> None:
    prometheus.until(f'ALERTS{{alertname="KafkaConsumerLag"}} unless on() {unsound(MetadataMode.ZOOKEEPER)}')


def test_what_cloudwatch_has_of_clusters_with_zookeeper_only_comes_from_their_brokers(cluster: Cluster) -> None:
    of_zookeeper = {metric.name for metric in METRICS if metric.only is Only.ZOOKEEPER}
    assert of_zookeeper == {"ZooKeeperRequestLatencyMsMean", "ZooKeeperSessionState"}
    for broker in BROKERS:
        exported = cluster.exported(broker)
        assert exported['kafka_server_ZooKeeperClientMetrics_Mean{name="ZooKeeperRequestLatencyMs"}'] > 0
        # The session's state itself is a word, which the exporter leaves out; this counter is its neighbour.
        assert _DISCONNECTS in exported


# --- Properties and ACLs ----------------------------------------------------------------------------------


def test_every_rendered_property_is_what_the_brokers_run_with(cluster: Cluster) -> None:
    rendered = settings_in(plan_of(STACK_WITH[MetadataMode.ZOOKEEPER]).configuration["server_properties"])
    assert rendered["zookeeper.connection.timeout.ms"] != "18000"
    for broker in BROKERS:
        active = cluster.config_of_broker(broker)
        assert {name: active.get(name) for name in rendered} == rendered


def test_a_topic_that_asks_for_nothing_has_a_replica_in_each_zone_and_everyone_may_write_it(
    cluster: Cluster, topic: str, new_name: Callable[[str], str]
) -> None:
    metadata = cluster.metadata()
    assert metadata
    assert [sorted(partition.replicas) for partition in metadata.topics[topic].partitions.values()] == [[1, 2, 3]] * 3
    config = cluster.config_of_topic(topic)
    assert (config["min.insync.replicas"], config["unclean.leader.election.enable"]) == ("2", "false")
    producing = Producing(cluster.add_user(new_name("anyone"), _PASSWORD))
    producing.send(topic, ["hello"])
    assert producing.acknowledged == ["hello"]


def test_acls_in_zookeeper_let_in_whom_they_name_and_nobody_else_with_either_kind_of_credentials(
    cluster: Cluster, tools: Tools, topic: str, new_name: Callable[[str], str]
) -> None:
    stranger = cluster.add_user(new_name("stranger"), _PASSWORD)
    assert_acls_let_in_whom_they_name_and_nobody_else(
        cluster,
        tools,
        writer=cluster.with_certificate(new_name("writer")),
        reader=cluster.add_user(new_name("reader"), _PASSWORD),
        strangers=[stranger, cluster.with_certificate(new_name("stranger"))],
        topic=topic,
        group=new_name("group"),
    )
    told = [parsed("denied by principal", line) for line in lines(cluster, TERMS["denied"])]
    assert {"principal": stranger.principal, "resource": f"Topic:LITERAL:{topic}"} in told


# --- What the alarms on the controller see ----------------------------------------------------------------


def test_when_the_controller_stops_another_broker_is_it_and_tells_of_partitions_without_a_leader(
    cluster: Cluster, topic: str, prometheus: Prometheus, new_name: Callable[[str], str]
) -> None:
    ((stopped, _),) = values_by_broker(prometheus.until(f"{_ACTIVE_COUNT} == 1")).items()
    cluster.create_topic_on(stopped, new_name("single"))
    cluster.stop_broker(stopped)

    # From then on Prometheus has forgotten what the broker last said.
    prometheus.until(f'up{{job="jmx",instance=~"b-{stopped}:.+"}} == 0')
    prometheus.until(f"{_OFFLINE.expression} == 1")
    assert prometheus.until(f'ALERTS{{alertname="{_OFFLINE.name}"}}')
    ((following, _),) = values_by_broker(prometheus.until(f"{_ACTIVE_COUNT} == 1")).items()
    assert following != stopped
    # The others say 0: CloudWatch's average and sum are wrong, the highest is right.
    counted = values_by_broker(prometheus.ask(_OFFLINE_COUNT))
    assert counted == {broker: int(broker == following) for broker in BROKERS if broker != stopped}
    assert prometheus.ask(_NO_CONTROLLER.expression) == []

    cluster.heal()
    prometheus.until(f"max({_OFFLINE_COUNT}) == 0")
    # The saved query shows who left the replicas in sync.
    assert [line for line in lines(cluster, TERM_OF["leaders and in-sync replicas"]) if topic in line and "ISR [" in line]


def test_without_zookeeper_messages_flow_but_no_topic_is_made_and_no_number_of_controllers_tells_of_it(
    cluster: Cluster, topic: str, new_name: Callable[[str], str]
) -> None:
    writer = cluster.add_user(new_name("steady"), _PASSWORD)
    Producing(writer).send(topic, ["before"])
    before = [cluster.exported(broker)[_DISCONNECTS] for broker in BROKERS]
    cluster.stop_metadata()
    try:
        producing = Producing(writer)
        producing.send(topic, ["without ZooKeeper"])
        assert producing.acknowledged == ["without ZooKeeper"]
        late = new_name("late")
        with pytest.raises(KafkaException) as unanswered:
            cluster.admin.create_topics([NewTopic(late, 1)], request_timeout=2)[late].result()
        assert unanswered.value.args[0].code() == KafkaError._TIMED_OUT
        exported = [
            _exported_without_zookeeper(cluster, broker, disconnects) for broker, disconnects in zip(BROKERS, before, strict=True)
        ]
    finally:
        cluster.start_metadata()
    cluster.create_topic(new_name("after"))
    assert sorted(consumed(writer, topic, 2)) == ["before", "without ZooKeeper"]
    assert sorted(of_broker[_ACTIVE] for of_broker in exported) == [0, 0, 1]


def _exported_without_zookeeper(cluster: Cluster, broker: int, disconnects: float) -> dict[str, float]:
    """What a broker's exporter says as soon as the broker has lost ZooKeeper once more than so often."""
    ends = time.monotonic() + _PATIENCE
    while (exported := cluster.exported(broker))[_DISCONNECTS] <= disconnects:
        assert time.monotonic() < ends, f"broker {broker} has not noticed"
        time.sleep(0.5)
    return exported
