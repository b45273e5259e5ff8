"""What a person must do beside using a client's file: all of it, in every library's file, and nothing that is not so."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from domain.access.mechanisms import Mechanism
from domain.clients import connection as client_connection
from domain.clients.connection import ClientConnection
from domain.clients.files import Format, render
from domain.clients.notes import RACK, Library, notes

CONNECTION = ClientConnection(
    name="orders-api",
    mechanism=Mechanism.IAM,
    bootstrap="b-1:9098,b-2:9098",
    region="eu-west-1",
    produces=True,
    consumes=True,
    transactional_id="orders-1",
    group="erp",
    application_id="totals",
    user="orders",
    secret="arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_orders_orders-AbCdEf",  # noqa: S106 - a secret's ARN is none
)
VARIABLES = {value for name, value in vars(client_connection).items() if name.endswith("_VARIABLE")}
OPTIONAL = {client_connection.TRUSTED_CA_VARIABLE}
"""Read where it is set; brokers of Amazon MSK need none."""
BOTH = list(product(Mechanism, Library))
FORMATS = {
    Format.JAVA: Library.JAVA,
    Format.CONNECT: Library.JAVA,
    Format.SPRING: Library.JAVA,
    Format.KAFKA_STREAMS: Library.JAVA,
    Format.LIBRDKAFKA: Library.LIBRDKAFKA,
    Format.CONFLUENT_KAFKA: Library.PYTHON,
    Format.KAFKA_PYTHON: Library.PYTHON,
}


def named(texts: list[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"KAFKA_[A-Z]+", text)}


def of(mechanism: Mechanism, library: Library) -> list[str]:
    return notes(replace(CONNECTION, mechanism=mechanism), library)


@pytest.mark.parametrize(("mechanism", "library"), BOTH)
def test_the_first_line_says_whose_file_it_is_and_each_is_one_sentence_on_one_line(
    mechanism: Mechanism, library: Library
) -> None:
    found = of(mechanism, library)
    assert found[0] == f"Client orders-api: {mechanism}."
    for note in [*found, RACK]:
        assert note.splitlines() == [note]
        assert note.endswith(".")


@pytest.mark.parametrize("library", list(Library))
def test_who_has_no_identity_needs_nothing(library: Library) -> None:
    for mechanism in (Mechanism.UNAUTHENTICATED_TLS, Mechanism.PLAINTEXT):
        assert len(of(mechanism, library)) == 1
    for mechanism in (Mechanism.IAM, Mechanism.SCRAM, Mechanism.MUTUAL_TLS):
        assert any(note.startswith("Needs ") for note in of(mechanism, library))


def test_every_format_is_some_librarys() -> None:
    assert FORMATS.keys() == set(Format)


@pytest.mark.parametrize(("mechanism", "wanted"), list(product(Mechanism, Format)))
def test_what_the_files_read_from_the_environment_is_what_the_notes_name(mechanism: Mechanism, wanted: Format) -> None:
    read = set()
    for text in render(replace(CONNECTION, mechanism=mechanism), wanted).values():
        without_notes = text
        for note in of(mechanism, FORMATS[wanted]):
            assert note in " ".join(text.split()), f"{note} is not in\n{text}"
            without_notes = without_notes.replace(note, "")
        read |= named([without_notes])
    said = named(of(mechanism, FORMATS[wanted]))
    assert said <= VARIABLES
    assert read - OPTIONAL <= VARIABLES
    assert said == read - OPTIONAL


@pytest.mark.parametrize(("mechanism", "library"), BOTH)
def test_a_secret_is_named_by_its_arn_where_there_is_one_and_nowhere_else(mechanism: Mechanism, library: Library) -> None:
    assert (CONNECTION.secret in " ".join(of(mechanism, library))) is (mechanism is Mechanism.SCRAM)


def test_each_library_is_told_of_its_own_way_to_sign_for_iam() -> None:
    words = {library: of(Mechanism.IAM, library)[1] for library in Library}
    assert "aws-msk-iam-auth" in words[Library.JAVA]
    assert "token refresh callback" in words[Library.LIBRDKAFKA]
    assert "aws-msk-iam-sasl-signer-python" in words[Library.PYTHON]
