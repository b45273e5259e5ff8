"""Clients of IAM that are not Java's: the rendered files and AWS's own signer let them in by OAUTHBEARER.

AWS is simulated: the brokers have a program of the tests that computes the signature of the signer's token with the only key
there is (`support/kafka/java/SignedUrlValidator.java`). What it cannot show is what IAM's policies allow. AWS is not called: the
credentials come from the environment, and the signer signs by itself.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
from confluent_kafka import KafkaError

from domain.access.mechanisms import Mechanism
from domain.clients.connection import TRUSTED_CA_VARIABLE, ClientConnection
from domain.clients.files import render
from domain.settings.clients import Format
from support.kafka.ready_files import module_of, read_by_confluent_kafka, settings_in
from support.kafka.server_files import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, Listener

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from support.kafka.cluster import Cluster

# Looked up when the tests run: to type checking, this directory is the one library, and the other has no types.
kafka: Any = importlib.import_module("kafka")
signer: Any = importlib.import_module("aws_msk_iam_sasl_signer")

_FROM_THE_START = {"auto.offset.reset": "earliest"}
_PATIENCE = 60


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch, cluster: Cluster, tmp_path: Path) -> None:
    """The key in the environment, and nothing else that the signer could find."""
    environment = {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        TRUSTED_CA_VARIABLE: str(cluster.authority.certificate),
    }
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def files(cluster: Cluster, new_name: Callable[[str], str]) -> Callable[..., dict[str, str]]:
    """Renders the files of a client that writes and reads."""

    def render_for(wanted: Format, region: str = REGION) -> dict[str, str]:
        connection = ClientConnection(
            name="orders-api",
            mechanism=Mechanism.IAM,
            bootstrap=cluster.bootstrap(Listener.IAM),
            region=region,
            produces=True,
            consumes=True,
            group=new_name("orders"),
        )
        return render(connection, wanted)

    return render_for


def test_confluent_kafka_writes_and_reads_with_its_module(files: Callable[..., dict[str, str]], topic: str) -> None:
    module = module_of(files(Format.CONFLUENT_KAFKA))
    written_by(module.PRODUCER, topic, b"signed")
    assert read_by_confluent_kafka({**module.CONSUMER, **_FROM_THE_START}, topic, b"signed") == [b"signed"]


def test_librdkafka_writes_and_reads_with_its_files_and_a_token_of_the_signer(
    files: Callable[..., dict[str, str]], cluster: Cluster, topic: str
) -> None:
    rendered = files(Format.LIBRDKAFKA)
    # What the program adds: the files' notes say so of the token; the CA is the test's.
    program = {"oauth_cb": signed, "ssl.ca.location": str(cluster.authority.certificate)}
    written_by({**settings_in(rendered["librdkafka-producer.conf"]), **program}, topic, b"signed")
    consumer = {**settings_in(rendered["librdkafka-consumer.conf"]), **program, **_FROM_THE_START}
    assert read_by_confluent_kafka(consumer, topic, b"signed") == [b"signed"]


def test_kafka_python_writes_and_reads_with_its_module(files: Callable[..., dict[str, str]], topic: str) -> None:
    module = module_of(files(Format.KAFKA_PYTHON))
    producer = kafka.KafkaProducer(**module.PRODUCER)
    try:
        assert producer.send(topic, b"signed").get(_PATIENCE).topic == topic
    finally:
        producer.close()
    settings = {**module.CONSUMER, "auto_offset_reset": "earliest", "consumer_timeout_ms": _PATIENCE * 1000}
    consumer = kafka.KafkaConsumer(topic, **settings)
    try:
        assert next(consumer).value == b"signed"
    finally:
        consumer.close()


# --- Whom the brokers do not believe ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [
        ("AWS_SECRET_ACCESS_KEY", "guessed", "another signature than expected"),
        ("AWS_ACCESS_KEY_ID", "AKIAI44QH8DHBEXAMPLE", "another credential than expected"),
    ],
)
def test_a_key_that_is_not_the_accounts_lets_nobody_in(
    files: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch, variable: str, value: str, why: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert why in refusal(module_of(files(Format.CONFLUENT_KAFKA)).CLIENT)


def test_a_file_for_another_region_lets_nobody_in(files: Callable[..., dict[str, str]]) -> None:
    module = module_of(files(Format.CONFLUENT_KAFKA, region="us-east-1"))
    assert "another host than expected" in refusal(module.CLIENT)


def written_by(settings: Mapping[str, Any], topic: str, message: bytes) -> None:
    reports: list[KafkaError | None] = []
    producer = confluent_kafka.Producer(dict(settings))
    producer.produce(topic, message, on_delivery=lambda error, _message: reports.append(error))
    assert producer.flush(_PATIENCE) == 0
    assert reports == [None]


def signed(_config: str) -> tuple[str, float]:
    token, expires_at_milliseconds = signer.MSKAuthTokenProvider.generate_auth_token(REGION)
    return token, expires_at_milliseconds / 1000


def refusal(settings: Mapping[str, Any]) -> str:
    """What a client is told that is not let in."""
    told: list[KafkaError] = []
    producer = confluent_kafka.Producer({**settings, "error_cb": told.append, "log_level": 0})
    for _ in range(_PATIENCE):
        producer.poll(1)
        for error in told:
            if error.code() == KafkaError._AUTHENTICATION:
                return error.str()
    raise AssertionError(f"not refused in {_PATIENCE} seconds: {told}")
