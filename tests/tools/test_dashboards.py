"""The Grafana dashboards, and the files for a Prometheus of one's own: what Prometheus' own promtool makes of them."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support.prometheus import prometheus_programs
from support.stacks import ROOT, project_with
from tools import prometheus
from tools.dashboards import DIRECTORY

if TYPE_CHECKING:
    from pathlib import Path

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
        assert "$" not in text, text
        rules.append({"record": f"panel:{number}", "expr": text})
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    checked(["rules", "rules.yml"], tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_dashboard_can_be_imported_beside_the_others(page: Path) -> None:
    content = json.loads(page.read_text())
    assert content["uid"]
    assert len({json.loads(one.read_text())["uid"] for one in PAGES}) == len(PAGES)
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
