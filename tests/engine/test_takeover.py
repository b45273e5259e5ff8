"""A cluster that somebody made by hand is taken over as it runs, and only then changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.engine.handmade import PROPERTIES, made_by_hand

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

CLUSTER = "aws:msk/cluster:Cluster"
# What the settings wish for by themselves, and a cluster that was made by hand has not: autoscaling, alarms and what shows it.
OF_THE_SETTINGS = (
    "aws:appautoscaling/",
    "aws:cloudwatch/compositeAlarm",
    "aws:cloudwatch/dashboard",
    "aws:cloudwatch/logMetricFilter",
    "aws:cloudwatch/metricAlarm",
    "aws:cloudwatch/queryDefinition",
    "aws:sns/",
)


def stack_to_take_over(new_stack: Callable[..., Stack], **changes: Any) -> Stack:
    stack = new_stack("dev")
    stack.set(**made_by_hand(stack.cloud))
    stack.set(**changes)
    return stack


@pytest.fixture
def taken_over(new_stack: Callable[..., Stack], made_once: Callable[[str, Callable[[], Stack]], Stack]) -> Stack:
    def make() -> Stack:
        stack = stack_to_take_over(new_stack)
        stack.up()
        return stack

    return made_once("taken over", make)


def test_nothing_that_is_there_changes_and_nothing_is_left_to_do(new_stack: Callable[..., Stack]) -> None:
    stack = stack_to_take_over(new_stack)
    there = stack.cloud.resources()
    assert {step.op for step in stack.preview() if step.type == CLUSTER} == {"import"}
    made = stack.calls_of_up()
    assert {call.call for call in made} == {"create"}
    assert all(call.type.startswith(OF_THE_SETTINGS) for call in made)
    after = stack.cloud.resources()
    assert {key: after[key] for key in there} == there
    stack.run("preview", "--expect-no-changes")
    stack.run("refresh", "--yes", "--expect-no-changes")
    stack.run("preview", "--expect-no-changes")


def test_everything_that_has_an_import_id_is_in_the_state_with_it_and_what_matters_is_protected(taken_over: Stack) -> None:
    imported = {row["id"]: row for row in taken_over.state().values() if row.get("importID")}
    there = {key.partition("|")[2] for key in taken_over.cloud.resources() if not key.startswith(OF_THE_SETTINGS)}
    assert imported.keys() == there
    protected = {row["type"] for row in imported.values() if row.get("protect")}
    assert protected == {CLUSTER, "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup"}


def test_settings_that_are_not_what_is_there_are_refused_with_the_setting_and_change_nothing(
    new_stack: Callable[..., Stack],
) -> None:
    stack = stack_to_take_over(new_stack, brokersPerZone=2, monitoring={"level": "DEFAULT"})
    for refused in (stack.run("preview", fails=True), stack.up(fails=True)):
        assert "numberOfBrokerNodes is 3 and would be 6 (setting brokersPerZone)" in refused.text
        assert "enhancedMonitoring is PER_BROKER and would be DEFAULT (setting monitoring.level)" in refused.text
        assert "[import-frozen]" in refused.text
        assert "Traceback" not in refused.text
    assert [call for call in stack.cloud.calls() if not call.type.startswith(OF_THE_SETTINGS)] == []
    # Mended, the same stack ends as if nothing had happened.
    stack.set(brokersPerZone=1, monitoring={"level": "PER_BROKER"})
    stack.up()
    stack.run("preview", "--expect-no-changes")


@pytest.mark.parametrize(
    "protect", [pytest.param(True, id="protected", marks=pytest.mark.exhaustive), pytest.param(False, id="not protected")]
)
def test_settings_that_would_replace_the_cluster_are_refused_protected_or_not(
    protect: bool, new_stack: Callable[..., Stack]
) -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/99999999-2222-3333-4444-555555555555"
    stack = stack_to_take_over(new_stack, protect=protect, encryption={"dataKey": key})
    stack.run("preview", fails=True)
    stack.up(fails=True)
    assert [call for call in stack.cloud.calls() if not call.type.startswith(OF_THE_SETTINGS)] == []


def test_a_kafka_past_its_support_is_taken_over_though_no_new_cluster_could_have_it(new_stack: Callable[..., Stack]) -> None:
    stack = stack_to_take_over(new_stack, kafkaVersion="2.8.1", brokerType="kafka.m5.large")
    with stack.cloud.only(CLUSTER) as cluster:
        cluster["kafkaVersion"] = "2.8.1"
        cluster["brokerNodeGroupInfo"]["instanceType"] = "kafka.m5.large"
    stack.up()
    stack.run("preview", "--expect-no-changes")


def test_after_the_takeover_a_change_waits_for_frozen_to_go_and_is_in_place(taken_over: Stack) -> None:
    taken_over.set(brokersPerZone=2)
    assert "set import.frozen to false" in taken_over.run("preview", fails=True).text
    taken_over.run("config", "set", "--path", "import.frozen", "false")
    (call,) = [call for call in taken_over.calls_of_up() if call.type == CLUSTER]
    assert (call.call, call.changed) == ("update", ("numberOfBrokerNodes",))
    taken_over.run("preview", "--expect-no-changes")


def test_a_property_taken_out_of_keep_becomes_what_the_settings_say_and_the_rest_stays(taken_over: Stack) -> None:
    with taken_over.cloud.only("aws:msk/configuration:Configuration") as configuration:
        assert configuration["serverProperties"] == PROPERTIES
    taken_over.set(**{"import": {"frozen": False, "keep": {"configuration": None}}})
    # Made by hand it keeps messages for Kafka's week, by dev's settings for a day.
    assert "set acknowledge.shorter-retention: {reason, until}" in taken_over.run("preview", fails=True).text
    taken_over.set(acknowledge={"shorter-retention": {"reason": "CHG-1", "until": "2026-12-01"}})
    assert [(call.call, call.type, call.changed) for call in taken_over.calls_of_up()] == [
        ("update", "aws:msk/configuration:Configuration", ("serverProperties",)),
        ("update", CLUSTER, ("configurationInfo.revision",)),
    ]
    taken_over.run("preview", "--expect-no-changes")


def test_taking_the_ids_out_again_is_refused_by_protection(taken_over: Stack) -> None:
    before = {key for key in taken_over.cloud.resources() if key.startswith((CLUSTER, "aws:ec2/"))}
    taken_over.set(**{"import": None})
    assert "protected" in taken_over.run("preview", fails=True).text
    taken_over.up(fails=True)
    assert before <= taken_over.cloud.resources().keys()


@pytest.mark.parametrize("first", ["a cluster of its own", "a cluster taken over"])
def test_the_id_of_another_cluster_never_deletes_the_protected_one(first: str, new_stack: Callable[..., Stack]) -> None:
    # Under one logical name the engine would delete what stood there before, protected or not.
    stack = new_stack("dev", protect=True)
    settings = made_by_hand(stack.cloud)
    if first == "a cluster taken over":
        stack.set(**settings)
    stack.up()
    clusters = {key for key in stack.cloud.resources() if key.startswith(CLUSTER)}
    with stack.cloud.open() as content:
        (key,) = [key for key in content["resources"] if key.startswith(CLUSTER) and "/orders/" in key]
        other = content["resources"][key]
        arn = other["properties"]["arn"].replace("/orders/", "/orders/0")
        content["resources"][f"{CLUSTER}|{arn}"] = {**other, "properties": {**other["properties"], "arn": arn}}
    settings["import"]["cluster"] = arn
    stack.set(**settings)
    assert "cannot be deleted" in stack.run("preview", fails=True).text
    stack.up(fails=True)
    assert clusters <= stack.cloud.resources().keys()


def test_what_the_cluster_has_not_got_comes_later_and_in_place(new_stack: Callable[..., Stack]) -> None:
    stack = stack_to_take_over(new_stack)
    with stack.cloud.only(CLUSTER) as cluster:
        del cluster["loggingInfo"], cluster["configurationInfo"]
        cluster["brokerNodeGroupInfo"]["securityGroups"].append("sg-0aaaaaaa1")
    groups = "brokerNodeGroupInfo.securityGroups"
    kept = {"cluster": ["tags", "loggingInfo", "configurationInfo", groups], "brokerLogGroup": None, "configuration": None}
    stack.set(**{"import": {"brokerLogGroup": None, "configuration": None, "keep": kept}})
    assert {call.type for call in stack.calls_of_up() if call.call != "create"} == set()
    stack.run("preview", "--expect-no-changes")
    stack.set(**{"import": {"frozen": False, "keep": {"cluster": ["tags", groups]}}})
    (call,) = [call for call in stack.calls_of_up() if not call.type.startswith(OF_THE_SETTINGS)]
    assert (call.call, call.type) == ("update", CLUSTER)
    assert {path.split(".")[0] for path in call.changed} == {"loggingInfo", "configurationInfo"}
    stack.run("preview", "--expect-no-changes")
