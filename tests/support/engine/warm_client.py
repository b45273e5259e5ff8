"""Stands for a script that a warm Python runs, which has its streams, environment and directory: each ends when the other does.

Run as `python -I -S warm_client.py SOCKET PATH SCRIPT ARGUMENT...`, with a file or a module's name for a script. It imports as
little as it can, to be there at once.
"""

import marshal
import os
import select
import signal
import socket
import struct
import sys

LENGTH = struct.Struct("!q")


def main() -> int:
    server, modules_from, *command = sys.argv[1:]
    parent = os.getppid()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(server)
        path = [part for part in modules_from.split(os.pathsep) if part]
        request = marshal.dumps((os.getcwd(), path, command, dict(os.environ)))  # noqa: PTH109 - pathlib takes longer than the rest
        socket.send_fds(connection, [LENGTH.pack(len(request))], [0, 1, 2])
        connection.sendall(request)
        while not select.select([connection], [], [], 0.5)[0]:
            if os.getppid() != parent:
                # The engine was killed, which nobody tells its plugins.
                return 1
        answer = connection.recv(LENGTH.size)
    (code,) = LENGTH.unpack(answer) if answer else (1,)
    if code < 0:
        os.kill(os.getpid(), -code)
    return int(code)


if __name__ == "__main__":
    # Not Python's own way with it, which is a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os._exit(main())
