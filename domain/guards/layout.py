"""How many brokers a cluster may have: as many in each zone, and fewer only where they are empty."""

from __future__ import annotations

from domain.guards.refusal import BROKER_TYPE, Inputs, Refusal, at, how_to_acknowledge, number_at, text_at
from domain.guards.table import BROKER_REMOVAL, FEWER_BROKERS, UNEVEN_BROKERS
from domain.msk.brokers import BROKER_TYPES
from domain.msk.versions import KAFKA_VERSIONS, supports_broker_removal

_COUNT = "numberOfBrokerNodes"
_SUBNETS = "brokerNodeGroupInfo.clientSubnets"


def uneven_brokers(new: Inputs) -> list[Refusal]:
    """Brokers that cannot be spread evenly over the subnets: measured 2026-09, `domain.msk.refusals`."""
    brokers, subnets = number_at(new, _COUNT), at(new, _SUBNETS)
    if brokers is None or not isinstance(subnets, list) or not subnets or brokers % len(subnets) == 0:
        return []
    fewer = brokers - brokers % len(subnets)
    choice = f"{fewer} or {fewer + len(subnets)}" if fewer else str(len(subnets))
    return [
        Refusal(
            UNEVEN_BROKERS,
            _COUNT,
            f"The cluster would have {brokers} brokers in {len(subnets)} subnets, but Amazon MSK takes a multiple of the number "
            f"of subnets. Choose {choice} brokers.",
        )
    ]


def broker_count(old: Inputs, new: Inputs) -> list[Refusal]:
    """What Amazon MSK refuses of another number of brokers; one that stays as it is, it has taken before."""
    before, after = number_at(old, _COUNT), number_at(new, _COUNT)
    uneven = [] if before == after and at(old, _SUBNETS) == at(new, _SUBNETS) else uneven_brokers(new)
    if before is None or after is None or after >= before:
        return uneven
    # MSK Developer Guide, "Remove a broker": one broker of each zone at a time, and only brokers without partitions.
    return [
        Refusal(
            FEWER_BROKERS,
            _COUNT,
            f"brokersPerZone would reduce the cluster from {before} to {after} brokers. Amazon MSK removes only brokers without "
            "partitions, one in each zone at a time. Move the partitions off (`python -m tools reassign "
            "--remove-brokers`), check that UserPartitionExists is 0, "
            f"then {how_to_acknowledge(FEWER_BROKERS)}, or revert brokersPerZone.",
        ),
        *_removal(old, before - after),
        *uneven,
    ]


def _removal(old: Inputs, number: int) -> list[Refusal]:
    """What nobody can answer for: not of T3, Kafka 2.8.1 or newer, one broker of each zone at a time.

    Source: MSK Developer Guide, "Remove a broker from an Amazon MSK cluster". It names M5 and M7g; nothing is known of
    M8g, which are newer, and of other types that are not in the table, so nothing is refused.
    """
    version = text_at(old, "kafkaVersion")
    if version is not None and version in KAFKA_VERSIONS and not supports_broker_removal(version):
        message = (
            f"Amazon MSK does not remove brokers with Kafka {version}, only from 2.8.1 on. Raise kafkaVersion and deploy first, "
            "or revert brokersPerZone."
        )
        return [Refusal(BROKER_REMOVAL, _COUNT, message)]
    broker = BROKER_TYPES.get(text_at(old, BROKER_TYPE) or "")
    if broker and broker.is_burstable:
        message = (
            f"Amazon MSK does not remove {broker.name} brokers. Change brokerType to kafka.m7g.large first, or revert "
            "brokersPerZone."
        )
        return [Refusal(BROKER_REMOVAL, _COUNT, message)]
    subnets = at(old, _SUBNETS)
    if isinstance(subnets, list) and number > len(subnets):
        message = (
            f"brokersPerZone would remove {number} brokers from {len(subnets)} zones at once, but Amazon MSK removes one in "
            "each zone at a time. Lower brokersPerZone by one, deploy, and repeat."
        )
        return [Refusal(BROKER_REMOVAL, _COUNT, message)]
    return []
