"""Passwords and keys that nobody reads by the way.

A connector's configuration, a worker's properties and a connection of AWS Glue are shown to everybody who may describe them,
and so is a parameter of the type String: a password there is known to more people than the database's own. Kafka's config
providers look a value up where it is used, as in `${secretsmanager:orders/database:password}`. Complying costs a secret in AWS
Secrets Manager, and the permission of the connector's role to read it.

The rule finds secrets by the name of the setting or parameter, by passwords within longer texts (JAAS, addresses of databases),
and where a parameter is made from a random password of the program. A reference is none, and neither is the password of a trust
store, whose certificates are public. A Pulumi secret is no exception: AWS shows it all the same. Unknown values: only advised on
in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.connect.connectors import GLUE_CONNECTION, WORKER_CONFIGURATION, said_of, settings
from msk_policies.connect.secrets import in_the_clear, named_as_secret
from msk_policies.kit.properties import UnknownValueError, read
from msk_policies.kit.rule import CONNECTOR
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.arns import arn
from msk_policies.msk.scram import RANDOM_PASSWORD

_PARAMETER = "aws:ssm/parameter:Parameter"
_IN_CLEAR = "has a secret in the clear"
_VALUES = ("value", "insecureValue")
_READABLE = ("String", "StringList")


def _settings(resource: PolicyResource, _stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    found = settings(resource.resource_type, resource.props)
    for setting, wrong in said_of(found, named_as_secret, lambda name, value: _IN_CLEAR if in_the_clear(name, value) else None):
        yield (
            f"Keep secrets out of settings that AWS shows: {setting.path} of {resource.name} {wrong}. "
            f"Set {setting.path} to a reference to AWS Secrets Manager, by a config provider."
        )


def _parameter(parameter: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    if read(parameter.props, "type") not in _READABLE:
        return
    for path in _VALUES:
        if stack.referred(parameter, path, RANDOM_PASSWORD) or _is_secret(parameter, path):
            yield (
                f"Keep secrets out of settings that AWS shows: {path} of {parameter.name} is a secret, and its type is one that "
                "everybody reads who may read parameters. Set type to SecureString."
            )
            return


def _is_secret(parameter: PolicyResource, path: str) -> bool:
    name = read(parameter.props, "name")
    name = name if isinstance(name, str) else parameter.name
    try:
        value = read(parameter.props, path)
    except UnknownValueError:
        if named_as_secret(name.replace("/", ".")):
            raise
        return False
    return isinstance(value, str) and arn(value) is None and in_the_clear(name.replace("/", "."), value)


POLICY = stack_rule(
    "no-secrets-in-clear",
    display_name="No secrets in the clear",
    description="Connectors, their workers and parameters should refer to secrets rather than hold them.",
    judges={**dict.fromkeys((CONNECTOR, WORKER_CONFIGURATION, GLUE_CONNECTION), _settings), _PARAMETER: _parameter},
    severity=Severity.HIGH,
    tags=["mskconnect", "secrets"],
    remediation_steps="Keep the value in AWS Secrets Manager, name a config provider in the worker configuration and write "
    "${secretsmanager:secret:key} in its place. Change the password: old values stay in AWS's records. A connector's "
    "configuration changes in place; a worker configuration is replaced.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-config-provider.html",
)
