"""A stack file on real brokers: its topics made, its ACLs applied by the commands that are printed, its clients' ready files."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from domain.clients.files import render
from domain.clients.plan import connection_of
from domain.loading import load_stack
from domain.plan.access import limits_of
from domain.plan.cluster import plan_topics_of
from domain.settings.clients import Format
from support.stacks import TODAY, project_with

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from domain.clients.connection import ClientConnection
    from support.kafka.cluster import Cluster
    from support.kafka.connections import Connection
    from support.kafka.tools import Tools

EVERYWHERE = {"from": {"cidr": "10.40.0.0/20"}}
"""Where a client comes from, which is nothing to the brokers on loopback."""
_SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_orders-AbCdEf"  # noqa: S105 - a name
_AUTHORITY = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1234abcd-12ab-34cd-56ef-1234567890ab"
_AUTHENTICATION = {"scram": {}, "tls": {"certificateAuthorityArns": [_AUTHORITY]}}
_TRUST = "changeit"


@dataclass(frozen=True)
class Client:
    """A client of the stack file with what it has on its host.

    Attributes:
        connection: What its files are rendered from.
        environment: The variables that its files name.
        identity: How the cluster knows it.
    """

    connection: ClientConnection
    environment: dict[str, str]
    identity: Connection

    def files(self, wanted: Format) -> dict[str, str]:
        """Its ready files of a format."""
        return render(self.connection, wanted)


class Deploy(Protocol):
    """Deploys the topics and the clients of a stack file."""

    def __call__(self, topics: Mapping[str, Any], clients: Mapping[str, Any]) -> Deployed: ...


class Deployed:
    """A stack file, deployed as far as real brokers can show it.

    Args:
        directory: An empty directory for its project.
        cluster: The brokers.
        tools: Kafka's tools.
        topics: The stack file's topics.
        clients: The stack file's clients, each with an identity.
    """

    def __init__(
        self, directory: Path, cluster: Cluster, tools: Tools, *, topics: Mapping[str, Any], clients: Mapping[str, Any]
    ) -> None:
        self._directory = directory
        self._cluster = cluster
        self._tools = tools
        self._trust = directory / "trust.p12"
        keytool = ["keytool", "-importcert", "-noprompt", "-alias", "ca", "-file", str(cluster.authority.certificate)]
        store = ["-keystore", str(self._trust), "-storetype", "PKCS12", "-storepass", _TRUST]
        subprocess.run([*keytool, *store], check=True, capture_output=True)
        project_with(directory, {})
        self.write(topics, clients)

    def write(self, topics: Mapping[str, Any], clients: Mapping[str, Any]) -> None:
        """Writes the stack file, makes the topics that are new, and applies the ACLs."""
        config = {"authentication": _AUTHENTICATION, "topics": topics, "clients": clients}
        (self._directory / "Pulumi.prod.yaml").write_text(json.dumps({"config": config}), encoding="utf-8")
        texts = {name: json.dumps(value) for name, value in config.items()}
        self.settings = load_stack(texts, project="orders", stack="prod", region="eu-west-1", today=TODAY).settings
        self._make_topics()
        applied = self._tools.shell(self._printed_acls(), self._place)
        assert applied.code == 0, applied.text

    def client(self, name: str, identity: Connection) -> Client:
        """A client of the stack file.

        Args:
            name: Its name there.
            identity: How it connects; with this user's password or with this certificate.
        """
        entry: Any = self.settings.clients[name]
        connection = connection_of(
            name,
            entry,
            entry.identity.mechanism,
            bootstrap=identity.bootstrap,
            region="eu-west-1",
            secret=_SECRET,
            limits=limits_of(self.settings),
        )
        # On Amazon MSK the system trusts the brokers' CA; here Java and the libraries are told of the test's.
        environment = {
            "JAVA_TOOL_OPTIONS": f"-Djavax.net.ssl.trustStore={self._trust} -Djavax.net.ssl.trustStorePassword={_TRUST}",
            "KAFKA_CA": str(identity.trusted),
            "KAFKA_PASSWORD": identity.password,
        }
        if identity.certificate:
            environment |= {
                "KAFKA_KEYSTORE": str(identity.certificate.keystore),
                "KAFKA_CERTIFICATE": str(identity.certificate.certificate),
                "KAFKA_KEY": str(identity.certificate.key),
            }
        return Client(connection, environment, identity)

    def _make_topics(self) -> None:
        admin = AdminClient({**self._cluster.administrator.librdkafka()})
        there = set(admin.list_topics(timeout=30).topics)
        intent = plan_topics_of(self.settings, today=TODAY)
        wanted = [
            NewTopic(entry.name, entry.partitions, entry.replication_factor, config=json.loads(entry.configs))
            for entry in (intent["topics"] if intent else ())
            if entry.name not in there
        ]
        for done in (admin.create_topics(wanted) if wanted else {}).values():
            done.result(30)

    def _printed_acls(self) -> str:
        """What `python -m tools acls` prints, in a process of its own."""
        options = ["--format", "sh", "--stack", "prod", "--directory", str(self._directory)]
        command = [sys.executable, "-m", "tools", "acls", *options]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    @property
    def _place(self) -> dict[str, str]:
        administrator = self._cluster.administrator
        return {"BOOTSTRAP": administrator.bootstrap, "COMMAND_CONFIG": str(self._tools.client_file(administrator))}
