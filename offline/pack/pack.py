"""Has a policy pack judge a run: the engine's side of the policy protocol, with the pack in its own process.

Loading this module loads nothing of Pulumi, so that the pack's process starts at once and boots beside the program.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from offline.pack.process import ORGANIZATION, PackError, PackProcess, environment_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from types import TracebackType

    from offline.engine.run import Run
    from offline.pack.client import PackClient
    from offline.pack.config import Mistake
    from offline.pack.judgement import Judgement, Policy


class PolicyPack:
    """A policy pack in its own process.

    Start it before the program runs: it boots beside the program, and is only waited for when it has to judge. Use it
    as a context manager, which ends the process whatever happens.

    Args:
        directory: The pack's directory, with PulumiPolicy.yaml and `__main__.py`.
        python: The interpreter that runs it.
    """

    def __init__(self, directory: str | os.PathLike[str], *, python: str = sys.executable) -> None:
        self.directory = Path(directory).resolve()
        self._python = python
        self._process: PackProcess | None = None
        self._client: PackClient | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.stop()

    def start(
        self,
        *,
        project: str,
        stack: str,
        config: Mapping[str, str],
        dry_run: bool = True,
        organization: str = ORGANIZATION,
    ) -> None:
        """Starts the process and returns at once; does nothing when it runs already.

        Args:
            project: The project's name.
            stack: The stack's name.
            config: The merged configuration, `namespace:key` to its text.
            dry_run: Whether `pulumi.runtime.is_dry_run()` holds in the pack's process. It holds for as long as the
                process runs, also when the pack judges an update.
            organization: The stack's organization.

        Raises:
            PackError: There is no pack in the directory, or the operating system does not start it.
        """
        if self._process is None:
            environment = environment_of(project=project, stack=stack, organization=organization, dry_run=dry_run)
            self._process = PackProcess(self.directory, python=self._python, environment=environment, config=config)

    def stop(self) -> None:
        """Ends the process, if it runs."""
        if self._client:
            self._client.close()
            self._client = None
        if self._process:
            self._process.stop()
            self._process = None

    def judge(self, run: Run, config_file: str | os.PathLike[str] | None = None) -> Judgement:
        """Has the pack judge a run, as the engine would have it during that run.

        Every resource is remediated, then analyzed, on its inputs; at the end the stack is analyzed, on the outputs.

        Args:
            run: What the program did.
            config_file: The JSON file that configures the pack's policies for this stack.

        Returns:
            The verdicts.

        Raises:
            PackError: The pack could not judge.
        """
        return self._connected().judge(run, config_file)

    def policies(self) -> tuple[Policy, ...]:
        """The pack's policies, at the levels they have where nothing is configured.

        Raises:
            PackError: The pack does not say.
        """
        return self._connected().policies()

    def mistakes(self, config_file: str | os.PathLike[str]) -> tuple[Mistake, ...]:
        """What is wrong with a file that configures the pack's policies.

        Args:
            config_file: The file.

        Raises:
            PackError: The pack does not say what it has.
        """
        return self._connected().mistakes(config_file)

    def _connected(self) -> PackClient:
        if self._process is None:
            message = "the policy pack was not started"
            raise PackError(message)
        if self._client is None:
            from offline.pack.client import PackClient  # noqa: PLC0415 - loads gRPC, which is not needed to start

            self._client = PackClient(self.directory, self._process)
        return self._client
