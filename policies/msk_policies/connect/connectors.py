"""Settings of connectors, of their workers, and of AWS Glue's connections to Kafka: what the program writes into them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from msk_policies.kit.properties import UnknownValueError, read, read_if_known
from msk_policies.kit.rule import CONNECTOR
from msk_policies.msk.java_properties import entries

WORKER_CONFIGURATION: Final = "aws:mskconnect/workerConfiguration:WorkerConfiguration"
GLUE_CONNECTION: Final = "aws:glue/connection:Connection"
_CONFIGURATION: Final = "connectorConfiguration"
_PROPERTIES: Final = "connectionProperties"
_CONTENT: Final = "propertiesFileContent"
_LIKE_A_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")

AUTHENTICATION: Final = "kafkaClusterClientAuthentication.authenticationType"
BOOTSTRAP: Final = "kafkaCluster.apacheKafkaCluster.bootstrapServers"
_OF_AWS: Final = (".amazonaws.com", ".amazonaws.com.cn")


class Setting(NamedTuple):
    """One setting of a connector or worker.

    Attributes:
        name: Its name.
        value: Its value; why it is not known where only deployment knows it.
        path: How a message names it.
    """

    name: str
    value: str | UnknownValueError
    path: str


def settings(resource_type: str, props: Mapping[str, Any]) -> Iterator[Setting]:
    """What a connector, a worker configuration or a connection of AWS Glue sets.

    Raises:
        UnknownValueError: All of it is known only in deployment.
    """
    if resource_type == CONNECTOR:
        yield from _of_map(props, _CONFIGURATION)
        return
    if resource_type == GLUE_CONNECTION:
        yield from _of_map(props, _PROPERTIES) if read(props, "connectionType") == "KAFKA" else ()
        return
    content = read(props, _CONTENT)
    for number, (name, value) in enumerate(entries(_plain(content)) if isinstance(content, str) else (), start=1):
        yield Setting(name, value, f"{_CONTENT} ({name if _LIKE_A_NAME.fullmatch(name) else f'entry {number}'})")


def said_of(
    found: Iterable[Setting], concerns: Callable[[str], bool], judge: Callable[[str, str], str | None]
) -> Iterator[tuple[Setting, str]]:
    """The settings that something is wrong with, each with what it is.

    Args:
        found: The settings.
        concerns: Whether a setting of this name matters while its value is not known.
        judge: What is wrong with a setting of this name and value; None where nothing is.

    Raises:
        UnknownValueError: One that matters is not known; all others are judged before.
    """
    undecided: UnknownValueError | None = None
    for setting in found:
        if isinstance(setting.value, UnknownValueError):
            undecided = setting.value if concerns(setting.name) else undecided
        elif (wrong := judge(setting.name, setting.value)) is not None:
            yield setting, wrong
    if undecided is not None:
        raise undecided


def _of_map(props: Mapping[str, Any], place: str) -> Iterator[Setting]:
    configuration = read(props, place)
    if not isinstance(configuration, Mapping):
        return
    for name in sorted(configuration):
        path = f"{place}.{name}" if _LIKE_A_NAME.fullmatch(str(name)) else place
        try:
            value = configuration[name]
        except UnknownValueError as unknown:
            yield Setting(str(name), unknown, path)
            continue
        if isinstance(value, str):
            yield Setting(str(name), value, path)


def _plain(content: str) -> str:
    """The properties of a worker, which may come in Base64 (AWS API reference, "CreateWorkerConfiguration")."""
    try:
        return base64.b64decode(content, validate=True).decode()
    except (binascii.Error, ValueError):
        return content


def reaches_amazon_msk(props: Mapping[str, Any]) -> bool:
    """Whether a connector connects to a cluster of Amazon MSK: other names are another cluster's.

    Addresses that only deployment makes known are those of a cluster of the same program.
    """
    servers = read_if_known(props, BOOTSTRAP)
    if not isinstance(servers, str) or not servers:
        return True
    hosts = [address.rpartition(":")[0].strip().lower() for address in servers.split(",")]
    return any(host.endswith(_OF_AWS) for host in hosts)
