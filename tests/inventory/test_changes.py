"""What a change does, resource by resource."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.brokers import BrokerKind
from domain.msk.operations import DYNAMIC_PROPERTIES, OPERATIONS, duration, operations_for, rolling_minutes
from domain.properties.server import allowed
from inventory.changes.cost import cost_change
from inventory.changes.effects import Change, Effect, changes
from inventory.changes.order import Verdict
from inventory.changes.orders import acknowledged, orders
from inventory.changes.stateful import STATEFUL
from inventory.rows import SECRET, UNKNOWN
from support.previews import CLUSTER, cluster, of_cluster, preview, replacing, state, step, urn
from tools.changes.input import read_preview

TODAY = datetime.date(2026, 11, 23)


def only(one: dict[str, Any]) -> Change:
    found = changes(read_preview(preview(one)).steps)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("changed", "operation", "effect"),
    [
        ({"brokerNodeGroupInfo__instanceType": "kafka.m7g.xlarge"}, "UpdateBrokerType", Effect.ROLLING_RESTART),
        ({"kafkaVersion": "4.0.x.kraft"}, "UpdateClusterKafkaVersion", Effect.ROLLING_RESTART),
        ({"configurationInfo": {"arn": "arn", "revision": 2}}, "UpdateClusterConfiguration", Effect.ROLLING_RESTART),
        ({"clientAuthentication__sasl__scram": True}, "UpdateSecurity", Effect.ROLLING_RESTART),
        ({"brokerNodeGroupInfo__connectivityInfo": {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}}}, "UpdateConnectivity",
         Effect.ROLLING_RESTART),
        ({"storageMode": "TIERED"}, "UpdateStorage", Effect.ROLLING_RESTART),
        ({"numberOfBrokerNodes": 9}, "UpdateBrokerCount", Effect.IN_PLACE),
        ({"enhancedMonitoring": "PER_BROKER"}, "UpdateMonitoring", Effect.IN_PLACE),
        ({"brokerNodeGroupInfo__storageInfo__ebsStorageInfo__volumeSize": 1200}, "UpdateBrokerStorage", Effect.IN_PLACE),
    ],
)  # fmt: skip
def test_each_update_of_a_cluster_is_told_as_the_operation_that_it_is(
    changed: dict[str, Any], operation: str, effect: Effect
) -> None:
    found = only(of_cluster("update", changed))
    assert [entry.name for entry in found.operations] == [operation]
    assert found.effect is effect
    assert ("no restart" in found.summary) is (effect is Effect.IN_PLACE)


def test_a_rolling_restart_says_how_long_it_takes() -> None:
    found = only(of_cluster("update", {"brokerNodeGroupInfo__instanceType": "kafka.m7g.xlarge"}))
    assert found.summary == "rolling restart, about 60-90 minutes for 6 brokers (10-15 minutes a broker)"


def test_two_operations_restart_the_brokers_twice() -> None:
    found = only(of_cluster("update", {"brokerNodeGroupInfo__instanceType": "kafka.m7g.xlarge", "kafkaVersion": "4.0.x.kraft"}))
    assert "about 2-3 hours for 6 brokers" in found.summary
    assert "2 rounds" in found.summary


def test_a_kafka_and_its_configuration_are_one_operation() -> None:
    assert [entry.name for entry in operations_for(["kafkaVersion", "configurationInfo.revision"])] == [
        "UpdateClusterKafkaVersion"
    ]


def test_tags_of_a_cluster_restart_nothing() -> None:
    assert only(of_cluster("update", {"tags": {"team": "orders"}})).summary == "in place, no restart"


@given(st.integers(1, 60), st.integers(1, 4))
def test_rolling_takes_longer_with_every_broker_and_round(brokers: int, rounds: int) -> None:
    shortest, longest = rolling_minutes(brokers, rounds)
    assert 0 < shortest < longest
    assert rolling_minutes(brokers + 1, rounds) > (shortest, longest)
    assert rolling_minutes(brokers, rounds + 1) > (shortest, longest)
    assert duration((shortest, longest)).endswith(("minutes", "hours"))


def test_every_operation_and_every_stateful_type_has_its_source() -> None:
    assert all(entry.source for entry in OPERATIONS)
    assert all(entry.source for entry in STATEFUL.values())


def test_dynamic_properties_are_properties_a_configuration_can_have() -> None:
    assert set(allowed(BrokerKind.STANDARD)) | set(allowed(BrokerKind.EXPRESS)) >= DYNAMIC_PROPERTIES


@pytest.mark.parametrize("op", ["replace", "delete"])
@pytest.mark.parametrize("resource_type", list(STATEFUL))
def test_what_holds_data_loses_it_when_it_goes(resource_type: str, op: str) -> None:
    old = state(resource_type, "it", {"a": 1})
    new = state(resource_type, "it", {"a": 2}) if op == "replace" else None
    found = only(step(op, old, new))
    assert found.loses_data is STATEFUL[resource_type].holds_data
    assert STATEFUL[resource_type].consequence in found.notes


def test_what_is_retained_is_not_lost() -> None:
    found = only(step("delete", state(CLUSTER, "kafka", cluster(), retainOnDelete=True), None))
    assert found.effect is Effect.LEFT
    assert not found.loses_data


@pytest.mark.parametrize(("old", "first"), [({"pendingReplacement": True}, True), ({"delete": True}, False), ({}, None)])
def test_which_of_the_two_goes_first_is_said_where_the_engine_says_it(old: dict[str, bool], first: bool | None) -> None:
    found = only(of_cluster("replace", {"clusterName": "other"}, old=old, **replacing("clusterName")))
    assert found.step.delete_first is first
    assert any("deleted before the new one" in note for note in found.notes) is (first is True)


def test_the_property_that_replaces_is_told_from_those_that_only_change() -> None:
    found = only(of_cluster("replace", {"clusterName": "b", "numberOfBrokerNodes": 9}, **replacing("clusterName")))
    # The provider sees no other difference.
    assert [(difference.path, difference.old, difference.new, difference.replaces) for difference in found.differences] == [
        ("clusterName", "orders", "b", True)
    ]


def test_values_that_nobody_may_see_or_knows_are_said_to_be_so() -> None:
    old = state("aws:secretsmanager/secret:Secret", "s", {"description": SECRET, "kmsKeyId": "key-1"})
    new = state("aws:secretsmanager/secret:Secret", "s", {"description": "open", "kmsKeyId": UNKNOWN})
    found = {difference.path: (difference.old, difference.new) for difference in only(step("update", old, new)).differences}
    assert found == {"description": ("a secret", "open"), "kmsKeyId": ("key-1", "known after the update")}


def test_server_properties_are_told_one_by_one() -> None:
    kind = "aws:msk/configuration:Configuration"
    old = state(kind, "c", {"serverProperties": "a=1\nmessage.max.bytes=1\n"})
    new = state(kind, "c", {"serverProperties": "a=1\nmessage.max.bytes=2\n"})
    assert [(difference.path, difference.old, difference.new) for difference in only(step("update", old, new)).differences] == [
        ("serverProperties.message.max.bytes", "1", "2")
    ]


CONFIGURATION = "aws:msk/configuration:Configuration"
TOPIC = "aws:msk/topic:Topic"


def configuration(properties: str | None, **options: Any) -> dict[str, Any]:
    return state(CONFIGURATION, "properties", {} if properties is None else {"serverProperties": properties}, **options)


def new_properties(old: str | None, new: str | None) -> dict[str, Any]:
    return step("update", configuration(old), configuration(new))


def with_configuration(**options: Any) -> dict[str, Any]:
    """The step of a cluster that takes a new revision of the configuration."""
    revisions = [{"arn": "arn:c", "revision": revision} for revision in (1, UNKNOWN)]
    names = {"propertyDependencies": {"configurationInfo": [urn(CONFIGURATION, "properties")]}}
    old, new = (
        state(CLUSTER, "kafka", cluster(configurationInfo=revision), **names, **options.get(side, {}))
        for revision, side in zip(revisions, ("old", "new"), strict=True)
    )
    return step("update", old, new)


def topic(configs: object, **options: Any) -> dict[str, Any]:
    return state(TOPIC, "orders", {"name": "orders", "configs": configs}, **options)


def lost(*steps: dict[str, Any]) -> list[tuple[str, str, str, bool, bool]]:
    """Each loss: the resource's name, the property, what becomes of it, whether that is certain and whether it is protected."""
    return [
        (change.step.row["name"], loss.property, loss.sentence, loss.certain, loss.protected)
        for change in changes(read_preview(preview(*steps)).steps)
        for loss in change.losses
    ]


PROTECTED = {"protect": True}
SHORTER = new_properties("log.retention.hours=168", "log.retention.hours : 168\nlog.retention.ms \\\n = 3600000")


@pytest.mark.parametrize(
    ("options", "protected"),
    [({}, False), ({"old": PROTECTED, "new": PROTECTED}, True), ({"old": PROTECTED}, True), ({"new": PROTECTED}, True)],
)
def test_shorter_retention_is_a_loss_of_the_configuration_that_its_cluster_protects(
    options: dict[str, Any], protected: bool
) -> None:
    found = changes(read_preview(preview(SHORTER, with_configuration(**options))).steps)
    assert [(item.effect, item.summary.partition(",")[0]) for item in found] == [
        (Effect.MESSAGES, "in place: messages are deleted"),
        (Effect.ROLLING_RESTART, "rolling restart"),
    ]
    ((loss,), none) = (item.losses for item in found)
    assert none == ()
    assert (loss.property, loss.old, loss.new) == ("log.retention.ms", "168 h by log.retention.hours", "1 h")
    assert loss.sentence.startswith("messages older than 1 h are deleted within minutes")
    assert (loss.certain, loss.protected) == (True, protected)


def test_where_the_cluster_of_a_configuration_is_not_shown_it_counts_as_protected() -> None:
    assert [item[3:] for item in lost(SHORTER)] == [(True, True)]
    # A cluster that does not say whose configuration it has may have this one.
    assert [item[3:] for item in lost(SHORTER, of_cluster("same", {}))] == [(True, False)]
    assert [item[3:] for item in lost(SHORTER, of_cluster("same", {}, old=PROTECTED, new=PROTECTED))] == [(True, True)]


@pytest.mark.parametrize(
    ("old", "new", "certain"),
    [
        ("a=1", UNKNOWN, False),
        ("a=1", SECRET, False),
        (SECRET, SECRET, False),
        ("a=1", "log.retention.ms=" + UNKNOWN, False),
        (None, "log.retention.hours=1", True),
        ("log.retention.hours=720", None, True),
        ("log.retention.hours=720", "# log.retention.hours=720", True),
    ],
)
def test_properties_that_nobody_knows_or_that_come_and_go_are_told(old: str | None, new: str | None, certain: bool) -> None:
    assert [item[3] for item in lost(new_properties(old, new), with_configuration())] == [certain]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a=1", "a=2"),
        ("log.retention.hours=168", "a=1"),
        ("# old", "# new"),
        ("log.retention.hours=24", "log.retention.ms=86400000"),
    ],
)
def test_properties_that_keep_messages_as_long_are_none(old: str, new: str) -> None:
    assert lost(new_properties(old, new), with_configuration()) == []


def test_hidden_properties_that_stay_are_no_loss() -> None:
    old, new = (state(CONFIGURATION, "properties", {"serverProperties": SECRET, "description": item}) for item in "ab")
    assert lost(step("update", old, new, detailedDiff={"description": {"kind": "update"}})) == []


def test_a_configuration_that_another_one_replaces_is_compared_with_it() -> None:
    other = state(CONFIGURATION, "other", {"serverProperties": "log.retention.hours=1"}, outputs={"arn": "arn:b"})
    mine = configuration("log.retention.hours=168", outputs={"arn": "arn:a"})
    switch = of_cluster(
        "update",
        {"configurationInfo": {"arn": "arn:b", "revision": 1}},
        was={"configurationInfo": {"arn": "arn:a", "revision": 1}},
        old=PROTECTED,
    )
    found = lost(switch, step("same", mine, mine), step("same", other, other))
    assert [(item[0], item[1], item[3], item[4]) for item in found] == [("kafka", "log.retention.hours", True, True)]
    # One that the preview does not show may say anything.
    assert [(item[0], item[3]) for item in lost(switch, step("same", mine, mine))] == [("kafka", False)]


@pytest.mark.parametrize(("latest", "sentence"), [(2, "what serverProperties was is not"), (3, "serverProperties is not known")])
def test_another_revision_than_the_latest_may_say_anything(latest: int, sentence: str) -> None:
    revisions = [{"arn": "arn:a", "revision": revision} for revision in (1, 2)]
    later = of_cluster("update", {"configurationInfo": revisions[1]}, was={"configurationInfo": revisions[0]})
    mine = configuration("log.retention.hours=168", outputs={"arn": "arn:a", "latestRevision": latest})
    ((name, _, said, certain, _),) = lost(later, step("same", mine, mine))
    assert (name, certain) == ("kafka", False)
    assert sentence in said


def test_a_cluster_that_a_failed_update_left_with_an_older_revision_may_keep_messages_longer_than_the_preview_says() -> None:
    text = "log.retention.hours=1\n"
    old, new = configuration(text, outputs={"arn": "arn:a", "latestRevision": 2}), configuration(text + "num.io.threads=9")
    kafka = of_cluster(
        "update",
        {"configurationInfo": {"arn": "arn:a", "revision": UNKNOWN}},
        was={"configurationInfo": {"arn": "arn:a", "revision": 1}},
        old=PROTECTED,
    )
    update = step("update", old, new, detailedDiff={"serverProperties": {"kind": "update"}})
    assert [(loss[0], loss[3], loss[4]) for loss in lost(kafka, update)] == [("kafka", False, True)]


def test_a_configuration_that_is_replaced_takes_its_properties_along() -> None:
    found = changes(
        read_preview(
            preview(step("replace", configuration("a=1"), configuration("log.retention.ms=1"), **replacing("name")))
        ).steps
    )
    assert [(item.effect, item.summary) for item in found] == [(Effect.MESSAGES, "replaced: messages are deleted")]
    assert not any("No data is lost" in note for note in found[0].notes)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('{"retention.ms":"604800000"}', '{"retention.ms":"3600000"}', [("retention.ms", True)]),
        ('{"retention.ms":604800000}', '{"retention.ms":3600000}', [("retention.ms", True)]),
        ({"retention.ms": 604800000}, {"retention.ms": "3600000"}, [("retention.ms", True)]),
        ('{"retention.bytes":-1}', '{"retention.bytes":"1000"}', [("retention.bytes", True)]),
        ('{"cleanup.policy":"delete"}', '{"cleanup.policy":"compact,delete"}', [("cleanup.policy", True)]),
        ('{"retention.ms":"1"}', UNKNOWN, [("configs", False)]),
        ('{"retention.ms":"1"}', "no JSON", [("configs", False)]),
        ('{"retention.ms":"1"}', f'{{"retention.ms":"{UNKNOWN}"}}', [("retention.ms", False)]),
        ('{"retention.ms":"3600000"}', '{"retention.ms":3600000}', []),
        ("{}", '{"max.message.bytes":"1"}', [("max.message.bytes", False)]),
        ("{}", '{"compression.type":"zstd"}', []),
        (None, "", []),
    ],
)
def test_a_topic_s_own_configuration_is_held_against_what_it_was(
    old: object, new: object, expected: list[tuple[str, bool]]
) -> None:
    found = lost(step("update", topic(old), topic(new)), of_cluster("same", {}))
    assert [(item[1], item[3]) for item in found] == expected


def test_what_somebody_lengthened_in_aws_is_shortened_again() -> None:
    by_hand = {"outputs": {"configs": '{"retention.ms":"604800000"}'}}
    old, new = topic('{"retention.ms":"3600000"}', **by_hand), topic('{"retention.ms":"3600000"}')
    found = lost(step("update", old, new, detailedDiff={"configs": {"kind": "update"}}))
    assert [(item[1], item[3]) for item in found] == [("retention.ms", True)]
    properties = {"outputs": {"serverProperties": "log.retention.hours=720"}}
    drifted = step("update", configuration("a=1", **properties), configuration("a=1"), detailedDiff={"serverProperties": {}})
    assert [(item[1], item[3]) for item in lost(drifted)] == [("log.retention.hours", True)]


def test_a_topic_is_protected_by_itself_or_by_its_cluster() -> None:
    shorter = step("update", topic('{"retention.ms":"2"}'), topic('{"retention.ms":"1"}'))
    kept = step("update", topic('{"retention.ms":"2"}', **PROTECTED), topic('{"retention.ms":"1"}'))
    # A cluster that is not in the preview may be protected.
    assert [item[4] for item in lost(shorter)] == [True]
    assert [item[4] for item in lost(shorter, of_cluster("same", {}))] == [False]
    assert [item[4] for item in lost(kept)] == [True]
    assert [item[4] for item in lost(shorter, of_cluster("same", {}, old=PROTECTED))] == [True]


def test_a_topic_that_gives_up_its_retention_gets_the_cluster_s() -> None:
    given_up = step("update", topic('{"retention.ms":"604800000"}'), topic("{}"))
    same = configuration("log.retention.hours=24")
    named = {"propertyDependencies": {"configurationInfo": [urn(CONFIGURATION, "properties")]}}
    there = state(CLUSTER, "kafka", cluster(configurationInfo={"arn": "arn:c", "revision": 1}), **named)
    assert lost(given_up, step("same", there, there), step("same", same, same)) == [
        ("orders", "log.retention.hours", "messages older than 24 h are deleted within minutes", True, False)
    ]
    # What the preview does not show is not known.
    assert [(item[1], item[3]) for item in lost(given_up)] == [("retention.ms", False)]
    assert "--show-sames" in only(given_up).notes[0]


def test_local_retention_of_a_tiered_topic_is_no_loss_and_is_explained() -> None:
    old, new = (
        '{"local.retention.ms":"2","remote.storage.enable":"true"}',
        '{"local.retention.ms":"1","remote.storage.enable":"true"}',
    )
    found = only(step("update", topic(old), topic(new)))
    assert (found.effect, found.losses) == (Effect.IN_PLACE, ())
    assert "No message is deleted" in found.notes[0]


CLIENT_FILES = "msk-platform:access:ClientFiles"


def client(name: str, mechanism: str, op: str = "delete") -> dict[str, Any]:
    files = state(CLIENT_FILES, f"kafka-clients-{name}-files", {"client": name, "mechanism": mechanism})
    return step(op, files, files if op == "same" else None)


def rule(port: object, source: str) -> dict[str, Any]:
    kind = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    return step("delete", state(kind, f"{port}-{source}", {"fromPort": port, "cidrIpv4": source}), None)


BOTH = {"sasl": {"iam": True, "scram": True}}
IAM_OFF = of_cluster("update", {"clientAuthentication": {"sasl": {"scram": True}}}, was={"clientAuthentication": BOTH})


@pytest.mark.parametrize(
    ("mechanism", "was", "changed"),
    [
        ("IAM", {"sasl": {"iam": True, "scram": True}}, {"sasl": {"iam": False, "scram": True}}),
        ("SCRAM", {"sasl": {"iam": True, "scram": True}}, {"sasl": {"iam": True}}),
        ("mutual TLS", {"sasl": {"iam": True}, "tls": {"certificateAuthorityArns": ["arn:ca"]}}, {"sasl": {"iam": True}}),
        ("unauthenticated TLS", {"sasl": {"iam": True}, "unauthenticated": True}, {"sasl": {"iam": True}}),
        # Without any authentication everybody is let in.
        ("unauthenticated TLS", None, {"sasl": {"iam": True}}),
    ],
)
def test_a_mechanism_that_goes_cuts_off_the_clients_that_use_it(mechanism: str, was: object, changed: object) -> None:
    off = of_cluster("update", {"clientAuthentication": changed}, was={"clientAuthentication": was}, old=PROTECTED)
    found = lost(off, client("erp", mechanism), client("api", mechanism, "same"), client("other", "plaintext"))
    assert [(item[0], item[2], item[3], item[4]) for item in found] == [
        ("kafka", f"{mechanism} is turned off while api and erp use it", True, True)
    ]
    notes = only(off).notes
    assert any(note.startswith(f"{mechanism} is turned off. No client in this preview uses it") for note in notes)


def test_a_private_ca_that_is_taken_out_cuts_off_the_clients_that_it_signed() -> None:
    def tls(*authorities: str) -> dict[str, Any]:
        return {"clientAuthentication": {"tls": {"certificateAuthorityArns": list(authorities)}}}

    other = of_cluster("update", tls("arn:b"), was=tls("arn:a"), old=PROTECTED)
    ((_, _, sentence, certain, protected),) = lost(other, client("api", "mutual TLS", "same"))
    assert sentence == "Certificates of arn:a are no longer accepted while api uses mutual TLS"
    assert (certain, protected) == (False, True)
    assert only(other).notes[0].startswith("Certificates of arn:a are no longer accepted. No client in this preview uses it")
    assert lost(of_cluster("update", tls("arn:a", "arn:b"), was=tls("arn:a")), client("api", "mutual TLS", "same")) == []


def test_clients_without_encryption_are_cut_off_when_it_is_asked_of_all() -> None:
    was = {
        "clientAuthentication": {"unauthenticated": True},
        "encryptionInfo__encryptionInTransit__clientBroker": "TLS_PLAINTEXT",
    }
    off = of_cluster("update", {"encryptionInfo__encryptionInTransit__clientBroker": "TLS"}, was=was)
    assert [item[2] for item in lost(off, client("old", "plaintext"))] == ["plaintext is turned off while old uses it"]


def test_a_mechanism_that_comes_or_stays_cuts_nobody_off() -> None:
    more = of_cluster("update", {"clientAuthentication__sasl__scram": True})
    assert lost(more, client("api", "IAM"), client("erp", "SCRAM")) == []


def test_whether_a_mechanism_stays_may_not_be_known() -> None:
    off = of_cluster("update", {"clientAuthentication": UNKNOWN})
    assert [(item[2], item[3]) for item in lost(off, client("api", "IAM"))] == [
        ("IAM may be turned off while api uses it", False)
    ]


def test_a_source_with_one_door_alone_uses_that_door() -> None:
    # A rule of no port is no door.
    found = lost(
        IAM_OFF, rule([9098], "10.3.0.0/24"), rule(9098, "10.1.0.0/24"), rule(9098, "10.2.0.0/24"), rule(9096, "10.2.0.0/24")
    )
    assert [item[2] for item in found] == ["IAM is turned off while clients from 10.1.0.0/24 use it"]


def test_clients_of_another_cluster_are_not_counted() -> None:
    other = state(CLUSTER, "other", cluster(clusterName="other"))
    access = state("msk-platform:access:ClientAccess", "api", {"client": "api", "clusterArn": "arn:other"})
    assert lost(IAM_OFF, step("same", other, other), step("same", access, access)) == []
    assert len(lost(IAM_OFF, step("same", access, access))) == 1


def told(one: dict[str, Any], answered: frozenset[str] = frozenset()) -> dict[str, Verdict]:
    found = orders(read_preview(preview(one)).steps, today=TODAY, answered=answered)
    assert all(order.steps for order in found)
    return {order.rule: order.verdict for order in found}


PUBLIC = {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}}


@pytest.mark.parametrize(
    ("was", "changed", "rule"),
    [
        ({}, {"brokerNodeGroupInfo__storageInfo__ebsStorageInfo__volumeSize": 900}, "storage-shrink"),
        ({}, {"brokerNodeGroupInfo__storageInfo__ebsStorageInfo__volumeSize": 1005}, "storage-increase-too-small"),
        ({}, {"kafkaVersion": "3.8.x.kraft"}, "kafka-downgrade"),
        ({}, {"kafkaVersion": "3.9.x"}, "kraft-to-zookeeper"),
        ({"storageMode": "TIERED"}, {"storageMode": "LOCAL"}, "tiered-to-local"),
        ({}, {"numberOfBrokerNodes": 3}, "fewer-brokers"),
        ({"configurationInfo": {"arn": "a", "revision": 1}}, {"configurationInfo": None}, "configuration-detached"),
        (
            {},
            {"brokerNodeGroupInfo__connectivityInfo": PUBLIC, "clientAuthentication__sasl__scram": True},
            None,
        ),
        (
            {"brokerNodeGroupInfo__connectivityInfo": {"publicAccess": {"type": "DISABLED"}}},
            {"brokerNodeGroupInfo__connectivityInfo": PUBLIC, "brokerNodeGroupInfo__instanceType": "kafka.m7g.xlarge"},
            "one-operation-at-a-time",
        ),
    ],
)
def test_what_aws_refuses_is_refused_with_steps(was: dict[str, Any], changed: dict[str, Any], rule: str | None) -> None:
    found = told(of_cluster("update", changed, was=was))
    assert found[rule or "one-operation-at-a-time"] is Verdict.REFUSED


@pytest.mark.parametrize(
    ("was", "changed", "rule"),
    [
        ({"storageMode": "TIERED"}, {"storageMode": "LOCAL"}, "tiered-to-local"),
        ({"kafkaVersion": "3.7.1"}, {"kafkaVersion": "3.6.0"}, "kafka-downgrade"),
    ],
)
def test_a_guard_that_the_engine_does_not_ask_before_a_replacement_is_asked_here(
    was: dict[str, Any], changed: dict[str, Any], rule: str
) -> None:
    assert told(of_cluster("replace", changed, was=was, **replacing(*changed)))[rule] is Verdict.REPLACES


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("kafka.m5.2xlarge", "express.m7g.4xlarge", "standard-to-express"),
        ("express.m7g.large", "kafka.m7g.large", "express-to-standard"),
        ("kafka.m7g.large", "kafka.t3.small", "to-t3-small"),
    ],
)
def test_a_broker_type_that_aws_refuses_to_a_cluster_is_refused_alone_and_nobody_can_answer_for_it(
    before: str, after: str, rule: str
) -> None:
    was, changed = ({"brokerNodeGroupInfo__instanceType": item} for item in (before, after))
    both = {**changed, "configurationInfo": {"arn": "a", "revision": 2}}
    assert told(of_cluster("update", both, was=was), frozenset({rule})) == {rule: Verdict.REFUSED}
    # A cluster that is made anew may have any.
    assert rule not in told(
        of_cluster("replace", {**changed, "clusterName": "b", "kafkaVersion": "3.9.x"}, was=was, **replacing("clusterName"))
    )


def test_public_access_is_refused_to_the_cluster_that_replaces_one_that_has_it() -> None:
    was = {"brokerNodeGroupInfo__connectivityInfo": PUBLIC}
    found = told(of_cluster("replace", {"clusterName": "other"}, was=was, **replacing("clusterName")))
    assert found["public-access-at-creation"] is Verdict.REFUSED


def test_connectivity_comes_after_what_it_depends_on() -> None:
    was = {"brokerNodeGroupInfo__connectivityInfo": {"publicAccess": {"type": "DISABLED"}}}
    changed = {"brokerNodeGroupInfo__connectivityInfo": PUBLIC, "clientAuthentication__sasl__scram": True}
    found = orders(read_preview(preview(of_cluster("update", changed, was=was))).steps, today=TODAY)
    first, second = next(item.steps for item in found if item.rule == "one-operation-at-a-time")
    assert "authentication alone" in first
    assert "connectivity" in second


def test_several_operations_are_advised_to_be_split_in_the_provider_s_order() -> None:
    changed = {"kafkaVersion": "4.0.x.kraft", "brokerNodeGroupInfo__instanceType": "kafka.m7g.xlarge"}
    found = orders(read_preview(preview(of_cluster("update", changed))).steps, today=TODAY)
    assert [item.verdict for item in found] == [Verdict.ADVICE]
    assert "UpdateBrokerType, then UpdateClusterKafkaVersion" in found[0].message
    assert ["brokerNodeGroupInfo.instanceType" in found[0].steps[0], "kafkaVersion" in found[0].steps[1]] == [True, True]


def test_a_change_of_storage_reminds_of_the_cooldown() -> None:
    assert told(of_cluster("update", {"brokerNodeGroupInfo__storageInfo__ebsStorageInfo__volumeSize": 1500})) == {
        "storage-cooldown": Verdict.ADVICE
    }


def test_an_answered_for_guard_is_silent_as_long_as_the_answer_holds() -> None:
    fewer = of_cluster("update", {"numberOfBrokerNodes": 3})
    config = {"shop:acknowledge": '{"fewer-brokers": {"reason": "CHG-1", "until": "2026-11-23"}}'}
    assert told(fewer, acknowledged(config, "shop", TODAY)) == {}
    assert told(fewer, acknowledged(config, "shop", TODAY + datetime.timedelta(days=1))) == {"fewer-brokers": Verdict.REFUSED}
    # Another project's settings answer for nothing of this one.
    assert acknowledged(config, "orders", TODAY) == frozenset()
    assert acknowledged({"shop:acknowledge": "[" * 100_000}, "shop", TODAY) == frozenset()


def test_costs_are_the_difference_of_the_two_bills() -> None:
    found = cost_change(read_preview(preview(of_cluster("update", {"numberOfBrokerNodes": 9}))).steps, "us-east-1")
    assert found.usd == pytest.approx(found.after.usd - found.before.usd)
    assert [(item.before, item.after) for item in found.lines] == [
        ("6 brokers kafka.m7g.large", "9 brokers kafka.m7g.large"),
        ("6 volumes of 1000 GiB", "9 volumes of 1000 GiB"),
    ]


def test_a_line_without_a_price_is_not_counted_and_said_not_to_be() -> None:
    to_bucket = {"loggingInfo": {"brokerLogs": {"s3": {"enabled": True, "bucket": "logs"}}}}
    found = cost_change(read_preview(preview(of_cluster("update", to_bucket))).steps, "us-east-1")
    assert found.usd == 0
    assert found.not_known == ("broker logs delivered to Amazon S3",)
    assert not found.after.is_whole


def test_more_metrics_cost_what_there_are_of_them() -> None:
    found = cost_change(read_preview(preview(of_cluster("update", {"enhancedMonitoring": "PER_BROKER"}))).steps, "us-east-1")
    assert found.usd > 0
    assert [(line.before, line.after) for line in found.lines] == [("", "enhanced monitoring PER_BROKER")]


def test_a_line_is_held_against_its_like_however_it_is_worded() -> None:
    was, will = {"enhancedMonitoring": "PER_BROKER"}, {"enhancedMonitoring": "PER_TOPIC_PER_BROKER"}
    bills = cost_change(read_preview(preview(of_cluster("update", will, was=was))).steps, "us-east-1")
    assert [(line.before, line.after) for line in bills.lines] == [
        ("enhanced monitoring PER_BROKER", "enhanced monitoring PER_TOPIC_PER_BROKER"),
        ("", "enhanced monitoring PER_TOPIC_PER_BROKER, topics"),
    ]


@given(st.integers(1, 20), st.integers(1, 20))
def test_going_there_and_back_costs_nothing(before: int, after: int) -> None:
    def cost(one: int, other: int) -> float:
        text = preview(of_cluster("update", {"numberOfBrokerNodes": 3 * other}, was={"numberOfBrokerNodes": 3 * one}))
        return cost_change(read_preview(text).steps, "us-east-1").usd

    assert cost(before, after) == pytest.approx(-cost(after, before))


def component(peak: float, storage: int = 1000) -> dict[str, Any]:
    """The component around the cluster, with its workload."""
    workload = {"ingressMBps": 1, "peakMBps": peak, "fanOut": 2, "retentionHours": 24, "partitions": 100}
    inputs = {"workload": workload, "storageGib": storage}
    return {**state("msk-platform:cluster:KafkaCluster", "kafka-cluster", inputs), "custom": False}


@pytest.mark.parametrize(("peak", "said"), [(10, "2 MB/s at the stated peak of 10"), (200, "too much. Deploy at a quiet hour")])
def test_a_restart_says_whether_the_other_brokers_carry_the_load(peak: float, said: str) -> None:
    around = component(peak)
    restart = of_cluster("update", {"kafkaVersion": "4.0.x.kraft"}, old={"parent": around["urn"]}, new={"parent": around["urn"]})
    (cluster_change,) = changes(read_preview(preview(restart, step("same", around, around))).steps)
    assert said in cluster_change.notes[0]
    assert "each of the other 5 takes" in cluster_change.notes[0]
    (alone,) = changes(read_preview(preview(restart)).steps)
    assert "is not known: no workload is stated" in alone.notes[0]


@pytest.mark.parametrize("autoscaling", [True, False])
def test_a_size_that_autoscaling_keeps_as_it_is_is_said_to_have_no_effect(autoscaling: bool) -> None:
    old, new = component(10, 1000), component(10, 2000)
    new["inputs"]["storageAutoscaling"] = autoscaling
    found = orders(read_preview(preview(of_cluster("same", {}), step("update", old, new))).steps, today=TODAY)
    assert [item.rule for item in found] == (["setting-without-effect"] if autoscaling else [])


def test_what_the_bill_may_grow_to_is_a_line_that_changes() -> None:
    def target(maximum: int) -> dict[str, Any]:
        inputs = {"maxCapacity": maximum, "scalableDimension": "kafka:broker-storage:VolumeSize"}
        return state("aws:appautoscaling/target:Target", "volumes", inputs)

    steps = read_preview(preview(of_cluster("same", {}), step("update", target(2000), target(6000)))).steps
    (line,) = cost_change(steps, "us-east-1").lines
    assert line.before.endswith("which may grow to 2000 GiB each: 1,200.00")
    assert line.after.endswith("which may grow to 6000 GiB each: 3,600.00")
    assert line.usd == 0
