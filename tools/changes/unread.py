"""What of a preview cannot be read, and therefore is no ground to judge on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from domain.problems import printable
from inventory.changes.stateful import stateful
from tools.shared.urns import name_in, type_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Raw = tuple[object, object, object, object, object, tuple[str, ...]]
"""Operation, URN, old state, new state, detailed diff and replace reasons of a step, as the CLI prints them."""

PLAN: Final = {"create-replacement": "replace", "delete-replaced": "replace", "import-replacement": "replace",
                "read-replacement": "same", "refresh": "same", "read": "same", "discard": "same", "discard-replaced": "same",
                "remove-pending-replace": "same"}  # fmt: skip
WEIGHT: Final = ("same", "import", "create", "update", "delete", "replace")
BOTH_STATES: Final = ("update", "replace")
OLD_STATE: Final = ("delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace")


def unread_steps(raw: Iterable[Raw]) -> list[str]:
    """Why steps cannot be read: an operation that is not known, or a state that is missing."""
    problems = []
    for number, (op, urn, old, new, detailed, _) in enumerate(raw, 1):
        if not isinstance(op, str) or not isinstance(urn, str):
            problems.append(f"Step {number} has no operation or no URN.")
            continue
        name = f"{printable(name_in(urn))} ({printable(type_in(urn))})"
        if op not in PLAN and op not in WEIGHT:
            problems.append(f"Step {number} has the operation {printable(op)}, which this tool does not know: {name}.")
            continue
        given = {"old": isinstance(old, dict), "new": isinstance(new, dict)}
        if op in BOTH_STATES:
            missing = [which for which, is_there in given.items() if not is_there]
        else:
            missing = [] if any(given.values()) else ["old" if op in OLD_STATE else "new"]
        parts = [mapping(state).get(part, {}) for state in (old, new) for part in ("inputs", "outputs")]
        if not all(isinstance(part, dict | None) for part in parts):
            problems.append(f"Step {number} has inputs or outputs that are not a map: {name}.")
        types = {str(mapping(state).get("type", type_in(urn))) for state in (old, new) if isinstance(state, dict)}
        if types - {type_in(urn)}:
            problems.append(f"Step {number} is of the type {_types(types)}, but its URN says another: {name}.")
        problems += [f"Step {number}: {problem}: {name}." for problem in _unread_differences(op, detailed)]
        if (
            op in BOTH_STATES
            and not missing
            and not any(mapping(state).get("inputs") for state in (old, new))
            and stateful(type_in(urn))
        ):
            problems.append(f"Step {number}, the operation {op}, shows no inputs of {name}.")
        if missing:
            problems.append(f"Step {number}, the operation {op}, lacks the {' and the '.join(missing)} state of {name}.")
    return problems


def _types(types: Iterable[str]) -> str:
    return printable(", ".join(sorted(types)))


_KINDS: Final = ("add", "update", "delete")
"""How a property differs; with "-replace" where that replaces the resource."""


def _unread_differences(op: str, detailed: object) -> Iterator[str]:
    """What of a step's differences does not go together with its operation, or is not known."""
    if not isinstance(detailed, dict | None):
        yield "its detailedDiff is not a map"
    for path, difference in mapping(detailed).items():
        kind = mapping(difference).get("kind")
        if not isinstance(kind, str) or kind.removesuffix("-replace") not in _KINDS:
            yield f"{printable(path)} differs in the way {printable(str(kind))}, which this tool does not know"
        elif op == "update" and kind.endswith("-replace"):
            yield f"the operation is update, but {printable(path)} would replace the resource"


def unread_counts(summary: object, raw: Iterable[Raw]) -> list[str]:
    """Which operations a preview counts and does not name; what stays as it is goes unnamed."""
    if summary is not None and not isinstance(summary, dict):
        return ["Its summary is not a map of counts."]
    named = Counter(op for op, *_ in raw if isinstance(op, str))
    problems = []
    for op, count in mapping(summary).items():
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            problems.append(f"Its summary's count of {printable(op)} is not a whole number.")
        elif count and op not in PLAN and op not in WEIGHT:
            problems.append(f"Its summary counts {count} of the operation {printable(op)}, which this tool does not know.")
        elif (plan := PLAN.get(op, op)) != "same":
            # A replacement is named as such, or by its two parts.
            shown = max(named[name] for name in {op, plan, *(part for part, whole in PLAN.items() if whole == plan)})
            if count > shown:
                problems.append(f"Its summary counts {count} of the operation {op}, but its steps show {shown or 'none'}.")
    return problems


def mapping(value: object) -> dict[str, Any]:
    """A value that is a map; an empty one for any other."""
    return value if isinstance(value, dict) else {}
