"""The engine's two services, as far as a program sees them: registers resources, answers functions, runs hooks.

A preview behaves as `pulumi preview` of a stack that does not exist yet: every resource is to be created, ids and what
AWS computes are unknown. An update (`dry_run=False`) creates everything in the AWS double, so that everything is known.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final, NoReturn

from google.protobuf import empty_pb2
from pulumi.runtime.proto import resource_pb2

from offline.engine import sdk
from offline.protocol import wire
from offline.protocol.failures import (
    Diagnostic,
    DuplicateUrn,
    FunctionFailed,
    HookRefused,
    NotOffline,
    ProgramFailed,
)
from offline.protocol.registration import STACK_TYPE, Registration, hooks_of, options_of, urn_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from offline.aws.double import AwsDouble
    from offline.protocol.wire import Message

_PROVIDER_TYPE: Final = "pulumi:providers:"


def _uuid(text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def _settled(value: wire.Value) -> wire.Value:
    """A provider's configuration value: the SDK sends what is not a string as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return parsed if isinstance(parsed, (dict, list, bool)) else value


def _refuse(feature: str) -> NoReturn:
    raise NotOffline(feature)


class OfflineEngine:
    """Plays the engine's two services for one run of a program.

    Args:
        stack: The stack's name.
        project: The project's name.
        dry_run: Whether this is a preview.
        double: Plays the providers.
        config: The merged configuration; its `aws:` keys configure the default AWS provider.
        hooks_stop: Whether a hook that refuses ends the run, as it does in `pulumi up`; else `refused` keeps what it says.
    """

    def __init__(
        self, *, stack: str, project: str, dry_run: bool, double: AwsDouble, config: Mapping[str, str], hooks_stop: bool = True
    ) -> None:
        self.stack = stack
        self.project = project
        self.dry_run = dry_run
        self.double = double
        self.config = config
        self.resources: dict[str, Registration] = {}
        self.diagnostics: list[Diagnostic] = []
        self.refused: list[HookRefused] = []
        """Refusals that did not end the run."""
        self.failure: ProgramFailed | None = None
        """What went wrong first, if anything: the SDK's own reports of it lose the class."""
        self.callbacks = sdk.Callbacks(self)
        self._hooks_stop = hooks_stop
        self._hooks: dict[str, Message] = {}
        self._default_providers: dict[str, dict[str, wire.Value]] = {}

    # What the SDK asks; `sdk.Engine` says what each means.

    def supports_feature(self, request: Message) -> Message:
        """Says whether the engine has a feature that older SDKs ask for by name."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=sdk.supports(request.id))

    def deployment_info(self, request: Message) -> Message:  # noqa: ARG002 - the protocol's signature
        """Lists the features that the engine has."""
        return resource_pb2.DeploymentInfo(supportedFeatures=sdk.supported_features())

    def wait_for_shutdown(self, request: Message) -> Message:  # noqa: ARG002 - the protocol's signature
        """Answers at once: nothing runs on after the program has ended."""
        return empty_pb2.Empty()

    def register_resource(self, request: Message) -> Message:
        """Registers a resource; the answer is awaitable where hooks run."""
        return self._guarded(self._register, request)

    def register_outputs(self, request: Message) -> Message:
        """Takes a component's outputs, or the stack's exports; the answer is awaitable where hooks run."""
        return self._guarded(self._register_outputs, request)

    def read_resource(self, request: Message) -> Message:
        """Reads an existing resource, as `Vpc.get` does."""
        return self._guarded(self._read, request)

    def invoke(self, request: Message) -> Message:
        """Answers a provider function."""
        return self._guarded(self._invoke, request)

    def call(self, request: Message) -> Message:
        """Refuses: only providers written with Pulumi's SDKs have methods."""
        return self._guarded(_refuse, f"resource methods ({request.tok})")

    def register_hook(self, request: Message) -> Message:
        """Takes a resource hook."""
        return self._guarded(self._register_hook, request)

    def register_error_hook(self, request: Message) -> Message:  # noqa: ARG002 - the protocol's signature
        """Takes an error hook, which never runs: nothing fails in the AWS double."""
        return empty_pb2.Empty()

    def register_transform(self, request: Message) -> Message:  # noqa: ARG002 - the protocol's signature
        """Refuses."""
        return self._guarded(_refuse, "resource transforms")

    def register_invoke_transform(self, request: Message) -> Message:  # noqa: ARG002 - the protocol's signature
        """Refuses."""
        return self._guarded(_refuse, "invoke transforms")

    def register_package(self, request: Message) -> Message:
        """Refuses."""
        return self._guarded(_refuse, f"parameterized providers ({request.name})")

    def exists_resource(self, request: Message) -> Message:
        """Refuses: whether something exists in an account is what no account can't tell."""
        return self._guarded(_refuse, f"asking whether a resource exists ({request.type})")

    def log(self, request: Message) -> Message:
        """Takes a log message of the program."""
        severity = sdk.SEVERITIES[request.severity]
        if severity != "debug":
            self.diagnostics.append(Diagnostic(severity, request.message, request.urn))
        return empty_pb2.Empty()

    def require_version(self, request: Message) -> Message:  # noqa: ARG002 - the protocol's signature
        """Agrees to any version: there is no CLI whose version could be wrong."""
        return empty_pb2.Empty()

    # What they do.

    def _guarded(self, action: Callable[[Message], Message], request: Message) -> Message:
        try:
            return action(request)
        except ProgramFailed as failure:
            self.failure = self.failure or failure
            raise

    def _register_hook(self, request: Message) -> Message:
        if request.name in self._hooks:
            message = f'resource hook already registered for name "{request.name}"'
            raise ProgramFailed(message)
        self._hooks[request.name] = request
        return empty_pb2.Empty()

    def _begin(self, request: Message, *, custom: bool, inputs: dict[str, wire.Value]) -> Registration:
        parent = "" if request.type == STACK_TYPE else request.parent
        urn = urn_of(self.stack, self.project, parent, request.type, request.name)
        if urn in self.resources:
            raise DuplicateUrn(urn)
        resource = Registration(
            urn=urn,
            type=request.type,
            name=request.name,
            custom=custom,
            parent=parent,
            inputs=inputs,
            options={},
            position=sdk.position(),
        )
        self.resources[urn] = resource
        return resource

    def _register(self, request: Message) -> Message:
        if request.remote:
            _refuse(f"components of other languages ({request.type})")
        if request.transforms:
            _refuse("resource transforms")
        inputs = wire.without_outputs(wire.from_struct(request.object))
        resource = self._begin(request, custom=request.custom, inputs=inputs)
        resource.options = options_of(request)
        resource.hooks = hooks_of(request)
        if resource.custom and not resource.type.startswith(_PROVIDER_TYPE):
            provider = self.provider_config(resource)
            resource.inputs = self.double.check(resource.type, inputs, urn=resource.urn, name=resource.name, provider=provider)
        hooked = self._runs("before_create", resource) or (resource.custom and self._runs("after_create", resource))
        # What is imported is not created: the real engine (3.259) asks no hook about it.
        if hooked and not request.importId:
            return self._create_with_hooks(resource, request)
        self._create(resource, request)
        return self._response(resource)

    async def _create_with_hooks(self, resource: Registration, request: Message) -> Message:
        await self._run_hooks("before_create", resource)
        self._create(resource, request)
        if resource.custom:
            await self._run_hooks("after_create", resource)
        return self._response(resource)

    def _create(self, resource: Registration, request: Message) -> None:
        if not resource.custom:
            return
        if resource.type.startswith(_PROVIDER_TYPE):
            resource.outputs = dict(resource.inputs)
            resource.id = "" if self.dry_run else _uuid(resource.urn)
            return
        provider = self.provider_config(resource)
        if request.importId:
            resource.id = request.importId
            resource.outputs = self.double.read(resource.type, resource.id, resource.inputs, urn=resource.urn, provider=provider)
        elif self.dry_run:
            resource.outputs = self.double.preview(resource.type, resource.inputs, provider=provider)
        else:
            resource.id, resource.outputs = self.double.create(
                resource.type, resource.inputs, urn=resource.urn, provider=provider
            )
        for key in request.additionalSecretOutputs:
            if key in resource.outputs:
                resource.outputs[key] = wire.secret(resource.outputs[key])

    @staticmethod
    def _response(resource: Registration) -> Message:
        # A component's outputs come later, from RegisterResourceOutputs; the engine answers with none.
        outputs = resource.outputs if resource.custom else {}
        return resource_pb2.RegisterResourceResponse(
            urn=resource.urn, id=resource.id, object=wire.to_struct(outputs), result=resource_pb2.Result.SUCCESS
        )

    def _register_outputs(self, request: Message) -> Message:
        resource = self.resources[request.urn]
        resource.outputs = wire.without_outputs(wire.from_struct(request.outputs))
        if not resource.custom and self._runs("after_create", resource):
            return self._after_component(resource)
        return empty_pb2.Empty()

    async def _after_component(self, resource: Registration) -> Message:
        await self._run_hooks("after_create", resource)
        return empty_pb2.Empty()

    def _read(self, request: Message) -> Message:
        if request.type == "pulumi:pulumi:StackReference":
            _refuse(f"stack references ({request.id})")
        inputs = wire.without_outputs(wire.from_struct(request.properties))
        resource = self._begin(request, custom=True, inputs=inputs)
        resource.external = True
        resource.id = request.id if request.id != wire.UNKNOWN else ""
        resource.options = {"dependsOn": sorted(request.dependencies)} if request.dependencies else {}
        if request.provider:
            resource.options["provider"] = request.provider
        if resource.id:
            provider = self.provider_config(resource)
            resource.outputs = self.double.read(resource.type, resource.id, inputs, urn=resource.urn, provider=provider)
        answer: Message = resource_pb2.ReadResourceResponse(urn=resource.urn, properties=wire.to_struct(resource.outputs))
        if "id" in answer.DESCRIPTOR.fields_by_name:
            # Older SDKs take the id that they asked for.
            answer.id = resource.id
        return answer

    def _invoke(self, request: Message) -> Message:
        args = wire.plain(wire.from_struct(request.args), redact=False)
        if request.tok == sdk.GET_RESOURCE:
            answer = self._get_resource(args["urn"])
        else:
            provider = self._config_behind(request.provider, request.tok)
            answer = self.double.invoke(request.tok, args, provider=provider)
        return sdk.invoke_response(wire.to_struct(answer))

    def _get_resource(self, urn: str) -> dict[str, wire.Value]:
        resource = self.resources.get(urn)
        if resource is None:
            raise FunctionFailed(sdk.GET_RESOURCE, f"unknown resource {urn}")
        return {"urn": urn, "id": resource.id, "state": dict(resource.outputs)}

    # Hooks.

    def _runs(self, occasion: str, resource: Registration) -> bool:
        return any(not self.dry_run or self._hook(name).on_dry_run for name in resource.hooks.get(occasion, ()))

    def _hook(self, name: str) -> Message:
        try:
            return self._hooks[name]
        except KeyError:
            message = f'hook "{name}" was not registered'
            raise ProgramFailed(message) from None

    async def _run_hooks(self, occasion: str, resource: Registration) -> None:
        for name in resource.hooks.get(occasion, ()):
            hook = self._hook(name)
            if self.dry_run and not hook.on_dry_run:
                continue
            request = resource_pb2.ResourceHookRequest(
                urn=resource.urn,
                id=resource.id,
                name=resource.name,
                type=resource.type,
                new_inputs=wire.to_struct(resource.inputs),
            )
            if occasion == "after_create":
                request.new_outputs.CopyFrom(wire.to_struct(resource.outputs))
            answer: Message = await self.callbacks.call(hook.callback.token, request)
            if not answer.error:
                continue
            if hook.ignore_errors:
                camel = "BeforeCreate" if occasion == "before_create" else "AfterCreate"
                message = f'{camel} hook "{name}" failed: {answer.error}'
                self.diagnostics.append(Diagnostic("warning", message, resource.urn))
                continue
            raised = self.callbacks.raised.get(name)
            failure = HookRefused(name, resource.urn, answer.error, when=occasion.partition("_")[0], raised=raised)
            if not self._hooks_stop:
                self.refused.append(failure)
                continue
            self.failure = self.failure or failure
            raise failure

    # Providers.

    def provider_config(self, resource: Registration) -> Mapping[str, wire.Value]:
        """The configuration of the provider that manages a resource.

        Args:
            resource: A custom resource.

        Returns:
            The provider's inputs with camelCase names, secrets revealed; from the stack's configuration where the
            resource names no provider.
        """
        return self._config_behind(resource.options.get("provider", ""), resource.type)

    def _config_behind(self, reference: str, token: str) -> Mapping[str, wire.Value]:
        urn = reference.rpartition("::")[0]
        if urn in self.resources:
            inputs = wire.plain(self.resources[urn].inputs, redact=False)
            return {key: _settled(value) for key, value in inputs.items()}
        package = token.partition(":")[0]
        if package not in self._default_providers:
            prefix = f"{package}:"
            self._default_providers[package] = {
                key.removeprefix(prefix): _settled(value) for key, value in self.config.items() if key.startswith(prefix)
            }
        return self._default_providers[package]
