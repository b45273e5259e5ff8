"""Where Apache Kafka is, and how its programs and those in `java/` are run.

What was compiled, and the classes that a Java program has loaded, are kept in `build/java`: a virtual machine that finds its
classes there as they were in memory starts with two thirds of the work, a tool with half of it (class data sharing).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from support.stacks import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROGRAMS = Path(__file__).with_name("java")
_KEPT = ROOT / "build" / "java"
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


def compiled_programs(*libraries: Path) -> Path:
    """The directory with a jar of `java/`, compiled for directories of jars; it is kept for as long as nothing of it changes."""
    sources = sorted(_PROGRAMS.glob("*.java"))
    directory = _kept("programs", *libraries, *sources)
    if not directory.exists():
        with _new_directory() as name:
            work = Path(name)
            classes, jar = work / "classes", work / "jar" / "programs.jar"
            jar.parent.mkdir()
            class_path = os.pathsep.join(str(library / "*") for library in libraries)
            command = [_on_path("javac"), "-proc:none", "-d", str(classes), "-cp", class_path, *map(str, sources)]
            subprocess.run(command, check=True)
            with zipfile.ZipFile(jar, "w") as archive:
                for file in sorted(classes.rglob("*.class")):
                    archive.write(file, file.relative_to(classes))
            _keep(jar.parent, directory)
    return directory


def java(main: str, class_path: Iterable[Path], *options: str, heap: str = "256m", log_level: str = "warn") -> list[str]:
    """The command that runs a Java program; its arguments go behind it.

    Args:
        main: The class.
        class_path: Directories of jars.
        options: Options of the virtual machine besides.
        heap: The most that it may take.
        log_level: What it logs to standard error.
    """
    directories = list(class_path)
    logging = (f"-D{_LOG}.defaultLogLevel={log_level}", f"-D{_LOG}.showDateTime=true", f"-D{_LOG}.dateTimeFormat=HH:mm:ss.SSS")
    places = os.pathsep.join(str(directory / "*") for directory in directories)
    return [_on_path("java"), f"-Xmx{heap}", *_QUICK, *options, *logging, "-cp", places, main]


def loaded_classes(main: str, class_path: Iterable[Path]) -> Path:
    """Where the classes are kept that a program with this class path had loaded; nothing is there until one has kept them."""
    return _kept(f"classes-{main}", Path(_on_path("java")).resolve(), *class_path)


def with_loaded_classes(archive: Path) -> str:
    """The option for kept classes; where they are not kept yet, the one with which `keep_loaded_classes` can do so."""
    return f"-XX:SharedArchiveFile={archive}" if archive.exists() else "-XX:+RecordDynamicDumpInfo"


def keep_loaded_classes(process: int, archive: Path) -> None:
    """Keeps the classes of a program that runs, for those that start from now on; a virtual machine that cannot goes without."""
    if not archive.exists():
        with _new_directory() as name:
            made = Path(name) / "archive"
            command = [_on_path("jcmd"), str(process), "VM.cds", "dynamic_dump", str(made)]
            subprocess.run(command, check=False, capture_output=True)
            if made.exists():
                _keep(made, archive)


def _kept(what: str, *of: Path) -> Path:
    """Where something is kept that follows from files and directories: others, or others in it, have another place."""
    states = [f"{path} {path.stat().st_mtime_ns}" for path in of]
    return _KEPT / f"{what}-{hashlib.sha256(os.linesep.join(states).encode()).hexdigest()[:16]}"


def _new_directory() -> tempfile.TemporaryDirectory[str]:
    _KEPT.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=_KEPT)


def _keep(made: Path, place: Path) -> None:
    """Moves what was made to its place, complete or not at all, whoever else does the same at this moment."""
    with suppress(OSError):  # somebody else was first
        made.rename(place)
    assert place.exists()


def _on_path(program: str) -> str:
    return shutil.which(program) or program
