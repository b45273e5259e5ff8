"""Enough brokers in each Availability Zone that one may be away.

Amazon MSK patches brokers one after the other, and each leaves its zone while that lasts. With one broker in a zone, that
zone then has none: partitions lose a replica, and clients that prefer near replicas cross zones. Complying costs the second
broker in each zone.

Unknown values: only advised on in a preview; the deployment judges them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import counted, distinct_elements, read, whole
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule
from msk_policies.kit.settings import WholeNumberSetting
from msk_policies.msk.brokers import BROKERS, CLIENT_SUBNETS

_PER_ZONE = WholeNumberSetting(
    "brokersPerAvailabilityZone", "Brokers that each Availability Zone must have.", default=2, minimum=1
)


def _judge(props: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[str]:
    given = read(props, BROKERS)
    zones = distinct_elements(read(props, CLIENT_SUBNETS))
    if zones == 0:
        return  # the rule about zones says so
    wanted = _PER_ZONE.of(config)
    brokers = whole(given)
    if brokers is not None and brokers >= wanted * zones:
        return
    # A number between two multiples leaves some zones with a broker less.
    if brokers is None:
        state = "is missing" if given is None else "is not a whole number"
    elif brokers % zones:
        state = f"is {brokers} over {counted(zones, 'client subnet')}, only {brokers // zones} in some"
    else:
        state = f"is {brokers} over {counted(zones, 'client subnet')}, {brokers // zones} in each"
    yield (
        f"Run at least {counted(wanted, 'broker')} in each Availability Zone: {BROKERS} {state}. "
        f"Set {BROKERS} to {wanted * zones} or more."
    )


POLICY = resource_rule(
    "minimum-brokers",
    display_name="Minimum number of brokers",
    description="Each Availability Zone of an MSK cluster should keep a broker while another is down.",
    judges={CLUSTER: _judge},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster has no brokers to count."},
    severity=Severity.MEDIUM,
    settings=[_PER_ZONE],
    tags=["msk", "availability"],
    remediation_steps="Raise numberOfBrokerNodes to the number of client subnets times the brokers that "
    "each zone must have. Brokers are added in place; on Standard brokers, partitions have to be moved to "
    "them afterwards. A sandbox may set brokersPerAvailabilityZone to 1.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html",
)
