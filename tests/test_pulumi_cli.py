"""`.ci/pulumi-cli` runs nothing that it has not checked: the script itself, with what it would fetch replaced."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = (ROOT / ".ci" / "pulumi-cli").read_text(encoding="utf-8")
NAME = "pulumi-v3.259.0-linux-x64.tar.gz"


class Machine:
    """A Linux machine with nothing but what a script needs: curl serves one archive, go writes down what it is asked."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.commands = directory / "commands"
        (directory / "project" / ".ci").mkdir(parents=True)
        self.commands.mkdir()
        (directory / "project" / "Pulumi.yaml").write_text("requiredPulumiVersion: '>=3.250.0'\n")
        self.script = directory / "project" / ".ci" / "pulumi-cli"
        self.script.write_text(SCRIPT)
        self.command("uname", "case $1 in -s) echo Linux ;; *) echo x86_64 ;; esac")
        self.command("pulumi", "exit 1")
        self.command(
            "curl", f'echo "$@" >>"{directory}/asked"; while [ "$1" != -o ]; do shift; done; cp "{directory}/archive" "$2"'
        )
        noted = f'env >"{directory}/environment"; cp go.sum "{directory}/sums"; echo "$@" >>"{directory}/go"'
        self.command("go", f'[ "$1" != env ] || exit 0; {noted}; exit 1')

    def command(self, name: str, text: str) -> None:
        (self.commands / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.commands / name).chmod(0o755)

    def knows(self, digest: str) -> None:
        """Writes an archive's hash into the script, where somebody found one."""
        assert SCRIPT.count("archives='\n") == 1
        self.script.write_text(SCRIPT.replace("archives='\n", f"archives='\n{digest}  {NAME}\n"))

    def archive(self) -> str:
        """Makes the archive whose CLI leaves a trace when it runs; returns its SHA-256."""
        cli = f"#!/bin/sh\ntouch '{self.directory}/ran'\necho v3.259.0\n".encode()
        with tarfile.open(self.directory / "archive", "w:gz") as archive:
            entry = tarfile.TarInfo("pulumi/pulumi")
            entry.size, entry.mode = len(cli), 0o755
            archive.addfile(entry, io.BytesIO(cli))
        return hashlib.sha256((self.directory / "archive").read_bytes()).hexdigest()

    def run(self) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.commands}:/usr/bin:/bin",
            "HOME": str(self.directory),
            "GONOSUMDB": "*",
            "GOSUMDB": "off",
            "GOFLAGS": "-insecure",
        }
        return subprocess.run(["/bin/sh", self.script], env=environment, capture_output=True, text=True, check=False, timeout=60)

    def has(self, name: str) -> bool:
        return (self.directory / name).exists()


def test_an_archive_is_not_even_asked_for_where_its_hash_is_not_known(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    done = machine.run()
    assert done.returncode == 1
    assert f"no SHA-256 of {NAME} is known" in done.stderr
    assert not machine.has("asked")
    assert machine.has("go"), "it is built instead"


def test_an_archive_with_its_hash_runs(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.knows(machine.archive())
    done = machine.run()
    assert (done.returncode, machine.has("ran")) == (0, True), done.stderr
    assert done.stdout.strip().endswith("pulumi-3.259.0/pulumi")
    assert not machine.has("go")


def test_another_archive_does_not_run(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.archive()
    machine.knows("0" * 64)
    done = machine.run()
    assert (done.returncode, machine.has("asked"), machine.has("ran")) == (1, True, False)
    assert f"the SHA-256 of {NAME} is wrong" in done.stderr


def test_a_build_is_checked_whatever_go_is_told_elsewhere(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.run()
    environment = dict(line.split("=", 1) for line in (tmp_path / "environment").read_text().splitlines() if "=" in line)
    assert (environment["GOENV"], environment["GOFLAGS"]) == ("off", "-mod=mod")
    assert not {"GOSUMDB", "GONOSUMDB", "GOPRIVATE", "GOINSECURE"} & environment.keys()
    assert re.search(r"^github\.com/pulumi/pulumi/pkg/v3 v3\.259\.0 h1:\S{43}=$", (tmp_path / "sums").read_text(), re.MULTILINE)
    assert (tmp_path / "go").read_text().splitlines() == ["mod download github.com/pulumi/pulumi/pkg/v3@v3.259.0"]


@pytest.mark.parametrize("file", [".ci/uv.txt", ".ci/lowest.txt", "requirements.lock"])
def test_what_the_makefile_installs_is_hashed(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    requirements = [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]
    assert requirements
    assert [block.split()[0] for block in requirements if "--hash=sha256:" not in block] == []


def test_the_makefile_installs_nothing_else() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--require-hashes" in makefile
    assert (
        re.findall(r"pip install(?! --quiet --no-input --disable-pip-version-check --only-binary :all: --no-deps)", makefile)
        == []
    )
