"""The policy pack as the engine meets it: the SDK's own servicer in this process, or a process of its own.

Cases hand over plain JSON-like properties. `UNKNOWN` stands for what is known only in deployment, `secret(x)`
for a secret; both travel as the engine sends them, so that rules see what they see in a real run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol
from unittest.mock import patch

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto import analyzer_pb2_grpc
from pulumi_policy import policy as sdk
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.policy import EnforcementLevel, _PolicyAnalyzerServicer
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pulumi_policy import Policy

PACK = Path(__file__).parents[2] / "policies"
UNKNOWN = UNKNOWN_STRING_VALUE
CLUSTER = "aws:msk/cluster:Cluster"
SERVERLESS_CLUSTER = "aws:msk/serverlessCluster:ServerlessCluster"

_LEVELS = {
    proto.ADVISORY: "advisory",
    proto.MANDATORY: "mandatory",
    proto.REMEDIATE: "remediate",
    proto.DISABLED: "disabled",
}


def secret(value: object) -> dict[str, object]:
    """A value marked as a secret."""
    return {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": value}


@dataclass(frozen=True)
class Verdict:
    """One thing a policy said about a resource."""

    policy: str
    level: str
    """`mandatory`, `advisory`, or `not applicable`."""
    message: str
    """The rule's own sentence, without the description that the SDK puts before it."""
    on: str = ""
    """The name of the resource it is about, where a whole stack was judged."""


@dataclass(frozen=True)
class StackResource:
    """A resource of a stack, as the engine hands it to rules about stacks."""

    name: str
    type: str
    properties: Mapping[str, Any]
    """What it became, computed properties included."""
    refers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By property, the names of the resources that its value was made from."""
    protect: bool = False
    ignore_changes: Sequence[str] = ()

    @property
    def urn(self) -> str:
        """The resource's URN."""
        return f"urn:pulumi:test::project::{self.type}::{self.name}"


class Servicer(Protocol):
    """The calls of the analyzer protocol that tests use."""

    def get_info(self) -> proto.AnalyzerInfo:
        """Name, policies and their schemas."""

    def configure(self, request: proto.ConfigureAnalyzerRequest) -> None:
        """Levels and settings."""

    def analyze(self, request: proto.AnalyzeRequest) -> proto.AnalyzeResponse:
        """One resource."""

    def remediate(self, request: proto.AnalyzeRequest) -> proto.RemediateResponse:
        """One resource, before it is analyzed."""

    def analyze_stack(self, request: proto.AnalyzeStackRequest) -> proto.AnalyzeResponse:
        """All resources together."""


class Pack:
    """A policy pack that can be asked for verdicts."""

    def __init__(self, servicer: Servicer) -> None:
        self._servicer = servicer
        self.info = servicer.get_info()

    def configure(self, settings: Mapping[str, Mapping[str, Any] | str]) -> None:
        """Settings by policy, as a stack's configuration file has them.

        A policy keeps its own level unless one is given. All that was configured before is replaced, as the
        protocol has it.
        """
        request = proto.ConfigureAnalyzerRequest()
        levels = {text: number for number, text in _LEVELS.items()}
        for policy in self.info.policies:
            given = settings.get(policy.name, {})
            given = {"enforcementLevel": given} if isinstance(given, str) else dict(given)
            level = given.pop("enforcementLevel", None)
            # Zero means advisory: a level that is left out would disarm the policy.
            config = request.policyConfig[policy.name]
            config.enforcementLevel = levels[str(level)] if level else policy.enforcementLevel
            defaults = {
                name: schema["default"]
                for name, schema in json_format.MessageToDict(policy.configSchema.properties).items()
                if "default" in schema
            }
            config.properties.update({**defaults, **given})
        unheard = set(settings) - {policy.name for policy in self.info.policies}
        assert not unheard, f"no such policy: {unheard}"
        self._servicer.configure(request)

    def judge(self, properties: Mapping[str, Any], resource_type: str = CLUSTER, name: str = "it") -> list[Verdict]:
        """What the pack says about one resource, in the order in which it says it."""
        request = proto.AnalyzeRequest(type=resource_type, name=name, urn=f"urn:pulumi:test::project::{resource_type}::{name}")
        request.properties.update(dict(properties))
        assert not self._servicer.remediate(request).remediations
        response = self._servicer.analyze(request)
        return [
            Verdict(
                found.policyName,
                _LEVELS[found.enforcementLevel],
                found.message.removeprefix(found.description).lstrip(),
            )
            for found in response.diagnostics
        ] + [Verdict(none.policy_name, "not applicable", none.reason) for none in response.not_applicable]

    def judge_stack(self, resources: Iterable[StackResource]) -> list[Verdict]:
        """What the rules about whole stacks say, in the order in which they say it."""
        by_name = {resource.name: resource for resource in resources}
        request = proto.AnalyzeStackRequest()
        for resource in by_name.values():
            sent = request.resources.add(type=resource.type, name=resource.name, urn=resource.urn)
            sent.properties.update(dict(resource.properties))
            sent.options.protect = resource.protect
            sent.options.ignoreChanges.extend(resource.ignore_changes)
            for key, names in resource.refers.items():
                sent.propertyDependencies[key].urns.extend(by_name[name].urn for name in names if name in by_name)
        response = self._servicer.analyze_stack(request)
        return [
            Verdict(
                found.policyName,
                _LEVELS[found.enforcementLevel],
                found.message.removeprefix(found.description).lstrip(),
                found.urn.rpartition("::")[2],
            )
            for found in response.diagnostics
        ] + [Verdict(none.policy_name, "not applicable", none.reason) for none in response.not_applicable]

    def remedied(self, properties: Mapping[str, Any], resource_type: str = CLUSTER) -> list[tuple[str, dict[str, Any]]]:
        """By rule, what the pack made of a resource before judging it."""
        request = proto.AnalyzeRequest(type=resource_type, name="it", urn=f"urn:pulumi:test::project::{resource_type}::it")
        request.properties.update(dict(properties))
        done = self._servicer.remediate(request).remediations
        return [(value.policyName, json_format.MessageToDict(value.properties)) for value in done if not value.diagnostic]


class _InProcess:
    def __init__(self, policies: Sequence[Policy]) -> None:
        # The SDK's servicer has no types.
        self._servicer: Any = _PolicyAnalyzerServicer("msk-policies", "0.0.1", list(policies), EnforcementLevel.ADVISORY)

    def get_info(self) -> proto.AnalyzerInfo:
        info: proto.AnalyzerInfo = self._servicer.GetAnalyzerInfo(empty_pb2.Empty(), None)
        return info

    def configure(self, request: proto.ConfigureAnalyzerRequest) -> None:
        self._servicer.Configure(request, None)

    def analyze(self, request: proto.AnalyzeRequest) -> proto.AnalyzeResponse:
        response: proto.AnalyzeResponse = self._servicer.Analyze(request, None)
        return response

    def remediate(self, request: proto.AnalyzeRequest) -> proto.RemediateResponse:
        response: proto.RemediateResponse = self._servicer.Remediate(request, None)
        return response

    def analyze_stack(self, request: proto.AnalyzeStackRequest) -> proto.AnalyzeResponse:
        with _read_once(request):
            response: proto.AnalyzeResponse = self._servicer.AnalyzeStack(request, None)
        return response


@contextmanager
def _read_once(request: proto.AnalyzeStackRequest) -> Iterator[None]:
    """Has the SDK read each resource of a stack once: by itself it reads all of them anew for each rule, most of its time.

    Rules only look at what they get, so they may share it.
    """
    # Kept while the stack is judged: that is what makes an id the name of one message.
    kept = [resource.properties for resource in request.resources]
    read = {id(properties): _read(properties.SerializeToString(deterministic=True)) for properties in kept}
    with (
        patch.object(sdk, "json_format", SimpleNamespace(MessageToDict=lambda properties: read[id(properties)])),
        patch.object(sdk, "deserialize_properties", lambda properties: properties),
        patch.object(sdk, "unknown_checking_proxy", lambda properties: properties),
    ):
        yield


@lru_cache(maxsize=4096)
def _read(properties: bytes) -> Mapping[str, Any]:
    """What rules get of a resource's properties, from their bytes on the wire."""
    struct = struct_pb2.Struct.FromString(properties)
    checked: Mapping[str, Any] = unknown_checking_proxy(deserialize_properties(json_format.MessageToDict(struct)))
    return checked


class _OverGrpc:
    def __init__(self, channel: grpc.Channel) -> None:
        make_stub: Any = analyzer_pb2_grpc.AnalyzerStub  # generated without types
        self._stub = make_stub(channel)

    def get_info(self) -> proto.AnalyzerInfo:
        info: proto.AnalyzerInfo = self._stub.GetAnalyzerInfo(empty_pb2.Empty())
        return info

    def configure(self, request: proto.ConfigureAnalyzerRequest) -> None:
        self._stub.Configure(request)

    def analyze(self, request: proto.AnalyzeRequest) -> proto.AnalyzeResponse:
        response: proto.AnalyzeResponse = self._stub.Analyze(request)
        return response

    def remediate(self, request: proto.AnalyzeRequest) -> proto.RemediateResponse:
        response: proto.RemediateResponse = self._stub.Remediate(request)
        return response

    def analyze_stack(self, request: proto.AnalyzeStackRequest) -> proto.AnalyzeResponse:
        response: proto.AnalyzeResponse = self._stub.AnalyzeStack(request)
        return response


def in_process(policies: Sequence[Policy]) -> Pack:
    """The policies behind the SDK's own servicer: real semantics, microseconds a case."""
    return Pack(_InProcess(policies))


@contextmanager
def in_its_own_process(
    directory: Path = PACK, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[Pack, subprocess.Popen[bytes]]]:
    """The pack in `directory`, booted as the engine boots it, over gRPC; it is stopped at the end.

    The process sees `environment` beside what an interpreter needs, and nothing else: no PYTHONPATH, no AWS
    variables.
    """
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "SYSTEMROOT") if key in os.environ}
    # -B: a pack that is only read from leaves no bytecode in the folder under test.
    command = [sys.executable, "-B", "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(directory)]
    process = subprocess.Popen(
        command,
        cwd=directory,
        env={**kept, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        port = process.stdout.readline().strip()
        assert port.isdigit(), process.stderr.read().decode()
        with grpc.insecure_channel(f"127.0.0.1:{int(port)}") as channel:
            yield Pack(_OverGrpc(channel)), process
    finally:
        process.terminate()
        process.communicate()
