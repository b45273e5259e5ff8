"""What in a program's settings is a secret in the clear: by its name, or by what it holds."""

from __future__ import annotations

import re
from typing import Final

_SECRET_NAME: Final = re.compile(
    r"(^|[._/-])(password|passwd|pwd|passphrase|secret|token|credentials?(\.json)?|sasl\.jaas\.config|user\.info|"
    r"(secret|private|signing|sas|shared|account|api|access|storage)\.?key|secret\.access\.key|api\.secret|client\.secret|"
    r"auth\.token|connection\.string|keystore\.key|key\.pem)$"
)
"""The last words of names of secrets, in Kafka's form: `connection.password`, `aws.secret.access.key`."""
_OF_CERTIFICATES: Final = "truststore.password"
"""A trust store holds certificates of authorities, which are public."""
_REFERENCE: Final = re.compile(r"\$\{[^}]*\}|\{\{[^}]*\}\}")
"""What is looked up where it is used: `${secretsmanager:orders:password}` of a config provider of Kafka, `${VARIABLE}`."""
_IN_A_VALUE: Final = (
    re.compile(
        r"""(?i)\b(?:password|clientsecret|secretkey|pwd)\s*=\s*\\*["']?"""
        r"""(?![\\"'\s;&$])(?!(?:os|process|system|environment)\.)"""
    ),
    re.compile(r"""(?i)"(?:password|secret|token)"\s*:\s*"(?!["'])"""),
    re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@']+@"),
)
"""A password within a longer text, such as JAAS, JSON or the address of a database: code that reads a variable is none."""
_NONE_AT_ALL: Final = frozenset({"", "none", "null", "true", "false"})


def named_as_secret(name: str) -> bool:
    """Whether a setting of this name holds a secret. Capitals within a name count as dots: `secretKey`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", ".", name).lower().replace("_", ".").replace("-", ".")
    return _SECRET_NAME.search(words) is not None and not words.endswith(_OF_CERTIFICATES)


def in_the_clear(name: str, value: str) -> bool:
    """Whether a setting has a secret in its value, which nothing looks up.

    Args:
        name: The setting's name.
        value: Its value.
    """
    looked_up = _REFERENCE.sub("", value)
    if any(pattern.search(_REFERENCE.sub("''", value)) for pattern in _IN_A_VALUE):
        return True
    if name.endswith("jaas.config"):
        return False  # its secrets are within it
    return named_as_secret(name) and looked_up == value and value.strip().lower() not in _NONE_AT_ALL
