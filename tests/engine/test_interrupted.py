"""The CLI is killed while AWS is at work: what it says afterwards, and the way back that docs/operations.md names."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from support.engine.faults import Fault
from support.engine.refusals import CLUSTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

NAME = "kafka-cluster-msk"


def kill_during_up(stack: Stack, state: str) -> str:
    """Kills the CLI while it waits for the cluster; returns the cluster's ARN."""
    stack.cloud.set_fault(Fault(nth=1, name=NAME, after=True, seconds=600, fails=False))
    with stack.start("up", "--yes", "--skip-preview") as process:
        while not (
            found := [key for key, cluster in clusters(stack).items() if cluster.get("condition", {}).get("state") == state]
        ):
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        process.kill()
        process.communicate()
    stack.cloud.clear_faults()
    return found[0].partition("|")[2]


def clusters(stack: Stack) -> dict[str, dict[str, Any]]:
    return {key: resource for key, resource in stack.cloud.resources().items() if key.startswith(f"{CLUSTER}|")}


def pending(stack: Stack) -> list[tuple[str, str]]:
    operations = json.loads(stack.run("stack", "export").output)["deployment"].get("pending_operations") or []
    return [(operation["type"], operation["resource"]["urn"].split("::")[-1]) for operation in operations]


def test_a_cluster_whose_creation_was_interrupted_is_imported_and_the_deployment_completed(
    new_stack: Callable[..., Stack],
) -> None:
    stack = new_stack("dev")
    arn = kill_during_up(stack, "CREATING")
    refused = stack.up(fails=True)
    assert "the stack is currently locked by 1 lock(s)" in refused.text
    assert "pulumi cancel" in refused.text
    stack.run("cancel", "--yes")
    assert pending(stack) == [("creating", NAME)]
    # Its name is fixed, so there is no second cluster, whatever is done next.
    assert "This cluster name already exists" in stack.up(fails=True).text
    assert len(clusters(stack)) == 1
    stack.cloud.set_condition(CLUSTER, state="ACTIVE")
    stack.run("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    assert pending(stack) == []
    parent = stack.state()["kafka-cluster"]["urn"]
    stack.run(
        *("import", CLUSTER, NAME, arn, "--parent", f"kafka-cluster={parent}"),
        *("--protect=false", "--generate-code=false", "--yes", "--skip-preview"),
    )
    # What AWS made is what was asked for: nothing of the cluster is left to do.
    later = ("kafka-storage-volumes", "kafka-alarms-", "kafka-clients-", "kafka-dashboard-", "kafka-log-watch-")
    assert all(call.call == "create" and call.name.startswith(later) for call in stack.calls_of_up())
    assert len(clusters(stack)) == 1
    assert pending(stack) == []
    stack.run("preview", "--expect-no-changes")


def test_an_update_that_was_interrupted_is_completed_once_the_cluster_is_active_again(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev", kafkaVersion="3.9.x")
    stack.set(monitoring={"level": "PER_TOPIC_PER_PARTITION"}, tags={"team": "streaming"})
    kill_during_up(stack, "UPDATING")
    stack.run("cancel", "--yes")
    assert pending(stack) == [("updating", NAME)]
    # AWS is still at it. What the interrupted run has told it is seen, so there is nothing more to tell it.
    stack.up()
    assert pending(stack) == []
    stack.set(brokerType="kafka.m7g.large")
    assert "the cluster is in state UPDATING, not ACTIVE" in stack.up(fails=True).text
    stack.cloud.set_condition(CLUSTER, state="ACTIVE")
    stack.up()
    stack.run("preview", "--expect-no-changes")
    assert len(clusters(stack)) == 1
