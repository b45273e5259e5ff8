"""A real Prometheus that scrapes the brokers of the tests, and node exporters of this machine in place of the brokers' own."""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

import yaml

from domain.monitoring.prometheus_names import DATA_MOUNT
from domain.monitoring.prometheus_scraping import JOBS
from support.kafka.cluster import free_port
from support.prometheus import prometheus_programs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_INTERVAL = "3s"
_LONG_INTERVAL = "5s"
"""For pictures, which show minutes: a broker that starts takes the machine's time, and the others answer later."""
_PATIENCE = 60


def _mount_of(directory: Path) -> str:
    """Where the file system that holds a directory is mounted."""
    return str(next(item for item in (directory, *directory.parents) if item.is_mount()))


def _node_exporter(address: str) -> list[str]:
    # Also file systems of the kinds that containers have, which are left out otherwise.
    kinds = "--collector.filesystem.fs-types-exclude=^(proc|sysfs)$"
    return [str(prometheus_programs() / "prometheus-node-exporter"), f"--web.listen-address={address}", kinds]


class Prometheus:
    """Runs with a rendered configuration and rendered rules, asked more often than in production.

    Args:
        directory: An empty directory.
        configuration: The rendered scrape configuration.
        rules: The rendered rules.
        exporters: Where the exporters of JMX really are. As many node exporters are started.
        kept: Rules by job that say which series are kept.
        measured: Exporters by patterns of the series that are kept of them. With labels of their own they say what the node
            exporters of this machine cannot, and the lags that are simulated otherwise, in whose place they are. Empty for those.
    """

    def __init__(
        self,
        directory: Path,
        configuration: str,
        rules: str,
        exporters: list[str],
        kept: Mapping[str, list[dict[str, object]]],
        *,
        measured: Mapping[str, str],
    ) -> None:
        self._port = free_port()
        node_exporters = [] if measured else [f"127.0.0.1:{free_port()}" for _ in exporters]
        settings = yaml.safe_load(configuration)
        interval = _LONG_INTERVAL if measured else _INTERVAL
        settings["global"] = {"scrape_interval": interval, "evaluation_interval": interval}
        targets = {"jmx": exporters, "node": node_exporters}
        for job in settings["scrape_configs"]:
            job["scrape_timeout"] = interval
            job["static_configs"][0]["targets"] = targets[job["job_name"]]
            # They are shown under the names and ports that they have on Amazon MSK.
            job["relabel_configs"] = [
                {
                    "source_labels": ["__address__"],
                    "regex": re.escape(address),
                    "target_label": "instance",
                    "replacement": f"b-{number}:{JOBS[job['job_name']]}",
                }
                for number, address in enumerate(targets[job["job_name"]], 1)
            ]
            job["metric_relabel_configs"] = [*kept[job["job_name"]]]
            if job["job_name"] == "node":
                # The volume on which the brokers of the tests have their data, under the name of a broker's data volume.
                job["metric_relabel_configs"].append(
                    {
                        "source_labels": ["mountpoint"],
                        "regex": re.escape(_mount_of(directory)),
                        "target_label": "mountpoint",
                        "replacement": DATA_MOUNT,
                    }
                )
        if measured:
            simulated = {"source_labels": ["__name__"], "regex": "kafka_consumer_group_.*", "action": "drop"}
            settings["scrape_configs"] = [job for job in settings["scrape_configs"] if job["job_name"] != "node"]
            settings["scrape_configs"][0]["metric_relabel_configs"].append(simulated)
            settings["scrape_configs"] += [
                {
                    "job_name": f"measured-{number}",
                    "honor_labels": True,
                    "static_configs": [{"targets": [address]}],
                    "metric_relabel_configs": [{"source_labels": ["__name__"], "regex": pattern, "action": "keep"}],
                }
                for number, (pattern, address) in enumerate(measured.items(), 1)
            ]
        settings["rule_files"] = ["rules.yml"]
        groups = yaml.safe_load(rules)
        for group in groups["groups"]:
            group["interval"] = interval
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
            self._others = [subprocess.Popen(_node_exporter(address), stdout=log, stderr=log) for address in node_exporters]

    def end(self) -> None:
        """Ends it and the node exporters."""
        for process in (self._process, *self._others):
            process.kill()
            process.wait()

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The series of an instant query.

        Raises:
            AssertionError: Prometheus does not understand it.
        """
        found = self._get("query?" + urllib.parse.urlencode({"query": query}))
        result: list[dict[str, Any]] = found["result"]
        return result

    def ask_over(self, query: str, start: float, end: float, step: float) -> list[dict[str, Any]]:
        """The series of a query over a range of time, in seconds since the epoch, a value each step."""
        asked = urllib.parse.urlencode({"query": query, "start": start, "end": end, "step": step})
        result: list[dict[str, Any]] = self._get("query_range?" + asked)["result"]
        return result

    def until(self, query: str, enough: int = 1) -> list[dict[str, Any]]:
        """The series of a query, as soon as there are enough."""
        ends = time.monotonic() + _PATIENCE
        while True:
            found = self.ask(query) if self._ready() else []
            if len(found) >= enough:
                return found
            if time.monotonic() > ends or self._process.poll() is not None:
                raise AssertionError(f"{query}: {found}; {self._log.read_text(errors='replace')[-2000:]}")
            time.sleep(1)

    def _ready(self) -> bool:
        """Whether it answers queries: it listens before its storage is open, and answers 503 until then."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/-/ready", timeout=_PATIENCE):
                return True
        except (urllib.error.URLError, ConnectionError):  # an HTTPError is an URLError
            return False

    def _get(self, what: str) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/api/v1/{what}", timeout=_PATIENCE) as answer:
                data: dict[str, Any] = json.load(answer)["data"]
                return data
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{what}: {error.read().decode()}") from error
