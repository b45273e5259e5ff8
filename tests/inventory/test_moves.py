"""A cluster of another kind, a Serverless cluster that is replaced, and topics that only a command changes."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from inventory.changes.loss import LossKind
from inventory.changes.moves import ANOTHER_KIND, SERVERLESS_REPLACED
from inventory.changes.order import Order, Verdict
from inventory.changes.orders import orders
from inventory.changes.stated import STATED_AND_IMPOSSIBLE, TOPICS_BY_COMMAND
from inventory.rows import SERVERLESS_CLUSTER, SERVERLESS_COMPONENT, UNKNOWN
from support.previews import CLUSTER, cluster, preview, replacing, state, step
from tools.changes.document import changes_document
from tools.changes.input import read_preview

TODAY = datetime.date(2026, 11, 23)
STANDARD, EXPRESS, SERVERLESS = "kafka.m7g.large", "express.m7g.large", "serverless"
KINDS = {
    STANDARD: "a cluster with Standard brokers",
    EXPRESS: "a cluster with Express brokers",
    SERVERLESS: "a Serverless cluster",
}
GUARDS = {(STANDARD, EXPRESS): "standard-to-express", (EXPRESS, STANDARD): "express-to-standard"}
DAY = str(24 * 3_600_000)
WEEK = str(7 * 24 * 3_600_000)


def of_kind(kind: str, name: str = "kafka", **inputs: Any) -> dict[str, Any]:
    options = inputs.pop("options", {})
    if kind == SERVERLESS:
        return state(SERVERLESS_CLUSTER, name, {"clusterName": "orders", "vpcConfigs": [], **inputs}, **options)
    return state(CLUSTER, name, cluster(brokerNodeGroupInfo__instanceType=kind, **inputs), **options)


def moved(old: str, new: str, *, was: dict[str, Any] | None = None, **will: Any) -> list[dict[str, Any]]:
    """The steps of a stack whose brokerType changes, as the engine plans them."""
    before, after = of_kind(old, **(was or {})), of_kind(new, **will)
    if before["type"] == after["type"]:
        return [step("update", before, after)]
    return [step("create", None, after), step("delete", before, None)]


def document(*steps: dict[str, Any], errors: tuple[dict[str, Any], ...] = (), acknowledge: str = "{}") -> Any:
    return changes_document(read_preview(preview(*steps, errors=errors, **{"shop:acknowledge": acknowledge})), today=TODAY)


def of_rule(rule: str, *steps: dict[str, Any]) -> list[Order]:
    return [order for order in orders(read_preview(preview(*steps)).steps, today=TODAY) if order.rule == rule]


@pytest.mark.parametrize(("old", "new"), [(old, new) for old in KINDS for new in KINDS if old != new])
def test_no_change_of_the_kind_is_fine_and_each_says_how_to_move(old: str, new: str) -> None:
    made = document(*moved(old, new))
    assert made["exitCode"] == 1
    rule = GUARDS.get((old, new), ANOTHER_KIND)
    (order,) = [order for order in made["orders"] if order["rule"] == rule]
    assert order["verdict"] == "refused"
    assert any("second stack" in line for line in order["steps"])
    if rule == ANOTHER_KIND:
        assert made["headline"] == (
            f"orders, {KINDS[old]}, would become {KINDS[new]}, which is another one: it would be deleted with every message, "
            "topic and consumer offset in it"
        )
        assert "Amazon MSK refuses a second cluster named orders" in order["message"]


def test_to_serverless_goes_what_a_serverless_cluster_has_not_got() -> None:
    (to,) = of_rule(ANOTHER_KIND, *moved(STANDARD, SERVERLESS))
    (back,) = of_rule(ANOTHER_KIND, *moved(SERVERLESS, STANDARD))
    for what in ("Kafka ACLs", "SCRAM users", "client certificates", "configuration", "broker logs", "data key"):
        assert what in to.message
        assert what not in back.message
    assert "python -m tools topics --apply" in " ".join(to.steps)
    assert "python -m tools topics --apply" not in " ".join(back.steps)


def test_with_another_name_nothing_but_the_report_stops_it() -> None:
    (order,) = of_rule(ANOTHER_KIND, *moved(STANDARD, SERVERLESS, clusterName="orders-2"))
    assert (order.verdict, "refuses a second cluster" in order.message) == (Verdict.REPLACES, False)
    made = document(*moved(STANDARD, SERVERLESS, clusterName="orders-2"))
    assert (made["exitCode"], len(made["needsAllowance"])) == (1, 1)


def test_a_name_that_is_not_known_yet_is_not_taken_for_the_same() -> None:
    (order,) = of_rule(ANOTHER_KIND, *moved(STANDARD, SERVERLESS, clusterName=UNKNOWN))
    assert order.verdict is Verdict.REPLACES


def test_what_is_left_in_aws_is_not_called_deleted() -> None:
    (order,) = of_rule(ANOTHER_KIND, *moved(STANDARD, SERVERLESS, was={"options": {"retainOnDelete": True}}))
    assert "Pulumi would leave it in AWS" in order.message
    assert "deleted with" not in order.message


def test_a_preview_that_protection_stops_before_the_cluster_is_told_all_the_same() -> None:
    topic = state(
        "aws:msk/topic:Topic",
        "orders.v1",
        {"name": "orders.v1", "clusterArn": "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/abc-1"},
        protect=True,
    )
    stopped = {"urn": topic["urn"], "message": "error: Preview failed: resource cannot be deleted\nbecause it is protected."}
    made = document(step("create", None, of_kind(SERVERLESS)), step("delete", topic, None), errors=(stopped,))
    assert made["exitCode"] == 1
    assert made["headline"].startswith(
        "Stopped by protection: orders, a provisioned cluster, would become a Serverless cluster, which is another one"
    )


@pytest.mark.parametrize("arn", ["arn:aws:kafka:eu-west-1:123456789012:cluster/others/abc-1", UNKNOWN, 7, None])
def test_what_goes_of_another_cluster_makes_no_move(arn: object) -> None:
    topic = state("aws:msk/topic:Topic", "orders.v1", {"name": "orders.v1", "clusterArn": arn})
    assert of_rule(ANOTHER_KIND, step("create", None, of_kind(SERVERLESS)), step("delete", topic, None)) == []


def test_a_new_cluster_and_one_that_only_goes_are_no_move() -> None:
    assert of_rule(ANOTHER_KIND, step("create", None, of_kind(SERVERLESS))) == []
    assert of_rule(ANOTHER_KIND, step("delete", of_kind(SERVERLESS), None)) == []
    # Of two that come and one that goes, the name says which it is.
    both = [step("create", None, of_kind(SERVERLESS, name, clusterName=name)) for name in ("a", "b")]
    assert of_rule(ANOTHER_KIND, *both, step("delete", of_kind(STANDARD, "old"), None)) == []
    assert len(of_rule(ANOTHER_KIND, *both, step("delete", of_kind(STANDARD, "a"), None))) == 1


@pytest.mark.parametrize("path", ["clusterName", "vpcConfigs", "clientAuthentication.sasl.iam.enabled"])
def test_everything_but_tags_replaces_a_serverless_cluster(path: str) -> None:
    change = step("replace", of_kind(SERVERLESS), of_kind(SERVERLESS, clusterName="b"), **replacing(path))
    made = document(change)
    (order,) = [order for order in made["orders"] if order["rule"] == SERVERLESS_REPLACED]
    assert path.partition(".")[0] in order["message"]
    assert (made["exitCode"], made["headline"]) == (1, "Replaces the serverless cluster orders: all messages are lost")


def test_tags_change_in_place() -> None:
    made = document(step("update", of_kind(SERVERLESS), of_kind(SERVERLESS, tags={"team": "orders"})))
    assert (made["exitCode"], made["orders"]) == (0, [])


@pytest.mark.parametrize("changed", [{"networkType": "DUAL"}, {"clusterName": "b"}, {"clientAuthentication": {"sasl": {}}}])
def test_any_other_change_in_place_is_not_known_and_has_to_be_allowed(changed: dict[str, Any]) -> None:
    made = document(step("update", of_kind(SERVERLESS), of_kind(SERVERLESS, **changed)))
    assert made["exitCode"] == 1
    assert {order["verdict"] for order in made["orders"]} == {"not known"}


# --- Topics ---------------------------------------------------------------------------------------------------


def stated(before: Any, after: Any, *, protect: bool = True) -> dict[str, Any]:
    """The update of a component whose stated topics change; its cluster does not, and is not in the preview."""
    old, new = (
        {**state(SERVERLESS_COMPONENT, "kafka-cluster", {"topics": topics, "protect": protect}), "custom": False}
        for topics in (before, after)
    )
    return step("update", old, new)


def topics(partitions: int = 6, **configs: str) -> dict[str, Any]:
    """One topic; two underscores in a configuration's name stand for a dot."""
    return {"orders": {"partitions": partitions, "configs": {name.replace("__", "."): value for name, value in configs.items()}}}


def test_a_new_topic_loses_nothing_and_is_not_called_nothing() -> None:
    made = document(stated({}, topics()))
    assert (made["exitCode"], made["changes"]) == (0, [])
    assert made["headline"] == "Pulumi changes nothing; python -m tools topics changes topics"
    (order,) = made["orders"]
    assert (order["rule"], order["verdict"]) == (TOPICS_BY_COMMAND, "advice")
    assert "New: orders." in order["message"]
    assert "python -m tools topics --stack prod" in order["steps"][0]


@pytest.mark.parametrize(
    ("before", "after", "kind", "guard"),
    [
        (topics(), topics(retention__ms=DAY), LossKind.MESSAGES, "shorter-retention"),
        (topics(retention__ms=WEEK), topics(retention__ms=DAY), LossKind.MESSAGES, "shorter-retention"),
        (topics(), topics(retention__bytes="1048576"), LossKind.MESSAGES, "shorter-retention"),
        (topics(), topics(max__message__bytes="1024"), LossKind.ACCESS, "smaller-messages"),
    ],
)
def test_what_a_topic_would_lose_has_to_be_allowed_on_a_protected_stack(
    before: Any, after: Any, kind: LossKind, guard: str
) -> None:
    made = document(stated(before, after))
    (loss,) = [loss for change in made["changes"] for loss in change["losses"]]
    assert (loss["kind"], loss["guard"], loss["protected"]) == (kind.value, guard, True)
    assert loss["sentence"].startswith("once python -m tools topics --apply runs, ")
    assert loss["property"].startswith("topics.orders.")
    assert made["exitCode"] == 1
    answered = json.dumps({guard: {"reason": "CHG-1", "until": "2026-12-01"}})
    assert document(stated(before, after), acknowledge=answered)["exitCode"] == 0
    unprotected = document(stated(before, after, protect=False))
    assert unprotected["exitCode"] == 0
    assert "no data is lost" not in unprotected["headline"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (topics(retention__ms=DAY), topics(retention__ms=WEEK)),
        (topics(retention__ms=DAY), topics(retention__ms="-1")),
        # The command leaves what the stack file names no more.
        (topics(retention__ms="-1"), topics()),
        (topics(max__message__bytes="2097152"), topics()),
        (topics(cleanup__policy="compact"), topics()),
        (topics(), {}),
    ],
)
def test_longer_retention_and_what_stays_in_the_cluster_lose_nothing(before: Any, after: Any) -> None:
    made = document(stated(before, after))
    assert (made["exitCode"], made["changes"], len(made["orders"])) == (0, [], 1)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (topics(12), topics(6), "partitions would change from 12 to 6, but Kafka cannot remove partitions"),
        (
            topics(),
            topics(cleanup__policy="compact"),
            "cleanup.policy would change from delete to compact, but MSK Serverless sets",
        ),
        (
            topics(cleanup__policy="compact"),
            topics(cleanup__policy="delete"),
            "cleanup.policy would change from compact to delete",
        ),
    ],
)
def test_what_no_topic_takes_is_not_fine_unless_somebody_who_looked_allows_it(before: Any, after: Any, said: str) -> None:
    (order,) = of_rule(STATED_AND_IMPOSSIBLE, stated(before, after))
    assert said in order.message
    made = document(stated(before, after, protect=False))
    assert made["exitCode"] == 1
    assert made["headline"].startswith("The effect of this update is not known: topics.orders: ")
    read = read_preview(preview(stated(before, after)))
    assert changes_document(read, today=TODAY, allow=("kafka-cluster",))["exitCode"] == 0
    assert changes_document(read, today=TODAY, allow_loss=True)["exitCode"] == 1


def test_what_the_command_leaves_alone_is_said() -> None:
    (gone,) = of_rule(TOPICS_BY_COMMAND, stated(topics(), {}))
    assert "No longer in the stack file: orders" in gone.message
    assert "--delete TOPIC" in gone.steps[-1]
    (dropped,) = of_rule(TOPICS_BY_COMMAND, stated(topics(retention__ms=DAY), topics()))
    assert "Settings taken out of the stack file: orders" in dropped.message


def test_more_partitions_spread_keys() -> None:
    made = document(stated(topics(6), topics(12)))
    (loss,) = [loss for change in made["changes"] for loss in change["losses"]]
    assert (loss["kind"], loss["old"], loss["new"], made["exitCode"]) == ("order", "6", "12", 0)


@pytest.mark.parametrize("unread", [UNKNOWN, "all", {"orders": 6}, {"orders": {"partitions": "6"}}])
def test_topics_that_cannot_be_read_are_not_harmless(unread: Any) -> None:
    made = document(stated(topics(), unread))
    assert made["exitCode"] == 1
    (loss,) = [loss for change in made["changes"] for loss in change["losses"]]
    assert not loss["certain"]


def test_many_topics_are_counted() -> None:
    many = {f"t{number}": {"partitions": 1, "configs": {}} for number in range(8)}
    (order,) = of_rule(TOPICS_BY_COMMAND, stated({}, many))
    assert "New: t0, t1, t2, t3, t4 and 3 more." in order.message
