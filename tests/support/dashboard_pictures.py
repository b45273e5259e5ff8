"""Draws a dashboard from what a Prometheus answered to the queries of its panels."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, FuncFormatter, MaxNLocator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.ticker import Formatter

Series = list[dict[str, Any]]
Answers = dict[str, Series]

# Inches: one of the 24 columns, one unit of height, and what is left free for titles, axes and legends.
_COLUMN, _UNIT, _HEAD, _FOOT, _LINE = 0.5, 0.36, 0.6, 0.2, 0.17
_COLUMNS = 24
_MOST_IN_LEGEND = 6
_MOST_TICKS = 4
_MOST_TIMES = 6
_ALARM = "alarm "
"""How the legends of the alarms' limits begin, which the dashboards draw as broken red lines."""
_STALE_SECONDS = 15
"""How long a series may have no value before it was away."""
COLORS = ("#3b78c2", "#d9822b", "#2f9e6e", "#8a5bb5", "#0e8a9c", "#6b7280")
_TIME_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 86_400)
# Times are read in minutes, not in hundreds of seconds.
_STEPS = {"s": (1, 1.2, 3, 6, 10)}
RED = "#d13212"
_STATES = {"green": "#2f9e6e", "red": RED}
INK, PALE, EDGE = "#1f2933", "#6b7280", "#d8dde3"
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "dashboards",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": 7,
    "text.color": INK,
    "axes.edgecolor": EDGE,
    "axes.labelcolor": PALE,
    "xtick.color": PALE,
    "ytick.color": PALE,
}


def _seconds(value: float, _position: object = None) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if abs(value) >= 2 * size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.3g} s"


_FORMATS: dict[str, Callable[[], Formatter]] = {
    "Bps": lambda: EngFormatter("B/s", sep=" "),
    "bytes": lambda: EngFormatter("B", sep=" "),
    "cps": lambda: EngFormatter("/s", sep=""),
    "d": lambda: FuncFormatter(lambda value, _: f"{value:.3g} d"),
    "ms": lambda: FuncFormatter(lambda value, _: f"{value:.3g} ms"),
    "ops": lambda: FuncFormatter(lambda value, _: f"{value:.3g}/s"),
    "percentunit": lambda: FuncFormatter(lambda value, _: f"{100 * value:.3g}%"),
    "reqps": lambda: EngFormatter("/s", sep=""),
    "s": lambda: FuncFormatter(_seconds),
    "short": lambda: EngFormatter(sep=" "),
}


def _legend(series: dict[str, Any], format_: str) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: series["metric"].get(found[1], ""), format_) or "value"


def times(axes: Axes, shown: tuple[float, float]) -> None:
    """Gives a graph its time axis and lines across.

    Args:
        axes: The graph.
        shown: The first time and the last, in seconds since the epoch.
    """
    start, end = shown
    axes.set_xlim(start, end)
    step = next(step for step in _TIME_STEPS if (end - start) / step <= _MOST_TIMES)
    margin = (end - start) / 20
    # A label at the very edge would stand out of the panel.
    first = math.ceil((start + margin) / step) * step
    axes.set_xticks([first + step * number for number in range(_MOST_TIMES) if first + step * number <= end - margin])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{datetime.fromtimestamp(value, UTC):%H:%M:%S}"))
    axes.tick_params(length=0)
    axes.grid(axis="y", color=EDGE, linewidth=0.6)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def shade(axes: Axes, away: tuple[float, float] | None) -> None:
    """Marks the time in which a broker was away.

    Args:
        axes: The graph.
        away: From when to when; None where none was.
    """
    if away:
        axes.axvspan(*away, color="#fdf0d5", linewidth=0, zorder=0)


def _number(axes: Axes, panel: dict[str, Any], answers: Answers, shown: tuple[float, float]) -> None:
    axes.axis("off")
    found = [series["values"] for target in panel["targets"] for series in answers[target["expr"]]]
    if not found:
        axes.text(0.5, 0.38, "No data", ha="center", va="center", fontsize=13, color=PALE, transform=axes.transAxes)
        return
    value = float(found[0][-1][1])
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    color = _STATES[[step["color"] for step in steps if step["value"] is None or value >= step["value"]][-1]]
    # Grafana draws the way to the number below it.
    when, values = joined(found[0], shown)
    graph = axes.inset_axes((0.02, 0.03, 0.96, 0.3))
    graph.axis("off")
    graph.fill_between(when, values, color=color, alpha=0.15, linewidth=0)
    graph.plot(when, values, color=color, linewidth=0.9, alpha=0.7)
    graph.set_xlim(*shown)
    graph.set_ylim(0, 1.1 * max(1, *values))
    text = _FORMATS[panel["fieldConfig"]["defaults"]["unit"]]()(value, None)
    axes.text(0.5, 0.52, text, ha="center", va="center", fontsize=20, color=color, transform=axes.transAxes)


def joined(
    values: Iterable[tuple[float, float | str]], shown: tuple[float, float], apart: float = 0
) -> tuple[list[float], list[float]]:
    """The times and values of a series, with a gap where it was away.

    Args:
        values: The values that there are, each with its time.
        shown: The first time and the last that are shown, in seconds since the epoch.
        apart: Seconds from a value to the next, where they are few.
    """
    longest = max(_STALE_SECONDS, (shown[1] - shown[0]) / 20, 2.5 * apart)
    x: list[float] = []
    y: list[float] = []
    for when, value in values:
        if x and when - x[-1] > longest:
            x.append(when)
            y.append(math.nan)
        x.append(when)
        y.append(float(value))
    return x, y


def _graph(
    axes: Axes, panel: dict[str, Any], answers: Answers, shown: tuple[float, float], away: tuple[float, float] | None
) -> None:
    lines = sorted(
        (_legend(series, target.get("legendFormat", "")), series["values"])
        for target in panel["targets"]
        for series in answers[target["expr"]]
    )
    limits = [(name, values) for name, values in lines if name.startswith(_ALARM)]
    lines = [(name, values) for name, values in lines if not name.startswith(_ALARM)]
    for number, (name, values) in enumerate(lines):
        color = COLORS[number % len(COLORS)]
        style = "-" if number < len(COLORS) else "--"
        axes.plot(*joined(values, shown), style, color=color, linewidth=1.1, label=name)
    for name, values in limits:
        axes.plot(*joined(values, shown), color=RED, linewidth=0.9, linestyle=(0, (5, 3)), label=name)
    defaults = panel["fieldConfig"]["defaults"]
    axes.margins(y=0.15)
    if defaults.get("min") is not None:
        highest = max((float(value) for _, values in (*lines, *limits) for _, value in values), default=0.0)
        axes.set_ylim(bottom=defaults["min"], top=1.15 * highest or 1)
    for step in defaults.get("thresholds", {}).get("steps", ()):
        if step["value"] is not None and axes.get_ylim()[0] <= step["value"] <= axes.get_ylim()[1]:
            axes.axhline(step["value"], color=_STATES["red"], linewidth=0.9, linestyle=(0, (5, 3)))
    times(axes, shown)
    shade(axes, away)
    # Thousandths of what is always zero say nothing.
    whole = defaults["unit"] == "short" or not any(float(value) for _, values in lines for _, value in values)
    axes.yaxis.set_major_locator(MaxNLocator(_MOST_TICKS, integer=whole, steps=_STEPS.get(defaults["unit"])))
    axes.yaxis.set_major_formatter(_FORMATS[defaults["unit"]]())
    if not lines:
        axes.text(0.5, 0.5, "No data", ha="center", va="center", fontsize=11, color=PALE, transform=axes.transAxes)
        return
    more = len(lines) - _MOST_IN_LEGEND
    lines_and_limits = axes.get_lines()
    # Given by hand: names that begin with an underscore, as Kafka's own topics do, would be left out.
    shown_lines = [
        *lines_and_limits[: min(len(lines), _MOST_IN_LEGEND)],
        *lines_and_limits[len(lines) : len(lines) + len(limits)],
    ]
    axes.legend(
        shown_lines,
        [str(line.get_label()) for line in shown_lines],
        loc="upper left",
        bbox_to_anchor=(-0.01, -0.12),
        ncols=3,
        frameon=False,
        fontsize=6.5,
        handlelength=1.2,
        columnspacing=1.2,
        title=f"and {more} more" if more > 0 else None,
        title_fontsize=6.5,
        alignment="left",
    )


def draw(
    page: dict[str, Any],
    answers: Answers,
    shown: tuple[float, float],
    caption: str,
    file: Path,
    *,
    away: tuple[float, float] | None = None,
) -> None:
    """Writes a picture of a dashboard.

    Args:
        page: The dashboard, as Grafana imports it.
        answers: For the query of each panel, as the dashboard has it, the series of Prometheus' answer.
        shown: The first time and the last, in seconds since the epoch.
        caption: What the picture is, drawn below.
        file: Where; its ending says the format.
        away: From when to when a broker was away, which is shaded; None where none was.
    """
    panels = [panel for panel in page["panels"] if panel["type"] != "row"]
    width = _COLUMN * _COLUMNS
    notes = caption.split("\n")
    height = _HEAD + _FOOT + _LINE * len(notes) + _UNIT * max(item["gridPos"]["y"] + item["gridPos"]["h"] for item in panels)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), facecolor="white")
        figure.text(0.15 / width, 1 - 0.38 / height, page["title"], fontsize=13, weight="bold")
        for panel in panels:
            at = panel["gridPos"]
            left, top = at["x"] * _COLUMN, height - _HEAD - at["y"] * _UNIT
            box = (left + 0.08, top - at["h"] * _UNIT + 0.06, at["w"] * _COLUMN - 0.16, at["h"] * _UNIT - 0.12)
            frame = figure.add_axes((box[0] / width, box[1] / height, box[2] / width, box[3] / height))
            frame.set_xticks([])
            frame.set_yticks([])
            frame.text(0.12 / box[2], 1 - 0.2 / box[3], panel["title"], fontsize=8.5, weight="bold", va="center")
            inner = (box[0] + 0.75, box[1] + 0.66, box[2] - 0.95, box[3] - 1.08) if panel["type"] != "stat" else box
            axes = figure.add_axes((inner[0] / width, inner[1] / height, inner[2] / width, inner[3] / height), facecolor="none")
            if panel["type"] == "stat":
                _number(axes, panel, answers, shown)
            else:
                _graph(axes, panel, answers, shown, away)
        for number, note in enumerate(reversed(notes)):
            figure.text(0.15 / width, (0.1 + _LINE * number) / height, note, fontsize=7.5, color=PALE)
        figure.savefig(file, metadata={"Date": None, "Creator": None} if file.suffix == ".svg" else None)
