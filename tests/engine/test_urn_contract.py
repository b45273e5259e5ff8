"""No stateful resource of a deployed stack gets another URN or another replacing input unnoticed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.engine.urn_contract import CONTRACTS, TYPES, broken_by, inventory
from support.stacks import SHIPPED

STACKS = sorted(path.stem for path in CONTRACTS.glob("*.json"))


def contract(stack: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((CONTRACTS / f"{stack}.json").read_text(encoding="utf-8"))
    return content


def broken(stack: str, old: str = "", new: str = "") -> list[str]:
    kept = contract(stack)
    _, found = inventory(stack, kept["answers"], (lambda program: program.replace(old, new)) if old else None)
    return broken_by(kept, found)


def test_every_stack_that_the_template_ships_has_a_contract() -> None:
    assert STACKS == sorted(path.stem.removeprefix("Pulumi.") for path in SHIPPED.glob("Pulumi.*.yaml")) != []


@pytest.mark.parametrize("stack", STACKS)
def test_no_stateful_resource_has_moved(stack: str) -> None:
    problems = broken(stack)
    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize("stack", STACKS)
def test_the_contract_knows_what_is_costly_to_lose(stack: str) -> None:
    kept = contract(stack)["resources"]
    types = {urn.split("::")[0].rpartition("$")[2] for urn in kept}
    assert types <= TYPES
    assert types >= {"aws:msk/cluster:Cluster", "aws:kms/key:Key", "aws:msk/configuration:Configuration"}
    assert all(inputs for urn, inputs in kept.items() if "Cluster" in urn)


CLUSTER = ' KafkaCluster(\n        "kafka-cluster",'
RENAMED = ' KafkaCluster(\n        "renamed",'
WITH_ALIAS = f'{RENAMED}\n        opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="kafka-cluster")]),\n        args='


def test_a_component_that_is_renamed_breaks_the_contract_and_one_that_has_an_alias_does_not() -> None:
    problems = broken(STACKS[0], CLUSTER, RENAMED)
    moved = "msk-platform:cluster:KafkaCluster$aws:msk/cluster:Cluster::"
    assert [problem.split(" ")[0] for problem in problems] == [f"{moved}kafka-cluster-msk", f"{moved}renamed-msk"]
    assert "aliases=[...]" in problems[0]
    assert "python -m tests.support.engine.urn_contract" in problems[0]
    assert broken(STACKS[0], CLUSTER, WITH_ALIAS) == []


def test_an_alias_of_something_else_does_not_help() -> None:
    other = WITH_ALIAS.replace('Alias(name="kafka-cluster")', 'Alias(name="another")')
    assert len(broken(STACKS[0], CLUSTER, other)) == 2


def test_another_replacing_input_breaks_the_contract_alias_or_not() -> None:
    intent = "**plan.cluster,"
    another = f'{intent}\n        "cluster_name": "another",'
    (problem,) = broken(STACKS[0], intent, another)
    assert "clusterName was '(project)-(stack)' and is 'another', which replaces it." in problem
    (problem,) = broken(STACKS[0], f"{CLUSTER}\n        {{\n            {intent}", f"{WITH_ALIAS}{{\n            {another}")
    assert "which replaces it." in problem


@pytest.mark.parametrize("stack", STACKS)
def test_other_answers_to_the_questions_of_a_new_project_are_no_breach(stack: str) -> None:
    kept = contract(stack)
    # A clone has another project name, and its team answers otherwise: the contract is judged with the answers it was made with.
    assert set(kept["answers"]) <= {"aws:region", "brokerType", "brokersPerZone"}
    assert not [urn for urn in kept["resources"] if urn.startswith("urn:")]
    _, found = inventory(stack, kept["answers"])
    project = found[0]["urn"].split("::")[1]
    text = json.dumps(found).replace(f"::{project}::", "::other::").replace(f"{project}-{stack}", f"other-{stack}")
    assert broken_by(kept, json.loads(text)) == []
