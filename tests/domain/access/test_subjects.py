"""Subjects of certificates: those that Kafka can write are taken, letter by letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.subjects import TYPES, distinguished_name, doubtful, parts_of

SPECIAL = ',=+<>#;"\\'


@pytest.mark.parametrize(
    "subject",
    [
        "CN=orders",
        "CN=orders,OU=Payments,O=Example,L=Paris,ST=Paris,C=FR",
        "CN=Orders Service,O=Süd Käse GmbH",
        "CN=orders.example.com,DC=example,DC=com",
        r"CN=orders,O=Example\, Inc.",
        r"CN=a\+b\=c\#d",
        r"CN=orders\ ",
        "CN=orders+UID=7,O=Example",
        "1.2.840.113549.1.9.1=#16116140622e63,CN=orders",
        "CN=#0403020100",
        r"CN=a\\C3",
        r"CN=a\00b",
    ],
)
def test_subjects_as_kafka_writes_them_are_taken(subject: str) -> None:
    assert distinguished_name(subject) == subject
    assert doubtful(subject) is None


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("", "a certificate's subject as Kafka writes it"),
        ("orders", "a certificate's subject as Kafka writes it"),
        ("*", "a certificate's subject as Kafka writes it"),
        ("/C=FR/CN=orders", "a certificate's subject as Kafka writes it"),
        ("CN=a\tb", r"\t (U+0009)"),
        ("CN=a\nb", "U+000A"),
        ("CN=a\x00b", "U+0000"),
        ("CN=a\u200bb", "U+200B"),
        ("CN=a\u00a0b", "U+00A0"),
        ("CN=a\u202eb", "U+202E"),
        ("CN=orders, O=Example", "a space before O=Example"),
        (" CN=orders", "a certificate's subject as Kafka writes it"),
        ("CN = orders", "around its ="),
        ("cn=orders", "Kafka writes CN"),
        ("CN=orders,o=Example", "Kafka writes O"),
        ("CN=orders,", "nothing between commas"),
        ("CN=orders,,O=Example", "nothing between commas"),
        ("CN=", "not an attribute"),
        ("CN=orders,O=Example,Inc.", r"a comma in a value as \,"),
        ("emailAddress=a@b.c,CN=orders", "as an OID"),
        ("CN=orders,E=a@b.c", "as an OID"),
        ("CN=orders,serialNumber=7", "as an OID"),
        (r"CN=S\C3\BCd", "as they are, not as openssl does: Süd."),
        (r"CN=a\q", r"has \q"),
        (r"CN=a\\\C3", r"has \C"),
        ("CN=a;b", "with a backslash before it"),
        ('CN="orders"', "with a backslash before it"),
        ("CN=a=b", "with a backslash before it"),
        ("CN=orders ", "a space at the end"),
        ("CN=orders\\", "with a backslash before it"),
        (f"CN={'x' * 500}", "at most 500 characters"),
    ],
)
def test_what_kafka_never_writes_is_refused(subject: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as error:
        distinguished_name(subject)
    assert words in str(error.value)


def escaped(value: str) -> str:
    return "".join("\\" + letter if letter in SPECIAL else letter for letter in value)


values = st.text(st.characters(min_codepoint=33, max_codepoint=382).filter(str.isprintable), min_size=1, max_size=12)


@given(st.lists(st.tuples(st.sampled_from(TYPES), values), min_size=1, max_size=5))
def test_whatever_is_escaped_as_rfc_2253_has_it_is_taken_and_falls_into_its_parts(attributes: list[tuple[str, str]]) -> None:
    parts = [f"{kind}={escaped(value)}" for kind, value in attributes]
    assert distinguished_name(",".join(parts)) == ",".join(parts)
    assert parts_of(",".join(parts)) == parts


@given(st.text())
def test_any_text_at_all_is_a_subject_or_a_value_error(text: str) -> None:
    try:
        assert distinguished_name(f"CN={text}") == f"CN={text}"
    except ValueError:
        return
    assert text.isprintable()


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("CN=*", "no wildcards"),
        ("CN=*.example.com,O=Example", "no wildcards"),
        ("CN=*.orders.abc123.c2.kafka.us-east-1.amazonaws.com", "the name of brokers"),
        ("C=FR,O=Example,CN=orders", "as openssl prints"),
    ],
)
def test_what_is_most_likely_another_is_worth_a_warning_only(subject: str, words: str) -> None:
    assert distinguished_name(subject) == subject
    assert words in (doubtful(subject) or "")
