"""What comes with clients and log sinks is priced, known to be free, or said not to be priced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.brokers import PRICE_REGION
from inventory import prices
from inventory.bill.lines import Basis
from inventory.cost import MonthlyCost, monthly_cost
from inventory.rows import UNKNOWN
from support.inventories import cluster, row

if TYPE_CHECKING:
    from inventory.rows import ResourceRow

PARAMETER = "aws:ssm/parameter:Parameter"


def parameter(number: int, value: str | None, tier: str | None = "Intelligent-Tiering") -> ResourceRow:
    inputs = {"tier": tier, "insecureValue": value}
    return row(PARAMETER, f"p-{number}", {name: one for name, one in inputs.items() if one is not None})


def cost(*rows: ResourceRow) -> MonthlyCost:
    return monthly_cost(rows, PRICE_REGION)


@pytest.mark.parametrize(
    ("value", "tier", "usd"),
    [
        ("x" * 4096, "Intelligent-Tiering", 0),
        ("x" * 4097, "Intelligent-Tiering", 0.05),
        ("é" * 2049, "Intelligent-Tiering", 0.05),
        ("x" * 4096, "Standard", 0),
        ("x", None, 0),
        ("x", "Advanced", 0.05),
    ],
)
def test_a_file_is_paid_for_only_where_it_is_above_four_kilobytes(value: str, tier: str | None, usd: float) -> None:
    assert cost(parameter(1, value, tier)).usd == pytest.approx(usd)


@pytest.mark.parametrize("value", [UNKNOWN, None])
def test_a_file_that_is_not_known_yet_has_a_price_and_no_amount(value: str | None) -> None:
    (line,) = cost(parameter(1, value)).lines
    assert (line.basis, line.usd, line.price) == (Basis.USAGE, None, prices.ADVANCED_PARAMETER)
    assert "4 KB" in line.note


@given(st.lists(st.tuples(st.sampled_from(["x", "x" * 5000, UNKNOWN]), st.sampled_from(["Standard", "Advanced", None]))))
def test_every_file_is_counted_once(files: list[tuple[str, str | None]]) -> None:
    found = cost(*(parameter(number, value, tier or "Intelligent-Tiering") for number, (value, tier) in enumerate(files)))
    listed = sum(int(line.item.split()[0]) for line in found.lines)
    assert listed + dict(found.free).get(PARAMETER, 0) == len(files)


@pytest.mark.parametrize(
    ("sinks", "items"),
    [
        ({}, []),
        ({"s3": {"enabled": True, "bucket": "there"}}, ["broker logs delivered to Amazon S3"]),
        ({"firehose": {"enabled": True}}, ["broker logs delivered to Amazon Data Firehose"]),
        ({"s3": {"enabled": False}, "firehose": {"enabled": False}, "cloudwatchLogs": {"enabled": True}}, []),
    ],
)
def test_logs_that_are_delivered_elsewhere_are_named_whoever_made_the_place(sinks: dict[str, Any], items: list[str]) -> None:
    found = cost(*cluster(loggingInfo={"brokerLogs": sinks}))
    lines = [line for line in found.lines if "delivered" in line.item]
    assert [line.item for line in lines] == items
    for line in lines:
        assert line.basis is Basis.NOT_PRICED
        assert line.item in " ".join(found.notes)


def test_users_and_their_key_are_paid_for_by_piece() -> None:
    rows = [row("aws:secretsmanager/secret:Secret", f"user-{number}") for number in range(3)]
    assert cost(*rows, row("aws:kms/key:Key", "secrets")).usd == pytest.approx(3 * prices.SECRET.usd + prices.KMS_KEY.usd)
