"""Resource types of other providers, aws-native above all, read as the types of the aws provider that they are the twins of.

Rules know the aws provider's names alone. A twin's properties answer to those names, and what a rule then says is
put into the twin's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_CLUSTER: Final[Mapping[str, str]] = {
    "clientAuthentication.sasl.iam": "clientAuthentication.sasl.iam.enabled",
    "clientAuthentication.sasl.scram": "clientAuthentication.sasl.scram.enabled",
    "clientAuthentication.tls.certificateAuthorityArns": "clientAuthentication.tls.certificateAuthorityArnList",
    "clientAuthentication.unauthenticated": "clientAuthentication.unauthenticated.enabled",
    "encryptionInfo.encryptionAtRestKmsKeyArn": "encryptionInfo.encryptionAtRest.dataVolumeKmsKeyId",
    "loggingInfo.brokerLogs.cloudwatchLogs": "loggingInfo.brokerLogs.cloudWatchLogs",
}

TWINS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "aws-native:msk:Cluster": ("aws:msk/cluster:Cluster", _CLUSTER),
    "aws-native:msk:ServerlessCluster": ("aws:msk/serverlessCluster:ServerlessCluster", {}),
    "aws-native:kms:Key": (
        "aws:kms/key:Key",
        {"customerMasterKeySpec": "keySpec", "policy": "keyPolicy", "isEnabled": "enabled", "id": "keyId"},
    ),
    "aws-native:kms:Alias": ("aws:kms/alias:Alias", {"name": "aliasName"}),
    "aws-native:ec2:PrefixList": ("aws:ec2/managedPrefixList:ManagedPrefixList", {"id": "prefixListId"}),
    "aws-native:ec2:VpcEndpointService": ("aws:ec2/vpcEndpointService:VpcEndpointService", {"id": "serviceId"}),
    "aws-native:secretsmanager:Secret": ("aws:secretsmanager/secret:Secret", {"arn": "id"}),
    "aws-native:logs:LogGroup": ("aws:cloudwatch/logGroup:LogGroup", {"name": "logGroupName"}),
    "aws-native:applicationautoscaling:ScalableTarget": ("aws:appautoscaling/target:Target", {}),
    "aws-native:applicationautoscaling:ScalingPolicy": ("aws:appautoscaling/policy:Policy", {}),
    "aws-native:kinesisfirehose:DeliveryStream": ("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", {}),
    "aws-native:ssm:Parameter": ("aws:ssm/parameter:Parameter", {}),
    "kafka:index/topic:Topic": ("aws:msk/topic:Topic", {"configs": "config", "partitionCount": "partitions"}),
}
"""By the twin's type: the type it is judged as, and its own paths by that type's paths where the two differ.

The paths of a twin of aws-native are the property names of AWS CloudFormation, in camel case; those of the kafka provider are
its own.
"""


class TwinProps(Mapping[str, Any]):
    """A twin's properties: `read` finds them by the paths of the type it is judged as."""

    def __init__(self, props: Mapping[str, Any], paths: Mapping[str, str]) -> None:
        self.props = props
        self._paths = paths

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - as the SDK's own mapping
        return self.props[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.props)

    def __len__(self) -> int:
        return len(self.props)

    def own_path(self, path: str) -> str:
        """The twin's path of what the other type has at `path`."""
        for theirs, own in self._paths.items():
            if path == theirs or path.startswith(f"{theirs}."):
                return own + path.removeprefix(theirs)
        return path


def is_twin(props: Mapping[str, Any]) -> bool:
    """Whether these are the properties of a twin: what goes to AWS by CloudFormation's interface, not by the aws provider."""
    return isinstance(props, TwinProps)


def as_judged(resource_type: str, props: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The type that a resource is judged as, and its properties in that type's names."""
    if resource_type not in TWINS:
        return resource_type, props
    judged_as, paths = TWINS[resource_type]
    return judged_as, TwinProps(props, paths)


def in_own_words(resource_type: str, sentence: str) -> str:
    """What a rule says of a resource, with the resource's own property names."""
    _, paths = TWINS.get(resource_type, ("", {}))
    for theirs, own in paths.items():
        if theirs not in _ENGLISH:
            sentence = _path(theirs).sub(own, _path(own).sub(theirs, sentence))
    return sentence


_ENGLISH: Final = frozenset({"arn", "id", "name"})
"""Names of properties that a sentence may hold as words: no rule names such a property of a twin."""


def _path(path: str) -> re.Pattern[str]:
    """A path as a word of its own: the same letters within another word, such as a resource's name, are none."""
    return re.compile(rf"(?<![\w.-]){re.escape(path)}(?![\w-])")
