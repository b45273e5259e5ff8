"""Draws the definition of a CloudWatch dashboard with series of metrics: what its widgets would compute and show of them.

As much of CloudWatch's metric math and search expressions as this repository's dashboard has. Sources: Amazon CloudWatch User
Guide, "Using math expressions with CloudWatch metrics" and "CloudWatch search expression syntax".
"""

from __future__ import annotations

import ast
import operator
import re
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, FuncFormatter, MaxNLocator

from support.dashboard_pictures import COLORS, EDGE, INK, PALE, RED, STYLE, joined, shade, times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Metrics = Mapping[str, Sequence[Mapping[str, Any]]]

PERIODS = {60: 5, 3600: 60}
"""Seconds of a picture's data point in place of each period of the dashboard: a picture shows minutes, a dashboard hours."""

_COLUMN, _UNIT, _HEAD, _LINE = 0.5, 0.4, 0.6, 0.17
_COLUMNS, _ACROSS, _SECTION = 24, 3, 8
_MOST_IN_LEGEND = 6
_FAR = 3
"""How many times the highest value a limit may be before the graph would show nothing but the way to it."""

_UNDER_TEXT = {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.75}

_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
}
_SEARCH = re.compile(r"""SEARCH\('\{AWS/Kafka,(.*)\} .* MetricName="(\w+)"'""")


class Widgets:
    """Computes what widgets show.

    Args:
        metrics: The series of each metric, with their dimensions beside the cluster's name and a value each few seconds; those
            that a search finds under the metric's name, ``by`` and the dimension that tells them apart.
        shown: The first time and the last, in seconds since the epoch.
    """

    def __init__(self, metrics: Metrics, shown: tuple[float, float]) -> None:
        self._metrics = metrics
        self._shown = shown

    def lines(self, properties: Mapping[str, Any]) -> list[tuple[str, Values, Values]]:
        """The lines of a widget that have a value at all: the label, the times and the values of each."""
        step = PERIODS[properties["period"]]
        when = np.arange(self._shown[0], self._shown[1] + 1, step)
        named = [row[1] for row in properties["metrics"] if isinstance(row[0], str)]
        if named and not any(name in self._metrics for name in named):
            # CloudWatch would fill in what is missing; what nobody measured is not zero.
            return []
        known: dict[str, Values] = {}
        found: list[tuple[str, Values]] = []
        for row in properties["metrics"]:
            options = row[-1] if isinstance(row[-1], dict) else {}
            if isinstance(row[0], str):
                values = self._metric(row[1], _dimensions(row), when, step)
                known[options.get("id", "")] = values
                if options.get("visible", True):
                    found.append((options.get("label", row[1]), values))
            elif options["expression"].startswith("SEARCH("):
                found += list(self._search(options["expression"], when, step))
            else:
                tree = ast.parse(options["expression"], mode="eval").body
                found.append((options["label"], _computed(tree, known, properties["period"], step)))
        return [(label, when, values) for label, values in found if np.isfinite(values).any()]

    def _metric(self, name: str, dimensions: Mapping[str, str], when: Values, step: int) -> Values:
        for series in self._metrics.get(name, ()):
            if series["dimensions"] == dimensions:
                return _sampled(series["values"], when, step)
        return np.full(len(when), np.nan)

    def _search(self, expression: str, when: Values, step: int) -> Iterator[tuple[str, Values]]:
        found = _SEARCH.match(expression)
        assert found, expression
        dimensions = [name.strip('"') for name in found[1].split(",")]
        for name, all_ in self._metrics.items():
            metric, _, by = name.partition(" by ")
            if metric == found[2] and by in dimensions:
                for series in all_:
                    yield " ".join(series["dimensions"].values()), _sampled(series["values"], when, step)


def _dimensions(row: Sequence[Any]) -> dict[str, str]:
    """The dimensions of a widget's metric, beside the cluster's name."""
    items = [item for item in row[2:] if isinstance(item, str)]
    return {name: value for name, value in zip(items[::2], items[1::2], strict=True) if name != "Cluster Name"}


def _sampled(values: Sequence[tuple[float, str]], when: Values, step: int) -> Values:
    """The greatest value of each period; none where there is none."""
    result = np.full(len(when), np.nan)
    for time, text in values:
        at = round((time - when[0]) // step)
        if 0 <= at < len(when):
            result[at] = np.fmax(result[at], float(text))
    return result


def _computed(tree: ast.expr, known: Mapping[str, Values], period: int, step: int) -> Any:
    def of(part: ast.expr) -> Any:
        return _computed(part, known, period, step)

    def rate(metric: ast.expr) -> Any:
        return np.concatenate([[np.nan], np.diff(of(metric))]) / step

    def chosen(condition: ast.expr, then: ast.expr, otherwise: ast.expr) -> Any:
        # Where there is nothing to compare, there is nothing to show.
        compared = of(condition.left) if isinstance(condition, ast.Compare) else of(condition)
        return np.where(np.isfinite(compared), np.where(of(condition), of(then), of(otherwise)), np.nan)

    def filled(metric: ast.expr, value: ast.expr) -> Any:
        return np.where(np.isfinite(of(metric)), of(metric), of(value))

    functions: dict[str, Callable[..., Any]] = {"RATE": rate, "IF": chosen, "FILL": filled, "PERIOD": lambda _: period}
    match tree:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return known[name]
        case ast.BinOp(left=left, op=how, right=right) | ast.Compare(left=left, ops=[how], comparators=[right]):
            with np.errstate(divide="ignore", invalid="ignore"):
                return _OPERATORS[type(how)](of(left), of(right))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return functions[name](*arguments)
    raise ValueError(ast.unparse(tree))


def _sections(body: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """The dashboard's headings, each with its widgets."""
    for widget in body["widgets"]:
        if widget["type"] == "text":
            widgets: list[Mapping[str, Any]] = []
            yield widget["properties"]["markdown"].lstrip("# "), widgets
        else:
            widgets.append(widget["properties"])


def _graph(
    axes: Axes, properties: Mapping[str, Any], lines: Sequence[tuple[str, Values, Values]], shown: tuple[float, float]
) -> None:
    for number, (label, when, values) in enumerate(lines):
        style = "-" if number < len(COLORS) else "--"
        known = [(float(at), float(value)) for at, value in zip(when, values, strict=True) if np.isfinite(value)]
        axes.plot(
            *joined(known, shown, apart=float(when[1] - when[0])),
            style,
            color=COLORS[number % len(COLORS)],
            linewidth=1.1,
            label=label,
        )
    finite = np.concatenate([values[np.isfinite(values)] for _, _, values in lines])
    highest, lowest = max(finite.max(), 0), min(finite.min(), 0)
    limits = properties.get("annotations", {}).get("horizontal", [])
    near = [limit for limit in limits if limit["value"] <= max(_FAR * highest, 1)]
    top = max([highest, *(limit["value"] for limit in near)])
    axes.set_ylim(0 if properties["yAxis"]["left"].get("min") == 0 else 1.15 * lowest, 1.25 * top or 1)
    for limit in near:
        axes.axhline(limit["value"], color=RED, linewidth=0.9)
    above = [limit for limit in limits if limit not in near]
    _labels(axes, near, above)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=bool(np.all(finite == np.round(finite)))))
    large = top >= 10_000
    axes.yaxis.set_major_formatter(EngFormatter(sep="") if large else FuncFormatter(lambda value, _: f"{value:.4g}"))


def _labels(axes: Axes, near: Sequence[Mapping[str, Any]], above: Sequence[Mapping[str, Any]]) -> None:
    low, high = axes.get_ylim()
    for index, limit in enumerate(sorted(near, key=lambda limit: -limit["value"])):
        share = (limit["value"] - low) / (high - low)
        # Two lines close to each other have their labels on both sides.
        below = index % 2 == 1
        axes.text(
            0.995, share + (-0.015 if below else 0.015), limit["label"], transform=axes.transAxes, ha="right",
            va="top" if below else "bottom", fontsize=6, color=RED, bbox=_UNDER_TEXT,
        )  # fmt: skip
    for index, limit in enumerate(above):
        text = f"{limit['label']}, above"
        axes.text(
            0.995,
            1.0 - 0.09 * index,
            text,
            transform=axes.transAxes,
            ha="right",
            va="top",
            fontsize=6,
            color=RED,
            bbox=_UNDER_TEXT,
        )


def _legend(axes: Axes, lines: Sequence[tuple[str, Values, Values]]) -> None:
    more = len(lines) - _MOST_IN_LEGEND
    shown = axes.get_lines()[: min(len(lines), _MOST_IN_LEGEND)]
    labels = [str(line.get_label()) for line in shown]
    if more > 0:
        labels[-1] += f", and {more} more"
    columns = 3 if max(map(len, labels)) <= 16 else 2 if max(map(len, labels)) <= 30 else 1
    axes.legend(
        shown,
        labels,
        loc="upper left",
        bbox_to_anchor=(-0.02, -0.12),
        ncols=columns,
        frameon=False,
        fontsize=6.5,
        handlelength=1.2,
        columnspacing=1.2,
        borderaxespad=0.2,
    )


def draw_cloudwatch(
    body: Mapping[str, Any],
    metrics: Metrics,
    shown: tuple[float, float],
    file: Path,
    *,
    title: str,
    caption: str,
    away: tuple[float, float] | None = None,
) -> None:
    """Writes a picture of a dashboard. Sections of which nothing is known are left out.

    Args:
        body: The dashboard's body.
        metrics: As `Widgets` has them.
        shown: The first time and the last, in seconds since the epoch.
        file: Where; its ending says the format.
        title: The dashboard's name.
        caption: What the picture is, drawn below.
        away: From when to when a broker was away, which is shaded; None where none was.

    Raises:
        ValueError: A widget of a section has nothing to show, though others have.
    """
    computed = Widgets(metrics, shown)
    sections = [(name, [(widget, computed.lines(widget)) for widget in widgets]) for name, widgets in list(_sections(body))]
    known = [(name, widgets) for name, widgets in sections if any(lines for _, lines in widgets)]
    empty = [widget["title"] for _, widgets in known for widget, lines in widgets if not lines]
    if empty:
        raise ValueError(f"Nothing to show: {', '.join(empty)}.")
    notes = caption.split("\n")
    rows = sum(-(-len(widgets) // _ACROSS) for _, widgets in known)
    width, height = _COLUMN * _COLUMNS, _HEAD + len(known) * _UNIT + rows * 6 * _UNIT + _LINE * (len(notes) + 1)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), facecolor="white")
        figure.text(0.15 / width, 1 - 0.38 / height, title, fontsize=13, weight="bold", color=INK)
        top = height - _HEAD
        for name, widgets in known:
            figure.text(0.15 / width, (top - 0.27) / height, name, fontsize=11, weight="bold", color=INK)
            top -= _UNIT
            for index, (widget, lines) in enumerate(widgets):
                row, column = divmod(index, _ACROSS)
                left, below = column * _SECTION * _COLUMN + 0.06, top - (row + 1) * 6 * _UNIT + 0.06
                across, up = _SECTION * _COLUMN - 0.12, 6 * _UNIT - 0.12
                frame = figure.add_axes((left / width, below / height, across / width, up / height))
                frame.set(xticks=[], yticks=[])
                for spine in frame.spines.values():
                    spine.set_color(EDGE)
                frame.text(0.12 / across, 1 - 0.17 / up, widget["title"], fontsize=8.5, weight="bold", va="center")
                unit = widget["yAxis"]["left"].get("label", "")
                frame.text(0.12 / across, 1 - 0.34 / up, unit, fontsize=6.5, va="center", color=PALE)
                box = (left + 0.5, below + 0.62, across - 0.65, up - 1.06)
                axes = figure.add_axes((box[0] / width, box[1] / height, box[2] / width, box[3] / height), facecolor="none")
                _graph(axes, widget, lines, shown)
                times(axes, shown)
                shade(axes, away)
                _legend(axes, lines)
            top -= -(-len(widgets) // _ACROSS) * 6 * _UNIT
        for number, note in enumerate(reversed(notes)):
            figure.text(0.15 / width, (0.1 + number * _LINE) / height, note, fontsize=7.5, color=PALE)
        figure.savefig(file, metadata={"Date": None, "Creator": None} if file.suffix == ".svg" else None)
