"""The real Pulumi CLI with a project, a backend and a cloud of its own in one directory."""

from __future__ import annotations

import datetime
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from domain.monitoring.rules import RULES_BY_NAME
from support.engine.cloud import Call, Cloud
from support.engine.vault import SECRETS_PROVIDER, vault
from support.engine.warm import warm_command, warm_python
from support.stacks import ROOT, TODAY, project_with, shipped_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE = Path(__file__).resolve().parent
_PASSPHRASE = "for tests"  # noqa: S105 - it guards nothing
"""Of stacks that are made as README.md says."""
_VAULT = "VAULT_SERVER_URL"
"""The variable, and in the directory of plugins the file, that says where the vault of all other stacks is."""
_LESS_COLLECTION = "400"
"""For Go, whose collector of garbage takes a tenth of a command with 100: the CLI lives for a second and stays small."""
SOURCE_DATE_EPOCH = str(int(datetime.datetime.combine(TODAY, datetime.time(), datetime.UTC).timestamp()))
"""The day on which support dates are judged, as the program reads it from the environment."""

_GO_TRACE = re.compile(r"^goroutine \d+ .*\[", re.MULTILINE)
"""What the CLI writes to standard error when it panics, runs into a fatal error or is told to quit."""

UNWATCHED: dict[str, Any] = {
    "monitoring": {"alarms": {name: {"enabled": False} for name in RULES_BY_NAME}, "dashboard": False, "logs": False}
}
"""Settings of a stack that nothing watches: three quarters of a stack do nothing else, and cost every command time."""

_CLOUD = "DOUBLE_CLOUD"
"""The variable that tells the providers where their clouds are."""


def find_cli() -> Path | str:
    """The CLI that `make test` runs with, or why there is none.

    It is the one that PULUMI_CLI names, else one on PATH or in the cache: nothing is fetched or built here.
    """
    if named := os.environ.get("PULUMI_CLI"):
        return Path(named) if os.access(named, os.X_OK) else f"PULUMI_CLI names {named}, which is no program"
    script = ROOT / ".ci" / "pulumi-cli"
    result = subprocess.run(["sh", script, "--at-hand"], capture_output=True, text=True, check=False)  # noqa: S607 - PATH's sh
    return Path(result.stdout.strip()) if result.returncode == 0 else f"{result.stderr.strip()} .ci/pulumi-cli gets one."


@contextmanager
def plugins_in(directory: Path) -> Iterator[None]:
    """Fills an empty directory with the plugins that the engine looks for on PATH; they work for as long as the context lasts."""
    # A socket's path must be short, which a test's directory is not.
    with tempfile.TemporaryDirectory(prefix="warm-") as place:
        server = Path(place) / "socket"
        commands = {
            "pulumi-language-python": f'{_plugin(server, "language_host.py")} {shlex.quote(str(server))} "$@"',
            "pulumi-resource-aws": f'{_plugin(server, "provider.py")} aws "${_CLOUD}/aws.json"',
            "pulumi-resource-random": f'{_plugin(server, "provider.py")} random "${_CLOUD}/random.json"',
        }
        for name, command in commands.items():
            script = directory / name
            script.write_text(f"#!/bin/sh\nexec {command}\n", encoding="utf-8")
            script.chmod(0o755)
        with warm_python(server), vault() as address:
            (directory / _VAULT).write_text(address, encoding="utf-8")
            yield


def _plugin(server: Path, script: str) -> str:
    return shlex.join(warm_command(server, [str(ROOT), str(ROOT / "tests")], str(_HERE / script)))


class BrokeDown(Exception):  # noqa: N818 - as CalledProcessError's kin it says what became of a command, not what a caller did
    """The CLI itself crashed or was killed, whatever it was asked to do."""


@dataclass(frozen=True)
class Result:
    """How a command of the CLI ended."""

    code: int
    output: str
    """Standard output."""
    text: str
    """Standard output and standard error."""


@dataclass(frozen=True)
class Step:
    """What a preview says it will do with a resource."""

    op: str
    urn: str
    type: str
    name: str
    old: dict[str, Any]
    new: dict[str, Any]
    replace_reasons: tuple[str, ...]


class Stack:
    """A stack of this project under the real engine.

    Args:
        root: A directory with `project`, `state` and `cloud` in it.
        name: The stack's name.
        cli: The CLI.
        shared: A directory with `plugins` and `home`, for as many stacks as there are.
    """

    def __init__(self, root: Path, name: str, cli: Path, shared: Path) -> None:
        self.name = name
        self.root = root
        self.project = root / "project"
        self.cloud = Cloud(root / "cloud" / "aws.json")
        self._cli = cli
        self._shared = shared

    @classmethod
    def new(cls, root: Path, name: str, cli: Path, shared: Path, **settings: Any) -> Stack:
        """A stack that the template ships with nothing deployed, and some settings of its stack file changed."""
        for part in ("project", "state", "cloud"):
            (root / part).mkdir(parents=True)
        project_with(root / "project", {name: shipped_stack(name)})
        stack = cls(root, name, cli, shared)
        stack.run("stack", "init", name, "--secrets-provider", SECRETS_PROVIDER, about_stack=False)
        stack.set(**settings)
        return stack

    def copy(self, root: Path) -> Stack:
        """The same stack with the same things deployed, in another directory."""
        shutil.copytree(self.root, root, symlinks=True, dirs_exist_ok=True)
        return Stack(root, self.name, self._cli, self._shared)

    def set(self, **settings: Any) -> None:
        """Changes settings in the stack file; a map is merged into the one that is there, None takes a setting out."""
        if not settings:
            return
        file = self.project / f"Pulumi.{self.name}.yaml"
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        # The CLI writes the project's name before every setting as soon as it writes the file.
        project = yaml.safe_load((self.project / "Pulumi.yaml").read_text(encoding="utf-8"))["name"]
        _merge(content["config"], {f"{project}:{key}": value for key, value in settings.items()})
        file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")

    @property
    def cli(self) -> Path:
        """The CLI that it runs with."""
        return self._cli

    @property
    def environment(self) -> dict[str, str]:
        """What a command of the CLI needs to be about this stack's backend, plugins and clouds."""
        return {
            "PATH": f"{self._shared / 'plugins'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self._shared / "home"),
            "PULUMI_HOME": str(self._shared / "home" / ".pulumi"),
            "PULUMI_BACKEND_URL": f"file://{self.root / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": _PASSPHRASE,
            _VAULT: (self._shared / "plugins" / _VAULT).read_text(encoding="utf-8"),
            "VAULT_SERVER_TOKEN": "for tests",
            "GOGC": _LESS_COLLECTION,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            _CLOUD: str(self.root / "cloud"),
            "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH,
        }

    def run(self, *arguments: str, fails: bool | None = False, about_stack: bool = True) -> Result:
        """Runs a command of the CLI.

        Args:
            arguments: The command and its options.
            fails: Whether it must fail; otherwise it must not. None: it may.
            about_stack: Whether it takes `--stack`.

        Raises:
            BrokeDown: It ended, but not in order: that is never what a test means by failing.
            AssertionError: It ended otherwise than it must.
        """
        with self.start(*arguments, about_stack=about_stack) as process:
            output, errors = process.communicate()
        result = Result(process.returncode, output, output + errors)
        ended = f"exit code {result.code}\n{result.text}"
        if result.code < 0 or _GO_TRACE.search(errors) or process.pid in self.lock_holders():
            raise BrokeDown(f"pulumi {' '.join(arguments)}: {ended}")
        assert fails is None or (result.code != 0) is fails, f"pulumi {' '.join(arguments)}: {ended}"
        return result

    def lock_holders(self) -> frozenset[int]:
        """The processes that hold the stack's lock; one that ends in order takes its lock away, whatever it came across."""
        locks = (self.root / "state").glob(".pulumi/locks/**/*.json")
        return frozenset(json.loads(lock.read_text(encoding="utf-8"))["pid"] for lock in locks)

    def start(self, *arguments: str, about_stack: bool = True) -> subprocess.Popen[str]:
        """Begins a command of the CLI, for a test that does something meanwhile. Arguments as for `run`."""
        which = ["--stack", self.name] if about_stack else []
        command = [str(self._cli), *arguments, *which, "--non-interactive", "--color", "never"]
        return subprocess.Popen(
            command,
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def up(self, *options: str, fails: bool | None = False) -> Result:
        """Deploys, without a preview first."""
        return self.run("up", "--yes", "--skip-preview", *options, fails=fails)

    def calls_of_up(self, *options: str) -> list[Call]:
        """Deploys, and returns what changed in the cloud."""
        self.cloud.forget_calls()
        self.up(*options)
        return self.cloud.calls()

    def preview(self, *options: str) -> list[Step]:
        """What `pulumi preview --json` says it will do, in its order."""
        return [
            Step(
                op=step["op"],
                urn=step["urn"],
                type=step["urn"].split("::")[2].rpartition("$")[2],
                name=step["urn"].split("::")[3],
                old=step.get("oldState", {}),
                new=step.get("newState", {}),
                replace_reasons=tuple(step.get("replaceReasons") or ()),
            )
            for step in json.loads(self.run("preview", "--json", *options).output)["steps"]
        ]

    def state(self) -> dict[str, dict[str, Any]]:
        """The resources in the state by their names, the stack itself by its type."""
        deployment = json.loads(self.run("stack", "export").output)["deployment"]
        return {resource["urn"].split("::")[3]: resource for resource in deployment.get("resources", ())}


def _merge(target: dict[str, Any], changes: dict[str, Any]) -> None:
    for key, value in changes.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict) and isinstance(target.get(key), dict):
            _merge(target[key], value)
        else:
            target[key] = value
