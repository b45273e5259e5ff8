"""What a preview's changes are, as one JSON document: what the reports are made of, and what other programs read.

Keys, always all of them:

* ``project``, ``stack``, ``region``, ``today``: what was previewed, as far as it says so, and the day it was judged on.
* ``headline``: the worst of it in one sentence.
* ``changes``: one for each stateful resource that changes, the worst first: ``urn``, ``type``, ``name``, ``noun``, ``operation``
  ("create", "update", "replace", "delete", "import", "same"), ``effect`` (see `inventory.changes.effects.Effect`), ``summary``,
  ``notes``,
  ``properties`` (``path``, ``old``, ``new``, ``setting``, ``replaces``), ``operations`` (of the MSK API: ``name``, ``restarts``,
  ``source``), ``deleteFirst`` (null where not said), ``protectionTakenOff``, ``losesData`` (all that it holds goes with it),
  ``losses`` (what its update takes though it stays: ``kind`` "messages" or "access", ``property``, ``old``, ``new``,
  ``sentence``, ``certain``, ``protected``, ``clients``), ``needsAllowance``, ``allowed``.
* ``orders``: what AWS or a guard refuses, and what is better split: ``urn``, ``rule``, ``verdict`` ("refused", "replaces",
  "advice"), ``message``, ``steps``.
* ``others``: changes of resources that hold nothing: ``urn``, ``type``, ``name``, ``operation``.
* ``protection``: ``takenOff`` (URNs), ``stopped`` (``urn``, ``would``: what protection has stopped).
* ``cost``: ``usdBefore``, ``usdAfter``, ``atLeastBefore``, ``atLeastAfter`` (whether a line has no amount, so that the sum is the
  least that is paid), ``usdDifference`` (of what is known), ``lines`` (``before``, ``after``, ``basis``, ``usdBefore``,
  ``usdAfter``, ``usdDifference``), ``notKnown``, ``notes``; null where the preview failed.
* ``needsAllowance``: URNs that `--allow-replacement` has to name; ``allowed``: those that it names.
* ``problems``: why there is nothing to say, or not all of it.
* ``exitCode``: that of the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from domain.guards.origins import setting_for
from domain.problems import printable
from inventory.changes.cost import CostChange, cost_change
from inventory.changes.effects import Change, changes
from inventory.changes.orders import Verdict, acknowledged, orders
from tools.changes.headline import headline_of, name_of, verb
from tools.shared.commands import FINE, REFUSED, WRONG_USE
from tools.shared.price_lists import price_list

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Sequence

    from inventory.changes.steps import Step
    from tools.changes.input import Diagnostic, Preview


class PropertyRow(TypedDict):
    """A property that changes; see the module."""

    path: str
    old: str
    new: str
    setting: str | None
    replaces: bool


class OperationRow(TypedDict):
    """An operation of the MSK API that a change takes; see the module."""

    name: str
    restarts: bool
    source: str


class LossRow(TypedDict):
    """What an update takes though the resource stays; see `inventory.changes.loss.Loss`."""

    kind: str
    property: str
    old: str
    new: str
    sentence: str
    certain: bool
    protected: bool
    clients: list[str]


class ChangeRow(TypedDict):
    """A stateful resource that changes; see the module."""

    urn: str
    type: str
    name: str
    noun: str
    operation: str
    effect: str
    summary: str
    notes: list[str]
    properties: list[PropertyRow]
    operations: list[OperationRow]
    deleteFirst: bool | None
    protectionTakenOff: bool
    losesData: bool
    losses: list[LossRow]
    needsAllowance: bool
    allowed: bool


class OrderRow(TypedDict):
    """What does not work in one update; see the module."""

    urn: str
    rule: str
    verdict: str
    message: str
    steps: list[str]


class OtherRow(TypedDict):
    """A change of a resource that holds nothing."""

    urn: str
    type: str
    name: str
    operation: str


class StoppedRow(TypedDict):
    """What protection has stopped."""

    urn: str
    would: str


class ProtectionRow(TypedDict):
    """Protection that is taken off, and what it has stopped."""

    takenOff: list[str]
    stopped: list[StoppedRow]


class CostLineRow(TypedDict):
    """A line of the bill that changes; see `inventory.changes.cost.LineChange`."""

    before: str
    after: str
    basis: str
    usdBefore: float | None
    usdAfter: float | None
    usdDifference: float | None


class CostRow(TypedDict):
    """The bill before and after; see `inventory.changes.cost.CostChange`."""

    usdBefore: float
    usdAfter: float
    atLeastBefore: bool
    atLeastAfter: bool
    usdDifference: float
    lines: list[CostLineRow]
    notKnown: list[str]
    notes: list[str]


class Document(TypedDict):
    """The whole; see the module."""

    project: str
    stack: str
    region: str
    today: str
    headline: str
    changes: list[ChangeRow]
    orders: list[OrderRow]
    others: list[OtherRow]
    protection: ProtectionRow
    cost: CostRow | None
    needsAllowance: list[str]
    allowed: list[str]
    problems: list[str]
    exitCode: int


def failed_document(today: datetime.date, problems: Sequence[str], code: int) -> Document:
    """A document about nothing but problems."""
    return {
        "project": "",
        "stack": "",
        "region": "",
        "today": today.isoformat(),
        "headline": "This preview cannot be judged",
        "changes": [],
        "orders": [],
        "others": [],
        "protection": {"takenOff": [], "stopped": []},
        "cost": None,
        "needsAllowance": [],
        "allowed": [],
        "problems": list(problems),
        "exitCode": code,
    }


def changes_document(
    preview: Preview, *, today: datetime.date, allow: Collection[str] = (), directory: Path = Path()
) -> Document:
    """What a preview's changes are.

    Args:
        preview: The preview.
        today: The day on which support dates and acknowledgements are judged.
        allow: URNs of resources that may be lost, or whose update may delete messages or cut clients off.
        directory: The project's, for the prices that it has of its regions.

    Raises:
        tools.shared.price_lists.PriceListError: Those prices cannot be read.
    """
    changed = changes(preview.steps)
    gone = {change.step.row["urn"]: change for change in changed if change.loses_data}
    taking = {loss.urn: loss.protected for change in changed for loss in change.losses}
    lost = list(
        dict.fromkeys(
            [
                *gone,
                *(step.row["urn"] for step in preview.steps if _unprotected_and_gone(step)),
                *(urn for urn, protected in taking.items() if protected),
            ]
        )
    )
    ordered = orders(preview.steps, today=today, answered=acknowledged(preview.config, today))
    stopped = [error for error in preview.errors if _is_protection(error)]
    refused = [error for error in preview.errors if "before hook" in error.message]
    other = [error for error in preview.errors if error not in stopped and error not in refused]
    problems = [*preview.unread, *(_sentence(error) for error in other)]
    # What a guard said under the engine and what it says here are the same sentence.
    problems += [error.message for error in refused if not any(order.message in error.message for order in ordered)]
    incomplete = "the preview failed" if problems else ""
    incomplete = "this preview cannot be read completely" if preview.unread else incomplete
    unknown = [urn for urn in allow if urn not in lost and urn not in taking]
    problems += [_unknown_allowance(urn, lost) for urn in unknown]
    document = failed_document(today, problems, FINE)
    parts = next((step.row["urn"].split("::") for step in preview.steps), [])
    document["stack"] = parts[0].removeprefix("urn:pulumi:") if parts else ""
    document["project"] = parts[1] if len(parts) > 1 else ""
    region = preview.config.get("aws:region")
    document["region"] = region if isinstance(region, str) else ""
    document["changes"] = [_change_row(change, lost, allow) for change in changed]
    document["orders"] = [
        {
            "urn": order.urn,
            "rule": order.rule,
            "verdict": order.verdict.value,
            "message": order.message,
            "steps": list(order.steps),
        }
        for order in ordered
    ]
    document["others"] = [_other_row(step) for step in preview.steps if _is_other(step, changed)]
    document["protection"] = {
        "takenOff": [step.row["urn"] for step in preview.steps if step.unprotects],
        "stopped": [{"urn": error.urn, "would": _would(gone.get(error.urn), error.urn)} for error in stopped],
    }
    if not preview.errors and not preview.unread:
        document["cost"] = _cost_row(
            cost_change(preview.steps, document["region"], price_list(directory, document["region"])), preview.unnamed
        )
    document["needsAllowance"] = lost
    document["allowed"] = [urn for urn in dict.fromkeys((*lost, *taking)) if urn in allow]
    document["headline"] = headline_of(document, changed, incomplete)
    if preview.unread or other or unknown:
        document["exitCode"] = WRONG_USE
    elif preview.errors or set(lost) - set(allow) or any(order.verdict is Verdict.REFUSED for order in ordered):
        document["exitCode"] = REFUSED
    return document


def _unprotected_and_gone(step: Step) -> bool:
    return step.goes and step.unprotects and not step.retained


def _is_protection(error: Diagnostic) -> bool:
    return "marked for protection" in error.message or "because it is protected" in error.message


def _sentence(error: Diagnostic) -> str:
    where = f" ({error.urn.rpartition('::')[2]})" if error.urn else ""
    return f"The preview failed{where}: {error.message}"


def _unknown_allowance(urn: str, lost: Sequence[str]) -> str:
    if not lost:
        return f"--allow-replacement {urn}: nothing in this preview needs it. Remove the option."
    return f"--allow-replacement {urn}: this resource does not need it. Resources that do: {', '.join(lost)}"


def _would(change: Change | None, urn: str) -> str:
    if change is None:
        return f"replace or delete {printable(urn.rpartition('::')[2])}"
    return f"{verb(change).lower()[:-1]} the {change.kind.noun} {name_of(change.step)}: {change.kind.lost} would be lost"


def _change_row(change: Change, lost: Collection[str], allow: Collection[str]) -> ChangeRow:
    row = change.step.row
    return {
        "urn": row["urn"],
        "type": row["type"],
        "name": name_of(change.step),
        "noun": change.kind.noun,
        "operation": change.step.op,
        "effect": change.effect.value,
        "summary": change.summary,
        "notes": list(change.notes),
        "properties": [
            {
                "path": difference.path,
                "old": difference.old,
                "new": difference.new,
                "setting": ".".join(setting_for(row["type"], difference.path) or ()) or None,
                "replaces": difference.replaces,
            }
            for difference in change.differences
        ],
        "operations": [
            {"name": operation.name, "restarts": operation.restarts, "source": operation.source}
            for operation in change.operations
        ],
        "deleteFirst": change.step.delete_first,
        "protectionTakenOff": change.step.unprotects,
        "losesData": change.loses_data,
        "losses": [
            {
                "kind": loss.kind.value,
                "property": loss.property,
                "old": loss.old,
                "new": loss.new,
                "sentence": loss.sentence,
                "certain": loss.certain,
                "protected": loss.protected,
                "clients": list(loss.clients),
            }
            for loss in change.losses
        ],
        "needsAllowance": row["urn"] in lost,
        "allowed": (row["urn"] in lost or bool(change.losses)) and row["urn"] in allow,
    }


def _is_other(step: Step, changed: Sequence[Change]) -> bool:
    """Whether a resource changes that holds nothing; components only stand for what is in them."""
    custom = (step.new or step.row)["custom"] or (step.old or step.row)["custom"]
    return custom and step.op != "same" and not any(change.step is step for change in changed)


def _other_row(step: Step) -> OtherRow:
    row = step.row
    return {"urn": row["urn"], "type": printable(row["type"]), "name": printable(row["name"]), "operation": step.op}


def _cost_row(cost: CostChange, unnamed: int) -> CostRow:
    notes = [*cost.after.notes] if cost.lines else []
    if unnamed:
        notes.append(f"The sums cover the resources in the preview; {unnamed} more do not change. The difference is complete.")
    return {
        "usdBefore": round(cost.before.usd, 2),
        "usdAfter": round(cost.after.usd, 2),
        "atLeastBefore": not cost.before.is_whole,
        "atLeastAfter": not cost.after.is_whole,
        "usdDifference": round(cost.usd, 2),
        "lines": [
            {
                "before": line.before,
                "after": line.after,
                "basis": line.basis.value,
                "usdBefore": _cents(line.usd_before),
                "usdAfter": _cents(line.usd_after),
                "usdDifference": _cents(line.usd),
            }
            for line in cost.lines
        ],
        "notKnown": list(cost.not_known),
        "notes": notes,
    }


def _cents(usd: float | None) -> float | None:
    return None if usd is None else round(usd, 2)
