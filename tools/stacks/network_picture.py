"""`network.svg`: the VPC with its zones and brokers, who may enter on which port, and what is encrypted with which key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.stacks.svg import FAINT, INK, LINE, PALETTE, Drawing, fitted, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.stacks.graph import Graph

_MARGIN: Final = 24
_TOP: Final = 96
_SOURCE: Final = 44
_SOURCE_ROW: Final = 56
_ARROW: Final = 190
"""Room for an arrow and the ports on it."""
_WALL: Final = 74
"""The brokers' security group."""
_ZONE: Final = 196
_BROKER: Final = 46
_BROKER_ROW: Final = 54
_MOST_BROKERS: Final = 5
"""Of a zone that are drawn; the rest is counted."""
_CHIP: Final = 40
_NETWORK_FILL: Final = "#f0f6fa"
_ZONE_FILL: Final = "#ffffff"
_WALL_FILL: Final = "#fdf3e7"
_WALL_EDGE: Final = "#b45309"
_KEY_FILL: Final = "#f3f8f1"
_KEY_EDGE: Final = "#4d7c0f"


def network_picture(graph: Graph) -> str:
    """The picture of a stack's network.

    Args:
        graph: The stack's resources.
    """
    sources = _sources(graph)
    widest = max((max(text_width(name, 13, bold=True), text_width(source, 11.5)) for source, name, _ in sources), default=0)
    left_width = min(max(widest + 24, 150), 290)
    wall = _MARGIN + left_width + _ARROW
    vpc = wall - 22
    zones = wall + _WALL + 24
    vpc_width = zones - vpc + len(graph.zones) * (_ZONE + 16) + 8
    width = vpc + vpc_width + _MARGIN
    # AWS shows no brokers of a Serverless cluster, but an interface in each zone.
    per_zone = graph.brokers // max(len(graph.zones), 1) or 1
    drawn = min(per_zone, _MOST_BROKERS)
    zone_height = 58 + drawn * _BROKER_ROW + (22 if per_zone > drawn else 0)
    inner = max(zone_height, len(sources) * _SOURCE_ROW - 12)
    vpc_height = inner + 66
    drawing = Drawing(width, f"{graph.cluster}: its network", _described(graph, sources))
    drawing.text(_MARGIN, 38, f"{graph.cluster}: its network", size=19, bold=True)
    drawing.text(_MARGIN, 60, _subtitle(graph, per_zone), size=12.5, colour=FAINT)
    drawing.text(_MARGIN, _TOP - 12, "Who may enter", size=12.5, bold=True, colour=FAINT)
    drawing.box(vpc, _TOP, vpc_width, vpc_height, fill=_NETWORK_FILL, stroke="#0b6e99")
    drawing.text(
        vpc + 16, _TOP + 26, f"VPC {graph.vpc}, {graph.region}, {_internet(graph)}", size=13, bold=True, colour="#0b6e99"
    )
    top = _TOP + 46
    drawing.box(wall, top, _WALL, inner, fill=_WALL_FILL, stroke=_WALL_EDGE)
    whose = "brokers'" if graph.brokers else "cluster's"
    for number, word in enumerate((whose, "security", "group")):
        drawing.text(
            wall + _WALL / 2, top + inner / 2 - 14 + 17 * number, word, size=12, bold=True, colour=_WALL_EDGE, anchor="middle"
        )
    _draw_sources(drawing, sources, (left_width, wall, top, inner))
    for number, zone in enumerate(graph.zones):
        left = zones + number * (_ZONE + 16)
        middle = top + (inner - zone_height) / 2
        _draw_zone(drawing, graph, (zone.zone, zone.cidr), (left, middle, zone_height), (per_zone, drawn))
    height = _draw_keys(drawing, graph, _TOP + vpc_height + 18, width)
    return drawing.rendered(height)


def _draw_sources(drawing: Drawing, sources: Sequence[tuple[str, str, str]], place: tuple[float, float, float, float]) -> None:
    width, wall, top, inner = place
    first = top + (inner - (len(sources) * _SOURCE_ROW - 12)) / 2
    for number, (source, name, ports) in enumerate(sources):
        y = first + number * _SOURCE_ROW
        colour = PALETTE[number % len(PALETTE)]
        drawing.box(_MARGIN, y, width, _SOURCE, stroke=colour)
        drawing.text(_MARGIN + 12, y + 18, fitted(name, 13, width - 24, bold=True), size=13, bold=True, colour=colour)
        drawing.text(_MARGIN + 12, y + 35, source, size=11.5, colour=FAINT)
        middle = y + _SOURCE / 2
        drawing.arrow((_MARGIN + width, middle), (wall, middle), colour, label=f"{name} from {source}: {ports}")
        room = wall - 22 - _MARGIN - width - 14
        drawing.text(_MARGIN + width + 8, middle - 6, fitted(ports, 11.5, room), size=11.5, colour=INK)


def _draw_zone(
    drawing: Drawing, graph: Graph, zone: tuple[str, str], place: tuple[float, float, float], brokers: tuple[int, int]
) -> None:
    (name, cidr), (left, top, height), (per_zone, drawn) = zone, place, brokers
    drawing.box(left, top, _ZONE, height, fill=_ZONE_FILL, dashed=True)
    drawing.text(left + 14, top + 22, f"Zone {name}", size=13, bold=True)
    drawing.text(left + 14, top + 40, f"private subnet {cidr}", size=11.5, colour=FAINT)
    # Of a Serverless cluster a VPC has an endpoint alone: the brokers stand somewhere at AWS.
    name_of_box = graph.broker_type if graph.brokers else "VPC endpoint"
    stored = f"{graph.volume_gib} GiB, encrypted" if graph.volume_gib else "storage by use, encrypted"
    below = stored if graph.brokers else "to the Serverless cluster"
    for number in range(drawn):
        y = top + 52 + number * _BROKER_ROW
        drawing.box(left + 12, y, _ZONE - 24, _BROKER, fill="#eef2f6")
        drawing.text(left + 24, y + 19, fitted(name_of_box, 12.5, _ZONE - 48, bold=True), size=12.5, bold=True)
        drawing.text(left + 24, y + 36, below, size=11.5, colour=FAINT)
    if per_zone > drawn:
        drawing.text(left + 24, top + 52 + drawn * _BROKER_ROW + 14, f"and {per_zone - drawn} more", size=11.5, colour=FAINT)


def _draw_keys(drawing: Drawing, graph: Graph, top: float, width: float) -> float:
    """The keys and what lies outside the VPC, in rows; returns where they end."""
    chips = [f"KMS key: {words}" for words in graph.keys]
    chips += ["S3 gateway endpoint"]
    if graph.storage_mode == "TIERED":
        chips += ["Tiered storage of Amazon MSK"]
    left, y = float(_MARGIN), top
    for words in chips:
        wide = text_width(words, 12) + 24
        if left + wide > width - _MARGIN:
            left, y = float(_MARGIN), y + _CHIP + 8
        is_key = words.startswith("KMS")
        drawing.box(left, y, wide, _CHIP - 6, fill=_KEY_FILL if is_key else "#ffffff", stroke=_KEY_EDGE if is_key else LINE)
        drawing.text(left + 12, y + 22, words, size=12, colour=_KEY_EDGE if is_key else INK)
        left += wide + 10
    return y + _CHIP + 16


def _sources(graph: Graph) -> list[tuple[str, str, str]]:
    """Each source with its clients and the ports that are open to it."""
    ports: dict[str, dict[int, str]] = {}
    for entry in graph.entries:
        ports.setdefault(entry.source, {})[entry.port] = entry.words.removeprefix("SASL/")
    names: dict[str, list[str]] = {}
    for client in graph.clients.values():
        names.setdefault(client.source, []).append(client.name)
    return [
        (
            source,
            ", ".join(names.get(source, ["without an identity"])),
            ", ".join(f"{port} {words}" for port, words in sorted(opened.items())),
        )
        for source, opened in ports.items()
    ]


def _internet(graph: Graph) -> str:
    if graph.is_public:
        return "with public endpoints"
    return "an internet gateway, brokers in private subnets" if graph.has_internet_gateway else "no internet gateway"


def _subtitle(graph: Graph, per_zone: int) -> str:
    if not graph.brokers:
        return f"Serverless, {len(graph.zones)} zones; IAM alone, over TLS; AWS chooses the brokers and their Kafka version"
    layout = f"{len(graph.zones)} zones \N{MULTIPLICATION SIGN} {per_zone} brokers"
    return f"{graph.kind}, {layout}, Apache Kafka {graph.kafka_version}; TLS between clients and brokers, and between brokers"


def _described(graph: Graph, sources: Sequence[tuple[str, str, str]]) -> str:
    zones = ", ".join(f"{zone.zone} ({zone.cidr})" for zone in graph.zones)
    brokers = f"{graph.brokers} brokers {graph.broker_type}" if graph.brokers else "a Serverless cluster"
    entries = " ".join(f"{name} may enter from {source} on {ports}." for source, name, ports in sources)
    return f"A VPC {graph.vpc} in {graph.region} with the zones {zones}; {brokers}. {entries} Keys: {'; '.join(graph.keys)}."
