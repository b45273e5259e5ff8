"""What AWS's API models say of the calls that this product's resources become: names, lengths, patterns, values, sizes of lists.

The models are those of botocore. A resource's inputs are held against the input of the call that creates it. What no model says
and AWS documents is in `support.aws_documented`.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import regex
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, StringShape, StructureShape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from botocore.model import Shape


@dataclass(frozen=True, slots=True)
class Call:
    """The call that creates a resource.

    Attributes:
        service: botocore's name of the service.
        operation: The call.
        renamed: Members, with dots, by those properties whose names differ by more than case and a plural.
        not_sent: Properties that are no member of this call: other calls', or the provider's own.
        tags: The member with the tags; empty where the call takes none of this form.
    """

    service: str
    operation: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    not_sent: Collection[str] = ()
    tags: str = ""


def _ec2(operation: str, *not_sent: str, **renamed: str) -> Call:
    return Call("ec2", operation, renamed, not_sent)


_RULE: Final = {
    "securityGroupId": "GroupId",
    "ipProtocol": "IpPermissions.IpProtocol",
    "fromPort": "IpPermissions.FromPort",
    "toPort": "IpPermissions.ToPort",
    "cidrIpv4": "IpPermissions.IpRanges.CidrIp",
    "cidrIpv6": "IpPermissions.Ipv6Ranges.CidrIpv6",
    "prefixListId": "IpPermissions.PrefixListIds.PrefixListId",
    "referencedSecurityGroupId": "IpPermissions.UserIdGroupPairs.GroupId",
    "description": "IpPermissions.IpRanges.Description",
}
_ALARM: Final = {
    "name": "AlarmName",
    "metricQueries": "Metrics",
    "metricQueries.metric": "MetricStat",
    **{f"metricQueries.metric.{name}": f"Metric.{name}" for name in ("dimensions", "metricName", "namespace")},
}
_CONNECTIVITY: Final = "brokerNodeGroupInfo.connectivityInfo.vpcConnectivity.clientAuthentication"

CALLS: Final[Mapping[str, Call]] = {
    "aws:acmpca/certificate:Certificate": Call(
        "acm-pca", "IssueCertificate", {"certificateSigningRequest": "Csr"}, ("validity.value",)
    ),
    "aws:acmpca/certificateAuthority:CertificateAuthority": Call(
        "acm-pca",
        "CreateCertificateAuthority",
        {"type": "CertificateAuthorityType"},
        ("enabled", "permanentDeletionTimeInDays"),
        "Tags",
    ),
    "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate": Call(
        "acm-pca", "ImportCertificateAuthorityCertificate"
    ),
    "aws:amp/alertManagerDefinition:AlertManagerDefinition": Call("amp", "CreateAlertManagerDefinition", {"definition": "data"}),
    "aws:amp/ruleGroupNamespace:RuleGroupNamespace": Call("amp", "CreateRuleGroupsNamespace", tags="tags"),
    "aws:amp/scraper:Scraper": Call(
        "amp",
        "CreateScraper",
        {
            "scrapeConfiguration": "scrapeConfiguration.configurationBlob",
            "source.vpc": "vpcConfiguration",
            "destination.amp": "ampConfiguration",
        },
        tags="tags",
    ),
    "aws:amp/workspace:Workspace": Call("amp", "CreateWorkspace", tags="tags"),
    "aws:appautoscaling/policy:Policy": Call("application-autoscaling", "PutScalingPolicy", {"name": "PolicyName"}),
    "aws:appautoscaling/target:Target": Call("application-autoscaling", "RegisterScalableTarget", tags="Tags"),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": Call("cloudwatch", "PutCompositeAlarm", tags="Tags"),
    "aws:cloudwatch/dashboard:Dashboard": Call("cloudwatch", "PutDashboard"),
    "aws:cloudwatch/logGroup:LogGroup": Call(
        "logs", "CreateLogGroup", {"name": "logGroupName"}, ("retentionInDays", "skipDestroy"), "tags"
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Call(
        "logs",
        "PutMetricFilter",
        {
            "name": "filterName",
            "pattern": "filterPattern",
            "metricTransformation": "metricTransformations",
            "metricTransformation.name": "metricName",
            "metricTransformation.namespace": "metricNamespace",
            "metricTransformation.value": "metricValue",
        },
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Call("cloudwatch", "PutMetricAlarm", _ALARM, tags="Tags"),
    "aws:cloudwatch/queryDefinition:QueryDefinition": Call("logs", "PutQueryDefinition"),
    # Made by AWS with the VPC; what is asked of it is that it has no rules.
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _ec2(
        "DescribeSecurityGroups", "egress", "ingress", "revokeRulesOnDelete", "vpcId"
    ),
    "aws:ec2/eip:Eip": _ec2("AllocateAddress"),
    "aws:ec2/flowLog:FlowLog": _ec2("CreateFlowLogs", iamRoleArn="DeliverLogsPermissionArn", vpcId="ResourceIds"),
    "aws:ec2/instance:Instance": _ec2(
        "RunInstances",
        "getPasswordData",
        "iamInstanceProfile",
        "rootBlockDevice.tags",
        "sourceDestCheck",
        "userDataReplaceOnChange",
        ami="ImageId",
        associatePublicIpAddress="NetworkInterfaces.AssociatePublicIpAddress",
        rootBlockDevice="BlockDeviceMappings.Ebs",
        vpcSecurityGroupIds="SecurityGroupIds",
    ),
    "aws:ec2/internetGateway:InternetGateway": _ec2("CreateInternetGateway", "vpcId"),
    "aws:ec2/natGateway:NatGateway": _ec2("CreateNatGateway"),
    "aws:ec2/route:Route": _ec2("CreateRoute"),
    "aws:ec2/routeTable:RouteTable": _ec2("CreateRouteTable"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _ec2("AssociateRouteTable"),
    "aws:ec2/securityGroup:SecurityGroup": _ec2("CreateSecurityGroup", "revokeRulesOnDelete", name="GroupName"),
    "aws:ec2/subnet:Subnet": _ec2(
        "CreateSubnet",
        "assignIpv6AddressOnCreation",
        "enableDns64",
        "enableResourceNameDnsARecordOnLaunch",
        "enableResourceNameDnsAaaaRecordOnLaunch",
        "mapPublicIpOnLaunch",
    ),
    "aws:ec2/vpc:Vpc": _ec2(
        "CreateVpc", "enableDnsHostnames", "enableDnsSupport", assignGeneratedIpv6CidrBlock="AmazonProvidedIpv6CidrBlock"
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _ec2("CreateVpcEndpoint"),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Call("eks", "CreatePodIdentityAssociation", tags="tags"),
    "aws:grafana/workspace:Workspace": Call(
        "grafana",
        "CreateWorkspace",
        {"name": "workspaceName", "dataSources": "workspaceDataSources", "roleArn": "workspaceRoleArn"},
        tags="tags",
    ),
    "aws:iam/instanceProfile:InstanceProfile": Call(
        "iam", "CreateInstanceProfile", {"name": "InstanceProfileName"}, ("role",), "Tags"
    ),
    "aws:iam/policy:Policy": Call("iam", "CreatePolicy", {"name": "PolicyName", "policy": "PolicyDocument"}, tags="Tags"),
    "aws:iam/role:Role": Call(
        "iam",
        "CreateRole",
        {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"},
        ("forceDetachPolicies",),
        "Tags",
    ),
    "aws:iam/rolePolicy:RolePolicy": Call(
        "iam", "PutRolePolicy", {"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"}
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Call("iam", "AttachRolePolicy", {"role": "RoleName"}),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": Call("iam", "AttachUserPolicy", {"user": "UserName"}),
    "aws:kms/alias:Alias": Call("kms", "CreateAlias", {"name": "AliasName"}),
    "aws:kms/key:Key": Call("kms", "CreateKey", {}, ("deletionWindowInDays", "enableKeyRotation", "isEnabled"), "Tags"),
    "aws:msk/cluster:Cluster": Call(
        "kafka",
        "CreateCluster",
        {
            "brokerNodeGroupInfo.azDistribution": "BrokerAZDistribution",
            f"{_CONNECTIVITY}.sasl.iam": "Iam.Enabled",
            f"{_CONNECTIVITY}.sasl.scram": "Scram.Enabled",
            f"{_CONNECTIVITY}.tls": "Tls.Enabled",
            "clientAuthentication.sasl.iam": "Iam.Enabled",
            "clientAuthentication.sasl.scram": "Scram.Enabled",
            "clientAuthentication.tls.certificateAuthorityArns": "CertificateAuthorityArnList",
            "clientAuthentication.unauthenticated": "Unauthenticated.Enabled",
            "encryptionInfo.encryptionAtRestKmsKeyArn": "EncryptionAtRest.DataVolumeKMSKeyId",
        },
        # The model has 15 brokers at most: it is older than the quotas of 30 and 60, which `domain.checks.limits` knows.
        ("numberOfBrokerNodes",),
        "Tags",
    ),
    "aws:msk/clusterPolicy:ClusterPolicy": Call("kafka", "PutClusterPolicy"),
    "aws:msk/configuration:Configuration": Call("kafka", "CreateConfiguration"),
    "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation": Call(
        "kafka", "BatchAssociateScramSecret", {"secretArn": "SecretArnList"}
    ),
    "aws:msk/topic:Topic": Call("kafka", "CreateTopic", {"name": "TopicName"}),
    "aws:s3/bucket:Bucket": Call("s3", "CreateBucket", {}, ("forceDestroy",), "CreateBucketConfiguration.Tags"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Call(
        "s3", "PutBucketLifecycleConfiguration", {"rules": "LifecycleConfiguration.Rules"}
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Call("s3", "PutBucketPolicy"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Call(
        "s3",
        "PutPublicAccessBlock",
        {
            name: f"PublicAccessBlockConfiguration.{name[0].upper()}{name[1:]}"
            for name in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        },
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Call(
        "s3", "PutBucketEncryption", {"rules": "ServerSideEncryptionConfiguration.Rules"}
    ),
    "aws:secretsmanager/secret:Secret": Call("secretsmanager", "CreateSecret", {}, ("recoveryWindowInDays",), "Tags"),
    "aws:secretsmanager/secretPolicy:SecretPolicy": Call(
        "secretsmanager", "PutResourcePolicy", {"policy": "ResourcePolicy", "secretArn": "SecretId"}
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Call("secretsmanager", "PutSecretValue"),
    # Attributes are texts to the model; `support.aws_documented` knows those that are sent.
    "aws:sns/topic:Topic": Call(
        "sns", "CreateTopic", {}, ("contentBasedDeduplication", "displayName", "fifoTopic", "kmsMasterKeyId"), "Tags"
    ),
    "aws:sns/topicPolicy:TopicPolicy": Call("sns", "SetTopicAttributes", {"arn": "TopicArn", "policy": "AttributeValue"}),
    "aws:sns/topicSubscription:TopicSubscription": Call(
        "sns",
        "Subscribe",
        {"topic": "TopicArn"},
        ("confirmationTimeoutInMinutes", "endpointAutoConfirms", "rawMessageDelivery"),
    ),
    "aws:ssm/parameter:Parameter": Call("ssm", "PutParameter", {"insecureValue": "Value"}, tags="Tags"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _ec2("AuthorizeSecurityGroupEgress", **_RULE),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _ec2("AuthorizeSecurityGroupIngress", **_RULE),
}
"""The call of every type that the product makes."""


@functools.cache
def input_of(service: str, operation: str) -> Shape:
    """The shape of a call's input."""
    shape: Shape = _service(service).operation_model(operation).input_shape
    return shape


@functools.cache
def _service(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"))


def refusals(resource_type: str, inputs: Mapping[str, Any]) -> list[str]:
    """What the model does not allow of a resource: a property and why, each.

    Raises:
        KeyError: A type has no call here, or a property is neither a member of its call nor said not to be one.
    """
    call = CALLS[resource_type]
    shape = input_of(call.service, call.operation)
    return list(_of_structure(call, shape, inputs, ""))


def _of_structure(call: Call, shape: Shape, values: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, value in values.items():
        place = f"{path}.{name}" if path else name
        plain = ".".join(part for part in place.split(".") if not part.isdecimal())
        if value is None or plain in call.not_sent or (name in ("tags", "tagsAll") and plain != "tagsAll"):
            continue
        if plain == "tagsAll":
            yield from _of_tags(call, value)
            continue
        yield from _of(call, _member(shape, call.renamed.get(plain, name), f"{call.operation}: {plain}"), value, place)


def _member(shape: Shape, wanted: str, place: str) -> Shape:
    """The shape that a name leads to, whatever its case, with or without a plural, and through lists."""
    for part in wanted.lower().split("."):
        inner = shape.member if isinstance(shape, ListShape) else shape
        members = {name.lower(): member for name, member in inner.members.items()} if isinstance(inner, StructureShape) else {}
        name = next((alias for alias in (part, f"{part}s", part.removesuffix("s")) if alias in members), None)
        if name is None:
            raise KeyError(place)
        shape = members[name]
    return shape


def _of(call: Call, shape: Shape, value: Any, place: str) -> Iterator[str]:
    if isinstance(shape, ListShape):
        yield from _of_list(call, shape, value, place)
    elif isinstance(shape, StructureShape) and isinstance(value, dict):
        yield from _of_structure(call, shape, value, place)
    elif isinstance(shape, MapShape):
        yield from _bounds(shape, len(value), place, "entries")
        for key, item in value.items():
            yield from _of_text(shape.key, str(key), f"the key of {place}")
            yield from _of(call, shape.value, item, f"{place}.{key}")
    elif shape.type_name in ("string", "blob"):
        yield from _of_text(shape, value if isinstance(value, str) else json.dumps(value), place)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _bounds(shape, float(value), place, "")
    elif shape.type_name == "boolean":
        if not isinstance(value, bool):
            yield f"{place} is {value!r}, no boolean"
    else:
        raise KeyError(f"{call.operation}: {place} is a {shape.type_name}")


def _of_list(call: Call, shape: ListShape, value: Any, place: str) -> Iterator[str]:
    items = value if isinstance(value, list) else [value]
    if isinstance(value, dict) and isinstance(shape.member, StructureShape) and {"Name", "Value"} == set(shape.member.members):
        items = [{"Name": key, "Value": text} for key, text in value.items()]
    yield from _bounds(shape, len(items), place, "entries")
    for index, item in enumerate(items):
        yield from _of(call, shape.member, item, f"{place}.{index}")


def _of_text(shape: Shape, text: str, place: str) -> Iterator[str]:
    yield from _bounds(shape, len(text), place, "characters")
    if isinstance(shape, StringShape) and shape.enum and text not in shape.enum:
        yield f"{place} is {text!r}, none of those that the model lists"
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(text):
        yield f"{place} is {text!r}, not of the form {pattern}"


@functools.cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    # Java writes what is outside the first plane as two halves.
    return regex.compile(pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"))


def _bounds(shape: Shape, number: float, place: str, unit: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and number < least) or (most is not None and number > most):
        yield f"{place} has {number:g} {unit}, and the model takes {least} to {most}"


def _of_tags(call: Call, tags: Mapping[str, str]) -> Iterator[str]:
    if not call.tags or not tags:
        return
    shape = _member(input_of(call.service, call.operation), call.tags, f"{call.operation}: {call.tags}")
    if isinstance(shape, MapShape):
        key, value = shape.key, shape.value
    else:
        member = shape.member
        members = {name.lower().removeprefix("tag"): inner for name, inner in member.members.items()}
        key, value = members["key"], members["value"]
    yield from _bounds(shape, len(tags), "tags", "entries")
    for name, text in tags.items():
        yield from _of_text(key, name, f"the key of tags.{name}")
        yield from _of_text(value, text, f"tags.{name}")
