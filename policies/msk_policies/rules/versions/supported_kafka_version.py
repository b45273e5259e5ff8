"""A Kafka version that Amazon MSK still supports.

After the end of support there are no fixes, and Amazon MSK upgrades the cluster by itself, at a time of its
own choosing (MSK Developer Guide, "Amazon MSK version support"). Complying costs a rolling upgrade, and older
clients may need one too.

The rule blocks on what is certain only: a version that the pack knows to be past its support by facts not
older than 180 days, or by the stack's own configuration. What it does not know, and what it knew too long
ago, is for `kafka-version-known`, which advises. Unknown values: only advised on in a preview; the deployment
judges them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.days import today
from msk_policies.kit.properties import read
from msk_policies.kit.rule import CLUSTER, resource_rule
from msk_policies.msk.kafka_support import KAFKA_VERSION, NO_VERSION, VERSIONS, alternatives, support_of


def _judge(props: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[str]:
    day = today()
    version = read(props, KAFKA_VERSION)
    if not isinstance(version, str) or not version:
        state = "is missing" if version is None or version == "" else "is not a string"
    else:
        support = support_of(version, config)
        if support is None or not support.ended(day) or support.outdated(day):
            return
        state = f"is {version}, whose support ended on {support.ends}"
    first, *others = [*alternatives(props, config, day)] or ["a version that Amazon MSK supports"]
    remedy = f"{first} or to another supported version ({', '.join(others)})" if others else first
    yield (f"Run a Kafka version that Amazon MSK supports: {KAFKA_VERSION} {state}. Set {KAFKA_VERSION} to {remedy}.")


POLICY = resource_rule(
    "supported-kafka-version",
    display_name="Supported Kafka version",
    description="An MSK cluster should run a Kafka version that Amazon MSK supports.",
    judges={CLUSTER: _judge},
    not_applicable=NO_VERSION,
    severity=Severity.HIGH,
    settings=[VERSIONS],
    tags=["msk", "versions"],
    remediation_steps="Try the upgrade in another stack, then raise kafkaVersion. Amazon MSK upgrades in place, broker by "
    "broker, and does not downgrade.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/version-support.html",
)
