"""A Python that has imported what takes long, and runs each script in a copy of itself.

A command of the CLI starts four or five Pythons: two language hosts, a provider or two, the program, perhaps the policy pack.
What they import of other people's takes them longer than what they do, and is the same each time. This process imports it once
and forks for each script, which finds its own modules anew, as in a Python of its own; `warm_client.py` stands for the script
where a process is wanted. Run as `python warm_python.py SOCKET MODULE...`; it ends when its standard input does.
"""

from __future__ import annotations

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
from pathlib import Path

_STREAMS = 3
LENGTH = struct.Struct("!q")
"""Of a request, and a script's exit code: negative where a signal ended it."""


def import_fully(module: str) -> None:
    """Imports a module, also one that pulumi-aws puts off until something in it is asked for."""
    getattr(importlib.import_module(module), "__all__", None)


def serve(path: Path) -> tuple[str, list[str]]:
    """Serves requests until standard input ends, and then ends; only in a copy does it return: what that one shall run."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(64)
    # Copies share what is not counted again.
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    copies: set[int] = set()
    while True:
        ready, _, _ = select.select([listener.fileno(), sys.stdin.fileno()], [], [])
        copies -= {copy for copy in copies if os.waitpid(copy, os.WNOHANG)[0]}
        if listener.fileno() not in ready:
            sys.exit()
        connection, _ = listener.accept()
        copy = os.fork()
        if copy == 0:
            listener.close()
            return _run(connection)
        copies.add(copy)
        connection.close()


def _run(connection: socket.socket) -> tuple[str, list[str]]:
    """Returns in a copy what it shall run; in this process it ends that copy when the client goes, and tells how it ended."""
    length, streams, _, _ = socket.recv_fds(connection, LENGTH.size, _STREAMS)
    with connection.makefile("rb") as stream:
        directory, modules_from, (script, *arguments), environment = marshal.loads(stream.read(*LENGTH.unpack(length)))  # noqa: S302
    # It ends, however it does, when the copy has: nobody else has the other end.
    ended, held = os.pipe()
    copy = os.fork()
    if copy == 0:
        connection.close()
        os.close(ended)
        for number, stream_ in enumerate(streams):
            os.dup2(stream_, number)
            os.close(stream_)
        os.chdir(directory)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:0] = modules_from
        return script, arguments
    for number in (held, *range(_STREAMS), *streams):
        os.close(number)
    ready, _, _ = select.select([connection.fileno(), ended], [], [])
    client_is_gone = connection.fileno() in ready
    if client_is_gone:
        os.kill(copy, signal.SIGKILL)
    _, status = os.waitpid(copy, 0)
    if not client_is_gone:
        connection.sendall(LENGTH.pack(os.waitstatus_to_exitcode(status)))
    os._exit(0)


if __name__ == "__main__":
    for name in sys.argv[2:]:
        import_fully(name)
    script, arguments = serve(Path(sys.argv[1]))
    sys.argv = [script, *arguments]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(write_through=True)  # type: ignore[union-attr]
    if script.endswith(".py"):
        runpy.run_path(script, run_name="__main__")
    else:
        runpy.run_module(script, run_name="__main__", alter_sys=True)
