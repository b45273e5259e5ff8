"""Resources that a rule lets be for a while: each with a reason and a last day, so that none is forgotten.

What they violate is still said, as advice that begins with "exempt until": an exemption stops nothing, and hides nothing.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msk_policies.kit.advice import advising
from msk_policies.kit.days import DATE_PATTERN, day, today

if TYPE_CHECKING:
    from pulumi_policy import ReportViolation


LONGEST: Final = dt.timedelta(days=366)
"""How far ahead of the day of the judgement an exemption may end: who answers for it looks at it again within a year."""

_BLANK_LETTERS: Final = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters, marks and a symbol that show nothing."""

SEEN: Final = (
    r"[^\s\x00-\x20\x7f-\xa0\xad"
    "\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5"
    "\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]"
)
"""Something to see, by characters: the classes of the engine's patterns (Go) and of Python's are not the same."""


class Exemption(NamedTuple):
    """Why a resource may be as the rule does not want it, and how long.

    Attributes:
        reason: Who decided so, and where: a ticket, for example.
        until: The last day on which it holds.
    """

    reason: str
    until: dt.date

    @property
    def reaches_too_far(self) -> bool:
        """Whether it would end more than a year from now: it does not hold then."""
        return self.until > today() + LONGEST


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
                "reason": {"type": "string", "pattern": SEEN, "description": "Say who decided so, and where."},
                # The engine holds a date against the calendar; the pattern says how it is written.
                "until": {
                    "type": "string",
                    "pattern": DATE_PATTERN,
                    "format": "date",
                    "description": "Give the last day, one of the calendar's, as YYYY-MM-DD.",
                },
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
        return Exemption(words, until) if until and not _blank(words) else None


def _blank(text: str) -> bool:
    """Whether there is nothing to see in a text, characters without a width included."""
    return all(
        unicodedata.category(character)[0] in "ZC" or character in _BLANK_LETTERS or "\ufe00" <= character <= "\ufe0f"
        for character in text
    )


EXEMPTIONS: Final = ExemptionsSetting()


def exempt(config: Mapping[str, Any], urn: str) -> bool:
    """Whether a resource is exempt today."""
    exemption = EXEMPTIONS.of(config, urn)
    return exemption is not None and today() <= exemption.until and not exemption.reaches_too_far


def reporting(report_violation: ReportViolation, config: Mapping[str, Any], urn: str) -> ReportViolation:
    """How to report what a resource violates.

    Args:
        report_violation: How the SDK reports it, at the rule's level.
        config: The rule's configuration.
        urn: The resource.

    Returns:
        The same where the resource has no exemption. While it has one, a report that only advises and says why and until
        when; afterwards one that says when it ended; where it would hold longer than a year, one that says so.
    """
    exemption = EXEMPTIONS.of(config, urn)
    if exemption is None:
        return report_violation
    if exempt(config, urn):
        advise, before = advising(report_violation), f"exempt until {exemption.until} ({exemption.reason}): "
        return lambda message, on: advise(before + message, on)
    after = f" (Its exemption ended on {exemption.until}.)"
    if exemption.reaches_too_far:
        after = (
            f" (Its exemption until {exemption.until} does not count: it ends more than a year ahead. Set until to "
            f"{today() + LONGEST} or earlier.)"
        )
    return lambda message, on: report_violation(message + after, on)
