"""Two replicas for every acknowledged message, and one more than that, so that a broker may be away.

A producer with acks=all is told that a message is safe when min.insync.replicas brokers have it. With 1, that is the
leader alone, whose loss is the message's loss. With as many as there are replicas, every broker that restarts stops
production for its partitions, and Amazon MSK restarts them all to patch them. Amazon MSK's defaults are sound in three
zones (3 and 2) and not in two (2 and 1). With one copy of Kafka's own topics, the loss of a broker is the loss of consumers'
offsets or of open transactions. Complying costs a third replica's storage and traffic between zones.

Judged on the configuration that a Standard cluster uses and the same stack makes; what it leaves out counts with Amazon
MSK's default. Unknown values: a configuration whose text is not known yet is only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import counted, decimal, distinct_elements, read
from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.settings import WholeNumberSetting
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.brokers import CLIENT_SUBNETS
from msk_policies.msk.configurations import IN_SYNC, SERVER_PROPERTIES, Used, used
from msk_policies.msk.facts import fact

_REPLICAS = "default.replication.factor"
_TRANSACTIONS_IN_SYNC = "transaction.state.log.min.isr"
_TRANSACTIONS = "transaction.state.log.replication.factor"
_OWN_TOPICS = ("offsets.topic.replication.factor", _TRANSACTIONS)
"""Copies of the topics in which Kafka keeps consumers' offsets, and the state of transactions."""
_THREE_ZONES = 3
_MINIMUM = WholeNumberSetting(
    "minimumInSyncReplicas", "Replicas that must have a message before it is acknowledged.", default=2, minimum=1
)


def _judge(cluster: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    setups = used(cluster, stack)
    zones = distinct_elements(read(cluster.props, CLIENT_SUBNETS))
    defaults = fact("replication", "standardThreeZones" if zones >= _THREE_ZONES else "standardTwoZones").value
    for setup in setups:
        yield from _messages(setup, defaults, _MINIMUM.of(config))
        yield from _own_topics(setup, defaults, _MINIMUM.of(config))


def _messages(setup: Used, defaults: Mapping[str, str], wanted: int) -> Iterator[str]:
    in_sync, said = _number(setup.properties, defaults, IN_SYNC)
    if in_sync is None or in_sync < wanted:
        yield (
            f"Acknowledge messages when {counted(wanted, 'replica')} or more have them: {IN_SYNC} {said} ({setup.place}). "
            f"Set {IN_SYNC}={wanted} in {SERVER_PROPERTIES}."
        )
        in_sync = wanted
    replicas, said = _number(setup.properties, defaults, _REPLICAS)
    if replicas is None or replicas <= in_sync:
        yield (
            f"Keep more replicas than must be in sync: {_REPLICAS} {said}, with {in_sync} in sync ({setup.place}). "
            f"Set {_REPLICAS}={in_sync + 1} in {SERVER_PROPERTIES}."
        )


def _own_topics(setup: Used, defaults: Mapping[str, str], wanted: int) -> Iterator[str]:
    """What a configuration makes of Kafka's own topics; Amazon MSK's defaults keep two copies or more."""
    for name in _OWN_TOPICS:
        copies, said = _number(setup.properties, defaults, name)
        if copies is None or copies < wanted:
            yield (
                f"Keep offsets and transactions when a broker is lost: {name} {said} ({setup.place}). "
                f"Set {name}={wanted + 1} in {SERVER_PROPERTIES}."
            )
    copies, _ = _number(setup.properties, defaults, _TRANSACTIONS)
    in_sync, said = _number(setup.properties, defaults, _TRANSACTIONS_IN_SYNC)
    # With two copies, two in sync are all of them: one has to be enough.
    least = min(wanted, max((copies or wanted) - 1, 1))
    if in_sync is None or in_sync < least:
        yield (
            f"Acknowledge transactions when {counted(least, 'replica')} or more have them: {_TRANSACTIONS_IN_SYNC} {said} "
            f"({setup.place}). Set {_TRANSACTIONS_IN_SYNC}={least} in {SERVER_PROPERTIES}."
        )


def _number(properties: Mapping[str, str], defaults: Mapping[str, str], name: str) -> tuple[int | None, str]:
    """What counts for a property, and how a message says so."""
    text = properties.get(name)
    if text is None:
        return int(defaults[name]), f"is not set, so Amazon MSK uses {defaults[name]}"
    number = decimal(text)
    return number, "is not a whole number" if number is None else f"is {number}"


POLICY = stack_rule(
    "durable-replication",
    display_name="Durable replication",
    description="The configuration of an MSK cluster should keep acknowledged messages when a broker is down.",
    judges={CLUSTER: _judge},
    severity=Severity.HIGH,
    settings=[_MINIMUM],
    tags=["msk", "durability"],
    remediation_steps="Set default.replication.factor=3 and min.insync.replicas=2 in the configuration's serverProperties. "
    "Brokers restart one after the other; existing topics keep their own replication factor.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html",
)
