"""The policies of a client for a cluster that is not there yet, and what becomes of them when it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.access.rights import EVERY, GROUP_NAME, TOPIC_NAME, Access, Names, names
from domain.access.statements import _NO_UUID, ACTIONS, MAXIMUM_POLICY_SIZE, policy_templates, statements, with_cluster

if TYPE_CHECKING:
    from collections.abc import Iterable

topics = st.text("ab0.-_", min_size=1, max_size=249)
groups = st.text("ab0._:#/@+=-", min_size=1, max_size=256)
some_topics = st.builds(names, st.lists(topics, max_size=6), st.lists(topics, max_size=3))
some_groups = st.builds(names, st.lists(groups, max_size=6), st.lists(groups, max_size=3))
accesses = st.builds(
    Access,
    produce=some_topics,
    transactional_ids=some_groups,
    consume=some_topics,
    groups=some_groups,
    streams_topics=some_topics,
    connect_topics=some_topics,
    administer=some_topics,
    administer_groups=some_groups,
    administer_cluster=st.booleans(),
    observe_topics=some_topics | st.just(EVERY),
    observe_groups=some_groups | st.just(EVERY),
    operate=st.booleans(),
)
clusters = st.builds(
    "arn:{}:kafka:{}:{}:cluster/{}/{}-{}".format,
    st.sampled_from(["aws", "aws-cn", "aws-us-gov"]),
    st.sampled_from(["eu-west-1", "ap-southeast-1"]),
    st.text("0123456789", min_size=12, max_size=12),
    st.text("abz019-", min_size=1, max_size=64),
    st.uuids().map(str),
    st.integers(1, 99),
)
CLUSTER = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders-prod/0a1b2c3d-1111-2222-3333-444455556666-7"
LOOKS_LIKE_A_PLACEHOLDER = names(["0" * 40, f"a/{'0' * 40}/b", "arn:aws-us-gov:kafka:eu-west-1:000000000000"])

Pair = tuple[str, str]


def name_and_region(arn: str) -> tuple[str, str]:
    return arn.split("/")[1], arn.split(":")[3]


def filled(access: Access, arn: str) -> list[Any]:
    return [json.loads(with_cluster(template, arn)) for template in policy_templates(access, *name_and_region(arn))]


def pairs(all_of_them: Iterable[Any]) -> set[Pair]:
    """What is allowed: each action with each resource it is allowed on."""
    return {
        (action, resource) for statement in all_of_them for action in statement["Action"] for resource in statement["Resource"]
    }


@given(accesses, clusters)
@example(Access(consume=names(["a"]), groups=LOOKS_LIKE_A_PLACEHOLDER), CLUSTER)
@example(Access(produce=names(["0" * 40], ["0" * 12]), transactional_ids=LOOKS_LIKE_A_PLACEHOLDER), CLUSTER)
def test_a_filled_template_allows_what_was_asked_for_on_the_real_cluster_and_nothing_else(access: Access, arn: str) -> None:
    found = [part for document in filled(access, arn) for part in document["Statement"]]
    assert {part["Effect"] for part in found} <= {"Allow"}
    assert pairs(found) == pairs(statements(access, arn))


def test_no_name_has_what_stands_for_the_clusters_id() -> None:
    # Otherwise the id would be filled into a client's own names.
    assert not GROUP_NAME.fullmatch(_NO_UUID)
    assert not TOPIC_NAME.fullmatch(_NO_UUID)


@given(accesses, clusters)
def test_a_filled_template_is_a_policy_that_iam_takes(access: Access, arn: str) -> None:
    templates = policy_templates(access, *name_and_region(arn))
    for template in templates:
        text = with_cluster(template, arn)
        assert len(text) <= len(template) <= MAXIMUM_POLICY_SIZE
        sids = [part["Sid"] for part in json.loads(text)["Statement"]]
        assert len(sids) == len(set(sids))
        assert all(sid.isalnum() for sid in sids)
    assert bool(templates) is bool(access)


@given(accesses, clusters)
def test_every_action_of_a_template_sits_on_its_resource_type_in_this_cluster(access: Access, arn: str) -> None:
    head, _, tail = arn.partition(":cluster/")
    for action, resource in pairs(part for document in filled(access, arn) for part in document["Statement"]):
        type_ = ACTIONS[action.removeprefix("kafka-cluster:")].resource_type
        assert resource == arn if type_ == "cluster" else resource.startswith(f"{head}:{type_}/{tail}/")


@given(accesses, clusters, clusters)
def test_how_many_policies_there_are_is_known_before_the_cluster_is(access: Access, arn: str, other: str) -> None:
    # A cluster of the same name and region, with whatever account, partition and id AWS gives it.
    name, region = name_and_region(arn)
    elsewhere = other.replace(f":{other.split(':')[3]}:", f":{region}:").replace(f"/{name_and_region(other)[0]}/", f"/{name}/")
    assert len(filled(access, arn)) == len(filled(access, elsewhere))


MANY = names([f"orders.{number:04}.{'x' * 40}" for number in range(150)])


@pytest.mark.parametrize(
    "access", [Access(produce=MANY), Access(consume=MANY), Access(administer=MANY), Access(streams_topics=MANY)]
)
def test_many_topics_are_spread_over_policies_and_all_of_them_stay(access: Access) -> None:
    found = filled(access, CLUSTER)
    assert len(found) > 1
    named = {resource.rpartition("/")[2] for _, resource in pairs(part for item in found for part in item["Statement"])}
    assert set(MANY.exact) <= named


@pytest.mark.parametrize("widened", [Names(("*",)), Names(prefixes=("",))])
def test_a_name_that_stands_for_more_than_itself_comes_from_no_setting(widened: Names) -> None:
    """What keeps `*` out is the settings' own check of names: here such a name would be taken as it is."""
    from pydantic import ValidationError  # noqa: PLC0415 - of this test alone

    from domain.settings.clients import ClientAccess  # noqa: PLC0415 - of this test alone

    assert any(resource.endswith("/*") for _, resource in pairs(statements(Access(produce=widened), CLUSTER)))
    with pytest.raises(ValidationError):
        ClientAccess.model_validate(
            {"as": {"role": {"ec2": {}}}, "produce": {"topics": widened.exact, "prefixes": widened.prefixes}}
        )


@pytest.mark.parametrize("arn", ["", "arn:aws:s3:::bucket", f"{CLUSTER}/more", CLUSTER.replace("111122223333", "1")])
def test_a_template_is_filled_for_clusters_only(arn: str) -> None:
    (template,) = policy_templates(Access(produce=names(["a"])), "orders-prod", "eu-west-1")
    with pytest.raises(ValueError, match="not the ARN"):
        with_cluster(template, arn)
