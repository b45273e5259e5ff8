"""The pack refuses a configuration that names what it does not have: the engine takes it without a word.

The engine holds the settings that a rule has against their schemas (`pkg/resource/analyzer/config.go`). A rule or a setting that
does not exist it hands on, and a typing error would leave a rule off, or as mild as it was, with nobody told.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

from pulumi_policy import policy as sdk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_policy import Policy

_SERVICER: Final = "_PolicyAnalyzerServicer"
_EVERY_RULE: Final = "all"
"""The name that stands for every rule in a configuration; the engine has taken it out where it hands on the levels."""


def refuse_what_no_rule_has(policies: Iterable[Policy]) -> None:
    """Has the SDK refuse a configuration that names a rule, or a setting, that does not exist: nothing is judged then.

    Args:
        policies: The pack's rules.

    Raises:
        TypeError: The SDK takes configurations in another way: better no pack than one that ignores what it is told.
    """
    servicer: Any = getattr(sdk, _SERVICER, None)
    configure = getattr(servicer, "Configure", None)
    # The SDK's own gRPC: the pack needs nothing but the SDK.
    status: Any = getattr(getattr(sdk, "grpc", None), "StatusCode", None)
    if configure is None or status is None:
        message = "This version of pulumi-policy takes its configuration in another way. Install the version in requirements.txt."
        raise TypeError(message)
    settings = {
        policy.name: tuple((policy.config_schema.properties or {}) if policy.config_schema else {}) for policy in policies
    }

    def checked(self: object, request: Any, context: Any) -> object:  # noqa: ANN401 - the generated messages have no types
        given = {name: tuple(request.policyConfig[name].properties.fields) for name in request.policyConfig}
        if mistakes := unknown_names(settings, given):
            context.abort(status.INVALID_ARGUMENT, "The configuration of the policies is wrong. " + " ".join(mistakes))
        return configure(self, request, context)

    servicer.Configure = checked


def unknown_names(settings: Mapping[str, Sequence[str]], given: Mapping[str, Iterable[str]]) -> list[str]:
    """A sentence for each rule, and each setting of a rule, that does not exist.

    Args:
        settings: The names of the settings that each rule has.
        given: Those that the configuration names.
    """
    return [
        sentence
        for rule, names in sorted(given.items())
        if rule != _EVERY_RULE
        for sentence in (
            [f"{rule} is no rule of the pack.{_near(rule, settings)}"]
            if rule not in settings
            else [
                f"{rule} has no setting {name}.{_near(name, settings[rule])}"
                for name in sorted(names)
                if name not in settings[rule]
            ]
        )
    ]


def _near(name: str, names: Iterable[str]) -> str:
    """The nearest right name, where it looks like a typing error."""
    nearest = difflib.get_close_matches(name, list(names), n=1, cutoff=0.75)
    return f" Did you mean {nearest[0]}?" if nearest else ""
