"""Resources of the types that this pack can judge.

The aws-native provider has types of its own for what the aws provider makes as well. The pack judges its clusters as the
aws provider's (`twins`); the others would slip past every rule, so they are refused. Complying costs another type for a
resource that the pack shall judge; what exists already is imported under it.

Unknown values: none; a type is always known.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_policy import Severity

from msk_policies.kit.judges import Judge
from msk_policies.kit.rule import CONNECTOR, resource_rule
from msk_policies.kit.twins import TWINS
from msk_policies.msk.configurations import CONFIGURATION
from msk_policies.msk.log_groups import CHANNEL, REPLICATOR
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
_MODULES: Final = ("aws-native:msk:", "aws-native:kafkaconnect:")


class _Refusals(Mapping[str, Judge]):
    """A judge for every type of the modules, those that are not listed included: they may have come later."""

    def __getitem__(self, resource_type: str) -> Judge:
        if resource_type in TWINS or not resource_type.startswith(_MODULES):
            raise KeyError(resource_type)
        remedy = f"Use {_OTHERS[resource_type]}" if resource_type in _OTHERS else "Use a type of the aws provider"

        def refuse(_props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
            shown = resource_type if resource_type in _OTHERS else "this type"
            yield f"Use resource types that this pack can judge: no rule judges {shown}. {remedy}."

        return refuse

    def __iter__(self) -> Iterator[str]:
        return iter(_OTHERS)

    def __len__(self) -> int:
        return len(_OTHERS)


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
