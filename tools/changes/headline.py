"""The worst of a preview's changes in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.problems import printable
from inventory.changes.effects import Change, Effect
from inventory.changes.loss import LossKind
from inventory.changes.moves import ANOTHER_KIND
from inventory.changes.stated import TOPICS_BY_COMMAND
from inventory.clusters import cluster_name
from inventory.rows import CLUSTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.changes.steps import Step
    from tools.changes.rows import Document


def name_of(step: Step) -> str:
    """What a resource is called: a cluster by its name as it is, others by their logical names."""
    row = step.old or step.row
    return printable(cluster_name(row) if row["type"] in CLUSTERS else row["name"])


def verb(change: Change) -> str:
    """What happens to what is lost, as the beginning of a sentence."""
    return "Deletes" if change.step.op == "delete" else "Replaces"


def headline_of(document: Document, changed: Sequence[Change], incomplete: str) -> str:
    """The worst in one sentence.

    Args:
        document: The document, without a headline.
        changed: The changes, the worst first.
        incomplete: Why there may be more than what is known; empty where there is not.
    """
    if first := _another_kind(document, incomplete) or _stopped(document):
        return first
    worst = _worst(changed)
    refused = any(order["verdict"] == "refused" for order in document["orders"])
    # What is refused takes nothing, unless it is certain what it would take once it is not.
    if refused and not _is_certain(changed) and not document["problems"]:
        return "AWS will refuse this update"
    if worst and incomplete:
        return f"{worst}; {incomplete}, and there may be more"
    if incomplete:
        what = "some changes are unknown" if changed else "the changes are unknown"
        return f"{incomplete.capitalize()}: {what}"
    if worst:
        return worst
    return _not_known(document) or _harmless(document, changed)


def _another_kind(document: Document, incomplete: str) -> str:
    """That a cluster becomes one of another kind, which says more than what is deleted and created; empty where none does."""
    message = next((order["message"] for order in document["orders"] if order["rule"] == ANOTHER_KIND), "")
    if not message:
        return ""
    stopped = "Stopped by protection: " if document["protection"]["stopped"] else ""
    more = f"; {incomplete}, and there may be more" if incomplete else ""
    return f"{stopped}{printable(message.partition('. ')[0])}{more}"


def _stopped(document: Document) -> str:
    stopped = document["protection"]["stopped"]
    return f"Stopped by protection: the update would {stopped[0]['would']}" if stopped else ""


def _not_known(document: Document) -> str:
    message = next((order["message"] for order in document["orders"] if order["verdict"] == "not known"), "")
    return message and f"The effect of this update is not known: {printable(message)}"


def _is_certain(changed: Sequence[Change]) -> bool:
    return any(change.loses_data or any(loss.certain for loss in change.losses) for change in changed)


def _worst(changed: Sequence[Change]) -> str:
    """The worst loss, and how many more there are; empty where there is none."""
    gone = [change for change in changed if change.loses_data]
    taking = [(change, loss) for change in changed for loss in change.losses]
    if gone:
        is_are = gone[0].summary.partition(": ")[2]
        said = f"{verb(gone[0])} the {gone[0].kind.noun} {name_of(gone[0].step)}: {is_are}"
    elif taking:
        # What is certain is worse than what may be, and messages are worse than access, which can be given back.
        order = list(LossKind)
        change, loss = min(
            taking, key=lambda pair: (not pair[1].certain, order.index(pair[1].kind), pair[0].step.row["type"] not in CLUSTERS)
        )
        where = (
            f"{change.kind.noun} {name_of(change.step)}, {printable(loss.property)} {printable(loss.old)} \N{RIGHTWARDS ARROW} "
            f"{printable(loss.new)}"
        )
        sentence = printable(loss.sentence)
        said = f"{sentence[0].upper()}{sentence[1:]} ({where})"
        if loss.kind is LossKind.ACCESS:
            said = f"Cuts clients off: {sentence} ({where})"
    else:
        return ""
    rest, updates = len(gone) - 1, len(taking) - (not gone)
    more = []
    if rest > 0:
        more.append(f"{rest} more {'resource loses' if rest == 1 else 'resources lose'} data")
    if updates:
        rest_of_taking = [loss.kind for _, loss in taking]
        if not gone:
            rest_of_taking.remove(loss.kind)
        kinds = [_MORE[kind][updates > 1] for kind in LossKind if kind in rest_of_taking]
        more.append(f"{updates} more {'change' if updates == 1 else 'changes'} {_either(kinds)}")
    return "; ".join([said, *more])


_MORE: Final = {
    LossKind.MESSAGES: ("deletes messages", "delete messages"),
    LossKind.DATA: ("deletes data", "delete data"),
    LossKind.SAFETY: ("makes messages less safe", "make messages less safe"),
    LossKind.ACCESS: ("cuts clients off", "cut clients off"),
    LossKind.ORDER: ("breaks the order of keys", "break the order of keys"),
}


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _harmless(document: Document, changed: Sequence[Change]) -> str:
    """The headline of a change that loses nothing."""
    rolling = [change for change in changed if change.effect is Effect.ROLLING_RESTART]
    if rolling:
        return f"Restarts the brokers of {name_of(rolling[0].step)} one by one; no data is lost"
    goes = [change for change in changed if change.effect in (Effect.REPLACEMENT, Effect.DELETION)]
    if goes:
        return f"{verb(goes[0])} the {goes[0].kind.noun} {name_of(goes[0].step)}; no data is lost"
    unprotected = len(document["protection"]["takenOff"])
    if unprotected:
        return f"Removes protection from {unprotected} {'resource' if unprotected == 1 else 'resources'}"
    number = len(document["changes"]) + len(document["others"])
    if not number:
        by_command = any(order["rule"] == TOPICS_BY_COMMAND for order in document["orders"])
        return "Pulumi changes nothing; python -m tools topics changes topics" if by_command else "Nothing changes"
    if all(row["operation"] in ("create", "import") for row in (*document["changes"], *document["others"])):
        return f"Creates {number} {'resource' if number == 1 else 'resources'}; no existing resource changes"
    return f"Changes {number} {'resource' if number == 1 else 'resources'}; no data is lost and no broker restarts"
