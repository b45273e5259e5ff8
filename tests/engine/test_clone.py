"""What `pulumi new` makes of this template, with another name and other answers: it previews, deploys and passes its tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from support.engine.clones import ANSWERS, clone_template, make_new, python
from support.project_copies import commit_all, copy_template

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.engine.pulumi_cli import Stack

CLUSTER = "aws:msk/cluster:Cluster"
TESTS = ("tests/program", "tests/tools", "tests/test_repository.py", "tests/test_import_rules.py")
"""Those of a clone's tests that read a file which `pulumi new` or the team writes. The others are the same in every clone."""
SOME_TESTS = ("tests/program/test_own_stacks.py", "tests/tools/test_generated_files.py", "tests/test_repository.py")
"""What stands for them by day: the tests of the team's stacks, of the generated files and of the whole tree."""


@pytest.fixture(scope="module")
def clone(cli: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    root = tmp_path_factory.mktemp("clone")
    return clone_template(root / "orders", cli, shared, copy_template(root / "template"))


@pytest.fixture
def mine(clone: Stack, tmp_path: Path) -> Stack:
    """A clone that the test may change."""
    return clone.copy(tmp_path / "orders")


def test_a_clone_has_its_name_its_answers_and_no_questions(clone: Stack) -> None:
    project = yaml.safe_load((clone.project / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert project["name"] == "orders"
    assert project["description"] == "Orders"
    assert "template" not in project
    config = yaml.safe_load((clone.project / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]
    assert {key.removeprefix("orders:"): value for key, value in config.items()}.items() >= ANSWERS.items()


def test_editors_find_the_schema_of_a_clones_stack_files(clone: Stack) -> None:
    # `pulumi new` writes the answers into the file, and leaves its comments.
    (line, *_) = (clone.project / "Pulumi.dev.yaml").read_text(encoding="utf-8").splitlines()
    assert line == "# yaml-language-server: $schema=stack-file.schema.json"
    assert (clone.project / "stack-file.schema.json").is_file()
    assert (clone.project / ".vscode" / "settings.json").is_file()


def test_a_clone_previews_offline_under_its_name_and_with_its_answers(clone: Stack) -> None:
    document = json.loads(python(clone, "-m", "tools", "preview", "--format", "json", "--today", "2026-11-23"))
    assert (document["project"], document["region"]) == ("orders", "eu-west-1")
    (cluster,) = [row for row in document["resources"] if row["type"] == CLUSTER]
    assert cluster["inputs"]["clusterName"] == "orders-dev"
    assert cluster["inputs"]["numberOfBrokerNodes"] == 9
    assert cluster["inputs"]["brokerNodeGroupInfo"]["instanceType"] == "express.m7g.large"


def test_a_clone_deploys_with_the_pack_and_keeps_the_types_of_the_template(mine: Stack) -> None:
    mine.up("--policy-pack", "policies", "--policy-pack-config", "policies/config/dev.json")
    assert {step.op for step in mine.preview("--expect-no-changes")} <= {"same", "refresh"}
    with mine.cloud.only(CLUSTER) as cluster:
        assert cluster["clusterName"] == "orders-dev"
    components = {resource["type"] for resource in mine.state().values() if not resource.get("custom")}
    assert {token.partition(":")[0] for token in components} == {"msk-platform", "pulumi"}
    assert all("::orders::" in resource["urn"] for resource in mine.state().values())


def run_tests(clone: Stack, *, exhaustive: bool) -> str:
    return python(clone, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *(TESTS if exhaustive else SOME_TESTS))


def test_a_clone_passes_its_own_tests_as_it_comes(clone: Stack, exhaustive: bool) -> None:
    passed = run_tests(clone, exhaustive=exhaustive)
    assert " passed" in passed
    assert "skipped" not in passed


@pytest.mark.exhaustive
def test_a_clone_passes_its_own_tests_whatever_its_team_makes_of_its_stacks(mine: Stack, exhaustive: bool) -> None:
    project = mine.project
    (project / "Pulumi.prod.yaml").unlink()
    mine.set(
        brokerType="kafka.m7g.large",
        brokersPerZone=1,
        protect=True,
        workload={"ingressMBps": 2},
        serverProperties={"num.partitions": 6},
    )
    text = (project / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    (project / "Pulumi.sandbox-2.yaml").write_text(text, encoding="utf-8")
    (project / "policies" / "config").mkdir(exist_ok=True)
    for stack in ("dev", "sandbox-2"):
        config = {"minimum-brokers": {"brokersPerAvailabilityZone": 1}, "log-retention": {"minimumDays": 14}}
        (project / "policies" / "config" / f"{stack}.json").write_text(json.dumps(config), encoding="utf-8")
    readme = project / "README.md"
    readme.write_text("# Orders\n\nRun `make preview`, and the tests:\n\n```sh\nmake test\n```\n", encoding="utf-8")
    assert " passed" in run_tests(mine, exhaustive=exhaustive)


def warnings(stack: Stack, name: str, *, about: str) -> list[str]:
    """What the offline preview of a stack warns of, and what the real one prints, as far as it is about something."""
    document = json.loads(python(stack, "-m", "tools", "preview", "--stack", name, "--format", "json", "--today", "2026-11-23"))
    real = stack.run("preview", "--stack", name, about_stack=False).text
    printed = [line.strip().removeprefix("warning: ") for line in real.partition("Diagnostics:")[2].splitlines()]
    return [line for line in (*(row["message"] for row in document["warnings"]), *printed) if about in line]


@pytest.mark.exhaustive
def test_a_project_is_made_of_a_checkout_in_which_something_was_built(cli: Path, shared: Path, tmp_path: Path) -> None:
    checkout = copy_template(tmp_path / "the checkout")
    commit_all(checkout, "template")
    (checkout / ".venv" / "lib").mkdir(parents=True)
    (checkout / ".venv" / "lib64").symlink_to("lib")
    (checkout / "build").mkdir()
    stack = make_new(tmp_path / "my orders", cli, shared, checkout)
    assert not {".venv", "build", ".git"} & {path.name for path in stack.project.iterdir()}
    assert stack.preview()[0].urn.startswith("urn:pulumi:dev::orders::")
    stack.run("stack", "init", "prod", "--secrets-provider", "passphrase", about_stack=False)
    told = (
        "aws:region is us-east-1, from Pulumi.yaml; Pulumi.dev.yaml has eu-west-1. Set the region of this stack: pulumi "
        "config set aws:region eu-west-1 --stack prod, or us-east-1 to keep it."
    )
    assert warnings(stack, "prod", about="aws:region") == [told, told]
    assert warnings(stack, "dev", about="aws:region") == []
    stack.run("config", "set", "aws:region", "eu-west-1", "--stack", "prod", about_stack=False)
    assert warnings(stack, "prod", about="aws:region") == []


def test_a_clone_with_the_templates_name_is_told_until_its_cluster_has_one(cli: Path, shared: Path, tmp_path: Path) -> None:
    stack = clone_template(tmp_path / "clone", cli, shared, copy_template(tmp_path / "template"), name="msk-platform")
    offline, real = warnings(stack, "dev", about="still has the template's name")
    assert offline == real
    stack.run("config", "set", "clusterName", "orders-kafka-dev")
    assert warnings(stack, "dev", about="still has the template's name") == []


def test_the_template_itself_is_not_told_of_its_name(new_stack: Callable[..., Stack]) -> None:
    assert "still has the template's name" not in new_stack("dev").run("preview").text
