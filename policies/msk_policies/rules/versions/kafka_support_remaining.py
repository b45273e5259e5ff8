"""Time to upgrade before the support of a Kafka version ends.

After the last day Amazon MSK upgrades the cluster by itself, at a time of its own choosing (MSK Developer Guide, "Amazon MSK
version support"). An upgrade wants to be tried with the clients before; this rule says so while there is time. It advises
unless a stack makes it mandatory. Complying costs a rolling upgrade, and older clients may need one too.

A version whose support is over is for `supported-kafka-version`, one that the pack does not know, or knew more than 180 days
ago, for `kafka-version-known`. Unknown values: only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, Severity

from msk_policies.kit.days import today
from msk_policies.kit.properties import counted, read
from msk_policies.kit.rule import CLUSTER, resource_rule
from msk_policies.kit.settings import WholeNumberSetting
from msk_policies.msk.kafka_support import KAFKA_VERSION, NO_VERSION, VERSIONS, alternatives, support_of

_DAYS = WholeNumberSetting("days", "Days of support that the cluster's version must have left.", default=90, minimum=1)


def _judge(props: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[str]:
    day = today()
    version = read(props, KAFKA_VERSION)
    support = support_of(version, config) if isinstance(version, str) else None
    if support is None or support.ends is None or support.ended(day) or support.outdated(day):
        return
    left, wanted = (support.ends - day).days, _DAYS.of(config)
    if left > wanted:
        return
    # Versions that end no later are no way out.
    longer = [
        name
        for name in alternatives(props, config, day)
        if (other := support_of(name, config)) is not None and (other.ends is None or (other.ends - day).days > wanted)
    ]
    remedy = longer[0] if longer else "a version with longer support"
    yield (
        f"Upgrade before support ends: {KAFKA_VERSION} is {version}, whose support ends on {support.ends}, "
        f"in {counted(left, 'day')}. Set {KAFKA_VERSION} to {remedy}."
    )


POLICY = resource_rule(
    "kafka-support-remaining",
    display_name="Remaining support of the Kafka version",
    description="An MSK cluster should be upgraded well before the support of its Kafka version ends.",
    judges={CLUSTER: _judge},
    not_applicable=NO_VERSION,
    enforcement_level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
    settings=[_DAYS, VERSIONS],
    tags=["msk", "versions"],
    remediation_steps="Try the upgrade in another stack, then raise kafkaVersion. Amazon MSK upgrades in place, broker by "
    "broker, and does not downgrade.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/version-support.html",
)
