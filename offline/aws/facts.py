"""The little of AWS's geography that functions answer with."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT: Final = "123456789012"
"""The account that AWS's own documentation uses in examples."""

DEFAULT_REGION: Final = "us-east-1"
"""The region where neither a stack nor a provider says one."""

_CODES: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "af-south-1": ("afs1", "abc", "123"),
        "ap-east-1": ("ape1", "abc", "123"),
        "ap-east-2": ("ape2", "abc", "123"),
        "ap-northeast-1": ("apne1", "acd", "124"),
        "ap-northeast-2": ("apne2", "abcd", "1234"),
        "ap-northeast-3": ("apne3", "abc", "123"),
        "ap-south-1": ("aps1", "abc", "123"),
        "ap-south-2": ("aps2", "abc", "123"),
        "ap-southeast-1": ("apse1", "abc", "123"),
        "ap-southeast-2": ("apse2", "abc", "123"),
        "ap-southeast-3": ("apse3", "abc", "123"),
        "ap-southeast-4": ("apse4", "abc", "123"),
        "ap-southeast-5": ("apse5", "abc", "123"),
        "ap-southeast-6": ("apse6", "abc", "123"),
        "ap-southeast-7": ("apse7", "abc", "123"),
        "ca-central-1": ("cac1", "abd", "124"),
        "ca-west-1": ("caw1", "abc", "123"),
        "cn-north-1": ("cnn1", "abd", "123"),
        "cn-northwest-1": ("cnnw1", "abc", "123"),
        "eu-central-1": ("euc1", "abc", "123"),
        "eu-central-2": ("euc2", "abc", "123"),
        "eu-north-1": ("eun1", "abc", "123"),
        "eu-south-1": ("eus1", "abc", "123"),
        "eu-south-2": ("eus2", "abc", "123"),
        "eu-west-1": ("euw1", "abc", "123"),
        "eu-west-2": ("euw2", "abc", "123"),
        "eu-west-3": ("euw3", "abc", "123"),
        "il-central-1": ("ilc1", "abc", "123"),
        "me-central-1": ("mec1", "abc", "123"),
        "me-south-1": ("mes1", "abc", "123"),
        "mx-central-1": ("mxc1", "abc", "123"),
        "sa-east-1": ("sae1", "abc", "123"),
        "us-east-1": ("use1", "abcdef", "123456"),
        "us-east-2": ("use2", "abc", "123"),
        "us-gov-east-1": ("usge1", "abc", "123"),
        "us-gov-west-1": ("usgw1", "abc", "123"),
        "us-west-1": ("usw1", "ab", "13"),
        "us-west-2": ("usw2", "abcd", "1234"),
    }
)

ZONES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {region: tuple(f"{region}{letter}" for letter in letters) for region, (_, letters, _) in _CODES.items()}
)
"""Availability zone names by region. Which letter is which zone differs by account; here both go in order."""


ZONES_WITHOUT_MSK: Final = frozenset({"use1-az3"})
"""Zone ids that Amazon MSK refuses. Source: MSK API reference, BrokerNodeGroupInfo, `clientSubnets`."""


def zone_id(region: str, index: int) -> str:
    """The id of the zone that is `index` (from 0) in its region's list, such as `euw1-az1`."""
    code, _, numbers = _CODES.get(region, (region.replace("-", ""), "", ""))
    number = numbers[index] if index < len(numbers) else str(index + 1)
    return f"{code}-az{number}"


def partition(region: str) -> str:
    """The partition of a region: `aws`, `aws-cn` or `aws-us-gov`."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def dns_suffix(region: str) -> str:
    """The DNS suffix of a region's partition."""
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
