"""The Grafana dashboards, and the files for a Prometheus of one's own: what Prometheus' own promtool makes of them."""

from __future__ import annotations

import json
import math
import re
import subprocess
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest
import yaml

from domain.monitoring.dashboard import dashboard_body
from domain.monitoring.terms import Watched
from domain.msk.brokers import BROKER_TYPES
from domain.msk.metrics import Level
from support.cloudwatch_pictures import Widgets, draw_cloudwatch
from support.dashboard_pictures import draw
from support.prometheus import prometheus_programs
from support.stacks import ROOT, project_with
from tools.clients import prometheus
from tools.generate.dashboards import DIRECTORY

if TYPE_CHECKING:
    from pathlib import Path

GRAFANA_COLUMNS = 24
PAGES = sorted((ROOT / DIRECTORY).glob("*.json"))
BROKERS = {"bootstrapBrokersSaslIam": "b-1.x.kafka.eu-west-1.amazonaws.com:9098,b-2.x.kafka.eu-west-1.amazonaws.com:9098"}


def panels(page: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in page["panels"] if panel["type"] != "row"]


def checked(arguments: list[str], directory: Path) -> None:
    promtool = str(prometheus_programs() / "promtool")
    done = subprocess.run([promtool, "check", *arguments], cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout + done.stderr


def test_there_are_the_dashboards_that_people_look_for() -> None:
    assert {page.stem for page in PAGES} == {
        "msk-cluster-overview", "msk-topic-throughput", "msk-consumer-lag", "msk-storage", "msk-clients",
    }  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_query_of_a_dashboard_is_one_that_prometheus_reads(page: Path, tmp_path: Path) -> None:
    expressions = [target["expr"] for panel in panels(json.loads(page.read_text())) for target in panel["targets"]]
    assert len(expressions) > 3
    known = {"$cluster": "orders-prod", "$topic": ".*", "$group": ".*", "$__rate_interval": "5m"}
    rules = []
    for number, expression in enumerate(expressions):
        text = expression
        for variable, value in known.items():
            text = text.replace(variable, value)
        # A dollar with a number is what `label_replace` found; Grafana has no variables of such names.
        assert not re.search(r"\$(?!\d)", text), text
        rules.append({"record": f"panel:{number}", "expr": text})
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    checked(["rules", "rules.yml"], tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_panels_lie_beside_each_other_within_the_page(page: Path) -> None:
    places = [panel["gridPos"] for panel in panels(json.loads(page.read_text()))]
    assert all(place["x"] + place["w"] <= GRAFANA_COLUMNS for place in places)
    cells = [(x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
    assert len(cells) == len(set(cells))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_picture_in_the_documents_is_of_the_dashboard_as_it_is(page: Path) -> None:
    content = json.loads(page.read_text())
    drawn = page.with_suffix(".svg").read_text()
    assert [panel["title"] for panel in panels(content) if panel["title"] not in drawn] == []
    assert content["title"] in drawn
    assert "redrawn; not Grafana" in drawn
    assert f"](dashboards/{page.stem}.svg)" in (ROOT / "docs" / "monitoring.md").read_text()


@pytest.mark.parametrize("name", ["cloudwatch", "cloudwatch-incident"])
def test_the_picture_of_the_cloudwatch_dashboard_is_of_its_definition_as_it_is(name: str) -> None:
    watched = Watched(BROKER_TYPES["kafka.m7g.large"], 3, Level.PER_BROKER, tls=True, volume_mib_per_second=250)
    widgets = dashboard_body("orders-prod", "eu-west-1", watched, has_zookeeper=False)["widgets"]
    drawn = (PAGES[0].parent / f"{name}.svg").read_text()
    titles = [widget["properties"].get("title") or widget["properties"]["markdown"].lstrip("# ") for widget in widgets]
    # What only AWS has was not measured.
    shown = titles[: titles.index("Throttling")]
    assert len(shown) > 20
    assert [title for title in shown if escape(title) not in drawn] == []
    limits = [line["label"] for widget in widgets for line in widget["properties"].get("annotations", {}).get("horizontal", [])]
    assert [
        label
        for label in limits
        if label.split(" ")[1] in ("cpu", "heap", "disk-used", "no-controller") and escape(label) not in drawn
    ] == []
    assert "not a screenshot of the console" in drawn
    assert f"](dashboards/{name}.svg)" in (ROOT / "docs" / "monitoring.md").read_text()


@pytest.mark.parametrize("name", ["msk-cluster-overview", "msk-consumer-lag"])
def test_the_incident_is_drawn_beside_the_calm(name: str) -> None:
    drawn = (PAGES[0].parent / f"{name}-incident.svg").read_text()
    assert [
        panel["title"]
        for panel in panels(json.loads((PAGES[0].parent / f"{name}.json").read_text()))
        if panel["title"] not in drawn
    ] == []
    assert "No data" not in drawn
    assert "Shaded: broker 2 was killed" in drawn
    assert f"](dashboards/{name}-incident.svg)" in (ROOT / "docs" / "monitoring.md").read_text()


def series(dimensions: dict[str, str], *values: float) -> dict[str, Any]:
    return {"dimensions": dimensions, "values": [[5 * number, str(value)] for number, value in enumerate(values)]}


def shown_by(
    metrics: list[list[Any]], known: dict[str, list[dict[str, Any]]], period: int = 60, until: float = 20
) -> dict[str, list[float]]:
    found = Widgets(known, (0, until)).lines({"period": period, "metrics": metrics})
    return {label: [round(float(value), 6) for value in values] for label, _, values in found}


ONE = ["AWS/Kafka", "Used", "Cluster Name", "c", "Broker ID", "1", {"id": "used1", "visible": False}]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("used1 + used1 * 2", [3, 6, 9, 12, 15]),
        ("(used1 + 1) / PERIOD(used1)", [round(value / 60, 6) for value in (2, 3, 4, 5, 6)]),
        ("IF(used1 > 3, used1, 365)", [365, 365, 365, 4, 5]),
        ("FILL(used1, 0)", [1, 2, 3, 4, 5]),
    ],
)
def test_a_picture_computes_what_cloudwatch_would(expression: str, expected: list[float]) -> None:
    known = {"Used": [series({"Broker ID": "1"}, 1, 2, 3, 4, 5), series({"Broker ID": "2"}, 9)]}
    assert shown_by([ONE, [{"expression": expression, "label": "it", "id": "it"}]], known) == {"it": expected}


def test_a_pace_is_that_of_an_hour_and_unknown_in_the_first() -> None:
    known = {"Used": [series({"Broker ID": "1"}, *(number / 12 for number in range(37)))]}
    (values,) = shown_by([ONE, [{"expression": "RATE(used1) * 86400", "label": "it", "id": "it"}]], known, 3600, 179).values()
    assert math.isnan(values[0])
    assert values[1:] == [pytest.approx(86400 / 60)] * 2


def test_a_search_finds_what_has_its_dimensions_and_nothing_is_filled_that_nobody_measured() -> None:
    find = """SEARCH('{AWS/Kafka,"Broker ID","Cluster Name",Topic} "Cluster Name"="c" MetricName="In"', 'Average', 60)"""
    known = {"In by Topic": [series({"Broker ID": "1", "Topic": "a"}, 1)], "In": [series({"Broker ID": "1"}, 7)]}
    assert list(shown_by([[{"expression": find, "id": "found"}]], known)) == ["1 a"]
    assert shown_by([ONE, [{"expression": "FILL(used1, 0)", "label": "it", "id": "it"}]], known) == {}


def test_a_picture_of_cloudwatch_leaves_out_sections_that_nobody_measured_and_refuses_gaps(tmp_path: Path) -> None:
    def widget(title: str, metric: str) -> dict[str, Any]:
        rows = [["AWS/Kafka", metric, "Cluster Name", "c", "Broker ID", "1", {"label": "broker 1"}]]
        lines = {"horizontal": [{"label": "alarm it > 3", "value": 3}, {"label": "alarm far > 999", "value": 999}]}
        properties = {"title": title, "period": 60, "metrics": rows, "yAxis": {"left": {"min": 0}}, "annotations": lines}
        return {"type": "metric", "properties": properties}

    def heading(text: str) -> dict[str, Any]:
        return {"type": "text", "properties": {"markdown": f"## {text}"}}

    known = {"Used": [series({"Broker ID": "1"}, 1, 2)]}
    body = {"widgets": [heading("Storage"), widget("Disk", "Used"), heading("Throttling"), widget("Shaped", "Unknown")]}
    draw_cloudwatch(body, known, (0, 20), tmp_path / "it.svg", title="Mine", caption="What it is", away=(5, 10))
    drawn = (tmp_path / "it.svg").read_text()
    told = ("Mine", "Storage", "Disk", "broker 1", "alarm it &gt; 3", "alarm far &gt; 999, above", "What it is")
    assert [text for text in told if text not in drawn] == []
    assert "Throttling" not in drawn
    assert "Shaped" not in drawn
    body["widgets"].insert(2, widget("Gap", "Unknown"))
    with pytest.raises(ValueError, match="Nothing to show: Gap"):
        draw_cloudwatch(body, known, (0, 20), tmp_path / "it.svg", title="Mine", caption="What it is")


def test_a_picture_shows_numbers_lines_limits_and_what_is_not_there(tmp_path: Path) -> None:
    def panel(title: str, kind: str, query: str) -> dict[str, Any]:
        limit = {"mode": "absolute", "steps": [{"color": "green", "value": None}, {"color": "red", "value": 0.8}]}
        return {
            "title": title,
            "type": kind,
            "gridPos": {"x": 0 if kind == "stat" else 12, "y": 0, "w": 12, "h": 8},
            "targets": [{"expr": query, "legendFormat": "of {{instance}}"}],
            "fieldConfig": {"defaults": {"unit": "percentunit", "min": 0, "thresholds": limit}},
        }

    page = {"title": "Disks", "panels": [panel("Worst", "stat", "max(used)"), panel("Used", "timeseries", "used")]}
    answers: dict[str, list[dict[str, Any]]] = {
        "max(used)": [{"metric": {}, "values": [[0, "0.1"], [10, "0.93"]]}],
        "used": [{"metric": {"instance": f"b-{number}"}, "values": [[0, "0.1"], [10, "0.93"]]} for number in range(1, 9)],
    }
    draw(page, answers, (0, 10), "A caption", tmp_path / "full.svg")
    full = (tmp_path / "full.svg").read_text()
    assert [
        text for text in ("93%", "of b-1", "of b-6", "and 2 more", "00:00:05", "A caption", "Worst") if text not in full
    ] == []
    assert "of b-7" not in full
    assert full.count("stroke-dasharray") > 0
    draw(page, {query: [] for query in answers}, (0, 10), "A caption", tmp_path / "empty.svg")
    assert (tmp_path / "empty.svg").read_text().count("No data") >= len(answers)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_dashboard_can_be_imported_beside_the_others(page: Path) -> None:
    content = json.loads(page.read_text())
    assert content["uid"]
    assert len({json.loads(value.read_text())["uid"] for value in PAGES}) == len(PAGES)
    assert {"source", "cluster"} <= {variable["name"] for variable in content["templating"]["list"]}
    for panel in panels(content):
        assert panel["datasource"]["uid"] == "${source}"
        assert panel["title"]
        assert panel["description"]


def test_a_prometheus_of_ones_own_has_whole_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stack = {"config": {"brokerType": "kafka.m7g.large", "monitoring": {"prometheus": {"scrapedBy": [{"cidr": "10.1.0.0/16"}]}}}}
    project_with(tmp_path, {"prod": yaml.safe_dump(stack)})
    (tmp_path / "outputs.json").write_text(json.dumps({"brokers": BROKERS}))
    place = ["--stack", "prod", "--directory", str(tmp_path), "--outputs", str(tmp_path / "outputs.json")]
    assert prometheus.main([*place, "--to", str(tmp_path / "own")]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    # It checks the file of rules that the configuration names, too.
    checked(["config", "prometheus.yml"], tmp_path / "own")
    found = {target for group in json.loads((tmp_path / "own" / "targets.json").read_text()) for target in group["targets"]}
    assert found == {f"b-{broker}.x.kafka.eu-west-1.amazonaws.com:{port}" for broker in (1, 2) for port in (11001, 11002)}


def test_a_stack_that_lets_no_prometheus_in_is_told_what_to_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project_with(tmp_path, {"prod": "config: {brokerType: kafka.m7g.large}\n"})
    (tmp_path / "outputs.json").write_text(json.dumps({"brokers": BROKERS}))
    assert prometheus.main(["--stack", "prod", "--directory", str(tmp_path), "--outputs", str(tmp_path / "outputs.json")]) == 2
    assert "monitoring.prometheus.scrapedBy" in capsys.readouterr().err


@pytest.mark.parametrize("outputs", [{}, {"brokers": {}}, {"brokers": {"bootstrapBrokersPublicSaslIam": "b-1-public.x:9198"}}])
def test_outputs_without_brokers_are_refused(outputs: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stack = {"config": {"monitoring": {"prometheus": {"scrapedBy": [{"cidr": "10.1.0.0/16"}]}}}}
    project_with(tmp_path, {"prod": yaml.safe_dump(stack)})
    (tmp_path / "outputs.json").write_text(json.dumps(outputs))
    assert prometheus.main(["--stack", "prod", "--directory", str(tmp_path), "--outputs", str(tmp_path / "outputs.json")]) == 2
    assert "outputs" in capsys.readouterr().err
