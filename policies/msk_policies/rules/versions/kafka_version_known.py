"""Knowledge of how long a Kafka version is supported; advises and, by default, never blocks.

AWS adds versions and names dates more often than a pack is renewed. What the pack does not know is no reason
to stop a deployment, and what it knew more than 180 days ago is none either; somebody should look, though.
Complying costs a look at AWS's page and a line of configuration, or a newer pack.

The SDK has one enforcement level for all that a rule says, so what only advises is a rule of its own. Its
settings are those of `supported-kafka-version`; a version stated there wants stating here, or this rule
`disabled`.

Unknown values: silent, because `supported-kafka-version` has said so already.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, Severity

from msk_policies.kit.days import today
from msk_policies.kit.properties import read_if_known
from msk_policies.kit.rule import CLUSTER, resource_rule
from msk_policies.msk.facts import LONGEST_TRUST
from msk_policies.msk.kafka_support import (
    FACTS_AS_OF,
    KAFKA_VERSION,
    NO_VERSION,
    VERSIONS,
    shown,
    support_of,
)

_CHECK = "Check how long Amazon MSK supports the cluster's version"
_REMEDY = "Look up its end of support in AWS's list and add it to the policies' setting versions, or update the pack."


def _judge(props: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[str]:
    version = read_if_known(props, KAFKA_VERSION)
    if not isinstance(version, str) or not version:
        return
    day = today()
    support = support_of(version, config)
    if support is None:
        yield (f"{_CHECK}: {KAFKA_VERSION} is {shown(version)}, which Amazon MSK did not list on {FACTS_AS_OF}. {_REMEDY}")
    elif support.outdated(day):
        ends = f"with support until {support.ends}" if support.ends else "without an announced end of support"
        yield (
            f"{_CHECK}: {KAFKA_VERSION} is {version}, {ends}, but that was last checked on {FACTS_AS_OF}, "
            f"more than {LONGEST_TRUST.days} days ago. {_REMEDY}"
        )


POLICY = resource_rule(
    "kafka-version-known",
    display_name="Known Kafka version",
    description="The end of support of an MSK cluster's Kafka version should be known.",
    judges={CLUSTER: _judge},
    not_applicable=NO_VERSION,
    enforcement_level=EnforcementLevel.ADVISORY,
    severity=Severity.LOW,
    settings=[VERSIONS],
    tags=["msk", "versions"],
    remediation_steps="Look up the version's end of support, and add it to the setting versions of this "
    "policy and of supported-kafka-version, or update the pack.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html",
)
