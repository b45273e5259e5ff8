"""What every plugin of the engine does: serves gRPC on a port of its own, which it prints, until it is told to go."""

from __future__ import annotations

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
    print(port, flush=True)
    server.wait_for_termination()
