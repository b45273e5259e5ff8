"""The newest Kafka version that Amazon MSK has for the cluster's kind of brokers.

Off by default: a version that is supported and that AWS recommends is as sound, and the newest one has been tried least. It
is for organizations whose rules say newest, and covers the control of Prowler that does. Complying costs a rolling upgrade
each time AWS adds a version, and newer clients with some.

The versions are those of the pack's facts, without those whose support the stack's configuration says is over. A version that
the facts lack passes unless its number is lower than the newest: it may be newer than the pack. Facts older than 180 days say
nothing about what is newest, so the rule then judges nothing; `kafka-version-known` says that they are old. Unknown values:
only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, Severity

from msk_policies.kit.days import today
from msk_policies.kit.judges import NotJudgedError
from msk_policies.kit.properties import read
from msk_policies.kit.rule import CLUSTER, resource_rule
from msk_policies.msk.facts import LONGEST_TRUST
from msk_policies.msk.kafka_support import (
    FACTS_AS_OF,
    KAFKA_VERSION,
    NO_VERSION,
    VERSIONS,
    alternatives,
    looks_like_one,
    order,
)


def _judge(props: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[str]:
    day = today()
    if day - FACTS_AS_OF > LONGEST_TRUST:
        message = f"The pack's list of versions dates from {FACTS_AS_OF}, more than {LONGEST_TRUST.days} days ago."
        raise NotJudgedError(message)
    version = read(props, KAFKA_VERSION)
    if not isinstance(version, str) or not looks_like_one(version):
        return  # the rules about supported and known versions say so
    newest = max(alternatives(props, config, day), key=order, default=version)
    if order(version) < order(newest):
        yield f"Run the newest Kafka version: {KAFKA_VERSION} is {version}. Set {KAFKA_VERSION} to {newest}."


POLICY = resource_rule(
    "newest-kafka-version",
    display_name="Newest Kafka version",
    description="An MSK cluster should run the newest Kafka version.",
    judges={CLUSTER: _judge},
    not_applicable=NO_VERSION,
    enforcement_level=EnforcementLevel.DISABLED,
    severity=Severity.LOW,
    settings=[VERSIONS],
    tags=["msk", "versions", "kafka_cluster_uses_latest_version"],
    remediation_steps="Try the upgrade in another stack, then raise kafkaVersion. Amazon MSK upgrades in place, broker by "
    "broker, and does not downgrade; a version with ZooKeeper is upgraded to one with ZooKeeper.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html",
)
