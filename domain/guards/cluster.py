"""Changes that only the old state can tell are wrong, and creations that AWS or good sense refuses.

The rules read a cluster's inputs by their wire names, as a resource hook is given them and as
``pulumi preview --json`` prints them. A value that is not known yet is never a reason to refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from domain.guards.kraft import refusals_to_kraft
from domain.guards.layout import broker_count
from domain.guards.order import one_operation, order_of_operations
from domain.guards.refusal import (
    BROKER_TYPE,
    CONNECTIVITY,
    MULTI_VPC,
    NETWORK_TYPE,
    THROUGHPUT,
    VOLUME,
    Inputs,
    Refusal,
    any_true,
    at,
    number_at,
    text_at,
)
from domain.guards.table import (
    ACKNOWLEDGEABLE,
    DUAL_TO_IPV4,
    EXPRESS_TO_STANDARD,
    KAFKA_DOWNGRADE,
    KRAFT_TO_ZOOKEEPER,
    MECHANISM_LEFT_ON,
    MULTI_VPC_LEFT_OUT,
    STANDARD_TO_EXPRESS,
    STORAGE_INCREASE_TOO_SMALL,
    STORAGE_SHRINK,
    THROUGHPUT_LEFT_ON,
    TIERED_TO_LOCAL,
    TO_T3_SMALL,
)
from domain.msk.versions import (
    MetadataMode,
    is_downgrade,
    is_leaving_kraft,
    metadata_mode,
)
from domain.msk.volumes import MINIMUM_INCREASE_GIB

_ZONES_FOR_EXPRESS = 3
_VERSION_TO_EXPRESS = "3.9.x.kraft"


def _volume(old: Inputs, new: Inputs) -> list[Refusal]:
    before, after = number_at(old, VOLUME), number_at(new, VOLUME)
    if before is None or after is None or after == before:
        return []
    if after < before:
        return [
            Refusal(
                STORAGE_SHRINK,
                VOLUME,
                f"storage.initialGiB would shrink each broker's volume from {before} to {after} GiB, but a volume can only grow. "
                f"Set storage.initialGiB to {before} or more.",
            )
        ]
    if after - before < MINIMUM_INCREASE_GIB:
        # MSK Developer Guide, "Manual scaling": "you must increase it by at least 10 GiB".
        return [
            Refusal(
                STORAGE_INCREASE_TOO_SMALL,
                VOLUME,
                f"storage.initialGiB would grow each broker's volume from {before} to {after} GiB, but Amazon MSK grows volumes "
                f"by at least {MINIMUM_INCREASE_GIB} GiB. Set storage.initialGiB to {before + MINIMUM_INCREASE_GIB} or more.",
            )
        ]
    return []


def _version(old: Inputs, new: Inputs) -> list[Refusal]:
    before, after = text_at(old, "kafkaVersion"), text_at(new, "kafkaVersion")
    if before is None or after is None:
        return []
    if is_leaving_kraft(before, after):
        return [
            Refusal(
                KRAFT_TO_ZOOKEEPER,
                "kafkaVersion",
                f"kafkaVersion would change from {before} to {after}, from KRaft to ZooKeeper, which Amazon MSK does not "
                "support. Choose a version that ends in .kraft.",
            )
        ]
    if metadata_mode(before) is MetadataMode.ZOOKEEPER and metadata_mode(after) is MetadataMode.KRAFT:
        return refusals_to_kraft(old, before, after)
    if not is_downgrade(before, after):
        return []
    return [
        Refusal(
            KAFKA_DOWNGRADE,
            "kafkaVersion",
            f"kafkaVersion would be downgraded from {before} to {after}, which Amazon MSK does not support. "
            f"Set kafkaVersion to {before} or newer.",
        )
    ]


def _storage_mode(old: Inputs, new: Inputs) -> list[Refusal]:
    if text_at(old, "storageMode") != "TIERED" or text_at(new, "storageMode") == "TIERED" or "storageMode" not in new:
        return []
    return [
        Refusal(
            TIERED_TO_LOCAL,
            "storageMode",
            "storage.mode would change from TIERED to LOCAL, which Amazon MSK does not support: the cluster would be replaced "
            "and its data lost. Keep storage.mode: TIERED, and turn remote storage off for each topic instead.",
        )
    ]


def _multi_vpc_left_out(old: Inputs, new: Inputs) -> list[Refusal]:
    """The provider keeps what is left out, so the ports would close on connections that stay."""
    if not any_true(at(old, MULTI_VPC)) or at(new, CONNECTIVITY) is None or at(new, MULTI_VPC) is not None:
        return []
    return [
        Refusal(
            MULTI_VPC_LEFT_OUT,
            MULTI_VPC,
            "network.multiVpc would be removed while it is on, but Amazon MSK would leave it on. Set its iam, scram and tls to "
            "false, deploy, then remove it.",
        )
    ]


def _dual_to_ipv4(old: Inputs, new: Inputs) -> list[Refusal]:
    """What is left out stays DUAL, so its ports would close while its addresses stay."""
    if text_at(old, NETWORK_TYPE) != "DUAL" or at(new, CONNECTIVITY) is None or at(new, NETWORK_TYPE) not in (None, "IPV4"):
        return []
    return [
        Refusal(
            DUAL_TO_IPV4,
            NETWORK_TYPE,
            "network.ipv6 would be turned off, but Amazon MSK cannot change the network type from DUAL to IPV4. Set it to true; "
            "to keep IPv6 clients out, remove them from clients.",
        )
    ]


def _broker_type(old: Inputs, new: Inputs) -> list[Refusal]:
    """The broker type decides about the kind, too: its first part says which."""
    before, after = text_at(old, BROKER_TYPE), text_at(new, BROKER_TYPE)
    if before is None or after is None or before == after:
        return []
    kinds = (before.partition(".")[0], after.partition(".")[0])
    if kinds == ("kafka", "express"):
        # MSK Developer Guide, "Upgrade from Standard to Express brokers": UpdateBrokerType with two target types, which the
        # provider cannot ask for.
        return [
            Refusal(
                STANDARD_TO_EXPRESS,
                BROKER_TYPE,
                f"brokerType would change from {before} to {after}, from Standard to Express brokers: Amazon MSK refuses this as "
                "a change of the broker type, and Pulumi has no other way. Create a new cluster with Express brokers and move "
                f"to it, or let AWS upgrade this one in place, outside of Pulumi (docs/operations.md). {_ready_for_express(old)} "
                f"Until the upgrade is done, set brokerType to {before}.",
            )
        ]
    if kinds == ("express", "kafka"):
        # MSK Developer Guide, "Complete the upgrade": final.
        return [
            Refusal(
                EXPRESS_TO_STANDARD,
                BROKER_TYPE,
                f"brokerType would change from {before} to {after}, from Express to Standard brokers, which Amazon MSK does not "
                f"support. Create a new cluster with Standard brokers and move to it, or set brokerType to {before}.",
            )
        ]
    if after.startswith("kafka.t3.") and not before.startswith("kafka.t3."):
        # MSK Developer Guide, "Update the broker size": no other size becomes kafka.t3.small.
        return [
            Refusal(
                TO_T3_SMALL,
                BROKER_TYPE,
                f"brokerType would change from {before} to {after}, but Amazon MSK changes no cluster to t3 brokers. Choose "
                f"kafka.m7g.large, the smallest other type, or set brokerType to {before}; {after} is for new clusters only.",
            )
        ]
    return []


def _mechanism_left_on(old: Inputs, new: Inputs) -> list[Refusal]:
    """The provider sends only the blocks that are there: one that goes leaves its mechanism on in AWS, and the state says off."""
    if not isinstance(at(new, "clientAuthentication"), Mapping):
        return []
    blocks = {
        "tls": (at(old, "clientAuthentication.tls.certificateAuthorityArns"), "authentication.tls"),
        "sasl": (any_true(at(old, "clientAuthentication.sasl")), "authentication.iam and authentication.scram"),
    }
    return [
        Refusal(
            MECHANISM_LEFT_ON,
            f"clientAuthentication.{block}",
            f"{setting} would be removed, but the AWS provider leaves it on in Amazon MSK: clients could still connect with it. "
            "Turn it off with `aws kafka update-security` first, run `pulumi refresh`, then remove it.",
        )
        for block, (was_on, setting) in blocks.items()
        if was_on and at(new, f"clientAuthentication.{block}") is None
    ]


def _throughput_left_on(old: Inputs, new: Inputs) -> list[Refusal]:
    """The provider sends the volume's size alone: throughput that was bought stays on, and is paid for."""
    if at(old, f"{THROUGHPUT}.enabled") is not True or at(new, VOLUME) is None or at(new, THROUGHPUT) is not None:
        return []
    return [
        Refusal(
            THROUGHPUT_LEFT_ON,
            THROUGHPUT,
            "storage.provisionedThroughputMiBps would be removed, but the AWS provider does not turn it off in Amazon MSK: it "
            "would stay on and be charged. Turn it off with `aws kafka update-broker-storage` first, run `pulumi refresh`, then "
            "remove it.",
        )
    ]


def _ready_for_express(old: Inputs) -> str:
    """Whether AWS would upgrade the cluster from Standard to Express brokers in place, as far as its inputs tell.

    Source: MSK Developer Guide, "Upgrade from Standard to Express brokers", prerequisites.
    """
    version, subnets = text_at(old, "kafkaVersion"), at(old, "brokerNodeGroupInfo.clientSubnets")
    broker = text_at(old, BROKER_TYPE) or ""
    missing = [
        *([f"Kafka {_VERSION_TO_EXPRESS} (it has {version})"] if version and version != _VERSION_TO_EXPRESS else []),
        *([f"brokers of M5, M7g or M8g (it has {broker})"] if broker.startswith("kafka.t3.") else []),
        *(
            [f"three Availability Zones (it is in {len(subnets)})"]
            if isinstance(subnets, list) and len(subnets) != _ZONES_FOR_EXPRESS
            else []
        ),
        *(["storage.mode: LOCAL (it has TIERED, which cannot be turned off)"] if text_at(old, "storageMode") == "TIERED" else []),
    ]
    if missing:
        return f"This cluster is not ready for the upgrade: it needs {', '.join(missing)}."
    return "This cluster's inputs allow the upgrade; its topics also need replication factor 3 and min.insync.replicas 2."


_ON_UPDATE: tuple[Callable[[Inputs, Inputs], list[Refusal]], ...] = (
    _volume, _version, _storage_mode, _broker_type, broker_count, _multi_vpc_left_out, _dual_to_ipv4,
    _mechanism_left_on, _throughput_left_on, one_operation, order_of_operations,
)  # fmt: skip


def refusals_on_update(old: Inputs, new: Inputs, *, acknowledged: Collection[str] = ()) -> list[Refusal]:
    """What an existing cluster may not become.

    Args:
        old: The inputs the cluster was deployed with, wire names.
        new: The inputs it would get.
        acknowledged: Guards somebody answers for; only `ACKNOWLEDGEABLE` ones are let pass.
    """
    refusals = [refusal for rule in _ON_UPDATE for refusal in rule(old, new)]
    return [refusal for refusal in refusals if refusal.rule not in ACKNOWLEDGEABLE.intersection(acknowledged)]
