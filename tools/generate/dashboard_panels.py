"""What the Grafana dashboards are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel.

    Attributes:
        title: Its title.
        queries: PromQL with the legend of its series.
        unit: Grafana's ID of the unit.
        description: What it means and what is normal.
        limit: Where it becomes alarming; None where nothing is.
        single: One number instead of a graph.
        below: It becomes alarming below the limit instead of above.
        signed: Its values may be below zero.
        alarms: PromQL of the thresholds that are drawn as lines, those of the stack, with the legend of each.
    """

    title: str
    queries: tuple[tuple[str, str], ...]
    unit: str
    description: str
    limit: float | None = None
    single: bool = False
    below: bool = False
    signed: bool = False
    alarms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One dashboard: its file's name and UID, title, panels in reading order, and whether it lets one choose topics or groups."""

    name: str
    title: str
    panels: tuple[Panel, ...]
    chooses: tuple[str, ...] = ()
