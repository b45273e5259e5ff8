"""What goes wrong in the double's cloud: calls that fail or take long, before or after AWS has done what was asked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

CHANGES = ("create", "update", "delete")
"""The calls that change the cloud, and are counted."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    A call that fails *before* its effect is one that AWS refused. One that fails *after* it is one that AWS took, and whose
    provider then gave up waiting for the end of it.
    """

    nth: int = 0
    """Which call it befalls, counted from 1 from the moment that the fault is set; 0: every call once, at its first attempt."""
    calls: tuple[str, ...] = CHANGES
    """The kinds of calls that are counted."""
    name: str = ""
    """The logical name of the only resource whose calls are counted; empty: all of them."""
    after: bool = False
    """Whether AWS has done what was asked when the call goes wrong."""
    seconds: float = 0
    """How long the call takes. Only that, without `fails`."""
    fails: bool = True

    @property
    def message(self) -> str:
        """What whoever deploys reads."""
        if self.after:
            return "waiting for the end of it: timeout while waiting for state to become 'ACTIVE' (a fault that a test has set)"
        return "InternalServerErrorException: AWS could not do it (a fault that a test has set)"


def next_fault(content: dict[str, Any], call: str, type_: str, name: str) -> Fault | None:
    """The fault that befalls a call, if any; counts the call.

    Args:
        content: The cloud's content, open for writing.
        call: `create`, `update` or `delete`.
        type_: The resource's type.
        name: Its logical name.
    """
    found = None
    for item in content.get("faults", ()):
        fault = Fault(**{**item["fault"], "calls": tuple(item["fault"]["calls"])})
        if call not in fault.calls or (fault.name and fault.name != name):
            continue
        attempt = f"{call} {type_} {name}"
        hit = attempt not in item["seen"] if fault.nth == 0 else len(item["seen"]) + 1 == fault.nth
        item["seen"].append(attempt)
        found = found or (fault if hit else None)
    if found and found.fails:
        content.setdefault("failed", []).append({"call": call, "type": type_, "name": name, "changed": []})
    return found


def set_fault(content: dict[str, Any], fault: Fault) -> None:
    """Makes a fault happen from now on."""
    content.setdefault("faults", []).append({"fault": asdict(fault), "seen": []})
