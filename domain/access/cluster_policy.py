"""A cluster's own policy: what principals of other accounts may do, whom this account's IAM policies do not reach.

MSK Developer Guide, "Permissions for multi-VPC private connectivity" (what setting up a connection takes) and "Amazon MSK
cluster policies". Nothing is said for this account's own principals: their IAM policies say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.access.documents import Document, Statement
from domain.access.rights import Access
from domain.access.statements import statements

MANAGEMENT = (
    "kafka:CreateVpcConnection",
    "kafka:DescribeCluster",
    "kafka:DescribeClusterV2",
    "kafka:GetBootstrapBrokers",
)
"""What whoever sets up a connection on the client's side does with the cluster."""


def account_of(principal_arn: str) -> str:
    """The account of a principal's ARN."""
    return principal_arn.split(":")[4]


def elsewhere(principal_arn: str, accounts: Iterable[str], principals: Iterable[str] = ()) -> bool:
    """Whether a principal is of an account that multi-VPC connectivity names: the cluster's policy speaks for it.

    Args:
        principal_arn: The principal of a client.
        accounts: The accounts named.
        principals: Principals named by their ARNs.
    """
    return account_of(principal_arn) in {*accounts, *map(account_of, principals)}


def cluster_policy(
    cluster_arn: str, *, accounts: Iterable[str], principals: Iterable[str], clients: Mapping[str, Access]
) -> Document:
    """The policy, the same for the same names in any order.

    Args:
        cluster_arn: The cluster's ARN.
        accounts: Accounts whose administrators may set up connections, and hand that on.
        principals: Principals of other accounts that may set up connections.
        clients: What clients of other accounts may do with the data, by their principal's ARN.

    Raises:
        ValueError: Nobody is named, or the ARN is not that of an Amazon MSK cluster.
    """
    partition = cluster_arn.split(":")[1]
    named = sorted({*(f"arn:{partition}:iam::{account}:root" for account in accounts), *principals})
    if not named:
        raise ValueError("A cluster policy names accounts or principals.")
    policy_statements: list[Statement] = [
        {
            "Sid": "Connections",
            "Effect": "Allow",
            "Principal": {"AWS": named},
            "Action": list(MANAGEMENT),
            "Resource": cluster_arn,
        }
    ]
    for number, principal in enumerate(sorted(clients), start=1):
        policy_statements += [
            {**statement, "Sid": f"{statement['Sid']}{number}", "Principal": {"AWS": principal}}
            for statement in statements(clients[principal], cluster_arn)
        ]
    return {"Version": "2012-10-17", "Statement": policy_statements}
