"""What actionlint does not look at: pins, permissions, time limits, untrusted input, and commands that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from inventory.deployer.trust import deployment_subjects, preview_subjects
from tools.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = {file.name: yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES}
JOBS = [(name, key, job) for name, workflow in WORKFLOWS.items() for key, job in workflow["jobs"].items()]
STEPS = [(f"{name} {key}", step) for name, key, job in JOBS for step in job.get("steps", [])]
RUNS = [(where, step["run"]) for where, step in STEPS if "run" in step]
SCRIPTS = [(file.name, file.read_text(encoding="utf-8")) for file in sorted((ROOT / ".github" / "scripts").iterdir())]


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
        takes = takes_a_role(job)
        assert (job["permissions"].get("id-token") == "write") is takes, key
        assert not takes or "vars.AWS_DEPLOY_ROLE_PREFIX" in job.get("if", "") or "environment" in job, key


def takes_a_role(job: dict[str, Any]) -> bool:
    """Whether a job takes an AWS role, or a job of the workflow that it calls does."""
    called = job.get("uses", "").rpartition("/")[2]
    if called:
        return any(takes_a_role(other) for other in WORKFLOWS[called]["jobs"].values())
    return any("configure-aws-credentials" in step.get("uses", "") for step in job["steps"])


def test_every_job_with_credentials_is_in_an_environment_whose_subject_its_role_trusts() -> None:
    roles = {
        (name, job["environment"]): step["with"]["role-to-assume"].removeprefix("${{ vars.AWS_DEPLOY_ROLE_PREFIX }}-")
        for name, _, job in JOBS
        for step in job.get("steps", [])
        if "role-to-assume" in step.get("with", {})
    }
    assert roles == {
        ("deploy.yml", "${{ matrix.stack }}"): "${{ matrix.stack }}",
        ("drift.yml", "${{ matrix.stack }}-drift"): "${{ matrix.stack }}-preview",
        ("preview-stack.yml", "${{ inputs.stack }}-preview"): "${{ inputs.stack }}-preview",
    }
    trusted = [subject.rpartition(":")[2] for subject in preview_subjects("acme/kafka", "prod")]
    assert trusted == ["prod-preview", "prod-drift"]
    assert deployment_subjects("acme/kafka", ["prod"]) == ["repo:acme/kafka:environment:prod"]


def test_secrets_are_those_of_an_environment() -> None:
    for name, key, job in JOBS:
        if "secrets." in str(job.get("steps", "")):
            assert "environment" in job, (name, key)


def test_what_decides_on_a_pull_request_has_no_credentials_and_runs_the_base_branch() -> None:
    jobs = WORKFLOWS["preview-stack.yml"]["jobs"]
    assert [key for key, job in jobs.items() if job["permissions"].get("pull-requests") == "write"] == ["verdict"]
    assert "secrets." not in str(jobs["verdict"])
    assert "environment" not in jobs["verdict"]
    checkouts = [step["with"] for step in jobs["verdict"]["steps"] if "actions/checkout" in step.get("uses", "")]
    assert [checkout.get("ref") for checkout in checkouts] == ["${{ github.event.pull_request.base.ref }}", None]
    assert WORKFLOWS["preview.yml"][True]["pull_request"]["branches"] == ["main"]


def test_every_pull_request_is_previewed_without_a_cloud_and_without_a_secret() -> None:
    job = WORKFLOWS["check.yml"]["jobs"]["preview"]
    assert "if" not in job
    assert job["permissions"] == {"contents": "read"}
    assert "secrets." not in str(WORKFLOWS["check.yml"])
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make preview"]


def test_a_deployment_outlasts_a_cluster_and_is_never_cancelled() -> None:
    deploy = WORKFLOWS["deploy.yml"]
    assert deploy["concurrency"]["cancel-in-progress"] is False
    assert deploy["jobs"]["deploy"]["timeout-minutes"] > 180
    assert deploy["jobs"]["deploy"]["strategy"]["max-parallel"] == 1


def test_every_command_in_them_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = "\n".join(run for _, run in [*RUNS, *SCRIPTS])
    assert set(re.findall(r"\bmake (?:-C \w+ )?([a-z][a-z-]*)", text)) <= targets
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
