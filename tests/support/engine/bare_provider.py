"""The provider double without an engine: a test asks it what the engine would ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from pulumi.runtime.proto import provider_pb2

from offline.protocol import wire
from support.engine.cloud import Cloud
from support.engine.provider import Provider

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import grpc


class RefusedError(Exception):
    """AWS said no. Its text is what reaches whoever deploys."""

    halfway = False
    """Whether the resource is there nevertheless, so that the engine keeps it."""


class _Context:
    def __init__(self) -> None:
        self._halfway = False

    def set_trailing_metadata(self, _metadata: object) -> None:
        self._halfway = True

    def abort(self, _code: grpc.StatusCode, details: str) -> NoReturn:
        error = RefusedError(details)
        error.halfway = self._halfway
        raise error


def _context() -> Any:
    return _Context()


class BareProvider:
    """A provider double for AWS with a cloud of its own.

    Args:
        directory: Where the cloud's file is to be.
    """

    def __init__(self, directory: Path) -> None:
        self.cloud = Cloud(directory / "aws.json")
        self._provider = Provider("aws", self.cloud)

    def create(self, type_: str, name: str, /, **inputs: Any) -> tuple[str, dict[str, Any]]:
        """Creates a resource from its wire inputs; returns its id and its outputs.

        Raises:
            RefusedError: AWS refuses.
        """
        urn = f"urn:pulumi:dev::double::{type_}::{name}"
        request = provider_pb2.CheckRequest(urn=urn, type=type_, name=name, news=wire.to_struct(inputs))
        checked = self._provider.Check(request, None).inputs
        call = provider_pb2.CreateRequest(urn=urn, type=type_, name=name, properties=checked)
        reply = self._provider.Create(call, _context())
        return reply.id, wire.from_struct(reply.properties)

    def update(self, type_: str, name: str, identifier: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
        """Updates a resource from its old and new wire inputs; returns its outputs.

        Raises:
            RefusedError: AWS refuses.
        """
        urn = f"urn:pulumi:dev::double::{type_}::{name}"
        there = self.cloud.resources()[f"{type_}|{identifier}"]["properties"]
        call = provider_pb2.UpdateRequest(
            id=identifier,
            urn=urn,
            type=type_,
            name=name,
            olds=wire.to_struct(there),
            old_inputs=wire.to_struct(old),
            news=wire.to_struct(new),
        )
        return wire.from_struct(self._provider.Update(call, _context()).properties)

    def delete(self, type_: str, name: str, identifier: str) -> None:
        """Deletes a resource.

        Raises:
            RefusedError: AWS refuses.
        """
        urn = f"urn:pulumi:dev::double::{type_}::{name}"
        self._provider.Delete(provider_pb2.DeleteRequest(id=identifier, urn=urn, type=type_, name=name), _context())
