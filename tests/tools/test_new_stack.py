"""`make stack`: a stack is started with all its files or none, and what exists is never overwritten."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from offline.project.loading import load_project
from support.stacks import ROOT, project_with, shipped_stack
from tools.stacks.new_stack import main
from tools.stacks.stack_text import encrypted_in, with_region, without

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project as the template ships it, with its ready stacks and its workflows."""
    directory = project_with(tmp_path, {name: shipped_stack(name) for name in ("dev", "prod")})
    (directory / "stacks").symlink_to(ROOT / "stacks")
    (directory / ".github").symlink_to(ROOT / ".github")
    return directory


def start(directory: Path, name: str, source: str, *options: str) -> int:
    return main(["--name", name, "--from", source, *options, "--directory", str(directory)])


def contents(directory: Path) -> dict[str, str]:
    files = [*directory.glob("Pulumi.*"), *(directory / "policies" / "config").iterdir()]
    return {path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_a_stack_is_started_from_a_ready_stack(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(project)
    assert start(project, "events", "stacks/event-sourcing", "--region", "eu-west-1") == 0
    made = {name: text for name, text in contents(project).items() if name not in before}
    assert set(made) == {"Pulumi.events.yaml", "policies/config/events.json"}
    ready = (ROOT / "stacks" / "event-sourcing" / "stack.yaml").read_text(encoding="utf-8")
    assert made["Pulumi.events.yaml"] == ready.replace("aws:region: us-east-1", "aws:region: eu-west-1").replace("../../", "", 1)
    assert made["policies/config/events.json"] == before["policies/config/prod.json"]
    assert {name: text for name, text in contents(project).items() if name in before} == before
    said = capsys.readouterr().out
    assert "The workflows in .github will check and deploy these stacks: dev, events, prod." in said
    page = said.partition("Next:\n  1. Read ")[2].partition(":")[0]
    assert page == "stacks/event-sourcing/README.md"
    assert (project / page).is_file()
    assert start(project, "test", "dev") == 0
    said = capsys.readouterr().out
    assert "Next:\n  1. In Pulumi.test.yaml, replace what is another stack's" in said
    assert "README.md" not in said


@pytest.mark.parametrize(
    ("region", "near"),
    [
        ("eu-west-9", " Did you mean eu-west-"),
        ("cn-north-1", " For a region"),
        ("zz-new-1", " For a region"),
    ],
)
def test_a_region_that_is_not_known_is_a_mistake_of_the_command_not_of_a_file(
    region: str, near: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(project)
    assert start(project, "events", "stacks/event-sourcing", "--region", region) == 2
    said = capsys.readouterr().err
    assert f"REGION: {region} is not known: this template has no default Availability Zones for it.{near}" in said
    assert "stack file has" not in said
    assert contents(project) == before


def test_a_region_that_is_not_known_is_taken_where_the_zones_are_named(project: Path) -> None:
    zones = "  network: {zones: [cnn1-az1, cnn1-az2]}\n"
    (project / "Pulumi.old.yaml").write_text(f"config:\n  aws:region: us-east-1\n{zones}", encoding="utf-8")
    assert start(project, "new", "old", "--region", "cn-north-1") == 0


def test_the_workflows_list_has_it_as_the_command_says(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert start(project, "events", "stacks/event-sourcing") == 0
    said = capsys.readouterr().out
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "stacks.yml").read_text(encoding="utf-8"))
    script = workflow["jobs"]["stacks"]["steps"][-1]["run"]
    names, _, rest = script.partition("| jq")
    assert 'sort_by(. == "prod", . != "dev", .)' in rest
    # The first half is the shell's; what jq does with it is sorted the same here.
    done = subprocess.run(
        ["sh", "-c", names.partition("$(")[2].rstrip().rstrip("\\")],  # noqa: S607 - PATH's sh
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    listed = sorted(done.stdout.split(), key=lambda name: (name == "prod", name != "dev", name))
    assert listed == ["dev", "events", "prod"] == sorted(load_project(project).stacks(), key=listed.index)
    assert f"deploy these stacks: {', '.join(listed)}." in said


def test_a_stack_is_started_from_another_stack_with_its_region_and_its_policies(project: Path) -> None:
    (project / "Pulumi.prod.yaml").write_text(
        "config:\n  clusterName: orders\n" + shipped_stack("prod").partition("config:\n")[2]
    )
    assert start(project, "stage", "prod", "--region", "eu-west-1") == 0
    config = yaml.safe_load((project / "Pulumi.stage.yaml").read_text(encoding="utf-8"))["config"]
    assert config == {**yaml.safe_load(shipped_stack("prod"))["config"], "aws:region": "eu-west-1"}
    assert start(project, "test", "dev") == 0
    assert yaml.safe_load((project / "Pulumi.test.yaml").read_text(encoding="utf-8"))["config"]["aws:region"] == "us-east-1"
    assert (project / "policies/config/test.json").read_text() == (project / "policies/config/dev.json").read_text()


@pytest.mark.parametrize(
    "taken", ["Pulumi.events.yaml", "Pulumi.events.yml", "policies/config/events.json", "Pulumi.Events.yaml"]
)
def test_a_name_that_exists_anywhere_is_an_error_and_nothing_is_written(
    taken: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / taken).write_text("# mine\nconfig: {}\n", encoding="utf-8")
    before = contents(project)
    assert start(project, "events", "stacks/event-sourcing") == 2
    assert f"NAME: events exists already: {taken}. Nothing is overwritten" in capsys.readouterr().err
    assert contents(project) == before


@pytest.mark.parametrize("region", ["eu-west-1\n  protect: false", "eu-west-1 # as before", "EU-WEST-1"])
def test_nothing_comes_into_the_file_with_the_region(project: Path, capsys: pytest.CaptureFixture[str], region: str) -> None:
    assert start(project, "events", "stacks/event-sourcing", "--region", region) == 2
    assert f"REGION: {region!r} is not an AWS region, such as eu-west-1." in capsys.readouterr().err
    assert not (project / "Pulumi.events.yaml").exists()


def test_all_mistakes_are_told_at_once_and_nothing_is_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(project)
    assert start(project, "prod", "stacks/event-sourcin", "--region", "mars") == 2
    said = capsys.readouterr().err
    assert "NAME: prod exists already: Pulumi.prod.yaml, policies/config/prod.json." in said
    assert "Did you mean stacks/event-sourcing?" in said
    assert start(project, "a_b", "stacks/activity-tracking", "--region", "us-west-1") == 2
    said = capsys.readouterr().err
    assert "NAME: a_b must be 1 to 51 letters, digits and hyphens" in said
    assert "us-west-1" in said
    assert main(["--directory", str(project)]) == 2
    said = capsys.readouterr().err
    assert "NAME is missing" in said
    assert "FROM is missing" in said
    assert contents(project) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "encryptionsalt: v1:x\nconfig:\n  tags: {secret: {secure: v1:abc}}\n",
            "has encrypted values, which only that stack can read",
        ),
        ("config:\n  import: {cluster: arn:aws:kafka:eu-west-1:111122223333:cluster/a/b}\n", "takes over an existing cluster"),
    ],
)
def test_what_two_stacks_cannot_both_have_is_not_copied(
    text: str, words: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "Pulumi.old.yaml").write_text(text, encoding="utf-8")
    before = contents(project)
    assert start(project, "new", "old") == 2
    assert words in capsys.readouterr().err
    assert contents(project) == before


def test_what_another_process_wrote_meanwhile_stays(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = project / "policies" / "config" / "events.json"

    def meanwhile(*_: object, **__: object) -> None:
        config.write_text("{}", encoding="utf-8")

    monkeypatch.setattr("tools.stacks.new_stack.previewed", meanwhile)
    assert start(project, "events", "stacks/event-sourcing") == 2
    assert "events exists already: events.json" in capsys.readouterr().err
    assert config.read_text(encoding="utf-8") == "{}"
    assert not (project / "Pulumi.events.yaml").exists()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "# head\nconfig:\n  # about\n  protect: false\n",
            "# head\nconfig:\n  # about\n  aws:region: eu-west-1\n  protect: false\n",
        ),
        ('config:\n    aws:region: "us-east-1" # why\n', "config:\n    aws:region: eu-west-1 # why\n"),
        ("# head\n", "# head\nconfig:\n  aws:region: eu-west-1\n"),
        ("", "config:\n  aws:region: eu-west-1\n"),
        ("# head\nconfig: {protect: false}\n", "# head\nconfig:\n  aws:region: eu-west-1\n  protect: false\n"),
        ("encryptionsalt: v1:x\nconfig:\n  protect: false\n", "config:\n  aws:region: eu-west-1\n  protect: false\n"),
    ],
)
def test_a_region_is_set_and_the_rest_of_the_text_stays(text: str, wanted: str) -> None:
    assert with_region(text, "eu-west-1") == wanted


def test_a_key_is_taken_out_with_all_its_lines() -> None:
    text = "config:\n  a: 1\n  clusterName:\n    orders\n  b:\n    - 2\n"
    assert without(text, "clusterName") == "config:\n  a: 1\n  b:\n    - 2\n"
    assert without(text, "b") == "config:\n  a: 1\n  clusterName:\n    orders\n"
    assert without(text, "c") == text
    assert yaml.safe_load(without("config: {a: 1, b: 2}", "b")) == {"config": {"a": 1}}
    assert encrypted_in("config:\n  a: {secure: x}\n  b: [{c: {secure: y}}]\n") == ["a", "b.0.c"]
