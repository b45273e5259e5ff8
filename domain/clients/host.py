"""What is on the test client's host and what its role may do besides Kafka."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterable, Mapping

from domain.access.documents import Document, Place
from domain.access.mechanisms import Mechanism
from domain.access.parameters import client_path
from domain.clients.connection import ClientConnection
from domain.clients.files import render
from domain.clients.versions import IAM_AUTH, KAFKA_CLIENTS, KAFKA_PYTHON, SIGNER
from domain.settings.clients import Format

MAXIMUM_USER_DATA = 16 * 1024
"""Bytes, before encoding. Amazon EC2 User Guide, "Run commands when you launch an EC2 instance with user data input"."""

HOME = "/opt/msk-smoke"
"""Where everything is on the host."""

_PROGRAMS = "/usr/local/bin"
_SIGNER_WANTED = "yes"

KAFKA_VERSION = KAFKA_CLIENTS.tested
"""Of Kafka's tools: those of the newest 3.9 talk to brokers of every version that Amazon MSK has (Apache Kafka documentation,
"Compatibility, Deprecation, and Migration Plan": clients and brokers from 2.1 on)."""
SIGNER_VERSION = IAM_AUTH.tested
"""Of aws-msk-iam-auth, with which Kafka's tools sign in by IAM."""

KAFKA_ARCHIVE = f"https://archive.apache.org/dist/kafka/{KAFKA_VERSION}/kafka_2.13-{KAFKA_VERSION}.tgz"
SIGNER_ARCHIVE = (
    f"https://github.com/aws/aws-msk-iam-auth/releases/download/v{SIGNER_VERSION}/aws-msk-iam-auth-{SIGNER_VERSION}-all.jar"
)
"""Where the host takes Kafka's tools and the signer from, where there is a way to the internet and no `packages`."""


def requirements(mechanism: Mechanism) -> tuple[str, ...]:
    """The Python packages that the host installs."""
    return tuple(wheel.requirement for wheel in (KAFKA_PYTHON, *([SIGNER] if mechanism is Mechanism.IAM else [])))


def user_data(
    programs: Mapping[str, str],
    connection: ClientConnection,
    *,
    formats: Iterable[Format],
    cluster_name: str,
    cluster_arn: str,
    packages: str,
    operate: bool,
) -> str:
    """The script of the host's first start: puts the programs in place and prepares them once.

    What fails then is tried again by `smoke` and `operator`, which say what is wrong. Kafka's tools are brought then where the
    host is for operators, so that nobody waits for them at night, and otherwise when they are first asked for.

    Args:
        programs: The texts of `smoke.py` and `smoke.sh`.
        connection: The client, with the ARN of its secret.
        formats: The libraries that it has files for.
        cluster_name: The cluster's name.
        cluster_arn: The cluster's ARN.
        packages: Where in Amazon S3 the packages are; empty for the Python Package Index and Kafka's archive.
        operate: Whether the host is for operators.

    Raises:
        ValueError: It is longer than Amazon EC2 takes.
    """
    names = [f"{wanted}/{file}" for wanted in formats for file in render(connection, wanted)]
    signer = SIGNER_ARCHIVE if connection.mechanism is Mechanism.IAM else ""
    settings = {
        "REGION": connection.region,
        "CLUSTER": cluster_name,
        "ARN": cluster_arn,
        "FILES": client_path(cluster_name, connection.name),
        "NAMES": " ".join(names),
        "SECRET": connection.secret,
        "PACKAGES": packages,
        "REQUIREMENTS": " ".join(requirements(connection.mechanism)),
        "KAFKA": "" if packages else KAFKA_ARCHIVE,
        # With packages only whether it is wanted counts.
        "SIGNER": signer and (_SIGNER_WANTED if packages else signer),
    }
    lines = [f"{name}={shlex.quote(value)}" for name, value in settings.items()]
    text = "\n".join(
        [
            "#!/bin/bash",
            "set -euo pipefail",
            f"mkdir -p {HOME}",
            _file(f"{HOME}/settings", "\n".join(lines)),
            _file(f"{HOME}/smoke.py", narrowed(without_docstrings(programs["smoke.py"]))),
            f"cd {_PROGRAMS}",
            _file("smoke", narrowed(programs["smoke.sh"])),
            "chmod 755 smoke",
            "ln -s smoke operator",
            *(["./operator --prepare || true"] if operate else []),
            "./smoke --prepare",
            "",
        ]
    )
    if len(text.encode()) > MAXIMUM_USER_DATA:
        raise ValueError(f"The test client's user data has {len(text.encode())} bytes; Amazon EC2 allows {MAXIMUM_USER_DATA}.")
    return text


def without_docstrings(program: str) -> str:
    """A Python program without the docstrings of its classes and functions; of its own the first line stays, for its help."""
    lines = program.splitlines()
    tree = ast.parse(program)
    if own := ast.get_docstring(tree):
        last = tree.body[0].end_lineno or 1
        lines[:last] = [repr(own.splitlines()[0]), *[""] * (last - 1)]
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            text = node.body[0]
            last = text.end_lineno or text.lineno
            rest = [" " * text.col_offset + "pass"] if len(node.body) == 1 else [""]
            lines[text.lineno - 1 : last] = [*rest, *[""] * (last - text.lineno)]
    return "\n".join(lines) + "\n"


def narrowed(program: str) -> str:
    """A program without comments and empty lines, one space for each level of indentation: Amazon EC2 counts bytes.

    Its strings are of one line, but for docstrings.
    """
    lines = [(line, line.lstrip(" ")) for line in program.splitlines() if line.strip()]
    lines = [(line, text) for line, text in lines if not text.startswith("#") or text.startswith("#!")]
    return "\n".join(" " * ((len(line) - len(text)) // 4) + text for line, text in lines) + "\n"


def _file(path: str, text: str) -> str:
    mark = "END_OF_FILE"
    if mark in text:
        raise ValueError(f"{path} has the line that ends it in the script.")
    return f"cat >{path} <<'{mark}'\n{text.rstrip(chr(10))}\n{mark}"


def host_policy(place: Place, *, packages: str, secret_arn: str, key_arn: str) -> Document:
    """What the host's role may do besides Session Manager and Kafka: read its packages, and its user's password.

    Args:
        place: Where it runs.
        packages: Where in Amazon S3 the packages are; empty for none.
        secret_arn: The secret with its password; empty with IAM.
        key_arn: The key of that secret.
    """
    statements: list[Mapping[str, object]] = []
    if packages:
        bucket, _, prefix = packages.removeprefix("s3://").rstrip("/").partition("/")
        arn = f"arn:{place.partition}:s3:::{bucket}"
        condition = {"Condition": {"StringLike": {"s3:prefix": [f"{prefix}", f"{prefix}/*"]}}} if prefix else {}
        below = f"{prefix}/*" if prefix else "*"
        statements += [
            {"Sid": "ListPackages", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": arn, **condition},
            {"Sid": "ReadPackages", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": f"{arn}/{below}"},
        ]
    if secret_arn:
        through = {"StringEquals": {"kms:ViaService": place.service("secretsmanager")}}
        statements += [
            {"Sid": "ReadPassword", "Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": secret_arn},
            {"Sid": "Decrypt", "Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": key_arn, "Condition": through},
        ]
    return {"Version": "2012-10-17", "Statement": statements}


def architecture(instance_type: str) -> str:
    """The processors of an instance type: ``arm64`` or ``x86_64``.

    Amazon EC2 User Guide, "Instance type naming conventions": a g after the generation is AWS Graviton; the first
    is a1.
    """
    family = instance_type.split(".", maxsplit=1)[0]
    options = re.sub(r"^[a-z]+-?\d+", "", family)
    return "arm64" if family == "a1" or "g" in options.split("-")[0] else "x86_64"


USUAL_HOSTS: Mapping[str, str] = {
    "t2 t3 t3a t4g": "nano micro small medium large xlarge 2xlarge",
    "c6g c6gd c6gn c7g c7gd c7gn c8g c8gd c8gn m6g m6gd m7g m7gd m8g m8gd r6g r6gd r7g r7gd r8g r8gd": (
        "medium large xlarge 2xlarge"
    ),
    "c7a m7a r7a": "medium large xlarge 2xlarge",
    "c5 c5a c5d c6a c6i c6id c7i c7i-flex c8i m5 m5a m5d m6a m6i m6id m7i m7i-flex m8i r5 r5a r5d r6a r6i r6id r7i r8i": (
        "large xlarge 2xlarge"
    ),
}
"""Sizes by families. Amazon EC2 API reference, ``InstanceType``, as of botocore 1.44.5, November 2026."""


def is_listed(instance_type: str) -> bool:
    """Whether an instance type is one of those that a small host is usually of; EC2 has hundreds, and more each month."""
    family, _, size = instance_type.partition(".")
    return any(family in families.split() and size in sizes.split() for families, sizes in USUAL_HOSTS.items())


def image_parameter(instance_type: str) -> str:
    """The public parameter with the newest image. Amazon Linux 2023 User Guide, "Launching with the AL2023 AMI"."""
    return f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture(instance_type)}"


def endpoint_services(mechanism: Mechanism) -> tuple[str, ...]:
    """The AWS services that it needs interface endpoints of where there is no way to the internet."""
    return ("ssm", "ssmmessages", *(("secretsmanager",) if mechanism is Mechanism.SCRAM else ()))
