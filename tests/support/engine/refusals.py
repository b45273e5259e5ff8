"""What AWS refuses, for which the provider has no check of its own: the same words reach whoever deploys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from support.engine.cluster_operations import at, refusal_of_broker_count, refusal_of_security

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

CLUSTER = "aws:msk/cluster:Cluster"
SERVERLESS = "aws:msk/serverlessCluster:ServerlessCluster"
CONFIGURATION = "aws:msk/configuration:Configuration"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type
TOPIC = "aws:msk/topic:Topic"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
ROLE_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
USER_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
_SUBNET = "aws:ec2/subnet:Subnet"
_SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_ZONES_OF_EXPRESS = 3
_CLUSTER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_DEPRECATED = re.compile(r"[12]\.|3\.[1-5]\.")
_MOST_VPCS = 5
_FEWEST_SUBNETS, _MOST_SUBNETS = 2, 6
_M7G = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
_TYPES_WITH_KRAFT = sorted(
    [
        *(f"{kind}.m7g.{size}" for kind in ("express", "kafka") for size in _M7G),
        *(f"kafka.m5.{size}" for size in (*_M7G, "24xlarge")),
    ]
)
_RULE = (
    "securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId",
)  # fmt: skip

_UNIQUE: Mapping[str, tuple[tuple[str, ...], str]] = {
    # MSK API reference, Clusters: 409, "This cluster name already exists."
    CLUSTER: (("clusterName",), "ConflictException: This cluster name already exists."),
    SERVERLESS: (("clusterName",), "ConflictException: This cluster name already exists."),
    # terraform-provider-aws#8898.
    CONFIGURATION: (("name",), "ConflictException: A resource with this name already exists."),
    # CloudWatch Logs API reference, CreateLogGroup.
    "aws:cloudwatch/logGroup:LogGroup": (
        ("name",), "ResourceAlreadyExistsException: The specified log group already exists.",
    ),
    # AWS KMS API reference, CreateAlias.
    "aws:kms/alias:Alias": (("name",), "AlreadyExistsException: An alias with this name already exists."),
    # IAM API reference, CreateRole.
    ROLE: (("name",), "EntityAlreadyExists: A role with this name already exists."),
    # Amazon MSK API, CreateTopic: TopicExistsException.
    TOPIC: (("clusterArn", "name"), "TopicExistsException: A topic with this name already exists."),
    # Secrets Manager API reference, CreateSecret.
    SECRET: (("name",), "ResourceExistsException: A secret with this name already exists."),
    # EC2 API reference, "Error codes": InvalidGroup.Duplicate, InvalidPermission.Duplicate.
    _SECURITY_GROUP: (("name", "vpcId"), "InvalidGroup.Duplicate: The security group already exists for this VPC."),
    _INGRESS: (_RULE, "InvalidPermission.Duplicate: The specified rule already exists."),
    _EGRESS: (_RULE, "InvalidPermission.Duplicate: The specified rule already exists."),
}  # fmt: skip
"""What there is only one of: the inputs that make it out, and what AWS says to a second one."""

_NAMED_ALIKE: Mapping[str, tuple[str, ...]] = {CLUSTER: (CLUSTER, SERVERLESS), SERVERLESS: (CLUSTER, SERVERLESS)}
"""Types that share their names: a cluster of either kind is a cluster to ListClustersV2 and in its ARN."""


def _all(resources: Mapping[str, Mapping[str, Any]], *types: str) -> Iterator[Mapping[str, Any]]:
    for key, resource in resources.items():
        type_, _, identifier = key.partition("|")
        if type_ in types:
            yield {"id": identifier, **resource["properties"]}


def refusal_of_create(
    type_: str, inputs: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]], recoverable: Collection[str] = ()
) -> str:
    """Why AWS refuses to create a resource, or nothing.

    Args:
        type_: The resource's type.
        inputs: What is asked for.
        resources: All that is there, as `Cloud.resources` has it.
        recoverable: The names of deleted secrets that can still be recovered.
    """
    if type_ == SECRET and inputs.get("name") in recoverable:
        # Secrets Manager User Guide, "Delete an AWS Secrets Manager secret"; redpanda-data/console#1835 has the words.
        return (
            "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for "
            "deletion."
        )
    if type_ in _UNIQUE:
        names, refusal = _UNIQUE[type_]
        wanted = [inputs.get(name) for name in names]
        others = _all(resources, *_NAMED_ALIKE.get(type_, (type_,)))
        if any([item.get(name) for name in names] == wanted for item in others):
            return refusal
    rule = _ON_CREATE.get(type_)
    return rule(inputs, resources) if rule else ""


def _new_cluster(inputs: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> str:
    if (at(inputs, "brokerNodeGroupInfo.connectivityInfo.publicAccess.type") or "DISABLED") != "DISABLED":
        # MSK Developer Guide, "Turn on public access to an MSK Provisioned cluster": not while it is created.
        return "BadRequestException: Public access can be turned on only after the cluster is created."
    if at(inputs, "brokerNodeGroupInfo.connectivityInfo.networkType") == "DUAL":
        # MSK Developer Guide, "Configure dual-stack network type for an Amazon MSK cluster": for clusters that are there.
        return "BadRequestException: The network type can be DUAL only after the cluster is created."
    if _DEPRECATED.match(str(inputs.get("kafkaVersion"))):
        # badmintoncryer/cdk-preflight, pf-msk-kafka-version-deprecated: what CreateCluster said of 2.8.1 on 14 September 2026.
        return f"BadRequestException: Standard instance types are not supported for Kafka version {inputs['kafkaVersion']}."
    for configuration in _all(resources, CONFIGURATION):
        wanted = inputs.get("configurationInfo") or {}
        if configuration.get("arn") == wanted.get("arn") and int(wanted["revision"]) > int(configuration["latestRevision"]):
            # MSK API reference, DescribeConfigurationRevision.
            return "NotFoundException: The configuration revision does not exist."
    return _brokers_of_new_cluster(inputs, resources) or refusal_of_broker_count(inputs) or refusal_of_security(inputs)


def _brokers_of_new_cluster(inputs: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> str:
    brokers = inputs.get("brokerNodeGroupInfo") or {}
    subnets = brokers.get("clientSubnets") or []
    if str(brokers.get("instanceType")).startswith("kafka.t3.") and str(inputs.get("kafkaVersion")).endswith(".kraft"):
        # badmintoncryer/cdk-preflight, pf-msk-t3-small-not-kraft: what CreateCluster said on 14 September 2026.
        return f"BadRequestException: Unsupported InstanceType specified. Valid values: [{', '.join(_TYPES_WITH_KRAFT)}]"
    express = str(brokers.get("instanceType")).startswith("express.")
    if express and len(subnets) != _ZONES_OF_EXPRESS:
        # MSK Developer Guide, "Amazon MSK Express brokers": in three Availability Zones.
        return "BadRequestException: Express brokers need three Availability Zones."
    if express and brokers.get("storageInfo"):
        # terraform-provider-aws#40357.
        return "BadRequestException: Express brokers do not take storageInfo."
    zones = [row.get("availabilityZoneId") for row in _all(resources, _SUBNET) if row["id"] in subnets]
    if "use1-az3" in zones:
        # MSK API reference, BrokerNodeGroupInfo, clientSubnets.
        return "BadRequestException: One or more of the subnets are in an Availability Zone without Amazon MSK (use1-az3)."
    if len(set(zones)) < len(zones):
        # The same place: each subnet is in another zone.
        return "BadRequestException: Each subnet must be in another Availability Zone."
    return ""


def _new_serverless_cluster(inputs: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> str:
    # badmintoncryer/cdk-preflight, pf-msk-serverless-*: what CreateClusterV2 said on 13 September 2026, for all that follows.
    if not _CLUSTER_NAME.fullmatch(str(inputs.get("clusterName"))):
        return "BadRequestException: The parameter value contains one or more characters that are not valid [clusterName]"
    if at(inputs, "clientAuthentication.sasl.iam.enabled") is not True:
        return "BadRequestException: A serverless cluster must use SASL/IAM authentication [clientAuthentication]"
    vpcs = inputs.get("vpcConfigs") or []
    if not 1 <= len(vpcs) <= _MOST_VPCS:
        return "BadRequestException: The size of list should be between 1 and 5 [vpcConfigs]"
    for vpc in vpcs:
        subnets = vpc.get("subnetIds") or []
        if not _FEWEST_SUBNETS <= len(subnets) <= _MOST_SUBNETS:
            return "BadRequestException: The size of list should be between 2 and 6 [subnetIds]"
        zones = [row.get("availabilityZoneId") for row in _all(resources, _SUBNET) if row["id"] in subnets]
        if len(set(zones)) < len(zones):
            # Amazon VPC, CreateVpcEndpoint: an interface endpoint has one subnet in each Availability Zone.
            return "BadRequestException: Each subnet must be in another Availability Zone."
    return ""


def _new_scram_users(inputs: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> str:
    wanted = inputs.get("secretArnLists") or [inputs.get("secretArn")]
    secrets = {resource.get("arn"): resource for resource in _all(resources, SECRET)}
    for arn in wanted:
        # MSK Developer Guide, "Set up SASL/SCRAM authentication for an Amazon MSK cluster", for all that follows.
        secret = secrets.get(arn)
        if secret is None:
            return f"InvalidSecretArn: There is no secret {arn}."
        if not str(secret.get("name")).startswith("AmazonMSK_"):
            return (
                "InvalidSecretArn: The provided secret arn cannot be used with Amazon MSK. "
                "Secret names must have the prefix 'AmazonMSK_'."
            )
        key = str(secret.get("kmsKeyId") or "")
        if not key or key.endswith("alias/aws/secretsmanager"):
            return (
                "InvalidSecretArn: The provided secret is encrypted with the default key, which cannot be used with Amazon MSK."
            )
        if key.startswith("alias/") or ":alias/" in key:
            return "InvalidSecretArn: The provided secret names its key by an alias, not by id or ARN."
    return ""


def _scalable_target(inputs: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> str:
    # Application Auto Scaling API reference, RegisterScalableTarget: ValidationException for a resource that is not there.
    cluster = inputs.get("resourceId")
    there = [resource.get("arn") for resource in _all(resources, CLUSTER)]
    if inputs.get("serviceNamespace") == "kafka" and there and cluster not in there:
        return f"ValidationException: There is no cluster {cluster}."
    return ""


_ON_CREATE: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Mapping[str, Any]]], str]] = {
    CLUSTER: _new_cluster,
    SERVERLESS: _new_serverless_cluster,
    "aws:msk/scramSecretAssociation:ScramSecretAssociation": _new_scram_users,
    "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation": _new_scram_users,
    "aws:appautoscaling/target:Target": _scalable_target,
}


def refusal_of_topic_update(now: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Why Kafka refuses to change a topic, or nothing.

    Partitions and configuration together are not among the reasons: the API refuses them in one call, and the provider makes two
    (terraform-provider-aws, internal/service/kafka/topic.go, Update).

    Args:
        now: The topic's properties as it is.
        new: Its inputs as it is to be.
    """
    before, after = (int(item["partitionCount"]) for item in (now, new))
    if after < before:
        # Apache Kafka documentation, "Modifying topics": the number of partitions is only ever increased.
        return f"BadRequestException: The topic has {before} partitions, which is more than the {after} that are asked for."
    return ""


def refusal_of_delete(type_: str, identifier: str, resources: Mapping[str, Mapping[str, Any]]) -> str:
    """Why AWS refuses to delete a resource, or nothing.

    Args:
        type_: The resource's type.
        identifier: Its id.
        resources: All that is there, as `Cloud.resources` has it.
    """
    clusters = list(_all(resources, CLUSTER))
    if type_ == CONFIGURATION and any(at(item, "configurationInfo.arn") == identifier for item in clusters):
        # MSK API reference, DeleteConfiguration; a cluster keeps the revision it runs with.
        return "BadRequestException: The configuration is in use by one or more clusters."
    # EC2 API reference, "Error codes": DependencyViolation, for all that follows.
    if _holds_an_interface(type_, identifier, resources):
        return f"DependencyViolation: {identifier} has a dependent object."
    if type_ == "aws:ec2/vpc:Vpc" and any(
        resource.get("vpcId") == identifier for resource in _all(resources, _SUBNET, _SECURITY_GROUP)
    ):
        return f"DependencyViolation: The vpc {identifier} has dependencies and cannot be deleted."
    # IAM API reference, DeleteRole and DeletePolicy: what is attached is detached first.
    attached = list(_all(resources, ROLE_ATTACHMENT, USER_ATTACHMENT))
    if type_ == ROLE and any(attachment.get("role") == identifier for attachment in attached):
        return "DeleteConflict: Cannot delete entity, must detach all policies first."
    if type_ == POLICY and any(attachment.get("policyArn") == identifier for attachment in attached):
        return "DeleteConflict: Cannot delete a policy attached to entities."
    return ""


def _holds_an_interface(type_: str, identifier: str, resources: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether brokers, or the endpoints of a Serverless cluster, have network interfaces in a subnet or a security group."""
    of_brokers = {_SUBNET: "clientSubnets", _SECURITY_GROUP: "securityGroups"}.get(type_)
    of_endpoints = {_SUBNET: "subnetIds", _SECURITY_GROUP: "securityGroupIds"}.get(type_)
    used = [at(item, f"brokerNodeGroupInfo.{of_brokers}") for item in _all(resources, CLUSTER)]
    used += [vpc.get(of_endpoints) for item in _all(resources, SERVERLESS) for vpc in item.get("vpcConfigs") or ()]
    return any(identifier in (names or ()) for names in used)
