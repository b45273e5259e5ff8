"""What is made from elsewhere is made anew whenever that changes, and stays when nothing did."""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path

import pytest
import yaml

from domain.settings.pulumi_yaml import settings_table
from support.stacks import ROOT, SHIPPED
from tools.generate import dashboard_pages, dashboards, example_days, guards_page, pages, policies_page, settings


@pytest.mark.parametrize("directory", [ROOT, SHIPPED], ids=["of the repository", "of its tests"])
def test_pulumi_yaml_says_what_the_settings_are(directory: Path) -> None:
    assert settings.main(["--check", "--directory", str(directory)]) == 0


def test_the_pages_say_what_the_settings_are_and_what_a_preview_shows() -> None:
    assert pages.main(["--check", "--directory", str(ROOT)]) == 0


def test_the_page_of_the_policies_says_what_the_rules_say() -> None:
    assert policies_page.main(["--check", "--directory", str(ROOT)]) == 0


def test_the_runbook_says_what_the_guards_refuse() -> None:
    assert guards_page.main(["--check", "--directory", str(ROOT)]) == 0
    assert guards_page.page_text("<!-- guards: x -->\nold\n<!-- end of guards -->\n").count("storage-shrink") == 1


def test_the_dashboards_say_what_their_code_says() -> None:
    assert dashboards.main(["--check", "--directory", str(ROOT)]) == 0
    assert {path.stem for path in (ROOT / dashboards.DIRECTORY).glob("*.json")} == {page.name for page in dashboard_pages.pages()}


def test_a_dashboard_that_says_something_else_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / dashboards.DIRECTORY).mkdir(parents=True)
    assert dashboards.main(["--directory", str(tmp_path)]) == 0
    stale = next((tmp_path / dashboards.DIRECTORY).glob("*.json"))
    stale.write_text(stale.read_text(encoding="utf-8").replace("cluster", "group", 1), encoding="utf-8")
    assert dashboards.main(["--check", "--directory", str(tmp_path)]) == 1
    assert "run `python -m tools dashboards`" in capsys.readouterr().err


def test_a_page_of_the_policies_that_says_something_else_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "policies").symlink_to(ROOT / "policies")
    stale = (ROOT / policies_page.PAGE).read_text(encoding="utf-8").replace("Level: mandatory", "Level: advisory", 1)
    (tmp_path / policies_page.PAGE).write_text(stale, encoding="utf-8")
    assert policies_page.main(["--check", "--directory", str(tmp_path)]) == 1
    assert "run `python -m tools policies`" in capsys.readouterr().err


def test_a_changed_default_in_pulumi_yaml_is_noticed_and_put_right(tmp_path: Path) -> None:
    present = (SHIPPED / "Pulumi.yaml").read_text(encoding="utf-8")
    file = tmp_path / "Pulumi.yaml"
    file.write_text(present.replace("default: kafka.t3.small", "default: kafka.m5.large"), encoding="utf-8")
    assert settings.main(["--check", "--directory", str(tmp_path)]) == 1
    assert settings.main(["--directory", str(tmp_path)]) == 0
    assert yaml.safe_load(file.read_text(encoding="utf-8")) == yaml.safe_load(present)


def test_a_clone_keeps_its_name_its_region_and_the_order_pulumi_new_wrote(tmp_path: Path) -> None:
    project = yaml.safe_load((SHIPPED / "Pulumi.yaml").read_text(encoding="utf-8"))
    del project["template"]
    project["name"] = "orders"
    project["config"]["pulumi:tags"] = {"value": {"pulumi:template": "msk"}}
    text = yaml.safe_dump(project)
    (tmp_path / "Pulumi.yaml").write_text(text, encoding="utf-8")
    assert settings.main(["--directory", str(tmp_path)]) == 0
    assert (tmp_path / "Pulumi.yaml").read_text(encoding="utf-8") == text


def test_the_questions_have_the_defaults_of_the_settings() -> None:
    project = yaml.safe_load((SHIPPED / "Pulumi.yaml").read_text(encoding="utf-8"))
    asked = project["template"]["config"]
    assert set(asked) == {"aws:region", "brokerType", "brokersPerZone", "alarmEmail"}
    assert asked["aws:region"]["default"] == project["config"]["aws:region"]["value"]
    for key in ("brokerType", "brokersPerZone"):
        assert asked[key]["default"] == str(project["config"][key]["default"])


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_stack_file_that_the_template_ships_repeats_no_default_answer(stack: str) -> None:
    asked = yaml.safe_load((SHIPPED / "Pulumi.yaml").read_text(encoding="utf-8"))["template"]["config"]
    config = yaml.safe_load((SHIPPED / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]
    assert not [key for key, question in asked.items() if str(config.get(key)) == question["default"]]
    assert "aws:region" not in config


def test_a_page_with_an_old_table_is_noticed_and_put_right(tmp_path: Path) -> None:
    current = f"# A\n\n<!-- settings: made -->\n\n{settings_table()}\n<!-- end of settings -->\n\nB\n"
    file = tmp_path / pages.SETTINGS
    file.parent.mkdir()
    file.write_text(current.replace("| `kafkaVersion` |", "| `kafkaVersions` |"), encoding="utf-8")
    shutil.copy(SHIPPED / "Pulumi.yaml", tmp_path)
    assert pages.main(["--check", "--directory", str(tmp_path)]) == 1
    assert pages.main(["--directory", str(tmp_path)]) == 0
    assert file.read_text(encoding="utf-8") == current


def test_a_clone_keeps_the_preview_it_came_with_whatever_becomes_of_its_stacks(tmp_path: Path) -> None:
    project = yaml.safe_load((SHIPPED / "Pulumi.yaml").read_text(encoding="utf-8"))
    del project["template"]
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump({**project, "name": "orders"}), encoding="utf-8")
    preview = "<!-- preview of dev on 2026-11-23: made -->\n\nold\n\n<!-- end of preview -->\n"
    (tmp_path / "README.md").write_text(preview, encoding="utf-8")
    assert pages.main(["--check", "--directory", str(tmp_path)]) == 0


EXAMPLES = """acknowledge: {fewer-brokers: {reason: CHG-123, until: "2020-12-01"}}
"until": "2020-01-31"
pulumi config set --path acknowledge.fewer-brokers.until 2020-12-01
whose support ended until 2020-12-01
"""


def test_the_examples_of_the_documentation_lie_in_the_future_of_its_capture() -> None:
    captured = example_days.captured_on((ROOT / example_days.CAPTURE).read_text(encoding="utf-8"))
    for page in example_days.PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        days = re.findall(r"\buntil\W{1,4}(\d{4}-\d{2}-\d{2})", text)
        assert days, f"{page} has no example any more"
        known = captured or min(map(datetime.date.fromisoformat, days)) - datetime.timedelta(days=366)
        assert all(180 < (datetime.date.fromisoformat(day) - known).days <= 366 for day in days), page
        assert example_days.with_example_days(text, captured) == text


def test_examples_last_a_year_from_the_capture_and_other_days_stay() -> None:
    made = example_days.with_example_days(EXAMPLES, datetime.date(2026, 11, 23))
    assert made.count("2027-11-23") == 3
    assert made.endswith("whose support ended until 2020-12-01\n")
    assert example_days.with_example_days(EXAMPLES, None) == EXAMPLES


@pytest.mark.parametrize(("clock", "captured"), [("2027-05-22", "2026-11-23"), ("2027-05-23", "2027-05-23")])
def test_whoever_generates_after_half_a_year_captures_anew(clock: str, captured: str) -> None:
    text = "<!-- preview of dev on 2026-11-23: captured by `make generate` -->"
    made = example_days.captured_again(text, example_days.day_of_capture(text, datetime.date.fromisoformat(clock)))
    assert made == f"<!-- preview of dev on {captured}: captured by `make generate` -->"
    assert example_days.day_of_capture("no capture", datetime.date.fromisoformat(clock)) is None
    assert example_days.captured_again("no capture", None) == "no capture"
