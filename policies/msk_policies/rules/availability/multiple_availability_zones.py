"""Brokers in several Availability Zones, so that the loss of one is no loss of data or of service.

With three zones, three replicas and two of them in sync, writes go on while a zone is away. With two zones
they either stop or rest on a single copy. A cluster has as many zones as client subnets. Complying costs
traffic between zones.

Unknown values: subnets that the same deployment makes count as different ones; a list that is unknown as a
whole is only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import counted, distinct_elements, read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule
from msk_policies.kit.settings import WholeNumberSetting
from msk_policies.msk.brokers import CLIENT_SUBNETS
from msk_policies.msk.refusals import control

_ZONES = WholeNumberSetting("availabilityZones", "Availability Zones that a cluster must span.", default=3, minimum=2, maximum=3)


def _judge(props: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[str]:
    wanted = _ZONES.of(config)
    subnets = distinct_elements(read(props, CLIENT_SUBNETS))
    if subnets < wanted:
        state = f"names {subnets} different subnets" if subnets > 1 else f"names {counted(subnets, 'subnet')}"
        yield (
            f"Spread the brokers over at least {wanted} Availability Zones: {CLIENT_SUBNETS} {state}. "
            f"Give {CLIENT_SUBNETS} one subnet in each of {wanted} zones."
        )


POLICY = resource_rule(
    "multiple-availability-zones",
    display_name="Multiple Availability Zones",
    description="An MSK cluster should span enough Availability Zones to survive the loss of one.",
    judges={CLUSTER: _judge},
    not_applicable={SERVERLESS_CLUSTER: "Amazon MSK places a serverless cluster by itself."},
    severity=Severity.HIGH,
    settings=[_ZONES],
    tags=["msk", "availability", control("client-subnets-count")],
    remediation_steps="Give the cluster one subnet in each zone. Changing brokerNodeGroupInfo.clientSubnets "
    "replaces the cluster, so decide before it holds data. In us-west-1 Amazon MSK has two zones: set "
    "availabilityZones to 2 there.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html",
)
