"""What a person must do beside using a client's file: all of it, in every library's file, and nothing that is not so."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from domain.access.mechanisms import Mechanism
from domain.clients import connection as client_connection
from domain.clients.connection import ClientConnection, Workers
from domain.clients.files import render
from domain.clients.notes import RACK, Library, notes, packages
from domain.clients.versions import Jar
from domain.settings.clients import Format

CONNECTION = ClientConnection(
    name="orders-api",
    mechanism=Mechanism.IAM,
    bootstrap="b-1:9098,b-2:9098",
    region="eu-west-1",
    produces=True,
    consumes=True,
    transactional_ids=("orders-1",),
    workers=Workers("orders-connect", "configs", "offsets", "statuses"),
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
    Format.CONNECT: Library.CONNECT,
    Format.SPRING: Library.SPRING,
    Format.KAFKA_STREAMS: Library.STREAMS,
    Format.LIBRDKAFKA: Library.LIBRDKAFKA,
    Format.CONFLUENT_KAFKA: Library.CONFLUENT_KAFKA,
    Format.KAFKA_PYTHON: Library.KAFKA_PYTHON,
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
def test_who_has_no_identity_needs_its_library_alone(library: Library) -> None:
    for mechanism in (Mechanism.UNAUTHENTICATED_TLS, Mechanism.PLAINTEXT):
        assert len([note for note in of(mechanism, library) if note.startswith("Needs ")]) == 1
    for mechanism in (Mechanism.IAM, Mechanism.SCRAM, Mechanism.MUTUAL_TLS):
        assert len([note for note in of(mechanism, library) if note.startswith("Needs ")]) == 2


@pytest.mark.parametrize(("mechanism", "library"), BOTH)
def test_what_is_to_be_installed_is_named_with_its_version_and_the_lines_that_install_it(
    mechanism: Mechanism, library: Library
) -> None:
    text = "\n".join(of(mechanism, library))
    needed = packages(mechanism, library)
    assert bool(needed) or library in (Library.LIBRDKAFKA, Library.SPRING)
    for package in needed:
        assert str(package) in text
        lines = [package.gradle, package.maven] if isinstance(package, Jar) else [package.requirement]
        for line in lines:
            assert line in text
    signers = {"aws-msk-iam-auth", "aws-msk-iam-sasl-signer-python"}
    assert any(signer in text for signer in signers) is (mechanism is Mechanism.IAM and library is not Library.LIBRDKAFKA)


def test_what_two_running_instances_may_not_share_is_said() -> None:
    several = replace(CONNECTION, transactional_ids=tuple(f"orders-{number}" for number in range(1, 6)))
    assert "orders-1, orders-2, orders-3 and others." in notes(several, Library.JAVA)[-1]
    begun = replace(CONNECTION, transactional_ids=(), transactional_id_prefix="orders-")
    assert "transactional.id of its own that begins with orders-." in notes(begun, Library.CONFLUENT_KAFKA)[-1]
    assert "transaction-id-prefix of its own that begins with orders-." in notes(begun, Library.SPRING)[-1]
    assert "give it transactionalIdPrefixes" in notes(CONNECTION, Library.SPRING)[-1]
    chooses = replace(CONNECTION, transactional_ids=(), group="", group_prefix="replay-")
    assert notes(chooses, Library.KAFKA_PYTHON)[-1] == "Set group.id to one that begins with replay-."
    assert not any("begins with" in note for note in notes(chooses, Library.STREAMS))


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
    words = {library: " ".join(of(Mechanism.IAM, library)) for library in Library}
    assert "aws-msk-iam-auth" in words[Library.JAVA]
    assert "token refresh callback" in words[Library.LIBRDKAFKA]
    assert "aws-msk-iam-sasl-signer-python" in words[Library.CONFLUENT_KAFKA]
