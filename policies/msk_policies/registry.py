"""All rules of the pack, as their modules in `rules/<topic>/` declare them: severest first, then by topic and name."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Final

from pulumi_policy import Policy, Severity

from msk_policies import rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_SEVERITIES: Final = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


def declared_in(package: ModuleType) -> list[Policy]:
    """The rules that the modules of a package's topics declare, each as its `POLICY`.

    Raises:
        TypeError: A module declares no rule, or one without a severity: a rule that is left out would judge nothing.
        ValueError: A rule is not named as its module is, or two rules have one name: Pulumi would configure only one of them.
    """
    placed: dict[str, tuple[int, str, Policy]] = {}
    for topic, module in _modules(package):
        policy = getattr(module, "POLICY", None)
        if not isinstance(policy, Policy) or policy.severity not in _SEVERITIES:
            message = f"{module.__name__} declares no rule. Set POLICY to a resource_rule or stack_rule with a severity."
            raise TypeError(message)
        expected = module.__name__.rpartition(".")[2].replace("_", "-")
        if policy.name != expected or policy.name in placed:
            message = (
                f"{module.__name__} names its rule {policy.name}. Give each rule the name of its module, and each module its own."
            )
            raise ValueError(message)
        placed[policy.name] = (_SEVERITIES.index(policy.severity), topic, policy)
    return [policy for _, (_, _, policy) in sorted(placed.items(), key=lambda item: (*item[1][:2], item[0]))]


def _modules(package: ModuleType) -> Iterator[tuple[str, ModuleType]]:
    """The modules of a package's topics, each with its topic."""
    for topic in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for module in pkgutil.iter_modules(importlib.import_module(topic.name).__path__, f"{topic.name}."):
            yield topic.name, importlib.import_module(module.name)


POLICIES: Final[list[Policy]] = declared_in(rules)
