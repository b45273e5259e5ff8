"""Making a resource comply by itself, where a stack sets a rule's level to `remediate`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from pulumi_policy.proxy import unknown_checking_proxy

from msk_policies.kit.exemptions import exempt
from msk_policies.kit.judges import Judge, NotApplicableError
from msk_policies.kit.properties import UnknownValueError, plain, put
from msk_policies.kit.twins import as_judged

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from pulumi_policy import ResourceValidationArgs

Fixes = Mapping[str, Mapping[str, object]]
"""By resource type, the value at each dotted path that makes a violating resource comply."""

_Remedy = Callable[["ResourceValidationArgs"], "Awaitable[Mapping[str, Any]] | None"]


def remedy(judges: Mapping[str, Judge], fixes: Fixes) -> _Remedy:
    """What the engine calls before it judges: sets the fixes' values on a resource that violates the rule.

    What complies, what is exempt, and what nobody can judge before deployment is left as it is.
    """

    def remediate(args: ResourceValidationArgs) -> Mapping[str, Any] | None:
        resource_type, own = as_judged(args.resource_type, args.props)
        fix = fixes.get(resource_type)
        config = args.get_config()
        if fix is None or exempt(config, args.urn):
            return None
        # The SDK hides no unknown values here, and properties keep their secrets only where they are changed in place.
        _, known = as_judged(args.resource_type, unknown_checking_proxy(plain(args.props)))
        if not _violates(judges[resource_type], known, config):
            return None
        for path, value in fix.items():
            put(own, path, value)
        return args.props

    # The SDK declares that only coroutines return properties; it takes both.
    return cast("_Remedy", remediate)


def _violates(judge: Judge, props: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
    try:
        return any(True for _ in judge(props, config))
    except (NotApplicableError, UnknownValueError):
        return False
