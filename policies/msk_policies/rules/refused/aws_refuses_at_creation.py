"""What AWS refuses of a new cluster, and takes of one that is there.

Public access, a dual-stack network, private connectivity from other VPCs and access to ZooKeeper are turned on by an update; a
version that AWS has given up is on clusters from earlier. The first deployment with one of them fails. No program says whether
its cluster is new, so this rule only advises. Complying costs a second deployment.

The aws provider turns private connectivity on by itself once the cluster is there, and has no access to ZooKeeper: those two are
said of the aws-native provider's clusters. Whether the cluster is safe that way is for other rules. Unknown values: left to the
deployment.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, Severity

from msk_policies.kit.days import today
from msk_policies.kit.properties import read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule
from msk_policies.kit.twins import is_twin
from msk_policies.msk.brokers import INSTANCE_TYPE, kind_of
from msk_policies.msk.kafka_support import CREATED_WITH, KAFKA_VERSION, alternatives, is_created_no_more
from msk_policies.msk.refusals import CREATE_CLUSTER_URL, answered, control, judge_of

_CONNECTIVITY = "brokerNodeGroupInfo.connectivityInfo"
_PUBLIC = f"{_CONNECTIVITY}.publicAccess.type"
_NETWORK = f"{_CONNECTIVITY}.networkType"
_OTHER_VPCS = f"{_CONNECTIVITY}.vpcConnectivity.clientAuthentication"
_MECHANISMS = ("sasl.iam.enabled", "sasl.scram.enabled", "tls.enabled")
_ZOOKEEPER = "zookeeperAccess"
_NEW = "Create the cluster first"


def _public(props: Mapping[str, Any]) -> Iterator[str]:
    access = read(props, _PUBLIC)
    if isinstance(access, str) and access != "DISABLED":
        yield _first(_PUBLIC, "is not DISABLED", "public-access-not-at-create", "DISABLED")


def _network(props: Mapping[str, Any]) -> Iterator[str]:
    network = read(props, _NETWORK)
    if isinstance(network, str) and network != "IPV4":
        yield _first(_NETWORK, "is not IPV4", "network-type-ipv4-at-create", "IPV4")


def _other_vpcs(props: Mapping[str, Any]) -> Iterator[str]:
    for mechanism in _MECHANISMS if is_twin(props) else ():
        path = f"{_OTHER_VPCS}.{mechanism}"
        if read(props, path) is True:
            yield _first(path, "is true", "vpc-connectivity-auth-not-at-create", "false")


def _zookeeper(props: Mapping[str, Any]) -> Iterator[str]:
    if is_twin(props) and read(props, _ZOOKEEPER) is not None:
        yield (
            f"{_NEW}, then change it: {_ZOOKEEPER} is set, {answered('zookeeper-access-not-at-create')} to a new cluster. "
            f"Leave {_ZOOKEEPER} out of the first deployment."
        )


def _first(path: str, state: str, refusal: str, value: str) -> str:
    return f"{_NEW}, then change it: {path} {state}, {answered(refusal)}. Set {path} to {value} in the first deployment."


def _version(props: Mapping[str, Any]) -> Iterator[str]:
    version, instance_type = read(props, KAFKA_VERSION), read(props, INSTANCE_TYPE)
    if not isinstance(version, str) or not is_created_no_more(version, instance_type):
        return
    kind = kind_of(instance_type)
    first = [name for name in alternatives(props, {}, today()) if name in CREATED_WITH.value[kind]][:1]
    yield (
        f"Create a cluster with a version that Amazon MSK still accepts: {KAFKA_VERSION} is {version}, which was not among those "
        f"for {kind.capitalize()} brokers on {CREATED_WITH.as_of}. Set {KAFKA_VERSION} to "
        f"{first[0] if first else CREATED_WITH.value[kind][-1]} for a new cluster."
    )


POLICY = resource_rule(
    "aws-refuses-at-creation",
    display_name="New clusters that AWS accepts",
    description="A new MSK cluster should be one that AWS accepts.",
    judges={CLUSTER: judge_of(_public, _network, _other_vpcs, _zookeeper, _version)},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster has none of the settings that AWS refuses only at creation."},
    enforcement_level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
    tags=[
        "msk",
        "refused",
        "creation",
        control("kafka-version-deprecated"),
        control("network-type-ipv4-at-create"),
        control("public-access-not-at-create"),
        control("vpc-connectivity-auth-not-at-create"),
        control("zookeeper-access-not-at-create"),
    ],
    remediation_steps="Deploy a new cluster without the setting, then turn it on: the cluster changes in place. An existing "
    "cluster needs no change.",
    url=CREATE_CLUSTER_URL,
)
