"""The IAM documents of VPC flow logs."""

from __future__ import annotations

from domain.access.documents import Document, Place, document


def flow_log_trust_policy(place: Place) -> Document:
    """Lets VPC flow logs of this account and region, and no other's, take the role.

    Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs", with its confused-deputy conditions.
    """
    return document(
        [
            {
                "Effect": "Allow",
                "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": place.account_id},
                    "ArnLike": {"aws:SourceArn": f"arn:{place.partition}:ec2:{place.region}:{place.account_id}:vpc-flow-log/*"},
                },
            }
        ]
    )


def flow_log_permissions(log_group_arn: str) -> Document:
    """What the flow-log role may do: write to its own log group, and see which log groups there are.

    Same page of the guide. CloudWatch Logs lists all log groups or none: on one log group, the permission grants nothing.
    """
    return document(
        [
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                "Resource": [log_group_arn, f"{log_group_arn}:*"],
            },
            {"Effect": "Allow", "Action": ["logs:DescribeLogGroups"], "Resource": "*"},
        ]
    )
