"""The brokers' network: created for them, taken over, or only looked at."""

from __future__ import annotations

import pulumi

from components.network.existing import ExistingNetwork
from components.network.imported import ImportedNetwork
from components.network.made import Network
from domain.plan.network import NetworkChoice


def choose_network(
    name: str, choice: NetworkChoice, *, flow_log_key_arn: pulumi.Input[str]
) -> Network | ExistingNetwork | ImportedNetwork:
    """The network that the plan has chosen.

    Args:
        name: The component's name.
        choice: What is known of it.
        flow_log_key_arn: ARN of the key of its flow logs, where it has any of its own.
    """
    if choice.existing:
        return ExistingNetwork(name, {**choice.existing})
    if choice.imported:
        return ImportedNetwork(name, {**choice.imported, "flow_log_key_arn": flow_log_key_arn})
    if choice.created:
        return Network(name, {**choice.created, "flow_log_key_arn": flow_log_key_arn})
    raise ValueError("The plan has chosen no network.")
