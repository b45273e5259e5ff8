"""Writes to every partition of a topic of its own, reads it back as a member of a group, and says how long that took.

Run on a host that reaches the brokers, with the client's ready file for kafka-python. Exit code: 0 when every message that was
acknowledged came back once, 1 when not, with the reason on standard error, 2 on wrong use.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import runpy
import socket
import ssl
import sys
import time
import uuid
from pathlib import Path
from types import ModuleType
from typing import Any

TOPIC = "msk-smoke-test"
RETENTION_MS = 3_600_000
_CONNECT_SECONDS = 5.0
_UNAUTHORIZED = "not authorized for this client"
_STRAGGLERS_SECONDS = 1.0


class SmokeError(Exception):
    """Why the cluster does not do what it should.

    Args:
        kind: One word or two for programs, such as ``no-route``.
        message: What is wrong and where to look, for people.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class _Heard(logging.Handler):
    """What the library logged: why a connection failed may stand there alone, where its exceptions speak of a timeout."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += f"{record.getMessage()} {record.exc_info[1]!r}\n" if record.exc_info else f"{record.getMessage()}\n"


def load(path: Path) -> dict[str, Any]:
    """CLIENT, PRODUCER and CONSUMER of a client's ready file.

    Raises:
        SmokeError: It cannot be read, or its environment lacks something.
    """
    try:
        return runpy.run_path(str(path))
    except KeyError as error:
        raise SmokeError("client-file", f"{path} needs the environment variable {error.args[0]}.") from error
    except (OSError, ImportError) as error:
        raise SmokeError("client-file", f"{path} cannot be used: {error}.") from error


def reach(client: dict[str, Any]) -> list[str]:
    """Connects to each broker, with TLS where clients use it, and no further.

    Returns:
        What is wrong with some, as long as one answers.

    Raises:
        SmokeError: None answers.
    """
    context = None
    if "SSL" in client["security_protocol"]:
        context = ssl.create_default_context(cafile=client.get("ssl_cafile"))
        context.check_hostname = client.get("ssl_check_hostname", True)
    wrong: dict[str, OSError] = {}
    for server in client["bootstrap_servers"]:
        host, _, port = server.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), _CONNECT_SECONDS) as plain:
                if context:
                    context.wrap_socket(plain, server_hostname=host).close()
        except OSError as error:
            wrong[server] = error
    said = [f"{server}: {error}" for server, error in wrong.items()]
    if len(wrong) < len(client["bootstrap_servers"]):
        return said
    if any(isinstance(error, ssl.SSLError) for error in wrong.values()):
        raise SmokeError("tls", f"No broker can be reached over TLS. {said[0]}")
    raise SmokeError(
        "no-route",
        "No broker can be reached. Check that the cluster exists, and that routes and security groups let this host reach its "
        f"port. {said[0]}",
    )


def explained(error: Exception, heard: str) -> SmokeError:
    """What an error of the library means.

    Args:
        error: The error.
        heard: What the library logged before.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    said = f"{type(error).__name__}: {error}".strip(" :")
    # Brokers end the connection of a client that they refuse, and may do so before the library has read why. They were reached.
    ended = "Unable to bootstrap" in said and "socket disconnected" in heard
    if "SaslAuthenticationFailedError" in names or "SaslAuthenticationFailed" in heard or ended:
        return SmokeError(
            "authentication-refused",
            "The brokers refuse this client's identity: wrong password, secret not associated with the cluster, or IAM role "
            f"without kafka-cluster:Connect. {said}",
        )
    if any(name.endswith("AuthorizationFailedError") for name in names) or _UNAUTHORIZED in heard:
        return SmokeError(
            "not-authorized",
            f"The brokers do not authorize this client: its IAM policy or Kafka ACLs must allow the topic {TOPIC} and groups "
            f"that begin with {TOPIC}. {said}",
        )
    if "InvalidReplicationFactorError" in names or "NotEnoughReplicas" in said:
        return SmokeError("not-enough-replicas", f"Too few brokers are up for the topic's replicas. {said}")
    if "KafkaTimeoutError" in names:
        last = heard.rstrip().rpartition("\n")[2]
        return SmokeError("timeout", f"The brokers did not answer in time. {said} {last}".rstrip())
    return SmokeError("kafka", said)


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so great a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


class Smoke:
    """One run.

    Args:
        kafka: The library.
        file: What the client's ready file defines.
        options: The command's options.
        heard: What the library logs.
    """

    def __init__(self, kafka: ModuleType, file: dict[str, Any], options: argparse.Namespace, heard: _Heard) -> None:
        self._kafka, self._file, self._options, self._heard = kafka, file, options, heard
        self._run = uuid.uuid4().hex[:12]
        self._patience = options.timeout * 1000
        self._sent: dict[int, float] = {}
        self._acknowledged: dict[int, float] = {}
        self._arrived: dict[int, float] = {}
        self._doubled = 0

    def measure(self) -> dict[str, Any]:
        """Creates the topic if it is not there, writes, reads, and counts.

        Raises:
            SmokeError: A message is missing or came twice, or not in time.
        """
        self._create_topic()
        consumer = self._kafka.KafkaConsumer(
            **{
                **self._file["CONSUMER"],
                "group_id": f"{self._options.topic}-{self._run}",
                "auto_offset_reset": "latest",
                "enable_auto_commit": False,
                "bootstrap_timeout_ms": self._patience,
            }
        )
        try:
            partitions = self._join(consumer)
            started = time.monotonic()
            self._produce(partitions)
            produced = max(self._acknowledged.values(), default=started) - started
            self._consume(consumer)
            consumer.commit()
        finally:
            consumer.close()
        lost = self._acknowledged.keys() - self._arrived.keys()
        if lost or self._doubled:
            raise SmokeError(
                "messages",
                f"{len(lost)} of {len(self._acknowledged)} acknowledged messages were not read within {self._options.timeout} "
                f"seconds; {self._doubled} came more than once.",
            )
        consumed = max(self._arrived.values()) - started
        acknowledged = [1000 * (self._acknowledged[key] - self._sent[key]) for key in self._acknowledged]
        end_to_end = [1000 * (self._arrived[key] - self._sent[key]) for key in self._arrived]
        messages, megabyte = self._options.messages, self._options.messages * self._options.size / 1_000_000
        return {
            "topic": self._options.topic,
            "partitions": len(partitions),
            "messages": messages,
            "bytesEach": self._options.size,
            "produced": {"messagesPerSecond": messages / produced, "MBps": megabyte / produced},
            "consumed": {"messagesPerSecond": messages / consumed, "MBps": megabyte / consumed},
            "acknowledgedMs": {"p50": percentile(acknowledged, 0.5), "p99": percentile(acknowledged, 0.99)},
            "endToEndMs": {"p50": percentile(end_to_end, 0.5), "p99": percentile(end_to_end, 0.99)},
        }

    def _create_topic(self) -> None:
        admin = self._kafka.KafkaAdminClient(**{**self._file["CLIENT"], "bootstrap_timeout_ms": self._patience})
        try:
            # The bootstrap string names every broker: with a partition each, every broker has something to lead.
            wanted = {
                "num_partitions": len(self._file["CLIENT"]["bootstrap_servers"]),
                "configs": {"retention.ms": str(RETENTION_MS)},
            }
            admin.create_topics({self._options.topic: wanted}, timeout_ms=self._patience)
        except self._kafka.errors.TopicAlreadyExistsError:
            return
        finally:
            admin.close()

    def _join(self, consumer: Any) -> list[int]:  # noqa: ANN401 - kafka-python declares no types (no py.typed)
        """Takes part in the group until every partition is this consumer's, at its end."""
        deadline = time.monotonic() + self._options.timeout
        consumer.subscribe([self._options.topic])
        while time.monotonic() < deadline:
            consumer.poll(timeout_ms=200)
            # The library asks again and again instead of raising it.
            if _UNAUTHORIZED in self._heard.text:
                raise self._kafka.errors.TopicAuthorizationFailedError(self._options.topic)
            known, mine = consumer.partitions_for_topic(self._options.topic) or set(), consumer.assignment()
            if known and {part.partition for part in mine} == known:
                for part in mine:
                    consumer.position(part)
                return sorted(known)
        raise SmokeError("timeout", f"The group got no partitions of {self._options.topic} in {self._options.timeout} seconds.")

    def _produce(self, partitions: list[int]) -> None:
        """Writes to the partitions in turn and waits until each message is acknowledged by all replicas in sync."""
        producer = self._kafka.KafkaProducer(
            **{**self._file["PRODUCER"], "acks": "all", "compression_type": None, "bootstrap_timeout_ms": self._patience}
        )
        failed: list[Exception] = []
        try:
            for number in range(self._options.messages):
                value = f"{self._run} {number} ".encode().ljust(self._options.size, b".")
                self._sent[number] = time.monotonic()
                future = producer.send(self._options.topic, value=value, partition=partitions[number % len(partitions)])
                future.add_callback(lambda _, number=number: self._acknowledged.setdefault(number, time.monotonic()))
                future.add_errback(failed.append)
            producer.flush(timeout=self._options.timeout)
        finally:
            producer.close(timeout=_CONNECT_SECONDS)
        if failed:
            raise failed[0]
        missing = self._options.messages - len(self._acknowledged)
        if missing:
            raise SmokeError("timeout", f"{missing} messages were not acknowledged in {self._options.timeout} seconds.")

    def _consume(self, consumer: Any) -> None:  # noqa: ANN401 - kafka-python declares no types (no py.typed)
        """Reads until all is there, and a little longer for what comes twice."""
        deadline = time.monotonic() + self._options.timeout
        mine = self._run.encode()
        while time.monotonic() < deadline:
            for batch in consumer.poll(timeout_ms=100).values():
                now = time.monotonic()
                for record in batch:
                    run, number, *_ = record.value.split(b" ")
                    if run != mine:
                        continue  # of another run at the same time
                    if int(number) in self._arrived:
                        self._doubled += 1
                    self._arrived.setdefault(int(number), now)
            if len(self._arrived) == self._options.messages:
                deadline = min(deadline, max(self._arrived.values()) + _STRAGGLERS_SECONDS)


def _table(result: dict[str, Any]) -> str:
    rows = [
        ("topic", f"{result['topic']}, {result['partitions']} partitions"),
        ("messages", f"{result['messages']} of {result['bytesEach']} bytes, acks=all: none missing, none duplicated"),
        *(
            (f"{side}", f"{result[side]['messagesPerSecond']:,.0f} messages/s, {result[side]['MBps']:.2f} MB/s")
            for side in ("produced", "consumed")
        ),
        *(
            (title, f"p50 {result[key]['p50']:.1f} ms, p99 {result[key]['p99']:.1f} ms")
            for title, key in (("acknowledged", "acknowledgedMs"), ("end to end", "endToEndMs"))
        ),
    ]
    return "\n".join(f"{title:<14}{text}" for title, text in rows)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="smoke", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--client", type=Path, required=True, metavar="FILE", help="the client's ready file for kafka-python")
    parser.add_argument("--messages", type=_positive, default=3000, help="messages (default: 3000)")
    parser.add_argument("--size", type=_positive, default=1000, help="bytes per message, at least 64 (default: 1000)")
    parser.add_argument("--timeout", type=_positive, default=60, metavar="SECONDS", help="for each step (default: 60)")
    parser.add_argument("--topic", default=TOPIC, help=f"topic, and prefix of the group's name (default: {TOPIC})")
    parser.add_argument("--json", action="store_true", help="result or failure as JSON")
    options = parser.parse_args(arguments)
    options.size = max(options.size, 64)
    return options


def main(arguments: list[str] | None = None) -> int:
    """Runs once.

    Args:
        arguments: The command's options; those of the process if none are given.

    Returns:
        The exit code.
    """
    options = _options(arguments)
    heard = _Heard()
    log = logging.getLogger("kafka")
    log.addHandler(heard)
    log.propagate = False
    try:
        file = load(options.client)
        warnings = reach(file["CLIENT"])
        # The host's library, looked up when it is needed: the repository itself has none.
        kafka = importlib.import_module("kafka")
        try:
            result = {"ok": True, **Smoke(kafka, file, options, heard).measure(), "warnings": warnings}
        except kafka.errors.KafkaError as error:
            raise explained(error, heard.text) from error
    except SmokeError as error:
        if options.json:
            print(json.dumps({"ok": False, "failure": error.kind, "message": str(error)}, indent=2))
        print(f"smoke: {error.kind}: {error}", file=sys.stderr)
        return 1
    for warning in warnings:
        print(f"smoke: cannot reach a broker: {warning}", file=sys.stderr)
    print(json.dumps(result, indent=2) if options.json else _table(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
