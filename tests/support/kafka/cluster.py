"""Apache Kafka as Amazon MSK runs it, on loopback: brokers and a controller or a ZooKeeper, each a process of its own."""

from __future__ import annotations

import atexit
import random
import signal
import socket
import subprocess
import time
import urllib.request
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # its public names, though it does not mark them so
    AdminClient,
    ClusterMetadata,
    ConfigResource,
    NewTopic,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from domain.msk.versions import MetadataMode
from support.kafka.certificates import CertificateAuthority
from support.kafka.connections import Connection
from support.kafka.installation import java, keep_loaded_classes, loaded_classes, with_loaded_classes
from support.kafka.server_files import (
    ADMINISTRATOR,
    CONTROLLER,
    NODE,
    Listener,
    server_file,
    with_kraft,
    with_zookeeper,
    zookeeper_file,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

CLUSTER_ID = "mskPlatformTestsClustA"
"""Sixteen bytes in Kafka's base64."""
BROKERS = (1, 2, 3)
METADATA_NODE = 1001
"""The node that keeps the metadata: KRaft's controller, or the ZooKeeper."""
_ZONES = ("use1-az1", "use1-az2", "use1-az4")
_ITERATIONS = 4096
_ZOOKEEPER = "org.apache.zookeeper.server.ZooKeeperServerMain"
# Below the ports that systems give to outgoing connections: a broker that starts again must find its own still free.
_PORTS = range(20_000, 32_000)
# For what takes seconds: who waits longer waits for what will not happen.
_PATIENCE = 120.0
_BETWEEN_QUESTIONS = 0.1
# With ZooKeeper a broker that has just started answers before it knows of any, itself included.
_NO_ANSWER = (KafkaError._TRANSPORT, KafkaError._TIMED_OUT, KafkaError._ALL_BROKERS_DOWN, KafkaError._PARTIAL)


class Cluster:
    """A cluster with the server properties of a stack.

    Args:
        directory: An empty directory for its logs, certificates and what its nodes print.
        kafka: The directory with Kafka's jars.
        programs: The directory of the compiled `Node`.
        rendered: The server properties as a stack renders them.
        exporter: The directory with Prometheus' exporter of JMX, which then runs in each broker; None for brokers without.
        exported_controller: Whether it runs in the controller too, whose metrics Amazon MSK keeps to itself.
        metadata: Who keeps the metadata. With ZooKeeper it must be a Kafka before 4.0, and a broker that was killed can come back
            only when its session has expired.
        brokers: The brokers it begins with, in the zones by turns as Amazon MSK numbers them.
    """

    def __init__(
        self,
        directory: Path,
        kafka: Path,
        programs: Path,
        rendered: str,
        *,
        exporter: Path | None = None,
        exported_controller: bool = False,
        metadata: MetadataMode = MetadataMode.KRAFT,
        brokers: Iterable[int] = BROKERS,
    ) -> None:
        self.directory = directory
        self.brokers = list(brokers)
        self.authority = CertificateAuthority(directory / "tls", "msk-platform tests")
        self._class_paths: defaultdict[int, tuple[Path, Path]] = defaultdict(lambda: (programs, kafka))
        self._exporter = exporter
        self._metadata = metadata
        self._rendered = rendered
        self._cluster_id = CLUSTER_ID
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._ports = _assigned_ports(self.brokers)
        exported = [*self.brokers, *([METADATA_NODE] if exported_controller else [])]
        self._exporter_ports = dict(zip(exported, _free_ports(), strict=False)) if exporter else {}
        self._node_certificate = self.authority.issue(NODE)
        self._admin: AdminClient | None = None

    # --- Who may connect --------------------------------------------------------------------------------------

    def bootstrap(self, listener: Listener) -> str:
        """All brokers with their ports of a listener, sorted, as the stack exports them."""
        return ",".join(f"127.0.0.1:{self._ports[node][listener.value]}" for node in self.brokers)

    def with_certificate(self, common_name: str, *, authority: CertificateAuthority | None = None) -> Connection:
        """Connects with a certificate, of the cluster's CA if no other one is given; its principal is `User:CN=...`."""
        certificate = (authority or self.authority).issue(common_name)
        return Connection(self.bootstrap(Listener.TLS), self.authority.certificate, certificate=certificate)

    def with_password(self, user: str, password: str) -> Connection:
        """Connects with a user's name and password, which may be wrong."""
        return Connection(self.bootstrap(Listener.SCRAM), self.authority.certificate, user=user, password=password)

    def add_user(self, user: str, password: str) -> Connection:
        """Gives a user a password, as Amazon MSK does with an associated secret, and returns how it connects."""
        credential = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, _ITERATIONS)
        change = UserScramCredentialUpsertion(user, credential, password.encode())
        self.admin.alter_user_scram_credentials([change])[user].result()
        return self.with_password(user, password)

    def remove_user(self, user: str) -> None:
        """Takes a user's password away, as Amazon MSK does when its secret is no longer associated."""
        change = UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512)
        self.admin.alter_user_scram_credentials([change])[user].result()

    @property
    def admin(self) -> AdminClient:
        """A client that may do everything."""
        # A client without events is false: it has a length.
        assert self._admin is not None, "the cluster has not been started"
        return self._admin

    # --- Nodes ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts all nodes and waits until every broker serves clients."""
        atexit.register(self.end)
        self.administrator = self.with_certificate(ADMINISTRATOR)
        self.start_metadata()
        for node in self.brokers:
            self._start(node)
        self._admin = AdminClient({**self.administrator.librdkafka(), "log_level": 0})
        self._await_brokers()
        if not self._exporter:
            first = self.brokers[0]
            keep_loaded_classes(self._processes[first].pid, loaded_classes("Node", self._class_paths[first]))

    def end(self) -> None:
        """Ends all nodes, at once: nobody needs their data any more."""
        for process in self._processes.values():
            _end(process, signal.SIGKILL)
        self._processes.clear()
        atexit.unregister(self.end)

    def start_metadata(self) -> None:
        """Starts the controller or the ZooKeeper."""
        self._start(METADATA_NODE)
        if self._metadata is MetadataMode.ZOOKEEPER:
            # A broker gives a ZooKeeper that is not there yet no longer than its properties say.
            self._await_listening(METADATA_NODE, CONTROLLER)

    def stop_metadata(self) -> None:
        """Stops the controller or the ZooKeeper."""
        _end(self._processes.pop(METADATA_NODE), signal.SIGTERM)

    def stop_broker(self, node: int) -> None:
        """Stops a broker in order, as maintenance does: it gives its leaderships away first."""
        _end(self._processes.pop(node), signal.SIGTERM)

    def kill_broker(self, node: int) -> None:
        """Ends a broker at once, as a failing machine does: the controller notices by its silence."""
        _end(self._processes.pop(node), signal.SIGKILL)

    def start_broker(self, node: int) -> None:
        """Starts a broker that was stopped, and waits until it is one of those that serve clients."""
        self._start(node)
        self.until(lambda metadata: node in metadata.brokers, f"broker {node} serves clients")

    def add_brokers(self, nodes: Iterable[int]) -> None:
        """Starts more brokers, as Amazon MSK does when their number is raised, and waits until they serve clients."""
        new = list(nodes)
        self._ports |= _assigned_ports(new, taken=self._ports)
        self.brokers += new
        for node in new:
            self._start(node)
        self._await_brokers()

    def remove_brokers(self, nodes: Iterable[int]) -> None:
        """Stops brokers for good, as Amazon MSK does when their number is lowered; what they hold is gone."""
        for node in nodes:
            self.stop_broker(node)
            self.brokers.remove(node)
        self._await_brokers()

    @property
    def running(self) -> list[int]:
        """The brokers whose process runs."""
        return [node for node in self.brokers if node in self._processes and self._processes[node].poll() is None]

    def heal(self) -> None:
        """Starts the brokers that are stopped, and waits until every replica is in sync again."""
        stopped = [node for node in self.brokers if node not in self.running]
        for node in stopped:
            self._start(node)
        if stopped:
            self._await_brokers()

    def _start(self, node: int) -> None:
        file = self.directory / f"node-{node}.properties"
        data = self.directory / f"node-{node}"
        if node == METADATA_NODE and self._metadata is MetadataMode.ZOOKEEPER:
            file.write_text(zookeeper_file(data, self._metadata_port), encoding="utf-8")
            command = [*java("Lifeline", self._class_paths[node], log_level="info"), _ZOOKEEPER, str(file)]
        else:
            file.write_text(self._server_file(node, data), encoding="utf-8")
            with_exporter = self._exporter and node in self._exporter_ports
            class_path = self._class_paths[node]
            archive = loaded_classes("Node", class_path)
            main = "LagBeans" if with_exporter else "Node"
            # A virtual machine that is to note which classes it loads refuses to run with an agent.
            options = [] if with_exporter and not archive.exists() else [with_loaded_classes(archive)]
            options += [self._exporter_option(node)] if with_exporter else []
            program = java(main, class_path, *options, heap="320m", log_level="info")
            command = [*program, str(file), str(data), self._cluster_id]
        with self._log(node).open("ab") as log:
            # The pipe is the node's lifeline: it ends when this process does, however that ends.
            self._processes[node] = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )

    def _who_keeps_metadata(self, node: int) -> Mapping[str, str]:
        port = self._metadata_port
        return with_zookeeper(node, port) if self._metadata is MetadataMode.ZOOKEEPER else with_kraft(node, METADATA_NODE, port)

    def _server_file(self, node: int, data: Path) -> str:
        return server_file(
            self._ports[node],
            directory=data,
            certificate=self._node_certificate,
            trusted=self.authority.certificate,
            metadata=self._who_keeps_metadata(node),
            rack=None if node == METADATA_NODE else _ZONES[(node - 1) % len(_ZONES)],
            rendered=self._rendered,
        )

    @property
    def _metadata_port(self) -> int:
        return self._ports[METADATA_NODE][CONTROLLER]

    def _await_listening(self, node: int, listener: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            self._assert_all_run()
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._ports[node][listener]), _BETWEEN_QUESTIONS):
                return
            assert time.monotonic() < deadline, f"node {node} does not listen:\n{self._last_words(node)}"
            time.sleep(_BETWEEN_QUESTIONS)

    def _await_logged(self, node: int, words: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while words not in self.log(node):
            self._assert_all_run()
            assert time.monotonic() < deadline, f"node {node} never said {words!r}:\n{self._last_words(node)}"
            time.sleep(_BETWEEN_QUESTIONS)

    def _exporter_option(self, node: int) -> str:
        """What puts the exporter of JMX into a broker, without rules as on Amazon MSK."""
        (agent,) = (self._exporter or self.directory).glob("jmx_prometheus_javaagent-*.jar")
        rules = self.directory / "exporter.yml"
        rules.write_text("{}\n", encoding="utf-8")
        return f"-javaagent:{agent}={self._exporter_ports[node]}:{rules}"

    def exporters(self) -> list[str]:
        """Where the brokers' exporters answer."""
        return [f"127.0.0.1:{self._exporter_ports[node]}" for node in self.brokers]

    def controllers_exporter(self) -> str:
        """Where the controller's exporter answers."""
        return f"127.0.0.1:{self._exporter_ports[METADATA_NODE]}"

    def process(self, node: int) -> int | None:
        """The number of a node's process; None while it does not run."""
        process = self._processes.get(node)
        return process.pid if process and process.poll() is None else None

    def directories(self, node: int) -> tuple[Path, Path]:
        """Where a node has its data, and the file of its log."""
        return self.directory / f"node-{node}", self._log(node)

    def exported(self, node: int) -> dict[str, float]:
        """All that a broker's exporter says at this moment: series with their labels as they are written."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._exporter_ports[node]}/metrics") as answer:
            lines = [line for line in answer.read().decode().splitlines() if not line.startswith("#")]
        return {series: float(value) for series, value in (line.rsplit(" ", 1) for line in lines)}

    def log(self, node: int) -> str:
        """What a node has written into its log so far."""
        return self._log(node).read_text(encoding="utf-8", errors="replace")

    def _log(self, node: int) -> Path:
        return self.directory / f"node-{node}.log"

    # --- What the cluster says of itself ----------------------------------------------------------------------

    def metadata(self) -> ClusterMetadata | None:
        """What the brokers say there is; None when none answers."""
        try:
            return self.admin.list_topics(timeout=5)
        except KafkaException as error:
            if error.args[0].code() in _NO_ANSWER:
                return None
            raise

    def create_topic_on(self, node: int, name: str) -> None:
        """Creates a topic of one partition whose only replica is on this broker."""
        new = NewTopic(name, num_partitions=1, replica_assignment=[[node]])
        self.admin.create_topics([new])[name].result()
        self.await_in_sync(1, [name])

    def create_topic(self, name: str, *, partitions: int = 1, config: dict[str, str] | None = None) -> None:
        """Creates a topic with the replication factor that the cluster gives it, and waits until its replicas are in sync."""
        new = NewTopic(name, num_partitions=partitions, replication_factor=-1, config=config or {})
        self.admin.create_topics([new])[name].result()
        self.await_in_sync(len(_ZONES), [name])

    def config_of_broker(self, node: int) -> dict[str, str]:
        """What a broker runs with, by the names of its properties."""
        return self._config("broker", str(node))

    def config_of_topic(self, name: str) -> dict[str, str]:
        """What a topic has, its own and what it has from the brokers."""
        return self._config("topic", name)

    def _config(self, kind: str, name: str) -> dict[str, str]:
        # A broker that is asked may not have heard of a new topic yet: then another question is the answer.
        deadline = time.monotonic() + _PATIENCE
        while True:
            (answer,) = self.admin.describe_configs([ConfigResource(kind, name)]).values()
            failure = answer.exception()
            if failure is None:
                return {key: entry.value for key, entry in answer.result().items()}
            unheard = failure.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART
            if not unheard or time.monotonic() >= deadline:
                raise failure
            time.sleep(_BETWEEN_QUESTIONS)

    def leader(self, topic: str, partition: int = 0) -> int:
        """The broker that leads a partition; -1 when none does."""
        metadata = self.metadata()
        return metadata.topics[topic].partitions[partition].leader if metadata else -1

    def await_in_sync(self, number: int, topics: Iterable[str]) -> None:
        """Waits until every partition of the topics has this many replicas in sync."""
        wanted = list(topics)
        self.until(
            lambda metadata: all(
                topic in metadata.topics
                and metadata.topics[topic].partitions
                and all(len(partition.isrs) == number for partition in metadata.topics[topic].partitions.values())
                for topic in wanted
            ),
            f"{number} replicas in sync of every partition of {', '.join(wanted)}",
            # Any of the brokers answers, and one may hear of a new topic later than another.
            answers=2 * len(_ZONES),
        )

    def until(self, holds: Callable[[ClusterMetadata], bool], what: str, *, answers: int = 1) -> None:
        """Asks the brokers until something holds.

        Args:
            holds: What must hold of their metadata.
            what: The same in words, for the failure.
            answers: In how many answers in a row.
        """
        deadline = time.monotonic() + _PATIENCE
        held = 0
        while True:
            self._assert_all_run()
            metadata = self.metadata()
            held = held + 1 if metadata and holds(metadata) else 0
            if held == answers:
                return
            if held:
                continue
            assert time.monotonic() < deadline, f"not after {_PATIENCE:.0f} seconds: {what}. See {self.directory}/node-*.log."
            time.sleep(_BETWEEN_QUESTIONS)

    def _assert_all_run(self) -> None:
        for node, process in self._processes.items():
            assert process.poll() is None, f"node {node} ended with {process.returncode}:\n{self._last_words(node)}"

    def _await_brokers(self) -> None:
        self.until(
            lambda metadata: (
                set(metadata.brokers) == set(self.brokers)
                and all(
                    len(partition.isrs) == len(partition.replicas)
                    for topic in metadata.topics.values()
                    for partition in topic.partitions.values()
                )
            ),
            "all brokers and all replicas in sync",
        )

    def _last_words(self, node: int) -> str:
        return "\n".join(self.log(node).splitlines()[-40:])


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):  # it ended by itself just now
            process.send_signal(how)
    try:
        process.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin:
        process.stdin.close()


def _assigned_ports(brokers: Iterable[int], taken: Mapping[int, Mapping[str, int]] | None = None) -> dict[int, dict[str, int]]:
    """Free ports for the listeners of each broker, and for the metadata's if nobody has any yet."""
    names = {node: [listener.value for listener in Listener] for node in brokers} | (
        {} if taken else {METADATA_NODE: [CONTROLLER]}
    )
    # A port may be another node's that is stopped just now.
    others = {port for ports in (taken or {}).values() for port in ports.values()}
    free = (port for port in _free_ports() if port not in others)
    return {node: {name: next(free) for name in listeners} for node, listeners in names.items()}


def free_port() -> int:
    """A port that nobody has."""
    return next(_free_ports())


def _free_ports() -> Iterator[int]:
    for port in random.sample(_PORTS, len(_PORTS)):
        with socket.socket() as one, suppress(OSError):  # somebody has it: the next one
            one.bind(("127.0.0.1", port))
            yield port
