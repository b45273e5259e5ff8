"""What Amazon MSK takes in several updates only: it does one operation at a time, in the order of `domain.msk.operations`."""

from __future__ import annotations

from domain.guards.refusal import (
    BROKER_TYPE,
    CONNECTIVITY,
    NETWORK_TYPE,
    PUBLIC_ACCESS,
    THROUGHPUT,
    Inputs,
    Refusal,
    at,
    number_at,
    text_at,
)
from domain.guards.table import ONE_OPERATION, ORDER_OF_OPERATIONS
from domain.msk.brokers import BROKER_TYPES
from domain.msk.versions import KAFKA_VERSIONS, supports_m7g, supports_tiered_storage


def one_operation(old: Inputs, new: Inputs) -> list[Refusal]:
    """Connectivity is updated before authentication and broker type, so AWS refuses what needs those first."""
    connectivity = (at(old, CONNECTIVITY), at(new, CONNECTIVITY))
    if connectivity[0] == connectivity[1]:
        return []
    changed = [
        setting
        for setting, path in _AFTER_CONNECTIVITY
        if at(old, path) is not None and at(new, path) is not None and at(old, path) != at(new, path)
    ]
    if text_at(old, PUBLIC_ACCESS) in (None, "DISABLED") and text_at(new, PUBLIC_ACCESS) not in (None, "DISABLED"):
        # What public access depends on: ACLs that deny by default, TLS alone, no exporters on KRaft.
        changed += [setting for setting, path in _BEFORE_PUBLIC_ACCESS if at(new, path) != at(old, path) and at(new, path)]
    if not changed:
        return []
    others = " and ".join(changed)
    setting = "network.multiVpc"
    for path, candidate in ((NETWORK_TYPE, "network.ipv6"), (PUBLIC_ACCESS, "network.publicAccess")):
        setting = setting if text_at(old, path) == text_at(new, path) else candidate
    return [
        Refusal(
            ONE_OPERATION,
            CONNECTIVITY,
            f"{setting} (connectivity) and {others} would change in one update, but Amazon MSK changes connectivity first and "
            f"refuses what depends on the other change. Change {others}, deploy, then change {setting}.",
        )
    ]


_AFTER_CONNECTIVITY = (
    ("authentication", "clientAuthentication"),
    ("brokerType", BROKER_TYPE),
    ("kafkaVersion", "kafkaVersion"),
)
_BEFORE_PUBLIC_ACCESS = (
    ("serverProperties", "configurationInfo.revision"),
    ("encryption.clientBroker", "encryptionInfo.encryptionInTransit.clientBroker"),
    ("monitoring.prometheus", "openMonitoring"),
)


def order_of_operations(old: Inputs, new: Inputs) -> list[Refusal]:
    """A new broker type, and tiered storage, come before kafkaVersion and the volumes: these are still the old ones then."""
    return [*_type_before_version(old, new), *_type_before_throughput(old, new), *_tier_before_version(old, new)]


def _type_before_version(old: Inputs, new: Inputs) -> list[Refusal]:
    before, after = text_at(old, BROKER_TYPE), text_at(new, BROKER_TYPE)
    broker, version = BROKER_TYPES.get(after or ""), text_at(old, "kafkaVersion") or ""
    if before == after or broker is None or broker.is_express or broker.family != "m7g":
        return []
    if version not in KAFKA_VERSIONS or supports_m7g(version):
        return []
    return [
        Refusal(
            ORDER_OF_OPERATIONS,
            BROKER_TYPE,
            f"brokerType would change from {before} to {after}, which does not run Kafka {version}, the version that the cluster "
            f"has: Amazon MSK changes the broker type before kafkaVersion. Set brokerType to {before}, raise kafkaVersion, "
            "deploy, then change brokerType.",
        )
    ]


def _type_before_throughput(old: Inputs, new: Inputs) -> list[Refusal]:
    before, after = text_at(old, BROKER_TYPE), text_at(new, BROKER_TYPE)
    broker, bought = BROKER_TYPES.get(after or ""), number_at(old, f"{THROUGHPUT}.volumeThroughput")
    if before == after or broker is None or broker.is_express or bought is None or at(old, f"{THROUGHPUT}.enabled") is not True:
        return []
    most = broker.provisioned_throughput_maximum_mib_per_second
    if most is not None and bought <= most:
        return []
    has = "has none" if most is None else f"has {most} at most"
    setting = "storage.provisionedThroughputMiBps"
    off = "Turn it off with `aws kafka update-broker-storage`, run `pulumi refresh`, remove " + setting
    first = off if most is None else f"Lower {setting} to {most} or less"
    return [
        Refusal(
            ORDER_OF_OPERATIONS,
            BROKER_TYPE,
            f"brokerType would change from {before} to {after} while the volumes have {bought} MiB/s of provisioned throughput, "
            f"of which {after} {has}: Amazon MSK changes the broker type before the volumes. Set brokerType to {before}. "
            f"{first}, deploy, then change brokerType.",
        )
    ]


def _tier_before_version(old: Inputs, new: Inputs) -> list[Refusal]:
    version = text_at(old, "kafkaVersion") or ""
    turned_on = text_at(new, "storageMode") == "TIERED" and text_at(old, "storageMode") != "TIERED"
    if not turned_on or version not in KAFKA_VERSIONS or supports_tiered_storage(version):
        return []
    return [
        Refusal(
            ORDER_OF_OPERATIONS,
            "storageMode",
            f"storage.mode would change to TIERED, which Kafka {version}, the version that the cluster has, does not support: "
            "Amazon MSK changes storage before kafkaVersion. Raise kafkaVersion, deploy, then set storage.mode: TIERED.",
        )
    ]
