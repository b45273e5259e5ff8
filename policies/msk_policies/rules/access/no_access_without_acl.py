"""No access to what no access control list speaks of.

Clients that come by SASL/SCRAM or mutual TLS are held by Kafka's access control lists, and Amazon MSK's default is that a
topic without one is everybody's (MSK Developer Guide, "Apache Kafka ACLs": allow.everyone.if.no.acl.found). Clients that
come by IAM are not concerned. Complying costs access control lists for every such client, applied before the property is
changed, or they are shut out.

Judged on clusters where SASL/SCRAM or mutual TLS is on, by the configuration they use and the same stack makes. Unknown
values: a configuration whose text is not known yet is only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import distinct_elements, read
from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.authentication import AUTHORITIES, SCRAM
from msk_policies.msk.configurations import SERVER_PROPERTIES, not_false, used

_PROPERTY = "allow.everyone.if.no.acl.found"


def _judge(cluster: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    if read(cluster.props, SCRAM) is not True and not distinct_elements(read(cluster.props, AUTHORITIES)):
        return
    for setup in used(cluster, stack, express=True):
        state = not_false(setup, _PROPERTY)
        if state:
            yield (
                f"Allow only what an access control list allows: {_PROPERTY} {state}. "
                f"Set {_PROPERTY}=false in {SERVER_PROPERTIES}."
            )


POLICY = stack_rule(
    "no-access-without-acl",
    display_name="No access without an access control list",
    description="Kafka should allow SASL/SCRAM and mutual TLS clients only what an access control list allows.",
    judges={CLUSTER: _judge},
    severity=Severity.HIGH,
    tags=["msk", "authentication"],
    remediation_steps="Apply the access control lists of all clients first. Then set allow.everyone.if.no.acl.found=false in "
    "the configuration's serverProperties; brokers restart one after the other.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-acls.html",
)
