"""A clone of an earlier template, deployed and changed by its team, is upgraded to this one: nothing is replaced or lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from support.engine.clones import clone_template, python
from support.engine.pulumi_cli import UNWATCHED
from support.project_copies import commit_all, copy_template

if TYPE_CHECKING:
    from pathlib import Path

    from support.engine.pulumi_cli import Stack

EARLIER = {
    "components/cluster/keys.py": ("['title']}: {purpose}", "['title']}, {purpose}"),
    "domain/settings/stack.py": ("Scale out by raising it.", "Raise it to scale out."),
    "Makefile": ("## Show the commands", "## Show all commands"),
    "Pulumi.yaml": (">=3.250.0", ">=3.249.0"),
}
"""What an earlier version said otherwise: by file, what this one says and what that one said."""

DELETED_SINCE, ADDED_SINCE = "docs/of-old.md", "docs/benchmark.md"
OURS = "\nours: ## What this team added\n\t@echo ours\n"


def put_back(template: Path) -> None:
    """Makes an earlier version of a checkout of the template."""
    for name, (now, then) in EARLIER.items():
        text = (template / name).read_text(encoding="utf-8")
        assert now in text, f"{name} does not say {now!r} any more: name another difference"
        (template / name).write_text(text.replace(now, then), encoding="utf-8")
    (template / DELETED_SINCE).write_text("Of old.\n", encoding="utf-8")
    (template / ADDED_SINCE).unlink()


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A checkout of the template as it once was."""
    directory = copy_template(tmp_path / "template")
    put_back(directory)
    commit_all(directory, "an earlier version")
    return directory


def renew(template: Path) -> str:
    """Brings the checkout to this version of the template; returns its commit."""
    (template / DELETED_SINCE).unlink()
    copy_template(template)
    return commit_all(template, "this version")


def test_an_upgrade_replaces_nothing_and_keeps_what_the_team_made(
    template: Path, cli: Path, shared: Path, tmp_path: Path
) -> None:
    stack: Stack = clone_template(tmp_path / "orders", cli, shared, template)
    project = stack.project
    commit_all(project, "pulumi new")
    stack.set(brokersPerZone=2, protect=True, tags={"team": "orders"}, **UNWATCHED)
    with (project / "Makefile").open("a", encoding="utf-8") as file:
        file.write(OURS)
    (project / "README.md").write_text("# Orders\n", encoding="utf-8")
    stack.up()
    commit_all(project, "what the team made of it")
    ours = {name: (project / name).read_bytes() for name in ("Pulumi.dev.yaml", "Pulumi.prod.yaml", "README.md")}

    newest = renew(template)
    assert "CONFLICTS" not in python(stack, "-m", "tools", "upgrade", str(template), "--dry-run")
    assert "make generate" in python(stack, "-m", "tools", "upgrade", str(template))
    for command in ("facts", "settings", "pages"):
        python(stack, "-m", "tools", command)

    assert {name: (project / name).read_bytes() for name in ours} == ours
    assert json.loads((project / "template.json").read_text())["base"] == newest
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    assert makefile == (template / "Makefile").read_text(encoding="utf-8") + OURS
    for name in ("components/cluster/keys.py", "domain/settings/stack.py", ADDED_SINCE):
        assert (project / name).read_bytes() == (template / name).read_bytes()
    assert not (project / DELETED_SINCE).exists()
    content = yaml.safe_load((project / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert (content["name"], content["requiredPulumiVersion"]) == ("orders", ">=3.250.0")
    assert content["config"]["brokersPerZone"]["description"].endswith("Scale out by raising it.")

    changed = {(step.op, step.name) for step in stack.preview() if step.op not in ("same", "refresh")}
    assert changed == {("update", "kafka-keys-data"), ("update", "kafka-keys-telemetry")}
    stack.up()
    assert {step.op for step in stack.preview("--expect-no-changes")} <= {"same", "refresh"}
