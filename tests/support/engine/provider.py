"""A provider for the Pulumi engine that plays AWS, or the provider of random values, with a file for a cloud.

What a resource's outputs are it knows from `offline/`, as the offline preview does; what replaces a resource from
`replacements`. Run as `python provider.py PACKAGE CLOUD_FILE`.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from offline import wire
from offline.aws_double import AwsDouble
from offline.failures import ProgramFailed
from support.engine.cloud import Cloud
from support.engine.plugin_process import serve
from support.engine.refusals import refusal_of_delete, refusal_of_update
from support.engine.replacements import differences, replacing

# Requests and replies are the protocol's messages, which have no attributes that type checking could see.
Message = Any

_CONFIGURATION = "aws:msk/configuration:Configuration"
_CLUSTER = "aws:msk/cluster:Cluster"
_FIXED_NAMES = {_CLUSTER: "clusterName", "aws:cloudwatch/logGroup:LogGroup": "name"}
"""Inputs that are a name nobody else may have: pulumi-aws deletes such a resource before it makes its replacement."""


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self, package: str, cloud: Cloud) -> None:
        self._package = package
        self._cloud = cloud
        self._double = AwsDouble()
        self._config: dict[str, Any] = {}

    # --- The provider itself ----------------------------------------------------------------------------------

    def Handshake(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True)

    def GetPluginInfo(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return plugin_pb2.PluginInfo(version=version(f"pulumi-{self._package}"))

    def GetSchema(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return provider_pb2.GetSchemaResponse(schema="{}")

    def CheckConfig(self, request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        for key, value in wire.from_struct(request.args).items():
            text = wire.reveal(value)
            # What is not a text is JSON in a text.
            self._config[key] = json.loads(text) if isinstance(text, str) and text[:1] in ("{", "[") else text
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=True)

    def Cancel(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return empty_pb2.Empty()

    # --- Resources --------------------------------------------------------------------------------------------

    def Check(self, request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        news = wire.from_struct(request.news)
        inputs = self._double.check(request.type, news, urn=request.urn, name=request.name, provider=self._config)
        return provider_pb2.CheckResponse(inputs=wire.to_struct(inputs))

    def Diff(self, request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        old, new = wire.from_struct(request.old_inputs), wire.from_struct(request.news)
        _ignore(list(request.ignoreChanges), old, new)
        paths = differences(request.type, old, new)
        replaces = replacing(request.type, paths, old, new)
        reply = provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if paths else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=sorted({path.split(".")[0] for path in paths}),
            replaces=sorted({path.split(".")[0] for path in replaces}),
            deleteBeforeReplace=bool(replaces) and request.type in _FIXED_NAMES,
            hasDetailedDiff=True,
        )
        for path in paths:
            kind = provider_pb2.PropertyDiff.UPDATE_REPLACE if path in replaces else provider_pb2.PropertyDiff.UPDATE
            reply.detailedDiff[path].kind = kind
            reply.detailedDiff[path].inputDiff = True
        return reply

    def Create(self, request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        inputs = wire.from_struct(request.properties)
        if request.preview:
            outputs = self._double.preview(request.type, inputs, provider=self._config)
            return provider_pb2.CreateResponse(properties=wire.to_struct(outputs))
        identifier, outputs = self._double.create(request.type, inputs, urn=request.urn, provider=self._config)
        self._write("create", request, identifier, outputs)
        return provider_pb2.CreateResponse(id=identifier, properties=wire.to_struct(outputs))

    def Update(self, request: Message, context: grpc.ServicerContext) -> Message:  # noqa: N802 - the protocol's name
        old, new = wire.from_struct(request.old_inputs), wire.from_struct(request.news)
        state = wire.from_struct(request.olds)
        _ignore(list(request.ignoreChanges), old, new)
        paths = differences(request.type, old, new)
        if request.preview:
            # What AWS computes stays as it was in the plan, but for what the provider knows will change
            # (internal/service/kafka/configuration.go, CustomizeDiff).
            revised = {"latestRevision": wire.UNKNOWN} if request.type == _CONFIGURATION and "serverProperties" in paths else {}
            return provider_pb2.UpdateResponse(properties=wire.to_struct({**state, **new, **revised}))
        with self._cloud.open() as content:
            there = content["resources"].get(_key(request.type, request.id), {}).get("properties", {})
        if refusal := refusal_of_update(request.type, there, wire.plain(new, redact=False)):
            context.abort(grpc.StatusCode.UNKNOWN, refusal)
        _, computed = self._double.create(request.type, new, urn=request.urn, provider=self._config)
        outputs = {**state, **computed}
        if request.type == _CONFIGURATION:
            outputs["latestRevision"] = int(there["latestRevision"]) + 1
        if request.type == _CLUSTER:
            outputs["currentVersion"] = f"{there['currentVersion']}2"
        self._write("update", request, request.id, outputs, changed=paths)
        return provider_pb2.UpdateResponse(properties=wire.to_struct(outputs))

    def Read(self, request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        state, inputs = wire.from_struct(request.properties), wire.from_struct(request.inputs)
        there = self._cloud.resources().get(_key(request.type, request.id))
        if there is None:
            return provider_pb2.ReadResponse()
        properties = there["properties"]
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=wire.to_struct(_as_secret_as(state, properties)),
            inputs=wire.to_struct(_refreshed(inputs, properties)),
        )

    def Delete(self, request: Message, context: grpc.ServicerContext) -> Message:  # noqa: N802 - the protocol's name
        if refusal := refusal_of_delete(request.type, request.id, self._cloud.resources()):
            context.abort(grpc.StatusCode.UNKNOWN, refusal)
        with self._cloud.open() as content:
            content["resources"].pop(_key(request.type, request.id), None)
            content["calls"].append(_call("delete", request))
        return empty_pb2.Empty()

    def Invoke(self, request: Message, context: grpc.ServicerContext) -> Message:  # noqa: N802 - the protocol's name
        arguments = wire.plain(wire.from_struct(request.args), redact=False)
        try:
            answer = self._double.invoke(request.tok, arguments, provider=self._config)
        except ProgramFailed as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        reply = provider_pb2.InvokeResponse()
        getattr(reply, "return").CopyFrom(wire.to_struct(answer))
        return reply

    def _write(
        self, call: str, request: Message, identifier: str, outputs: dict[str, Any], changed: list[str] | None = None
    ) -> None:
        properties = wire.plain(outputs, redact=False)
        with self._cloud.open() as content:
            content["resources"][_key(request.type, identifier)] = {"urn": request.urn, "properties": properties}
            content["calls"].append(_call(call, request, changed))


def _key(type_: str, identifier: str) -> str:
    return f"{type_}|{identifier}"


def _call(call: str, request: Message, changed: list[str] | None = None) -> dict[str, Any]:
    return {"call": call, "type": request.type, "name": request.name, "changed": changed or []}


def _ignore(paths: list[str], old: dict[str, Any], new: dict[str, Any]) -> None:
    """Gives the new inputs the old values at the paths, where both have the blocks that lead there."""
    for path in paths:
        *blocks, last = path.split(".")
        before: Any = old
        after: Any = new
        for block in blocks:
            before = before.get(block) if isinstance(before, dict) else None
            after = after.get(block) if isinstance(after, dict) else None
        if isinstance(before, dict) and isinstance(after, dict) and last in before:
            after[last] = before[last]


def _as_secret_as(known: Any, value: Any) -> Any:
    """The value with the secret wrappers that the known one has: the cloud itself knows of no secrets."""
    if wire.is_secret(known):
        return wire.secret(value)
    if isinstance(known, dict) and isinstance(value, dict):
        return {key: _as_secret_as(known.get(key), inner) for key, inner in value.items()}
    return value


def _refreshed(inputs: Any, properties: Any) -> Any:
    """The inputs with what the cloud has now: as pulumi-aws, only where the inputs say something."""
    if wire.is_secret(inputs):
        return wire.secret(_refreshed(inputs["value"], properties))
    if isinstance(inputs, dict) and isinstance(properties, dict):
        return {key: _refreshed(inner, properties[key]) if key in properties else inner for key, inner in inputs.items()}
    return properties


if __name__ == "__main__":
    provider = Provider(sys.argv[1], Cloud(Path(sys.argv[2])))
    serve(lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server))
