"""The facts that the policy pack needs, as one JSON document: ``policies/facts.json`` is generated from it.

The pack is complete in its own folder and imports nothing of this package. Every fact carries its value, its
public source and the day it was last held against it, so that the pack can say what it judges by, and how old
that is: a list of versions, sizes or keys that nobody looked at for half a year only advises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from domain.access.reach import (
    AWS_POLICIES,
    CONTROL_EFFECTS,
    CONTROL_ON_TOPICS,
    DATA_EFFECTS,
    NEIGHBOURS,
    REACH_AS_OF,
    REPLICATION,
    SHARED_ISSUERS,
)
from domain.access.scram import SECRET_PREFIX
from domain.access.statements import ACTIONS
from domain.msk.brokers import BROKER_TYPES, BROKERS_AS_OF, PROVISIONED_KINDS, BrokerKind
from domain.msk.listeners import (
    CUSTOM_LISTENER_FORM,
    CUSTOM_LISTENERS,
    EXPORTER_PORTS,
    LISTENERS,
    MULTI_VPC_PORTS,
    ZOOKEEPER_PORTS,
    Reach,
)
from domain.msk.refusals import AWS_REFUSALS, OTHERS_MEASURED
from domain.msk.regions import EXCLUDED_ZONES
from domain.msk.versions import (
    KAFKA_VERSIONS,
    LISTED_BESIDES,
    MetadataMode,
    created_with,
    recommended_version,
    supports_tiered_storage,
)
from domain.msk.volumes import (
    MAXIMUM_GIB,
    MAXIMUM_TARGET_UTILIZATION,
    MINIMUM_GIB,
    MINIMUM_GIB_FOR_PROVISIONED_THROUGHPUT,
    MINIMUM_INCREASE_GIB,
    MINIMUM_PROVISIONED_THROUGHPUT,
    MINIMUM_TARGET_UTILIZATION,
)
from domain.network.subnets import MAXIMUM_ZONES, MINIMUM_ZONES
from domain.properties.defaults import replication_defaults
from domain.properties.definitions import EXPRESS_FIXED, PROPERTY_DEFINITIONS

if TYPE_CHECKING:
    import datetime as dt

    from domain.msk.refusals import AwsRefusal


class Fact(TypedDict):
    """One fact.

    Attributes:
        value: What is so: any JSON value.
        source: The public page it comes from.
        asOf: The day it was last held against that page, as 2026-08-22.
    """

    value: object
    source: str
    asOf: str


Facts = dict[str, dict[str, Fact]]
"""Facts by group and name."""

_VERSIONS = 'MSK Developer Guide, "Supported Apache Kafka versions"; endoflife.date amazon-msk'
_BROKERS = (
    'MSK Developer Guide, "Amazon MSK broker instance sizes" and "Best practices"; for KRaft what CreateCluster answers, as '
    "quoted by badmintoncryer/cdk-preflight, pf-msk-t3-small-not-kraft"
)
_PORTS = 'MSK Developer Guide, "Port information"'
_QUOTA = 'MSK Developer Guide, "Amazon MSK quota"'
_AUTHORIZATION = "Service Authorization Reference"
_KEYS = 'MSK Developer Guide, "Custom Amazon MSK configurations" and "Custom MSK Express broker configurations"'


def facts(as_of: dt.date) -> Facts:
    """All facts, each dated by the table it comes from.

    Args:
        as_of: The day the versions, and all that has no day of its own, were last held against their sources.
    """

    def fact(value: object, source: str, day: dt.date = as_of) -> Fact:
        return {"value": value, "source": source, "asOf": day.isoformat()}

    def measured(value: object, *names: str) -> Fact:
        refusals = [AWS_REFUSALS[name] for name in names]
        return fact(value, "; ".join(refusal.source for refusal in refusals), min(refusal.measured for refusal in refusals))

    return {
        "kafka": {
            "versions": fact(_versions(), _VERSIONS),
            "recommended": fact(
                {kind.value: recommended_version(kind, as_of) for kind in PROVISIONED_KINDS},
                f"{_VERSIONS}; the newest that both kinds of brokers run and that upgrades to 4.x",
            ),
            "recommendedWithoutKRaft": fact(
                recommended_version(BrokerKind.STANDARD, as_of, MetadataMode.ZOOKEEPER), f"{_VERSIONS}; the newest with ZooKeeper"
            ),
            "createdWith": measured(
                {kind.value: created_with(kind) for kind in PROVISIONED_KINDS},
                "express-kafka-version",
                "kafka-version-deprecated",
            ),
        },
        "configurations": {
            "kafkaVersions": measured([*KAFKA_VERSIONS, *LISTED_BESIDES], "config-kafka-versions-unknown"),
            "keys": fact(
                sorted([*PROPERTY_DEFINITIONS, CUSTOM_LISTENERS]),
                f"{_KEYS}; {AWS_REFUSALS['config-server-properties-allowed-keys'].source}",
                OTHERS_MEASURED,
            ),
            "customListenerForm": measured(CUSTOM_LISTENER_FORM, "config-custom-advertised-listeners-format"),
        },
        "brokers": {
            "types": fact(_broker_types(), _BROKERS, BROKERS_AS_OF),
            "minimumPerZone": fact(1, 'MSK API reference, "CreateCluster", numberOfBrokerNodes'),
            "maximumKRaft": fact(60, _QUOTA),
            "maximumZooKeeper": fact(30, _QUOTA),
        },
        "ports": {
            "listeners": fact(
                [
                    {"name": listener.name, "port": listener.port, "reach": listener.reach.value}
                    for listener in LISTENERS
                    if listener.reach is not Reach.MULTI_VPC
                ],
                _PORTS,
            ),
            "multiVpc": fact(
                list(MULTI_VPC_PORTS),
                'MSK Developer Guide, "Amazon MSK multi-VPC private connectivity in a single Region"',
            ),
            "zookeeper": fact(dict(ZOOKEEPER_PORTS), _PORTS),
            "exporters": fact(
                dict(EXPORTER_PORTS),
                'MSK Developer Guide, "Open monitoring with Prometheus for MSK Provisioned"',
            ),
        },
        "zones": {
            "minimum": fact(MINIMUM_ZONES, 'MSK API reference, "BrokerNodeGroupInfo", clientSubnets'),
            "maximum": fact(MAXIMUM_ZONES, 'MSK API reference, "BrokerNodeGroupInfo", clientSubnets'),
            "express": fact(3, 'MSK Developer Guide, "Create a cluster with Express brokers"'),
            "excluded": fact(sorted(EXCLUDED_ZONES), 'MSK API reference, "BrokerNodeGroupInfo", clientSubnets'),
        },
        "storage": {
            "minimumGiB": fact(MINIMUM_GIB, 'MSK API reference, "EBSStorageInfo", volumeSize'),
            "maximumGiB": fact(MAXIMUM_GIB, 'MSK API reference, "EBSStorageInfo", volumeSize'),
            "targetUtilization": fact(
                [MINIMUM_TARGET_UTILIZATION, MAXIMUM_TARGET_UTILIZATION],
                'MSK Developer Guide, "Automatic scaling for Amazon MSK clusters"',
            ),
            "minimumIncreaseGiB": fact(MINIMUM_INCREASE_GIB, 'MSK Developer Guide, "Manual scaling"'),
            "minimumProvisionedThroughputMiBps": fact(
                MINIMUM_PROVISIONED_THROUGHPUT, 'MSK Developer Guide, "Provision storage throughput"'
            ),
            "minimumGiBForProvisionedThroughput": fact(
                MINIMUM_GIB_FOR_PROVISIONED_THROUGHPUT, 'MSK Developer Guide, "Provision storage throughput"'
            ),
            "tieredVersions": fact(
                [name for name in KAFKA_VERSIONS if supports_tiered_storage(name)],
                'MSK Developer Guide, "Tiered storage for Standard brokers"',
            ),
        },
        "replication": {
            "standardThreeZones": fact(replication_defaults(3), 'MSK Developer Guide, "Default Amazon MSK configuration"'),
            "standardTwoZones": fact(replication_defaults(2), 'MSK Developer Guide, "Default Amazon MSK configuration"'),
            "express": fact(
                {name: value for name, value in sorted(EXPRESS_FIXED.items()) if value is not None},
                'MSK Developer Guide, "Express brokers read-only configurations"',
            ),
        },
        "encryption": {
            "awsManagedKeyAliases": fact(
                ["alias/aws/kafka", "alias/aws/msk"], 'MSK Developer Guide, "Amazon MSK encryption at rest"'
            ),
        },
        "iam": _iam(),
        "scram": {
            "secretPrefix": fact(
                SECRET_PREFIX, 'MSK Developer Guide, "Sign-in credentials authentication with AWS Secrets Manager"'
            ),
        },
        "refusals": {name: fact(_refusal(refusal), refusal.source, refusal.measured) for name, refusal in AWS_REFUSALS.items()},
    }


def _iam() -> dict[str, Fact]:
    """What IAM permissions reach."""

    def fact(value: object, source: str) -> Fact:
        return {"value": value, "source": source, "asOf": REACH_AS_OF.isoformat()}

    return {
        "dataActions": fact(
            {
                name: {"resource": ACTIONS[name].resource_type.value, "effect": effect.value if effect else None}
                for name, effect in DATA_EFFECTS.items()
            },
            f'{_AUTHORIZATION}, "Apache Kafka APIs for Amazon MSK clusters"',
        ),
        "controlActions": fact(
            {
                name: {"resource": "topic" if name in CONTROL_ON_TOPICS else "cluster", "effect": effect.value}
                for name, effect in CONTROL_EFFECTS.items()
                if effect
            },
            f'{_AUTHORIZATION}, "Amazon Managed Streaming for Apache Kafka"',
        ),
        "neighbours": fact({service: dict(actions) for service, actions in NEIGHBOURS.items()}, _AUTHORIZATION),
        "replication": fact(
            {part: list(names) for part, names in REPLICATION.items()},
            'MSK Developer Guide, "Create the service execution role"; AWS Managed Policy Reference, '
            '"AWSMSKReplicatorExecutionRole"',
        ),
        "awsPolicies": fact(
            {name: effect.value for name, effect in AWS_POLICIES.items()},
            "AWS Managed Policy Reference",
        ),
        "sharedIssuers": fact(
            {name: {"claims": list(issuer.claims), "parts": list(issuer.parts)} for name, issuer in SHARED_ISSUERS.items()},
            'IAM User Guide, "Identity-provider controls for shared OIDC providers"',
        ),
    }


def _refusal(refusal: AwsRefusal) -> dict[str, object]:
    return {
        "refuses": refusal.refuses,
        "answer": refusal.answer,
        "when": refusal.when.value,
        "through": refusal.through.value,
    }


def _versions() -> list[dict[str, object]]:
    return [
        {
            "name": version.name,
            "released": version.released.isoformat(),
            "endOfSupport": version.end_of_support.isoformat() if version.end_of_support else None,
            "metadata": version.metadata.value,
            "brokerKinds": sorted(kind.value for kind in version.broker_kinds),
            "uncertain": version.uncertain,
        }
        for version in KAFKA_VERSIONS.values()
    ]


def _broker_types() -> list[dict[str, object]]:
    return [
        {
            "name": broker.name,
            "kind": broker.kind.value,
            "partitionsRecommended": broker.partitions_recommended,
            "partitionsMaximum": broker.partitions_maximum,
            "provisionedThroughputMaximumMiBps": broker.provisioned_throughput_maximum_mib_per_second,
            "burstable": broker.is_burstable,
            "kraft": broker.has_kraft,
        }
        for broker in BROKER_TYPES.values()
    ]
