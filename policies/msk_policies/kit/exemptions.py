"""Resources that a rule lets be for a while: each with a reason and a last day, so that none is forgotten.

What they violate is still said, as advice that begins with "exempt until": an exemption stops nothing, and hides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msk_policies.kit.advice import advising
from msk_policies.kit.days import DATE_PATTERN, day, today

if TYPE_CHECKING:
    import datetime as dt

    from pulumi_policy import ReportViolation


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
        "description": "Resources that the rule exempts, by URN, each with a reason and its last day: "
        '{"urn:pulumi:prod::shop::aws:msk/cluster:Cluster::kafka": {"reason": "CHG-123", "until": "YYYY-MM-DD"}}.',
        "default": {},
        "propertyNames": {"pattern": "^urn:pulumi:"},
        "additionalProperties": {
            "type": "object",
            "properties": {
                "reason": {"type": "string", "pattern": r"\S", "description": "Say who decided so, and where."},
                "until": {"type": "string", "pattern": DATE_PATTERN, "description": "Give the last day, as YYYY-MM-DD."},
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
        words = " ".join(reason.split()) if isinstance(reason, str) else ""
        return Exemption(words, until) if words and until else None


EXEMPTIONS: Final = ExemptionsSetting()


def exempt(config: Mapping[str, Any], urn: str) -> bool:
    """Whether a resource is exempt today."""
    exemption = EXEMPTIONS.of(config, urn)
    return exemption is not None and today() <= exemption.until


def reporting(report_violation: ReportViolation, config: Mapping[str, Any], urn: str) -> ReportViolation:
    """How to report what a resource violates.

    Args:
        report_violation: How the SDK reports it, at the rule's level.
        config: The rule's configuration.
        urn: The resource.

    Returns:
        The same where the resource has no exemption. While it has one, a report that only advises and says why and until
        when; afterwards one that says when it ended.
    """
    exemption = EXEMPTIONS.of(config, urn)
    if exemption is None:
        return report_violation
    if exempt(config, urn):
        advise, before = advising(report_violation), f"exempt until {exemption.until} ({exemption.reason}): "
        return lambda message, on: advise(before + message, on)
    after = f" (Its exemption ended on {exemption.until}.)"
    return lambda message, on: report_violation(message + after, on)
