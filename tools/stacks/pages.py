"""The made parts of the pages of ready stacks, and of README.md's table of them.

A page's marks say what is made; what stands around them is written by people.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from domain.access.mechanisms import Mechanism
from domain.clients.versions import CONFLUENT_KAFKA, SIGNER
from inventory.prices import TIERED_STORAGE
from tools.stacks.graph import graph_of
from tools.stacks.uses import FOLDER, SIZES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.clusters import StatedWorkload
    from tools.stacks.graph import Graph
    from tools.stacks.previews import Preview
from tools.stacks.uses import Use

_HOURS_OF_A_YEAR: Final = 8760
_SECONDS_OF_AN_HOUR: Final = 3600
_MB_OF_A_GB: Final = 1024
NETWORK_PICTURE: Final = "network.svg"
FLOWS_PICTURE: Final = "flows.svg"
_MARKED: Final = re.compile(r"(<!-- (?P<part>[a-z ]+): made by `make generate` -->\n).*?(<!-- end of (?P=part) -->\n)", re.DOTALL)


class MarksError(Exception):
    """A page lacks the marks of a made part; the message says which."""


def page_text(present: str, use: Use, previews: Mapping[str, Preview], graph: Graph) -> str:
    """A page with its made parts made anew.

    Args:
        present: Its text as it is.
        use: The ready stack.
        previews: Its previews by size.
        graph: Its resources at the size of the stack file.

    Raises:
        MarksError: The page lacks the marks of a part.
    """
    parts = {
        "pictures": _pictures(use, graph),
        "sizes": _sizes(use, previews),
        "topics": _topics(graph),
        "clients": _clients(graph),
        "client": _client(use, graph),
        "warnings": _warnings(use),
    }
    return with_parts(present, parts, f"{FOLDER}/{use.name}/README.md")


def with_parts(present: str, parts: Mapping[str, str], file: str) -> str:
    """A text whose marked parts are made anew.

    Raises:
        MarksError: The marks of a part are missing.
    """
    marked = {match["part"] for match in _MARKED.finditer(present)}
    missing = sorted(set(parts) - marked)
    if missing:
        raise MarksError(f"{file} lacks the marks of {', '.join(missing)}: <!-- {missing[0]}: made by `make generate` -->")

    def made(match: re.Match[str]) -> str:
        part = parts.get(match["part"])
        return match[0] if part is None else f"{match[1]}\n{part}\n\n{match[3]}"

    return _MARKED.sub(made, present)


def table_of_uses(uses: Sequence[Use], previews: Mapping[str, Preview], graphs: Mapping[str, Graph]) -> str:
    """README.md's table of the ready stacks.

    Args:
        uses: The ready stacks.
        previews: The preview of each at the size of its stack file, by name.
        graphs: Its resources, by name.
    """
    rows = [
        (
            f"[{use.title}]({FOLDER}/{use.name}/README.md)",
            _brokers(graphs[use.name]),
            use.decides,
            _cost(previews[use.name]),
            f'[<img src="{FOLDER}/{use.name}/{FLOWS_PICTURE}" width="240" alt="Who writes and reads what: {use.title}">]'
            f"({FOLDER}/{use.name}/{FLOWS_PICTURE})",
        )
        for use in uses
    ]
    return _table(("use", "brokers", "what decides", "USD a month", "flows"), rows)


def _pictures(use: Use, graph: Graph) -> str:
    return (
        "\n\n".join(
            [
                f"![Who writes and reads which topic of {graph.cluster}]({FLOWS_PICTURE})",
                f"![The network of {graph.cluster}: zones, brokers, and who may enter on which port]({NETWORK_PICTURE})",
            ]
        )
        + f"\n\nBoth are drawn from the resources that a preview of `{use.name}/stack.yaml` has."
    )


def _sizes(use: Use, previews: Mapping[str, Preview]) -> str:
    changes = [f"- **{size}**: `{json.dumps(use.sizes[size])}`" for size in SIZES if use.sizes[size]]
    preview = previews[SIZES[0]]
    words = [_SERVERLESS if preview.quotas else _PROVISIONED]
    if graph_of(preview.rows).storage_mode == "TIERED":
        words.append("The sum already includes tiered storage for `workload.retentionHours`: do not add its column to it.")
    words += [
        f"The sums are of list prices of {', '.join(preview.cost.price_regions)}, at least: what else is charged by use is not "
        "in them (`make preview` shows each line).",
        "`medium` is the stack file; the others differ from it by:",
    ]
    table = _sizes_in_quotas(previews) if preview.quotas else _sizes_in_brokers(previews)
    return "\n".join([table, "", " ".join(words), "", *changes])


_PROVISIONED: Final = (
    "Safe ingress is what the brokers take with a zone down, by AWS's sizing model; replicas are partitions with their copies, "
    "of those that AWS recommends at most."
)
_SERVERLESS: Final = "A Serverless cluster has quotas instead of brokers; beyond them, it slows its clients."


def _sizes_in_brokers(previews: Mapping[str, Preview]) -> str:
    rows = []
    for size in SIZES:
        capacity = previews[size].capacity
        load = capacity.workload if capacity else None
        if capacity is None or load is None:
            raise MarksError(f"{size}: no workload is stated, so there is no capacity to write down.")
        storage = capacity.storage
        rows.append(
            (
                size,
                f"{_amount(load.ingress_mb_per_second)} / {_amount(load.peak_mb_per_second)} MB/s",
                f"{_amount(load.fan_out)} times",
                f"{capacity.brokers} \N{MULTIPLICATION SIGN} {capacity.broker.name}",
                "not published" if capacity.safe_ingress is None else f"{_amount(capacity.safe_ingress, 0)} MB/s",
                f"{capacity.partition_replicas} of {capacity.partitions_recommended}",
                f"{storage.volume_gib} GiB a broker, to {storage.maximum_gib}" if storage else "by use",
                _cost(previews[size]),
                _tiered(previews[size], load),
            )
        )
    head = (
        "size",
        "written, average / peak",
        "read",
        "brokers",
        "safe ingress",
        "replicas",
        "volumes",
        "USD a month",
        "tiered storage",
    )
    return _table(head, rows)


def _tiered(preview: Preview, load: StatedWorkload) -> str:
    """What lies in tiered storage once all is there that is kept, or what a year adds to it, and what that costs."""
    graph = graph_of(preview.rows)
    if graph.storage_mode != "TIERED":
        return ""
    is_for_ever = any(topic.retention_hours == float("inf") for topic in graph.topics.values())
    hours = _HOURS_OF_A_YEAR if is_for_ever else load.retention_hours
    gigabytes = load.ingress_mb_per_second * hours * _SECONDS_OF_AN_HOUR / _MB_OF_A_GB
    usd = gigabytes * TIERED_STORAGE.usd
    return f"{_amount(gigabytes, 0)} GB{' each year' if is_for_ever else ''}: about {_amount(usd, 0)} USD a month"


def _sizes_in_quotas(previews: Mapping[str, Preview]) -> str:
    rows = []
    quotas: list[str] = []
    for size in SIZES:
        capacity = previews[size].quotas
        uses = capacity.uses if capacity else ()
        quotas = [f"{use.name.lower()} (quota {_amount(use.quota)} {use.unit})" for use in uses]
        rows.append((size, *(_amount(use.used, 2) for use in uses), _cost(previews[size])))
    return _table(("size", *quotas, "USD a month"), rows)


def _topics(graph: Graph) -> str:
    rows = []
    for topic in graph.topics.values():
        groups = {group for client in graph.readers(topic.name) for group in client.groups if not group.endswith("*")}
        where = f"{_hours(topic.local_retention_hours)} on the volumes, then tiered" if topic.is_tiered else "volumes"
        more = {
            name: value
            for name, value in topic.configs.items()
            if name not in ("cleanup.policy", "retention.ms", "local.retention.ms", "remote.storage.enable")
        }
        rows.append(
            (
                f"`{topic.name}`",
                str(topic.partitions),
                topic.cleanup,
                "newest of each key" if topic.cleanup == "compact" else _hours(topic.retention_hours),
                where if graph.storage_mode else "managed by the brokers",
                str(len(groups)),
                ", ".join(f"`{name}={value}`" for name, value in sorted(more.items())),
            )
        )
    return _table(("topic", "partitions", "cleanup", "kept", "where", "groups", "besides"), rows)


def _clients(graph: Graph) -> str:
    rows = []
    for client in graph.clients.values():
        seconds = sorted({graph.lag_alarms[key] for key in graph.lag_alarms if key[0] in client.groups})
        rows.append(
            (
                f"`{client.name}`",
                client.mechanism,
                f"`{client.source}`",
                _names(client.produce),
                _names(client.consume),
                _names(client.groups),
                f"{seconds[0]:g} s behind" if seconds else "",
                _names(client.transactional_ids),
                client.beside,
            )
        )
    return _table(("client", "identity", "from", "writes", "reads", "groups", "alarm", "transactional ids", "besides"), rows)


def _client(use: Use, graph: Graph) -> str:
    """How the sample client is run: what it needs beside it, and what its first lines say."""
    client = graph.clients[use.client]
    secret = f"pulumi stack output clients --json --stack {use.name} | jq --raw-output '.[\"{client.name}\"].secretArn'"
    value = 'aws secretsmanager get-secret-value --secret-id "$secret" --query SecretString --output text'
    password = (
        [f"secret=$({secret})", f"export KAFKA_PASSWORD=$({value} | jq --raw-output .password)"]
        if client.mechanism == Mechanism.SCRAM
        else []
    )
    wheels = [CONFLUENT_KAFKA] if password else [CONFLUENT_KAFKA, SIGNER]
    library = " ".join(f"'{wheel.requirement}'" for wheel in wheels)
    lines = [
        f"[client.py](client.py) is the client `{client.name}` in {len(use.sample.splitlines())} lines, on its ready file; "
        "a test runs it on real Apache Kafka with these topics and permissions. On a host that reaches the brokers"
        f"{'' if password else ', with the role of the client'}:",
        "",
        "```sh",
        f"pip install {library}",
        f"make client STACK={use.name} NAME={client.name} FORMAT=confluent-kafka TO=host",
        f"cp stacks/{use.name}/client.py host/",
        *password,
        use.run,
        "```",
    ]
    return "\n".join(lines)


def _warnings(use: Use) -> str:
    return "\n".join(f"- *{start} ...* {reason}" for start, reason in use.warnings.items())


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    # A column that is empty in every row says nothing.
    kept = [index for index in range(len(head)) if any(row[index] for row in rows)]
    lines = [[head[index] for index in kept], ["---"] * len(kept), *([row[index] for index in kept] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _brokers(graph: Graph) -> str:
    return f"{graph.brokers} \N{MULTIPLICATION SIGN} {graph.broker_type}" if graph.brokers else "Serverless"


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _hours(hours: float | None) -> str:
    if hours is None:
        return "as the cluster"
    if hours == float("inf"):
        return "for ever"
    days, rest = divmod(hours, 24)
    return f"{days:g} days" if days > 1 and not rest else f"{hours:g} h"


def _amount(number: float, digits: int = 1) -> str:
    text = f"{number:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _cost(preview: Preview) -> str:
    return f"{preview.cost.usd:,.0f}{'' if preview.cost.is_whole else ' at least'}"
