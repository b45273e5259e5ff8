"""Where the brokers live: a VPC that is created, taken over or only looked at, and the brokers' security group."""

from components.network.choice import choose_network
from components.network.security_group import BrokerSecurityGroup

__all__ = ["BrokerSecurityGroup", "choose_network"]
