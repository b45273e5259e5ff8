"""Losses as guards: on a protected stack, what takes messages, safety or access is refused until somebody answers for it.

What is a loss is decided by `messages` and `safety`, for the guards and for `tools changes` alike. AWS takes all of these.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from domain.guards.messages import MessageLoss, losses_of_servers, losses_of_topic
from domain.guards.refusal import Inputs, Refusal, how_to_acknowledge
from domain.guards.safety import SafetyLoss, safety_of, topic_safety_of
from domain.guards.table import SHORTER_LOG_RETENTION
from domain.java_properties import parse_properties
from domain.monitoring.log_retention import kept_less

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


def configuration_refusals(
    old: Inputs, new: Inputs, *, express: bool = False, acknowledged: Collection[str] = ()
) -> list[Refusal]:
    """What a new revision of a protected cluster's configuration would take from people.

    Args:
        old: The inputs of ``aws:msk/configuration:Configuration`` that it was deployed with, wire names.
        new: The inputs it would get.
        express: Whether the brokers will be Express brokers.
        acknowledged: Guards somebody answers for.
    """
    before, after = (_properties(inputs.get("serverProperties")) for inputs in (old, new))
    if before == after:
        return []
    losses: list[MessageLoss | SafetyLoss] = [
        *losses_of_servers(before, after),
        *safety_of(before, after, servers=True, express=express),
    ]
    return _refusals(losses, "serverProperties", ("serverProperties",), acknowledged)


def topic_refusals(old: Inputs, new: Inputs, server_properties: str, *, acknowledged: Collection[str] = ()) -> list[Refusal]:
    """What a change of a protected topic would take from people. Another replication factor replaces it: see ``protect``.

    Args:
        old: The inputs of ``aws:msk/topic:Topic`` that it was deployed with, wire names.
        new: The inputs it would get.
        server_properties: The cluster's, as they will be. What they were is not known here: where they change in the same
            update and take something, the configuration's own guard says it.
        acknowledged: Guards somebody answers for.
    """
    before, after = (configs_of_text(inputs.get("configs")) for inputs in (old, new))
    servers = parse_properties(server_properties)
    if before == after:
        return []
    losses: list[MessageLoss | SafetyLoss] = [*losses_of_topic(before, after, servers, servers)]
    losses += topic_safety_of(before, after, servers, servers)
    topic = str(new.get("name"))
    return _refusals(losses, "configs", ("topics", topic), acknowledged, f"topics.{topic}: ")


def log_refusals(kind: str, old: Inputs, new: Inputs, setting: Sequence[str]) -> list[Refusal]:
    """What a shorter retention of a protected stack's logs would delete.

    Args:
        kind: The type of the resource: a log group, or the lifecycle of a bucket.
        old: The inputs that it was deployed with, wire names.
        new: The inputs it would get.
        setting: Where the stack file says how long they are kept.
    """
    return [
        Refusal(
            SHORTER_LOG_RETENTION,
            kept.property,
            f"{'.'.join(setting)} would change from {kept.old} to {kept.new}, and the stack is protected: {kept.sentence}. "
            f"Revert it, or, if that is intended, {how_to_acknowledge(SHORTER_LOG_RETENTION)}.",
            tuple(setting),
        )
        for kept in kept_less(kind, old, new)
    ]


def configs_of_text(value: object) -> dict[str, object] | None:
    """A topic's configuration, which is JSON; None where it is not known."""
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _properties(value: object) -> Mapping[str, str] | None:
    return parse_properties(value) if isinstance(value, str) else None


def _refusals(
    losses: Iterable[MessageLoss | SafetyLoss],
    property_path: str,
    setting: tuple[str, ...],
    acknowledged: Collection[str],
    where: str = "",
) -> list[Refusal]:
    return [
        Refusal(
            loss.guard,
            property_path,
            f"{where}{loss.property} would change from {loss.old} to {loss.new}, and the stack is protected: {loss.sentence}. "
            f"Revert it, or, if that is intended, {how_to_acknowledge(loss.guard)}.",
            setting,
        )
        for loss in losses
        if loss.guard not in acknowledged
    ]
