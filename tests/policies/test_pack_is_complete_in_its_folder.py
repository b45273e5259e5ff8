"""The pack boots as the engine boots it, from its own folder alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from support.pack import CLUSTER, PACK, in_its_own_process
from support.policy_cases import SOUND

if TYPE_CHECKING:
    from pathlib import Path

TOO_FEW = {**SOUND[CLUSTER], "numberOfBrokerNodes": 3}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The pack's folder somewhere else, as `pulumi policy publish` ships it."""
    return shutil.copytree(PACK, tmp_path / "alone", ignore=shutil.ignore_patterns("__pycache__"))


def test_a_copy_of_the_folder_judges_without_the_repository(copied: Path) -> None:
    with in_its_own_process(copied) as (pack, _):
        assert [verdict.policy for verdict in pack.judge(TOO_FEW)] == ["minimum-brokers"]
        assert pack.judge(SOUND[CLUSTER]) == []


def test_the_pack_says_nothing_on_stdout_but_its_port(copied: Path) -> None:
    with in_its_own_process(copied) as (pack, process):
        pack.judge(TOO_FEW)
        process.terminate()
        output, errors = process.communicate()
    assert output == b""
    assert errors == b""


def test_a_sandbox_may_run_one_broker_a_zone_and_everything_else_stays_mandatory() -> None:
    with in_its_own_process() as (pack, _):
        pack.configure({"minimum-brokers": {"brokersPerAvailabilityZone": 1}})
        assert pack.judge(TOO_FEW) == []
        said = pack.judge({**TOO_FEW, "numberOfBrokerNodes": 2, "clientAuthentication": {"unauthenticated": True}})
        assert [(verdict.policy, verdict.level) for verdict in said] == [
            ("no-unauthenticated-access", "mandatory"),
            ("even-broker-distribution", "mandatory"),
            ("minimum-brokers", "mandatory"),
        ]


def test_importing_the_rules_imports_no_provider_and_no_other_room() -> None:
    script = "import msk_policies.registry, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    # -I: no PYTHONPATH and no working directory, so that only the pack's folder and its requirements are there.
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", f"import sys; sys.path.insert(0, {str(PACK)!r}); {script}"],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(done.stdout.split())
    assert "msk_policies" in imported
    assert imported.isdisjoint({"pulumi_aws", "jsonschema", "pydantic", "rich", "domain", "components", "offline", "tools"})


def test_the_pack_describes_itself() -> None:
    project = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert project["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": "../.venv"}}
    assert all(project[key] for key in ("version", "description"))
