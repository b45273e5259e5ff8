"""What stands against a plan of `python -m tools topics`, and what it takes though nothing stands against it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from domain.settings.clients import Streams
from support.stacks import TODAY, project_with
from tools.shared.stack_settings import settings_of
from tools.topics.checks import verdict_on
from tools.topics.limits import SERVERLESS_LIMITS
from tools.topics.plan import Present, Wanted, plan_of
from tools.topics.reading import Snapshot
from tools.topics.terms import Terms, terms_of

if TYPE_CHECKING:
    from pathlib import Path

    from tools.topics.checks import Verdict

_DAY = 86_400_000
_ENRICH = Streams.model_validate({"applicationId": "enrich"})
_STANDARD = Terms(
    stack="prod",
    wanted={},
    by_pulumi=True,
    protect=True,
    acknowledged=frozenset(),
    limits=None,
    servers={"log.retention.hours": "168", "min.insync.replicas": "2"},
    used_by={"invoices": ("clients.erp.consume.topics",)},
    streams={"clients.enricher": _ENRICH},
)
_SERVERLESS = replace(_STANDARD, by_pulumi=False, limits=SERVERLESS_LIMITS, servers=SERVERLESS_LIMITS.servers)


def verdict(terms: Terms, present: dict[str, Present], *, servers: dict[str, str] | None = None, **named: Any) -> Verdict:
    plan = plan_of(terms.wanted, present, by_effect=terms.serverless, **named)
    return verdict_on(plan, terms, Snapshot(present, servers or {}), **named)


def with_own(own: dict[str, str], partitions: int = 1) -> Present:
    return Present(partitions, 3, own, {"cleanup.policy": "delete", "retention.ms": str(7 * _DAY), **own})


def test_nothing_stands_against_new_topics_more_partitions_and_longer_retention() -> None:
    wanted = {"new": Wanted(3, 3, {"retention.ms": "5"}), "old": Wanted(3, 3, {"retention.ms": str(9 * _DAY)})}
    judged = verdict(replace(_STANDARD, wanted=wanted), {"old": with_own({})})
    assert judged.objections == ()
    # It is not free of charge: keys move.
    (warning,) = judged.warnings
    assert warning.startswith("topics.old.partitions: messages with a key go to other partitions than before")


@pytest.mark.parametrize(
    ("own", "configs", "guard"),
    [
        ({}, {"retention.ms": str(_DAY)}, "shorter-retention"),
        ({"retention.ms": "-1"}, {"retention.ms": str(90 * _DAY)}, "shorter-retention"),
        ({}, {"retention.bytes": "1000"}, "shorter-retention"),
        ({}, {"cleanup.policy": "compact"}, "compaction"),
        ({"min.insync.replicas": "2"}, {"min.insync.replicas": "1"}, "less-durable"),
        ({}, {"max.message.bytes": "1000"}, "smaller-messages"),
        ({}, {"unclean.leader.election.enable": "true"}, "unclean-election"),
    ],
)
def test_a_loss_on_a_protected_stack_needs_somebody_who_answers_for_it(
    own: dict[str, str], configs: dict[str, str], guard: str
) -> None:
    terms, present = replace(_STANDARD, wanted={"orders": Wanted(1, 3, configs)}), {"orders": with_own(own)}
    (objection,) = verdict(terms, present).objections
    assert objection.guard == guard
    assert f"acknowledge.{guard}: {{reason, until}}" in objection.message
    answered = verdict(replace(terms, acknowledged=frozenset({guard})), present)
    assert answered.objections == ()
    (warning,) = answered.warnings
    assert f"[{guard} is acknowledged]" in warning
    unprotected = verdict(replace(terms, protect=False), present)
    assert unprotected.objections == ()
    assert len(unprotected.warnings) == 1


def test_taking_a_setting_off_is_a_loss_where_the_cluster_keeps_less() -> None:
    terms = replace(_STANDARD, wanted={"orders": Wanted(1, 3)})
    present = {"orders": with_own({"retention.ms": str(9 * _DAY)})}
    assert verdict(terms, present).objections == ()
    (objection,) = verdict(terms, present, reset=["orders"]).objections
    assert objection.guard == "shorter-retention"
    # What the brokers say counts, not what the stack file would give them.
    longer = {"log.retention.ms": str(30 * _DAY)}
    for those in (terms, replace(_SERVERLESS, wanted=terms.wanted)):
        assert len(verdict(those, present, reset=["orders"]).objections) == 1
        assert verdict(those, present, servers=longer, reset=["orders"]).objections == ()


def test_what_holds_for_a_topic_that_sets_nothing_counts_and_not_what_the_stack_file_would_give_it() -> None:
    terms = replace(_STANDARD, wanted={"orders": Wanted(1, 3, {"retention.ms": str(8 * _DAY)})})
    present = {"orders": Present(1, 3, {}, {"retention.ms": str(30 * _DAY)})}
    (objection,) = verdict(terms, present).objections
    assert objection.guard == "shorter-retention"


def test_on_serverless_aws_own_retention_holds_where_nothing_is_set() -> None:
    terms = replace(_SERVERLESS, wanted={"orders": Wanted(1, None)})
    present = {"orders": with_own({"retention.bytes": "-1"})}
    (objection,) = verdict(terms, present, reset=["orders"]).objections
    assert "retention.bytes would change from no limit" in objection.message
    assert "250 GiB" in objection.message


def test_partitions_and_replicas_that_kafka_does_not_change_are_refused() -> None:
    terms = replace(_STANDARD, wanted={"orders": Wanted(2, 2)})
    objections = verdict(terms, {"orders": Present(3, 3)}).objections
    assert [objection.guard for objection in objections] == ["fewer-partitions", ""]
    assert "Set replicationFactor to 3" in objections[1].message
    # Where the cluster alone decides, there is nothing to compare.
    serverless = replace(_SERVERLESS, wanted={"orders": Wanted(3, None)})
    assert verdict(serverless, {"orders": Present(3, 3)}).objections == ()


def test_a_name_that_kafka_takes_for_another_one_is_refused() -> None:
    terms = replace(_STANDARD, wanted={"audit.v1": Wanted(1, 3), "audit.v2": Wanted(1, 3)})
    (objection,) = verdict(terms, {"audit_v1": Present(1, 3), "audit.v2": Present(1, 3)}).objections
    assert "topics.audit.v1 collides with audit_v1" in objection.message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("__consumer_offsets", "the offsets of every consumer group"),
        ("__amazon_msk_canary_state", "Amazon MSK's own checks of the cluster"),
        ("__mine", "names with two underscores in front"),
        ("orders", "the stack file names it. Remove topics.orders first."),
        ("invoices", "Remove it from clients.erp.consume.topics first."),
        ("enrich-totals-changelog", "an internal topic of clients.enricher"),
        ("paymets", "this client sees no such topic. Leave it out if it is deleted already."),
    ],
)
def test_what_may_not_be_deleted_is_refused_with_the_reason(name: str, words: str) -> None:
    terms = replace(_STANDARD, wanted={"orders": Wanted(1, 3)})
    on_cluster = (
        "__consumer_offsets",
        "__amazon_msk_canary_state",
        "__mine",
        "orders",
        "invoices",
        "payments",
        "enrich-totals-changelog",
    )
    (objection,) = verdict(terms, {topic: Present(1, 3) for topic in on_cluster}, delete=[name]).objections
    assert objection.message.startswith(f"--delete {name}: ")
    assert words in objection.message
    assert "Did you mean" not in objection.message


@pytest.mark.parametrize(("name", "words"), [("paymets", "Did you mean payments?"), ("orders", "not on the cluster yet")])
def test_only_topics_of_both_are_reset(name: str, words: str) -> None:
    terms = replace(_STANDARD, wanted={"orders": Wanted(1, 3), "payments": Wanted(1, 3)})
    (objection,) = verdict(terms, {"payments": Present(1, 3)}, reset=[name]).objections
    assert words in objection.message


def test_serverless_changes_the_cleanup_policy_of_no_topic_that_is_there() -> None:
    terms = replace(
        _SERVERLESS,
        protect=False,
        wanted={"orders": Wanted(1, None, {"cleanup.policy": "compact"}), "new": Wanted(1, None, {"cleanup.policy": "compact"})},
    )
    (objection,) = verdict(terms, {"orders": with_own({})}).objections
    assert "topics.orders: cleanup.policy would change from delete to compact" in objection.message
    assert "make a topic with another name" in objection.message
    # What holds anyway is no change.
    same = replace(_SERVERLESS, wanted={"orders": Wanted(1, None, {"cleanup.policy": "delete"})})
    assert verdict(same, {"orders": with_own({})}).objections == ()


@pytest.mark.parametrize(
    ("new", "there", "words"),
    [
        (Wanted(400, None), with_own({}, 2000), []),
        (Wanted(401, None), with_own({}, 2000), ["would have 2401 partitions, and MSK Serverless takes 2400"]),
        (Wanted(20, None, {"cleanup.policy": "compact"}), with_own({"cleanup.policy": "compact,delete"}, 100), []),
        (
            Wanted(21, None, {"cleanup.policy": "compact"}),
            with_own({"cleanup.policy": "compact,delete"}, 100),
            ["would have 121 partitions of compacted topics, and MSK Serverless takes 120"],
        ),
        (Wanted(1, None), with_own({}, 3000), ["would have 3001 partitions"]),
    ],
)
def test_more_partitions_than_serverless_takes_are_refused(new: Wanted, there: Present, words: list[str]) -> None:
    terms = replace(_SERVERLESS, wanted={"new": new})
    objections = verdict(terms, {"there": there}).objections
    assert len(objections) == len(words)
    assert all(part in objection.message for part, objection in zip(words, objections, strict=True))


def test_partitions_that_are_added_count() -> None:
    present = {"there": with_own({}, 2000), "full": with_own({}, 400)}
    for partitions, refused in ((2000, 0), (2001, 1)):
        terms = replace(_SERVERLESS, wanted={"there": Wanted(partitions, None)})
        assert len(verdict(terms, present).objections) == refused


def test_a_cluster_that_is_full_is_no_reason_against_what_makes_no_partitions() -> None:
    terms = replace(_SERVERLESS, wanted={"there": Wanted(3000, None, {"retention.ms": "-1"})})
    assert verdict(terms, {"there": with_own({}, 3000)}).objections == ()


def test_topics_that_come_or_go_in_more_than_a_period_are_warned_of() -> None:
    terms = replace(_SERVERLESS, wanted={"large": Wanted(251, None), "small": Wanted(250, None)})
    warnings = verdict(terms, {"gone": Present(251, 3), "less": Present(250, 3)}, delete=["gone", "less"]).warnings
    assert [warning.split()[0] for warning in warnings] == ["topics.large", "gone"]
    assert "messages with a key must not be written" in warnings[0]
    assert "is not documented" in warnings[1]


def test_who_uses_a_topic_is_read_from_the_stack_file(tmp_path: Path) -> None:
    here = {"from": {"cidr": "10.40.0.0/20"}, "as": {"role": {"ec2": {}}}}
    clients: dict[str, dict[str, Any]] = {
        "enricher": {**here, "produce": {"topics": ["orders"]}, "streams": {"applicationId": "enrich"}},
        "operator": {**here, "admin": {"topics": ["orders"]}},
    }
    clients["enricher"]["consume"] = {"topics": ["invoices"]}
    project_with(tmp_path, {"prod": json.dumps({"config": {"brokerType": "serverless", "clients": clients}})})
    terms = terms_of("prod", settings_of(tmp_path, "prod").settings, today=TODAY)
    assert terms.used_by == {
        "invoices": ("clients.enricher.consume.topics",),
        "orders": ("clients.enricher.produce.topics", "clients.operator.admin.topics"),
    }
    assert terms.streams == {"clients.enricher": _ENRICH}
    assert (terms.by_pulumi, terms.serverless) == (False, True)


def test_a_topic_that_is_called_like_an_application_without_being_its_own_may_go() -> None:
    present = {"enrich-old": Present(1, 3)}
    assert verdict(_STANDARD, present, delete=["enrich-old"]).objections == ()
