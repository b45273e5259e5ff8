"""A client's files are what its library takes, hold no secret, and say how it proves who it is."""

from __future__ import annotations

import configparser
import importlib
import json
import os
import types
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
import yaml

from domain.access.mechanisms import Mechanism
from domain.clients.connection import (
    CERTIFICATE_VARIABLE,
    KEY_VARIABLE,
    KEYSTORE_VARIABLE,
    PASSWORD_VARIABLE,
    TRUSTED_CA_VARIABLE,
    ClientConnection,
    Workers,
)
from domain.clients.files import LARGEST_PARAMETER, render, render_to_fit
from domain.settings.clients import Format

if TYPE_CHECKING:
    from pathlib import Path

# Looked up when the tests run: to type checking, the tests' own directory of that name is the library.
kafka: Any = importlib.import_module("kafka")

MECHANISMS = list(Mechanism)
FORMATS = list(Format)
BOOTSTRAP = "b-1.orders.a1b2c3.c4.kafka.eu-west-1.amazonaws.com:9096,b-2.orders.a1b2c3.c4.kafka.eu-west-1.amazonaws.com:9096"


def connection(mechanism: Mechanism, **changed: Any) -> ClientConnection:
    scram = mechanism is Mechanism.SCRAM
    values: dict[str, Any] = {
        "name": "orders-api",
        "mechanism": mechanism,
        "bootstrap": BOOTSTRAP,
        "region": "eu-west-1",
        "produces": True,
        "consumes": True,
        "transactional_ids": ("orders-1",),
        "transactional_id_prefix": "orders-tx-",
        "workers": Workers("orders-connect", "orders-configs", "orders-offsets", "orders-statuses"),
        "group": "billing",
        "application_id": "totals",
        "user": "orders" if scram else "",
        "secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_orders-AbCdEf" if scram else "",
    }
    return ClientConnection(**(values | changed))


def settings_in(properties: str) -> dict[str, str]:
    """What a properties file says; the parser refuses a name that stands twice."""
    parser = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # as the parser's documentation says to keep the case
    parser.read_string(f"[file]\n{properties}")
    return dict(parser["file"])


@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_file_names_all_brokers_and_says_what_it_needs(mechanism: Mechanism, wanted: Format) -> None:
    for name, text in render(connection(mechanism), wanted).items():
        assert all(host in text for host in BOOTSTRAP.split(",")), name
        assert f"Client orders-api: {mechanism}." in text.splitlines()[0]
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        if mechanism is Mechanism.SCRAM:
            assert f"Needs {PASSWORD_VARIABLE}: the value of `password` in the secret arn:aws:secretsmanager" in text


@pytest.mark.parametrize("brokers", [3, 30, 60, 90])
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_file_in_parameter_store_has_all_brokers_or_as_many_of_the_first_as_there_is_room_for(
    mechanism: Mechanism, brokers: int
) -> None:
    hosts = [f"b-{number}.{'c' * 64}.a1b2c3.c4.kafka.ap-southeast-1.amazonaws.com:9096" for number in range(1, brokers + 1)]
    client = connection(mechanism, bootstrap=",".join(hosts))
    for wanted in FORMATS:
        for name, whole in render(client, wanted).items():
            text = render_to_fit(client, wanted, name)
            kept = [host for host in hosts if f"{host}," in text or f"{host}\n" in text or f'{host}"' in text]
            assert kept == hosts[: len(kept)]
            assert kept
            if len(whole.encode()) <= LARGEST_PARAMETER:
                assert text == whole
            else:
                assert LARGEST_PARAMETER - len(hosts[-1]) - 8 <= len(text.encode()) <= LARGEST_PARAMETER


@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_what_a_client_is_not_is_in_no_file(mechanism: Mechanism, wanted: Format) -> None:
    neither = render(connection(mechanism, produces=False, consumes=False, group="", application_id="", workers=None), wanted)
    for text in neither.values():
        assert "linger" not in text
        assert "heartbeat" not in text
    producing = " ".join(render(connection(mechanism, consumes=False, group=""), wanted))
    assert "consumer.properties" not in producing
    assert "librdkafka-consumer" not in producing


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_java_producer_waits_for_all_and_a_consumer_has_its_group(mechanism: Mechanism) -> None:
    files = render(connection(mechanism), Format.JAVA)
    assert set(files) == {"client.properties", "producer.properties", "consumer.properties"}
    producer, consumer = settings_in(files["producer.properties"]), settings_in(files["consumer.properties"])
    assert producer.items() >= {"acks": "all", "enable.idempotence": "true", "transactional.id": "orders-1"}.items()
    assert consumer["group.id"] == "billing"
    # A consumer is thrown out of its group unless at least three heartbeats fit into a session.
    assert 3 * int(consumer["heartbeat.interval.ms"]) <= int(consumer["session.timeout.ms"])
    # Idempotence needs retries, and a delivery holds at least one request.
    assert int(producer["delivery.timeout.ms"]) >= int(producer["request.timeout.ms"]) + int(producer["linger.ms"])
    shared = settings_in(files["client.properties"])
    assert shared.items() <= producer.items()
    assert shared.items() <= consumer.items()


def test_each_mechanism_is_told_apart() -> None:
    protocols = {
        mechanism: (said["security.protocol"], said.get("sasl.mechanism"))
        for mechanism in MECHANISMS
        for said in [settings_in(render(connection(mechanism), Format.JAVA)["client.properties"])]
    }
    assert protocols == {
        Mechanism.IAM: ("SASL_SSL", "AWS_MSK_IAM"),
        Mechanism.SCRAM: ("SASL_SSL", "SCRAM-SHA-512"),
        Mechanism.MUTUAL_TLS: ("SSL", None),
        Mechanism.UNAUTHENTICATED_TLS: ("SSL", None),
        Mechanism.PLAINTEXT: ("PLAINTEXT", None),
    }


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_connect_worker_gives_its_connectors_clients_the_same_identity(mechanism: Mechanism) -> None:
    (said,) = (settings_in(text) for text in render(connection(mechanism), Format.CONNECT).values())
    identity = {name: value for name, value in said.items() if name.startswith(("security.", "sasl.", "ssl."))}
    assert identity
    for side in ("producer", "consumer"):
        assert {f"{side}.{name}": value for name, value in identity.items()}.items() <= said.items()
    # Workers of one cluster and their groups' members are two things: a worker's group is not its connectors'.
    assert "consumer.group.id" not in said
    assert said["group.id"] == "orders-connect"
    topics = [said[f"{what}.storage.topic"] for what in ("config", "offset", "status")]
    assert topics == ["orders-configs", "orders-offsets", "orders-statuses"]
    # What Connect sets for its connectors: a new sink begins at the first message, and commits what it has put.
    assert said["consumer.auto.offset.reset"] == "earliest"
    assert not {"consumer.enable.auto.commit", "producer.delivery.timeout.ms"} & said.keys()
    assert render(connection(mechanism, workers=None), Format.CONNECT) == {}


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_streams_application_processes_exactly_once_as_who_the_client_is(mechanism: Mechanism) -> None:
    (said,) = (settings_in(text) for text in render(connection(mechanism), Format.KAFKA_STREAMS).values())
    assert said["application.id"] == "totals"
    assert said["processing.guarantee"] == "exactly_once_v2"
    # As many replicas as the cluster gives a topic that asks for nothing, and as many in sync: no number of its own.
    assert said["replication.factor"] == "-1"
    assert "topic.min.insync.replicas" not in said
    identity = settings_in(render(connection(mechanism), Format.JAVA)["client.properties"])
    identity = {name: value for name, value in identity.items() if name.startswith(("security.", "sasl.", "ssl.", "config."))}
    assert identity.items() <= said.items()
    # What Kafka Streams sets itself: it fails on some, overrides others, and would lose messages with the latest offset.
    its_own = {"group.id", "transactional.id", "enable.idempotence", "enable.auto.commit", "isolation.level", "auto.offset.reset"}
    its_own |= {"partition.assignment.strategy", "delivery.timeout.ms", "transaction.timeout.ms", "retries", "client.id"}
    assert {name.rpartition("consumer.")[2].rpartition("producer.")[2] for name in said} & its_own == set()
    assert render(connection(mechanism, application_id=""), Format.KAFKA_STREAMS) == {}


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_spring_is_told_what_java_is(mechanism: Mechanism) -> None:
    (text,) = render(connection(mechanism), Format.SPRING).values()
    kafka_settings = yaml.safe_load(text)["spring"]["kafka"]
    assert kafka_settings["bootstrap-servers"] == BOOTSTRAP.split(",")
    assert kafka_settings["consumer"].pop("group-id") == "billing"
    # Spring appends numbers: what has no prefix has no transactions there.
    assert kafka_settings["producer"].pop("transaction-id-prefix") == "orders-tx-"
    (whole,) = render(connection(mechanism, transactional_id_prefix=""), Format.SPRING).values()
    assert "orders-1" not in whole
    java = render(connection(mechanism), Format.JAVA)
    for side in ("producer", "consumer"):
        said = {
            name.strip("[]"): value
            for name, value in {**kafka_settings["properties"], **kafka_settings[side]["properties"]}.items()
        }
        expected = settings_in(java[f"{side}.properties"])
        # Spring has names of its own for some, and its listeners commit what they handled.
        for elsewhere in ("bootstrap.servers", "client.id", "group.id", "transactional.id", "enable.auto.commit"):
            expected.pop(elsewhere, None)
        expected.pop("auto.commit.interval.ms", None)
        # Spring fills in variables itself.
        expected = {
            name: value.replace("${env:", "${") for name, value in expected.items() if not name.startswith("config.providers")
        }
        assert said == expected


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """What a client's host has; the signer makes its tokens of the credentials alone, with nothing contacted."""
    values = {
        PASSWORD_VARIABLE: "it-is-secret",
        KEYSTORE_VARIABLE: str(tmp_path / "keystore.pem"),
        CERTIFICATE_VARIABLE: str(tmp_path / "certificate.pem"),
        KEY_VARIABLE: str(tmp_path / "key.pem"),
        TRUSTED_CA_VARIABLE: str(tmp_path / "ca.pem"),
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    return values


def module_of(text: str) -> types.ModuleType:
    module = types.ModuleType("kafka_client")
    exec(compile(text, "kafka_client.py", "exec"), module.__dict__)  # noqa: S102 - the file is there to be run
    return module


@pytest.mark.parametrize("mechanism", [Mechanism.IAM, Mechanism.SCRAM, Mechanism.UNAUTHENTICATED_TLS, Mechanism.PLAINTEXT])
def test_confluent_kafka_takes_every_setting(
    mechanism: Mechanism, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(TRUSTED_CA_VARIABLE)
    # Asks nothing of a broker that is not there, but names every setting that librdkafka does not have.
    (text,) = render(connection(mechanism, bootstrap="127.0.0.1:9"), Format.CONFLUENT_KAFKA).values()
    module = module_of(text)
    quiet = {"log_level": 0, "log.connection.close": "false"}
    confluent_kafka.Producer({**module.PRODUCER, **quiet})
    confluent_kafka.Consumer({**module.CONSUMER, **quiet}).close()
    with pytest.raises(confluent_kafka.KafkaException, match="No such configuration property"):
        confluent_kafka.Producer({**module.PRODUCER, "linger.mz": "10"})
    if mechanism is Mechanism.SCRAM:
        assert module.CLIENT["sasl.password"] == environment[PASSWORD_VARIABLE]


@pytest.mark.parametrize("side", ["producer", "consumer", ""])
def test_the_librdkafka_files_say_what_the_module_for_confluent_kafka_says(side: str, environment: dict[str, str]) -> None:
    assert environment
    for mechanism in MECHANISMS:
        files = render(connection(mechanism), Format.LIBRDKAFKA)
        module = module_of(render(connection(mechanism), Format.CONFLUENT_KAFKA)["kafka_client.py"])
        said = settings_in(files[f"librdkafka-{side}.conf" if side else "librdkafka.conf"])
        expected = dict(getattr(module, side.upper() or "CLIENT"))
        for taken in ("oauth_cb", "sasl.password", "ssl.certificate.location", "ssl.key.location", "ssl.ca.location"):
            expected.pop(taken, None)
            assert taken not in said
        assert said == expected


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_kafka_python_has_every_setting(mechanism: Mechanism, environment: dict[str, str]) -> None:
    (text,) = render(connection(mechanism), Format.KAFKA_PYTHON).values()
    module = module_of(text)
    assert module.PRODUCER.keys() - kafka.KafkaProducer.DEFAULT_CONFIG.keys() == set()
    assert module.CONSUMER.keys() - kafka.KafkaConsumer.DEFAULT_CONFIG.keys() == set()
    assert module.CLIENT.keys() - kafka.KafkaAdminClient.DEFAULT_CONFIG.keys() == set()
    assert module.CLIENT["ssl_cafile"] == environment[TRUSTED_CA_VARIABLE]


def test_tokens_for_iam_are_signed_with_the_credentials_that_are_there(environment: dict[str, str]) -> None:
    confluent = module_of(render(connection(Mechanism.IAM), Format.CONFLUENT_KAFKA)["kafka_client.py"])
    token, expires_at = confluent.CLIENT["oauth_cb"]("")
    assert token
    assert expires_at < 10**10  # seconds, as the library counts, not milliseconds
    python = module_of(render(connection(Mechanism.IAM), Format.KAFKA_PYTHON)["kafka_client.py"])
    assert python.CLIENT["sasl_oauth_token_provider"].token()
    assert environment["AWS_SECRET_ACCESS_KEY"] not in token


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_python_files_are_formatted_as_formatters_leave_them(mechanism: Mechanism) -> None:
    for wanted in (Format.CONFLUENT_KAFKA, Format.KAFKA_PYTHON):
        (text,) = render(connection(mechanism), wanted).values()
        assert all(line == line.rstrip() for line in text.splitlines())
        assert "\t" not in text
        json.dumps(text)
