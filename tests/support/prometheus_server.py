"""A real Prometheus that scrapes the brokers of the tests."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

import yaml

from support.kafka.cluster import free_port
from support.prometheus import prometheus_programs

if TYPE_CHECKING:
    from pathlib import Path

_INTERVAL = "3s"
_PATIENCE = 60


class Prometheus:
    """Runs with a rendered configuration and rendered rules, asked more often than in production.

    Args:
        directory: An empty directory.
        configuration: The rendered scrape configuration.
        rules: The rendered rules.
        exporters: Where the exporters of JMX really are; of node exporters there are none.
    """

    def __init__(self, directory: Path, configuration: str, rules: str, exporters: list[str]) -> None:
        self._port = free_port()
        settings = yaml.safe_load(configuration)
        settings["global"] = {"scrape_interval": _INTERVAL, "evaluation_interval": _INTERVAL}
        (jmx,) = [job for job in settings["scrape_configs"] if job["job_name"] == "jmx"]
        jmx["scrape_timeout"] = _INTERVAL
        jmx["static_configs"][0]["targets"] = exporters
        settings["scrape_configs"] = [jmx]
        settings["rule_files"] = ["rules.yml"]
        groups = yaml.safe_load(rules)
        for group in groups["groups"]:
            group["interval"] = _INTERVAL
        # JSON is YAML.
        (directory / "prometheus.yml").write_text(json.dumps(settings), encoding="utf-8")
        (directory / "rules.yml").write_text(json.dumps(groups), encoding="utf-8")
        command = [
            str(prometheus_programs() / "prometheus"),
            f"--config.file={directory / 'prometheus.yml'}",
            f"--storage.tsdb.path={directory / 'data'}",
            f"--web.listen-address=127.0.0.1:{self._port}",
            f"--web.console.libraries={directory}",
            f"--web.console.templates={directory}",
        ]
        self._log = directory / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)

    def end(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.wait()

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The series of an instant query.

        Raises:
            AssertionError: Prometheus does not understand it.
        """
        found = self._get("query?" + urllib.parse.urlencode({"query": query}))
        result: list[dict[str, Any]] = found["result"]
        return result

    def until(self, query: str, enough: int = 1) -> list[dict[str, Any]]:
        """The series of a query, as soon as there are enough."""
        ends = time.monotonic() + _PATIENCE
        while True:
            try:
                found = self.ask(query)
            except (urllib.error.URLError, ConnectionError):  # it has not started yet
                found = []
            if len(found) >= enough:
                return found
            if time.monotonic() > ends or self._process.poll() is not None:
                raise AssertionError(f"{query}: {found}; {self._log.read_text(errors='replace')[-2000:]}")
            time.sleep(1)

    def _get(self, what: str) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/api/v1/{what}", timeout=_PATIENCE) as answer:
                data: dict[str, Any] = json.load(answer)["data"]
                return data
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{what}: {error.read().decode()}") from error
