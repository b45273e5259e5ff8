"""Whatever a program sends: a rule answers, and repeats no secret."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from msk_policies.registry import POLICIES
from support.pack import CLUSTER, UNKNOWN, StackResource, in_process, secret
from support.policy_cases import SOUND, SOUND_STACK, cases

if TYPE_CHECKING:
    from collections.abc import Iterator

PACK = in_process(POLICIES)
HIDDEN = "s3cr3t-0f-th3-t34m"


def _names(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)


def _paths(value: dict[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, inner in value.items():
        yield (*before, name)
        if isinstance(inner, dict):
            yield from _paths(inner, (*before, name))


NAMES = sorted(
    {
        name
        for case in cases()
        for properties in [case.properties, *(dict(resource.properties) for resource in case.stack)]
        for name in _names(properties)
        if not name.startswith("4dabf")
    }
)
WORDS = ["TLS", "DISABLED", "alias/aws/kafka", f"alias/aws/{HIDDEN}", "3.5.1", "", "express.m7g.large"]

scalars = (
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=5)
    | st.sampled_from(WORDS)
    | st.just(UNKNOWN)
    | st.just(secret(HIDDEN))
    | st.just(secret(UNKNOWN))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=4)
        | inner.map(secret)
    ),
    max_leaves=12,
)
SETTINGS = sorted({name for policy in POLICIES if policy.config_schema for name in policy.config_schema.properties})
REFERENCES = sorted({name for resource in SOUND_STACK for name in resource.refers})

types = st.sampled_from(sorted(SOUND))


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A sound resource in which something, somewhere, is something else."""
    resource_type = draw(types)
    properties = copy.deepcopy(SOUND[resource_type])
    paths = draw(st.sets(st.sampled_from(sorted(_paths(properties))), min_size=1, max_size=3))
    # The deepest first: a block that is something else has nothing inside to damage.
    for path in sorted(paths, key=len, reverse=True):
        block = properties
        for name in path[:-1]:
            block = block[name]
        block[path[-1]] = draw(values)
    return resource_type, properties


def _says_no_secret(resource_type: str, properties: dict[str, Any]) -> None:
    for verdict in PACK.judge(properties, resource_type):
        assert HIDDEN not in verdict.message
        assert verdict.message


@given(types, st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), values, max_size=6))
def test_any_properties_are_judged_and_no_secret_is_repeated(resource_type: str, properties: dict[str, Any]) -> None:
    _says_no_secret(resource_type, properties)


@given(damaged())
def test_any_damage_to_a_sound_resource_is_judged_and_no_secret_is_repeated(
    resource: tuple[str, dict[str, Any]],
) -> None:
    _says_no_secret(*resource)


@st.composite
def damaged_stacks(draw: st.DrawFn) -> list[StackResource]:
    """The sound stack in which some resources, somewhere, are something else, or refer to something else."""
    names = [resource.name for resource in SOUND_STACK]
    hurt = draw(st.sets(st.sampled_from(names), min_size=1, max_size=3))
    stack = []
    for resource in SOUND_STACK:
        if resource.name not in hurt:
            stack.append(resource)
            continue
        properties = copy.deepcopy(dict(resource.properties))
        for path in sorted(draw(st.sets(st.sampled_from(sorted(_paths(properties))), max_size=2)), key=len, reverse=True):
            block = properties
            for name in path[:-1]:
                block = block[name]
            block[path[-1]] = draw(values)
        refers = {**resource.refers, **draw(st.dictionaries(st.sampled_from(REFERENCES), st.lists(st.sampled_from(names))))}
        stack.append(replace(resource, properties=properties, refers=refers, protect=draw(st.booleans())))
    return stack


@given(damaged_stacks())
def test_any_damage_to_a_sound_stack_is_judged_and_no_secret_is_repeated(stack: list[StackResource]) -> None:
    for verdict in PACK.judge_stack(stack):
        assert HIDDEN not in verdict.message
        assert verdict.message


@given(st.dictionaries(st.sampled_from(SETTINGS), values))
def test_any_configuration_is_survived(config: dict[str, Any]) -> None:
    PACK.configure({policy.name: config for policy in POLICIES})
    PACK.judge(SOUND["aws:msk/cluster:Cluster"])
    PACK.judge_stack(SOUND_STACK)
    PACK.configure({})


@given(values)
def test_any_exemption_is_survived(exemption: Any) -> None:
    urn = f"urn:pulumi:test::project::{CLUSTER}::it"
    PACK.configure({policy.name: {"exemptions": {urn: exemption}} for policy in POLICIES})
    PACK.judge({}, CLUSTER)
    PACK.configure({})
