"""How one client connects: what its files are rendered from, and the settings that producers and consumers are given.

Nothing here is a secret: a password is named by the environment variable that must hold it, a private key by the file that
must hold it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.access.mechanisms import Mechanism

PASSWORD_VARIABLE = "KAFKA_PASSWORD"  # noqa: S105 - the name of a variable
"""Environment variable with a SCRAM user's password."""

KEYSTORE_VARIABLE = "KAFKA_KEYSTORE"
"""Environment variable with the path of the PEM file that holds a client's certificate chain and private key."""

CERTIFICATE_VARIABLE = "KAFKA_CERTIFICATE"
"""Environment variable with the path of the PEM file of a client's certificate chain, for librdkafka."""

KEY_VARIABLE = "KAFKA_KEY"
"""Environment variable with the path of the PEM file of a client's private key, for librdkafka."""

TRUSTED_CA_VARIABLE = "KAFKA_CA"
"""Environment variable with the path of a PEM file of trusted CAs; brokers of Amazon MSK need none, since their certificates are
signed by Amazon Trust Services, which systems trust."""


@dataclass(frozen=True, slots=True)
class ClientConnection:
    """One client of one cluster.

    Attributes:
        name: The client's name in the stack file; its ``client.id``.
        mechanism: How it proves who it is.
        bootstrap: All brokers with their ports, sorted, with commas between them.
        region: The cluster's region.
        produces: Whether it writes.
        consumes: Whether it reads.
        transactional_id: The ``transactional.id`` of its producer; empty for none.
        group: The ``group.id`` of its consumer; empty where the client chooses one.
        application_id: The ``application.id`` of its Kafka Streams application; empty for none.
        user: The SCRAM user's name; empty with other mechanisms.
        secret: The ARN of the secret that holds the SCRAM user's password; empty with other mechanisms.
    """

    name: str
    mechanism: Mechanism
    bootstrap: str
    region: str
    produces: bool = False
    consumes: bool = False
    transactional_id: str = ""
    group: str = ""
    application_id: str = ""
    user: str = ""
    secret: str = ""


Settings = Mapping[str, str]

COMMON: Settings = MappingProxyType({"reconnect.backoff.ms": "1000", "retry.backoff.ms": "200"})
"""Of every client. MSK Developer Guide, "Best practices for Apache Kafka clients"."""

PRODUCER: Settings = MappingProxyType(
    {
        "acks": "all",
        "batch.size": "65536",
        "buffer.memory": "67108864",
        "compression.type": "lz4",
        "delivery.timeout.ms": "120000",
        "enable.idempotence": "true",
        "linger.ms": "10",
        "request.timeout.ms": "30000",
        "retries": "2147483647",
        "send.buffer.bytes": "-1",
    }
)
"""Of a producer that loses nothing that was acknowledged. MSK Developer Guide, "Best practices for Apache Kafka clients"."""

CONSUMER: Settings = MappingProxyType(
    {
        "auto.commit.interval.ms": "5000",
        "auto.offset.reset": "latest",
        "fetch.max.wait.ms": "1000",
        "fetch.min.bytes": "1024",
        "heartbeat.interval.ms": "10000",
        "partition.assignment.strategy": "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
        "receive.buffer.bytes": "-1",
        "session.timeout.ms": "45000",
    }
)
"""Of a consumer that survives a broker's restart. MSK Developer Guide, "Best practices for Apache Kafka clients"."""


def common(connection: ClientConnection) -> dict[str, str]:
    """What each of the client's files says of the cluster and of the client."""
    return {"bootstrap.servers": connection.bootstrap, "client.id": connection.name, **COMMON}


def sides(connection: ClientConnection) -> Iterator[tuple[str, dict[str, str]]]:
    """The client's producer and consumer, as far as it is one, with their settings."""
    if connection.produces:
        yield "producer", {**PRODUCER, **(_transactions(connection.transactional_id) if connection.transactional_id else {})}
    if connection.consumes:
        yield "consumer", {**CONSUMER, **({"group.id": connection.group} if connection.group else {})}


def _transactions(transactional_id: str) -> dict[str, str]:
    # A transaction must outlive a delivery: librdkafka refuses its default of 60 s below a delivery timeout of 120 s.
    return {"transactional.id": transactional_id, "transaction.timeout.ms": PRODUCER["delivery.timeout.ms"]}
