"""Messages that last until their consumers come.

A retention of a second, or of a few kilobytes, deletes messages before a consumer that restarts has read them, and producers
were told that they are safe. Offsets that end so soon send a consumer back to the beginning, or past what it missed. Complying
costs the storage of the time.

Judged on the configuration that a cluster uses and the same stack makes, and on what topics set themselves: by time or by size,
where old messages are deleted at all. Milliseconds count before minutes, and minutes before hours. Unknown values: only advised
on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.documents import parsed
from msk_policies.kit.properties import decimal, read
from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.settings import WholeNumberSetting
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.logs.retention import OF_CLUSTERS, OF_TOPICS, too_short
from msk_policies.msk.configurations import SERVER_PROPERTIES, Used, used

_TOPIC = "aws:msk/topic:Topic"
_CONFIGS = "configs"
_OFFSETS = "offsets.retention.minutes"
_MINUTES = WholeNumberSetting("minimumMinutes", "Minutes that messages must be kept.", default=10, minimum=0)


def _cluster(cluster: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    for setup in used(cluster, stack, express=True):
        yield from _offsets(setup, _MINUTES.of(config))
        found = too_short(setup.properties, OF_CLUSTERS, _MINUTES.of(config))
        if found:
            name, state = found
            yield (
                f"Keep messages until consumers have read them: {name} {state}, in {setup.place}. "
                f"Set a longer {name} in {SERVER_PROPERTIES}."
            )


def _offsets(setup: Used, minutes: int) -> Iterator[str]:
    kept = decimal(setup.properties.get(_OFFSETS))
    if kept is not None and kept < minutes:
        yield (
            f"Keep consumers' offsets while they are away: {_OFFSETS} is {kept}, less than {minutes} minutes, in {setup.place}. "
            f"Set a longer {_OFFSETS} in {SERVER_PROPERTIES}."
        )


def _topic(topic: PolicyResource, _stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    found = too_short(parsed(read(topic.props, _CONFIGS)), OF_TOPICS, _MINUTES.of(config))
    if found:
        name, state = found
        yield (
            f"Keep messages until consumers have read them: {name} in {_CONFIGS} of {topic.name} {state}. "
            f"Set a longer {name} in {_CONFIGS}."
        )


POLICY = stack_rule(
    "lasting-messages",
    display_name="Messages that last",
    description="Topics should keep messages long enough to be read.",
    judges={CLUSTER: _cluster, _TOPIC: _topic},
    severity=Severity.HIGH,
    settings=[_MINUTES],
    tags=["msk", "durability"],
    remediation_steps="Raise the retention in the configuration's serverProperties, or in the topic's configs. A new revision of "
    "the configuration restarts the brokers one after the other; a topic changes in place.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html",
)
