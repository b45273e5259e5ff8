"""Resources that a rule lets be for a while: each with a reason and a last day, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msk_policies.kit.days import DATE_PATTERN, TODAY, day

if TYPE_CHECKING:
    import datetime as dt


class Exemption(NamedTuple):
    """Why a resource may be as the rule does not want it, and how long.

    Attributes:
        reason: Who decided so, and where: a ticket, for example.
        until: The last day on which it holds.
    """

    reason: str
    until: dt.date


class ExemptionsSetting:
    """By URN, the resources that the rule lets be. Every rule has this setting."""

    name: Final = "exemptions"
    schema: Final[dict[str, Any]] = {
        "type": "object",
        "description": "Resources that the rule lets be, by URN, each with a reason and its last day: "
        '{"urn:pulumi:prod::shop::aws:msk/cluster:Cluster::kafka": {"reason": "CHG-123", "until": "2027-01-31"}}.',
        "default": {},
        "propertyNames": {"pattern": "^urn:pulumi:"},
        "additionalProperties": {
            "type": "object",
            "properties": {
                "reason": {"type": "string", "minLength": 1},
                "until": {"type": "string", "pattern": DATE_PATTERN},
            },
            "required": ["reason", "until"],
            "additionalProperties": False,
        },
    }

    def of(self, config: Mapping[str, Any], urn: str) -> Exemption | None:
        """The exemption of a resource, ended ones included; None where there is none that makes sense."""
        exemptions = config.get(self.name)
        given = exemptions.get(urn) if isinstance(exemptions, Mapping) else None
        if not isinstance(given, Mapping):
            return None
        reason, until = given.get("reason"), day(given.get("until"))
        return Exemption(reason, until) if isinstance(reason, str) and reason and until else None


EXEMPTIONS: Final = ExemptionsSetting()


def exempt(config: Mapping[str, Any], urn: str) -> Exemption | None:
    """The exemption of a resource that holds today."""
    exemption = EXEMPTIONS.of(config, urn)
    return exemption if exemption and TODAY.of(config) <= exemption.until else None


def ended(config: Mapping[str, Any], urn: str) -> str:
    """What to add to a violation of a resource whose exemption is over; empty where there was none."""
    exemption = EXEMPTIONS.of(config, urn)
    return f" (Its exemption ended on {exemption.until}.)" if exemption else ""
