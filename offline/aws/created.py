"""A resource at the moment of its creation: what ids, names and ARNs follow from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from offline.aws.facts import partition, zone_id

if TYPE_CHECKING:
    from collections.abc import Mapping


class Account(Protocol):
    """What else there is, as far as a new resource depends on it."""

    zones: Mapping[str, tuple[str, ...]]
    """Availability zone names by region."""
    created: dict[str, Created]
    """What was created, by id."""


@dataclass(slots=True)
class Created:
    """A resource at the moment of its creation, and what follows from its URN."""

    type: str
    urn: str
    inputs: dict[str, Any]
    """What the provider received, secrets revealed."""
    account: str
    region: str
    within: Account
    id: str = ""
    """The id, for a resource that exists already."""
    outputs: dict[str, Any] = field(default_factory=dict)

    def digits(self, count: int, salt: str = "") -> str:
        """Hexadecimal digits that follow from the URN, as ids have them."""
        return hashlib.sha256(f"{salt}{self.urn}{self.id}".encode()).hexdigest()[:count]

    def identifier(self, prefix: str) -> str:
        """The id: the one it has already, or `prefix-` and 17 digits, as EC2 makes them."""
        return self.id or f"{prefix}-{self.digits(17)}"

    def uuid(self, salt: str = "") -> str:
        """A UUID that follows from the URN."""
        text = self.digits(32, salt)
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def arn(self, service: str, resource: str, *, region: str | None = None) -> str:
        """The ARN of something in this account, for example `arn("ec2", "vpc/vpc-1")`."""
        where = self.region if region is None else region
        return f"arn:{partition(self.region)}:{service}:{where}:{self.account}:{resource}"

    def zone(self) -> tuple[str, str]:
        """Name and id of the availability zone that the inputs ask for, or the region's first."""
        names = self.within.zones.get(self.region) or (f"{self.region}a",)
        ids = [zone_id(self.region, index) for index in range(len(names))]
        if wanted := self.inputs.get("availabilityZoneId"):
            return (names[ids.index(wanted)] if wanted in ids else ""), wanted
        name = self.inputs.get("availabilityZone") or names[0]
        return name, (ids[names.index(name)] if name in names else "")
