"""How one client connects: what its files are rendered from, and the settings that producers and consumers are given.

Nothing here is a secret: a password is named by the environment variable that must hold it, a private key by the file that
must hold it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.access.mechanisms import Mechanism
from domain.clients.limits import MESSAGE_BYTES, TRANSACTION_MS

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
class Workers:
    """The workers of a Kafka Connect cluster.

    Attributes:
        group: Their ``group.id``.
        configs: The topic of the connectors' configuration.
        offsets: The topic of the source connectors' offsets.
        statuses: The topic of the connectors' states.
    """

    group: str
    configs: str
    offsets: str
    statuses: str


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
        transactional_ids: What the ``transactional.id`` of each of its producers may be; the first is in its files.
        transactional_id_prefix: What those begin with that the client chooses itself; empty for none.
        group: The ``group.id`` of its consumer; empty where the client chooses one.
        group_prefix: What a group begins with that the client chooses itself; empty for none.
        workers: The Kafka Connect workers that it is; None for others.
        largest_written: The most bytes of a message that any topic takes that it writes.
        smallest_written: The most bytes of a batch that each of those takes.
        largest_read: The most bytes of a message of any topic that it reads.
        usual_message: The most bytes of a message of topics that say nothing.
        transaction_ms: The longest transaction that the cluster takes, milliseconds.
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
    transactional_ids: tuple[str, ...] = ()
    transactional_id_prefix: str = ""
    group: str = ""
    group_prefix: str = ""
    workers: Workers | None = None
    largest_written: int = MESSAGE_BYTES
    smallest_written: int = MESSAGE_BYTES
    largest_read: int = MESSAGE_BYTES
    usual_message: int = MESSAGE_BYTES
    transaction_ms: int = TRANSACTION_MS
    application_id: str = ""
    user: str = ""
    secret: str = ""


Settings = Mapping[str, str]

COMMON: Settings = MappingProxyType(
    {
        # Before the brokers do it, after ten minutes, which is logged as an error: librdkafka alone would wait for that.
        "connections.max.idle.ms": "540000",
        "reconnect.backoff.max.ms": "10000",
        "reconnect.backoff.ms": "1000",
        "retry.backoff.ms": "200",
    }
)
"""Of every client. MSK Developer Guide, "Best practices for Apache Kafka clients". What is Java's default is written out where
librdkafka or kafka-python has another one."""

PRODUCER: Settings = MappingProxyType(
    {
        "acks": "all",
        "batch.size": "65536",
        "buffer.memory": "67108864",
        "compression.type": "lz4",
        "delivery.timeout.ms": "120000",
        "enable.idempotence": "true",
        "linger.ms": "10",
        # The most with which idempotence keeps the order.
        "max.in.flight.requests.per.connection": "5",
        "request.timeout.ms": "30000",
        "retries": "2147483647",
        "send.buffer.bytes": "-1",
    }
)
"""Of a producer that loses nothing that was acknowledged. MSK Developer Guide, "Best practices for Apache Kafka clients"."""

CONSUMER: Settings = MappingProxyType(
    {
        "allow.auto.create.topics": "false",
        "auto.commit.interval.ms": "5000",
        "auto.offset.reset": "latest",
        # librdkafka does not unless told so.
        "check.crcs": "true",
        "enable.auto.commit": "true",
        "fetch.max.bytes": "52428800",
        "fetch.max.wait.ms": "1000",
        "fetch.min.bytes": "1024",
        "heartbeat.interval.ms": "10000",
        # Java's and kafka-python's default shows what a failed transaction wrote, librdkafka's does not. Without transactions it
        # changes nothing.
        "isolation.level": "read_committed",
        "max.partition.fetch.bytes": "1048576",
        "max.poll.interval.ms": "300000",
        "max.poll.records": "500",
        "partition.assignment.strategy": "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
        "receive.buffer.bytes": "-1",
        "request.timeout.ms": "30000",
        "session.timeout.ms": "45000",
    }
)
"""Of a consumer that survives a broker's restart. MSK Developer Guide, "Best practices for Apache Kafka clients"."""


def common(connection: ClientConnection) -> dict[str, str]:
    """What each of the client's files says of the cluster and of the client."""
    return {"bootstrap.servers": connection.bootstrap, "client.id": connection.name, **COMMON}


def producer_settings(connection: ClientConnection) -> dict[str, str]:
    """Of a producer whose messages are as large as its topics take."""
    batch = min(int(PRODUCER["batch.size"]), connection.smallest_written)
    memory = max(int(PRODUCER["buffer.memory"]), connection.largest_written)
    sizes = {"batch.size": batch, "buffer.memory": memory, "max.request.size": connection.largest_written}
    return {**PRODUCER, **{name: str(size) for name, size in sizes.items()}}


def consumer_settings(connection: ClientConnection) -> dict[str, str]:
    """Of a consumer that takes a whole message of any topic that it reads, whatever it is called for."""
    sizes = {name: max(int(CONSUMER[name]), connection.largest_read) for name in ("fetch.max.bytes", "max.partition.fetch.bytes")}
    return {**CONSUMER, **{name: str(size) for name, size in sizes.items()}}


def sides(connection: ClientConnection) -> Iterator[tuple[str, dict[str, str]]]:
    """The client's producer and consumer, as far as it is one, with their settings."""
    if connection.produces:
        yield "producer", {**producer_settings(connection), **_transactions(connection)}
    if connection.consumes:
        yield "consumer", {**consumer_settings(connection), **({"group.id": connection.group} if connection.group else {})}


def _transactions(connection: ClientConnection) -> dict[str, str]:
    ids, prefix = connection.transactional_ids, connection.transactional_id_prefix
    if not ids and not prefix:
        return {}
    # A transaction must outlive a delivery: librdkafka refuses its default of 60 s below a delivery timeout of 120 s.
    longest = min(int(PRODUCER["delivery.timeout.ms"]), connection.transaction_ms)
    # A delivery has time for one request after the wait for a batch.
    request = max(1, min(int(PRODUCER["request.timeout.ms"]), longest - int(PRODUCER["linger.ms"])))
    times = {"delivery.timeout.ms": longest, "request.timeout.ms": request, "transaction.timeout.ms": longest}
    named = {"transactional.id": ids[0]} if ids else {}
    return {**named, **{name: str(milliseconds) for name, milliseconds in times.items()}}
