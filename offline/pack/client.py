"""Speaks the policy protocol with a running pack, as the engine does."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from offline.pack.config import ENFORCEMENT_LEVELS, PackConfigError, PolicyConfig, PolicySchema, reconcile
from offline.pack.config_file import ConfigFile, read_config_file
from offline.pack.judgement import SEVERITIES, Judgement, Policy, Remediation, Verdict
from offline.pack.process import PackError
from offline.pack.resources import analyze_request, analyze_stack_request, judged_resources
from offline.project import go_yaml
from offline.protocol import wire

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from offline.engine.run import Run
    from offline.pack.config import Mistake
    from offline.pack.judgement import Kind
    from offline.pack.process import PackProcess
    from offline.protocol.registration import Registration
    from offline.protocol.wire import Message

_Stub: TypeAlias = Any
"""The client of the protocol, which the generated code does not type."""

_MESSAGE_BYTES: Final = 400 * 1024 * 1024
"""The longest message that either side takes, as the engine sets it."""

# The protocol has no words for these: they are what this repository's pack begins its own with.
_EXEMPT: Final = re.compile(r"exempt until (?P<until>\d{4}-\d\d-\d\d) \((?P<reason>.*?)\): (?P<message>.*)", re.DOTALL)
_NOT_JUDGED: Final = "Not judged: "


class PackClient:
    """A connection to a running pack.

    Args:
        directory: The pack's directory.
        process: Its process; waited for here.
    """

    def __init__(self, directory: Path, process: PackProcess) -> None:
        self._directory = directory
        self._process = process
        options = [
            ("grpc.max_receive_message_length", _MESSAGE_BYTES),
            ("grpc.max_send_message_length", _MESSAGE_BYTES),
        ]
        self._channel = grpc.insecure_channel(f"127.0.0.1:{process.port()}", options=options)
        self._stub: _Stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)
        self._info = self._answer(lambda: self._stub.GetAnalyzerInfo(empty_pb2.Empty()))

    def close(self) -> None:
        """Ends the connection."""
        self._channel.close()

    def policies(self) -> tuple[Policy, ...]:
        """The pack's policies, at the levels they have where nothing is configured."""
        return tuple(_policy(policy, ENFORCEMENT_LEVELS[policy.enforcementLevel]) for policy in self._info.policies)

    def mistakes(self, config_file: str | os.PathLike[str]) -> tuple[Mistake, ...]:
        """What is wrong with a file that configures the pack; see `PolicyPack.mistakes`."""
        try:
            self._configuration(read_config_file(config_file))
        except PackConfigError as error:
            return error.mistakes
        return ()

    def judge(self, run: Run, config_file: str | os.PathLike[str] | None) -> Judgement:
        """Has the pack judge a run; see `PolicyPack.judge`."""
        config = self._configuration(read_config_file(config_file) if config_file else ConfigFile({}))
        self._configure(run, config)
        policies = tuple(_policy(policy, config[policy.name].enforcement) for policy in self._info.policies)
        resources = judged_resources(run)
        remediations: list[Remediation] = []
        if any(policy.enforcement == "remediate" for policy in policies):
            resources = [self._remediated(run, resource, remediations) for resource in resources]
        severities = {policy.name: policy.severity for policy in policies}
        verdicts: list[Verdict] = []
        # All at once: the pack works on one while the next is on its way.
        calls = [(resource.urn, self._stub.Analyze.future(analyze_request(run, resource))) for resource in resources]
        for urn, call in calls:
            verdicts += _verdicts(self._answer(call.result, urn), urn, severities)
        answer = self._answer(lambda: self._stub.AnalyzeStack(analyze_stack_request(run, resources)))
        known = {resource.urn for resource in resources}
        for verdict in _verdicts(answer, "", severities):
            verdicts.append(verdict if verdict.urn in known else replace(verdict, urn=""))
        return Judgement(
            self._info.name,
            self._version(),
            policies,
            tuple(verdicts),
            tuple(remediations),
        )

    def _answer(self, call: Callable[[], Message], urn: str = "") -> Message:
        try:
            return call()
        except grpc.RpcError as error:
            text = str(error.details()).removeprefix("Exception calling application: ")
            about = f" on {urn}" if urn else ""
            message = f"a policy of the pack in {self._directory.name} crashed{about}: {text}"
            raise PackError(message, self._process.errors()) from None

    def _version(self) -> str:
        text = (self._directory / "PulumiPolicy.yaml").read_text(encoding="utf-8")
        node = go_yaml.parse(text)
        version = node.get("version") if node else None
        return str(version.value()) if version else str(self._info.version)

    def _configuration(self, file: ConfigFile) -> dict[str, PolicyConfig]:
        """What the pack runs with: its own defaults, and over them what the stack's file gives."""
        initial = {
            # The protocol can't tell a level that is not given from advisory, and nor can the engine.
            name: PolicyConfig(ENFORCEMENT_LEVELS[config.enforcementLevel], wire.from_struct(config.properties))
            for name, config in self._info.initialConfig.items()
        }
        return reconcile([_schema(policy) for policy in self._info.policies], initial, file.given, file.mistakes)

    def _configure(self, run: Run, config: Mapping[str, PolicyConfig]) -> None:
        stack = analyzer_pb2.AnalyzerStackConfigureRequest(
            stack=run.stack,
            project=run.project,
            organization=run.organization,
            dry_run=run.dry_run,
            config=dict(run.config),
            config_secret_keys=run.secret_keys,
        )
        self._answer(lambda: self._stub.ConfigureStack(stack))
        request: Message = analyzer_pb2.ConfigureAnalyzerRequest()
        for name, policy in config.items():
            request.policyConfig[name].enforcementLevel = ENFORCEMENT_LEVELS.index(policy.enforcement)
            request.policyConfig[name].properties.CopyFrom(wire.to_struct(policy.properties))
        self._answer(lambda: self._stub.Configure(request))

    def _remediated(self, run: Run, resource: Registration, remediations: list[Remediation]) -> Registration:
        answer = self._answer(lambda: self._stub.Remediate(analyze_request(run, resource)), resource.urn)
        for remediation in answer.remediations:
            if remediation.diagnostic:
                continue
            inputs = wire.from_struct(remediation.properties)
            remediations.append(Remediation(remediation.policyName, resource.urn, inputs))
            # What the provider would have made of the new inputs: the same outputs, with these in their place.
            resource = replace(resource, inputs=inputs, outputs={**resource.outputs, **inputs})
        return resource


def _verdicts(answer: Message, urn: str, severities: Mapping[str, str]) -> list[Verdict]:
    verdicts = [_verdict(diagnostic, urn, severities) for diagnostic in answer.diagnostics]
    for note in answer.not_applicable:
        kind: Kind = "not_judged" if note.reason.startswith(_NOT_JUDGED) else "not_applicable"
        reason = note.reason.removeprefix(_NOT_JUDGED)
        verdicts.append(Verdict(note.policy_name, "advisory", severities.get(note.policy_name, ""), urn, reason, kind))
    return verdicts


def _verdict(diagnostic: Message, urn: str, severities: Mapping[str, str]) -> Verdict:
    level = ENFORCEMENT_LEVELS[diagnostic.enforcementLevel]
    kind: Kind = "violation"
    message, until, reason = diagnostic.message, "", ""
    if message.startswith(f"can't run policy '{diagnostic.policyName}'"):
        kind = "could_not_run"
    elif level == "advisory" and (own := message.removeprefix(diagnostic.description).lstrip()).startswith(_NOT_JUDGED):
        kind, message = "not_judged", own.removeprefix(_NOT_JUDGED)
    elif level == "advisory" and (exempt := _EXEMPT.match(message.removeprefix(diagnostic.description).lstrip())):
        kind, until, reason, message = "exempt", exempt["until"], exempt["reason"], exempt["message"]
    return Verdict(
        policy=diagnostic.policyName,
        enforcement="mandatory" if level == "remediate" else level,
        severity=SEVERITIES[diagnostic.severity] or severities.get(diagnostic.policyName, ""),
        # The engine shows a resource's verdict on that resource, whatever the policy says.
        urn=urn or diagnostic.urn,
        message=message,
        kind=kind,
        description=diagnostic.description,
        until=until,
        reason=reason,
    )


def _policy(policy: Message, enforcement: str) -> Policy:
    framework = policy.framework
    return Policy(
        policy.name,
        policy.description,
        enforcement,
        SEVERITIES[policy.severity],
        display_name=policy.displayName,
        remediation_steps=policy.remediation_steps,
        url=policy.url,
        tags=tuple(policy.tags),
        framework=f"{framework.name} {framework.version}: {framework.reference} {framework.specification}".strip()
        if framework.name
        else "",
        judges="stack" if policy.policy_type == analyzer_pb2.POLICY_TYPE_STACK else "resource",
        settings=wire.from_struct(policy.configSchema.properties) if policy.HasField("configSchema") else {},
    )


def _schema(policy: Message) -> PolicySchema:
    level = ENFORCEMENT_LEVELS[policy.enforcementLevel]
    if not policy.HasField("configSchema"):
        return PolicySchema(policy.name, level)
    properties = wire.from_struct(policy.configSchema.properties)
    return PolicySchema(policy.name, level, properties, tuple(policy.configSchema.required))
