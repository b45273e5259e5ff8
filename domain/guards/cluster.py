"""Changes that only the old state can tell are wrong, and creations that AWS or good sense refuses.

The rules read a cluster's inputs by their wire names, as a resource hook is given them and as
``pulumi preview --json`` prints them. A value that is not known yet is never a reason to refuse.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from domain.msk.brokers import BROKER_TYPES, BrokerKind
from domain.msk.versions import (
    KAFKA_VERSIONS,
    KRAFT_MIGRATION,
    MetadataMode,
    is_downgrade,
    is_leaving_kraft,
    is_past_support,
    metadata_mode,
    recommended_version,
    supports_broker_removal,
)
from domain.msk.volumes import MINIMUM_INCREASE_GIB

Inputs = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a guard says no to.

    Attributes:
        rule: The guard's name, as `acknowledge` in the stack file names it.
        property_path: The property of ``aws:msk/cluster:Cluster`` that is at fault.
        message: What was found, why it is refused, and what to do instead.
    """

    rule: str
    property_path: str
    message: str

    def __str__(self) -> str:
        return f"{self.message} [{self.rule}]"


KAFKA_END_OF_SUPPORT = "kafka-end-of-support"
FEWER_BROKERS = "fewer-brokers"
BROKER_REMOVAL = "broker-removal"
STANDARD_TO_EXPRESS = "standard-to-express"
EXPRESS_TO_STANDARD = "express-to-standard"
TO_T3_SMALL = "to-t3-small"
BROKER_KINDS: frozenset[str] = frozenset({STANDARD_TO_EXPRESS, EXPRESS_TO_STANDARD, TO_T3_SMALL})
"""Guards about the broker type of a cluster that stays; one that replaces it may have any."""
ACKNOWLEDGEABLE: frozenset[str] = frozenset({KAFKA_END_OF_SUPPORT, FEWER_BROKERS})
"""Guards that a person may pass by answering for it; the others are refused by AWS itself."""

_ZONES_FOR_KRAFT = 3

_VOLUME = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"
_BROKER_TYPE = "brokerNodeGroupInfo.instanceType"
_PUBLIC_ACCESS = "brokerNodeGroupInfo.connectivityInfo.publicAccess.type"
_NETWORK_TYPE = "brokerNodeGroupInfo.connectivityInfo.networkType"
_CONNECTIVITY = "brokerNodeGroupInfo.connectivityInfo"
_MULTI_VPC = f"{_CONNECTIVITY}.vpcConnectivity"


def at(inputs: Inputs, path: str) -> object:
    """The value at a dotted path, or None where any part of it is missing or not known."""
    value: object = inputs
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def _text(inputs: Inputs, path: str) -> str | None:
    value = at(inputs, path)
    return value if isinstance(value, str) else None


def _number(inputs: Inputs, path: str) -> int | None:
    value = at(inputs, path)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _acknowledge(rule: str) -> str:
    return f"answer for it with acknowledge.{rule}: {{reason, until}}"


def refusals_on_create(inputs: Inputs, *, today: datetime.date, acknowledged: Collection[str] = ()) -> list[Refusal]:
    """What a new cluster may not be.

    Args:
        inputs: The new cluster's inputs, wire names.
        today: The day on which end of support is judged.
        acknowledged: Guards somebody answers for.
    """
    refusals = []
    access = _text(inputs, _PUBLIC_ACCESS)
    if access not in (None, "DISABLED"):
        # MSK Developer Guide, "Turn on public access": a cluster cannot be created with public access.
        refusals.append(
            Refusal(
                "public-access-at-creation",
                _PUBLIC_ACCESS,
                f"network.publicAccess is on ({access}) for a cluster that is not there yet: Amazon MSK turns public access "
                "on only for a cluster that is ACTIVE. Deploy first with network.publicAccess: false, then set it to true.",
            )
        )
    if _text(inputs, _NETWORK_TYPE) not in (None, "IPV4"):
        # MSK Developer Guide, "Configure dual-stack network type for an Amazon MSK cluster": for clusters that are there.
        refusals.append(
            Refusal(
                "dual-stack-at-creation",
                _NETWORK_TYPE,
                "network.ipv6 is on for a cluster that is not there yet: Amazon MSK creates clusters with IPv4 alone, and takes "
                "the network type DUAL only for one that is ACTIVE. Deploy first with network.ipv6: false, then set it to true.",
            )
        )
    if isinstance(at(inputs, _MULTI_VPC), Mapping) and not _any_true(at(inputs, _MULTI_VPC)):
        # The provider turns multi-VPC connectivity on with an update of its own once the cluster is ACTIVE, and sends that update
        # though it changes nothing (terraform-provider-aws, internal/service/kafka/cluster.go, resourceClusterCreate).
        refusals.append(
            Refusal(
                "multi-vpc-off-at-creation",
                _MULTI_VPC,
                "network.multiVpc turns nothing on for a cluster that is not there yet. Set its iam, scram or tls to true, or "
                "take it out.",
            )
        )
    version = KAFKA_VERSIONS.get(_text(inputs, "kafkaVersion") or "")
    if version and is_past_support(version, today) and KAFKA_END_OF_SUPPORT not in acknowledged:
        broker = BROKER_TYPES.get(_text(inputs, _BROKER_TYPE) or "")
        metadata = MetadataMode.ZOOKEEPER if broker and not broker.has_kraft else MetadataMode.KRAFT
        better = recommended_version(broker.kind if broker else BrokerKind.STANDARD, today, metadata)
        refusals.append(
            Refusal(
                KAFKA_END_OF_SUPPORT,
                "kafkaVersion",
                f"kafkaVersion is {version.name}, whose support ended on {version.end_of_support}: Amazon MSK upgrades such "
                f"clusters by itself, without notice. Set kafkaVersion to {better}, or {_acknowledge(KAFKA_END_OF_SUPPORT)}.",
            )
        )
    return refusals


def _volume(old: Inputs, new: Inputs) -> list[Refusal]:
    before, after = _number(old, _VOLUME), _number(new, _VOLUME)
    if before is None or after is None or after == before:
        return []
    if after < before:
        return [
            Refusal(
                "storage-shrink",
                _VOLUME,
                f"storage.initialGiB would shrink each broker's volume from {before} to {after} GiB: a volume can only grow. "
                f"Set storage.initialGiB to {before} or more.",
            )
        ]
    if after - before < MINIMUM_INCREASE_GIB:
        # MSK Developer Guide, "Manual scaling": "you must increase it by at least 10 GiB".
        return [
            Refusal(
                "storage-increase-too-small",
                _VOLUME,
                f"storage.initialGiB would grow each broker's volume from {before} to {after} GiB: Amazon MSK takes steps of "
                f"at least {MINIMUM_INCREASE_GIB} GiB. Set storage.initialGiB to {before + MINIMUM_INCREASE_GIB} or more.",
            )
        ]
    return []


def _version(old: Inputs, new: Inputs) -> list[Refusal]:
    before, after = _text(old, "kafkaVersion"), _text(new, "kafkaVersion")
    if before is None or after is None:
        return []
    if is_leaving_kraft(before, after):
        return [
            Refusal(
                "kraft-to-zookeeper",
                "kafkaVersion",
                f"kafkaVersion would go from {before} to {after}, from KRaft back to ZooKeeper: Amazon MSK has no such way. "
                "Choose a version that ends in .kraft.",
            )
        ]
    if metadata_mode(before) is MetadataMode.ZOOKEEPER and metadata_mode(after) is MetadataMode.KRAFT:
        return _to_kraft(old, before, after)
    if not is_downgrade(before, after):
        return []
    return [
        Refusal(
            "kafka-downgrade",
            "kafkaVersion",
            f"kafkaVersion would go back from {before} to {after}: Amazon MSK upgrades only forward. "
            f"Set kafkaVersion to {before} or newer.",
        )
    ]


def _to_kraft(old: Inputs, before: str, after: str) -> list[Refusal]:
    """Clusters change from ZooKeeper to KRaft on one way only, and some do not.

    Source: MSK Developer Guide, "Migrate from ZooKeeper to KRaft": from 3.9.x, in three Availability Zones, not kafka.t3.small.
    """
    source, target = KRAFT_MIGRATION
    broker, subnets = BROKER_TYPES.get(_text(old, _BROKER_TYPE) or ""), at(old, "brokerNodeGroupInfo.clientSubnets")
    if broker and not broker.has_kraft:
        why = f"never clusters of {broker.name}. Set kafkaVersion to {before}, and change brokerType before it."
    elif isinstance(subnets, list) and len(subnets) != _ZONES_FOR_KRAFT:
        why = f"only those in {_ZONES_FOR_KRAFT} Availability Zones, not {len(subnets)}. Set kafkaVersion to {before}."
    elif (before, after) != (source, target):
        why = f"only from {source} to {target}. Upgrade to {source} first, then to {target}."
    else:
        return []
    return [
        Refusal(
            "zookeeper-to-kraft",
            "kafkaVersion",
            f"kafkaVersion would go from {before} to {after}, from ZooKeeper to KRaft: Amazon MSK changes clusters in place, "
            f"{why}",
        )
    ]


def _storage_mode(old: Inputs, new: Inputs) -> list[Refusal]:
    if _text(old, "storageMode") != "TIERED" or _text(new, "storageMode") == "TIERED" or "storageMode" not in new:
        return []
    return [
        Refusal(
            "tiered-to-local",
            "storageMode",
            "storage.mode would go back from TIERED to LOCAL: Amazon MSK has no way back, the cluster would be replaced and "
            "its data lost. Leave storage.mode: TIERED; turn remote storage off topic by topic instead.",
        )
    ]


def _broker_count(old: Inputs, new: Inputs) -> list[Refusal]:
    before, after = _number(old, "numberOfBrokerNodes"), _number(new, "numberOfBrokerNodes")
    if before is None or after is None or after >= before:
        return []
    # MSK Developer Guide, "Remove a broker": one broker of each zone at a time, and only brokers without partitions.
    return [
        Refusal(
            FEWER_BROKERS,
            "numberOfBrokerNodes",
            f"brokersPerZone would take the cluster from {before} to {after} brokers: the brokers that go must hold no "
            "partition first, and one in each zone goes at a time. Move the partitions off, check that UserPartitionExists is 0, "
            f"then {_acknowledge(FEWER_BROKERS)}, or set brokersPerZone back.",
        ),
        *_removal(old, before - after),
    ]


def _removal(old: Inputs, number: int) -> list[Refusal]:
    """What nobody can answer for: M5 and M7g only, Kafka 2.8.1 or newer, one broker of each zone at a time.

    Source: MSK Developer Guide, "Remove a broker from an Amazon MSK cluster".
    """
    version = _text(old, "kafkaVersion")
    if version is not None and version in KAFKA_VERSIONS and not supports_broker_removal(version):
        found = (
            f"Amazon MSK removes no brokers of a cluster with Kafka {version}, only from 2.8.1 on. Raise kafkaVersion and deploy "
            "first, or set brokersPerZone back."
        )
        return [Refusal(BROKER_REMOVAL, "numberOfBrokerNodes", found)]
    broker = BROKER_TYPES.get(_text(old, _BROKER_TYPE) or "")
    if broker and broker.is_burstable:
        found = (
            f"Amazon MSK removes no brokers of {broker.name}. Change brokerType to kafka.m7g.large first, or set brokersPerZone "
            "back."
        )
        return [Refusal(BROKER_REMOVAL, "numberOfBrokerNodes", found)]
    subnets = at(old, "brokerNodeGroupInfo.clientSubnets")
    if isinstance(subnets, list) and number > len(subnets):
        found = (
            f"brokersPerZone would take away {number} brokers of {len(subnets)} zones: Amazon MSK removes one of each zone "
            "at a time. Lower brokersPerZone by one, deploy, then by one more."
        )
        return [Refusal(BROKER_REMOVAL, "numberOfBrokerNodes", found)]
    return []


def _multi_vpc_left_out(old: Inputs, new: Inputs) -> list[Refusal]:
    """The provider keeps what is left out, so the ports would close on connections that stay."""
    if not _any_true(at(old, _MULTI_VPC)) or at(new, _CONNECTIVITY) is None or at(new, _MULTI_VPC) is not None:
        return []
    return [
        Refusal(
            "multi-vpc-left-out",
            _MULTI_VPC,
            "network.multiVpc is taken out while it is on, and what is left out stays on in Amazon MSK. Set its iam, scram and "
            "tls to false, deploy, then take it out.",
        )
    ]


def _dual_to_ipv4(old: Inputs, new: Inputs) -> list[Refusal]:
    """What is left out stays DUAL, so its ports would close while its addresses stay."""
    if _text(old, _NETWORK_TYPE) != "DUAL" or at(new, _CONNECTIVITY) is None or at(new, _NETWORK_TYPE) not in (None, "IPV4"):
        return []
    return [
        Refusal(
            "dual-stack-to-ipv4",
            _NETWORK_TYPE,
            "network.ipv6 would be turned off: Amazon MSK has no way back from the network type DUAL to IPV4. Set it to "
            "true; to keep IPv6 clients out, take them out of clients.",
        )
    ]


def _any_true(value: object) -> bool:
    return value is True or (isinstance(value, Mapping) and any(_any_true(one) for one in value.values()))


def _broker_type(old: Inputs, new: Inputs) -> list[Refusal]:
    """The broker type decides about the kind, too: its first part says which."""
    before, after = _text(old, _BROKER_TYPE), _text(new, _BROKER_TYPE)
    if before is None or after is None or before == after:
        return []
    kinds = (before.partition(".")[0], after.partition(".")[0])
    if kinds == ("kafka", "express"):
        # MSK Developer Guide, "Upgrade from Standard to Express brokers": UpdateBrokerType with two target types, which the
        # provider cannot ask for.
        return [
            Refusal(
                STANDARD_TO_EXPRESS,
                _BROKER_TYPE,
                f"brokerType would go from {before} to {after}, from Standard to Express brokers: Amazon MSK refuses that as a "
                "change of the broker type, and Pulumi has no other. Make a new cluster with Express brokers and move to it, or "
                "use AWS's own in-place upgrade outside of Pulumi (aws kafka update-broker-type with a Standard and an Express "
                f"type at once), then set brokerType to what the cluster has become. Until then set brokerType to {before}.",
            )
        ]
    if kinds == ("express", "kafka"):
        # MSK Developer Guide, "Complete the upgrade": final.
        return [
            Refusal(
                EXPRESS_TO_STANDARD,
                _BROKER_TYPE,
                f"brokerType would go from {before} to {after}, from Express to Standard brokers: Amazon MSK has no such way. "
                f"Make a new cluster with Standard brokers and move to it, or set brokerType to {before}.",
            )
        ]
    if after.startswith("kafka.t3.") and not before.startswith("kafka.t3."):
        # MSK Developer Guide, "Update the broker size": no other size becomes kafka.t3.small.
        return [
            Refusal(
                TO_T3_SMALL,
                _BROKER_TYPE,
                f"brokerType would go from {before} to {after}: Amazon MSK takes no cluster back to t3 brokers. Choose the "
                f"smallest other type, kafka.m7g.large, or set brokerType to {before}; {after} is for new clusters only.",
            )
        ]
    return []


def _one_operation(old: Inputs, new: Inputs) -> list[Refusal]:
    """Connectivity is updated before authentication and broker type, so AWS refuses what needs those first."""
    connectivity = (at(old, _CONNECTIVITY), at(new, _CONNECTIVITY))
    if connectivity[0] == connectivity[1]:
        return []
    changed = [
        setting
        for setting, path in (("authentication", "clientAuthentication"), ("brokerType", _BROKER_TYPE))
        if at(old, path) is not None and at(new, path) is not None and at(old, path) != at(new, path)
    ]
    if not changed:
        return []
    others = " and ".join(changed)
    setting = "network.multiVpc"
    for path, one in ((_NETWORK_TYPE, "network.ipv6"), (_PUBLIC_ACCESS, "network.publicAccess")):
        setting = setting if _text(old, path) == _text(new, path) else one
    return [
        Refusal(
            "one-operation-at-a-time",
            _CONNECTIVITY,
            f"{setting} (connectivity) and {others} would change in one update: Amazon MSK takes connectivity first "
            f"and refuses what depends on the other. Change {others}, deploy, then change {setting}.",
        )
    ]


_ON_UPDATE: tuple[Callable[[Inputs, Inputs], list[Refusal]], ...] = (
    _volume, _version, _storage_mode, _broker_type, _broker_count, _multi_vpc_left_out, _dual_to_ipv4, _one_operation,
)  # fmt: skip


def refusals_on_update(old: Inputs, new: Inputs, *, acknowledged: Collection[str] = ()) -> list[Refusal]:
    """What an existing cluster may not become.

    Args:
        old: The inputs the cluster was deployed with, wire names.
        new: The inputs it would get.
        acknowledged: Guards somebody answers for; only `ACKNOWLEDGEABLE` ones are let pass.
    """
    found = [refusal for rule in _ON_UPDATE for refusal in rule(old, new)]
    return [refusal for refusal in found if refusal.rule not in ACKNOWLEDGEABLE.intersection(acknowledged)]
