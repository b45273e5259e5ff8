"""Passwords of SASL/SCRAM users that nobody guesses.

Whoever reaches the brokers may try passwords; one that is short, or is the user's name, falls. A secret that is not the JSON text
that Amazon MSK reads lets nobody in. Complying costs a random password.

The rule judges versions of secrets that are associated with a cluster, or named as Amazon MSK wants them. Unknown values: one
that is made from a random password of the program passes; others are only advised on in a preview.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import UnknownValueError, read, read_if_known
from msk_policies.kit.settings import WholeNumberSetting
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.kit.twins import is_twin
from msk_policies.msk.facts import fact
from msk_policies.msk.scram import RANDOM_PASSWORD, SECRET, associated

_PROPERTY = "secretString"
_PREFIX: str = fact("scram", "secretPrefix").value
_LENGTH = WholeNumberSetting("minimumLength", "Characters that a password must have.", default=12, minimum=1)
_FEWEST_DIFFERENT = 5
_OBVIOUS = ("password", "passw0rd", "changeme", "change-me", "hunter2", "letmein", "qwerty")


def _version(version: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    if any(_of_a_user(secret, stack) for secret in stack.referred(version, "secretId", SECRET)):
        yield from _judge(version, stack, config)


def _secret(secret: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    """A secret of the aws-native provider, which holds its first version."""
    if is_twin(secret.props) and _of_a_user(secret, stack):
        yield from _judge(secret, stack, config)


def _judge(version: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    try:
        text = read(version.props, _PROPERTY)
    except UnknownValueError:
        if stack.referred(version, _PROPERTY, RANDOM_PASSWORD):
            return
        raise
    if text is None:
        return
    wrong = _wrong(text, _LENGTH.of(config))
    if wrong:
        yield (
            f"Give SASL/SCRAM users passwords that nobody guesses: {_PROPERTY} of {version.name} {wrong}. "
            f"Set {_PROPERTY} to a JSON text with username and a random password."
        )


def _of_a_user(secret: PolicyResource, stack: Stack) -> bool:
    name = read_if_known(secret.props, "name")
    return bool(associated(secret, stack)) or (isinstance(name, str) and name.startswith(_PREFIX))


def _wrong(text: object, length: int) -> str | None:
    try:
        user = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        user = None
    name, password = (user.get("username"), user.get("password")) if isinstance(user, Mapping) else (None, None)
    if not isinstance(name, str) or not isinstance(password, str):
        return "is no JSON object with username and password"
    if len(password) < length:
        return f"has a password of fewer than {length} characters"
    if len(set(password)) < _FEWEST_DIFFERENT or any(word in password.lower() for word in _OBVIOUS):
        return "has a password that is easy to guess"
    return "has the username in its password" if name and name.lower() in password.lower() else None


POLICY = stack_rule(
    "unguessable-passwords",
    display_name="Passwords that nobody guesses",
    description="The secrets of SASL/SCRAM users should hold a random password.",
    judges={"aws:secretsmanager/secretVersion:SecretVersion": _version, SECRET: _secret},
    severity=Severity.HIGH,
    settings=[_LENGTH],
    tags=["msk", "authentication", "scram", "secrets"],
    remediation_steps="Let random.RandomPassword make the password. A new version changes the user's password at once: give it "
    "to the client first.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html",
)
