"""Commands that change a cluster, from a laptop in the operator's place, on real brokers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.place_programs import INSTANCE, Laptop
from support.stacks import project_with
from tools.place import host as host_module
from tools.topics import command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.tools import Tools


@pytest.mark.exhaustive
def test_topics_are_made_through_the_host(
    cluster: Cluster,
    tools: Tools,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    new_name: Callable[[str], str],
) -> None:
    administrator = cluster.administrator
    laptop = Laptop(
        tmp_path / "laptop", bootstrap=administrator.bootstrap, properties=administrator.java(), tools=tools.directory
    )
    laptop.write_outputs(testClient={"instanceId": INSTANCE})
    for name, value in laptop.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(host_module, "_PAUSES", (0.05,))
    topic = new_name("made-from-afar")
    (tmp_path / "project").mkdir()
    home = project_with(tmp_path / "project", {})
    config = {
        "brokerType": "serverless",
        "testClient": {"packages": "s3://artifacts/packages"},
        "topics": {topic: {"partitions": 2}},
    }
    (home / "Pulumi.prod.yaml").write_text(json.dumps({"config": config}), encoding="utf-8")
    assert command.main(["--stack", "prod", "--directory", str(home), "--via", "host", "--apply"]) == 0
    metadata = cluster.metadata()
    assert metadata
    assert len(metadata.topics[topic].partitions) == 2
    laptop.check()
    cluster.admin.delete_topics([topic])
