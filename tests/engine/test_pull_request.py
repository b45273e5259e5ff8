"""A pull request on the real engine: two previews, one under each policy pack, and what the base branch says of both."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.engine.documented import Reader
from support.stacks import ROOT
from tools.verdicts.command import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

PREVIEW = f"STACK=dev NAME=dev ALLOWED=false '{ROOT}/.github/scripts/preview' . '{ROOT}' previews"


@pytest.mark.exhaustive
def test_a_pull_request_is_previewed_under_both_packs(deployed: Callable[..., Stack], capsys: pytest.CaptureFixture[str]) -> None:
    stack = deployed("dev")
    reader = Reader(stack)
    arguments = [str(stack.project / "previews"), "--stack", "dev", "--base", str(ROOT), "--change", str(stack.project)]

    reader.run(PREVIEW)
    code, page = main(arguments), capsys.readouterr().out
    # The project has no template.json and not all rooms: what judges it differs, and is said.
    assert code == 0, page
    assert "| the base branch | 🟢 fine |" in page
    assert "changes what judges it" in page

    # Another name replaces the cluster, which its protection stops in the middle of both previews: a comment comes all the same.
    stack.set(clusterName="other")
    reader.run(PREVIEW)
    own = json.loads((stack.project / "previews" / "judged.json").read_text(encoding="utf-8"))
    code, page = main(arguments), capsys.readouterr().out
    assert (own["exitCode"], code) == (1, 1), page
    assert "| the base branch | 🔴 refused" in page
    assert "| this pull request | 🔴 refused" in page
