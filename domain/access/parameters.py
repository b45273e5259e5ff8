"""Where clients' files are in SSM Parameter Store."""

from __future__ import annotations

PARAMETERS = "/msk"
"""What the name of every parameter begins with."""


def client_path(cluster_name: str, client: str) -> str:
    """What the names of a client's parameters begin with; the format and the file follow."""
    return f"{PARAMETERS}/{cluster_name}/clients/{client}"
