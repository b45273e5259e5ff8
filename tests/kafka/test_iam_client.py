"""Amazon's IAM login module in a real Java client with the rendered file, as far as one comes without AWS."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from domain.access.mechanisms import Mechanism
from domain.clients.connection import ClientConnection
from domain.clients.files import render
from domain.settings.clients import Format
from support.kafka.installation import java
from support.kafka.server_files import Listener

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.installation import Installation

_MODULE = "software.amazon.msk.auth.iam.IAMLoginModule"


def rendered(bootstrap: str) -> str:
    connection = ClientConnection(
        name="orders-api", mechanism=Mechanism.IAM, bootstrap=bootstrap, region="eu-west-1", produces=True
    )
    files = render(connection, Format.JAVA)
    return files["client.properties"]


def what_came_of(text: str, class_path: Sequence[Path], cluster: Cluster, directory: Path) -> str:
    """Runs a client with a properties file, and with the cluster's CA, which Amazon MSK's clients need not name."""
    file = directory / "client.properties"
    trust = f"ssl.truststore.type=PEM\nssl.truststore.location={cluster.authority.certificate}\n"
    file.write_text(f"{text}\n{trust}default.api.timeout.ms=10000\nrequest.timeout.ms=5000\n", encoding="utf-8")
    done = subprocess.run([*java("IamClient", class_path), str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_rendered_file_loads_the_login_module_and_asks_the_broker_for_its_mechanism(
    cluster: Cluster, installation: Installation, programs: Path, tmp_path: Path
) -> None:
    text = rendered(cluster.bootstrap(Listener.SCRAM))
    assert _MODULE in text
    # A plain Kafka has no AWS_MSK_IAM: to be told so, the client has gone all the way but the last step.
    answer = what_came_of(text, [programs, installation.kafka, installation.iam], cluster, tmp_path)
    assert answer.startswith("org.apache.kafka.common.errors.UnsupportedSaslMechanismException: ")
    assert "'AWS_MSK_IAM' not enabled in the server, enabled mechanisms are [SCRAM-SHA-512]" in answer


def test_without_the_login_module_on_the_class_path_the_client_says_so(
    cluster: Cluster, installation: Installation, programs: Path, tmp_path: Path
) -> None:
    answer = what_came_of(rendered(cluster.bootstrap(Listener.SCRAM)), [programs, installation.kafka], cluster, tmp_path)
    assert "software.amazon.msk.auth.iam.IAM" in answer
    assert "could not be found" in answer or "not found" in answer or "No LoginModule found" in answer
