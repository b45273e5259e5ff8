"""`python -m tools dashboards`: writes the Grafana dashboards, docs/dashboards/*.json.

They are built with the Grafana foundation SDK for Grafana 10.4, so that workspaces of Amazon Managed Grafana from that version on
import them. Two variables select what is shown: the Prometheus data source and the cluster, by the label `cluster` of the
rendered scrape configuration. They read the recording rules of
`domain/monitoring/prometheus_rules.py` where there is one, else what the exporters give.
"""

from __future__ import annotations

import json
from pathlib import Path

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import (
    BigValueGraphMode,
    GraphThresholdsStyleMode,
    LegendDisplayMode,
    SortOrder,
    TooltipDisplayMode,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    DynamicConfigValue,
    Threshold,
    ThresholdsMode,
    VariableRefresh,
    VariableSort,
)

from tools.generate.dashboard_pages import pages, recorded
from tools.generate.dashboard_panels import Page, Panel
from tools.generate.generated import parser_of_generator, renew

DIRECTORY = Path("docs/dashboards")
_SOURCE = DataSourceRef(type_val="prometheus", uid="${source}")
_COLUMNS = 24
_DASHED_RED = [
    DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": "red"}),
    DynamicConfigValue(id_val="custom.lineStyle", value={"fill": "dash", "dash": [10, 10]}),
    DynamicConfigValue(id_val="custom.fillOpacity", value=0),
]
"""How the thresholds of alarms look."""


def render(page: Page) -> str:
    """A dashboard as the file that Grafana imports."""
    board = (
        dashboard.Dashboard(page.title)
        .uid(page.name)
        .tags(["kafka", "msk"])
        .timezone("browser")
        .time("now-6h", "now")
        .refresh("1m")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .with_variable(dashboard.DatasourceVariable("source").label("Data source").type("prometheus"))
        .with_variable(_choice("cluster", "Cluster", 'label_values(up{job="jmx"}, cluster)'))
    )
    if "topic" in page.chooses:
        topics = f"label_values({recorded('cluster_topic:kafka_bytes_in:rate5m')}, topic)"
        board = board.with_variable(_choice("topic", "Topic", topics, several=True))
    if "group" in page.chooses:
        groups = f"label_values({recorded('cluster_group_topic:kafka_consumer_lag_seconds:max')}, groupId)"
        board = board.with_variable(_choice("group", "Consumer group", groups, several=True))
    # Numbers fill their row, or the first graph would stand beside them and the next beyond the edge.
    columns = _COLUMNS // max(1, sum(panel.single for panel in page.panels))
    graphs = [panel for panel in page.panels if not panel.single]
    for panel in page.panels:
        alone = len(graphs) % 2 == 1 and panel is graphs[-1]
        board = board.with_panel(_number(panel, columns) if panel.single else _graph(panel, _COLUMNS if alone else _COLUMNS // 2))
    return json.dumps(board.build(), cls=JSONEncoder, indent=2, sort_keys=True) + "\n"


def _choice(name: str, label: str, query: str, *, several: bool = False) -> dashboard.QueryVariable:
    choice = (
        dashboard.QueryVariable(name)
        .label(label)
        .datasource(_SOURCE)
        .query(query)
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
    )
    return choice.multi(True).include_all(True).all_value(".*") if several else choice


def _thresholds(panel: Panel) -> dashboard.ThresholdsConfig:
    sound, alarming = ("red", "green") if panel.below else ("green", "red")
    steps = [Threshold(value=None, color=sound)]
    if panel.limit is not None:
        steps.append(Threshold(value=panel.limit, color=alarming))
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def _targets(panel: Panel) -> list[Builder[Dataquery]]:
    return [
        prometheus.Dataquery().ref_id(chr(ord("A") + index)).expr(expression).legend_format(legend).datasource(_SOURCE)
        for index, (expression, legend) in enumerate((*panel.queries, *panel.alarms))
    ]


def _graph(panel: Panel, span: int) -> timeseries.Panel:
    made = (
        timeseries.Panel()
        .title(panel.title)
        .description(panel.description)
        .datasource(_SOURCE)
        .unit(panel.unit)
        .height(8)
        .span(span)
        .fill_opacity(8)
        .legend(common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).show_legend(True).calcs([]))
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING))
        .targets(_targets(panel))
    )
    if not panel.signed:
        made = made.min(0)
    if panel.limit is not None:
        made = made.thresholds(_thresholds(panel)).thresholds_style(_line())
    if panel.alarms:
        made = made.override_by_regexp("/^alarm /", _DASHED_RED)
    return made


def _line() -> common.GraphThresholdsStyleConfig:
    return common.GraphThresholdsStyleConfig().mode(GraphThresholdsStyleMode.LINE)


def _number(panel: Panel, span: int) -> stat.Panel:
    return (
        stat.Panel()
        .title(panel.title)
        .description(panel.description)
        .datasource(_SOURCE)
        .unit(panel.unit)
        .height(4)
        .span(span)
        .graph_mode(BigValueGraphMode.AREA)
        .thresholds(_thresholds(panel))
        .targets(_targets(panel))
    )


def main(arguments: list[str]) -> int:
    """Writes docs/dashboards/*.json, and with ``--check`` only says whether they are current.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when `--check` finds one stale.
    """
    options = parser_of_generator("dashboards", "Writes the Grafana dashboards into docs/dashboards.").parse_args(arguments)
    codes = []
    for page in pages():
        file = DIRECTORY / f"{page.name}.json"
        present = (options.directory / file).read_text(encoding="utf-8") if (options.directory / file).exists() else ""
        codes.append(renew("dashboards", options.directory, file, present, render(page), check=options.check))
    return max(codes)
