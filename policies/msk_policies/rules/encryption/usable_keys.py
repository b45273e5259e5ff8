"""Keys that stay able to decrypt what brokers stored.

A key that is disabled, or of a kind that encrypts nothing, stops the brokers that use it: they cannot read their volumes,
and no message comes or goes until the key is back. Amazon MSK takes symmetric encryption keys only (MSK Developer Guide,
"Amazon MSK encryption at rest"). Complying costs nothing.

The rule judges keys, behind an alias too, that encrypt a cluster's data, the secrets of its users, or the logs that it writes.
Unknown values: only
advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import read
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.keys import EXTERNAL_KEY, EXTERNAL_REPLICA_KEY, KEY, KEYS, REPLICA_KEY, encrypted

_ENABLED = {KEY: "isEnabled", **dict.fromkeys((EXTERNAL_KEY, REPLICA_KEY, EXTERNAL_REPLICA_KEY), "enabled")}
_END = "validTo"
_SPEC = {KEY: "customerMasterKeySpec", **dict.fromkeys((EXTERNAL_KEY, REPLICA_KEY, EXTERNAL_REPLICA_KEY), "keySpec")}


def _judge(key: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    users = encrypted(key, stack)
    if not users:
        return
    kind = key.resource_type
    # What AWS takes where nothing is said.
    wanted_of = {_ENABLED[kind]: True, "keyUsage": "ENCRYPT_DECRYPT", _SPEC[kind]: "SYMMETRIC_DEFAULT"}
    for path, value in wanted_of.items():
        given = read(key.props, path)
        if given is None or given in ("", value):
            continue
        wanted = str(value).lower() if value is True else value
        yield (
            f"Keep the keys of Amazon MSK usable: {path} of {key.name}, the key of {users[0].name}, "
            f"is not {wanted}. Set {path} to {wanted}."
        )


def _external(key: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    yield from _judge(key, stack, config)
    users = encrypted(key, stack)
    if users and read(key.props, _END) not in (None, ""):
        yield (
            f"Keep the keys of Amazon MSK usable: {_END} of {key.name}, the key of {users[0].name}, ends its material. "
            f"Remove {_END}."
        )


POLICY = stack_rule(
    "usable-keys",
    display_name="Usable keys",
    description="The keys of an MSK platform should be enabled symmetric encryption keys.",
    judges={**dict.fromkeys(KEYS, _judge), EXTERNAL_KEY: _external, EXTERNAL_REPLICA_KEY: _external},
    severity=Severity.HIGH,
    tags=["msk", "encryption", "availability"],
    remediation_steps="Enable the key. A key of another kind cannot become a symmetric encryption key, and a new key replaces "
    "the cluster.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html",
)
