"""Stands for a HashiCorp Vault, which can encrypt the key that a stack's secrets are encrypted with.

A passphrase is made slow to guess: with one, every command of the CLI computes for a quarter of a second until it can read the
state. Secrets in the state are encrypted the same way with both.
"""

from __future__ import annotations

import base64
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRETS_PROVIDER = "hashivault://stacks"
_MASK = 0x5A


class _Transit(BaseHTTPRequestHandler):
    """Vault's engine `transit`, which encrypts for whoever asks: here by a mask, for what is in the file must not be the key."""

    def do_PUT(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/transit/encrypt/stacks":
            answer = {"ciphertext": "vault:v1:" + _masked(asked["plaintext"])}
        elif self.path == "/v1/transit/decrypt/stacks":
            answer = {"plaintext": _masked(asked["ciphertext"].removeprefix("vault:v1:"))}
        else:
            self.send_error(404)
            return
        content = json.dumps({"data": answer}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Says nothing: standard error is the tests'."""


def _masked(text: str) -> str:
    return base64.b64encode(bytes(byte ^ _MASK for byte in base64.b64decode(text))).decode()


@contextmanager
def vault() -> Iterator[str]:
    """Runs one for as long as the context lasts, and says where: what VAULT_SERVER_URL must be."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Transit) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
