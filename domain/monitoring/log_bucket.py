"""A bucket for broker logs: who may write to it, and what its lifecycle is."""

from __future__ import annotations

from domain.access.documents import Document, Place

ABORT_UPLOADS_AFTER_DAYS = 7
"""Days after which what is left of a broken upload goes."""


def delivered_prefix(place: Place, prefix: str) -> str:
    """Where the log delivery service puts objects, below the prefix that is asked for.

    CloudWatch Logs User Guide, "Logs sent to Amazon S3".
    """
    return f"{prefix}/AWSLogs/{place.account_id}/" if prefix else f"AWSLogs/{place.account_id}/"


def log_bucket_policy(place: Place, bucket: str, prefix: str) -> Document:
    """The bucket's policy: the log delivery service writes for this account and region, and nobody without TLS.

    CloudWatch Logs User Guide, "Logs sent to Amazon S3", with its conditions against a confused deputy.

    Args:
        place: Where the stack is.
        bucket: The bucket's name.
        prefix: What the objects' keys begin with; may be empty.
    """
    arn = f"arn:{place.partition}:s3:::{bucket}"
    delivery = {"Service": "delivery.logs.amazonaws.com"}
    ours = {
        "StringEquals": {"aws:SourceAccount": place.account_id},
        "ArnLike": {"aws:SourceArn": f"arn:{place.partition}:logs:{place.region}:{place.account_id}:*"},
    }
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AWSLogDeliveryWrite",
                "Effect": "Allow",
                "Principal": delivery,
                "Action": "s3:PutObject",
                "Resource": f"{arn}/{delivered_prefix(place, prefix)}*",
                "Condition": {
                    **ours,
                    "StringEquals": {**ours["StringEquals"], "s3:x-amz-acl": "bucket-owner-full-control"},
                },
            },
            {
                "Sid": "AWSLogDeliveryAclCheck",
                "Effect": "Allow",
                "Principal": delivery,
                "Action": ["s3:GetBucketAcl", "s3:ListBucket"],
                "Resource": arn,
                "Condition": ours,
            },
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, f"{arn}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }
