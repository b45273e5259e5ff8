"""`flows.svg`: who writes which topic, and who reads it as which group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tools.stacks.svg import FAINT, INK, LINE, PALETTE, PAPER, Drawing, fitted, text_width

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tools.stacks.graph import ClientNode, Graph, TopicNode

_MARGIN: Final = 24
_TOP: Final = 104
_ROW: Final = 58
_BOX: Final = 44
_GAP: Final = 150
"""Between columns: enough for arrows to be told apart."""
_LEAST: Final = 150
_MOST: Final = 330
_PADDING: Final = 12
_NAME: Final = 13.5
_SMALL: Final = 11.5
_HEADS: Final = ("Producers", "Topics", "Consumers and their groups")
_SPACING: Final = 9
"""Between the arrows that meet at one box."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of boxes.

    Attributes:
        cards: The boxes from top to bottom.
        left: Where it begins.
        width: How wide its boxes are.
        tops: Where each box begins, by its key.
    """

    cards: list[Card]
    left: float
    width: float
    tops: dict[str, float]

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class Card:
    """A box of two lines.

    Attributes:
        key: Whose it is: a client's or a topic's name.
        name: The first line.
        words: The second.
        colour: Of its edge.
        dashed: Whether its edge is dashed.
    """

    key: str
    name: str
    words: str
    colour: str
    dashed: bool = False


def flows_picture(graph: Graph) -> str:
    """The picture of a stack's flows.

    Args:
        graph: The stack's resources.
    """
    topics = _ordered(list(graph.topics.values()), graph)
    colours = {name: PALETTE[number % len(PALETTE)] for number, name in enumerate(graph.clients)}
    places = {topic.name: float(number) for number, topic in enumerate(topics)}
    writers = _by_topics([client for client in graph.clients.values() if _written(client, topics)], places, _written, topics)
    readers = _by_topics([client for client in graph.clients.values() if _read(client, topics)], places, _read, topics)
    columns = _columns(
        [Card(client.name, client.name, _identity(client), colours[client.name]) for client in writers],
        [Card(topic.name, topic.name, _about(topic), LINE, topic.is_tiered) for topic in topics],
        [Card(client.name, client.name, _groups(client), colours[client.name]) for client in readers],
    )
    width = columns[-1].right + _MARGIN
    rows = max(len(column.cards) for column in columns)
    drawing = Drawing(width, f"{graph.cluster}: who writes and reads what", _described(graph, topics))
    drawing.text(_MARGIN, 38, f"{graph.cluster}: who writes and reads what", size=19, bold=True)
    drawing.text(_MARGIN, 60, _subtitle(graph), size=12.5, colour=FAINT)
    for column, title in zip(columns, _HEADS, strict=True):
        drawing.text(column.left, _TOP - 14, title, size=12.5, bold=True, colour=FAINT)
    _arrows(drawing, columns, graph, colours)
    for column in columns:
        for card in column.cards:
            _card(drawing, card, column)
    height = _TOP + rows * _ROW + 6
    legend = "Dashed: older segments in tiered storage." if any(topic.is_tiered for topic in topics) else ""
    others = [client for client in graph.clients.values() if client not in writers and client not in readers]
    if others:
        listed = ", ".join(f"{client.name} ({client.beside})" if client.beside else client.name for client in others)
        legend = f"{legend} Neither writes nor reads: {listed}.".strip()
    if legend:
        drawing.text(_MARGIN, height + 12, fitted(legend, _SMALL, width - 2 * _MARGIN), size=_SMALL, colour=FAINT)
        height += 18
    return drawing.rendered(height + 12)


def _columns(*columns: list[Card]) -> list[Column]:
    """The columns beside each other, each in the middle of the height that the longest takes."""
    rows = max(map(len, columns))
    placed: list[Column] = []
    left = float(_MARGIN)
    for cards, head in zip(columns, _HEADS, strict=True):
        first = _TOP + (rows - len(cards)) * _ROW / 2
        tops = {card.key: first + number * _ROW for number, card in enumerate(cards)}
        placed.append(Column(cards, left, _column_width(cards, head), tops))
        left = placed[-1].right + _GAP
    return placed


def _arrows(drawing: Drawing, columns: Sequence[Column], graph: Graph, colours: Mapping[str, str]) -> None:
    producers, topics, consumers = columns
    for first, second, writes in ((producers, topics, True), (topics, consumers, False)):
        pairs = [
            (one.key, other.key)
            for one in first.cards
            for other in second.cards
            if (graph.clients[one.key].writes(other.key) if writes else graph.clients[other.key].reads(one.key))
        ]
        for one, other in pairs:
            leaving = [key for start, key in pairs if start == one]
            arriving = [key for key, end in pairs if end == other]
            start = (first.right, _port(first.tops[one], leaving.index(other), len(leaving)))
            end = (second.left, _port(second.tops[other], arriving.index(one), len(arriving)))
            client, topic = (one, other) if writes else (other, one)
            drawing.arrow(start, end, colours[client], label=f"{client} {'writes' if writes else 'reads'} {topic}")


def _port(top: float, number: int, count: int) -> float:
    """Where the one of some arrows meets a box: side by side, so that none hides another."""
    spacing = min(_SPACING, (_BOX - 10) / max(count - 1, 1))
    return top + _BOX / 2 + (number - (count - 1) / 2) * spacing


def _card(drawing: Drawing, card: Card, column: Column) -> None:
    left, top = column.left, column.tops[card.key]
    drawing.box(left, top, column.width, _BOX, fill=PAPER, stroke=card.colour, dashed=card.dashed)
    room = column.width - 2 * _PADDING
    colour = INK if card.colour == LINE else card.colour
    drawing.text(left + _PADDING, top + 18, fitted(card.name, _NAME, room, bold=True), size=_NAME, bold=True, colour=colour)
    drawing.text(left + _PADDING, top + 35, fitted(card.words, _SMALL, room), size=_SMALL, colour=FAINT)


def _column_width(column: Sequence[Card], head: str) -> float:
    widest = max((max(text_width(card.name, _NAME, bold=True), text_width(card.words, _SMALL)) for card in column), default=0)
    return math.ceil(min(max(widest + 2 * _PADDING, text_width(head, 12.5, bold=True), _LEAST), _MOST))


def _written(client: ClientNode, topics: Sequence[TopicNode]) -> list[TopicNode]:
    return [topic for topic in topics if client.writes(topic.name)]


def _read(client: ClientNode, topics: Sequence[TopicNode]) -> list[TopicNode]:
    return [topic for topic in topics if client.reads(topic.name)]


def _by_topics(
    clients: Sequence[ClientNode],
    places: Mapping[str, float],
    of: Callable[[ClientNode, Sequence[TopicNode]], list[TopicNode]],
    topics: Sequence[TopicNode],
) -> list[ClientNode]:
    """Clients beside the topics they deal with, so that arrows cross little."""

    def middle(client: ClientNode) -> float:
        own = of(client, topics)
        return sum(places[topic.name] for topic in own) / len(own)

    return sorted(clients, key=lambda client: (middle(client), client.name))


def _ordered(topics: Sequence[TopicNode], graph: Graph) -> list[TopicNode]:
    """Topics beside those that the same clients write and read; a few rounds settle it."""
    order = sorted(topics, key=lambda topic: topic.name)
    for _ in range(4):
        places = {topic.name: float(number) for number, topic in enumerate(order)}
        clients: dict[str, float] = {}
        for client in graph.clients.values():
            own = [places[topic.name] for topic in order if client.writes(topic.name) or client.reads(topic.name)]
            if own:
                clients[client.name] = sum(own) / len(own)

        def middle(topic: TopicNode, clients: Mapping[str, float] = clients) -> float:
            near = [
                place
                for name, place in clients.items()
                if graph.clients[name].writes(topic.name) or graph.clients[name].reads(topic.name)
            ]
            return sum(near) / len(near) if near else 0.0

        order = sorted(order, key=lambda topic: (middle(topic), topic.name))
    return order


def _identity(client: ClientNode) -> str:
    return f"{client.mechanism}{', transactions' if client.transactional_ids else ''}"


def _groups(client: ClientNode) -> str:
    return f"group {', '.join(client.groups)}" if client.groups else client.mechanism


def _about(topic: TopicNode) -> str:
    hours = topic.retention_hours
    if topic.cleanup == "compact":
        kept = "newest of each key"
    elif hours is None:
        kept = "kept as the cluster says"
    else:
        kept = "kept for ever" if hours == float("inf") else _days(hours)
    return f"{topic.partitions} partition{'s' if topic.partitions > 1 else ''}, {kept}"


def _days(hours: float) -> str:
    days, rest = divmod(hours, 24)
    return f"{days:g} days" if days > 1 and not rest else f"{hours:g} hours"


def _subtitle(graph: Graph) -> str:
    provisioned = f"{graph.brokers} \N{MULTIPLICATION SIGN} {graph.broker_type} ({graph.kind})"
    brokers = provisioned if graph.brokers else "a Serverless cluster"
    return f"{len(graph.topics)} topics, {len(graph.clients)} clients, on {brokers}"


def _described(graph: Graph, topics: Sequence[TopicNode]) -> str:
    sentences = []
    for topic in topics:
        writers = ", ".join(client.name for client in graph.writers(topic.name)) or "nobody"
        readers = ", ".join(client.name for client in graph.readers(topic.name)) or "nobody"
        sentences.append(f"{topic.name} is written by {writers} and read by {readers}.")
    return " ".join(sentences)
