"""Resources of the types that this pack can judge.

The aws-native provider has types of its own for what the aws provider makes as well. The pack judges its clusters as the
aws provider's (`twins`); the others would slip past every rule, so they are refused. Complying costs another type for a
resource that the pack shall judge; what exists already is imported under it.

Templates of AWS CloudFormation, Cloud Control and the aws-native provider's ExtensionResource can make the same things without a
type of their own; they are refused where they name such a type. A template that is only an address is not judged.

Unknown values: a type is always known; a template, or the name of a type, that is not known yet is only advised on in a preview.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_policy import Severity

from msk_policies.kit.documents import parsed
from msk_policies.kit.judges import Judge, NotJudgedError
from msk_policies.kit.properties import read
from msk_policies.kit.rule import CONNECTOR, resource_rule
from msk_policies.kit.twins import TWINS
from msk_policies.logs.log_groups import CHANNEL, REPLICATOR
from msk_policies.msk.configurations import CONFIGURATION
from msk_policies.msk.scram import SINGLE

_OTHERS: Final[Mapping[str, str]] = {
    "aws-native:msk:BatchScramSecret": SINGLE,
    "aws-native:msk:Channel": CHANNEL,
    "aws-native:msk:ClusterPolicy": "aws:msk/clusterPolicy:ClusterPolicy",
    "aws-native:msk:Configuration": CONFIGURATION,
    "aws-native:msk:Replicator": REPLICATOR,
    "aws-native:msk:Topic": "aws:msk/topic:Topic",
    "aws-native:msk:VpcConnection": "aws:msk/vpcConnection:VpcConnection",
    "aws-native:kafkaconnect:Connector": CONNECTOR,
    "aws-native:kafkaconnect:CustomPlugin": "aws:mskconnect/customPlugin:CustomPlugin",
    "aws-native:kafkaconnect:WorkerConfiguration": "aws:mskconnect/workerConfiguration:WorkerConfiguration",
}
_MODULES: Final = (
    "aws-native:msk:",
    "aws-native:kafkaconnect:",
    "kubernetes:kafka.services.k8s.aws/",
    "kubernetes:kafka.aws.upbound.io/",
    "kubernetes:kafka.aws.crossplane.io/",
)
"""How types of Amazon MSK begin in other providers: of CloudFormation, and of controllers for AWS within Kubernetes."""
_OF_AMAZON_MSK: Final = re.compile(r"AWS::(MSK|KafkaConnect)::")
"""How AWS CloudFormation's names of such types begin."""

_BY_TYPE_NAME: Final = {"aws:cloudcontrol/resource:Resource": "typeName", "aws-native:index:ExtensionResource": "type"}
"""By type that makes resources of any type: the property that says which."""
_BY_TEMPLATE: Final = (
    "aws:cloudformation/stack:Stack",
    "aws:cloudformation/stackSet:StackSet",
    "aws-native:cloudformation:Stack",
    "aws-native:cloudformation:StackSet",
)
_TEMPLATES: Final = ("templateBody", "template")


def _refuse(shown: str, remedy: str) -> str:
    return f"Use resource types that this pack can judge: no rule judges {shown}. {remedy}."


def _by_type_name(path: str) -> Judge:
    def judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
        if _OF_AMAZON_MSK.match(str(read(props, path))):
            yield _refuse(f"what {path} makes here", "Use a type of the aws provider")

    return judge


def _by_template(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    for path in _TEMPLATES:
        if _OF_AMAZON_MSK.search(_plain(read(props, path))):
            yield _refuse(f"the resources of Amazon MSK in {path}", "Use types of the aws provider")
            return
    if read(props, "templateUrl") is not None:
        message = "A template that is elsewhere may make resources of Amazon MSK."
        raise NotJudgedError(message)


def _plain(template: object) -> str:
    """A template without the escapes of JSON."""
    return json.dumps(parsed(template), ensure_ascii=False) + str(template)


class _Refusals(Mapping[str, Judge]):
    """A judge for every type of the modules, those that are not listed included: they may have come later."""

    def __getitem__(self, resource_type: str) -> Judge:
        if resource_type in _BY_TYPE_NAME:
            return _by_type_name(_BY_TYPE_NAME[resource_type])
        if resource_type in _BY_TEMPLATE:
            return _by_template
        if resource_type in TWINS or not resource_type.startswith(_MODULES):
            raise KeyError(resource_type)
        remedy = f"Use {_OTHERS[resource_type]}" if resource_type in _OTHERS else "Use a type of the aws provider"

        def refuse(_props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
            yield _refuse(resource_type if resource_type in _OTHERS else "this type", remedy)

        return refuse

    def __iter__(self) -> Iterator[str]:
        return iter((*_OTHERS, *_BY_TYPE_NAME, *_BY_TEMPLATE))

    def __len__(self) -> int:
        return len(_OTHERS) + len(_BY_TYPE_NAME) + len(_BY_TEMPLATE)


POLICY = resource_rule(
    "judged-resource-types",
    display_name="Resource types that can be judged",
    description="Programs should use resource types that the policies can judge.",
    judges=_Refusals(),
    severity=Severity.MEDIUM,
    tags=["msk", "mskconnect", "coverage"],
    remediation_steps="Declare the resource with the type of the aws provider. To keep what is deployed, import it as that "
    "type, then remove the old type from the program and from the state (pulumi state delete).",
    url="https://www.pulumi.com/docs/iac/adopting-pulumi/import/",
)
