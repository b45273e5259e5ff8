"""The resources of a stack, and which of them refers to which."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from pulumi_policy import PolicyResource

from msk_policies.kit.properties import elements, read_if_known
from msk_policies.kit.twins import as_judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

T = TypeVar("T")

_NAMES: Final = ("arn", "id", "name")
"""Properties by which other resources refer to one."""


class Stack:
    """The resources of a stack.

    A resource refers to another one where a property of it was made from the other's outputs, which the engine knows
    in a preview too, or where it holds the other's ARN, id or name.
    """

    def __init__(self, resources: Iterable[PolicyResource]) -> None:
        self.resources: list[PolicyResource] = []
        """All resources, twins as the types they are judged as."""
        self._by_type: dict[str, list[PolicyResource]] = defaultdict(list)
        for resource in resources:
            resource_type, props = as_judged(resource.resource_type, resource.props)
            judged = resource if props is resource.props else _twin(resource, resource_type, props)
            self.resources.append(judged)
            self._by_type[resource_type].append(judged)
        self._made: dict[object, object] = {}

    def of_type(self, *resource_types: str) -> Iterator[PolicyResource]:
        """The resources of these types, in the order of the types and of the program."""
        for resource_type in resource_types:
            yield from self._by_type.get(resource_type, ())

    def once(self, make: Callable[[Stack], T]) -> T:
        """What a function makes of the stack, made once: a look at all resources for each of them would take too long."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    def referred(self, resource: PolicyResource, path: str, *resource_types: str) -> Sequence[PolicyResource]:
        """The resources of these types that a property of `resource` refers to.

        Args:
            resource: Who refers.
            path: The dotted path of the property. The engine knows dependencies of whole top-level properties only, so
                those of a value that is unknown are the dependencies of the property around it.
            resource_types: The types of those referred to.
        """
        wanted = references(resource, path)
        return _each_once(
            other for resource_type in resource_types for name in wanted for other in self._named(resource_type).get(name, ())
        )

    def referring(self, resource: PolicyResource, path: str, *resource_types: str) -> Sequence[PolicyResource]:
        """The resources of these types whose property at `path` refers to `resource`."""
        return _each_once(
            other
            for resource_type in resource_types
            for name in names(resource)
            for other in self._referring(resource_type, path).get(name, ())
        )

    def _named(self, resource_type: str) -> Mapping[str, Sequence[PolicyResource]]:
        """The resources of a type by everything by which others refer to them."""
        return self._index(("named", resource_type), resource_type, names)

    def _referring(self, resource_type: str, path: str) -> Mapping[str, Sequence[PolicyResource]]:
        """The resources of a type by everything to which their property at a path refers."""
        return self._index(("referring", resource_type, path), resource_type, lambda resource: references(resource, path))

    def _index(
        self, key: object, resource_type: str, names_of: Callable[[PolicyResource], Iterable[str]]
    ) -> Mapping[str, Sequence[PolicyResource]]:
        if key not in self._made:
            index: dict[str, list[PolicyResource]] = defaultdict(list)
            for resource in self.of_type(resource_type):
                for name in names_of(resource):
                    index[name].append(resource)
            self._made[key] = index
        return cast("Mapping[str, Sequence[PolicyResource]]", self._made[key])


def names(resource: PolicyResource) -> list[str]:
    """A resource's URN, and what others may hold to refer to it."""
    return [resource.urn, *_texts([read_if_known(resource.props, name) for name in _NAMES])]


def references(resource: PolicyResource, path: str) -> list[str]:
    """The URNs of what a property was made from, and the texts it holds."""
    dependencies = resource.property_dependencies.get(path.partition(".")[0], ())
    return [*(dependency.urn for dependency in dependencies), *_texts(read_if_known(resource.props, path))]


def _each_once(resources: Iterable[PolicyResource]) -> list[PolicyResource]:
    return list({resource.urn: resource for resource in resources}.values())


def _texts(value: object) -> Iterator[str]:
    """A text, or the known texts of a list; empty ones left out."""
    values = [value] if isinstance(value, str) else elements(value)
    yield from (text for text in values if isinstance(text, str) and text)


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
