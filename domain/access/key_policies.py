"""IAM policy documents as data: key policies, trust policies and what the flow-log role may do.

Pure functions of identifiers; a document is a plain dictionary, and `as_json` writes it the same way every time.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.access.documents import Document, Place, Statement, document

_ADMINISTRATION = (
    "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey", "kms:DisableKeyRotation",
    "kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases",
    "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListKeyRotations", "kms:ListResourceTags", "kms:ListRetirableGrants",
    "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:RotateKeyOnDemand", "kms:ScheduleKeyDeletion", "kms:TagResource",
    "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
)  # fmt: skip
"""Managing a key without being able to use it: no Encrypt, Decrypt, GenerateDataKey or CreateGrant among them."""

_USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")


def _administration(place: Place) -> Statement:
    """The account's administrators manage the key through IAM; using it takes one of the other statements."""
    return {
        "Sid": "AdministerThroughIam",
        "Effect": "Allow",
        "Principal": {"AWS": place.root},
        "Action": list(_ADMINISTRATION),
        "Resource": "*",
    }


def _use_through(place: Place, sid: str, service: str) -> Statement:
    """Principals of this account, where IAM allows it, but only when the service makes the call for them."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": place.root},
        "Action": list(_USE),
        "Resource": "*",
        "Condition": {
            "StringEquals": {"kms:CallerAccount": place.account_id, "kms:ViaService": place.service(service)},
        },
    }


def _grants_through(place: Place, sid: str, service: str) -> Statement:
    """The service makes grants for itself on behalf of the caller; nobody makes a grant for anybody else."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": place.root},
        "Action": ["kms:CreateGrant"],
        "Resource": "*",
        "Condition": {
            "Bool": {"kms:GrantIsForAWSResource": "true"},
            "StringEquals": {"kms:CallerAccount": place.account_id, "kms:ViaService": place.service(service)},
        },
    }


def data_key_policy(place: Place) -> Document:
    """Policy of the key that encrypts the brokers' volumes.

    Amazon MSK works through grants that it makes for the caller who creates the cluster (MSK Developer Guide, "Amazon MSK
    encryption"; AWS KMS Developer Guide, "kms:ViaService" and "kms:GrantIsForAWSResource").
    """
    return document(
        [
            _administration(place),
            _use_through(place, "UseThroughMsk", "kafka"),
            _grants_through(place, "GrantsThroughMsk", "kafka"),
        ]
    )


def secrets_key_policy(place: Place) -> Document:
    """Policy of the key that encrypts the SCRAM users' secrets.

    Secrets Manager uses it for whoever may read or write the secret; Amazon MSK reads the secret through a grant made when the
    secret is associated (MSK Developer Guide, "Sign-in credentials authentication").
    """
    return document(
        [
            _administration(place),
            _use_through(place, "UseThroughSecretsManager", "secretsmanager"),
            _grants_through(place, "GrantsThroughMsk", "kafka"),
        ]
    )


def telemetry_key_policy(
    place: Place,
    log_group_patterns: Sequence[str],
    *,
    log_bucket: bool = False,
    alarms: bool = False,
    prometheus: bool = False,
) -> Document:
    """Policy of the key that encrypts logs and the messages of alarms.

    Args:
        place: Where the stack is.
        log_group_patterns: Names of the log groups that may use the key; ``*`` stands for anything.
        log_bucket: Whether logs are delivered to a bucket that is encrypted with the key: CloudWatch Logs User Guide, "Logs sent
            to Amazon S3", server-side encryption.
        alarms: Whether CloudWatch and EventBridge publish to topics that are encrypted with the key; without being let in here
            they publish nothing, and say so to nobody.
        prometheus: Whether a workspace of Amazon Managed Service for Prometheus is encrypted with the key, and its alerts tell
            the topics. Like Amazon MSK it works through grants that it makes for its caller (Amazon Managed Service for
            Prometheus User Guide, "Encryption at rest").

    CloudWatch Logs names the log group in the encryption context (CloudWatch Logs User Guide, "Encrypt log data using AWS KMS").
    """
    logs = f"arn:{place.partition}:logs:{place.region}:{place.account_id}:log-group:"
    return document(
        [
            _administration(place),
            {
                "Sid": "UseByCloudWatchLogs",
                "Effect": "Allow",
                "Principal": {"Service": place.service("logs")},
                "Action": list(_USE),
                "Resource": "*",
                "Condition": {
                    "ArnLike": {"kms:EncryptionContext:aws:logs:arn": [f"{logs}{pattern}" for pattern in log_group_patterns]}
                },
            },
            *([_use_by_log_delivery(place)] if log_bucket else []),
            *(_use_by_publishers(place) if alarms else []),
            *(_use_by_prometheus(place) if prometheus else []),
        ]
    )


def _use_by_publishers(place: Place) -> list[Statement]:
    """The services that publish to encrypted topics, for topics of this account and region only.

    Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs": the services take these two actions, and the key
    cannot tell whose rule an event of EventBridge is from (`aws:SourceAccount` and `aws:SourceArn` are not supported there, and
    with them nothing is published). Amazon SNS names the topic in the encryption context (Amazon GameLift Servers Developer
    Guide, "Set up an SNS topic with server-side encryption").
    """
    topics = _topics(place)
    statement: Statement = {
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": topics}},
    }
    account = {"StringEquals": {"aws:SourceAccount": place.account_id}}
    return [
        {
            **statement,
            "Sid": "UseByCloudWatchAlarms",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Condition": {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": topics}, **account},
        },
        {**statement, "Sid": "UseByEventBridgeRules", "Principal": {"Service": "events.amazonaws.com"}},
    ]


def _use_by_prometheus(place: Place) -> list[Statement]:
    return [
        _use_through(place, "UseThroughPrometheus", "aps"),
        _grants_through(place, "GrantsThroughPrometheus", "aps"),
        {
            "Sid": "UseByPrometheusAlerts",
            "Effect": "Allow",
            "Principal": {"Service": "aps.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": {
                "ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": _topics(place)},
                "StringEquals": {"aws:SourceAccount": place.account_id},
            },
        },
    ]


def _topics(place: Place) -> str:
    return f"arn:{place.partition}:sns:{place.region}:{place.account_id}:*"


def _use_by_log_delivery(place: Place) -> Statement:
    """The service that puts logs into buckets, for this account and region only."""
    return {
        "Sid": "UseByLogDelivery",
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": list(_USE),
        "Resource": "*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": place.account_id},
            "ArnLike": {"aws:SourceArn": f"arn:{place.partition}:logs:{place.region}:{place.account_id}:*"},
        },
    }
