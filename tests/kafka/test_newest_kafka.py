"""The development stack's server properties on the newest Kafka: what is rendered starts there, and keeps what it is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from support.kafka.clients import Producing, consumed
from support.kafka.cluster import Cluster
from support.kafka.installation import compiled_programs
from support.kafka.server_files import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.kafka.installation import Installation


@pytest.fixture(scope="module")
def newest(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    programs = compiled_programs(tmp_path_factory.mktemp("programs"), replace(installation, kafka=installation.newest))
    directory = tmp_path_factory.mktemp("cluster") / "dev"
    cluster = Cluster(directory, installation.newest, programs, plan_of("dev").server_properties)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.end()


def test_what_dev_renders_is_what_the_brokers_run_with(newest: Cluster) -> None:
    running = newest.config_of_broker(1)
    rendered = dict(line.split("=", 1) for line in plan_of("dev").server_properties.splitlines())
    assert {name: running.get(name) for name in rendered} == rendered


def test_messages_are_written_and_read_and_one_broker_may_crash(newest: Cluster) -> None:
    newest.create_topic("orders", partitions=3)
    writer = newest.add_user("orders-api", "correct horse battery staple")
    producing = Producing(writer)
    producing.send("orders", [f"before {number}" for number in range(100)])
    newest.kill_broker(newest.leader("orders"))
    producing.send("orders", [f"with two {number}" for number in range(100)])
    assert producing.refused == []
    newest.heal()
    assert set(producing.acknowledged) <= set(consumed(writer, "orders", 200))
