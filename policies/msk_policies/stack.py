"""The resources of a stack, and which of them refers to which."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from pulumi_policy import PolicyResource

from msk_policies.properties import elements, read_if_known
from msk_policies.twins import as_judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_NAMES: Final = ("arn", "id")
"""Properties by which other resources refer to one."""


class Stack:
    """The resources of a stack.

    A resource refers to another one where a property of it was made from the other's outputs, which the engine knows
    in a preview too, or where it holds the other's ARN or id.
    """

    def __init__(self, resources: Iterable[PolicyResource]) -> None:
        self._by_type: dict[str, list[PolicyResource]] = defaultdict(list)
        for resource in resources:
            resource_type, props = as_judged(resource.resource_type, resource.props)
            self._by_type[resource_type].append(resource if props is resource.props else _twin(resource, resource_type, props))

    def of_type(self, *resource_types: str) -> Iterator[PolicyResource]:
        """The resources of these types, in the order of the types and of the program."""
        for resource_type in resource_types:
            yield from self._by_type.get(resource_type, ())

    def used_by_others(self, resource: PolicyResource, but: Iterable[str]) -> bool:
        """Whether anything was made from a resource, resources of the types `but` left aside."""
        left_aside = set(but)
        return any(
            resource.urn in {dependency.urn for dependency in other.dependencies}
            or any(resource.urn == one.urn for ones in other.property_dependencies.values() for one in ones)
            for resource_type, others in self._by_type.items()
            if resource_type not in left_aside
            for other in others
        )

    def referred(self, resource: PolicyResource, path: str, *resource_types: str) -> Sequence[PolicyResource]:
        """The resources of these types that a property of `resource` refers to.

        Args:
            resource: Who refers.
            path: The dotted path of the property. The engine knows dependencies of whole top-level properties only, so
                those of a value that is unknown are the dependencies of the property around it.
            resource_types: The types of those referred to.
        """
        return [other for other in self.of_type(*resource_types) if refers(resource, path, other)]

    def referring(self, resource: PolicyResource, path: str, *resource_types: str) -> Sequence[PolicyResource]:
        """The resources of these types whose property at `path` refers to `resource`."""
        return [other for other in self.of_type(*resource_types) if refers(other, path, resource)]


def refers(resource: PolicyResource, path: str, other: PolicyResource) -> bool:
    """Whether the property of `resource` at `path` was made from `other`, or holds its ARN or id."""
    dependencies = resource.property_dependencies.get(path.partition(".")[0], ())
    if any(dependency.urn == other.urn for dependency in dependencies):
        return True
    names = set(_texts([read_if_known(other.props, name) for name in _NAMES])) - {""}
    return not names.isdisjoint(_texts(read_if_known(resource.props, path)))


def _texts(value: object) -> Iterator[str]:
    """A text, or the known texts of a list."""
    if isinstance(value, str):
        yield value
    else:
        yield from (one for one in elements(value) if isinstance(one, str))


def _twin(resource: PolicyResource, resource_type: str, props: Mapping[str, Any]) -> PolicyResource:
    return PolicyResource(
        resource_type,
        props,
        resource.urn,
        resource.name,
        resource.opts,
        resource.provider,
        resource.parent,
        resource.dependencies,
        resource.property_dependencies,
    )
