"""A client's Python module: the dictionaries that confluent-kafka's or kafka-python's clients are made with.

The module takes passwords and paths from the environment when it is imported, and tokens for IAM from
aws-msk-iam-sasl-signer-python (its README) when the library asks for one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from domain.access.mechanisms import Mechanism
from domain.clients.connection import (
    CERTIFICATE_VARIABLE,
    KEY_VARIABLE,
    PASSWORD_VARIABLE,
    TRUSTED_CA_VARIABLE,
    ClientConnection,
    Settings,
    common,
    sides,
)
from domain.clients.librdkafka import FROM_ENVIRONMENT, as_librdkafka, librdkafka_settings, responses
from domain.clients.notes import Library, notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = "kafka_client.py"

_CONFLUENT_TOKENS = """\
def token_of(_config: str) -> tuple[str, float]:
    \"\"\"A token for IAM, made from the environment's AWS credentials.\"\"\"
    token, expires_at_milliseconds = MSKAuthTokenProvider.generate_auth_token("{region}")
    return token, expires_at_milliseconds / 1000
"""

_KAFKA_PYTHON_TOKENS = """\
class Tokens(AbstractTokenProvider):
    \"\"\"Tokens for IAM, made from the environment's AWS credentials.\"\"\"

    def token(self) -> str:
        token, _ = MSKAuthTokenProvider.generate_auth_token("{region}")
        return token
"""


def confluent_kafka_files(connection: ClientConnection) -> dict[str, str]:
    """`kafka_client.py` with CLIENT, and PRODUCER and CONSUMER as far as the client is one, for confluent-kafka."""
    return _module(
        connection,
        client=dict(librdkafka_settings(connection)),
        sides={side: dict(as_librdkafka(settings)) for side, settings in sides(connection)},
        from_environment=FROM_ENVIRONMENT.get(connection.mechanism, {}),
        trusted_ca="ssl.ca.location",
        imports=(),
        tokens=_CONFLUENT_TOKENS,
        token_setting=("oauth_cb", "token_of"),
        library=Library.CONFLUENT_KAFKA,
    )


def kafka_python_files(connection: ClientConnection) -> dict[str, str]:
    """`kafka_client.py` with CLIENT, and PRODUCER and CONSUMER as far as the client is one, for kafka-python 3."""
    security: dict[str, object]
    from_environment: dict[str, str] = {}
    match connection.mechanism:
        case Mechanism.IAM:
            security = {"security_protocol": "SASL_SSL", "sasl_mechanism": "OAUTHBEARER"}
        case Mechanism.SCRAM:
            security = {
                "security_protocol": "SASL_SSL",
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_plain_username": connection.user,
            }
            from_environment = {"sasl_plain_password": PASSWORD_VARIABLE}
        case Mechanism.MUTUAL_TLS:
            security = {"security_protocol": "SSL"}
            from_environment = {"ssl_certfile": CERTIFICATE_VARIABLE, "ssl_keyfile": KEY_VARIABLE}
        case Mechanism.UNAUTHENTICATED_TLS:
            security = {"security_protocol": "SSL"}
        case Mechanism.PLAINTEXT:
            security = {"security_protocol": "PLAINTEXT"}
    return _module(
        connection,
        client={
            **as_kafka_python(common(connection)),
            "bootstrap_servers": connection.bootstrap.split(","),
            **security,
        },
        sides={side: as_kafka_python(settings) for side, settings in sides(connection)},
        from_environment=from_environment,
        trusted_ca="ssl_cafile",
        imports=("from kafka.net.sasl.oauth import AbstractTokenProvider",),
        tokens=_KAFKA_PYTHON_TOKENS,
        token_setting=("sasl_oauth_token_provider", "Tokens()"),
        library=Library.KAFKA_PYTHON,
    )


def as_kafka_python(settings: Settings) -> dict[str, object]:
    """Settings of the Java clients as kafka-python's keyword arguments: names with underscores, values with their types.

    It has no limit of a producer's memory, takes the system's socket buffers unless told otherwise, and its assignor is a class
    rather than a name: those stay its defaults. Without a package besides, gzip is the only compression that it can.
    """
    without = {"buffer.memory", "partition.assignment.strategy", "receive.buffer.bytes", "send.buffer.bytes"}
    fetched = responses(settings) if "fetch.max.bytes" in settings else {}
    named = {name.replace(".", "_"): _typed(value) for name, value in {**settings, **fetched}.items() if name not in without}
    return {**named, "compression_type": "gzip"} if "compression_type" in named else named


def _typed(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.removeprefix("-").isdecimal() else text


def _module(
    connection: ClientConnection,
    *,
    client: Mapping[str, object],
    sides: Mapping[str, Mapping[str, object]],
    from_environment: Mapping[str, str],
    trusted_ca: str,
    imports: Iterable[str],
    tokens: str,
    token_setting: tuple[str, str],
    library: Library,
) -> dict[str, str]:
    iam = connection.mechanism is Mechanism.IAM
    first, *others = notes(connection, library)
    docstring = f'"""{first}\n\n{chr(10).join(others)}\n"""' if others else f'"""{first}"""'
    signer = "\n" + "\n".join(["from aws_msk_iam_sasl_signer import MSKAuthTokenProvider", *imports]) if iam else ""
    settings = [
        _assignment("CLIENT", client),
        *(f'CLIENT["{name}"] = os.environ["{variable}"]' for name, variable in from_environment.items()),
        f'if "{TRUSTED_CA_VARIABLE}" in os.environ:\n    CLIENT["{trusted_ca}"] = os.environ["{TRUSTED_CA_VARIABLE}"]',
        *([f'CLIENT["{token_setting[0]}"] = {token_setting[1]}'] if iam else []),
        *(_assignment(side.upper(), values, "CLIENT") for side, values in sides.items()),
    ]
    head = f"{docstring}\n\nimport os\n{signer}".rstrip("\n")
    parts = [head, *([f"\n{tokens.format(region=connection.region)}"] if iam else []), "\n".join(settings)]
    return {FILE: "\n\n".join(parts) + "\n"}


def _assignment(name: str, values: Mapping[str, object], over: str = "") -> str:
    """A dictionary, a line for each entry; double quotes as formatters want them."""
    lines = [
        *([f"    **{over},"] if over else []),
        *(f"    {_literal(key)}: {_literal(value)}," for key, value in values.items()),
    ]
    return "\n".join([f"{name} = {{", *lines, "}"])


def _literal(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_literal(item) for item in value)}]"
    return json.dumps(value) if isinstance(value, str) else repr(value)
