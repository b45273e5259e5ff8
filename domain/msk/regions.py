"""AWS regions: which Availability Zones a cluster gets by default, and what a region lacks.

Source of the zone IDs: AWS Regions and Availability Zones, "AWS Availability Zones" (the table by AZ ID); for
China and GovCloud the answers of EC2's DescribeAvailabilityZones as published in moto's tables.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EXCLUDED_ZONES: frozenset[str] = frozenset({"use1-az3"})
"""Zones without Amazon MSK. Source: MSK API reference, ``BrokerNodeGroupInfo.clientSubnets``."""


class UnknownRegionError(ValueError):
    """A region without default zones here; the message says what to set instead."""


def _three(prefix: str) -> tuple[str, str, str]:
    return (f"{prefix}-az1", f"{prefix}-az2", f"{prefix}-az3")


# A fixed choice for each region, not "the first three there are": a zone that AWS adds must not move a
# cluster. Written out where the IDs have a gap. us-east-1 has no Amazon MSK in az3; us-west-1 gives an
# account two zones; az3 of ap-northeast-1 and ca-central-1 is closed to new accounts or does not exist.
_DEFAULT_ZONES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "af-south-1": _three("afs1"),
        "ap-east-1": _three("ape1"),
        "ap-east-2": _three("ape2"),
        "ap-northeast-1": ("apne1-az1", "apne1-az2", "apne1-az4"),
        "ap-northeast-2": _three("apne2"),
        "ap-northeast-3": _three("apne3"),
        "ap-south-1": _three("aps1"),
        "ap-south-2": _three("aps2"),
        "ap-southeast-1": _three("apse1"),
        "ap-southeast-2": _three("apse2"),
        "ap-southeast-3": _three("apse3"),
        "ap-southeast-4": _three("apse4"),
        "ap-southeast-5": _three("apse5"),
        "ap-southeast-6": _three("apse6"),
        "ap-southeast-7": _three("apse7"),
        "ca-central-1": ("cac1-az1", "cac1-az2", "cac1-az4"),
        "ca-west-1": _three("caw1"),
        "cn-northwest-1": _three("cnnw1"),
        "eu-central-1": _three("euc1"),
        "eu-central-2": _three("euc2"),
        "eu-north-1": _three("eun1"),
        "eu-south-1": _three("eus1"),
        "eu-south-2": _three("eus2"),
        "eu-west-1": _three("euw1"),
        "eu-west-2": _three("euw2"),
        "eu-west-3": _three("euw3"),
        "il-central-1": _three("ilc1"),
        "me-central-1": _three("mec1"),
        "me-south-1": _three("mes1"),
        "mx-central-1": _three("mxc1"),
        "sa-east-1": _three("sae1"),
        "us-east-1": ("use1-az1", "use1-az2", "use1-az4"),
        "us-east-2": _three("use2"),
        "us-gov-east-1": _three("usge1"),
        "us-gov-west-1": _three("usgw1"),
        "us-west-1": ("usw1-az1", "usw1-az3"),
        "us-west-2": _three("usw2"),
    }
)

REGIONS: tuple[str, ...] = tuple(_DEFAULT_ZONES)
"""The regions with default zones, in alphabetical order."""

WITHOUT_DEFAULT_ZONES = frozenset({"cn-north-1"})
"""Regions of Amazon MSK (botocore, endpoints of ``kafka``) whose zone IDs are not known here: a stack file names its zones."""

_WITHOUT_STORAGE_AUTOSCALING = frozenset({"af-south-1", "ap-northeast-3"})


def default_zones(region: str) -> tuple[str, ...]:
    """The Availability Zone IDs a cluster in this region gets when the stack file names none.

    Three, fixed for each region; two in us-west-1, which has no third. Zone IDs, because zone names
    (``us-east-1a``) mean different places in different accounts.

    Raises:
        UnknownRegionError: There is no choice for the region here.
    """
    zones = _DEFAULT_ZONES.get(region)
    if zones is None:
        raise UnknownRegionError(
            f"is required: this template has no default Availability Zones for {region}. Set network.zones to "
            "the IDs of two or three zones; `aws ec2 describe-availability-zones` lists them."
        )
    return zones


def storage_autoscaling_available(region: str) -> bool:
    """Whether storage autoscaling exists in a region; regions that are not known here are taken to have it.

    Source: MSK Developer Guide, "Automatic scaling for Amazon MSK clusters" (2022; not restated since).
    """
    return region not in _WITHOUT_STORAGE_AUTOSCALING


_WITH_MANAGED_GRAFANA = frozenset(
    {
        "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "eu-central-1", "eu-west-1", "eu-west-2",
        "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-2",
    }
)  # fmt: skip


def managed_grafana_available(region: str) -> bool:
    """Whether Amazon Managed Grafana is known to be in a region. Source: botocore 1.44, endpoints of ``grafana``."""
    return region in _WITH_MANAGED_GRAFANA


def managed_prometheus_available(region: str) -> bool:
    """Whether Amazon Managed Service for Prometheus may be in a region: not in China. Source: botocore, endpoints of ``aps``."""
    return partition(region) != "aws-cn"


def partition(region: str) -> str:
    """The partition of a region, the second part of its ARNs, such as ``aws``, ``aws-cn`` or ``aws-us-gov``.

    Source: AWS General Reference, "Amazon Resource Names"; AWS European Sovereign Cloud for ``aws-eusc``.
    """
    for beginning, name in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")):
        if region.startswith(beginning):
            return name
    return "aws"
