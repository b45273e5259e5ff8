"""A Kafka Connect worker with a client's ready file, and its REST interface."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import time
from typing import TYPE_CHECKING, Any, Self

from support.kafka.cluster import free_port
from support.kafka.installation import java

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_PATIENCE = 120.0
_BETWEEN_QUESTIONS = 0.2


class ConnectWorker:
    """A distributed worker, which runs as long as the `with` block.

    Args:
        directory: An empty directory for its file and what it prints.
        connect: The directory with its jars.
        programs: The directory of the compiled `Lifeline`.
        rendered: Its file as it is rendered.
        environment: The variables that the worker has.
    """

    def __init__(self, directory: Path, connect: Path, programs: Path, rendered: str, environment: Mapping[str, str]) -> None:
        self._port = free_port()
        self._log = directory / "worker.log"
        file = directory / "connect-distributed.properties"
        # Where it listens is its host's matter, not the cluster's.
        file.write_text(f"{rendered}\nlisteners=http://127.0.0.1:{self._port}\n", encoding="utf-8")
        main = "org.apache.kafka.connect.cli.ConnectDistributed"
        self._command = [*java("Lifeline", [programs, connect], log_level="info"), main, str(file)]
        self._environment = {"PATH": os.environ["PATH"], **environment}

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=self._environment, start_new_session=True
            )
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, Any]:
        """Asks the REST interface; its status and its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            # Until its resources are there, its web server answers with pages of its own.
            is_json = answer.headers.get_content_type() == "application/json"
            return answer.status, json.loads(text) if is_json else text
        finally:
            connection.close()

    def until(self, path: str, holds: Callable[[Any], bool]) -> Any:
        """Asks until an answer is as it should be, and returns it."""
        deadline = time.monotonic() + _PATIENCE
        answer: object = None
        while time.monotonic() < deadline:
            assert self._process.poll() is None, f"the worker ended with {self._process.returncode}:\n{self._last_words()}"
            try:
                status, answer = self.ask("GET", path)
            except ConnectionRefusedError as error:  # it does not listen yet
                status, answer = 0, error
            if status == http.client.OK and holds(answer):
                return answer
            time.sleep(_BETWEEN_QUESTIONS)
        raise AssertionError(f"{path} answers {answer!r} after {_PATIENCE:.0f} seconds:\n{self._last_words()}")

    def _last_words(self) -> str:
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:])
