"""What a new cluster may not be."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

from domain.guards.layout import uneven_brokers
from domain.guards.refusal import (
    BROKER_TYPE,
    MULTI_VPC,
    NETWORK_TYPE,
    PUBLIC_ACCESS,
    Inputs,
    Refusal,
    any_true,
    at,
    how_to_acknowledge,
    text_at,
)
from domain.guards.table import (
    DEPRECATED_AT_CREATION,
    DUAL_AT_CREATION,
    KAFKA_END_OF_SUPPORT,
    MULTI_VPC_OFF_AT_CREATION,
    NO_KRAFT,
    PUBLIC_AT_CREATION,
)
from domain.msk.brokers import BROKERS_AS_OF, SMALLEST_WITH_KRAFT, BrokerKind, BrokerType, broker_type, is_outdated
from domain.msk.versions import (
    KAFKA_VERSIONS,
    KRAFT_MIGRATION,
    MetadataMode,
    is_past_support,
    metadata_mode,
    recommended_version,
)


def refusals_on_create(inputs: Inputs, *, today: datetime.date, acknowledged: Collection[str] = ()) -> list[Refusal]:
    """What a new cluster may not be.

    Args:
        inputs: The new cluster's inputs, wire names.
        today: The day on which end of support is judged.
        acknowledged: Guards somebody answers for.
    """
    refusals = uneven_brokers(inputs)
    broker = broker_type(text_at(inputs, BROKER_TYPE) or "")
    without_kraft = broker and not broker.has_kraft and not is_outdated(BROKERS_AS_OF, today)
    if broker and without_kraft and metadata_mode(text_at(inputs, "kafkaVersion") or "") is MetadataMode.KRAFT:
        refusals.append(
            Refusal(
                NO_KRAFT,
                "kafkaVersion",
                f"kafkaVersion is {text_at(inputs, 'kafkaVersion')}, but {broker.name} does not support KRaft. "
                f"Set kafkaVersion to {KRAFT_MIGRATION[0]}, or brokerType to {SMALLEST_WITH_KRAFT}.",
            )
        )
    access = text_at(inputs, PUBLIC_ACCESS)
    if access not in (None, "DISABLED"):
        # MSK Developer Guide, "Turn on public access": a cluster cannot be created with public access.
        refusals.append(
            Refusal(
                PUBLIC_AT_CREATION,
                PUBLIC_ACCESS,
                f"network.publicAccess is on ({access}) for a new cluster, but Amazon MSK turns public access on only for an "
                "ACTIVE cluster. Deploy first with network.publicAccess: false, then set it to true.",
            )
        )
    if text_at(inputs, NETWORK_TYPE) not in (None, "IPV4"):
        # MSK Developer Guide, "Configure dual-stack network type for an Amazon MSK cluster": for clusters that are there.
        refusals.append(
            Refusal(
                DUAL_AT_CREATION,
                NETWORK_TYPE,
                "network.ipv6 is on for a new cluster, but Amazon MSK creates clusters with IPv4 only, and allows the network "
                "type DUAL only for an ACTIVE cluster. Deploy first with network.ipv6: false, then set it to true.",
            )
        )
    if isinstance(at(inputs, MULTI_VPC), Mapping) and not any_true(at(inputs, MULTI_VPC)):
        # The provider turns multi-VPC connectivity on with an update of its own once the cluster is ACTIVE, and sends that update
        # though it changes nothing (terraform-provider-aws, internal/service/kafka/cluster.go, resourceClusterCreate).
        refusals.append(
            Refusal(
                MULTI_VPC_OFF_AT_CREATION,
                MULTI_VPC,
                "network.multiVpc turns nothing on for a new cluster. Set its iam, scram or tls to true, or remove it.",
            )
        )
    version = KAFKA_VERSIONS.get(text_at(inputs, "kafkaVersion") or "")
    if version and version.is_deprecated:
        return [
            *refusals,
            Refusal(
                DEPRECATED_AT_CREATION,
                "kafkaVersion",
                f"kafkaVersion is {version.name}, which Amazon MSK lists as DEPRECATED: it creates no new clusters with this "
                f"version. Set kafkaVersion to {_better(broker, today)}.",
            ),
        ]
    if version and is_past_support(version, today) and KAFKA_END_OF_SUPPORT not in acknowledged:
        refusals.append(
            Refusal(
                KAFKA_END_OF_SUPPORT,
                "kafkaVersion",
                f"kafkaVersion is {version.name}, whose support ended on {version.end_of_support}: Amazon MSK upgrades such "
                f"clusters by itself, without notice. Set kafkaVersion to {_better(broker, today)}, or "
                f"{how_to_acknowledge(KAFKA_END_OF_SUPPORT)}.",
            )
        )
    return refusals


def _better(broker: BrokerType | None, today: datetime.date) -> str:
    metadata = MetadataMode.ZOOKEEPER if broker and not broker.has_kraft else MetadataMode.KRAFT
    return recommended_version(broker.kind if broker else BrokerKind.STANDARD, today, metadata)
