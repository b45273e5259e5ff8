"""How a rule about the resources of a stack together is built."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyComplianceFramework,
    PolicyResource,
    ReportViolation,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from msk_policies.kit.advice import advising
from msk_policies.kit.documents import noting_unread, unread_words
from msk_policies.kit.exemptions import reporting
from msk_policies.kit.judges import NOT_JUDGED, Advice, NotApplicableError, NotJudgedError
from msk_policies.kit.properties import UnknownValueError
from msk_policies.kit.rule import schema_of
from msk_policies.kit.stack import Stack
from msk_policies.kit.twins import in_own_words

if TYPE_CHECKING:
    from msk_policies.kit.settings import Setting

StackJudge = Callable[[PolicyResource, Stack, Mapping[str, Any]], Iterator[str]]
"""From a resource, the stack around it and the rule's configuration to one sentence for each violation of that resource."""


def stack_rule(
    name: str,
    *,
    display_name: str,
    description: str,
    judges: Mapping[str, StackJudge],
    severity: Severity,
    remediation_steps: str,
    url: str,
    tags: Sequence[str],
    settings: Sequence[Setting] = (),
    framework: PolicyComplianceFramework | None = None,
    enforcement_level: EnforcementLevel = EnforcementLevel.MANDATORY,
) -> StackValidationPolicy:
    """A rule that has to see more than one resource, or a resource's options, to judge one.

    It judges what the resources become, computed properties included, after the last of them: a preview is stopped
    before anything exists, an update without one only after.

    What keeps the rule from deciding about a resource is told as advice on that resource.

    Args:
        name: The name of the rule, which configuration files use.
        display_name: The name for people.
        description: What ought to be so, as a sentence.
        judges: By resource type, who judges it, within its stack.
        severity: How bad a violation is.
        remediation_steps: What to do, and what it costs.
        url: The page of AWS's documentation behind the rule.
        tags: Topics, and the ids of the controls elsewhere that the rule covers.
        settings: What a stack may set.
        framework: The control of a compliance framework that the rule implements, if there is one.
        enforcement_level: What a violation does unless a stack configures it otherwise.
    """

    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        stack, config = Stack(args.resources), args.get_config()
        excused: list[str] = []
        reported = False
        own_types = {resource.urn: resource.resource_type for resource in args.resources}
        for resource_type, judge in judges.items():
            for resource in stack.of_type(resource_type):
                try:
                    for violation in _said(judge, resource, stack, config):
                        reported = True
                        # What only advises, and what could not be judged, stops nothing.
                        at_level = advising(report_violation) if isinstance(violation, Advice) else report_violation
                        report = at_level if violation.startswith(NOT_JUDGED) else reporting(at_level, config, resource.urn)
                        report(in_own_words(own_types[resource.urn], violation), resource.urn)
                except NotApplicableError as reason:
                    excused.append(str(reason))
        if excused and not reported:
            args.not_applicable("; ".join(sorted(dict.fromkeys(excused))))

    return StackValidationPolicy(
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
        config_schema=schema_of(settings),
    )


def _said(judge: StackJudge, resource: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    """What a judge says of a resource, and last, as advice, what it could not judge: the SDK would say that of the stack."""
    with noting_unread() as unread:
        try:
            yield from judge(resource, stack, config)
        except UnknownValueError as unknown:
            yield Advice(f"{NOT_JUDGED}{unknown.message}")
        except NotJudgedError as reason:
            yield Advice(reason)
    if unread:
        yield Advice(NOT_JUDGED + unread_words(unread))
