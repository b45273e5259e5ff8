"""What AWS computes for an Amazon MSK cluster and its configuration, policy, users and scaling, with its connection strings."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from offline.aws.facts import dns_suffix
from offline.aws.types import BOOTSTRAP_OUTPUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from offline.aws.created import Created
    from offline.protocol import wire


_BOOTSTRAP_BROKERS: Final = 3
"""At most this many brokers are in a bootstrap string ("up to three", MSK API reference, GetBootstrapBrokers)."""


def _block(inputs: Mapping[str, Any], *path: str) -> wire.Value:
    value: wire.Value = inputs
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _endpoints(domain: str, brokers: int, port: int, prefix: str = "b", suffix: str = "") -> str:
    # MSK gives them in no particular order; here the order is wrong on purpose, but always the same.
    numbers = [2, 1, 3][: min(brokers, _BOOTSTRAP_BROKERS)] if brokers > 1 else [1]
    return ",".join(f"{prefix}-{number}{suffix}.{domain}:{port}" for number in numbers)


def cluster_outputs(inputs: Mapping[str, Any], domain: str) -> dict[str, str]:
    """The connection strings of a cluster.

    Args:
        inputs: The inputs of `aws:msk/cluster:Cluster`.
        domain: What follows the broker in its name, `<cluster>.<hash>.c2.kafka.<region>.amazonaws.com`.

    Returns:
        Every connection string output; what is not enabled is empty, as from the provider. Ports are those of the MSK
        Developer Guide, "Port information".
    """
    brokers = int(inputs.get("numberOfBrokerNodes") or 0)
    client_broker = _block(inputs, "encryptionInfo", "encryptionInTransit", "clientBroker") or "TLS"
    enabled = {
        "SaslIam": bool(_block(inputs, "clientAuthentication", "sasl", "iam")),
        "SaslScram": bool(_block(inputs, "clientAuthentication", "sasl", "scram")),
        "Tls": bool(_block(inputs, "clientAuthentication", "tls", "certificateAuthorityArns")),
    }
    unauthenticated = _block(inputs, "clientAuthentication", "unauthenticated")
    anyone = unauthenticated if unauthenticated is not None else not any(enabled.values())
    outputs = dict.fromkeys(BOOTSTRAP_OUTPUTS, "")
    connectivity = _block(inputs, "brokerNodeGroupInfo", "connectivityInfo")
    public = _block(connectivity or {}, "publicAccess", "type") == "SERVICE_PROVIDED_EIPS"
    dual_stack = _block(connectivity or {}, "networkType") == "DUAL"
    for name, port in (("SaslIam", 9098), ("SaslScram", 9096), ("Tls", 9094)):
        if name == "Tls":
            if not (enabled["Tls"] or anyone) or client_broker == "PLAINTEXT":
                continue
        elif not enabled[name]:
            continue
        outputs[f"bootstrapBrokers{name}"] = _endpoints(domain, brokers, port)
        if dual_stack:
            outputs[f"bootstrapBrokers{name}Ipv6"] = _endpoints(domain, brokers, port, suffix="-ipv6")
        if public and enabled[name]:
            outputs[f"bootstrapBrokersPublic{name}"] = _endpoints(domain, brokers, port + 100, suffix="-public")
    if anyone and client_broker in {"PLAINTEXT", "TLS_PLAINTEXT"}:
        outputs["bootstrapBrokers"] = _endpoints(domain, brokers, 9092)
        if dual_stack:
            outputs["bootstrapBrokersIpv6"] = _endpoints(domain, brokers, 9092, suffix="-ipv6")
    _multi_vpc(outputs, connectivity or {}, domain, brokers)
    if _has_zookeeper(inputs):
        outputs["zookeeperConnectString"] = _endpoints(domain, 3, 2181, prefix="z")
        outputs["zookeeperConnectStringTls"] = _endpoints(domain, 3, 2182, prefix="z")
    else:
        outputs |= {"zookeeperConnectString": "", "zookeeperConnectStringTls": ""}
    return outputs


_MULTI_VPC_PORT = 14001


def _multi_vpc(outputs: dict[str, str], connectivity: Mapping[str, Any], domain: str, brokers: int) -> None:
    authentication = _block(connectivity, "vpcConnectivity", "clientAuthentication")
    # Names tell the mechanisms apart: all ports are of one range (MSK Developer Guide, "Port information": 14001 to 14100).
    schemes = (("SaslIam", ("sasl", "iam")), ("SaslScram", ("sasl", "scram")), ("Tls", ("tls",)))
    for name, path in schemes:
        if not _block(authentication or {}, *path):
            continue
        numbers = range(1, min(brokers, _BOOTSTRAP_BROKERS) + 1)
        kind = name.removeprefix("Sasl").lower()
        outputs[f"bootstrapBrokersVpcConnectivity{name}"] = ",".join(
            f"b-{number}.{kind}.{domain}:{_MULTI_VPC_PORT + number - 1}" for number in numbers
        )


def _has_zookeeper(inputs: Mapping[str, Any]) -> bool:
    version = str(inputs.get("kafkaVersion", ""))
    major = version.partition(".")[0]
    express = str(_block(inputs, "brokerNodeGroupInfo", "instanceType") or "").startswith("express.")
    return not express and "kraft" not in version and major.isdigit() and int(major) < 4  # noqa: PLR2004 - Kafka 4 has none


def _msk_configuration(created: Created) -> dict[str, Any]:
    name = created.inputs.get("name", "configuration")
    arn = created.id or created.arn("kafka", f"configuration/{name}/{created.uuid()}-2")
    return {"id": arn, "arn": arn, "latestRevision": 1}


def _msk_cluster(created: Created) -> dict[str, Any]:
    name = created.inputs.get("clusterName", "cluster")
    identifier = f"{created.uuid()}-2"
    arn = created.id or created.arn("kafka", f"cluster/{name}/{identifier}")
    domain = f"{name}.{created.digits(6, 'dns')}.c2.kafka.{created.region}.{dns_suffix(created.region)}"
    return {
        "id": arn,
        "arn": arn,
        "clusterUuid": arn.rpartition("/")[2],
        "currentVersion": "K3P5ROKL5A1OLE",
        "customerActionStatus": "NONE",
        "storageMode": "LOCAL",
        **cluster_outputs(created.inputs, domain),
    }


def _msk_serverless_cluster(created: Created) -> dict[str, Any]:
    name = created.inputs.get("clusterName", "cluster")
    arn = created.id or created.arn("kafka", f"cluster/{name}/{created.uuid()}-s1")
    host = f"boot-{created.digits(8, 'dns')}.c3.kafka-serverless.{created.region}.{dns_suffix(created.region)}"
    return {"id": arn, "arn": arn, "clusterUuid": arn.rpartition("/")[2], "bootstrapBrokersSaslIam": f"{host}:9098"}


def _msk_cluster_policy(created: Created) -> dict[str, Any]:
    return {"id": created.inputs.get("clusterArn") or created.identifier("policy"), "currentVersion": "K3P5ROKL5A1OLE"}


def _msk_vpc_connection(created: Created) -> dict[str, Any]:
    owner, _, cluster = str(created.inputs.get("targetClusterArn", "")).partition(":cluster/")
    account, name = owner.rpartition(":")[2], cluster.partition("/")[0]
    arn = created.id or created.arn("kafka", f"vpc-connection/{account}/{name}/{created.uuid()}-2")
    return {"id": arn, "arn": arn}


def _scram_user(created: Created) -> dict[str, Any]:
    return {"id": f"{created.inputs.get('clusterArn', '')},{created.inputs.get('secretArn', '')}"}


def _scram_users(created: Created) -> dict[str, Any]:
    return {"id": created.inputs.get("clusterArn") or created.identifier("scram")}


def _target(created: Created) -> dict[str, Any]:
    resource = created.inputs.get("resourceId", "")
    role = (
        "role/aws-service-role/kafka.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_KafkaCluster"
    )
    return {
        "id": resource or created.digits(17),
        "arn": created.arn("application-autoscaling", f"scalable-target/{created.digits(20)}"),
        "roleArn": created.arn("iam", role, region=""),
    }


def _policy(created: Created) -> dict[str, Any]:
    name = created.inputs.get("name", "")
    resource = created.inputs.get("resourceId", "")
    service = created.inputs.get("serviceNamespace", "")
    arn = created.arn("autoscaling", f"scalingPolicy:{created.uuid()}:resource/{service}/{resource}:policyName/{name}")
    return {"id": name, "alarmArns": [], "arn": arn}


MSK_BUILDERS: Final[Mapping[str, Callable[[Created], dict[str, Any]]]] = MappingProxyType(
    {
        "aws:msk/configuration:Configuration": _msk_configuration,
        "aws:msk/cluster:Cluster": _msk_cluster,
        "aws:msk/serverlessCluster:ServerlessCluster": _msk_serverless_cluster,
        "aws:msk/clusterPolicy:ClusterPolicy": _msk_cluster_policy,
        "aws:msk/vpcConnection:VpcConnection": _msk_vpc_connection,
        "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation": _scram_user,
        "aws:msk/scramSecretAssociation:ScramSecretAssociation": _scram_users,
        "aws:appautoscaling/target:Target": _target,
        "aws:appautoscaling/policy:Policy": _policy,
    }
)
"""By type: the outputs that AWS makes."""
