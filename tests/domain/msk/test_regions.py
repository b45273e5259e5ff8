from __future__ import annotations

import re

import pytest

from domain.msk.regions import (
    EXCLUDED_ZONES,
    REGIONS,
    UnknownRegionError,
    default_zones,
    partition,
    storage_autoscaling_available,
)


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_has_different_zones_of_its_own_in_order(region: str) -> None:
    zones = default_zones(region)
    assert len(zones) == (2 if region == "us-west-1" else 3)
    assert list(zones) == sorted(set(zones))
    assert not EXCLUDED_ZONES & set(zones)
    prefixes = {zone.partition("-az")[0] for zone in zones}
    assert len(prefixes) == 1
    assert re.fullmatch(r"[a-z]{2,5}\d", prefixes.pop())
    # The prefix is made of the region's beginning and its number: euw1 of eu-west-1.
    assert zones[0].startswith(region[:2])
    assert zones[0].partition("-az")[0].endswith(region[-1])


def test_no_two_regions_share_a_zone() -> None:
    zones = [zone for region in REGIONS for zone in default_zones(region)]
    assert len(set(zones)) == len(zones)


@pytest.mark.parametrize(
    ("region", "zones"),
    [
        ("us-east-1", ("use1-az1", "use1-az2", "use1-az4")),
        ("us-west-1", ("usw1-az1", "usw1-az3")),
        ("ap-northeast-1", ("apne1-az1", "apne1-az2", "apne1-az4")),
        ("ca-central-1", ("cac1-az1", "cac1-az2", "cac1-az4")),
        ("eu-west-1", ("euw1-az1", "euw1-az2", "euw1-az3")),
    ],
)
def test_regions_with_gaps_skip_the_zones_that_cannot_be_had(region: str, zones: tuple[str, ...]) -> None:
    assert default_zones(region) == zones


@pytest.mark.parametrize("region", ["", "eu-west-9", "us-east-1a", "US-EAST-1"])
def test_a_region_unknown_here_names_the_setting_that_helps(region: str) -> None:
    with pytest.raises(UnknownRegionError, match=r"Set network\.zones") as refusal:
        default_zones(region)
    assert region in str(refusal.value)


def test_storage_autoscaling_is_missing_where_the_guide_says() -> None:
    without = [region for region in REGIONS if not storage_autoscaling_available(region)]
    assert without == ["af-south-1", "ap-northeast-3"]
    assert storage_autoscaling_available("eu-west-9")


@pytest.mark.parametrize("region", REGIONS)
def test_only_china_and_govcloud_are_partitions_apart(region: str) -> None:
    expected = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
    beginning = "us-gov" if region.startswith("us-gov") else region[:2]
    assert partition(region) == expected.get(beginning, "aws")


def test_the_european_sovereign_cloud_is_a_partition_of_its_own() -> None:
    assert partition("eusc-de-east-1") == "aws-eusc"
