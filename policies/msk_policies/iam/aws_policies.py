"""AWS's own managed policies: which of them reach every cluster, or what every cluster's data hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msk_policies.msk.facts import fact

_EFFECTS: Final[Mapping[str, str]] = fact("iam", "awsPolicies").value
_SERVICE, _OWNER, _KIND = "iam", "aws", "policy/"
_PARTS: Final = 6


def effect_of(policy_arn: object) -> str | None:
    """What one of AWS's own policies lets whoever has it do; None for those that reach no further than they should."""
    return _EFFECTS.get(name_of(policy_arn))


def name_of(policy_arn: object) -> str:
    """The name of one of AWS's own policies, in its ARN; empty for other policies."""
    parts = policy_arn.split(":", _PARTS - 1) if isinstance(policy_arn, str) else []
    if len(parts) != _PARTS or (parts[2], parts[4]) != (_SERVICE, _OWNER) or not parts[5].startswith(_KIND):
        return ""
    return parts[5].rpartition("/")[2]
