"""Key policies and role policies: least privilege, by construction."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from domain.access.documents import Document, Place, as_json
from domain.access.key_policies import data_key_policy, secrets_key_policy, telemetry_key_policy
from domain.network.flow_logs import flow_log_permissions, flow_log_trust_policy

HERE = Place("aws", "eu-west-1", "111122223333")
KEY_POLICIES = {
    "data": data_key_policy(HERE),
    "secrets": secrets_key_policy(HERE),
    "telemetry": telemetry_key_policy(HERE, ["/aws/vendedlogs/msk/orders/broker"]),
}
USING = {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*", "kms:CreateGrant"}


def statements(document: Document) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", document["Statement"])


@pytest.mark.parametrize("name", KEY_POLICIES)
def test_no_key_policy_lets_anyone_use_the_key_without_a_condition(name: str) -> None:
    for statement in statements(KEY_POLICIES[name]):
        if USING & set(statement["Action"]):
            assert statement["Condition"], statement["Sid"]


@pytest.mark.parametrize("name", KEY_POLICIES)
def test_no_key_policy_has_a_wildcard_principal_or_action(name: str) -> None:
    for statement in statements(KEY_POLICIES[name]):
        assert statement["Principal"] != "*"
        assert statement["Principal"].get("AWS") != "*"
        assert "kms:*" not in statement["Action"]


@pytest.mark.parametrize("name", KEY_POLICIES)
def test_the_account_can_always_mend_the_policy_of_its_key(name: str) -> None:
    assert any(
        "kms:PutKeyPolicy" in statement["Action"]
        and statement["Principal"] == {"AWS": HERE.root}
        and "Condition" not in statement
        for statement in statements(KEY_POLICIES[name])
    )


@pytest.mark.parametrize("name", ["data", "secrets"])
def test_grants_are_made_only_for_amazon_msk(name: str) -> None:
    (grants,) = [statement for statement in statements(KEY_POLICIES[name]) if "kms:CreateGrant" in statement["Action"]]
    assert grants["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    assert grants["Condition"]["StringEquals"]["kms:ViaService"] == "kafka.eu-west-1.amazonaws.com"


def test_reading_a_secret_gives_no_use_of_the_data_key() -> None:
    via = [
        item["Condition"]["StringEquals"]["kms:ViaService"] for item in statements(KEY_POLICIES["data"]) if "Condition" in item
    ]
    assert all(service.startswith("kafka.") for service in via)


def test_the_telemetry_key_is_for_the_named_log_groups_only() -> None:
    (logs,) = [statement for statement in statements(KEY_POLICIES["telemetry"]) if "Service" in statement["Principal"]]
    assert logs["Principal"]["Service"] == "logs.eu-west-1.amazonaws.com"
    assert logs["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"] == [
        "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/msk/orders/broker"
    ]


def test_the_flow_log_role_can_be_taken_only_for_this_account_and_writes_only_its_group() -> None:
    (trust,) = statements(flow_log_trust_policy(HERE))
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}
    writes, lists = statements(flow_log_permissions("arn:aws:logs:eu-west-1:111122223333:log-group:flows"))
    assert all(text.startswith("arn:aws:logs:eu-west-1:111122223333:log-group:flows") for text in writes["Resource"])
    # The only action that knows no log group: on one, it would grant nothing.
    assert lists == {"Effect": "Allow", "Action": ["logs:DescribeLogGroups"], "Resource": "*"}
    assert "logs:DescribeLogGroups" not in writes["Action"]


def test_china_has_its_own_partition_and_service_names() -> None:
    there = Place("aws-cn", "cn-north-1", "111122223333")
    assert there.root == "arn:aws-cn:iam::111122223333:root"
    assert there.service("kafka") == "kafka.cn-north-1.amazonaws.com.cn"
    (logs,) = [statement for statement in statements(telemetry_key_policy(there, ["x"])) if "Service" in statement["Principal"]]
    assert logs["Principal"]["Service"] == "logs.cn-north-1.amazonaws.com.cn"


def test_a_document_is_written_the_same_way_every_time() -> None:
    assert as_json(data_key_policy(HERE)) == as_json(data_key_policy(HERE))
    assert json.loads(as_json(data_key_policy(HERE)))["Version"] == "2012-10-17"
