"""A stack file with every kind of client, on both sides of the account, and everything else that comes with a policy."""

from __future__ import annotations

from typing import Any

ACCOUNT = "123456789012"
"""The account that the offline engine pretends to be."""
OTHER_ACCOUNT = "210987654321"
_FROM = {"cidr": "10.90.0.0/24"}
_ISSUER = "oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"

ROLES: dict[str, dict[str, Any]] = {
    "ec2": {},
    "ecs": {},
    "lambda": {},
    "eksPodIdentity": {"cluster": "apps", "namespace": "orders", "serviceAccount": "api"},
    "irsa": {
        "oidcProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{_ISSUER}",
        "namespace": "orders",
        "serviceAccount": "api",
    },
}
"""Every kind of role that is made for a client, by the setting that asks for it."""

IDENTITIES: dict[str, dict[str, Any]] = {
    **{kind.lower(): {"role": {kind: settings}} for kind, settings in ROLES.items()},
    "role-there": {"principal": f"arn:aws:iam::{ACCOUNT}:role/team/orders"},
    "user-there": {"principal": f"arn:aws:iam::{ACCOUNT}:user/team/ann"},
    "role-elsewhere": {"principal": f"arn:aws:iam::{OTHER_ACCOUNT}:role/erp"},
    "scram": {"scramUser": "erp", "nextScramUser": "erp-b"},
    "certificate": {"certificate": "CN=orders,O=Example"},
}
"""Every kind of identity, by the name of a client that has it."""

ACCESS: dict[str, Any] = {
    "produce": {"topics": ["orders.v1"], "prefixes": ["audit."], "transactionalIds": ["orders-1"]},
    "streams": {"applicationId": "totals"},
    "consume": {"topics": ["customers"], "groupPrefixes": ["erp-"], "groups": ["erp"]},
    "connect": {"groupId": "orders-connect"},
    "admin": {"topics": ["orders.v1"], "groups": ["erp"], "cluster": True},
    "observe": {"prefixes": ["audit."]},
    "operate": {},
    "formats": ["java", "spring", "librdkafka", "confluent-kafka", "kafka-python", "connect", "kafka-streams"],
}
"""Something of everything that a client may do."""

SETTINGS: dict[str, Any] = {
    "brokerType": "kafka.m7g.large",
    "authentication": {
        "iam": {},
        "scram": {},
        "tls": {
            "certificateAuthorityArns": [
                f"arn:aws:acm-pca:us-east-1:{ACCOUNT}:certificate-authority/11111111-2222-3333-4444-555555555555"
            ]
        },
    },
    "logs": {"cloudwatch": {"retentionDays": 30}, "s3": {"prefix": "kafka"}, "firehose": {"deliveryStream": "orders"}},
    "network": {
        "natGateways": "single",
        "flowLogs": {"retentionDays": 30},
        "multiVpc": {"iam": True, "accounts": [OTHER_ACCOUNT]},
    },
    "topics": {"orders.v1": {"partitions": 12}, "customers": {"partitions": 12}},
    "clients": {name: {"from": _FROM, "as": identity, **ACCESS} for name, identity in IDENTITIES.items()},
}
"""Settings of a stack file with all of it, beside those of dev."""
