"""The stack file's block `network`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.forms import EACH_ONCE
from domain.msk.serverless import FEWEST_SUBNETS, MOST_SECURITY_GROUPS, MOST_SUBNETS
from domain.settings.clients import PrincipalArn
from domain.settings.types import AccountId, Block, RetentionDays, SecurityGroupId, SubnetId, VpcId, ZoneId, matching

ClientVpcName = Annotated[
    str, matching(r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?", "a name of at most 50 lower-case letters, digits and hyphens")
]


class FlowLogs(Block):
    """VPC flow logs, written to an encrypted log group."""

    retention_days: RetentionDays = Field(365, alias="retentionDays", description="Days the flow logs are kept.")


class ExistingNetwork(Block):
    """A VPC that is already there."""

    vpc_id: VpcId = Field(alias="vpcId", description="The VPC's ID. Changing it replaces the cluster.")
    subnet_ids: list[SubnetId] = Field(
        alias="subnetIds",
        min_length=FEWEST_SUBNETS,
        max_length=MOST_SUBNETS,
        description="Two or three subnets in different Availability Zones; up to six for a Serverless cluster. Changing them "
        "replaces the cluster.",
    )


class ClientVpc(Block):
    """Another VPC of this account that a Serverless cluster is reached from, beside its own."""

    subnet_ids: Annotated[list[SubnetId], EACH_ONCE] = Field(
        alias="subnetIds",
        min_length=FEWEST_SUBNETS,
        max_length=MOST_SUBNETS,
        description="Two to six subnets of the VPC in different Availability Zones. Changing them replaces the cluster.",
    )
    security_group_ids: Annotated[list[SecurityGroupId], EACH_ONCE] = Field(
        alias="securityGroupIds",
        min_length=1,
        max_length=MOST_SECURITY_GROUPS,
        description="Security groups of that VPC that let its clients in on port 9098. Changing them replaces the cluster.",
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for key, ids in (("subnetIds", self.subnet_ids), ("securityGroupIds", self.security_group_ids)):
            if len(set(ids)) < len(ids):
                raise ValueError(f"names one of {key} twice. Remove one of the two.")
        return self


class MultiVpc(Block):
    """Multi-VPC private connectivity: clients of other VPCs and accounts connect through AWS PrivateLink."""

    iam: bool = Field(False, description="For SASL/IAM.")
    scram: bool = Field(False, description="For SASL/SCRAM.")
    tls: bool = Field(False, description="For mutual TLS.")
    accounts: list[AccountId] = Field(
        default_factory=list, description="Other accounts that may set up connections, by their 12-digit account IDs."
    )
    principals: list[PrincipalArn] = Field(
        default_factory=list,
        description="ARNs of IAM roles and users of other accounts that may set up connections, if the whole account may not.",
    )

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """What it is on for, by the keys of ``authentication``."""
        return tuple(name for name in ("iam", "scram", "tls") if getattr(self, name))


class Network(Block):
    """Where the brokers live: a VPC made for them, or an existing one."""

    cidr: str = Field("10.40.0.0/20", description="The new VPC's IPv4 range. Changing it replaces the VPC and the cluster.")
    zones: list[ZoneId] = Field(
        default_factory=list,
        description="Two or three Availability Zone IDs. Default: three fixed ones of the region. "
        "Changing them replaces the cluster.",
    )
    nat_gateways: Literal["none", "single", "perZone"] = Field(
        "none",
        alias="natGateways",
        description="NAT gateways for other workloads in the VPC; the brokers need none.",
    )
    flow_logs: FlowLogs | None = Field(None, alias="flowLogs", description="VPC flow logs; off unless given.")
    public_access: bool = Field(
        False,
        alias="publicAccess",
        description="Public endpoints of the brokers. AWS allows them only for an existing cluster.",
    )
    multi_vpc: MultiVpc | None = Field(
        None,
        alias="multiVpc",
        description="Private connections from other VPCs and accounts; none unless given. To turn it off, set its mechanisms to "
        "false and deploy before you remove it.",
    )
    ipv6: bool = Field(
        False,
        description="IPv6 beside IPv4 (network type DUAL). AWS allows it only for an existing cluster, and it cannot be turned "
        "off.",
    )
    existing: ExistingNetwork | None = Field(None, description="Use this VPC instead of creating one.")
    client_vpcs: dict[ClientVpcName, ClientVpc] = Field(
        default_factory=dict,
        alias="clientVpcs",
        description="Other VPCs that a Serverless cluster is reached from, by name, at most four. Changing them replaces the "
        "cluster.",
    )
