"""Quotas of AWS that a stack meets: what an account may have unless AWS raised it, and how far AWS raises it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota that AWS raises on request.

    Attributes:
        name: Its name in Service Quotas.
        code: Its code there, such as ``L-0EA8095F``.
        service: The service's code there, such as ``vpc``.
        default: What an account has unless it was raised.
    """

    name: str
    code: str
    service: str
    default: int

    @property
    def shown(self) -> str:
        """The quota as a sentence names it."""
        return f'the quota "{self.name}" ({self.code})'

    @property
    def once_raised(self) -> str:
        """How a person says that the account has more than the default, as the end of a warning."""
        return f"Once it is raised, say so: acknowledge.{self.code}: {{reason, until}}."


@dataclass(frozen=True, slots=True)
class BoundedQuota(Quota):
    """A quota of which it is known how far AWS raises it.

    Attributes:
        maximum: What AWS raises it to at most.
    """

    maximum: int


RULES_OF_A_SECURITY_GROUP = BoundedQuota("Inbound or outbound rules per security group", "L-0EA8095F", "vpc", 60, 1000)
"""Amazon VPC User Guide, "Amazon VPC quotas": for IPv4 and IPv6 each; a rule with a security group counts for both, one with a
prefix list as many as that list's largest number of entries. Times the groups of a network interface it is 1000 at most."""

POLICIES_OF_A_ROLE = BoundedQuota("Managed policies per role", "L-0DA4ABF3", "iam", 10, 25)
"""IAM User Guide, "IAM and AWS STS quotas". Some pages have 20 as the default since 2026: the smaller one warns earlier."""

POLICIES_OF_A_USER = BoundedQuota("Managed policies per user", "L-4019AD8B", "iam", 10, 20)
"""IAM User Guide, "IAM and AWS STS quotas"."""

ROLES_OF_AN_ACCOUNT = BoundedQuota("Roles per account", "L-FE177D64", "iam", 1000, 10_000)
"""IAM User Guide, "IAM and AWS STS quotas"."""

POLICIES_OF_AN_ACCOUNT = BoundedQuota("Customer managed policies per account", "L-E95E4862", "iam", 1500, 10_000)
"""IAM User Guide, "IAM and AWS STS quotas"."""

BROKERS_OF_A_KRAFT_CLUSTER = Quota("Number of brokers per KRaft cluster", "L-03FD6822", "kafka", 60)
BROKERS_OF_A_ZOOKEEPER_CLUSTER = Quota("Number of brokers per cluster", "L-FAB9E493", "kafka", 30)
"""AWS General Reference, "Amazon MSK endpoints and quotas"; adjustable."""

QUOTAS: Mapping[str, Quota] = MappingProxyType(
    {
        quota.code: quota
        for quota in (
            RULES_OF_A_SECURITY_GROUP,
            POLICIES_OF_A_ROLE,
            POLICIES_OF_A_USER,
            ROLES_OF_AN_ACCOUNT,
            POLICIES_OF_AN_ACCOUNT,
            BROKERS_OF_A_KRAFT_CLUSTER,
            BROKERS_OF_A_ZOOKEEPER_CLUSTER,
        )
    }
)
"""By their codes, by which the stack file says that one was raised."""

SCRAM_USERS_OF_A_CLUSTER = 1000
"""Not raised. MSK Developer Guide, "Sign-in credentials authentication": limits."""
