"""A client's files for what runs on the JVM: Java properties, a Kafka Connect worker, Spring Boot.

Mechanisms: MSK Developer Guide, "IAM access control", "Sign-in credentials authentication" and "Mutual TLS"; the README of
aws-msk-iam-auth. PEM key stores are Kafka's since 2.7 (KIP-651), values from the environment since 3.5 (KIP-887).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from domain.access.mechanisms import Mechanism
from domain.clients.connection import (
    COMMON,
    KEYSTORE_VARIABLE,
    PASSWORD_VARIABLE,
    ClientConnection,
    Settings,
    common,
    consumer_settings,
    producer_settings,
    sides,
)
from domain.clients.notes import RACK, Library, notes

_IAM: Settings = {
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "AWS_MSK_IAM",
    "sasl.jaas.config": "software.amazon.msk.auth.iam.IAMLoginModule required;",
    "sasl.client.callback.handler.class": "software.amazon.msk.auth.iam.IAMClientCallbackHandler",
}
_ENVIRONMENT: Settings = {
    "config.providers": "env",
    "config.providers.env.class": "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
}


_CONNECTS_OWN = frozenset({"auto.commit.interval.ms", "delivery.timeout.ms", "enable.auto.commit"})
"""What workers set for their connectors' clients (``Worker.baseProducerConfigs``, ``baseConsumerConfigs``)."""

_SPRINGS_OWN = frozenset({"auto.commit.interval.ms", "enable.auto.commit"})
"""What Spring's listeners do themselves: they commit what was handled, unless told that the consumer commits."""


def java_security(connection: ClientConnection) -> dict[str, str]:
    """How a Java client proves who it is; what it may not know from a file it takes from its environment."""
    match connection.mechanism:
        case Mechanism.IAM:
            return dict(_IAM)
        case Mechanism.SCRAM:
            return {
                **_ENVIRONMENT,
                "security.protocol": "SASL_SSL",
                "sasl.mechanism": "SCRAM-SHA-512",
                "sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required "
                f'username="{connection.user}" password="${{env:{PASSWORD_VARIABLE}}}";',
            }
        case Mechanism.MUTUAL_TLS:
            return {
                **_ENVIRONMENT,
                "security.protocol": "SSL",
                "ssl.keystore.type": "PEM",
                "ssl.keystore.location": f"${{env:{KEYSTORE_VARIABLE}}}",
            }
        case Mechanism.UNAUTHENTICATED_TLS:
            return {"security.protocol": "SSL"}
        case Mechanism.PLAINTEXT:
            return {"security.protocol": "PLAINTEXT"}


def properties_file(comments: Iterable[str], settings: Settings) -> str:
    """A properties file, sorted by name; a backslash would be read as the beginning of an escape."""
    lines = [f"{name}={value.replace(chr(92), chr(92) * 2)}" for name, value in sorted(settings.items())]
    return "\n".join([*(f"# {comment}" for comment in comments), *lines, ""])


def java_files(connection: ClientConnection) -> dict[str, str]:
    """`client.properties` for tools and administration, and one each for a producer and a consumer."""
    base = {**common(connection), **java_security(connection)}
    head = notes(connection, Library.JAVA)
    files = {"client.properties": properties_file([*head, "For tools and administration clients."], base)}
    for side, settings in sides(connection):
        comments = [*head, RACK] if side == "consumer" else head
        files[f"{side}.properties"] = properties_file(comments, {**base, **settings})
    return files


def connect_files(connection: ClientConnection) -> dict[str, str]:
    """A Kafka Connect worker: its own connection, and the same again for what its connectors' clients do.

    What Connect sets for those itself is left to it, as far as another value loses messages or ends a task: it never commits by
    itself, begins a new sink at the first message, and goes on trying to deliver. Nothing for a client that is no worker.
    """
    workers = connection.workers
    if workers is None:
        return {}
    security = java_security(connection)
    providers = {name: value for name, value in security.items() if name.startswith("config.providers")}
    own = {name: value for name, value in security.items() if name not in providers}
    prefixed = {
        f"{side}.{name}": value
        for side, settings in (("producer", producer_settings(connection)), ("consumer", consumer_settings(connection)))
        for name, value in {**settings, **own}.items()
        if name not in _CONNECTS_OWN
    }
    worker = {
        # The cluster's default.replication.factor.
        "config.storage.replication.factor": "-1",
        "config.storage.topic": workers.configs,
        "consumer.auto.offset.reset": "earliest",
        "group.id": workers.group,
        "key.converter": "org.apache.kafka.connect.json.JsonConverter",
        "offset.storage.replication.factor": "-1",
        "offset.storage.topic": workers.offsets,
        "status.storage.replication.factor": "-1",
        "status.storage.topic": workers.statuses,
        "value.converter": "org.apache.kafka.connect.json.JsonConverter",
    }
    return {
        "connect-distributed.properties": properties_file(
            notes(connection, Library.CONNECT), {**common(connection), **providers, **own, **prefixed, **worker}
        )
    }


def spring_files(connection: ClientConnection) -> dict[str, str]:
    """Spring Boot's application.yaml. Spring itself fills in ``${NAME}``, so Kafka's config provider is not needed."""
    security = {
        name: value.replace("${env:", "${")
        for name, value in java_security(connection).items()
        if not name.startswith("config.providers")
    }
    kafka: dict[str, object] = {
        "bootstrap-servers": connection.bootstrap.split(","),
        "client-id": connection.name,
        "properties": {**COMMON, **security},
    }
    # What Spring has a name for goes under that name: it sets a group's and a transaction's id by itself.
    for side, settings in sides(connection):
        # Spring appends numbers to what it has for transactions, so that a whole transactional id is of no use to it.
        own_names = {"group-id": settings.get("group.id", "")}
        if side == "producer":
            own_names = {"transaction-id-prefix": connection.transactional_id_prefix}
        passed_over = {"group.id", "transactional.id", *_SPRINGS_OWN}
        kafka[side] = {
            **{name: value for name, value in own_names.items() if value},
            "properties": {name: value for name, value in settings.items() if name not in passed_over},
        }
    comments = [f"# {note}" for note in notes(connection, Library.SPRING)]
    return {"application.yaml": "\n".join([*comments, *_yaml({"spring": {"kafka": kafka}}), ""])}


def _yaml(value: Mapping[str, object], depth: int = 0) -> Iterable[str]:
    """Mappings and lists of texts as YAML: every text in JSON's quotes, which YAML reads as JSON does."""
    indent = "  " * depth
    for name, inner in value.items():
        # Spring flattens nested keys with dots; in brackets a key with dots stays whole.
        key = json.dumps(f"[{name}]") if "." in name else name
        if isinstance(inner, Mapping):
            yield f"{indent}{key}:"
            yield from _yaml(inner, depth + 1)
        elif isinstance(inner, list):
            yield f"{indent}{key}:"
            yield from (f"{indent}  - {json.dumps(text)}" for text in inner)
        else:
            yield f"{indent}{key}: {json.dumps(inner)}"
