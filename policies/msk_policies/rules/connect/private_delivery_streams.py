"""Delivery streams that read a cluster from within its VPC.

A delivery stream of Amazon Data Firehose reads a whole topic. With the connectivity PUBLIC it comes from the internet, so the
cluster has to be public. Complying costs multi-VPC private connectivity of the cluster.

Whose bucket it writes to is not judged: no name of a bucket says so. Unknown values: only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import read
from msk_policies.kit.rule import resource_rule

_PROPERTY = "mskSourceConfiguration.authenticationConfiguration.connectivity"


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    if read(props, _PROPERTY) == "PUBLIC":
        yield f"Read the cluster privately: {_PROPERTY} is PUBLIC. Set {_PROPERTY} to PRIVATE."


POLICY = resource_rule(
    "private-delivery-streams",
    display_name="Private delivery streams",
    description="A delivery stream should read an MSK cluster over private connectivity.",
    judges={"aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": _judge},
    severity=Severity.HIGH,
    tags=["msk", "network", "firehose"],
    remediation_steps="Turn multi-VPC private connectivity on, let firehose.amazonaws.com connect in the cluster policy, and set "
    "connectivity to PRIVATE. The delivery stream is replaced.",
    url="https://docs.aws.amazon.com/firehose/latest/dev/writing-with-msk.html",
)
