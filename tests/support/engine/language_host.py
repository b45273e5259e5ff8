"""A Python language host for the Pulumi engine: runs programs and policy packs with a warm Python (`warm.py`).

The official one is part of the official download; this one stands in for it where the CLI was built from its Go module. It
does what the tests need: no virtual environments of its own, no installation of dependencies. Run as
`python language_host.py WARM ENGINE`, with the warm Python's socket and what the engine says of itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from offline.project import go_yaml
from support.engine.plugin_process import serve
from support.engine.warm import warm_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    import grpc

_RUN_PROGRAM = Path(__file__).with_name("run_program.py")
_ALREADY_EXPLAINED = 32
"""A program's exit code that says its error was shown (`run_program.py`)."""
_CHUNK = 65536

# Requests and replies are the protocol's messages, which have no attributes that type checking could see.
Message = Any


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    def __init__(self, engine: str, warm: str) -> None:
        self._engine = engine
        self._warm = warm
        self._programs: set[subprocess.Popen[bytes]] = set()

    def Handshake(self, request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        self._engine = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return plugin_pb2.PluginInfo(version=version("pulumi"))

    def GetRequiredPackages(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return language_pb2.GetRequiredPackagesResponse()

    def GetRequiredPlugins(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return language_pb2.GetRequiredPluginsResponse()

    def RuntimeOptionsPrompts(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return language_pb2.RuntimeOptionsResponse()

    def About(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return language_pb2.AboutResponse(executable=sys.executable, version=sys.version.split()[0])

    def GetProgramDependencies(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        return language_pb2.GetProgramDependenciesResponse()

    def InstallDependencies(self, _request: Message, _context: Message) -> Iterator[Message]:  # noqa: N802 - the protocol's name
        yield language_pb2.InstallDependenciesResponse()

    def Run(self, request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        directory = request.info.program_directory or request.pwd
        command = [
            *warm_command(self._warm, [directory], str(_RUN_PROGRAM)),
            *("--project", request.project, "--stack", request.stack, "--organization", request.organization),
            *("--monitor", request.monitor_address, "--engine", self._engine, "--parallel", str(request.parallel)),
            *("--root", request.info.root_directory, "--directory", directory),
            *(["--dry-run"] if request.dryRun else []),
            request.info.entry_point or ".",
        ]
        environment = {
            **os.environ,
            # As Go writes it, byte by byte: it is the size that decides whether the program can be started.
            "PULUMI_CONFIG": go_yaml.to_json(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        try:
            # What the program prints goes where this process prints, and from there the engine takes it.
            program = subprocess.Popen(command, cwd=request.pwd, env=environment)
        except OSError as error:
            # In the official one's words, with Go's text of the same error.
            why = f"fork/exec {sys.executable}: {str(error.strerror).lower()}"
            return language_pb2.RunResponse(error=f"Problem executing program (could not run language executor): {why}")
        self._programs.add(program)
        code = program.wait()
        self._programs.discard(program)
        if code < 0:
            # It was ended because the engine had already seen what is wrong.
            return language_pb2.RunResponse(bail=True)
        if code == _ALREADY_EXPLAINED:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=f"Program exited with non-zero exit code: {code}" if code else "")

    def Cancel(self, _request: Message, _context: Message) -> Message:  # noqa: N802 - the protocol's name
        for program in tuple(self._programs):
            program.kill()
        return empty_pb2.Empty()

    def RunPlugin(self, request: Message, context: grpc.ServicerContext) -> Iterator[Message]:  # noqa: N802 - the protocol's name
        directory = request.info.program_directory
        process = subprocess.Popen(
            [*warm_command(self._warm, [directory], "pulumi.policy"), *request.args, directory],
            cwd=directory,
            env={**os.environ, **dict(pair.split("=", 1) for pair in request.env if "=" in pair)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdout is not None
        context.add_callback(process.kill)
        while chunk := os.read(process.stdout.fileno(), _CHUNK):
            yield language_pb2.RunPluginResponse(stdout=chunk)
        yield language_pb2.RunPluginResponse(exitcode=process.wait())


if __name__ == "__main__":
    host = LanguageHost(engine=sys.argv[-1], warm=sys.argv[1])
    serve(lambda server: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server))
