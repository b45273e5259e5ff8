"""What fails on the way leaves a stack that the same command completes: each call fails once, and nothing is made twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from support.engine.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.cloud import Call
    from support.engine.pulumi_cli import Stack

THE_ENGINE_MAY_BREAK_DOWN = pytest.mark.flaky(reruns=2, only_rerun=r"^BrokeDown:")
"""The engine (3.259) may crash when a resource was taken but not waited for: `deploy/step.go` writes its `InitErrors` without
the lock under which `stack/deployment.go` reads them to save another resource, as Go's race detector reports. Where half of
them is read the CLI ends with a trace and its lock in place, which says nothing of the stack: such a test begins again.
"""
STACKS = pytest.mark.parametrize("name", ["dev", pytest.param("prod", marks=pytest.mark.exhaustive)])


def kinds(*, taken_by_day: bool) -> pytest.MarkDecorator:
    """How calls fail, one of the two by day: taken but not waited for to the end, or else refused."""
    return pytest.mark.parametrize(
        "after",
        [
            pytest.param(False, id="refused", marks=pytest.mark.exhaustive if taken_by_day else ()),
            pytest.param(
                True,
                id="taken but not waited for to the end",
                marks=(THE_ENGINE_MAY_BREAK_DOWN, *(() if taken_by_day else (pytest.mark.exhaustive,))),
            ),
        ],
    )


METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
UP = ("up", "--yes", "--skip-preview")
DESTROY = ("destroy", "--yes", "--skip-preview")
GO_ON = "--continue-on-error"
"""What does not depend on what failed goes on: as many calls fail in a run as can, and fewer runs are needed."""

EACH_KIND: dict[str, Any] = {
    "monitoring": {
        "alarms": {rule: {"enabled": True} for rule in ("offline-partitions", "cpu-credits")},
        "dashboard": True,
        "logs": True,
    }
}
"""Of what watches the cluster, something of each type, whatever else is off."""

MANY_CHANGES: dict[str, Any] = {
    "brokerType": "kafka.m7g.2xlarge",
    "serverProperties": {"message.max.bytes": 2097152},
    "authentication": {"iam": {}, "scram": {}},
    "clients": {"erp": {"from": {"cidr": "10.90.0.0/24"}}},
    "logs": {"cloudwatch": {"retentionDays": 731}},
    "tags": {"team": "streaming"},
}


KAFKA = {"dev": ("3.8.x", "3.9.x"), "prod": ("3.9.x.kraft", "4.0.x.kraft")}
"""The version that a stack has and the one that it gets: dev begins on brokers without KRaft."""


def called(calls: list[Call]) -> Counter[tuple[str, str, str]]:
    return Counter((call.call, call.type, call.name) for call in calls)


def repeat_until_done(stack: Stack, *command: str, after: bool) -> None:
    """Lets every call of a command fail once, and runs the command until it succeeds."""
    stack.cloud.forget_calls()
    stack.cloud.set_fault(Fault(after=after))
    failed = -1
    while len(stack.cloud.failed()) > failed:
        failed = len(stack.cloud.failed())
        done = stack.run(*command, fails=None)
        assert "Traceback" not in done.text
        # A run fails exactly when a call in it did: nothing that went wrong before is in the way of the next run.
        assert (done.code != 0) is (len(stack.cloud.failed()) > failed), done.text
    assert failed > 0


@STACKS
@kinds(taken_by_day=False)
def test_a_deployment_in_which_every_call_fails_once_ends_as_one_without_failures(
    name: str, after: bool, new_stack: Callable[..., Stack], deployed: Callable[..., Stack]
) -> None:
    undisturbed, stack = deployed(name, **EACH_KIND), new_stack(name, **EACH_KIND)
    repeat_until_done(stack, *UP, GO_ON, after=after)
    created = called(undisturbed.cloud.calls())
    assert called(stack.cloud.failed()) == created
    assert called(stack.cloud.calls()) == created
    assert stack.cloud.resources() == undisturbed.cloud.resources()
    assert stack.state().keys() == undisturbed.state().keys()
    stack.run("preview", "--expect-no-changes")


@STACKS
@kinds(taken_by_day=True)
def test_a_change_in_which_every_call_fails_once_is_completed(name: str, after: bool, deployed: Callable[..., Stack]) -> None:
    has, gets = KAFKA[name]
    stack = deployed(name, **EACH_KIND, kafkaVersion=has)
    before = stack.cloud.resources()
    stack.set(**MANY_CHANGES, kafkaVersion=gets)
    repeat_until_done(stack, *UP, GO_ON, after=after)
    calls = called(stack.cloud.calls())
    assert called(stack.cloud.failed()) == calls
    assert set(calls.values()) == {1}
    assert {call for call, _, _ in calls} == {"create", "update", *({"delete"} if name == "dev" else ())}
    # dev leaves the T3 brokers behind, and with them the alarms on their CPU credits.
    gone = before.keys() - stack.cloud.resources().keys()
    assert {call for call in calls if call[0] == "delete"} <= {
        ("delete", METRIC_ALARM, f"kafka-alarms-cpu-credits/{number}") for number in range(1, 7)
    }
    assert {key.partition("|")[0] for key in gone} <= {METRIC_ALARM}
    assert stack.cloud.resources().keys() - before.keys()
    stack.run("preview", "--expect-no-changes")


@STACKS
@kinds(taken_by_day=False)
def test_a_destruction_in_which_every_call_fails_once_is_completed(
    name: str, after: bool, deployed: Callable[..., Stack]
) -> None:
    stack = deployed(name, **EACH_KIND)
    there = called(stack.cloud.calls())
    stack.run("state", "unprotect", "--all", "--yes")
    repeat_until_done(stack, *DESTROY, GO_ON, after=after)
    assert called(stack.cloud.calls()) == Counter({("delete", type_, item): 1 for _, type_, item in there})
    assert stack.cloud.resources() == {}
    assert stack.state() == {}


def test_the_call_that_a_test_names_fails_and_no_other(new_stack: Callable[..., Stack]) -> None:
    stack = new_stack("dev")
    stack.cloud.set_fault(Fault(nth=5))
    assert "a fault that a test has set" in stack.up(fails=True).text
    assert len(stack.cloud.failed()) == 1
    stack.up()
    assert len(stack.cloud.failed()) == 1
