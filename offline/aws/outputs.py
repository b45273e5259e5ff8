"""What AWS computes when it creates a resource, type by type."""

from __future__ import annotations

import ipaddress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from offline.aws.access import ACCESS_BUILDERS
from offline.aws.facts import dns_suffix, partition
from offline.aws.monitoring import MONITORING_BUILDERS
from offline.aws.msk import cluster_outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from offline.aws.created import Created
    from offline.protocol import wire


def outputs_of(created: Created) -> tuple[str, dict[str, Any]]:
    """The id and the computed outputs of a resource.

    Args:
        created: The resource.

    Returns:
        For a type that is not known, an id and an ARN.
    """
    outputs = _BUILDERS.get(created.type, _other)(created)
    return created.id or outputs.pop("id"), outputs


def _other(created: Created) -> dict[str, Any]:
    service = created.type.split(":")[1].split("/")[0]
    kind = created.type.rpartition(":")[2].lower()
    identifier = created.identifier(kind)
    return {"id": identifier, "arn": created.arn(service, f"{kind}/{identifier}")}


def _ec2(prefix: str, kind: str, **more: wire.Value) -> Callable[[Created], dict[str, Any]]:
    def build(created: Created) -> dict[str, Any]:
        identifier = created.identifier(prefix)
        arn = created.arn("ec2", f"{kind}/{identifier}")
        return {"id": identifier, "arn": arn, "ownerId": created.account, **more}

    return build


def _vpc(created: Created) -> dict[str, Any]:
    table = f"rtb-{created.digits(17, 'rtb')}"
    return {
        **_ec2("vpc", "vpc")(created),
        "defaultNetworkAclId": f"acl-{created.digits(17, 'acl')}",
        "defaultRouteTableId": table,
        "defaultSecurityGroupId": f"sg-{created.digits(17, 'sg')}",
        "dhcpOptionsId": f"dopt-{created.digits(17, 'dopt')}",
        "enableNetworkAddressUsageMetrics": False,
        "ipv6CidrBlock": _ipv6_block(created) if created.inputs.get("assignGeneratedIpv6CidrBlock") else "",
        "mainRouteTableId": table,
        # What nobody said of an existing VPC is the smallest that its subnets need.
        "cidrBlock": "10.0.0.0/16",
    }


def _ipv6_block(created: Created) -> str:
    # As from Amazon's pool, a /56; below 2001:db8::/32 (RFC 3849): addresses that are nobody's.
    digits = created.digits(6, "ipv6")
    return f"{ipaddress.IPv6Address(f'2001:db8:{digits[:4]}:{digits[4:]}00::')}/56"


def _subnet(created: Created) -> dict[str, Any]:
    name, identifier = created.zone()
    return {
        **_ec2("subnet", "subnet")(created),
        "availabilityZone": name,
        "availabilityZoneId": identifier,
        "privateDnsHostnameTypeOnLaunch": "ip-name",
    }


def _instance(created: Created) -> dict[str, Any]:
    unused = ("instanceLifecycle", "outpostArn", "passwordData", "publicDns", "publicIp", "spotInstanceRequestId")
    return {
        **_ec2("i", "instance")(created),
        **dict.fromkeys(unused, ""),
        "availabilityZone": created.zone()[0],
        "instanceState": "running",
        "primaryNetworkInterfaceId": f"eni-{created.digits(17, 'eni')}",
        "privateDns": f"ip-10-0-0-4.{created.region}.compute.internal",
        "privateIp": "10.0.0.4",
    }


def _route(created: Created) -> dict[str, Any]:
    table = created.inputs.get("routeTableId", "rtb")
    return {"id": f"r-{table}{created.digits(10)}", "origin": "CreateRoute", "state": "active"}


def _association(prefix: str) -> Callable[[Created], dict[str, Any]]:
    def build(created: Created) -> dict[str, Any]:
        return {"id": created.identifier(prefix)}

    return build


def _eip(created: Created) -> dict[str, Any]:
    identifier = created.identifier("eipalloc")
    # TEST-NET-3 (RFC 5737): addresses that are nobody's.
    address = str(ipaddress.ip_address("203.0.113.0") + int(created.digits(2), 16))
    return {
        "id": identifier,
        "allocationId": identifier,
        "arn": created.arn("ec2", f"elastic-ip/{identifier}"),
        "domain": "vpc",
        "networkBorderGroup": created.region,
        "publicDns": f"ec2-{address.replace('.', '-')}.{created.region}.compute.{dns_suffix(created.region)}",
        "publicIp": address,
        "publicIpv4Pool": "amazon",
    }


def _nat_gateway(created: Created) -> dict[str, Any]:
    address = created.within.created.get(created.inputs.get("allocationId", ""))
    return {
        "id": created.identifier("nat"),
        "associationId": f"eipassoc-{created.digits(17, 'eipassoc')}",
        "networkInterfaceId": f"eni-{created.digits(17, 'eni')}",
        "privateIp": "10.0.0.10",
        "publicIp": address.outputs.get("publicIp", "") if address else "",
    }


def _vpc_endpoint(created: Created) -> dict[str, Any]:
    return {
        **_ec2("vpce", "vpc-endpoint")(created),
        "cidrBlocks": [],
        "networkInterfaceIds": [],
        "policy": '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}',
        "prefixListId": f"pl-{created.digits(8, 'pl')}",
        "requesterManaged": False,
        "routeTableIds": [],
        "state": "available",
    }


def _security_group(created: Created) -> dict[str, Any]:
    vpc = created.inputs.get("vpcId", f"vpc-{created.digits(17, 'vpc')}")
    outputs = {**_ec2("sg", "security-group")(created), "vpcId": vpc}
    if created.type.endswith("DefaultSecurityGroup"):
        return {**outputs, "name": "default", "description": "default VPC security group"}
    return {**outputs, "egress": [], "ingress": []}


def _security_group_rule(created: Created) -> dict[str, Any]:
    identifier = created.identifier("sgr")
    return {
        "id": identifier,
        "arn": created.arn("ec2", f"security-group-rule/{identifier}"),
        "securityGroupRuleId": identifier,
    }


def _flow_log(created: Created) -> dict[str, Any]:
    identifier = created.identifier("fl")
    return {
        "id": identifier,
        "arn": created.arn("ec2", f"vpc-flow-log/{identifier}"),
        "logFormat": "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
        "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}",
    }


def _key(created: Created) -> dict[str, Any]:
    identifier = created.id or created.uuid()
    return {
        "id": identifier,
        "arn": created.arn("kms", f"key/{identifier}"),
        "keyId": identifier,
        "description": "",
        "multiRegion": False,
        "policy": "",
        "rotationPeriodInDays": 365,
    }


def _alias(created: Created) -> dict[str, Any]:
    name = created.inputs.get("name", created.id)
    target = str(created.inputs.get("targetKeyId", ""))
    arn = target if target.startswith("arn:") else created.arn("kms", f"key/{target}")
    return {"id": name, "arn": created.arn("kms", name), "targetKeyArn": arn}


def _log_group(created: Created) -> dict[str, Any]:
    name = created.inputs.get("name", created.id)
    return {"id": name, "arn": created.arn("logs", f"log-group:{name}"), "logGroupClass": "STANDARD"}


def _role(created: Created) -> dict[str, Any]:
    name = created.inputs.get("name") or created.id or f"{created.inputs.get('namePrefix', '')}{created.digits(26)}"
    path = created.inputs.get("path", "/")
    return {
        "id": name,
        "name": name,
        "arn": created.arn("iam", f"role{path}{name}", region=""),
        "createDate": "2026-01-01T00:00:00Z",
        "managedPolicyArns": [],
        "uniqueId": f"AROA{created.digits(17).upper()}",
    }


def _role_policy(created: Created) -> dict[str, Any]:
    return {"id": f"{created.inputs.get('role', '')}:{created.inputs.get('name', '')}"}


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


def _msk_cluster_policy(created: Created) -> dict[str, Any]:
    return {"id": created.inputs.get("clusterArn") or created.identifier("policy"), "currentVersion": "K3P5ROKL5A1OLE"}


def _msk_vpc_connection(created: Created) -> dict[str, Any]:
    owner, _, cluster = str(created.inputs.get("targetClusterArn", "")).partition(":cluster/")
    account, name = owner.rpartition(":")[2], cluster.partition("/")[0]
    arn = created.id or created.arn("kafka", f"vpc-connection/{account}/{name}/{created.uuid()}-2")
    return {"id": arn, "arn": arn}


def _bucket(created: Created) -> dict[str, Any]:
    name = created.inputs.get("bucket", created.id)
    suffix = dns_suffix(created.region)
    return {
        "id": name,
        "arn": f"arn:{partition(created.region)}:s3:::{name}",
        "bucketDomainName": f"{name}.s3.{suffix}",
        "bucketRegion": created.region,
        "bucketRegionalDomainName": f"{name}.s3.{created.region}.{suffix}",
        "hostedZoneId": f"Z{created.digits(13).upper()}",
        "requestPayer": "BucketOwner",
        # Only a bucket that is a website has them.
        "websiteDomain": "",
        "websiteEndpoint": "",
    }


def _part_of_bucket(created: Created) -> dict[str, Any]:
    return {"id": created.inputs.get("bucket") or created.identifier("bucket")}


def _secret(created: Created) -> dict[str, Any]:
    name = created.inputs.get("name", created.id)
    # Secrets Manager User Guide, "What's in a Secrets Manager secret?": the ARN has six characters after the name.
    arn = created.id or created.arn("secretsmanager", f"secret:{name}-{created.digits(6)}")
    return {"id": arn, "arn": arn, "policy": "", "replicas": []}


def _secret_version(created: Created) -> dict[str, Any]:
    secret, version = created.inputs.get("secretId", ""), created.uuid()
    return {
        "id": f"{secret}|{version}",
        "arn": secret,
        "hasSecretStringWo": False,
        "secretArn": secret,
        "versionId": version,
        "versionStages": ["AWSCURRENT"],
    }


def _secret_policy(created: Created) -> dict[str, Any]:
    return {"id": created.inputs.get("secretArn") or created.identifier("policy")}


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


_BUILDERS: Final[Mapping[str, Callable[[Created], dict[str, Any]]]] = MappingProxyType(
    {
        **ACCESS_BUILDERS,
        **MONITORING_BUILDERS,
        "aws:ec2/vpc:Vpc": _vpc,
        "aws:ec2/subnet:Subnet": _subnet,
        "aws:ec2/routeTable:RouteTable": _ec2("rtb", "route-table", propagatingVgws=[], routes=[]),
        "aws:ec2/route:Route": _route,
        "aws:ec2/routeTableAssociation:RouteTableAssociation": _association("rtbassoc"),
        "aws:ec2/internetGateway:InternetGateway": _ec2("igw", "internet-gateway"),
        "aws:ec2/eip:Eip": _eip,
        "aws:ec2/natGateway:NatGateway": _nat_gateway,
        "aws:ec2/instance:Instance": _instance,
        "aws:ec2/vpcEndpoint:VpcEndpoint": _vpc_endpoint,
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": _association("a-vpce"),
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _security_group,
        "aws:ec2/securityGroup:SecurityGroup": _security_group,
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _security_group_rule,
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _security_group_rule,
        "aws:ec2/flowLog:FlowLog": _flow_log,
        "aws:kms/key:Key": _key,
        "aws:kms/alias:Alias": _alias,
        "aws:cloudwatch/logGroup:LogGroup": _log_group,
        "aws:iam/role:Role": _role,
        "aws:iam/rolePolicy:RolePolicy": _role_policy,
        "aws:msk/configuration:Configuration": _msk_configuration,
        "aws:msk/cluster:Cluster": _msk_cluster,
        "aws:msk/clusterPolicy:ClusterPolicy": _msk_cluster_policy,
        "aws:msk/vpcConnection:VpcConnection": _msk_vpc_connection,
        "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation": _scram_user,
        "aws:msk/scramSecretAssociation:ScramSecretAssociation": _scram_users,
        "aws:s3/bucket:Bucket": _bucket,
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _part_of_bucket,
        "aws:s3/bucketPolicy:BucketPolicy": _part_of_bucket,
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _part_of_bucket,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _part_of_bucket,
        "aws:secretsmanager/secret:Secret": _secret,
        "aws:secretsmanager/secretPolicy:SecretPolicy": _secret_policy,
        "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
        "aws:appautoscaling/target:Target": _target,
        "aws:appautoscaling/policy:Policy": _policy,
    }
)
