"""A Python that has imported what takes long, and runs each script in a copy of itself.

A command of the CLI starts four or five Pythons: two language hosts, a provider or two, the program, perhaps the policy pack.
What they import takes them longer than what they do, and is the same each time. This process imports it once and forks for each
script; `warm_client.py` stands for the script where a process is wanted. Of what was imported from this project's directories, a
script keeps what it would find itself where it looks for modules, and knows nothing of the rest, as in a Python of its own. Run
as `python -u warm_python.py SOCKET DIRECTORIES MODULE...`; it ends when its standard input does.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import marshal
import os
import runpy
import select
import signal
import socket
import struct
import sys
import traceback
from pathlib import Path
from typing import NamedTuple

_STREAMS = 3
LENGTH = struct.Struct("!q")
"""Of a request, and a script's exit code: negative where a signal ended it."""


class Request(NamedTuple):
    """What a copy shall run, and with what."""

    directory: str
    modules_from: list[str]
    command: list[str]
    environment: dict[str, str]


class Running(NamedTuple):
    """A copy that runs a script."""

    copy: int
    connection: socket.socket
    """The client's; it ends when the client does."""
    end: int
    """A pipe that ends when the copy does, however that is: nobody else has its other end."""


def import_fully(module: str) -> None:
    """Imports a module, also one that pulumi-aws puts off until something in it is asked for."""
    getattr(importlib.import_module(module), "__all__", None)


def import_all(names: list[str], directories: list[str]) -> dict[str, str]:
    """Imports modules, some of them from directories that are not kept on the path.

    Returns:
        Where the packages from these directories are, links followed, by their names.
    """
    sys.path[:0] = directories
    for name in names:
        import_fully(name)
    del sys.path[: len(directories)]
    places = {name: next(iter(getattr(module, "__path__", ())), "") for name, module in sys.modules.items() if "." not in name}
    return {name: os.path.realpath(place) for name, place in places.items() if str(Path(place).parent) in directories}


def forget_others(packages: dict[str, str], modules_from: list[str]) -> None:
    """Forgets the packages that a script would find elsewhere than they were imported from, or nowhere."""
    for package, place in packages.items():
        if not any(os.path.realpath(Path(directory, package)) == place for directory in modules_from):
            for name in [name for name in sys.modules if name.partition(".")[0] == package]:
                del sys.modules[name]


def serve(path: str, packages: dict[str, str]) -> list[str]:
    """Serves clients until standard input ends, and then ends; only in a copy does it return: what that one shall run."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    # Copies share what is not counted again.
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    running: list[Running] = []
    while True:
        clients, ends = [broker.connection.fileno() for broker in running], [broker.end for broker in running]
        ready, _, _ = select.select([0, listener.fileno(), *clients, *ends], [], [])
        if 0 in ready:
            sys.exit()
        for broker in [broker for broker in running if broker.connection.fileno() in ready or broker.end in ready]:
            running.remove(broker)
            _ended(broker)
        if listener.fileno() in ready:
            connection, _ = listener.accept()
            if received := _received(connection):
                request, streams = received
                end, held = os.pipe()
                if (copy := os.fork()) == 0:
                    for other in (listener, connection, *(broker.connection for broker in running)):
                        other.close()
                    for number in (end, *(broker.end for broker in running)):
                        os.close(number)
                    return _become(request, streams, packages)
                running.append(Running(copy, connection, end))
                for number in (held, *streams):
                    os.close(number)


def _received(connection: socket.socket) -> tuple[Request, list[int]] | None:
    """What a client asks for, and its streams; None where it was ended before it had said so."""
    length, streams, _, _ = socket.recv_fds(connection, LENGTH.size, _STREAMS)
    try:
        with connection.makefile("rb") as stream:
            return Request(*marshal.loads(stream.read(*LENGTH.unpack(length)))), streams  # noqa: S302 - of these tests' own client
    except (EOFError, ValueError, struct.error):
        for number in streams:
            os.close(number)
        connection.close()
        return None


def _become(request: Request, streams: list[int], packages: dict[str, str]) -> list[str]:
    """Takes on a client's streams, directory and environment."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request.directory)
    os.environ.clear()
    os.environ.update(request.environment)
    sys.path[:0] = request.modules_from
    forget_others(packages, request.modules_from)
    return request.command


def _ended(one: Running) -> None:
    """Ends a copy whose client is gone, or tells the client how the copy ended."""
    if select.select([one.connection], [], [], 0)[0]:
        os.kill(one.copy, signal.SIGKILL)
    _, status = os.waitpid(one.copy, 0)
    # A client that is gone is told nothing.
    with contextlib.suppress(BrokenPipeError):
        one.connection.sendall(LENGTH.pack(os.waitstatus_to_exitcode(status)))
    one.connection.close()
    os.close(one.end)


def _run(script: str) -> int:
    """Runs a script as Python does; returns its exit code."""
    try:
        if script.endswith(".py"):
            runpy.run_path(script, run_name="__main__")
        else:
            runpy.run_module(script, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - whatever a script raises is shown
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    sys.argv = serve(sys.argv[1], import_all(sys.argv[3:], sys.argv[2].split(os.pathsep)))
    # At once: to take apart what was imported would copy it first.
    os._exit(_run(sys.argv[0]))
