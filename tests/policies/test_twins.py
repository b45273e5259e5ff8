"""Resources of the aws-native provider are judged as those of the aws provider, in their own words."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_policy import EnforcementLevel

from msk_policies.kit.twins import TWINS, in_own_words
from msk_policies.registry import POLICIES
from support.pack import UNKNOWN, in_process, secret
from support.policy_cases import SOUND, cases, changed

CLUSTER = "aws-native:msk:Cluster"
KEY = "aws-native:kms:Key"

PACK = in_process(POLICIES)

Changes = dict[str, Any]

FAILING: list[tuple[str, str, Changes, str]] = [
    (
        "multiple-availability-zones",
        CLUSTER,
        {"brokerNodeGroupInfo.clientSubnets": ["subnet-0a", "subnet-0b"]},
        "Spread the brokers over at least 3 Availability Zones: brokerNodeGroupInfo.clientSubnets names 2 different subnets. "
        "Give brokerNodeGroupInfo.clientSubnets one subnet in each of 3 zones.",
    ),
    (
        "minimum-brokers",
        CLUSTER,
        {"numberOfBrokerNodes": 3},
        "Run at least 2 brokers in each Availability Zone: numberOfBrokerNodes is 3 over 3 client subnets, 1 in each. "
        "Set numberOfBrokerNodes to 6 or more.",
    ),
    (
        "encryption-at-rest-customer-key",
        CLUSTER,
        {"encryptionInfo.encryptionAtRest": None},
        "Encrypt the brokers' data with a key of your own: encryptionInfo.encryptionAtRest.dataVolumeKmsKeyId is missing, so "
        "Amazon MSK takes an AWS managed key. Set encryptionInfo.encryptionAtRest.dataVolumeKmsKeyId to the ARN of a customer "
        "managed key.",
    ),
    (
        "encryption-in-transit-tls-only",
        CLUSTER,
        {"encryptionInfo.encryptionInTransit.clientBroker": "TLS_PLAINTEXT"},
        "Let clients connect over TLS only: encryptionInfo.encryptionInTransit.clientBroker is TLS_PLAINTEXT. "
        "Set encryptionInfo.encryptionInTransit.clientBroker to TLS.",
    ),
    (
        "encryption-in-cluster",
        CLUSTER,
        {"encryptionInfo.encryptionInTransit.inCluster": False},
        "Encrypt what brokers send each other: encryptionInfo.encryptionInTransit.inCluster is false. "
        "Set encryptionInfo.encryptionInTransit.inCluster to true.",
    ),
    (
        "no-unauthenticated-access",
        CLUSTER,
        {"clientAuthentication.unauthenticated.enabled": True},
        "Let only authenticated clients in: clientAuthentication.unauthenticated.enabled is true. Set "
        "clientAuthentication.unauthenticated.enabled to false and turn on clientAuthentication.sasl.iam.enabled, "
        "clientAuthentication.sasl.scram.enabled or clientAuthentication.tls.",
    ),
    (
        "no-public-access",
        CLUSTER,
        {"brokerNodeGroupInfo.connectivityInfo.publicAccess.type": "SERVICE_PROVIDED_EIPS"},
        "Keep the brokers off the internet: brokerNodeGroupInfo.connectivityInfo.publicAccess.type is SERVICE_PROVIDED_EIPS. "
        "Set brokerNodeGroupInfo.connectivityInfo.publicAccess.type to DISABLED.",
    ),
    (
        "kms-key-rotation",
        KEY,
        {"enableKeyRotation": None},
        "Let AWS KMS rotate the key every year: enableKeyRotation is missing. Set enableKeyRotation to true.",
    ),
    (
        "supported-kafka-version",
        CLUSTER,
        {"kafkaVersion": "3.5.1"},
        "Run a Kafka version that Amazon MSK supports: kafkaVersion is 3.5.1, whose support ended on 2025-10-23. Set "
        "kafkaVersion to 3.9.x.kraft or to another supported version (3.8.x, 3.8.x.kraft, 3.9.x, 4.0.x.kraft, 4.1.x.kraft).",
    ),
    (
        "kafka-version-known",
        CLUSTER,
        {"kafkaVersion": "4.3.x.kraft"},
        "Check how long Amazon MSK supports the cluster's version: kafkaVersion is 4.3.x.kraft, which was not among its versions "
        "on 2026-08-22. Look it up in AWS's list of supported versions and state it in the policies' setting versions, or take a "
        "newer pack.",
    ),
    (
        "broker-kind-fields",
        CLUSTER,
        {"rebalancing": {"status": "ACTIVE"}},
        "Leave out what Standard brokers do not take: rebalancing is given, and only Express brokers rebalance "
        "partitions by themselves. Remove rebalancing.",
    ),
    (
        "even-broker-distribution",
        CLUSTER,
        {"numberOfBrokerNodes": 7},
        "Have as many brokers in each Availability Zone: numberOfBrokerNodes is 7, no multiple of 3 client subnets. "
        "Set numberOfBrokerNodes to 6 or 9.",
    ),
    (
        "own-security-groups",
        CLUSTER,
        {"brokerNodeGroupInfo.securityGroups": None},
        "Choose the brokers' security groups: brokerNodeGroupInfo.securityGroups has none, so they get the VPC's "
        "default group. Set brokerNodeGroupInfo.securityGroups.",
    ),
    (
        "no-wildcard-principals",
        KEY,
        {"keyPolicy": {"Statement": [{"Effect": "Allow", "Action": "kms:*", "Principal": "*", "Resource": "*"}]}},
        "Allow only named principals: keyPolicy, statement 1, allows every AWS principal. Set Principal in keyPolicy "
        "to accounts, roles or services.",
    ),
    (
        "broker-logs",
        CLUSTER,
        {"loggingInfo.brokerLogs.cloudWatchLogs.enabled": False},
        "Keep the brokers' logs: loggingInfo.brokerLogs turns no destination on. Set "
        "loggingInfo.brokerLogs.cloudWatchLogs.enabled, loggingInfo.brokerLogs.firehose.enabled or "
        "loggingInfo.brokerLogs.s3.enabled to true.",
    ),
    (
        "enhanced-monitoring",
        CLUSTER,
        {"enhancedMonitoring": "DEFAULT"},
        "Have metrics in enough detail: enhancedMonitoring is DEFAULT. Set enhancedMonitoring to PER_TOPIC_PER_BROKER or a level "
        "above it (PER_TOPIC_PER_PARTITION).",
    ),
]


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


@pytest.mark.parametrize(("policy", "resource_type", "changes", "message"), FAILING, ids=[given[0] for given in FAILING])
def test_a_twin_is_told_in_its_own_words(policy: str, resource_type: str, changes: Changes, message: str) -> None:
    said = [verdict for verdict in PACK.judge(_changed(resource_type, changes), resource_type) if verdict.policy == policy]
    assert [verdict.message for verdict in said] == [message]


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
    assert PACK.judge({**SOUND[KEY], "keyPolicy": policy}, KEY) == []


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("policy, statement 1, is wide. Set policy.", "keyPolicy, statement 1, is wide. Set keyPolicy."),
        (
            "isEnabled of policy-key, the key of my.policy, is not true.",
            "isEnabled of policy-key, the key of my.policy, is not true.",
        ),
    ],
)
def test_only_whole_paths_are_put_into_a_twins_words(sentence: str, told: str) -> None:
    assert in_own_words(KEY, sentence) == told


@pytest.mark.parametrize("spec", ["RSA_2048", "HMAC_256"])
def test_a_twin_of_a_key_that_cannot_be_rotated_is_excused(spec: str) -> None:
    said = PACK.judge({"keySpec": spec}, KEY)
    assert [(verdict.policy, verdict.level) for verdict in said] == [("kms-key-rotation", "not applicable")]


@pytest.mark.parametrize("value", [UNKNOWN, secret("hunter2"), True, 3, "", [], {}, None], ids=str)
@pytest.mark.parametrize("block", ["clientAuthentication", "encryptionInfo", "brokerNodeGroupInfo", "loggingInfo"])
def test_a_twin_with_anything_in_place_of_a_block_is_judged(block: str, value: object) -> None:
    for verdict in PACK.judge({**SOUND[CLUSTER], block: value}, CLUSTER):
        assert verdict.message
        assert "hunter2" not in verdict.message
