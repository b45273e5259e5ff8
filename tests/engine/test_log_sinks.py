"""Log sinks come to a cluster that runs, and go again, in place; the bucket stays until nobody protects it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

CLUSTER = "kafka-cluster-msk"


def calls(stack: Stack) -> list[tuple[str, str]]:
    return [(call.call, call.name) for call in stack.calls_of_up()]


def test_more_sinks_are_there_before_the_cluster_writes_to_them(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    stack.set(logs={"s3": {"prefix": "kafka"}, "firehose": {"deliveryStream": "orders"}})
    made = calls(stack)
    parts = {("create", f"kafka-log-bucket-{part}") for part in ("bucket", "private", "encryption", "retention", "policy")}
    assert set(made) == {*parts, ("update", "kafka-keys-telemetry"), ("update", CLUSTER)}
    assert made.index(("create", "kafka-log-bucket-policy")) < made.index(("update", CLUSTER))
    assert calls(stack) == []


def test_a_sink_goes_without_the_others(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev", logs={"s3": {"bucket": "orders-logs"}, "firehose": {"deliveryStream": "orders"}})
    stack.set(logs={"firehose": None})
    assert calls(stack) == [("update", CLUSTER)]
    (cluster,) = [resource for key, resource in stack.cloud.resources().items() if key.startswith("aws:msk/cluster:Cluster|")]
    assert set(cluster["properties"]["loggingInfo"]["brokerLogs"]) == {"cloudwatchLogs", "s3"}


def test_a_protected_bucket_does_not_go_with_its_setting(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev", protect=True, logs={"s3": {}})
    stack.set(logs={"s3": None})
    refused = stack.run("preview", fails=True)
    assert "kafka-log-bucket-bucket" in refused.text
    assert "protect" in refused.text
