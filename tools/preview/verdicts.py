"""Verdicts of the policy pack and of guards, with the setting behind each and the line where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.guards.origins import setting_for, settings_named_in
from tools.shared.urns import name_in, type_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.guards.origins import SettingPath
    from domain.guards.refusal import Refusal
    from offline.pack.judgement import Judgement, Policy, Verdict
    from offline.project.loading import StackConfig
    from offline.protocol.failures import HookRefused
    from tools.preview.document import AboutRow, PoliciesRow, VerdictRow

MANDATORY: Final = "mandatory"
PREVIEW: Final = "preview"
SIMULATED: Final = "simulated update"
GUARD: Final = "guard"
"""The kind of what a guard says."""
ONLY_AT_CREATION: Final = "AWS would refuse a new cluster; a deployed cluster may stay as it is."
NOT_JUDGED: Final = ("could_not_run", "not_judged")
"""The kinds of verdicts that are none: for want of a value, or of something that the rule would have to know."""


def judged_later(row: VerdictRow) -> bool:
    """Whether a rule could not judge the preview only, for want of a value that the simulated update has."""
    return row["kind"] in NOT_JUDGED and row["seenIn"] == [PREVIEW]


def _about(policy: Policy) -> AboutRow:
    return {
        "displayName": policy.display_name,
        "description": policy.description,
        "severity": policy.severity,
        "enforcement": policy.enforcement,
        "remediation": policy.remediation_steps,
        "url": policy.url,
        "tags": list(policy.tags),
        "framework": policy.framework,
    }


class Verdicts:
    """Gathers what was said in the preview and in the simulated update, the same thing once.

    Args:
        config: The stack's configuration, which knows the lines of its settings.
    """

    def __init__(self, config: StackConfig) -> None:
        self._config = config
        self._rows: dict[tuple[str, str, str], VerdictRow] = {}
        self._judgement: Judgement | None = None

    def judged(self, judgement: Judgement, phase: str) -> None:
        """Takes what the pack said of a run.

        Args:
            judgement: What it said.
            phase: Which run it judged.
        """
        self._judgement = judgement
        for verdict in judgement.verdicts:
            if verdict.kind != "not_applicable":
                self._add(verdict, phase)

    def policies(self, configuration: str = "") -> PoliciesRow | None:
        """The pack and what became of each of its rules; None when it has not judged.

        Args:
            configuration: The file that configures the pack for the stack; empty where there is none.
        """
        judgement = self._judgement
        if judgement is None:
            return None
        rules = {policy.name: self._outcome(policy) for policy in judgement.policies}
        about = {policy.name: _about(policy) for policy in judgement.policies}
        return {
            "name": judgement.pack,
            "version": judgement.version,
            "configuration": configuration,
            "rules": rules,
            "about": about,
        }

    def _outcome(self, policy: Policy) -> str:
        if policy.enforcement == "disabled":
            return "disabled"
        rows = [row for row in self._rows.values() if row["policy"] == policy.name and not judged_later(row)]
        if any(row["kind"] == "violation" and row["enforcement"] == MANDATORY for row in rows):
            return "fail"
        mandatory = policy.enforcement != "advisory"
        if mandatory and any(row["kind"] in NOT_JUDGED for row in rows):
            return "not judged"
        if any(row["kind"] == "exempt" for row in rows):
            return "exempt"
        if any(row["kind"] == "violation" for row in rows):
            return "advice"
        return "could not run" if rows else "pass"

    def _add(self, verdict: Verdict, phase: str) -> None:
        # The policy SDK puts what the rule is for in front of every message.
        message = verdict.message.removeprefix(verdict.description).strip() or verdict.message
        key = (verdict.policy, verdict.urn, message)
        if key in self._rows:
            if phase not in self._rows[key]["seenIn"]:
                self._rows[key]["seenIn"].append(phase)
            return
        self._rows[key] = self._row(
            policy=verdict.policy,
            enforcement=verdict.enforcement,
            severity=verdict.severity,
            kind=verdict.kind,
            resource=verdict.urn,
            message=message,
            phase=phase,
            setting=settings_named_in(type_in(verdict.urn), message, name_in(verdict.urn)),
            until=verdict.until or None,
            reason=verdict.reason or None,
        )

    def refused(self, refusal: HookRefused, phase: str, *, new: bool) -> None:
        """Takes what a guard said, one row for each of its reasons.

        Args:
            refusal: The guard's refusal.
            phase: Which run it ended.
            new: Whether the stack is known to be new. Else its guards, which see everything created, can only advise.
        """
        refusals: Sequence[Refusal] = getattr(refusal.raised, "refusals", ())
        for reason in refusals:
            self._guard(
                refusal.urn,
                reason.rule,
                reason.message if new else f"{reason.message} {ONLY_AT_CREATION}",
                phase,
                enforcement=MANDATORY if new else "advisory",
                setting=reason.setting or setting_for(type_in(refusal.urn), reason.property_path, name_in(refusal.urn)),
            )
        if not refusals:
            # A hook that is none of the product's guards says its reasons as text, and may refuse for any reason.
            for line in refusal.message.splitlines():
                self._guard(refusal.urn, refusal.hook, line, phase, enforcement=MANDATORY, setting=None)

    def _guard(
        self, resource: str, rule: str, message: str, phase: str, *, enforcement: str, setting: SettingPath | None
    ) -> None:
        self._rows[rule, resource, message] = self._row(
            policy=rule,
            enforcement=enforcement,
            severity="",
            kind=GUARD,
            resource=resource,
            message=message,
            phase=phase,
            setting=setting,
        )

    def rows(self) -> list[VerdictRow]:
        """The verdicts, the mandatory first, else in the order in which they came."""
        return sorted(self._rows.values(), key=lambda row: row["enforcement"] != MANDATORY)

    def _row(
        self,
        *,
        policy: str,
        enforcement: str,
        severity: str,
        kind: str,
        resource: str,
        message: str,
        phase: str,
        setting: SettingPath | None,
        until: str | None = None,
        reason: str | None = None,
    ) -> VerdictRow:
        place = self._config.line_of(setting) if setting else None
        return {
            "policy": policy,
            "enforcement": enforcement,
            "severity": severity,
            "kind": kind,
            "resource": resource,
            "message": message,
            "setting": ".".join(setting) if setting else None,
            "file": place[0] if place else None,
            "line": place[1] if place else None,
            "seenIn": [phase],
            "until": until,
            "reason": reason,
        }
