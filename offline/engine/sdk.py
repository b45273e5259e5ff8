"""Everything that this package touches of the Pulumi SDK's own machinery, and nothing else.

The SDK runs a program against two gRPC services of the engine, the resource monitor and the engine. It takes any two
Python objects with the same methods in their place, which is how `offline.engine.run` gets to play them. What is not the
SDK's documented interface is used here only, and tests run with the lowest and the newest SDK that is allowed.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import copy
import inspect
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import pulumi
from pulumi.runtime import settings, stack
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import engine_pb2, provider_pb2, resource_pb2
from pulumi.runtime.rpc_manager import RPCManager

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from concurrent.futures import Executor

    from offline.protocol.wire import Message

T = TypeVar("T")

RunError = pulumi.RunError
"""What a program raises to end itself with a message and no traceback."""

GET_RESOURCE: Final = "pulumi:pulumi:getResource"
"""The function that the SDK calls to turn a resource reference back into a resource."""

SEVERITIES: Final = {
    engine_pb2.DEBUG: "debug",
    engine_pb2.INFO: "info",
    engine_pb2.WARNING: "warning",
    engine_pb2.ERROR: "error",
}
"""The names of the protocol's log severities."""

_PREFIX: Final = "RESOURCE_MONITOR_FEATURE_"

_WITHOUT: Final = frozenset(
    {
        # The SDK would send output values, which the engine only takes apart again.
        "OUTPUT_VALUES",
        "INVOKE_OUTPUT_VALUES",
        "CALL_OUTPUT_VALUES",
        # Left out, the SDK itself holds back a function whose dependencies do not exist yet.
        "INVOKE_DEPENDS_ON",
        "INVOKE_PARENT",
        "BYTE_STRING",
        "SENDS_OPTIONS_TO_HOOKS",
        "STATE_MIGRATIONS",
    }
)

_LEGACY_NAMES: Final = {
    "secrets": "SECRETS",
    "resourceReferences": "RESOURCE_REFERENCES",
    "deletedWith": "DELETED_WITH",
    "replaceWith": "REPLACE_WITH",
    "aliasSpecs": "ALIAS_SPECS",
    "transforms": "TRANSFORMS",
    "invokeTransforms": "INVOKE_TRANSFORMS",
    "parameterization": "PARAMETERIZATION",
    "resourceHooks": "RESOURCE_HOOKS",
    "errorHooks": "ERROR_HOOKS",
}
"""The features' older names, by which SDKs ask that do not know `GetDeploymentInfo` yet."""


class Engine(Protocol):
    """What the SDK asks of the engine, one method for each of the protocol's methods.

    A method may return an awaitable of its answer instead of its answer.
    """

    def supports_feature(self, request: Message) -> Message:
        """Says whether the engine has a feature that older SDKs ask for by name."""

    def deployment_info(self, request: Message) -> Message:
        """Lists the features that the engine has."""

    def wait_for_shutdown(self, request: Message) -> Message:
        """Answers when the program may end."""

    def register_resource(self, request: Message) -> Message:
        """Registers a resource."""

    def register_outputs(self, request: Message) -> Message:
        """Takes a component's outputs, or the stack's exports."""

    def read_resource(self, request: Message) -> Message:
        """Reads an existing resource, as `Vpc.get` does."""

    def invoke(self, request: Message) -> Message:
        """Answers a provider function."""

    def call(self, request: Message) -> Message:
        """Calls a method of a resource."""

    def register_hook(self, request: Message) -> Message:
        """Takes a resource hook."""

    def register_error_hook(self, request: Message) -> Message:
        """Takes an error hook."""

    def register_transform(self, request: Message) -> Message:
        """Takes a transform of every resource."""

    def register_invoke_transform(self, request: Message) -> Message:
        """Takes a transform of every function call."""

    def register_package(self, request: Message) -> Message:
        """Takes a parameterized provider."""

    def exists_resource(self, request: Message) -> Message:
        """Says whether a resource exists in the cloud."""

    def log(self, request: Message) -> Message:
        """Takes a log message of the program."""

    def require_version(self, request: Message) -> Message:
        """Checks the version of the CLI."""


def _monitor(engine: Engine) -> SimpleNamespace:
    return SimpleNamespace(
        SupportsFeature=engine.supports_feature,
        GetDeploymentInfo=engine.deployment_info,
        SignalAndWaitForShutdown=engine.wait_for_shutdown,
        RegisterResource=engine.register_resource,
        RegisterResourceOutputs=engine.register_outputs,
        ReadResource=engine.read_resource,
        Invoke=engine.invoke,
        Call=engine.call,
        RegisterResourceHook=engine.register_hook,
        RegisterErrorHook=engine.register_error_hook,
        RegisterStackTransform=engine.register_transform,
        RegisterStackInvokeTransform=engine.register_invoke_transform,
        RegisterPackage=engine.register_package,
        ExistsResource=engine.exists_resource,
    )


def supported_features() -> list[Any]:
    """The numbers of the monitor features that the offline engine has, of those that this SDK knows.

    Returns:
        Values of the protocol's `ResourceMonitorFeature`.
    """
    values = resource_pb2.ResourceMonitorFeature.items()
    return [number for name, number in values if name.removeprefix(_PREFIX) not in _WITHOUT]


def supports(legacy_name: str) -> bool:
    """Whether the offline engine has a feature, asked for by its older name such as `resourceHooks`."""
    return legacy_name in _LEGACY_NAMES


class Callbacks(_CallbackServicer):
    """The SDK's registry of the functions that the engine calls back, without the server it usually sits behind.

    The base class turns a resource hook into a function from bytes to a message, and tells the monitor its token.
    """

    def __init__(self, engine: Engine) -> None:
        # Not the base class's constructor: that one opens a port.
        self._callbacks = {}
        self._transforms = {}
        self._state_migrations = {}
        self._monitor = _monitor(engine)  # type: ignore[assignment]  # the same methods without the network
        self._target = "in-process"
        self.raised: dict[str, Exception] = {}
        """By a resource hook's name, what it raised last. The protocol carries the text alone."""

    def register_resource_hook(self, hook: pulumi.ResourceHook) -> None:
        """Registers a hook that also leaves what it raises in `raised`."""
        watched = copy.copy(hook)

        async def callback(args: pulumi.ResourceHookArgs) -> None:
            try:
                answer = hook.callback(args)
                if inspect.isawaitable(answer):
                    await answer
            # Whatever a hook raises is a refusal; it is raised again.
            except Exception as error:
                self.raised[hook.name] = error
                raise

        watched.callback = callback
        super().register_resource_hook(watched)

    async def call(self, token: str, request: Message) -> Message:
        """Runs the function that was registered under the token.

        Args:
            token: From the registration request's `callback`.
            request: The message that the function takes.

        Returns:
            The message that the function answers with.
        """
        return await self._callbacks[token](request.SerializeToString())


_POSITION: contextvars.ContextVar[int] = contextvars.ContextVar("position", default=0)


class _NumberedRequests(RPCManager):
    """Remembers in which order the program made its requests.

    The SDK awaits what a resource depends on in the order of a set, so resources reach the engine in another order in
    every process. Their constructors, which is where requests are made, run in the program's own order.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the SDK's own is not typed
        self._made = 0

    def do_rpc(self, name: str, rpc_function: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[tuple[T, Exception]]]:
        self._made += 1
        position = self._made

        async def numbered(*args: object, **options: object) -> T:
            _POSITION.set(position)
            return await rpc_function(*args, **options)

        return super().do_rpc(name, numbered)


def position() -> int:
    """Which of the program's requests is being answered, counted from 1 in the order in which it made them."""
    return _POSITION.get()


class _InlineLoop(asyncio.SelectorEventLoop):
    """An event loop that runs the SDK's requests where they are made.

    The SDK hands each request to a thread because gRPC blocks; an engine in the same process does not. Without
    threads the order in which resources register is the same in every run, and a hook can be awaited.
    """

    def run_in_executor(self, executor: Executor | None, func: Callable[..., T], *args: object) -> asyncio.Future[T]:
        if executor is not None:
            return super().run_in_executor(executor, func, *args)
        future: asyncio.Future[T] = self.create_future()
        try:
            answer = func(*args)
        except BaseException as error:  # noqa: BLE001 - handed to whoever awaits the future, as a thread would
            future.set_exception(error)
            return future
        if inspect.isawaitable(answer):
            return asyncio.ensure_future(answer, loop=self)
        future.set_result(answer)
        return future


def _quiet(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Drops asyncio's reports of failures that nobody awaited: the run has reported the first one already."""
    if "exception was never retrieved" not in str(context.get("message")):
        loop.default_exception_handler(context)


async def _cancel_leftovers() -> None:
    leftovers = asyncio.all_tasks() - {asyncio.current_task()}
    for task in leftovers:
        task.cancel()
    await asyncio.gather(*leftovers, return_exceptions=True)


def run(
    program: Callable[[], object],
    *,
    engine: Engine,
    callbacks: Callbacks,
    project: str,
    stack_name: str,
    organization: str,
    root_directory: str,
    dry_run: bool,
    config: Mapping[str, str],
    secret_keys: Sequence[str],
) -> None:
    """Runs a program as the SDK's own launcher does, against the given monitor and engine.

    Args:
        program: The program; `runpy.run_path` of its directory, or a function.
        engine: Plays the engine's two services.
        callbacks: Takes the program's hooks.
        project: The project's name.
        stack_name: The stack's name.
        organization: The stack's organization, `organization` for stacks without one.
        root_directory: The directory of Pulumi.yaml.
        dry_run: Whether this is a preview.
        config: The merged configuration, `namespace:key` to its text.
        secret_keys: The keys of `config` whose values are secrets.

    Raises:
        BaseException: Whatever the program or one of its requests raised first.
    """

    def go() -> None:
        loop = _InlineLoop()
        loop.set_exception_handler(_quiet)
        asyncio.set_event_loop(loop)
        try:
            settings.ROOT.set(None)
            set_all_config(dict(config), list(secret_keys))
            settings.configure(
                settings.Settings(
                    project=project,
                    stack=stack_name,
                    monitor=_monitor(engine),
                    engine=SimpleNamespace(Log=engine.log, RequirePulumiVersion=engine.require_version),
                    dry_run=dry_run,
                    organization=organization,
                    root_directory=root_directory,
                )
            )
            settings.SETTINGS.rpc_manager = _NumberedRequests()
            settings.SETTINGS.callbacks = callbacks
            try:
                loop.run_until_complete(stack.run_in_stack(program))  # type: ignore[arg-type]  # any result is fine
            finally:
                loop.run_until_complete(_cancel_leftovers())
        finally:
            loop.close()
            asyncio.set_event_loop(None)

    # Settings, configuration and the root resource are context variables: a copied context takes them with it.
    contextvars.copy_context().run(go)


def invoke_response(answer: Message) -> Message:
    """The message that answers a function.

    Args:
        answer: The function's result, as a struct.

    Returns:
        The protocol's response; it had another name up to SDK 3.255.
    """
    response = getattr(resource_pb2, "ResourceInvokeResponse", None) or provider_pb2.InvokeResponse
    return response(**{"return": answer})


def is_user_error(error: BaseException) -> bool:
    """Whether a program ended itself with a message for the user."""
    return isinstance(error, RunError)


def directories() -> tuple[str, ...]:
    """The directories whose frames a user's traceback does without."""
    return (*pulumi.__path__, str(Path(asyncio.__file__).parent), str(Path(contextlib.__file__).parent / "runpy.py"))
