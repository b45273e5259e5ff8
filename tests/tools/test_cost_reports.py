"""How a bill reads: at least, about, whose prices, and how many of what."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import pytest

from inventory.cost import monthly_cost
from support.inventories import cluster, row
from support.previews import of_cluster, preview
from support.price_offers import offer_json
from support.project_copies import copy_project
from tools.__main__ import main as tools
from tools.changes.document import changes_document
from tools.changes.input import read_preview
from tools.changes.markdown import changes_markdown
from tools.changes.sections import changes_sections
from tools.preview.document import empty_document
from tools.preview.rows import cost_row
from tools.preview.sections import preview_sections
from tools.prices.offer import read_offer
from tools.report.plain_text import plain_text
from tools.shared.price_lists import written

if TYPE_CHECKING:
    from pathlib import Path

    from inventory.price_list import PriceList
    from inventory.rows import ResourceRow
    from tools.preview.document import Document

KEY = row("aws:kms/key:Key", "key")
UNHEARD_OF = row("aws:thing/new:New", "new")


def document(rows: list[ResourceRow], region: str = "us-east-1", listed: PriceList | None = None) -> Document:
    made = empty_document(project="shop", stack="prod", region=region, today="2026-11-23")
    made["cost"] = cost_row(monthly_cost(rows, region, listed))
    return made


def told(*arguments: Any) -> str:
    return plain_text(preview_sections(document(*arguments)))


def line(text: str, beginning: str) -> str:
    (found,) = [line for line in text.splitlines() if line.strip().startswith(beginning)]
    return " ".join(found.split())


@pytest.mark.parametrize(("rows", "total"), [([KEY], "Sum 1.00"), ([KEY, UNHEARD_OF], "Sum, at least 1.00")])
def test_a_sum_that_lacks_an_amount_says_at_least(rows: list[ResourceRow], total: str) -> None:
    assert line(told(rows), "Sum") == total
    cost = document(rows)["cost"]
    assert cost
    assert cost["atLeast"] is (len(rows) > 1)


def test_a_price_that_was_worked_out_says_about() -> None:
    text = told(cluster(storageMode="TIERED"))
    assert "about 0.06" in line(text, "tiered storage ")
    assert "about" not in line(text, "client traffic between zones ")


def test_little_is_not_shown_as_nothing() -> None:
    log: dict[str, Any] = {"loggingInfo": {"brokerLogs": {"cloudwatchLogs": {"enabled": True, "logGroup": "log"}}}}
    group = row("aws:cloudwatch/logGroup:LogGroup", "log", {"name": "log", "retentionInDays": 1})
    quiet = {"ingressMBps": 0.1, "partitions": 1}
    assert line(told([*cluster(brokers=3, workload=quiet, **log), group]), "broker logs kept ") == (
        "broker logs kept under 1 GB 0.03 ~under 0.01"
    )


def test_the_heading_says_whose_prices_they_are() -> None:
    assert "Cost (list prices of us-east-1, read" in told([KEY])
    assert "Cost (list prices of us-east-1, read" in told([KEY], "ap-southeast-1")
    both = told([KEY, *cluster()], "ap-southeast-1", read_offer(offer_json()))
    assert "Cost (list prices of ap-southeast-1 and us-east-1, read" in both


def test_the_quantity_of_alarms_is_of_what_is_charged() -> None:
    two = [{"metric": {"metricName": "CpuUser"}}, {"metric": {"metricName": "CpuSystem"}}]
    alarms = [row("aws:cloudwatch/metricAlarm:MetricAlarm", f"a{n}", {"metricQueries": two}) for n in range(3)]
    assert line(told(alarms), "3 CloudWatch alarms ") == "3 CloudWatch alarms 6 alarm metrics 0.10 0.60"


def test_the_sums_of_a_change_say_at_least_where_they_lack_an_amount() -> None:
    change = preview(of_cluster("update", {"loggingInfo": {"brokerLogs": {"s3": {"enabled": True, "bucket": "logs"}}}}))
    made = changes_document(read_preview(change), today=datetime.date(2026, 11, 23))
    assert made["cost"]
    assert (made["cost"]["atLeastBefore"], made["cost"]["atLeastAfter"]) == (True, True)
    amount = f"{made['cost']['usdAfter']:,.2f}"
    (line,) = [line for line in plain_text(changes_sections(made)).splitlines() if "Sum" in line]
    assert line.split()[:8] == ["Sum,", "at", "least"] * 2 + [amount] * 2
    assert changes_markdown(made).count(f"at least {amount}") == 2


def test_a_change_is_priced_with_the_prices_of_the_project(tmp_path: Path) -> None:
    change = json.loads(preview(of_cluster("update", {"numberOfBrokerNodes": 9})))
    change["config"] = {**change.get("config", {}), "aws:region": "ap-southeast-1"}
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "ap-southeast-1.json").write_text(written(read_offer(offer_json())))
    made = changes_document(read_preview(json.dumps(change)), today=datetime.date(2026, 11, 23), directory=tmp_path)
    assert made["cost"]
    brokers = next(item for item in made["cost"]["lines"] if "brokers" in item["after"])
    assert brokers["usdAfter"] == round(9 * 730 * 0.255, 2)


def test_damaged_prices_are_a_mistake_of_both_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = copy_project(tmp_path)
    (project / "prices").mkdir()
    (project / "prices" / "us-east-1.json").write_text("{}")
    change = json.loads(preview(of_cluster("update", {"numberOfBrokerNodes": 9})))
    change["config"] = {**change.get("config", {}), "aws:region": "us-east-1"}
    (tmp_path / "change.json").write_text(json.dumps(change))
    monkeypatch.chdir(project)
    for command in (["preview", "--stack", "dev"], ["changes", str(tmp_path / "change.json")]):
        assert tools(command) == 2
        told = capsys.readouterr()
        assert "prices/us-east-1.json does not hold the prices" in " ".join((told.out + told.err).split())
