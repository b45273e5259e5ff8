"""What every plugin of the engine does: serves gRPC on a port of its own, which it prints, until it is told to go."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent import futures
from typing import TYPE_CHECKING

import grpc

if TYPE_CHECKING:
    from collections.abc import Callable

_THREADS = 32
"""The engine makes as many calls at a time as it has resources that are ready."""


def serve(add_to: Callable[[grpc.Server], None]) -> None:
    """Serves what `add_to` adds to the server; returns when the process is told to end."""
    server = grpc.server(futures.ThreadPoolExecutor(_THREADS), options=[("grpc.max_receive_message_length", -1)])
    add_to(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        # At once: what an orderly end of Python prints would appear in the middle of the CLI's output.
        signal.signal(number, lambda *_: os._exit(0))
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    print(port, flush=True)
    server.wait_for_termination()


def _end_with(parent: int) -> None:
    """Ends this process when the engine has: one that was killed tells nobody."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)
