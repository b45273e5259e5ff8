"""Starts the policy pack; what it holds is in `msk_policies`."""

from pulumi_policy import PolicyPack

from msk_policies.kit.configuration import refuse_what_no_rule_has
from msk_policies.registry import POLICIES

# PolicyPack serves until the engine ends it, so it must never be made by an import.
if __name__ == "__main__":
    refuse_what_no_rule_has(POLICIES)
    PolicyPack("msk-policies", POLICIES, display_name="Amazon MSK", provider="aws")
