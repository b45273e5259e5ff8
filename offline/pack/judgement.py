"""What a policy pack says of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["violation", "exempt", "not_applicable", "not_judged", "could_not_run"]
"""What a verdict is. A policy that needs an unknown value could not run, which is advice, not a violation; one that applies and
yet cannot tell has not judged. What is exempt violates the policy, and is let be until a day."""

SEVERITIES: Final = ("", "low", "medium", "high", "critical")
"""The severities of the protocol, in the order of its numbers."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one policy says."""

    policy: str
    enforcement: str
    """`mandatory` or `advisory`; only a mandatory violation stops the operation."""
    severity: str
    """One of `SEVERITIES`."""
    urn: str
    """The resource; empty for the stack as a whole."""
    message: str
    kind: Kind
    description: str = ""
    """What the policy is for."""
    until: str = ""
    """The last day, YYYY-MM-DD, on which the resource is exempt; empty where it is not."""
    reason: str = ""
    """Why it is exempt."""


@dataclass(frozen=True, slots=True)
class Remediation:
    """A resource that a policy changed."""

    policy: str
    urn: str
    properties: Mapping[str, Any]
    """The inputs after the change, as property values (`offline.protocol.wire`)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of the pack, as configured."""

    name: str
    description: str
    enforcement: str
    """One of `offline.pack.config.ENFORCEMENT_LEVELS`."""
    severity: str
    """One of `SEVERITIES`."""
    display_name: str = ""
    remediation_steps: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    framework: str = ""
    """The control of a compliance framework that it implements, with the framework's name and version; or empty."""
    judges: Literal["resource", "stack"] = "resource"
    """Whether it judges single resources, each before it is made, or all of them together."""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What a stack may set for it: the JSON schemas by name."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the pack says of a run."""

    pack: str
    """The pack's name."""
    version: str
    """The version in PulumiPolicy.yaml."""
    policies: tuple[Policy, ...]
    verdicts: tuple[Verdict, ...]
    """By resource in the order of the run, then those on the whole stack."""
    remediations: tuple[Remediation, ...]

    @property
    def violations(self) -> tuple[Verdict, ...]:
        """The verdicts that a policy was violated by what is not exempt."""
        return tuple(verdict for verdict in self.verdicts if verdict.kind == "violation")

    @property
    def refused(self) -> bool:
        """Whether the engine would stop: a mandatory policy is violated."""
        return any(verdict.enforcement == "mandatory" for verdict in self.violations)
