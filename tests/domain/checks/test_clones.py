"""What a project is told that has the template's name, or a region that another of its stacks has not."""

from __future__ import annotations

import pytest

from domain.checks.clones import warn_of_project_region, warn_of_template_name

MADE = {"pulumi:tags": '{"pulumi:template":"https://github.com/acme/msk-platform"}'}
PROJECT = "name: orders\nconfig:\n  aws:region:\n    value: us-east-1\n"
DEV = "config:\n  aws:region: eu-west-1\n"
PROD = "# aws:region: eu-central-1\nconfig:\n  brokerType: kafka.m7g.large\n"


def name_warnings(config: dict[str, str], project: str = "msk-platform") -> list[str]:
    return list(warn_of_template_name(config, project=project, stack="dev", cluster_name=f"{project}-dev"))


def region_warnings(stack: str = "prod", region: str = "us-east-1", **files: str) -> list[str]:
    """The warnings of a stack; a file `Pulumi.x.yaml` goes by its stack's name."""
    texts = {"Pulumi.yaml": PROJECT, **{f"Pulumi.{name}.yaml": text for name, text in files.items()}}
    return list(warn_of_project_region(texts, stack=stack, region=region))


def test_a_clone_with_the_templates_name_is_told_what_its_cluster_is_called_and_how_to_change_it() -> None:
    (warning,) = name_warnings({**MADE, "msk-platform:clusterName": ""})
    assert "still has the template's name" in warning
    assert "`make new`" in warning
    assert "pulumi config set clusterName orders-kafka-dev --stack dev" in warning
    assert "msk-platform-dev keeps it" in warning


@pytest.mark.parametrize(
    ("config", "project"),
    [
        ({}, "msk-platform"),
        ({"pulumi:tags": '{"team":"streaming"}'}, "msk-platform"),
        (MADE, "orders"),
        ({**MADE, "msk-platform:clusterName": "orders-dev"}, "msk-platform"),
    ],
    ids=["the template", "the template with tags", "a clone with its name", "a stack whose cluster has a name"],
)
def test_nobody_else_is_told(config: dict[str, str], project: str) -> None:
    assert name_warnings(config, project) == []


def test_a_stack_with_the_projects_region_is_told_of_one_that_is_elsewhere() -> None:
    assert region_warnings(dev=DEV, prod=PROD) == [
        "aws:region is us-east-1, from Pulumi.yaml; Pulumi.dev.yaml has eu-west-1. Set the region of this stack: pulumi config "
        "set aws:region eu-west-1 --stack prod, or us-east-1 to keep it."
    ]


def test_a_stack_without_a_file_is_told_too() -> None:
    assert len(region_warnings("qa", dev=DEV, prod=PROD)) == 1


def test_of_several_regions_none_is_proposed() -> None:
    (warning,) = region_warnings(dev=DEV, prod=PROD, qa="config: {brokersPerZone: 2, 'aws:region': \"eu-north-1\"}\n")
    assert "Pulumi.dev.yaml has eu-west-1, Pulumi.qa.yaml has eu-north-1." in warning
    assert "pulumi config set aws:region REGION --stack prod" in warning


@pytest.mark.parametrize(
    "own",
    [
        "config:\n  aws:region: us-east-1\n",
        "config:\n  'aws:region': us-east-1\n",
        "config:\n  aws:config:region: us-east-1\n",
        "config: {aws:region: us-east-1}\n",
        "config:\n  aws:region:\n    secure: v1:abc\n",
        "environment: [acme/prod]\n",
        "environment:\n  values:\n    pulumiConfig:\n      aws:region: us-east-1\n",
    ],
)
def test_a_stack_that_says_its_region_or_lets_an_environment_say_it_is_not_told(own: str) -> None:
    assert region_warnings(dev=DEV, prod=own) == []


@pytest.mark.parametrize(
    "other", [PROD, "config:\n  aws:region: us-east-1\n", "config:\n  aws:region:\n    secure: v1:abc\n", ""]
)
def test_a_stack_of_which_none_is_elsewhere_is_not_told(other: str) -> None:
    assert region_warnings(dev=other, prod=PROD) == []


def test_a_region_that_is_not_the_projects_is_somebodys_choice() -> None:
    assert region_warnings(region="ap-southeast-2", dev=DEV, prod=PROD) == []
