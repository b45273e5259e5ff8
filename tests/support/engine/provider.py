"""A provider for the Pulumi engine that plays AWS, or the provider of random values, with a file for a cloud.

What a resource's outputs are it knows from `offline/`, as the offline preview does; what replaces a resource from
`replacements`; what AWS refuses from `refusals` and `cluster_operations`; what is to go wrong from the `faults` that a test set
in the cloud. Run as `python provider.py PACKAGE CLOUD_FILE`.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from offline.aws.double import AwsDouble
from offline.aws.types import OTHER, TYPES
from offline.protocol import wire
from offline.protocol.failures import ProgramFailed
from support.engine.cloud import Cloud
from support.engine.cluster_operations import update_cluster
from support.engine.plugin_process import serve
from support.engine.refusals import (
    CLUSTER,
    CONFIGURATION,
    SECRET,
    SERVERLESS,
    TOPIC,
    refusal_of_create,
    refusal_of_delete,
    refusal_of_topic_update,
)
from support.engine.replacements import differences, replacing

if TYPE_CHECKING:
    from support.engine.faults import Fault

# Requests and replies are the protocol's messages, which have no attributes that type checking could see.
Message = Any

_VPC = "aws:ec2/vpc:Vpc"
_FIXED_NAMES = {CLUSTER: "clusterName", SERVERLESS: "clusterName", "aws:cloudwatch/logGroup:LogGroup": "name", TOPIC: "name"}
"""Inputs that are a name nobody else may have: pulumi-aws deletes such a resource before it makes its replacement
(pulumi-terraform-bridge, pkg/tfbridge/schema.go, nameRequiresDeleteBeforeReplace)."""


_NO_ID = "none"
"""The id of every random password (terraform-provider-random, internal/provider/resource_password.go)."""


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
        urn = self._one_more(request.urn)
        if request.HasField("olds") and request.olds.fields:
            urn = request.urn
            _keep_name(wire.from_struct(request.olds), news, TYPES.get(request.type, OTHER).name_property)
        inputs = self._double.check(request.type, news, urn=urn, name=request.name, provider=self._config)
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

    def Create(self, request: Message, context: grpc.ServicerContext) -> Message:  # noqa: N802 - the protocol's name
        inputs = wire.from_struct(request.properties)
        if request.preview:
            outputs = self._double.preview(request.type, inputs, provider=self._config)
            return provider_pb2.CreateResponse(properties=wire.to_struct(outputs))
        fault = self._fault("create", request, context)
        wanted = wire.plain(inputs, redact=False)
        if refusal := refusal_of_create(request.type, wanted, self._cloud.resources(), self._cloud.recoverable()):
            context.abort(grpc.StatusCode.UNKNOWN, refusal)
        urn = self._one_more(request.urn)
        identifier, outputs = self._double.create(request.type, inputs, urn=urn, provider=self._config)
        place = urn if identifier == _NO_ID else identifier
        self._write("create", request, place, outputs, seed=urn)
        self._wait(fault, request.type, place, "CREATING")
        if fault and fault.fails:
            _abort_halfway(context, fault.message, identifier, outputs)
        return provider_pb2.CreateResponse(id=identifier, properties=wire.to_struct(outputs))

    def Update(self, request: Message, context: grpc.ServicerContext) -> Message:  # noqa: N802 - the protocol's name
        old, new = wire.from_struct(request.old_inputs), wire.from_struct(request.news)
        state = wire.from_struct(request.olds)
        _ignore(list(request.ignoreChanges), old, new)
        paths = differences(request.type, old, new)
        if request.preview:
            # What AWS computes stays as it was in the plan, but for what the provider knows will change
            # (internal/service/kafka/configuration.go, CustomizeDiff).
            revised = {"latestRevision": wire.UNKNOWN} if request.type == CONFIGURATION and "serverProperties" in paths else {}
            if request.type == _VPC and "assignGeneratedIpv6CidrBlock" in paths:
                # internal/service/ec2/vpc_.go, CustomizeDiff.
                revised = {"ipv6CidrBlock": wire.UNKNOWN}
            return provider_pb2.UpdateResponse(properties=wire.to_struct({**state, **new, **revised}))
        fault = self._fault("update", request, context)
        place = self._place(request)
        resource = self._cloud.resources().get(_key(request.type, place))
        if resource is None:
            context.abort(grpc.StatusCode.UNKNOWN, f"NotFoundException: There is no {request.id}.")
        there, refusal = resource["properties"], ""
        if request.type == CLUSTER:
            wanted = wire.plain(new, redact=False)
            reached, refusal = update_cluster(there, wanted, paths, resource.get("condition", {}))
            new = {key: reached[key] for key in {**old, **new} if key in reached}
        if request.type == TOPIC and (refused := refusal_of_topic_update(there, new)):
            context.abort(grpc.StatusCode.UNKNOWN, refused)
        outputs = {**state, **self._recomputed(request.type, old, new, resource.get("seed", request.urn)), **new}
        if request.type == CONFIGURATION and paths:
            outputs["latestRevision"] = int(there["latestRevision"]) + 1
        if request.type == CLUSTER and paths:
            outputs["currentVersion"] = f"{there['currentVersion']}2"
        self._write("update", request, place, outputs, changed=paths)
        self._wait(fault, request.type, place, "UPDATING")
        if failure := refusal or (fault.message if fault and fault.fails else ""):
            # As pulumi-aws: what an update has reached when it fails is in the state.
            _abort_halfway(context, failure, request.id, outputs)
        return provider_pb2.UpdateResponse(properties=wire.to_struct(outputs))

    def Read(self, request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        state, inputs = wire.from_struct(request.properties), wire.from_struct(request.inputs)
        there = self._cloud.resources().get(_key(request.type, self._place(request)))
        if there is None:
            return provider_pb2.ReadResponse()
        properties = there["properties"]
        if inputs:
            inputs = _refreshed(inputs, properties)
        else:
            # An import: the program has said nothing yet.
            computed = TYPES.get(request.type, OTHER).computed
            known = there.get("inputs") or [key for key in properties if key not in computed]
            inputs = {key: properties[key] for key in known if key in properties}
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=wire.to_struct(_as_secret_as(state, properties)),
            inputs=wire.to_struct(inputs),
        )

    def Delete(self, request: Message, context: grpc.ServicerContext) -> Message:  # noqa: N802 - the protocol's name
        fault = self._fault("delete", request, context)
        if refusal := refusal_of_delete(request.type, request.id, self._cloud.resources()):
            context.abort(grpc.StatusCode.UNKNOWN, refusal)
        place = self._place(request)
        with self._cloud.open() as content:
            gone = content["resources"].pop(_key(request.type, place), {})
            content.setdefault("spent", []).append(gone.get("seed", request.urn))
            if request.type == SECRET and gone:
                content.setdefault("recoverable", []).append(gone["properties"]["name"])
            content["calls"].append(_call("delete", request))
        self._wait(fault, request.type, place, "DELETING")
        if fault and fault.fails:
            context.abort(grpc.StatusCode.UNKNOWN, fault.message)
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

    def _place(self, request: Message) -> str:
        """What a resource is kept by in the cloud: its id, or for what has none of its own, what it follows from."""
        if request.id != _NO_ID:
            return str(request.id)
        # Of two, the older one: the engine deletes what it has replaced.
        there = (item for key, item in self._cloud.resources().items() if key.startswith(f"{request.type}|"))
        return next((str(row["seed"]) for row in there if row["urn"] == request.urn), _NO_ID)

    def _one_more(self, urn: str) -> str:
        """What the id and the automatic name of one more resource with this URN follow from: AWS gives no id twice."""
        there = {row.get("seed", urn) for row in self._cloud.resources().values() if row["urn"] == urn}
        taken = there | self._cloud.spent()
        return next(seed for count in range(len(taken) + 1) if (seed := f"{urn}#{count}" if count else urn) not in taken)

    def _recomputed(self, type_: str, old: dict[str, Any], new: dict[str, Any], seed: str) -> dict[str, Any]:
        """What AWS computes anew for other inputs; its id and what it has from its creation stay."""
        before, after = (self._double.create(type_, item, urn=seed, provider=self._config)[1] for item in (old, new))
        return {key: value for key, value in after.items() if before.get(key) != value}

    def _fault(self, call: str, request: Message, context: grpc.ServicerContext) -> Fault | None:
        """Lets a call go wrong before its effect; returns what is to go wrong after it."""
        fault = self._cloud.next_fault(call, request.type, request.name)
        if fault is None or fault.after:
            return fault
        time.sleep(fault.seconds)
        if fault.fails:
            context.abort(grpc.StatusCode.UNKNOWN, fault.message)
        return None

    def _wait(self, fault: Fault | None, type_: str, identifier: str, state: str) -> None:
        """Takes the time that a call is to take after its effect. Whoever looks meanwhile sees the state that it is in."""
        if fault is None or not fault.seconds:
            return
        key = _key(type_, identifier)
        for condition, seconds in (({"state": state}, fault.seconds), ({}, 0.0)):
            with self._cloud.open() as content:
                content["resources"].get(key, {})["condition"] = condition
            time.sleep(seconds)

    def _write(
        self,
        call: str,
        request: Message,
        identifier: str,
        outputs: dict[str, Any],
        *,
        seed: str = "",
        changed: list[str] | None = None,
    ) -> None:
        inputs = request.properties if call == "create" else request.news
        with self._cloud.open() as content:
            resources, key = content["resources"], _key(request.type, identifier)
            there = resources.get(key, {})
            resources[key] = {
                **there,
                "urn": request.urn,
                "seed": seed or there.get("seed", request.urn),
                "inputs": sorted(inputs.fields),
                "properties": wire.plain(outputs, redact=False),
            }
            # An update in which nothing differs is the engine's, for what was not ready: AWS hears nothing of it.
            if call == "create" or changed:
                content["calls"].append(_call(call, request, changed))


def _abort_halfway(context: grpc.ServicerContext, reason: str, identifier: str, outputs: dict[str, Any]) -> NoReturn:
    """Fails a call whose resource is there: the engine keeps it in the state, as one that is not ready."""
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason)
    status.details.add().Pack(
        provider_pb2.ErrorResourceInitFailed(id=identifier, properties=wire.to_struct(outputs), reasons=[reason])
    )
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, reason)


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


def _keep_name(old: dict[str, Any], new: dict[str, Any], property_: str) -> None:
    """An automatic name stays for as long as the resource does."""
    if property_ and property_ in old and property_ not in new and "namePrefix" not in new:
        new[property_] = old[property_]


def _as_secret_as(known: Any, value: Any) -> Any:
    """The value with the secret wrappers that the known one has: the cloud itself knows of no secrets."""
    if wire.is_secret(known):
        return wire.secret(value)
    if isinstance(known, dict) and isinstance(value, dict):
        return {key: _as_secret_as(known.get(key), inner) for key, inner in value.items()}
    return value


def _refreshed(inputs: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """The inputs with what the cloud has now, blocks and tags as a whole; what they say nothing of, the provider computes."""
    return {key: _as_secret_as(inner, properties[key]) if key in properties else inner for key, inner in inputs.items()}


if __name__ == "__main__":
    provider = Provider(sys.argv[1], Cloud(Path(sys.argv[2])))
    serve(lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server))
