"""What actionlint does not look at: pins, permissions, time limits, untrusted input, and commands that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = {file.name: yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES}
JOBS = [(name, key, job) for name, workflow in WORKFLOWS.items() for key, job in workflow["jobs"].items()]
STEPS = [(f"{name} {key}", step) for name, key, job in JOBS for step in job.get("steps", [])]
RUNS = [(where, step["run"]) for where, step in STEPS if "run" in step]


def test_there_are_workflows() -> None:
    assert {"check.yml", "deploy.yml", "drift.yml", "nightly.yml", "preview.yml"} <= WORKFLOWS.keys()


def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it() -> None:
    pinned = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    uses = [line.split("uses:")[1].strip() for file in FILES for line in file.read_text().splitlines() if "uses:" in line]
    assert uses
    assert [use for use in uses if not use.startswith("./") and not pinned.fullmatch(use)] == []


@pytest.mark.parametrize(("file", "key", "job"), JOBS, ids=[f"{name}-{key}" for name, key, _ in JOBS])
def test_every_job_says_what_it_may_and_how_long_it_takes(file: str, key: str, job: dict[str, Any]) -> None:
    assert WORKFLOWS[file]["permissions"] == {}
    assert "permissions" in job, key
    assert "timeout-minutes" in job or "uses" in job
    assert job["permissions"].get("contents", "read") == "read"


def test_no_shell_is_given_an_expression() -> None:
    assert RUNS
    assert [(where, run) for where, run in RUNS if "${{" in run] == []


def test_only_jobs_that_take_a_role_get_a_token_for_it() -> None:
    for _, key, job in JOBS:
        takes = any("configure-aws-credentials" in step.get("uses", "") for step in job.get("steps", []))
        assert (job["permissions"].get("id-token") == "write") is takes, key
        assert not takes or "vars.AWS_DEPLOY_ROLE_PREFIX" in job["if"], key


def test_a_deployment_outlasts_a_cluster_and_is_never_cancelled() -> None:
    deploy = WORKFLOWS["deploy.yml"]
    assert deploy["concurrency"]["cancel-in-progress"] is False
    assert deploy["jobs"]["deploy"]["timeout-minutes"] > 180
    assert deploy["jobs"]["deploy"]["strategy"]["max-parallel"] == 1


def test_every_command_in_them_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = "\n".join(run for _, run in RUNS)
    assert set(re.findall(r"\bmake ([a-z-]+)", text)) <= targets
    assert set(re.findall(r"-m tools ([a-z-]+)", text)) <= COMMANDS.keys()
    assert [script for script in re.findall(r"\.ci/[a-z-]+", text) if not (ROOT / script).exists()] == []


def test_stacks_are_named_nowhere_but_in_their_files() -> None:
    for _, _, job in JOBS:
        matrix = job.get("strategy", {}).get("matrix", {})
        assert matrix in ({}, {"stack": "${{ fromJSON(needs.stacks.outputs.stacks) }}"})


def test_the_pack_judges_a_stack_with_the_configuration_that_a_preview_takes() -> None:
    judged = [step["with"] for _, step in STEPS if "policyPacks" in step.get("with", {})]
    assert judged
    assert all("format('policies/config/{0}.json', matrix.stack)" in given.get("policyPackConfigs", "") for given in judged)


def test_the_night_has_all_that_a_merge_has_and_skips_nothing() -> None:
    merge = (ROOT / ".ci" / "run").read_text()
    job = WORKFLOWS["nightly.yml"]["jobs"]["exhaustive"]
    runs = [step["run"] for step in job["steps"] if "run" in step]
    fetched = re.findall(r"\bsh (\.ci/(?!find-python)[a-z-]+)", merge)
    assert len(fetched) > 2
    assert [script for script in fetched if f"sh {script}" not in runs] == []
    assert set(job["env"]) == set(re.findall(r"\bREQUIRE_[A-Z_]+(?==1)", merge))
    assert runs[-1] == "make test-exhaustive"
