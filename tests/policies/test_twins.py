"""Resources of the aws-native provider are judged as those of the aws provider, in their own words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pulumi_policy import EnforcementLevel

from msk_policies.kit.twins import TWINS, in_own_words
from msk_policies.registry import POLICIES
from support.pack import UNKNOWN, StackResource, in_process, secret
from support.policy_cases import SOUND, cases, changed

CLUSTER = "aws-native:msk:Cluster"
KEY = "aws-native:kms:Key"

PACK = in_process(POLICIES)

Changes = dict[str, Any]

FAILING: list[tuple[str, str, Changes, list[str]]] = [
    (
        "multiple-availability-zones",
        CLUSTER,
        {"brokerNodeGroupInfo.clientSubnets": ["subnet-0a", "subnet-0b"]},
        ["brokerNodeGroupInfo.clientSubnets"],
    ),
    ("minimum-brokers", CLUSTER, {"numberOfBrokerNodes": 3}, ["numberOfBrokerNodes"]),
    (
        "encryption-at-rest-customer-key",
        CLUSTER,
        {"encryptionInfo.encryptionAtRest": None},
        ["encryptionInfo.encryptionAtRest.dataVolumeKmsKeyId"],
    ),
    (
        "encryption-in-transit-tls-only",
        CLUSTER,
        {"encryptionInfo.encryptionInTransit.clientBroker": "TLS_PLAINTEXT"},
        ["encryptionInfo.encryptionInTransit.clientBroker"],
    ),
    (
        "encryption-in-cluster",
        CLUSTER,
        {"encryptionInfo.encryptionInTransit.inCluster": False},
        ["encryptionInfo.encryptionInTransit.inCluster"],
    ),
    (
        "no-unauthenticated-access",
        CLUSTER,
        {"clientAuthentication.unauthenticated.enabled": True},
        [
            "clientAuthentication.unauthenticated.enabled",
            "clientAuthentication.sasl.iam.enabled",
            "clientAuthentication.sasl.scram.enabled",
            "clientAuthentication.tls",
        ],
    ),
    (
        "no-public-access",
        CLUSTER,
        {"brokerNodeGroupInfo.connectivityInfo.publicAccess.type": "SERVICE_PROVIDED_EIPS"},
        ["brokerNodeGroupInfo.connectivityInfo.publicAccess.type"],
    ),
    (
        "private-delivery-streams",
        "aws-native:kinesisfirehose:DeliveryStream",
        {"mskSourceConfiguration.authenticationConfiguration.connectivity": "PUBLIC"},
        ["mskSourceConfiguration.authenticationConfiguration.connectivity"],
    ),
    ("supported-kafka-version", CLUSTER, {"kafkaVersion": "3.5.1"}, ["kafkaVersion"]),
    ("kafka-version-known", CLUSTER, {"kafkaVersion": "4.3.x.kraft"}, ["kafkaVersion"]),
    ("broker-kind-fields", CLUSTER, {"rebalancing": {"status": "ACTIVE"}}, ["rebalancing"]),
    ("even-broker-distribution", CLUSTER, {"numberOfBrokerNodes": 7}, ["numberOfBrokerNodes"]),
    (
        "own-security-groups",
        CLUSTER,
        {"brokerNodeGroupInfo.securityGroups": None},
        ["brokerNodeGroupInfo.securityGroups"],
    ),
    (
        "no-wildcard-principals",
        KEY,
        {"keyPolicy": {"Statement": [{"Effect": "Allow", "Action": "kms:*", "Principal": "*", "Resource": "*"}]}},
        ["keyPolicy"],
    ),
    (
        "broker-logs",
        CLUSTER,
        {"loggingInfo.brokerLogs.cloudWatchLogs.enabled": False},
        [
            "loggingInfo.brokerLogs",
            "loggingInfo.brokerLogs.cloudWatchLogs.enabled",
            "loggingInfo.brokerLogs.firehose.enabled",
            "loggingInfo.brokerLogs.s3.enabled",
        ],
    ),
    ("aws-refuses-serverless-clusters", "aws-native:msk:ServerlessCluster", {"clusterName": "orders_eu"}, ["clusterName"]),
    ("aws-refuses-cluster-layout", CLUSTER, {"clusterName": "orders_eu"}, ["clusterName"]),
    (
        "aws-refuses-kafka-versions",
        CLUSTER,
        {"brokerNodeGroupInfo.instanceType": "express.m7g.large", "kafkaVersion": "4.1.x.kraft"},
        ["kafkaVersion"],
    ),
    (
        "aws-refuses-authentication",
        CLUSTER,
        {"clientAuthentication.tls": {"enabled": True}},
        ["clientAuthentication.tls.certificateAuthorityArnList", "clientAuthentication.tls"],
    ),
    (
        "aws-refuses-monitoring",
        CLUSTER,
        {"loggingInfo.brokerLogs.cloudWatchLogs.logGroup": None},
        ["loggingInfo.brokerLogs.cloudWatchLogs.enabled", "loggingInfo.brokerLogs.cloudWatchLogs.logGroup"],
    ),
    ("enhanced-monitoring", CLUSTER, {"enhancedMonitoring": "DEFAULT"}, ["enhancedMonitoring"]),
]
"""By policy and twin, what breaks the rule, and the properties that the message names, in the order in which it does."""
PROPERTY = re.compile(r"(?<![\w.])(?:[a-z]\w*(?:\.[a-z]\w*)+|[a-z]+[A-Z]\w*|rebalancing)")
"""What a message says that can only be a property: a dotted path, or a word in camel case."""


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795392000")  # 2026-11-23


def _changed(resource_type: str, changes: Changes) -> dict[str, Any]:
    """The sound twin with other values at dotted paths; None takes one away."""
    values = {path: value for path, value in changes.items() if value is not None}
    return changed(SOUND[resource_type], {"set": values, "remove": [path for path in changes if path not in values]})


def test_each_twin_has_a_sound_example() -> None:
    assert TWINS.keys() <= SOUND.keys()


def test_every_mandatory_rule_about_single_clusters_or_keys_is_tried_on_a_twin() -> None:
    mandatory = {policy.name for policy in POLICIES if policy.enforcement_level is EnforcementLevel.MANDATORY}
    judged = {judged_as for judged_as, _ in TWINS.values()}
    about_them = {case.policy for case in cases() if case.fails and not case.stack and case.resource_type in judged}
    assert mandatory & about_them <= {policy for policy, *_ in FAILING}


@pytest.mark.parametrize("resource_type", TWINS)
def test_a_sound_twin_hears_of_no_violation(resource_type: str) -> None:
    assert [verdict for verdict in PACK.judge(SOUND[resource_type], resource_type) if verdict.level != "not applicable"] == []


@pytest.mark.parametrize(("policy", "resource_type", "changes", "named"), FAILING, ids=[given[0] for given in FAILING])
def test_a_twin_is_told_in_its_own_words(policy: str, resource_type: str, changes: Changes, named: list[str]) -> None:
    (message,) = [
        verdict.message for verdict in PACK.judge(_changed(resource_type, changes), resource_type) if verdict.policy == policy
    ]
    assert list(dict.fromkeys(PROPERTY.findall(message))) == named


@pytest.mark.parametrize(
    "authentication",
    [
        {"sasl": {"iam": {"enabled": True}}},
        {"sasl": {"scram": {"enabled": True}}},
        {"tls": {"enabled": True, "certificateAuthorityArnList": [UNKNOWN]}},
    ],
    ids=["iam", "scram", "tls"],
)
def test_a_twins_own_mechanisms_count(authentication: Changes) -> None:
    assert PACK.judge(_changed(CLUSTER, {"clientAuthentication": authentication}), CLUSTER) == []


def test_a_twins_policy_with_unknown_values_is_left_to_the_deployment() -> None:
    policy = {"Statement": [{"Effect": "Allow", "Action": "kms:*", "Principal": {"AWS": [UNKNOWN]}, "Resource": "*"}]}
    (verdict,) = PACK.judge({**SOUND[KEY], "keyPolicy": policy}, KEY)
    assert (verdict.policy, verdict.level) == ("no-wildcard-principals", "advisory")
    assert verdict.message == "Not judged: keyPolicy is known only in the deployment, which judges it."


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("policy, statement 1, is wide. Set policy.", "keyPolicy, statement 1, is wide. Set keyPolicy."),
        (
            "isEnabled of policy-key, the key of my.policy, is not true by its name.",
            "enabled of policy-key, the key of my.policy, is not true by its name.",
        ),
        ("keyPolicy of x is policy. Set keyPolicy.", "keyPolicy of x is keyPolicy. Set keyPolicy."),
    ],
)
def test_only_whole_paths_are_put_into_a_twins_words(sentence: str, told: str) -> None:
    assert in_own_words(KEY, sentence) == told


@pytest.mark.parametrize("spec", ["RSA_2048", "HMAC_256"])
def test_a_twin_of_a_key_that_cannot_be_rotated_is_excused(spec: str) -> None:
    said = PACK.judge_stack([StackResource("key", KEY, {"keySpec": spec})])
    assert ("kms-key-rotation", "not applicable") in [(verdict.policy, verdict.level) for verdict in said]


@pytest.mark.parametrize("value", [UNKNOWN, secret("hunter2"), True, 3, "", [], {}, None], ids=str)
@pytest.mark.parametrize("block", ["clientAuthentication", "encryptionInfo", "brokerNodeGroupInfo", "loggingInfo"])
def test_a_twin_with_anything_in_place_of_a_block_is_judged(block: str, value: object) -> None:
    for verdict in PACK.judge({**SOUND[CLUSTER], block: value}, CLUSTER):
        assert verdict.message
        assert "hunter2" not in verdict.message
