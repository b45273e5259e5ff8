"""An update of a cluster as AWS gets it: one operation after the other, each of which it takes or refuses.

What an operation needs is judged by the cluster as the operations before it have left it. That is why the order matters, and why
a refused update may have done half of its work.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Cluster = dict[str, Any]
"""A cluster's properties by their wire names."""

_CONNECTIVITY = "brokerNodeGroupInfo.connectivityInfo"
_STORAGE = "brokerNodeGroupInfo.storageInfo"
_VOLUME = f"{_STORAGE}.ebsStorageInfo.volumeSize"
_SMALLEST_INCREASE = 10
_NEWEST_DIGITS = 2
_ZONES_OF_A_MIGRATION = 3
_PUBLIC = "SERVICE_PROVIDED_EIPS"


def at(properties: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; None where a block on the way is missing."""
    value: Any = properties
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _put(properties: dict[str, Any], path: str, value: Any) -> None:
    *blocks, last = path.split(".")
    for block in blocks:
        if not isinstance(properties.get(block), dict):
            properties[block] = {}
        properties = properties[block]
    if value is None:
        properties.pop(last, None)
    else:
        properties[last] = value


# --- What a cluster may not be, new or changed -------------------------------------------------------------------------


def refusal_of_security(cluster: Mapping[str, Any]) -> str:
    """Why AWS refuses how clients are to prove who they are, or nothing."""
    transit = at(cluster, "encryptionInfo.encryptionInTransit") or {}
    client_broker, in_cluster = transit.get("clientBroker", "TLS"), transit.get("inCluster", True)
    sasl = at(cluster, "clientAuthentication.sasl") or {}
    authenticated = sasl.get("iam") or sasl.get("scram") or at(cluster, "clientAuthentication.tls.certificateAuthorityArns")
    unauthenticated = at(cluster, "clientAuthentication.unauthenticated")
    # What CreateCluster was measured to answer in September 2026 (badmintoncryer/cdk-preflight, rules pf-msk-sasl-requires-...,
    # pf-msk-tls-plaintext-requires-unauthenticated and pf-msk-unauthenticated-only-requires-no-tls-only).
    if authenticated and client_broker == "PLAINTEXT":
        return (
            "BadRequestException: Client-broker encryption in transit must be set to either TLS or TLS_PLAINTEXT to enable "
            "client authentication."
        )
    if authenticated and client_broker == "TLS_PLAINTEXT" and unauthenticated is not True:
        return (
            "BadRequestException: You must enable unauthenticated traffic explicitly to use client-authentication using SASL "
            "over TLS_PLAINTEXT."
        )
    if authenticated and not in_cluster:
        return "BadRequestException: To turn on client authentication, you must also turn on in-cluster encryption."
    if unauthenticated is False and not authenticated:
        return "BadRequestException: Unauthenticated cannot be set to false without enabling any authentication mechanisms."
    return ""


def refusal_of_broker_count(cluster: Mapping[str, Any]) -> str:
    """Why AWS refuses a number of brokers for the zones that a cluster is in, or nothing."""
    zones = len(at(cluster, "brokerNodeGroupInfo.clientSubnets") or ())
    brokers = int(cluster.get("numberOfBrokerNodes") or 0)
    # MSK Developer Guide, "Create a MSK Provisioned cluster": brokers are a multiple of the Availability Zones.
    if zones and brokers % zones:
        return "BadRequestException: The number of broker nodes must be a multiple of Availability Zones in the cluster."
    return ""


# --- What a cluster may not become: one function for each operation, with the cluster as it is and as it is to be ------


def _connectivity(now: Cluster, new: Cluster, _condition: Mapping[str, Any]) -> str:
    types = [at(item, f"{_CONNECTIVITY}.publicAccess.type") or "DISABLED" for item in (now, new)]
    sasl = at(now, "clientAuthentication.sasl") or {}
    authorities = at(now, "clientAuthentication.tls.certificateAuthorityArns")
    schemes = {"sasl.iam": sasl.get("iam"), "sasl.scram": sasl.get("scram"), "tls": authorities}
    if types == ["DISABLED", _PUBLIC]:
        # MSK Developer Guide, "Turn on public access to an MSK Provisioned cluster": what must be so before.
        if at(now, "clientAuthentication.unauthenticated") or not any(schemes.values()):
            return "BadRequestException: Public access needs client authentication, and no unauthenticated access."
        if (at(now, "encryptionInfo.encryptionInTransit.clientBroker") or "TLS") != "TLS":
            return "BadRequestException: Public access needs TLS alone between clients and brokers."
    wanted = at(new, f"{_CONNECTIVITY}.vpcConnectivity.clientAuthentication") or {}
    asked = [scheme for scheme in schemes if at(wanted, scheme)]
    # MSK Developer Guide, "Requirements and limitations for multi-VPC private connectivity".
    if asked and str(at(now, "brokerNodeGroupInfo.instanceType")).startswith("kafka.t3."):
        return "BadRequestException: Multi-VPC private connectivity is not supported for kafka.t3.small."
    if missing := [scheme for scheme in asked if not schemes[scheme]]:
        return f"BadRequestException: {', '.join(missing)} is not enabled for the cluster."
    # pulumi-aws, aws.msk.Cluster, networkType: "update only supports IPV4 to DUAL".
    if [at(item, f"{_CONNECTIVITY}.networkType") for item in (now, new)] == ["DUAL", "IPV4"]:
        return "BadRequestException: The network type cannot go from DUAL to IPV4."
    return ""


def _broker_type(now: Cluster, new: Cluster, _condition: Mapping[str, Any]) -> str:
    before, after = (str(at(item, "brokerNodeGroupInfo.instanceType")) for item in (now, new))
    # MSK Developer Guide, "Amazon MSK Express brokers": existing Standard clusters are not changed to Express, nor back.
    if before.startswith("express.") is not after.startswith("express."):
        return "BadRequestException: A cluster cannot change between Standard and Express brokers."
    # MSK Developer Guide, "Update the broker size": other sizes do not become kafka.t3.small.
    if after.startswith("kafka.t3.") and not before.startswith("kafka.t3."):
        return "BadRequestException: The broker type cannot change to kafka.t3.small."
    return ""


def _storage(now: Cluster, new: Cluster, _condition: Mapping[str, Any]) -> str:
    before, after = (int(at(item, _VOLUME) or 0) for item in (now, new))
    if after < before:
        # MSK Developer Guide, "Scale up Amazon MSK broker storage": storage is only ever increased.
        return "BadRequestException: The target volume size is smaller than the current one."
    if 0 < after - before < _SMALLEST_INCREASE:
        # MSK Developer Guide, "Manual scaling for Standard brokers"; terraform-provider-aws#20327.
        return f"BadRequestException: To update storage, increase it by at least {_SMALLEST_INCREASE} GiB."
    modes = [resource.get("storageMode") or "LOCAL" for resource in (now, new)]
    if modes == ["TIERED", "LOCAL"]:
        # MSK Developer Guide, "Tiered storage requirements": it cannot be turned off for a cluster.
        return "BadRequestException: The storage mode cannot go from TIERED to LOCAL."
    if modes == ["LOCAL", "TIERED"] and str(at(now, "brokerNodeGroupInfo.instanceType")).startswith("kafka.t3."):
        # The same page: not with broker size t3.small.
        return "BadRequestException: Tiered storage is not supported for kafka.t3.small."
    return ""


def _broker_count(now: Cluster, new: Cluster, condition: Mapping[str, Any]) -> str:
    before, after = (int(resource.get("numberOfBrokerNodes") or 0) for resource in (now, new))
    # MSK Developer Guide, "Remove a broker from an Amazon MSK cluster", for what is asked of a removal.
    removal = {
        "One broker of each Availability Zone is removed at a time.": before - after
        > len(at(now, "brokerNodeGroupInfo.clientSubnets") or ()),
        "Brokers of kafka.t3.small cannot be removed.": str(at(now, "brokerNodeGroupInfo.instanceType")).startswith("kafka.t3."),
        "Removing brokers needs Kafka 2.8.1 or newer.": _numbers(now.get("kafkaVersion")) < [2, 8, 1],
        "Brokers that hold partitions cannot be removed.": after < int(condition.get("brokersWithPartitions", 0)),
    }
    refused = [f"BadRequestException: {why}" for why, holds in removal.items() if holds and after < before]
    return refusal_of_broker_count(new) or next(iter(refused), "")


def _anything(_now: Cluster, _new: Cluster, _condition: Mapping[str, Any]) -> str:
    return ""


def _version(now: Cluster, new: Cluster, _condition: Mapping[str, Any]) -> str:
    before, after = str(now.get("kafkaVersion")), str(new.get("kafkaVersion"))
    # MSK Developer Guide, "Upgrade the Apache Kafka version": an upgrade only; "Migrate to a KRaft cluster": no way back.
    if _numbers(after) < _numbers(before):
        return f"BadRequestException: Unsupported upgrade from {before} to {after}."
    if before.endswith(".kraft") and not after.endswith(".kraft"):
        return f"BadRequestException: Unsupported upgrade from {before} to {after}: KRaft is not left."
    if after.endswith(".kraft") and not before.endswith(".kraft"):
        # MSK Developer Guide, "Migrate from ZooKeeper to KRaft": from 3.9.x to 3.9.x.kraft, in three zones, not kafka.t3.small.
        small = str(at(now, "brokerNodeGroupInfo.instanceType")).startswith("kafka.t3.")
        zones = len(at(now, "brokerNodeGroupInfo.clientSubnets") or ())
        if (before, after) != ("3.9.x", "3.9.x.kraft") or small or zones != _ZONES_OF_A_MIGRATION:
            return f"BadRequestException: Unsupported upgrade from {before} to {after}: ZooKeeper is not left so."
    return ""


def _numbers(version: Any) -> list[int]:
    """The numbers of a version; an x is as new as any."""
    return [10**_NEWEST_DIGITS if part == "x" else int(part) for part in re.findall(r"\d+|x\b", str(version))[:3]]


def _security(_now: Cluster, new: Cluster, _condition: Mapping[str, Any]) -> str:
    return refusal_of_security(new)


@dataclass(frozen=True)
class Operation:
    """One call of the MSK API that changes a cluster."""

    name: str
    """The call's name in the MSK API."""
    paths: tuple[str, ...]
    """The properties that it changes."""
    refusal: Callable[[Cluster, Cluster, Mapping[str, Any]], str]


OPERATIONS: tuple[Operation, ...] = (
    Operation("UpdateConnectivity", (_CONNECTIVITY,), _connectivity),
    Operation("UpdateBrokerType", ("brokerNodeGroupInfo.instanceType",), _broker_type),
    Operation("UpdateStorage", (_STORAGE, "storageMode"), _storage),
    Operation("UpdateBrokerCount", ("numberOfBrokerNodes",), _broker_count),
    Operation("UpdateMonitoring", ("enhancedMonitoring", "loggingInfo", "openMonitoring"), _anything),
    Operation("UpdateClusterConfiguration", ("configurationInfo",), _anything),
    # Brings the configuration along.
    Operation("UpdateClusterKafkaVersion", ("kafkaVersion",), _version),
    Operation(
        "UpdateSecurity", ("clientAuthentication", "encryptionInfo.encryptionInTransit.clientBroker"), _security
    ),
)  # fmt: skip
"""In the provider's order (terraform-provider-aws, internal/service/kafka/cluster.go, resourceClusterUpdate)."""


def update_cluster(
    there: Mapping[str, Any], wanted: Mapping[str, Any], changed: Sequence[str], condition: Mapping[str, Any]
) -> tuple[Cluster, str]:
    """Makes the calls of one update, until one is refused.

    Args:
        there: The cluster's properties in the cloud.
        wanted: The inputs that the update is to reach.
        changed: The paths at which the provider saw a difference: what is not among them it does not send.
        condition: What is going on with the cluster, as `Cloud.set_condition` says it.

    Returns:
        The cluster's properties after the calls that were taken, and why AWS refused the next one, or nothing.
    """
    now = copy.deepcopy(dict(there))
    left = set(changed)
    for operation in OPERATIONS:
        paths = [path for path in operation.paths if any(change == path or change.startswith(f"{path}.") for change in changed)]
        if not paths:
            continue
        # MSK Developer Guide, "Understand MSK Provisioned cluster states": operations need a cluster that is ACTIVE.
        if (state := condition.get("state", "ACTIVE")) != "ACTIVE":
            return now, f"BadRequestException: {operation.name}: the cluster is in state {state}, not ACTIVE."
        then = copy.deepcopy(now)
        for path in paths:
            _put(then, path, at(wanted, path))
        if refusal := operation.refusal(now, then, condition):
            return now, refusal
        now = then
        left -= {text for text in left for path in paths if text == path or text.startswith(f"{path}.")}
    for path in left:
        # Tags, which are no operation of the cluster's.
        _put(now, path.split(".", maxsplit=1)[0], wanted.get(path.split(".", maxsplit=1)[0]))
    return now, ""
