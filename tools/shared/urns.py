"""What Pulumi's URNs say of a resource: `urn:pulumi:STACK::PROJECT::PARENTS$TYPE::NAME`."""

from __future__ import annotations

from typing import Final

_PARTS: Final = 4


def type_in(urn: str) -> str:
    """A resource's own type, without its parents'; empty where the text is no URN."""
    parts = urn.split("::")
    return parts[2].rpartition("$")[2] if len(parts) >= _PARTS else ""


def name_in(urn: str) -> str:
    """A resource's name, which may have `::` in it; the whole text where it is no URN."""
    return "::".join(urn.split("::")[_PARTS - 1 :]) or urn
