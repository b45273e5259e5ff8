"""Starts the policy pack; what it holds is in `msk_policies`."""

from pulumi_policy import PolicyPack

from msk_policies.registry import POLICIES

# PolicyPack serves until the engine ends it, so it must never be made by an import.
if __name__ == "__main__":
    PolicyPack("msk-policies", POLICIES, display_name="Amazon MSK", provider="aws")
