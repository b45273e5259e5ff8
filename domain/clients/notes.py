"""What a person must do beside using a client's file, as the comments at its head."""

from __future__ import annotations

from enum import StrEnum

from domain.access.mechanisms import Mechanism
from domain.clients.connection import CERTIFICATE_VARIABLE, KEY_VARIABLE, KEYSTORE_VARIABLE, PASSWORD_VARIABLE, ClientConnection


class Library(StrEnum):
    """What reads the file."""

    JAVA = "Java"
    LIBRDKAFKA = "librdkafka"
    PYTHON = "Python"


RACK = "Set client.rack to the ID of the client's Availability Zone, such as euw1-az1, so that it reads in its own zone."
"""For consumers: brokers choose a replica in the consumer's own zone (KIP-392), where nothing is charged for the traffic."""


def notes(connection: ClientConnection, library: Library) -> list[str]:
    """What the client needs, a sentence each; the first says whose file it is."""
    first = f"Client {connection.name}: {connection.mechanism}."
    match connection.mechanism, library:
        case Mechanism.IAM, Library.JAVA:
            need = "Needs software.amazon.msk:aws-msk-iam-auth on the class path, and AWS credentials, like every AWS client."
        case Mechanism.IAM, Library.LIBRDKAFKA:
            need = "Needs a token refresh callback with an AWS MSK IAM SASL signer: librdkafka has no signer."
        case Mechanism.IAM, Library.PYTHON:
            need = "Needs aws-msk-iam-sasl-signer-python, and AWS credentials, like every AWS client."
        case Mechanism.SCRAM, _:
            need = f"Needs {PASSWORD_VARIABLE}: the value of `password` in the secret {connection.secret}."
        case Mechanism.MUTUAL_TLS, Library.JAVA:
            need = f"Needs {KEYSTORE_VARIABLE}: the path of a PEM file with the certificate chain and the private key."
        case Mechanism.MUTUAL_TLS, _:
            need = f"Needs {CERTIFICATE_VARIABLE} and {KEY_VARIABLE}: paths of PEM files with the certificate chain and its key."
        case _:
            return [first]
    return [first, need]
