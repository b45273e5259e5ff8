"""What of a report is told together: names on one line, the same change of many resources, all that a client loses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from domain.problems import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.changes.rows import ChangeRow, CutOffRow, Document, LossRow, OtherRow

LISTED: Final = 12
"""How many resources of one kind are named one by one."""

MOST_CUT_OFF: Final = 40
"""How many clients are named one by one."""


def may_no_longer(row: CutOffRow) -> str:
    """The words between a client and what it loses."""
    return "can no longer" if row["certain"] else "may no longer be able to"


def cannot(row: CutOffRow) -> str:
    """What a client can no longer do, on one line."""
    return printable("; ".join(row["cannot"][:LISTED]) or "do what it did") + (
        f"; and {len(row['cannot']) - LISTED} more" if len(row["cannot"]) > LISTED else ""
    )


def folded(told: Sequence[ChangeRow]) -> list[tuple[ChangeRow, str]]:
    """What is told one by one, with the names of all to which the very same happens."""
    alike: dict[str, list[ChangeRow]] = {}
    for change in told:
        if not is_small(change):
            same = [
                change["noun"],
                change["effect"],
                change["summary"],
                change["allowed"],
                change["owner"],
                change["needsAllowance"],
            ]
            losses = [{**loss, "clients": [], "whom": ""} for loss in change["losses"]]
            key = json.dumps([same, change["properties"], losses, change["protectionTakenOff"]], sort_keys=True)
            alike.setdefault(key, []).append(change)
    return [(changes[0], _times(changes)) for changes in alike.values()]


def _times(changes: Sequence[ChangeRow]) -> str:
    names = joined([change["name"] for change in changes])
    return names if len(changes) == 1 else f"{names} (\N{MULTIPLICATION SIGN}{len(changes)})"


def is_small(change: ChangeRow) -> bool:
    """Whether a resource can be told together with others: nothing can go wrong, and it is not what people ask about."""
    effect = change["effect"]
    if effect == "clients cut off":
        # Told by client: see `_cut_off`.
        return not change["operations"] and all(loss["kind"] == "access" and loss["cannot"] for loss in change["losses"])
    if change["losses"]:
        return False
    return effect == "new" or (effect == "in place" and not change["operations"] and change["noun"] != "configuration")


def small_changes(told: Sequence[ChangeRow]) -> list[tuple[str, str]]:
    """Each effect of what is told together, and the names of what has it."""
    small = [change for change in told if is_small(change)]
    effects = dict.fromkeys(change["effect"] for change in small)
    return [(effect, joined([_small_name(change) for change in small if change["effect"] == effect])) for effect in effects]


def _small_name(change: ChangeRow) -> str:
    properties = dict.fromkeys(row["path"].partition(".")[0] for row in change["properties"])
    what = f" ({', '.join(properties)})" if properties and change["effect"] != "new" else ""
    return f"{change['noun']} {change['name']}{what}"


def loss_line(loss: LossRow) -> str:
    """What an update takes from people, with the values that decide."""
    sentence = loss["sentence"]
    whom = f" {loss['whom']}" if loss["whom"] else ""
    said = f"{loss['property']}: {loss['old']} \N{RIGHTWARDS ARROW} {loss['new']}. {sentence[0].upper()}{sentence[1:]}.{whom}"
    return printable(" ".join(said.split()))


VERBS: Final = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted", "import": "taken over"}


def other_lines(document: Document) -> list[tuple[str, str]]:
    """What happens to resources that hold nothing, and to which of them."""
    lines = []
    for operation in ("delete", "replace", "update", "create", "import"):
        rows = [other for other in document["others"] if other["operation"] == operation]
        if rows:
            lines.append((f"{len(rows)} {VERBS[operation]}", _folded_names(rows)))
    return lines


def _folded_names(rows: Sequence[OtherRow]) -> str:
    """Names, by their types where many have one: 33 alarms must not hide one rule."""
    by_type: dict[str, list[str]] = {}
    for row in rows:
        by_type.setdefault(row["type"].rpartition(":")[2], []).append(row["name"])
    told = []
    for kind, names in sorted(by_type.items(), key=lambda item: len(item[1])):
        few = len(names) <= FEW
        told += [f"{name} ({kind})" for name in names] if few else [f"{kind} \N{MULTIPLICATION SIGN}{len(names)}"]
    return ", ".join(told)


FEW: Final = 3
"""So many of one type are named one by one; of more, their number is told."""


def joined(names: list[str]) -> str:
    """Names on one line: the first ones, and how many more there are."""
    more = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {more} more" if more > 0 else "")
