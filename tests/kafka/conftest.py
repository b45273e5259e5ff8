"""Real brokers, started once, with the server properties of this repository's stacks."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

import pytest

from support.kafka.cluster import Cluster
from support.kafka.deployed import Deployed
from support.kafka.installation import Installation, compiled_programs, find_kafka
from support.kafka.server_files import plan_of
from support.kafka.tools import Tools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.kafka.deployed import Deploy


@pytest.fixture(scope="session")
def installation() -> Installation:
    found = find_kafka()
    if isinstance(found, str):
        if os.environ.get("REQUIRE_KAFKA"):
            pytest.fail(found)
        # The commands of README.md need Python, git and make only; CI sets REQUIRE_KAFKA.
        pytest.skip(found)
    return found


@pytest.fixture(scope="session")
def programs(installation: Installation) -> Path:
    return compiled_programs(installation.kafka, installation.streams)


@pytest.fixture(scope="session")
def tools(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Tools:
    return Tools(tmp_path_factory.mktemp("tools"), installation.kafka)


@pytest.fixture(scope="session")
def running(installation: Installation, programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    rendered = plan_of("prod").configuration["server_properties"]
    cluster = Cluster(tmp_path_factory.mktemp("cluster") / "prod", installation.kafka, programs, rendered)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.end()


@pytest.fixture
def cluster(running: Cluster) -> Iterator[Cluster]:
    """The cluster with all of its brokers, which a test may stop."""
    yield running
    running.heal()


@pytest.fixture
def topic(cluster: Cluster) -> str:
    """A topic of three partitions, created with nothing but its number of partitions."""
    name = f"orders-{uuid.uuid4().hex[:8]}"
    cluster.create_topic(name, partitions=3)
    return name


@pytest.fixture
def deploy(cluster: Cluster, tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Deploy:
    """Deploys a stack file: `deploy(topics, clients)`."""
    directory = tmp_path_factory.mktemp("stack")
    return lambda topics, clients: Deployed(directory, cluster, tools, topics=topics, clients=clients)


@pytest.fixture
def new_name() -> Callable[[str], str]:
    """Makes a name that nobody else has: `new_name("orders")`."""
    return lambda prefix: f"{prefix}-{uuid.uuid4().hex[:8]}"
