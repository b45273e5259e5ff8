"""The plan as one document, which the report and the JSON are written from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypedDict

from tools.topics.limits import in_pieces, seconds_of
from tools.topics.plan import Configure, Create, Delete, Grow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.topics.checks import Verdict
    from tools.topics.plan import Plan, Step
    from tools.topics.terms import Terms


class Change(TypedDict):
    """A setting that changes; None where none is set on the topic, or that is not known."""

    setting: str
    before: str | None
    after: str | None


class StepRow(TypedDict):
    """A step.

    ``step`` is create, partitions, configs or delete. Partitions are those that the topic has afterwards, of one that is deleted
    those that go; ``messages`` is how many a topic that is deleted holds at most.
    """

    step: str
    topic: str
    partitionsBefore: int | None
    partitions: int | None
    replicationFactor: int | None
    changes: list[Change]
    messages: int | None


class ObjectionRow(TypedDict):
    """Why nothing is applied, and the guard behind it."""

    message: str
    guard: str | None


class Document(TypedDict):
    """Everything there is to say."""

    stack: str
    bootstrap: str
    managedBy: str
    topicsInStackFile: int
    topicsOnCluster: int
    steps: list[StepRow]
    atLeastSeconds: int
    refused: list[ObjectionRow]
    warnings: list[str]
    kept: dict[str, dict[str, str]]
    notInStackFile: list[str]
    applied: list[StepRow]
    left: list[StepRow]


def document_of(
    terms: Terms,
    plan: Plan,
    verdict: Verdict,
    *,
    bootstrap: str,
    on_cluster: int,
    messages: Mapping[str, int],
) -> Document:
    """Gathers what there is to say of a plan that is not carried out yet.

    Args:
        terms: What the stack's settings say.
        plan: The plan.
        verdict: What stands against it.
        bootstrap: The cluster's bootstrap servers.
        on_cluster: How many topics the client sees on the cluster.
        messages: How many messages topics hold that are deleted.
    """
    return {
        "stack": terms.stack,
        "bootstrap": bootstrap,
        "managedBy": "pulumi" if terms.by_pulumi else "topics --apply",
        "topicsInStackFile": len(terms.wanted),
        "topicsOnCluster": on_cluster,
        "steps": rows_of(plan.steps, messages),
        "atLeastSeconds": math.ceil(seconds_of(in_pieces(plan.steps, terms.limits), terms.limits)),
        "refused": [{"message": objection.message, "guard": objection.guard or None} for objection in verdict.objections],
        "warnings": list(verdict.warnings),
        "kept": {topic: dict(settings) for topic, settings in plan.kept.items()},
        "notInStackFile": list(plan.others),
        "applied": [],
        "left": [],
    }


def rows_of(steps: Sequence[Step], messages: Mapping[str, int] | None = None) -> list[StepRow]:
    """Steps as rows.

    Args:
        steps: The steps.
        messages: How many messages topics hold that are deleted.
    """
    return [_row(step, messages or {}) for step in steps]


def _row(step: Step, messages: Mapping[str, int]) -> StepRow:
    row: StepRow = {
        "step": _NAMES[type(step)],
        "topic": step.topic,
        "partitionsBefore": None,
        "partitions": None,
        "replicationFactor": None,
        "changes": [],
        "messages": messages.get(step.topic) if isinstance(step, Delete) else None,
    }
    if isinstance(step, Create):
        row["partitions"], row["replicationFactor"] = step.partitions, step.replication_factor
        row["changes"] = [{"setting": name, "before": None, "after": value} for name, value in step.configs.items()]
    elif isinstance(step, Grow):
        row["partitionsBefore"], row["partitions"] = step.before, step.after
    elif isinstance(step, Configure):
        row["changes"] = [
            {"setting": name, "before": step.before.get(name), "after": value} for name, value in step.after.items()
        ]
    else:
        row["partitions"] = step.partitions
    return row


_NAMES = {Create: "create", Grow: "partitions", Configure: "configs", Delete: "delete"}
