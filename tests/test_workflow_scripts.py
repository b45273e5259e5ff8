"""The shell parts of the workflows, run by bash: `pulumi` and `gh` say what they were recorded to say, and all else is real."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support.previews import CLUSTER, events, of_cluster, replacing, urn

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / ".github" / "scripts"
SHARED = (".venv", "domain", "inventory", "offline", "tools")
SAME = events(of_cluster("same", {}))
LOSES = events(of_cluster("replace", {"clusterName": "other"}, **replacing("clusterName")))
RULE = {
    "policyName": "encryption-in-transit",
    "message": "What for.\nThis listener is open.",
    "enforcementLevel": "mandatory",
    "resourceUrn": urn(CLUSTER, "kafka"),
}
REFUSED = events(of_cluster("same", {}), policies=(RULE,), failed=True)
GUARDED = {"diagnosticEvent": {"severity": "error", "urn": urn(CLUSTER, "kafka"), "message": "before hook refused it"}}

PULUMI = """\
echo "$PWD $PULUMI_ENABLE_STREAMING_JSON_PREVIEW $*" >>"$EDGE/pulumi"
case "$*" in *"/base/policies"*) which=base ;; *) which=change ;; esac
cat "$EDGE/$which"
exit "$(cat "$EDGE/code_of_$which" 2>/dev/null || cat "$EDGE/code")"
"""
GH = """\
printf '%s\\n' "$*" >>"$EDGE/gh"
if [ "$1 $2" = "issue list" ]; then cat "$EDGE/issues"; fi
for argument in "$@"; do
    if [ "${before:-}" = --body-file ]; then cp "$argument" "$EDGE/comment"; fi
    before=$argument
done
"""


class Runner:
    """A runner with both checkouts beside each other, and what stands at the edge."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.edge = directory / "edge"
        self.edge.mkdir()
        for name, text in {"pulumi": PULUMI, "gh": GH}.items():
            (directory / "bin").mkdir(exist_ok=True)
            (directory / "bin" / name).write_text(f"#!/bin/bash\n{text}")
            (directory / "bin" / name).chmod(0o755)
        for checkout in ("base", "change"):
            (directory / checkout / "policies" / "config").mkdir(parents=True)
            for name in SHARED:
                (directory / checkout / name).symlink_to(ROOT / name)
            shutil.copytree(SCRIPTS, directory / checkout / ".github" / "scripts")
            shutil.copy(ROOT / "template.json", directory / checkout)
            (directory / checkout / "Pulumi.prod.yaml").write_text("config: {}\n")
            (directory / checkout / "policies" / "PulumiPolicy.yaml").write_text("runtime: python\n")
            (directory / checkout / "policies" / "config" / "prod.json").write_text("{}")
        self.says(change=SAME, base=SAME, code="0", issues="")

    def says(self, **texts: str) -> None:
        for name, text in texts.items():
            (self.edge / name).write_text(text)

    def said(self, name: str) -> str:
        file = self.edge / name
        return file.read_text() if file.exists() else ""

    def run(self, *command: str, cwd: str = ".", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/bash", *command],
            cwd=self.directory / cwd,
            env={
                "PATH": f"{self.directory / 'bin'}{os.pathsep}{os.environ['PATH']}",
                "EDGE": str(self.edge),
                "STACK": "acme/prod",
                "NAME": "prod",
                "PR": "17",
                "ALLOWED": "false",
                "RUN": "https://github.com/acme/orders-kafka/actions/runs/1",
                "GITHUB_REPOSITORY": "acme/orders-kafka",
                "GITHUB_OUTPUT": str(self.edge / "output"),
                "GITHUB_STEP_SUMMARY": str(self.edge / "summary"),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def judged(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """Both jobs, one after the other: the artifact is the directory between them."""
        previewed = self.run("change/.github/scripts/preview", "change", "base", "previews", **environment)
        assert previewed.returncode == 0, previewed.stderr
        return self.run(".github/scripts/comment", "../previews", ".", "../change", cwd="base", **environment)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_a_change_that_both_find_fine(runner: Runner) -> None:
    done = runner.judged()
    assert done.returncode == 0, done.stderr
    assert runner.said("comment").startswith("## prod: 🟢 Fine")
    assert runner.said("summary") == runner.said("comment")
    assert runner.said("gh").startswith("pr comment 17 --repo acme/orders-kafka --body-file ")
    assert not runner.said("output")
    own, base = runner.said("pulumi").splitlines()
    change = runner.directory / "change"
    assert own.startswith(
        f"{change} true preview --stack acme/prod --non-interactive --json --show-sames --policy-pack {change}/policies "
    )
    assert own.endswith(f"--policy-pack-config {change}/policies/config/prod.json")
    # The program is the pull request's, and the judge is not.
    assert base.startswith(f"{change} true ")
    assert f"--policy-pack {runner.directory}/base/policies --policy-pack-config {runner.directory}/base/policies/config/" in base


def test_a_rule_of_the_base_branch_refuses_and_the_comment_says_so(runner: Runner) -> None:
    runner.says(base=REFUSED, code_of_base="255")
    done = runner.judged()
    assert done.returncode == 1, done.stderr
    assert "encryption-in-transit" in runner.said("comment")


@pytest.mark.parametrize(("side", "code"), [("change", 2), ("base", 0)])
def test_a_preview_that_refuses_nothing_and_ends_badly_is_not_fine(runner: Runner, side: str, code: int) -> None:
    """The base branch's is a reviewer's to decide on, which the job's output says."""
    runner.says(**{f"code_of_{side}": "137"})
    done = runner.judged()
    assert done.returncode == code, done.stderr
    assert "exit code 137, though nothing refuses" in runner.said("comment")


def test_where_a_guard_stops_the_preview_there_is_a_comment(runner: Runner) -> None:
    summary = json.dumps({"summaryEvent": {"result": "failed"}})
    stopped = f"{SAME.splitlines()[0]}\n{json.dumps(GUARDED)}\n{summary}\n"
    runner.says(base=stopped, change=stopped, code="255")
    done = runner.judged()
    assert done.returncode == 1, done.stderr
    assert "before hook refused it" in runner.said("comment")


def test_where_pulumi_prints_nothing_there_is_a_comment(runner: Runner) -> None:
    runner.says(base="", change="", code="1")
    done = runner.judged()
    assert done.returncode == 2, done.stderr
    assert runner.said("comment").startswith("## prod: 🔴 Cannot be judged")


def test_where_the_job_before_left_nothing_there_is_a_comment(runner: Runner) -> None:
    (runner.directory / "previews").mkdir()
    done = runner.run(".github/scripts/comment", "../previews", ".", "../change", cwd="base")
    assert done.returncode == 2, done.stderr
    assert runner.said("comment").startswith("## prod: 🔴 Cannot be judged")


def test_the_label_allows_a_loss(runner: Runner) -> None:
    runner.says(base=LOSES, change=LOSES)
    assert runner.judged().returncode == 1
    assert runner.judged(ALLOWED="true").returncode == 0


def test_a_new_stack_is_judged_with_its_own_word_and_waits_for_a_reviewer(runner: Runner) -> None:
    (runner.directory / "base" / "Pulumi.prod.yaml").unlink()
    (runner.directory / "base" / "policies" / "config" / "prod.json").unlink()
    done = runner.judged()
    assert done.returncode == 0, done.stderr
    assert runner.said("output") == "undecided=true\n"
    assert runner.said("comment").startswith("## prod: 🟠 A reviewer decides")
    base = runner.said("pulumi").splitlines()[1]
    assert f"base/policies --policy-pack-config {runner.directory}/change/policies/config/prod.json" in base


def test_a_stack_that_is_allowed_nothing_of_its_own_has_no_configuration(runner: Runner) -> None:
    for checkout in ("base", "change"):
        (runner.directory / checkout / "policies" / "config" / "prod.json").unlink()
    assert runner.judged().returncode == 0
    assert "--policy-pack-config" not in runner.said("pulumi")


def step_of(workflow: str, job: str, name: str) -> str:
    """The shell part of a step."""
    content: Mapping[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / workflow).read_text(encoding="utf-8"))
    (run,) = [step["run"] for step in content["jobs"][job]["steps"] if step.get("name") == name]
    assert isinstance(run, str)
    return run


def test_the_pull_request_that_brings_the_command_waits_for_a_reviewer(runner: Runner) -> None:
    shutil.rmtree(runner.directory / "base" / ".github")
    assert runner.run("change/.github/scripts/preview", "change", "base", "previews").returncode == 0
    (runner.directory / "bin" / "make").write_text("#!/bin/bash\n")
    (runner.directory / "bin" / "make").chmod(0o755)
    done = runner.run("-e", "-o", "pipefail", "-c", step_of("preview-stack.yml", "verdict", "Decide, and write the comment"))
    assert done.returncode == 0, done.stderr
    assert runner.said("output") == "undecided=true\n"
    assert "it has no such command yet" in runner.said("comment")


@pytest.mark.parametrize(("issues", "call"), [("", "issue create"), ("31\n", "issue comment 31")])
def test_drift_opens_one_issue_and_adds_to_it(runner: Runner, issues: str, call: str) -> None:
    runner.says(issues=issues)
    done = runner.run("-e", "-o", "pipefail", "-c", step_of("drift.yml", "drift", "Open or update the issue"))
    assert done.returncode == 0, done.stderr
    asked, written = runner.said("gh").splitlines()
    assert 'select(.title == "Drift or policy violation: prod")' in asked
    assert written.startswith(f"{call} --repo acme/orders-kafka")
    assert "actions/runs/1" in written


@pytest.mark.parametrize("deploying", ["true", "false"])
def test_the_stacks_are_read_from_their_files_prod_last(runner: Runner, deploying: str) -> None:
    for name in ("Pulumi.yaml", "Pulumi.zeta.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"):
        (runner.directory / name).write_text("")
    (runner.directory / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "pulumi-cli", runner.directory / ".ci")
    read = step_of("stacks.yml", "stacks", "Read the stacks and the CLI's version")
    done = runner.run("-e", "-o", "pipefail", "-c", read, DEPLOYING=deploying)
    assert done.returncode == 0, done.stderr
    output = dict(line.split("=", 1) for line in runner.said("output").splitlines())
    assert json.loads(output["stacks"]) == ["dev", "zeta", "prod"]
    assert output["cli"].count(".") == 2
    assert ("::notice::" in done.stdout) is (deploying == "false")
