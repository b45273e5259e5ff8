"""How a rule about single resources is built: whom it judges, how its sentences become verdicts, what it mends by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_policy import (
    EnforcementLevel,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
)

from msk_policies.kit.advice import advising
from msk_policies.kit.documents import noting_unread, unread_words
from msk_policies.kit.exemptions import EXEMPTIONS, reporting
from msk_policies.kit.judges import NOT_JUDGED, Advice, Judge, NotApplicableError, NotJudgedError
from msk_policies.kit.remedies import Fixes, remedy
from msk_policies.kit.twins import as_judged, in_own_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msk_policies.kit.settings import Setting

CLUSTER: Final = "aws:msk/cluster:Cluster"
SERVERLESS_CLUSTER: Final = "aws:msk/serverlessCluster:ServerlessCluster"
CONNECTOR: Final = "aws:mskconnect/connector:Connector"


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
    fixes: Fixes | None = None,
    framework: PolicyComplianceFramework | None = None,
    enforcement_level: EnforcementLevel = EnforcementLevel.MANDATORY,
) -> ResourceValidationPolicy:
    """A rule about single resources.

    Resources of the aws-native provider are judged as their twins of the aws provider (`twins`). Every rule has the
    setting `exemptions`.

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
        fixes: By resource type, the value at each dotted path that makes a violating resource comply, where setting it
            is safe: it replaces nothing and takes nothing from anybody who complies. They are used where a stack sets
            the rule's level to `remediate`.
        framework: The control of a compliance framework that the rule implements, if there is one.
        enforcement_level: What a violation does unless a stack configures it otherwise.
    """
    excused = not_applicable or {}

    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        resource_type, props = as_judged(args.resource_type, args.props)
        judge = judges.get(resource_type)
        if judge is None:
            if resource_type in excused:
                args.not_applicable(excused[resource_type])
            return
        config = args.get_config()
        report = reporting(report_violation, config, args.urn)
        try:
            with noting_unread() as unread:
                for violation in judge(props, config):
                    said = in_own_words(args.resource_type, violation)
                    if isinstance(violation, Advice):
                        reporting(advising(report_violation), config, args.urn)(said, None)
                    else:
                        report(said, None)
            if unread:
                advising(report_violation)(in_own_words(args.resource_type, NOT_JUDGED + unread_words(unread)), None)
        except NotJudgedError as reason:
            advising(report_violation)(str(reason), None)
        except NotApplicableError as reason:
            args.not_applicable(str(reason))

    return ResourceValidationPolicy(
        name=name,
        display_name=display_name,
        description=description,
        validate=validate,
        remediate=remedy(judges, fixes) if fixes else None,
        enforcement_level=enforcement_level,
        severity=severity,
        framework=framework,
        tags=list(tags),
        remediation_steps=remediation_steps,
        url=url,
        config_schema=schema_of(settings),
    )


def schema_of(settings: Sequence[Setting]) -> PolicyConfigSchema:
    """What a stack may set for a rule: the rule's own settings, and those of every rule."""
    return PolicyConfigSchema({setting.name: setting.schema for setting in (*settings, EXEMPTIONS)})


def security_best_practices(reference: str, specification: str) -> PolicyComplianceFramework:
    """A control of AWS Security Hub's standard for the MSK service."""
    return PolicyComplianceFramework("AWS Foundational Security Best Practices", "1.0.0", reference, specification)
