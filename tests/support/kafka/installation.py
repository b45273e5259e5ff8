"""Where Apache Kafka is, and how its programs and those in `java/` are run."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from support.stacks import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROGRAMS = Path(__file__).with_name("java")
# Programs that run for seconds: the second compiler and a parallel collector cost more than they save.
_QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
_LOG = "org.slf4j.simpleLogger"


@dataclass(frozen=True)
class Installation:
    """One directory of jars for each thing that is run."""

    kafka: Path
    """The Kafka that the cluster runs."""
    newest: Path
    """The newest Kafka."""
    iam: Path
    """Amazon's IAM login module, with all that it needs besides the Kafka clients."""
    connect: Path
    """A Kafka Connect worker with the connectors for files, and all that it needs."""
    exporter: Path
    """Prometheus' exporter of JMX, an agent."""
    streams: Path
    """Kafka Streams without stores on disks, and all that it needs."""


def find_kafka() -> Installation | str:
    """The Kafka that `make test` runs, or why there is none: one in the cache, for nothing is fetched here."""
    script = ROOT / ".ci" / "kafka"
    result = subprocess.run(["sh", script, "--at-hand"], capture_output=True, text=True, check=False)  # noqa: S607 - PATH's sh
    if result.returncode:
        return f"{result.stderr.strip()} .ci/kafka gets what is missing."
    return Installation(*map(Path, result.stdout.splitlines()))


def compiled_programs(directory: Path, installation: Installation) -> Path:
    """Compiles `java/` into a directory, and returns it."""
    sources = sorted(map(str, _PROGRAMS.glob("*.java")))
    class_path = os.pathsep.join(str(place / "*") for place in (installation.kafka, installation.streams))
    command = [_on_path("javac"), "-proc:none", "-d", str(directory), "-cp", class_path, *sources]
    subprocess.run(command, check=True)
    return directory


def java(main: str, class_path: Iterable[Path], *, heap: str = "256m", log_level: str = "warn") -> list[str]:
    """The command that runs a Java program; its arguments go behind it.

    Args:
        main: The class.
        class_path: Directories of classes or of jars.
        heap: The most that it may take.
        log_level: What it logs to standard error.
    """
    places = [entry for directory in class_path for entry in (str(directory), str(directory / "*"))]
    logging = (f"-D{_LOG}.defaultLogLevel={log_level}", f"-D{_LOG}.showDateTime=true", f"-D{_LOG}.dateTimeFormat=HH:mm:ss.SSS")
    return [_on_path("java"), f"-Xmx{heap}", *_QUICK, *logging, "-cp", os.pathsep.join(places), main]


def _on_path(program: str) -> str:
    return shutil.which(program) or program
