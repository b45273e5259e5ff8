"""A client's file for a Kafka Streams application: exactly once, with internal topics as durable as the cluster's own.

Names and defaults: Apache Kafka documentation, "Kafka Streams Configs" and "Configuring a Streams Application", with its
"Recommended configuration parameters for resiliency". What Streams sets itself under exactly-once is left to it: idempotence,
transactional ids, timeouts of deliveries and transactions, isolation, the reset to the earliest offset, the assignor.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.clients.connection import COMMON, CONSUMER, PRODUCER, consumer_settings, producer_settings
from domain.clients.java import java_security, properties_file
from domain.clients.notes import Library, notes

if TYPE_CHECKING:
    from domain.clients.connection import ClientConnection, Settings

FILE = "streams.properties"

_STREAMS: Settings = MappingProxyType(
    {
        # A second copy of the state on another instance takes over at once; alone, an instance has none to keep.
        "num.standby.replicas": "1",
        "processing.guarantee": "exactly_once_v2",
        # The cluster's default.replication.factor, as of each topic that leaves it out; brokers know -1 since 2.4. Before 3.0,
        # Streams makes topics of a single replica without it.
        "replication.factor": "-1",
        **COMMON,
        "receive.buffer.bytes": CONSUMER["receive.buffer.bytes"],
        "send.buffer.bytes": PRODUCER["send.buffer.bytes"],
        **{f"producer.{name}": PRODUCER[name] for name in ("acks", "compression.type")},
        **{f"consumer.{name}": CONSUMER[name] for name in ("heartbeat.interval.ms", "session.timeout.ms")},
    }
)
"""Of every application, by the names that Streams has for its clients' settings. Internal topics have the cluster's
``min.insync.replicas``, as they have its replication factor."""

_COMMENTS = (
    "Set consumer.client.rack to the ID of the instance's Availability Zone, such as euw1-az1, so that it reads in its own zone.",
    "Set state.dir to a directory that outlives the process: what is lost there is read again from changelog topics.",
)


def streams_files(connection: ClientConnection) -> dict[str, str]:
    """`streams.properties`; nothing for a client that is no Kafka Streams application."""
    if not connection.application_id:
        return {}
    comments = [*notes(connection, Library.STREAMS), *_COMMENTS]
    own = {"application.id": connection.application_id, "bootstrap.servers": connection.bootstrap}
    return {FILE: properties_file(comments, {**own, **_STREAMS, **_sizes(connection), **java_security(connection)})}


def _sizes(connection: ClientConnection) -> dict[str, str]:
    """What it reads and writes as its topics take it; its internal topics take what it reads."""
    produced, consumed = producer_settings(connection), consumer_settings(connection)
    largest = max(connection.largest_written, connection.largest_read)
    return {
        **{f"consumer.{name}": consumed[name] for name in ("fetch.max.bytes", "max.partition.fetch.bytes")},
        "producer.buffer.memory": str(max(int(produced["buffer.memory"]), largest)),
        "producer.max.request.size": str(largest),
        **({"topic.max.message.bytes": str(largest)} if largest > connection.usual_message else {}),
    }
