"""What nobody says of brokers on one machine: what each of them takes of it, and how far behind its readers are.

An exporter of node metrics knows the machine only, which the brokers share; here each broker has the CPU time and the disk
traffic of its own process, and a volume that holds its own data. Amazon MSK has the lag of consumer groups as a metric, and
Apache Kafka has not: it is computed of the offsets that brokers know, the same way as from outside.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confluent_kafka import Consumer, KafkaException, TopicPartition

from domain.monitoring.prometheus_names import DATA_MOUNT
from support.kafka.observed import CLUSTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from support.kafka.cluster import Cluster

    Sample = tuple[str, Mapping[str, str], float]

VOLUME_GIB = 64
USED_BEFORE_GIB = 40
"""The volume that each broker is taken to have, and what was on it before; what the brokers write comes to that."""

_GIB = 2**30
_LOG_VOLUME_BYTES = 100 * 2**20
_EVERY_SECONDS = 3
_PATIENCE = 3
_TICKS = os.sysconf("SC_CLK_TCK")
_CPUS = os.cpu_count() or 1
_MOST_MAPS = int(Path("/proc/sys/vm/max_map_count").read_text(encoding="utf-8"))


def _line(name: str, labels: Mapping[str, str], value: float) -> str:
    inside = ",".join(f'{label}="{text}"' for label, text in labels.items())
    return f"{name}{{{inside}}} {value}\n"


class Measured:
    """Looks every three seconds, and answers as an exporter does.

    Args:
        cluster: The brokers, running.
        reading: The topics of each consumer group.
    """

    def __init__(self, cluster: Cluster, reading: Mapping[str, Sequence[str]]) -> None:
        self._cluster = cluster
        self._reading = reading
        settings = {**cluster.administrator.librdkafka(), "log_level": 0}
        self._observers = {group: Consumer({**settings, "group.id": group}) for group in reading}
        self._ends: dict[tuple[str, int], list[tuple[float, int]]] = {}
        self._page = b""
        self._stopped = threading.Event()
        measured = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.end_headers()
                self.wfile.write(measured._page)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the library
                """Says nothing of each request."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._server.serve_forever, self._look)]
        for thread in self._threads:
            thread.start()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"127.0.0.1:{self._server.server_port}"

    def end(self) -> None:
        """Ends it."""
        self._stopped.set()
        self._server.shutdown()

    def _look(self) -> None:
        while not self._stopped.wait(_EVERY_SECONDS):
            samples: list[Sample] = []
            for broker in self._cluster.running:
                # A broker may end while it is looked at.
                with suppress(OSError):
                    samples += list(self._of_broker(broker))
            # While no broker answers for a group, nobody knows its lag; Amazon MSK reports none then, either.
            with suppress(KafkaException):
                samples += list(self._of_groups())
            self._page = "".join(_line(*sample) for sample in samples).encode()

    def _of_broker(self, broker: int) -> Iterator[Sample]:
        process = self._cluster.process(broker)
        data, log = self._cluster.directories(broker)
        node = {"cluster": CLUSTER, "job": "node", "instance": f"b-{broker}:11002"}
        jmx = {**node, "job": "jmx", "instance": f"b-{broker}:11001"}
        place = Path(f"/proc/{process}")
        fields = (place / "stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
        user, system = int(fields[11]) / _TICKS, int(fields[12]) / _TICKS
        for mode, seconds in (("user", user), ("system", system), ("idle", _CPUS * time.monotonic() - user - system)):
            yield "node_cpu_seconds_total", {**node, "mode": mode}, seconds
        traffic = dict(line.split(": ") for line in (place / "io").read_text(encoding="utf-8").splitlines())
        yield "node_disk_read_bytes_total", node, int(traffic["read_bytes"])
        yield "node_disk_written_bytes_total", node, int(traffic["write_bytes"])
        # What is allotted, not the length: indexes are long before there is anything in them.
        held = sum(file.stat().st_blocks * 512 for file in data.rglob("*") if file.is_file())
        mounted = {**node, "mountpoint": DATA_MOUNT}
        yield "node_filesystem_size_bytes", mounted, VOLUME_GIB * _GIB
        yield "node_filesystem_avail_bytes", mounted, (VOLUME_GIB - USED_BEFORE_GIB) * _GIB - held
        yield "measured_log_volume_percent", jmx, 100 * log.stat().st_size / _LOG_VOLUME_BYTES
        maps = len((place / "maps").read_text(encoding="utf-8").splitlines())
        yield "measured_memory_maps_percent", jmx, 100 * maps / _MOST_MAPS

    def _of_groups(self) -> Iterator[Sample]:
        now = time.time()
        every = {topic for topics in self._reading.values() for topic in topics}
        # It knows a group's offsets without being a member: it subscribes to nothing.
        known = next(iter(self._observers.values())).list_topics(timeout=_PATIENCE).topics
        parts = [TopicPartition(topic, number) for topic in sorted(every) for number in known[topic].partitions]
        ends: dict[tuple[str, int], int] = {}
        for group, topics in self._reading.items():
            observer = self._observers[group]
            for part in parts:
                key = (part.topic, part.partition)
                if key not in ends:
                    ends[key] = observer.get_watermark_offsets(part, timeout=_PATIENCE)[1]
                    self._ends.setdefault(key, []).append((now, ends[key]))
            answered = observer.committed(parts, timeout=_PATIENCE)
            committed = {(part.topic, part.partition): part.offset for part in answered}
            for topic in topics:
                keys = [key for key in ends if key[0] == topic and committed.get(key, -1) >= 0]
                behind = [ends[key] - committed[key] for key in keys]
                late = [self._seconds_behind(key, committed[key], now) for key in keys]
                labels = {"cluster": CLUSTER, "job": "jmx", "instance": "b-1:11001", "groupId": group, "topic": topic}
                for name, values, total in (
                    ("EstimatedMaxTimeLag", late, max),
                    ("MaxOffsetLag", behind, max),
                    ("SumOffsetLag", behind, sum),
                ):
                    if values:
                        yield "kafka_consumer_group_ConsumerLagMetrics_Value", {**labels, "name": name}, max(0, total(values))

    def _seconds_behind(self, key: tuple[str, int], committed: int, now: float) -> float:
        """For how long the first message that was not read has been there."""
        there = [when for when, end in self._ends[key] if end > committed]
        return now - there[0] if there else 0
