"""The inventory: every resource of a stack as plain data, and small readers for it.

An inventory looks the same whether it comes from an offline preview, from ``pulumi preview --json`` or from
the state of a stack that is there. Property names are the wire names (``clusterName``), never Python's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Stands for a value nobody knows yet: Pulumi's own marker, as ``pulumi preview --json`` prints it."""

SECRET = "[secret]"  # noqa: S105 - the marker Pulumi prints in place of a secret, not a secret
"""Stands for a value that must not be shown: Pulumi's own marker."""

CLUSTER_COMPONENT = "msk-platform:cluster:KafkaCluster"
"""Type of the component around a cluster; its inputs say what the cluster is for (``workload``)."""

CLUSTER = "aws:msk/cluster:Cluster"
"""Type of the cluster itself."""

SERVERLESS_COMPONENT = "msk-platform:cluster:ServerlessCluster"
"""Type of the component around a Serverless cluster; its inputs say what it is for (``workload``, ``topics``)."""

SERVERLESS_CLUSTER = "aws:msk/serverlessCluster:ServerlessCluster"
"""Type of a Serverless cluster itself."""

CLUSTERS = (CLUSTER, SERVERLESS_CLUSTER)
"""The types of clusters."""


class ResourceRow(TypedDict):
    """One resource.

    Attributes:
        urn: The resource's URN, as the engine forms it.
        type: Its type token, for example ``aws:msk/cluster:Cluster``.
        name: Its logical name.
        custom: True for a resource of a provider, False for a component.
        parent: The parent's URN, empty for a child of the stack.
        inputs: What the program asked for.
        outputs: What the provider answered; empty or partly `UNKNOWN` in a preview.
        options: The resource options that were set, camelCase (``protect``, ``ignoreChanges`` ...).
    """

    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    options: dict[str, Any]


def rows_of_type(rows: Iterable[ResourceRow], resource_type: str) -> list[ResourceRow]:
    """The rows of one type, in the order of the inventory."""
    return [row for row in rows if row["type"] == resource_type]


def path_parts(path: str) -> tuple[str | int, ...]:
    """``subnets[0].cidr`` as ``("subnets", 0, "cidr")``."""
    parts: list[str | int] = []
    for piece in path.replace("[", ".[").split("."):
        if piece.startswith("[") and piece.endswith("]"):
            parts.append(int(piece[1:-1]))
        elif piece:
            parts.append(piece)
    return tuple(parts)


def get(values: object, path: str | Sequence[str | int], default: Any = None) -> Any:  # noqa: ANN401 - JSON has no type
    """The value at a path such as ``brokerNodeGroupInfo.clientSubnets[0]``.

    Args:
        values: Usually a row's ``inputs`` or ``outputs``.
        path: A dotted path, or its parts where a key itself has a dot.
        default: What to return where there is nothing at the path, or null.

    Returns:
        The value; `UNKNOWN` when the value or anything on the way to it is not known yet.
    """
    value = values
    for part in path_parts(path) if isinstance(path, str) else path:
        if value == UNKNOWN:
            return UNKNOWN
        if isinstance(part, int) and isinstance(value, list):
            value = value[part] if -len(value) <= part < len(value) else None
        elif isinstance(value, Mapping):
            value = value.get(part)
        else:
            return default
    return default if value is None else value


def is_known(value: object) -> bool:
    """Whether a value can be judged: neither unknown nor hidden, nor a container of such."""
    if isinstance(value, Mapping):
        return all(is_known(item) for item in value.values())
    if isinstance(value, list | tuple):
        return all(is_known(item) for item in value)
    return value not in (UNKNOWN, SECRET)
