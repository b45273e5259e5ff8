"""How clients prove who they are."""

from __future__ import annotations

from enum import StrEnum


class Mechanism(StrEnum):
    """How a client proves who it is."""

    IAM = "IAM"
    SCRAM = "SCRAM"
    MUTUAL_TLS = "mutual TLS"
    UNAUTHENTICATED_TLS = "unauthenticated TLS"
    PLAINTEXT = "plaintext"
