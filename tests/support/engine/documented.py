"""Follows a document on a stack, as its reader would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from support.stacks import ROOT

if TYPE_CHECKING:
    from support.engine.pulumi_cli import Stack

_PARTS = ("tools", "offline", "inventory", "stacks", "Makefile", ".ci")
"""What commands need of the repository beside what each project of these tests has."""

_AWS = """\
#!{python} -IS
# What the AWS CLI prints: a certificate, a secret, or some value.
import sys
call = sys.argv[1:3]
if call == ["acm-pca", "get-certificate"]:
    print(open({certificate!r}).read())
else:
    print({secret!r} if call == ["secretsmanager", "get-secret-value"] else "value")
"""


class Reader:
    """Somebody with a project, `pulumi` on PATH and no Python environment: the commands bring their own.

    What asks is answered beforehand, as in a pipeline.

    Args:
        stack: The stack that the reader selects.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        for part in _PARTS:
            (stack.project / part).symlink_to(ROOT / part)
        python = stack.project / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
        python.chmod(0o755)
        self._bin = stack.root / "bin"
        self._bin.mkdir()
        (self._bin / "pulumi").symlink_to(stack.cli)
        self.select()

    def select(self) -> None:
        """Selects the stack."""
        self._stack.run("stack", "select", self._stack.name, about_stack=False)

    def put_aws(self) -> None:
        """Puts a program in the AWS CLI's place on PATH; `support.aws_commands` knows which calls AWS takes."""
        certificate = self._stack.root / "certificate.pem"
        make = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", os.devnull, "-subj", "/O=Example/CN=a")
        subprocess.run([*make, "-out", certificate], check=True, capture_output=True)
        secret = json.dumps({"username": "a", "password": "it is secret"})
        aws = self._bin / "aws"
        aws.write_text(_AWS.format(python=sys.executable, certificate=str(certificate), secret=secret), encoding="utf-8")
        aws.chmod(0o755)

    def run(self, commands: str, **variables: str) -> str:
        """Runs commands one after the other; returns what they print."""
        environment = self._stack.environment
        path = os.pathsep.join([str(self._bin), environment["PATH"]])
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", commands],  # noqa: S607 - bash is where PATH says
            cwd=self._stack.project,
            env={**environment, "PATH": path, "YES": "1", "CONFIRM": self._stack.name, **variables},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, f"{commands}\n\n{done.stdout}{done.stderr}"
        return done.stdout


def run_commands(stack: Stack, commands: str, **variables: str) -> str:
    """Runs a section's commands as a reader would."""
    return Reader(stack).run(commands, **variables)
