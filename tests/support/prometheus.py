"""Prometheus and promtool, for the tests of rules and dashboards: found by .ci/prometheus, which fetches nothing here."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from support.stacks import ROOT


def prometheus_programs() -> Path:
    """The directory with `prometheus` and `promtool`; without them the test is skipped, in CI it fails."""
    done = subprocess.run(["sh", str(ROOT / ".ci" / "prometheus"), "--at-hand"], capture_output=True, text=True, check=False)  # noqa: S607 - sh is where it always is
    if done.returncode == 0:
        return Path(done.stdout.strip())
    if os.environ.get("REQUIRE_PROMETHEUS"):
        pytest.fail(done.stderr)
    # The commands of README.md need Python, git and make only; CI sets REQUIRE_PROMETHEUS.
    pytest.skip(done.stderr.strip())
