"""The stack file's block `import`."""

from __future__ import annotations

from pydantic import Field

from domain.guards.takeover import (
    ClusterProperty,
    ConfigurationProperty,
    LogGroupProperty,
    RuleProperty,
    SecurityGroupProperty,
    SubnetProperty,
    VpcProperty,
    kept_paths,
)
from domain.settings.types import (
    Block,
    ClusterArn,
    ConfigurationArn,
    LogGroupName,
    SecurityGroupId,
    SecurityGroupRuleId,
    SubnetId,
    VpcId,
    ZoneId,
)


class Kept(Block):
    """What of the imported resources stays as it is, though the settings say otherwise."""

    vpc: list[VpcProperty] = Field(default_factory=list, description="Properties of the VPC left as they are.")
    subnets: list[SubnetProperty] = Field(default_factory=list, description="Properties of the subnets left as they are.")
    security_group: list[SecurityGroupProperty] = Field(
        default_factory=list, alias="securityGroup", description="Properties of the security group left as they are."
    )
    rules: list[RuleProperty] = Field(default_factory=list, description="Properties of the imported rules left as they are.")
    configuration: list[ConfigurationProperty] = Field(
        default_factory=list, description="Properties of the configuration left as they are."
    )
    cluster: list[ClusterProperty] = Field(
        default_factory=list,
        description="Properties of the cluster left as they are. Removing securityGroups or inCluster from this list would "
        "replace the cluster.",
    )
    broker_log_group: list[LogGroupProperty] = Field(
        default_factory=list, alias="brokerLogGroup", description="Properties of the log group left as they are."
    )


class Import(Block):
    """What runs already and is taken over by its id. The ids stay in the stack file afterwards."""

    vpc: VpcId | None = Field(None, description="The VPC's ID, given with subnets.")
    subnets: dict[ZoneId, SubnetId] = Field(default_factory=dict, description="The brokers' subnets by Availability Zone ID.")
    security_group: SecurityGroupId | None = Field(
        None, alias="securityGroup", description="The ID of the brokers' security group."
    )
    rules: dict[str, SecurityGroupRuleId] = Field(
        default_factory=dict,
        description="Existing rules of the group that the clients need, by port and source, such as 9098-from-10.90.0.0/24.",
    )
    configuration: ConfigurationArn | None = Field(None, description="The MSK configuration's ARN.")
    cluster: ClusterArn | None = Field(None, description="The cluster's ARN; clusterName must be its name.")
    broker_log_group: LogGroupName | None = Field(None, alias="brokerLogGroup", description="The name of the brokers' log group.")
    frozen: bool = Field(
        True, description="Refuse every update of imported resources. Set it to false after the takeover, to change them."
    )
    keep: Kept = Field(
        default_factory=Kept,
        description="Properties left as they are until you remove them from this list; the preview then shows what changes.",
    )

    def kept(self, part: str) -> list[str]:
        """The property paths left as they are of a part, by its key in ``import``."""
        aliases = {field.alias or name: name for name, field in Kept.model_fields.items()}
        return kept_paths(part, getattr(self.keep, aliases[part]))
