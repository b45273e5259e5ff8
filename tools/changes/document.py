"""What a preview's changes are, as one JSON document: what the reports are made of, and what other programs read.

Keys, always all of them:

* ``project``, ``stack``, ``region``, ``today``: what was previewed, as far as it says so, and the day it was judged on.
* ``headline``: the worst of it in one sentence.
* ``changes``: one for each stateful resource that changes, the worst first: ``urn``, ``type``, ``name``, ``noun``, ``operation``
  ("create", "update", "replace", "delete", "import", "same"), ``effect`` (see `inventory.changes.effects.Effect`), ``summary``,
  ``notes``,
  ``properties`` (``path``, ``old``, ``new``, ``setting``, ``replaces``), ``operations`` (of the MSK API: ``name``, ``restarts``,
  ``source``), ``deleteFirst`` (null where not said), ``protectionTakenOff``, ``losesData`` (all that it holds goes with it),
  ``losses`` (what its change takes beside what it holds: ``kind`` "messages", "data", "safety", "access" or "order",
  ``property``, ``old``, ``new``, ``sentence``, ``certain``, ``protected``, ``clients``, ``cannot``, ``whom``,
  ``guard`` (its name in the stack file's ``acknowledge``; or empty)), ``clients``
  (whose it is, or who reads what is lost with it), ``owner`` (by its tags; or empty), ``needsAllowance``, ``allowed``,
  ``acknowledged`` (guards of the stack file by which it is allowed).
* ``cutOff``: one for each client that is cut off: ``client``, ``cannot`` (what it can no longer do), ``certain``, ``urns``.
* ``orders``: what AWS or a guard refuses, what is not known, and what is better split: ``urn``, ``rule``, ``verdict``
  ("refused", "replaces", "not known", "advice"), ``message``, ``steps``.
* ``others``: changes of resources that hold nothing: ``urn``, ``type``, ``name``, ``operation``.
* ``protection``: ``takenOff`` (URNs), ``stopped`` (``urn``, ``would``: what protection has stopped).
* ``cost``: ``usdBefore``, ``usdAfter``, ``atLeastBefore``, ``atLeastAfter`` (whether a line has no amount, so that the sum is the
  least that is paid), ``usdDifference`` (of what is known), ``lines`` (``before``, ``after``, ``basis``, ``usdBefore``,
  ``usdAfter``, ``usdDifference``), ``notKnown``, ``notes``; null where the preview failed.
* ``needsAllowance``: URNs that `--allow` has to name; ``allowed``: those that it names, or that the stack
  file acknowledges; ``names``: a short name for each.
* ``policies``: what a policy pack said, where the preview is one of events that ran with a pack: ``policy``, ``mandatory``
  (whether it refuses), ``resource`` (its URN, or empty), ``message``. A preview as one document does not say.
* ``problems``: why there is nothing to say, or not all of it.
* ``exitCode``: that of the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from domain.guards.origins import setting_for
from domain.problems import printable
from inventory.changes.cost import CostChange, cost_change
from inventory.changes.effects import Change, changes
from inventory.changes.loss import LossKind
from inventory.changes.order import Verdict
from inventory.changes.orders import acknowledged, orders
from tools.changes.allowances import Allowances, allowances
from tools.changes.headline import headline_of, name_of, verb
from tools.shared.commands import FINE, REFUSED, WRONG_USE
from tools.shared.price_lists import price_list

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Sequence

    from inventory.changes.steps import Step
    from tools.changes.input import Diagnostic, Preview
    from tools.changes.rows import ChangeRow, CostRow, CutOffRow, Document, OtherRow


def failed_document(today: datetime.date, problems: Sequence[str], code: int) -> Document:
    """A document about nothing but problems."""
    return {
        "project": "",
        "stack": "",
        "region": "",
        "today": today.isoformat(),
        "headline": "This preview cannot be judged",
        "changes": [],
        "cutOff": [],
        "orders": [],
        "others": [],
        "protection": {"takenOff": [], "stopped": []},
        "cost": None,
        "needsAllowance": [],
        "allowed": [],
        "names": {},
        "policies": [],
        "problems": list(problems),
        "exitCode": code,
    }


def changes_document(
    preview: Preview, *, today: datetime.date, allow: Collection[str] = (), allow_loss: bool = False, directory: Path = Path()
) -> Document:
    """What a preview's changes are.

    Args:
        preview: The preview.
        today: The day on which support dates and acknowledgements are judged.
        allow: Names or URNs of what may be lost: resources, topics, clients that may be cut off.
        allow_loss: Whether everything that is lost is allowed, as the label of a pull request says it.
        directory: The project's, for the prices that it has of its regions.

    Raises:
        tools.shared.price_lists.PriceListError: Those prices cannot be read.
    """
    changed = changes(preview.steps)
    gone = {change.step.row["urn"]: change for change in changed if change.loses_data}
    parts = next((step.row["urn"].split("::") for step in preview.steps), [])
    project = parts[1] if len(parts) > 1 else ""
    answered = acknowledged(preview.config, project, today)
    ordered = orders(preview.steps, today=today, answered=answered)
    lost = list(
        dict.fromkeys(
            [
                *gone,
                *(step.row["urn"] for step in preview.steps if _unprotected_and_gone(step)),
                *(loss.urn for change in changed for loss in change.losses if loss.protected),
                *(order.urn for order in ordered if order.verdict is Verdict.UNKNOWN),
            ]
        )
    )
    unknown = [order.urn for order in ordered if order.verdict is Verdict.UNKNOWN]
    allowance = allowances(changed, lost, allow, answered=answered, unknown=unknown, every_loss=allow_loss)
    stopped = [error for error in preview.errors if _is_protection(error)]
    refused = [error for error in preview.errors if "before hook" in error.message]
    other = [error for error in preview.errors if error not in stopped and error not in refused]
    problems = [*preview.unread, *(_sentence(error) for error in other)]
    # What a guard said under the engine and what it says here are the same sentence.
    said = [*(order.message for order in ordered), *(loss.sentence for change in changed for loss in change.losses if loss.guard)]
    problems += [error.message for error in refused if not any(sentence in error.message for sentence in said)]
    incomplete = "the preview failed" if problems else ""
    incomplete = "this preview cannot be read completely" if preview.unread else incomplete
    if refused and not incomplete and any(change.losses or change.loses_data for change in changed):
        incomplete = "a guard stopped the preview here"
    problems += allowance.problems
    document = failed_document(today, problems, FINE)
    document["stack"] = parts[0].removeprefix("urn:pulumi:") if parts else ""
    document["project"] = project
    region = preview.config.get("aws:region")
    document["region"] = region if isinstance(region, str) else ""
    document["changes"] = [_change_row(change, allowance) for change in changed]
    document["cutOff"] = _cut_off(changed)
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
    document["allowed"] = list(allowance.allowed)
    document["names"] = {urn: name for urn, name in allowance.names.items() if urn in lost}
    document["policies"] = [
        {"policy": verdict.policy, "mandatory": verdict.mandatory, "resource": verdict.urn, "message": verdict.message}
        for verdict in sorted(dict.fromkeys(preview.policies), key=lambda verdict: not verdict.mandatory)
    ]
    document["headline"] = headline_of(document, changed, incomplete)
    if preview.unread or other or allowance.problems:
        document["exitCode"] = WRONG_USE
    elif (
        preview.errors
        or set(lost) - set(allowance.allowed)
        or any(order.verdict is Verdict.REFUSED for order in ordered)
        or any(verdict.mandatory for verdict in preview.policies)
    ):
        document["exitCode"] = REFUSED
    return document


def _unprotected_and_gone(step: Step) -> bool:
    return step.goes and step.unprotects and not step.retained


def _is_protection(error: Diagnostic) -> bool:
    return "marked for protection" in error.message or "because it is protected" in error.message


def _sentence(error: Diagnostic) -> str:
    where = f" ({error.urn.rpartition('::')[2]})" if error.urn else ""
    return f"The preview failed{where}: {error.message}"


def _would(change: Change | None, urn: str) -> str:
    if change is None:
        return f"replace or delete {printable(urn.rpartition('::')[2])}"
    return f"{verb(change).lower()[:-1]} the {change.kind.noun} {name_of(change.step)}: {change.kind.lost} would be lost"


def _cut_off(changed: Sequence[Change]) -> list[CutOffRow]:
    """Everything that each client can no longer do, once; what is certain first."""
    rows: dict[tuple[str, bool], CutOffRow] = {}
    for change in changed:
        for loss in change.losses:
            for client in loss.clients if loss.kind is LossKind.ACCESS else ():
                row = rows.setdefault(
                    (client, loss.certain), {"client": client, "cannot": [], "certain": loss.certain, "urns": []}
                )
                row["cannot"] += [loss.cannot] if loss.cannot and loss.cannot not in row["cannot"] else []
                row["urns"] += [loss.urn] if loss.urn not in row["urns"] else []
    return sorted(rows.values(), key=lambda row: (not row["certain"], row["client"].startswith("clients "), row["client"]))


def _change_row(change: Change, allowance: Allowances) -> ChangeRow:
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
                "cannot": loss.cannot,
                "whom": loss.whom,
                "guard": loss.guard,
            }
            for loss in change.losses
        ],
        "clients": list(change.clients),
        "owner": change.owner,
        "needsAllowance": row["urn"] in allowance.needed,
        "allowed": row["urn"] in allowance.allowed,
        "acknowledged": list(allowance.acknowledged.get(row["urn"], ())),
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
