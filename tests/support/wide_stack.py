"""A stack file in which every text is as long, and every number as large, as the settings take it."""

from __future__ import annotations

from typing import Any, Final

from domain.access.issuers import LONGEST_ISSUER
from domain.access.principals import LONGEST_NAME
from domain.monitoring.rules import ALARM_RULES
from domain.monitoring.terms import Scope, Severity
from domain.msk.arns import LONGEST_DAYS, LONGEST_LOG_PREFIX
from domain.settings.clients import LONGEST_LAG_SECONDS
from domain.settings.stack import MAXIMUM_CLUSTER_NAME
from domain.settings.test_client import LONGEST_PACKAGES

REGION: Final = "ap-southeast-1"
"""None has a longer name."""
ACCOUNT: Final = "123456789012"
"""The double's, so that policies are attached to the principals below."""


def _long(beginning: str, length: int) -> str:
    return f"{beginning}{'x' * length}"[:length]


_EKS: Final = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{_long('oidc.example.com/', LONGEST_ISSUER)}"
_PODS: Final = {"namespace": _long("n", 63), "serviceAccount": ".".join([_long("s", 62)] * 4)}
_IDENTITIES: Final[tuple[dict[str, Any], ...]] = (
    {"role": {"ec2": {}}},
    {"role": {"ecs": {}}},
    {"role": {"lambda": {}}},
    {"role": {"eksPodIdentity": {"cluster": _long("c", 100), **_PODS}}},
    {"role": {"irsa": {"oidcProvider": _EKS, **_PODS}}},
    {"principal": f"arn:aws:iam::{ACCOUNT}:role/{_long('p', 400)}/{_long('r', LONGEST_NAME)}"},
    {"principal": f"arn:aws:iam::{ACCOUNT}:user/{_long('u', LONGEST_NAME)}"},
    {"scramUser": _long("user", 64), "nextScramUser": _long("next", 64)},
    {"certificate": f"CN={_long('c', 64)}"},
)

_OF_EACH_BROKER: Final = [rule.name for rule in ALARM_RULES if rule.scope is Scope.BROKER and rule.severity is Severity.WARNING]
"""Alarms that are alike but for the broker: a thousand of them, of which another stack has enough."""


def _client(number: int, identity: dict[str, Any]) -> dict[str, Any]:
    topics = [_long(f"topic-{number}-{index}", 249) for index in range(2)]
    groups = [_long(f"group-{number}-{index}", 256) for index in range(2)]
    return {
        "from": {"cidr": f"10.{number + 1}.0.0/24"},
        "as": identity,
        "produce": {"topics": topics, "transactionalIds": [_long(f"id-{number}", 256)]},
        "streams": {"applicationId": _long(f"application-{number}", 128)},
        "consume": {"topics": topics, "groups": groups, "maxLagSeconds": LONGEST_LAG_SECONDS},
        "admin": {"topics": topics, "groups": groups, "cluster": True},
    }


def wide_config(*, mechanism: str = "iam") -> dict[str, Any]:
    """The settings, without their namespace.

    Args:
        mechanism: How the test client proves who it is: ``iam``, or ``scram`` with neither IAM nor clients that need it.
    """
    identities = [each for each in _IDENTITIES if mechanism == "iam" or not {"role", "principal"} & set(each)]
    queue, function = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{_long('q', 80)}", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"
    return {
        "brokerType": "kafka.m7g.16xlarge",
        "brokersPerZone": 30,
        "clusterName": _long("cluster-", MAXIMUM_CLUSTER_NAME),
        "alarmEmail": f"{_long('a', 64)}@{'.'.join([_long('b', 60)] * 3)}",
        "tags": {_long("key", 128): _long("value", 256)},
        "workload": {"ingressMBps": 100, "partitions": 10_000, "retentionHours": 24},
        "network": {"cidr": "10.0.0.0/16", "natGateways": "perZone", "flowLogs": {"retentionDays": 3653}},
        "storage": {"initialGiB": 16_000, "maximumGiB": 16_384},
        "serverProperties": {"allow.everyone.if.no.acl.found": False},
        "authentication": {**({"iam": {}} if mechanism == "iam" else {}), "scram": {}, "tls": {"certificateAuthority": "create"}},
        "clients": {_long(f"client-{number}-", 50): _client(number, each) for number, each in enumerate(identities)},
        "testClient": {"packages": f"s3://{_long('bucket', 63)}/{_long('w', LONGEST_PACKAGES - 69)}"},
        "logs": {
            "cloudwatch": {"retentionDays": 3653},
            "s3": {"prefix": _long("p", LONGEST_LOG_PREFIX), "retentionDays": LONGEST_DAYS},
            "firehose": {"deliveryStream": _long("f", 64)},
        },
        "monitoring": {
            "level": "PER_TOPIC_PER_PARTITION",
            "alarms": {name: {"enabled": False} for name in _OF_EACH_BROKER},
            "runbook": _long("https://example.com/", 300),
            "subscribers": {"critical": [queue, f"{function}{_long('f', 64)}:{_long('a', 128)}"]},
            "prometheus": {
                "managed": True,
                "notify": True,
                "moreSeries": [_long("kafka_", 256)],
                "grafana": {"authentication": ["AWS_SSO", "SAML"]},
            },
        },
    }
