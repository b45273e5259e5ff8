"""A policy pack's process: starts it as the language host does, waits for its port, ends it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import time
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ORGANIZATION: Final = "organization"
"""The organization of a stack that has none, as in the CLI's own backends."""

_BOOT_SECONDS: Final = 120.0

_BOOT: Final = """
import os, runpy, sys
os.environ["PULUMI_CONFIG"] = sys.stdin.read()
runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)
"""
"""Runs a pack as `-m pulumi.policy` does, having set the stack's configuration from standard input.

The language host starts a pack with the configuration in its environment, where Linux takes no more than 128 KiB of it. What a
running process sets itself has no such limit, and the pack cannot tell the difference.
"""


class PackError(Exception):
    """The policy pack could not judge: it did not start, refused its configuration, or one of its policies crashed."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details
        """What the pack wrote to its standard error."""


class PackProcess:
    """A running pack.

    Args:
        directory: The pack's directory, with PulumiPolicy.yaml and `__main__.py`.
        python: The interpreter that runs it.
        environment: What the engine tells the pack, beyond this process's own environment and the configuration.
        config: The stack's configuration.

    Raises:
        PackError: There is no pack in the directory, or the operating system does not start it.
    """

    def __init__(self, directory: Path, *, python: str, environment: Mapping[str, str], config: Mapping[str, str]) -> None:
        if not (directory / "PulumiPolicy.yaml").is_file():
            message = f"no policy pack in {directory.name}: it has no PulumiPolicy.yaml"
            raise PackError(message)
        self._directory = directory
        self._files = contextlib.ExitStack()
        try:
            # Files, not pipes: nobody reads while the pack judges, and a full pipe would stop it for good.
            given, self._stdout, self._stderr = (
                self._files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed by stop()
                for _ in range(3)
            )
            given.write(json.dumps(dict(config)).encode("ascii"))
            given.seek(0)
            self._process = subprocess.Popen(
                # The engine's address is never called by the pack; -u, or the port would stay in Python's buffer.
                [python, "-u", "-c", _BOOT, "offline", str(directory)],
                cwd=directory,
                env={**os.environ, **environment},
                stdin=given,
                stdout=self._stdout,
                stderr=self._stderr,
            )
        except OSError as error:
            self._files.close()
            message = f"the policy pack in {directory.name} could not be started: {error}"
            raise PackError(message) from None

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def port(self) -> int:
        """Waits until the pack listens.

        Returns:
            Its port on this machine.

        Raises:
            PackError: It ended before, printed something else, or took two minutes.
        """
        deadline = time.monotonic() + _BOOT_SECONDS
        name = self._directory.name
        while True:
            ended = self._process.poll() is not None
            line, newline, _ = _written(self._stdout).partition("\n")
            if newline:
                break
            if ended:
                message = f"the policy pack in {name} ended before it was ready"
                raise PackError(message, self.errors())
            if time.monotonic() > deadline:
                message = f"the policy pack in {name} was not ready after {_BOOT_SECONDS:.0f} s"
                raise PackError(message, self.errors())
            time.sleep(0.002)
        if not line.strip().isdigit():
            message = (
                f"the policy pack in {name} printed {line!r} where its port was expected: "
                "a pack must print nothing to standard output when it is loaded"
            )
            raise PackError(message, self.errors())
        return int(line)

    def errors(self) -> str:
        """What the pack has written to its standard error."""
        return _written(self._stderr)

    def stop(self) -> None:
        """Ends the process."""
        self._process.terminate()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._files.close()


def environment_of(*, project: str, stack: str, organization: str, dry_run: bool) -> dict[str, str]:
    """What the engine tells a pack in its environment beside the configuration."""
    return {
        "PULUMI_ORGANIZATION": organization,
        "PULUMI_PROJECT": project,
        "PULUMI_STACK": stack,
        "PULUMI_DRY_RUN": "true" if dry_run else "false",
    }


def _written(file: IO[bytes]) -> str:
    # Not seek: the pack writes through a copy of this descriptor, and both share one position.
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode("utf-8", "replace")
