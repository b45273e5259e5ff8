"""Brokers: the properties of a cluster that say how many there are, of which kind, where, and behind which security groups."""

from __future__ import annotations

from typing import Final

BROKERS: Final = "numberOfBrokerNodes"
"""The property that holds their number."""

INSTANCE_TYPE: Final = "brokerNodeGroupInfo.instanceType"
"""The property that holds their type."""

CLIENT_SUBNETS: Final = "brokerNodeGroupInfo.clientSubnets"
"""One subnet for each Availability Zone of a cluster: their number says how many zones there are."""

BROKER_SECURITY_GROUPS: Final = "brokerNodeGroupInfo.securityGroups"


def kind_of(instance_type: object) -> str:
    """The kind of brokers of this type, as the facts have it: `express` or `standard`."""
    return "express" if is_express_type(instance_type) else "standard"


def is_express_type(instance_type: object) -> bool:
    """Whether brokers of this type are Express brokers; those of a type that is not known yet are taken for Standard ones."""
    return isinstance(instance_type, str) and instance_type.startswith("express.")
