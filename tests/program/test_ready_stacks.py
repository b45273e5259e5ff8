"""Every ready stack previews clean with the policies of prod, warns of nothing that its page does not explain, and is taken."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from domain.access.mechanisms import Mechanism
from domain.settings.judged_day import PINNED_DAY
from offline.engine.inventory import rows
from support.stacks import ROOT, TODAY, project_with, run_stack
from tools.preview.run import preview
from tools.stacks.graph import graph_of
from tools.stacks.uses import TITLES, read_use

if TYPE_CHECKING:
    from pathlib import Path

    from offline.engine.run import Run


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose stacks are the ready ones, each with the policies of prod."""
    directory = project_with(tmp_path_factory.mktemp("ready"), {name: read_use(ROOT, name).text for name in TITLES})
    policies = directory / "policies" / "config"
    for name in TITLES:
        shutil.copy(policies / "prod.json", policies / f"{name}.json")
    return directory


@pytest.mark.parametrize("name", TITLES)
def test_a_ready_stack_previews_clean_with_the_policies_of_prod(name: str, project: Path) -> None:
    document = preview(project, name, TODAY, new=True)
    assert document["problems"] == []
    assert document["exitCode"] == 0, document["verdicts"]
    # Nobody has applied the ACLs of a stack that is a page yet.
    unapplied = [row["client"] for row in (document["acls"] or {"clients": []})["clients"]]
    assert [client for client in unapplied if client in document["result"]] == unapplied
    assert document["result"].startswith("Passes, but ACLs of" if unapplied else "Fine")
    assert ";" not in document["result"]
    assert "fail" not in (document["policies"] or {"rules": {}})["rules"].values()
    explained = tuple(read_use(ROOT, name).warnings)
    warned = [row["message"] for row in document["warnings"]]
    assert [words for words in warned if not words.startswith(explained)] == []
    assert [start for start in explained if not any(words.startswith(start) for words in warned)] == []


@pytest.mark.parametrize("name", TITLES)
def test_all_of_a_ready_stack_is_taken(name: str, project: Path) -> None:
    # What AWS does not take fails here and in every run of this folder: conftest.py holds each against its table.
    run = run_stack(name, directory=project)
    warnings = [diagnostic.message for diagnostic in run.diagnostics if diagnostic.severity == "warning"]
    assert [words for words in warnings if not words.startswith((PINNED_DAY, *read_use(ROOT, name).warnings))] == []


def _granted(run: Run, action: str) -> dict[str, set[str]]:
    """The topics of which IAM allows an action, by the logical name of the client's access."""
    granted: dict[str, set[str]] = {}
    for row in rows(run):
        if row["type"] == "aws:iam/policy:Policy":
            client = row["parent"].rpartition("::")[2]
            statements = json.loads(row["inputs"]["policy"])["Statement"]
            allowed = [resource for statement in statements if action in statement["Action"] for resource in _listed(statement)]
            granted.setdefault(client, set()).update(arn.split("/")[-1] for arn in allowed if ":topic/" in arn)
    return granted


def _listed(statement: dict[str, Any]) -> list[str]:
    resources = statement["Resource"]
    return [resources] if isinstance(resources, str) else list(resources)


@pytest.mark.parametrize("name", TITLES)
def test_what_a_picture_says_of_a_client_is_what_iam_allows_it(name: str, project: Path) -> None:
    graph = graph_of(rows(run_stack(name, directory=project)))
    simulated = run_stack(name, directory=project, dry_run=False)
    clients = [client for client in graph.clients.values() if client.mechanism == Mechanism.IAM]
    assert clients
    for action, of_client in (("kafka-cluster:WriteData", "produce"), ("kafka-cluster:ReadData", "consume")):
        granted = _granted(simulated, action)
        for client in clients:
            assert granted[f"kafka-clients-{client.name}"] == set(getattr(client, of_client)), (client.name, action)
