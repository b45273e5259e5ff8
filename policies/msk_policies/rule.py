"""How a rule is built: who it judges, and how its sentences become verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pulumi_policy import (
    EnforcementLevel,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
)

if TYPE_CHECKING:
    from msk_policies.settings import Setting

CLUSTER: Final = "aws:msk/cluster:Cluster"
SERVERLESS_CLUSTER: Final = "aws:msk/serverlessCluster:ServerlessCluster"

Judge = Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[str]]
"""From a resource's properties and the rule's configuration to one sentence for each violation."""


class NotApplicableError(Exception):
    """Raised by a judge when the rule has nothing to say about this resource; the text says why."""


def resource_rule(
    name: str,
    *,
    display_name: str,
    description: str,
    judges: Mapping[str, Judge],
    severity: Severity,
    remediation_steps: str,
    url: str,
    tags: Sequence[str],
    not_applicable: Mapping[str, str] | None = None,
    settings: Sequence[Setting] = (),
    framework: PolicyComplianceFramework | None = None,
    enforcement_level: EnforcementLevel = EnforcementLevel.MANDATORY,
) -> ResourceValidationPolicy:
    """A rule about single resources.

    Args:
        name: The name of the rule, which configuration files use.
        display_name: The name for people.
        description: What ought to be so, as a sentence.
        judges: By resource type, who judges it. All other types are none of the rule's business.
        severity: How bad a violation is.
        remediation_steps: What to do, and what it costs.
        url: The page of AWS's documentation behind the rule.
        tags: Topics, and the ids of the controls elsewhere that the rule covers.
        not_applicable: By resource type, why a type that looks as if it were judged is not.
        settings: What a stack may set.
        framework: The control of a compliance framework that the rule implements, if there is one.
        enforcement_level: What a violation does unless a stack configures it otherwise.
    """
    excused = not_applicable or {}

    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        judge = judges.get(args.resource_type)
        if judge is None:
            if args.resource_type in excused:
                args.not_applicable(excused[args.resource_type])
            return
        try:
            for violation in judge(args.props, args.get_config()):
                report_violation(violation, None)
        except NotApplicableError as reason:
            args.not_applicable(str(reason))

    return ResourceValidationPolicy(
        name=name,
        display_name=display_name,
        description=description,
        validate=validate,
        enforcement_level=enforcement_level,
        severity=severity,
        framework=framework,
        tags=list(tags),
        remediation_steps=remediation_steps,
        url=url,
        config_schema=PolicyConfigSchema({one.name: one.schema for one in settings}) if settings else None,
    )


def security_best_practices(reference: str, specification: str) -> PolicyComplianceFramework:
    """A control of AWS Security Hub's standard for the MSK service."""
    return PolicyComplianceFramework("AWS Foundational Security Best Practices", "1.0.0", reference, specification)
