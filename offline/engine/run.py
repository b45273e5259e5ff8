"""Runs a program on the offline engine and says how it ended."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import runpy
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from offline.aws.double import AwsDouble
from offline.engine import sdk
from offline.engine.modules import own_modules
from offline.engine.services import OfflineEngine
from offline.pack.process import ORGANIZATION
from offline.protocol import wire
from offline.protocol.failures import Diagnostic, HookRefused, ProgramCrashed, ProgramFailed, UserError
from offline.protocol.registration import STACK_TYPE, Registration

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Run:
    """A program that ran to its end."""

    project: str
    stack: str
    dry_run: bool
    """Whether it was a preview."""
    resources: tuple[Registration, ...]
    """In the order in which the program makes them; the stack first."""
    diagnostics: tuple[Diagnostic, ...]
    """What the program logged and printed."""
    config: Mapping[str, str]
    """The configuration it ran with."""
    secret_keys: tuple[str, ...]
    organization: str = ORGANIZATION
    refused: tuple[HookRefused, ...] = ()
    """What hooks refused where that did not end the run."""

    @property
    def exports(self) -> dict[str, wire.Value]:
        """The stack's outputs as plain values, secrets redacted."""
        values: dict[str, wire.Value] = wire.plain(self.wire_exports, redact=True)
        return values

    @property
    def wire_exports(self) -> dict[str, wire.Value]:
        """The stack's outputs as property values, secrets and unknown values as on the wire."""
        return next((resource.outputs for resource in self.resources if resource.type == STACK_TYPE), {})

    def resource(self, urn: str) -> Registration:
        """The resource with the URN.

        Raises:
            KeyError: There is none.
        """
        for resource in self.resources:
            if resource.urn == urn:
                return resource
        raise KeyError(urn)


class Configuration(Protocol):
    """The configuration of a stack, as `offline.project.loading.StackConfig` has it."""

    @property
    def project(self) -> str:
        """The project's name."""

    @property
    def stack(self) -> str:
        """The stack's name."""

    @property
    def values(self) -> Mapping[str, str]:
        """The merged configuration, `namespace:key` to its text."""

    @property
    def secret_keys(self) -> Collection[str]:
        """The keys of `values` whose values are secrets."""


def run_program(
    project_directory: str | os.PathLike[str],
    config: Configuration,
    *,
    dry_run: bool,
    double: AwsDouble | None = None,
    organization: str = ORGANIZATION,
    hooks_stop: bool = True,
) -> Run:
    """Runs the program in a directory, unmodified.

    Args:
        project_directory: Where Pulumi.yaml and `__main__.py` are.
        config: The stack's configuration.
        dry_run: Whether to preview rather than to simulate an update.
        double: Plays AWS; a fresh one when not given.
        organization: What `pulumi.get_organization()` answers.
        hooks_stop: Whether a hook that refuses ends the run, as it does in `pulumi up`; else `Run.refused` has what it says.

    Returns:
        What the program did.

    Raises:
        ProgramFailed: One of its subclasses says why.
    """
    directory = Path(project_directory).resolve()

    def program() -> None:
        with contextlib.chdir(directory):
            runpy.run_path(str(directory), run_name="__main__")

    # Around the whole run: the SDK looks up the annotations of a component's module when outputs resolve.
    with own_modules(directory):
        return run_function(
            program,
            stack=config.stack,
            project=config.project,
            config=config.values,
            dry_run=dry_run,
            secret_keys=config.secret_keys,
            double=double,
            organization=organization,
            root_directory=directory,
            hooks_stop=hooks_stop,
        )


def run_function(
    program: Callable[[], object],
    *,
    stack: str,
    project: str,
    config: Mapping[str, str],
    dry_run: bool,
    secret_keys: Collection[str] = (),
    double: AwsDouble | None = None,
    organization: str = ORGANIZATION,
    root_directory: Path | None = None,
    hooks_stop: bool = True,
) -> Run:
    """Runs a function as if it were a program.

    Args:
        program: Takes no arguments; creates resources.
        stack: The stack's name.
        project: The project's name.
        config: The merged configuration, `namespace:key` to its text.
        dry_run: Whether to preview rather than to simulate an update.
        secret_keys: The keys of `config` whose values are secrets.
        double: Plays AWS; a fresh one when not given.
        organization: What `pulumi.get_organization()` answers.
        root_directory: Where the program is; the current directory when not given.
        hooks_stop: Whether a hook that refuses ends the run, as it does in `pulumi up`; else `Run.refused` has what it says.

    Returns:
        What the program did.

    Raises:
        ProgramFailed: One of its subclasses says why.
    """
    aws = double or AwsDouble()
    engine = OfflineEngine(stack=stack, project=project, dry_run=dry_run, double=aws, config=config, hooks_stop=hooks_stop)
    root = str(root_directory or Path.cwd())
    try:
        with _no_configuration_variables(), _prints_to(engine), _without_collections():
            sdk.run(
                program,
                engine=engine,
                callbacks=engine.callbacks,
                project=project,
                stack_name=stack,
                organization=organization,
                root_directory=root,
                dry_run=dry_run,
                config=config,
                secret_keys=sorted(secret_keys),
            )
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a program can raise is named here
        failure = engine.failure or _failure(error, root)
        if failure:
            failure.diagnostics = tuple(engine.diagnostics)
            raise failure from (error.__cause__ or error)
    return Run(
        project=project,
        stack=stack,
        dry_run=dry_run,
        resources=tuple(sorted(engine.resources.values(), key=lambda resource: resource.position)),
        diagnostics=tuple(engine.diagnostics),
        config=dict(config),
        secret_keys=tuple(sorted(secret_keys)),
        organization=organization,
        refused=tuple(engine.refused),
    )


def _failure(error: BaseException, root: str) -> ProgramFailed | None:
    if isinstance(error, SystemExit):
        # A program may end itself early; any other status is a failure, as it is for the CLI.
        if not error.code:
            return None
        return ProgramCrashed(f"the program called sys.exit({error.code!r})", _trimmed(error, root))
    if sdk.is_user_error(error):
        return UserError(str(error))
    message = "".join(traceback.format_exception_only(error)).strip()
    return ProgramCrashed(message, _trimmed(error, root))


def _trimmed(error: BaseException, root: str) -> str:
    """The traceback with the frames of the program's own files, or all of them where there are none."""
    report = traceback.TracebackException.from_exception(error)
    seen: set[int] = set()
    pending: list[traceback.TracebackException | None] = [report]
    hidden = (*sdk.directories(), str(Path(__file__).parents[1]))
    while pending:
        part = pending.pop()
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        own = [frame for frame in part.stack if _is_own(frame.filename, root, hidden)]
        if own:
            part.stack = traceback.StackSummary.from_list(own)
        pending += [part.__cause__, part.__context__]
    return "".join(report.format())


def _is_own(file: str, root: str, hidden: tuple[str, ...]) -> bool:
    if file.startswith("<") or file.startswith(hidden):
        return False
    return file.startswith(root) or "site-packages" not in file


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """Pauses the garbage collector: nothing of a run is garbage before it ends.

    The collector would look through everything again and again, which makes each resource of a large program cost three
    times one of a small program.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextlib.contextmanager
def _no_configuration_variables() -> Iterator[None]:
    """Hides configuration in the environment: the SDK would take it where the stack has none."""
    hidden = {name: value for name, value in os.environ.items() if name.startswith("PULUMI_CONFIG")}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)


class _Printed(io.TextIOBase):
    """Takes what the program prints, line by line, as the CLI does."""

    def __init__(self, engine: OfflineEngine) -> None:
        self._engine = engine
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        self._engine.diagnostics += [Diagnostic("info", line) for line in lines]
        return len(text)

    def finish(self) -> None:
        if self._rest:
            self.write("\n")


@contextlib.contextmanager
def _prints_to(engine: OfflineEngine) -> Iterator[None]:
    printed = _Printed(engine)
    with contextlib.redirect_stdout(printed):
        yield
    printed.finish()
