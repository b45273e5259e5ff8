"""No topic by accident.

With automatic creation, a producer with a typing mistake in a topic's name makes a topic, with one partition and the
cluster's defaults, and nobody reads what it holds. Amazon MSK's default is off. Complying costs that topics are made on
purpose, such as by `aws.msk.Topic`.

Judged on the configuration that a cluster uses and the same stack makes. Unknown values: a configuration whose text is not
known yet is only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.configurations import SERVER_PROPERTIES, used

_PROPERTY = "auto.create.topics.enable"


def _judge(cluster: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    for properties, place in used(cluster, stack, express=True):
        if properties.get(_PROPERTY, "false").lower() != "false":
            yield (
                f"Do not create topics automatically: {_PROPERTY} is not false in {place}. "
                f"Set {_PROPERTY}=false in {SERVER_PROPERTIES}."
            )


POLICY = stack_rule(
    "no-automatic-topics",
    display_name="No automatic topics",
    description="An MSK cluster should not create topics just because a client names them.",
    judges={CLUSTER: _judge},
    severity=Severity.LOW,
    tags=["msk", "configuration"],
    remediation_steps="Create the topics that clients use, then set auto.create.topics.enable=false in the configuration's "
    "serverProperties. Brokers restart one after the other.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html",
)
