"""What `python -m tools upgrade` says of running clusters, and that the version is one."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from support.stacks import ROOT
from tools.__main__ import main
from tools.upgrade.changelog import effects_on_clusters

OLD = """\
# Changelog

## 0.1.0

### On a running cluster

- Nothing.
"""
NEW = """\
# Changelog

## 0.2.0

### Added

- A setting.

### On a running cluster

- Alarms get other descriptions
  in place.
- Brokers restart one by one.

### Fixed

- A sentence.

## 0.1.0

### On a running cluster

- Nothing.
"""


def test_only_what_is_new_and_only_of_running_clusters_is_told() -> None:
    assert effects_on_clusters(OLD, NEW) == ["Alarms get other descriptions in place.", "Brokers restart one by one."]
    assert effects_on_clusters(NEW, NEW) == []
    assert effects_on_clusters("", OLD) == ["Nothing."]


def test_the_newest_version_of_the_changelog_is_the_templates_and_the_packs(capsys: pytest.CaptureFixture[str]) -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert newest is not None
    assert json.loads((ROOT / "template.json").read_text(encoding="utf-8"))["version"] == newest[1]
    assert yaml.safe_load((ROOT / "policies" / "PulumiPolicy.yaml").read_text(encoding="utf-8"))["version"] == newest[1]
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"{newest[1]}\n"


def test_the_changelog_says_what_each_version_does_to_a_running_cluster() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    assert versions
    assert [text.splitlines()[0] for text in versions if not effects_on_clusters("", f"## {text}")] == []
