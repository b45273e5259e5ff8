"""Topics that lose neither messages nor service with one broker.

What a topic sets itself counts more than the cluster's defaults. Three copies, two of which must have a message before it is
acknowledged, survive a broker's loss while another is being patched; in-sync replicas as many as the copies stop production
with every restart. Complying costs the third copy's storage and traffic.

Express brokers keep three copies of every topic and fix the rest; any other number there is a mistake. What `configs` leaves
out is the cluster's default, which `durable-replication` and `no-unclean-leader-election` judge. Unknown values: only advised
on in a preview; `configs` that is no JSON object says nothing, and the provider refuses it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.documents import parsed
from msk_policies.kit.properties import decimal, read, whole
from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.settings import WholeNumberSetting
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.configurations import IN_SYNC, UNCLEAN, is_express

_TOPIC = "aws:msk/topic:Topic"
_COPIES = "replicationFactor"
_CONFIGS = "configs"
_EXPRESS_COPIES = 3
_LEAST_IN_SYNC = 2

_MINIMUM = WholeNumberSetting("minimumReplicationFactor", "Copies that a topic must have.", default=3, minimum=1)


def _judge(topic: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    express = any(is_express(cluster) for cluster in stack.referred(topic, "clusterArn", CLUSTER))
    given = read(topic.props, _COPIES)
    copies = whole(given)
    state = "is missing" if given is None else f"is {copies}" if copies is not None else "is not a whole number"
    if express and copies != _EXPRESS_COPIES:
        yield (
            f"Let Express brokers keep their {_EXPRESS_COPIES} copies: {_COPIES} of {topic.name} {state}. "
            f"Set {_COPIES} to {_EXPRESS_COPIES}."
        )
    elif copies is None or copies < _MINIMUM.of(config):
        yield (
            f"Keep at least {_copies(_MINIMUM.of(config))} of each message: {_COPIES} of {topic.name} {state}. "
            f"Set {_COPIES} to {_MINIMUM.of(config)} or more."
        )
    yield from _configured(topic, max(copies or 0, _MINIMUM.of(config)))


def _configured(topic: PolicyResource, copies: int) -> Iterator[str]:
    """What a topic's own configuration breaks, given the copies that it has, or ought to have."""
    configs = parsed(read(topic.props, _CONFIGS))
    in_sync = configs.get(IN_SYNC)
    number = decimal(in_sync)
    # With two copies, two in sync are all of them: one has to be enough. With one there is no choice.
    least = min(_LEAST_IN_SYNC, max(copies - 1, 1))
    if in_sync is not None and number is None:
        yield (
            f"Acknowledge messages when enough copies have them: {IN_SYNC} in {_CONFIGS} of {topic.name} is not a whole number. "
            f"Set {IN_SYNC} to {least}."
        )
    elif number is not None and number < least:
        yield (
            f"Acknowledge messages when enough copies have them: {IN_SYNC} in {_CONFIGS} of {topic.name} is {number}. "
            f"Set {IN_SYNC} to {least}."
        )
    elif number is not None and number >= copies > 1:
        yield (
            f"Keep a topic writable without one broker: {IN_SYNC} in {_CONFIGS} of {topic.name} is {number}, of "
            f"{_copies(copies)}. Set {IN_SYNC} to {copies - 1} or less."
        )
    if str(configs.get(UNCLEAN, "false")).lower() != "false":
        yield (
            f"Do not elect leaders that lack messages: {UNCLEAN} in {_CONFIGS} of {topic.name} is not false. "
            f"Set {UNCLEAN} to false."
        )


def _copies(number: int) -> str:
    return "1 copy" if number == 1 else f"{number} copies"


POLICY = stack_rule(
    "durable-topics",
    display_name="Durable topics",
    description="A topic should lose neither messages nor service when one broker fails.",
    judges={_TOPIC: _judge},
    severity=Severity.HIGH,
    settings=[_MINIMUM],
    tags=["msk", "durability"],
    remediation_steps="Set replicationFactor to 3 and min.insync.replicas to 2. The configuration changes in place; another "
    "replicationFactor replaces the topic with an empty one, so reassign an existing topic's partitions with Kafka's own tools.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html",
)
