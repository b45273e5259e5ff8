"""What the settings accept, the services around the cluster take.

Every resource, as it would be sent, is held against the input of the call that creates it in AWS's own API model, and against
what AWS's pages say besides: of stacks that are shipped, of one with nearly every setting, of one in which everything is as long
as it may be, and of stack files that nobody would write but that are accepted.
"""

from __future__ import annotations

import datetime
import json
import random
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from domain.access.principals import LONGEST_NAME
from domain.loading import load_stack
from domain.problems import SettingsError
from offline.project.loading import load_project
from offline.protocol import wire
from offline.protocol.failures import UserError
from support import aws_documented, aws_models
from support.mutated_stacks import planned, text_of
from support.rich_stack import RICH
from support.service_refusals import REFUSALS, ByNet, BySettings, Unreachable
from support.stacks import TODAY, project_with, run_stack, source_date_epoch
from support.wide_stack import REGION, wide_config

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from offline.engine.run import Run

BY_DAY, BY_NIGHT = 8, 300


def refused_of(run: Run) -> dict[str, list[str]]:
    """What AWS would refuse of a run's resources, by type and name."""
    said = {
        f"{resource.type} {resource.name}": refused(resource.type, wire.plain(resource.inputs, redact=False))
        for resource in run.resources
        if resource.type.startswith("aws:")
    }
    return {name: messages for name, messages in said.items() if messages}


def refused(resource_type: str, inputs: Mapping[str, Any]) -> list[str]:
    """What AWS would refuse of a resource."""
    return [*aws_models.refusals(resource_type, inputs), *aws_documented.refusals(resource_type, inputs)]


def run_of(directory: Path, text: str) -> Run:
    """The run of a stack file: an update, so that all is known that AWS is sent."""
    return run_stack("dev", dry_run=False, directory=project_with(directory, {"dev": text}))


def wide(mechanism: str) -> str:
    return yaml.safe_dump({"config": {"aws:region": REGION, **wide_config(mechanism=mechanism)}})


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_all_of_a_shipped_stack_is_taken(stack: str) -> None:
    assert refused_of(run_stack(stack, dry_run=False)) == {}


def test_all_of_a_stack_with_nearly_every_setting_is_taken(tmp_path: Path) -> None:
    run = run_of(tmp_path, RICH)
    assert refused_of(run) == {}
    made = {resource.type for resource in run.resources if resource.type.startswith("aws:")}
    assert len(made) > 40


@pytest.mark.parametrize("mechanism", ["iam", "scram"])
def test_all_of_a_stack_is_taken_in_which_everything_is_as_long_as_it_may_be(tmp_path: Path, mechanism: str) -> None:
    run = run_of(tmp_path, wide(mechanism))
    assert refused_of(run) == {}
    names = [len(resource.inputs["name"]) for resource in run.resources if resource.type == "aws:iam/role:Role"]
    assert (max(names) == LONGEST_NAME) is (mechanism == "iam")


def test_whatever_is_accepted_is_taken(tmp_path: Path, exhaustive: bool) -> None:
    project = load_project(project_with(tmp_path, {"dev": RICH}))
    first = datetime.datetime.now(datetime.UTC).toordinal() * BY_NIGHT if exhaustive else 0
    wanted, seed = BY_NIGHT if exhaustive else BY_DAY, first
    while wanted:
        chance = random.Random(seed)  # noqa: S311 - no secret
        data = text_of(chance.choice((RICH, wide("iam"))) if exhaustive else RICH, chance)
        (tmp_path / "Pulumi.dev.yaml").write_bytes(data)
        seed += 1
        if not planned(project):
            continue
        try:
            run = run_stack("dev", dry_run=False, directory=tmp_path)
        except UserError:
            # A mistake that AWS alone shows, such as a zone that the account has not.
            continue
        assert refused_of(run) == {}, f"file {seed - 1}:\n{data.decode('utf-8', 'replace')}"
        wanted -= 1


GIVEN: Final = [(rule, answer) for rule, answer in REFUSALS.items() if not isinstance(answer, Unreachable)]


def test_the_table_has_the_rules_of_the_services_whose_resources_are_made() -> None:
    services: dict[str, int] = {}
    for rule, answer in REFUSALS.items():
        services[rule.split("-")[0]] = services.get(rule.split("-")[0], 0) + 1
        assert not isinstance(answer, Unreachable) or answer.reason.endswith(".")
    assert services == {
        "kms": 10, "logs": 26, "cloudwatch": 37, "sns": 14, "secretsmanager": 10, "ec2": 36, "appautoscaling": 24, "ssm": 11,
        "iam": 45, "s3": 31, "aps": 28, "grafana": 7,
    }  # fmt: skip


@pytest.mark.parametrize(("rule", "answer"), [(rule, answer) for rule, answer in GIVEN if isinstance(answer, BySettings)])
def test_a_stack_file_that_leads_to_a_refusal_is_told_so(rule: str, answer: BySettings) -> None:
    assert said_of(answer.values, answer.said), rule


def said_of(values: Mapping[str, Any], words: str) -> list[str]:
    """What is said of a stack with these settings that has the words: its mistakes, or its warnings."""
    config = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    try:
        said = load_stack(config, project="p", stack="s", region="eu-west-1", today=TODAY).warnings
    except SettingsError as error:
        said = tuple(map(str, error.problems))
    return [each for each in said if words in each]


@pytest.mark.parametrize(("rule", "answer"), [(rule, answer) for rule, answer in GIVEN if isinstance(answer, ByNet)])
def test_a_resource_that_aws_refuses_is_noticed(rule: str, answer: ByNet, sound: Mapping[str, Mapping[str, Any]]) -> None:
    inputs = {name: value for name, value in {**sound[answer.type], **answer.change}.items() if value is not None}
    assert refused(answer.type, inputs), rule


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The inputs of one resource of each type."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", source_date_epoch(TODAY))
        run = run_of(tmp_path_factory.mktemp("sound"), RICH)
    resources = {resource.type: resource for resource in reversed(run.resources)}
    inputs = {name: wire.plain(resource.inputs, redact=False) for name, resource in resources.items()}
    assert all(refused(name, values) == [] for name, values in inputs.items() if name.startswith("aws:"))
    return inputs
