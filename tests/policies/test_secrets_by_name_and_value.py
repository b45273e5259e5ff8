"""What is a secret in the clear, and what only looks like one."""

from __future__ import annotations

import pytest

from msk_policies.msk.secrets import in_the_clear, named_as_secret

JAAS = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="erp" password="{}";'


@pytest.mark.parametrize(
    "name",
    [
        "database.password",
        "connection.password",
        "ssl.key.password",
        "aws.secret.access.key",
        "aws_secret_access_key",
        "awsSecretAccessKey",
        "snowflake.private.key",
        "snowflake.private.key.passphrase",
        "splunk.hec.token",
        "basic.auth.user.info",
        "confluent.license.api.key",
        "azure.storage.accountKey",
        "gcs.credentials.json",
        "ssl.keystore.key",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert named_as_secret(name)
    assert in_the_clear(name, "hunter2")
    assert not in_the_clear(name, "${secretsmanager:orders:" + name + "}")
    assert not in_the_clear(name, "")


@pytest.mark.parametrize(
    "name",
    [
        "key.converter",
        "topic.key",
        "aws.access.key.id",
        "ssl.truststore.password",
        "password.file.path",
        "tokens.max",
        "message.key.columns",
    ],
)
def test_names_of_what_is_none(name: str) -> None:
    assert not in_the_clear(name, "orders")


@pytest.mark.parametrize(
    ("name", "value", "clear"),
    [
        ("sasl.jaas.config", JAAS.format("hunter2"), True),
        ("sasl.jaas.config", JAAS.format("${secretsmanager:orders:password}"), False),
        ("producer.override.sasl.jaas.config", "software.amazon.msk.auth.iam.IAMLoginModule required;", False),
        ("connection.url", "jdbc:mysql://db:3306/orders?user=a&password=hunter2", True),
        ("connection.url", "jdbc:mysql://db:3306/orders?user=a&password=${file:/opt/x:p}", False),
        ("connection.uri", "mongodb://erp:hunter2@db/orders", True),
        ("connection.uri", "mongodb://erp:${secretsmanager:orders:password}@db/orders", False),
        ("connection.uri", "mongodb://db/orders", False),
        ("database.password", "false", False),
        ("application.yaml", 'sasl.jaas.config: "ScramLoginModule required password=\\"${KAFKA_PASSWORD}\\";"', False),
        ("application.yaml", 'sasl.jaas.config: "ScramLoginModule required password=\\"hunter2\\";"', True),
        ("client.py", 'password = os.environ["KAFKA_PASSWORD"]', False),
        ("client.sh", 'password="$KAFKA_PASSWORD"', False),
        ("scram", '{"username": "erp", "password": "hunter2"}', True),
        ("scram", '{"username": "erp", "password": "{{resolve:secretsmanager:erp}}"}', False),
    ],
)
def test_values_with_secrets_in_them(name: str, value: str, clear: bool) -> None:
    assert in_the_clear(name, value) is clear
