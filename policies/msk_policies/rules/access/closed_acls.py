"""Access control lists that name whom they let in.

An access control list of Kafka that allows `User:*` something allows it to everybody who reaches the brokers, whoever they are.
Complying costs a list for each client.

The kafka provider's lists are judged. Describing passes: it shows names and no messages. Unknown values: only advised on in a
preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import read
from msk_policies.kit.rule import resource_rule

_PRINCIPAL = "aclPrincipal"
_NOBODY_NAMED = {"User:*": "which is everybody", "User:ANONYMOUS": "which is whoever does not authenticate"}
_HARMLESS = ("describe", "describeconfigs")


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    if str(read(props, "aclPermissionType")).lower() != "allow" or str(read(props, "aclOperation")).lower() in _HARMLESS:
        return
    principal = str(read(props, _PRINCIPAL)).strip()
    if principal in _NOBODY_NAMED:
        yield f"Allow only named clients: {_PRINCIPAL} is {principal}, {_NOBODY_NAMED[principal]}. Set {_PRINCIPAL} to a client."


POLICY = resource_rule(
    "closed-acls",
    display_name="Access control lists for named clients",
    description="Access control lists of Kafka should allow named clients only.",
    judges={"kafka:index/acl:Acl": _judge},
    severity=Severity.CRITICAL,
    tags=["msk", "access", "acl"],
    remediation_steps="Write a list for each client, then remove the one for User:*.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-acls.html",
)
