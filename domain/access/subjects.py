"""Subjects of client certificates, as Kafka writes and compares them.

Kafka takes what Java's ``X500Principal.getName()`` gives, which is RFC 2253, and compares it letter by letter: no wildcards, no
spaces after commas, attribute types in capitals. Apache Kafka documentation, "Authorization and ACLs", "Customizing SSL User
Name"; JDK, ``sun.security.x509.AVA``.
"""

from __future__ import annotations

import re

from domain.problems import printable

LONGEST_SUBJECT = 500
"""Characters; this program's own bound."""

TYPES: tuple[str, ...] = ("CN", "OU", "O", "L", "ST", "C", "DC", "UID", "STREET")
"""Attribute types that RFC 2253 writes by name; every other one is an OID with its value in hexadecimal digits."""

_EXAMPLE = '"CN=orders,O=Example"'
_SPECIAL = ',=+<>#;"\\'
"""What is escaped with a backslash wherever it stands in a value."""

_PART = re.compile(r"(?:\\.|[^\\,+])*")
_VALUE = re.compile(r"(?:\\.|[^\\])*")
_OID = re.compile(r"[0-9]+(\.[0-9]+)+=#[0-9a-f]+")
_ODD_ESCAPE = re.compile(r'(?<!\\)(?:\\\\)*(\\(?!00)[^,=+<>#;"\\ ])')
_BYTES = re.compile(r"(?:\\[0-9A-Fa-f]{2})+")
_BROKERS = re.compile(r"CN=\*\..*\.amazonaws\.com(\.cn)?(,.*)?")


def distinguished_name(value: str) -> str:
    """The subject itself, if Kafka can ever write one like it.

    Raises:
        ValueError: No certificate has it in Kafka's writing; the message says why, after "path = value: ".
    """
    if len(value) > LONGEST_SUBJECT:
        raise ValueError(f"must be a certificate's subject of at most {LONGEST_SUBJECT} characters.")
    if hidden := next((character for character in value if not character.isprintable()), None):
        raise ValueError(
            f"has the invisible character {printable(hidden)} (U+{ord(hidden):04X}), and Kafka compares subjects exactly. Remove "
            "it."
        )
    if not re.match(r"([A-Za-z]+|[0-9.]+) *=", value):
        raise ValueError(f"must be a certificate's subject as Kafka writes it, such as {_EXAMPLE}.")
    for part in parts_of(value):
        _check_part(part)
    return value


def parts_of(subject: str) -> list[str]:
    """The attributes of a subject, ``CN=orders`` and so on, in order."""
    parts, place = [], 0
    while place <= len(subject):
        part = _PART.match(subject, place)
        end = part.end() if part else place
        # A backslash with nothing behind it escapes nothing: it stays in the part, where it is refused.
        end = len(subject) if subject[end : end + 1] == "\\" else end
        parts.append(subject[place:end])
        place = end + 1
    return parts


def _check_part(part: str) -> None:
    kind, equals, text = part.partition("=")
    if part != part.lstrip() or kind != kind.strip() or text.startswith(" "):
        raise ValueError(f"has a space before {part.strip() or 'its end'}, or around its =. Kafka writes none, as in {_EXAMPLE}.")
    if not equals or not text:
        raise ValueError(
            f"has {part or 'nothing'} between commas, which is not an attribute. Write TYPE=value, and a comma in a value as \\,."
        )
    if kind.upper() in TYPES and kind not in TYPES:
        raise ValueError(f"has {kind}, but Kafka writes {kind.upper()} and compares subjects exactly.")
    if kind not in TYPES:
        if _OID.fullmatch(part):
            return
        raise ValueError(
            f"has {kind}, which Kafka writes as an OID and hexadecimal digits, such as 1.2.840.113549.1.9.1=#1613... for an "
            f"e-mail address. Kafka writes only {', '.join(TYPES)} by name. A broker's log shows the subject as Kafka has it."
        )
    if re.fullmatch(r"#[0-9a-f]+", text):
        # A value that is no text stands in hexadecimal digits, whatever its type.
        return
    if strange := _ODD_ESCAPE.search(text):
        raise ValueError(
            f"has {strange[1]} in {part}, but Kafka writes non-ASCII letters as they are, not as openssl does: "
            f"{printable(_letters(text))}."
        )
    bare = re.sub(r"\\.", "", text)
    wrong = next((character for character in _SPECIAL if character in bare), None)
    if wrong is not None or not _VALUE.fullmatch(text):
        raise ValueError(f"has {wrong or 'a backslash'} in {part}, which Kafka writes with a backslash before it.")
    if text.endswith(" ") and not text.endswith("\\ "):
        raise ValueError(f"has a space at the end of {part}, which Kafka writes with a backslash before it.")


def _letters(text: str) -> str:
    """A value with the letters that its bytes are in place of them, as far as they are UTF-8."""
    return _BYTES.sub(lambda match: bytes.fromhex(match[0].replace("\\", "")).decode("utf-8", errors="replace"), text)


def doubtful(subject: str) -> str | None:
    """What is worth a warning about a subject that a certificate may have, after "setting is value"; None for most."""
    if _BROKERS.fullmatch(subject):
        return (
            "is the name of brokers of Amazon MSK clusters, not of a client. Every broker with such a name gets this client's "
            "permissions."
        )
    if "*" in subject:
        return (
            "has a *, but Kafka has no wildcards in subjects: it accepts only a certificate whose subject has the * itself. Give "
            "each certificate an entry of its own."
        )
    types = [part.partition("=")[0] for part in parts_of(subject)]
    if len(types) > 1 and types[0] == "C" and types[-1] == "CN":
        return (
            "begins with the country and ends with the name, as openssl prints subjects. Kafka writes the last attribute of a "
            "certificate first: for most it is CN=...,C=.... `openssl x509 -noout -subject -nameopt RFC2253` prints it in this "
            "order."
        )
    return None
