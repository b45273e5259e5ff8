"""`python -m tools prices`: AWS's price list into the project, and from there into the bill."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from inventory import prices
from inventory.cost import monthly_cost
from inventory.price_list import PriceList
from support.inventories import cluster, row
from support.price_offers import PRICES, offer, offer_csv, offer_json
from tools.prices.command import main
from tools.prices.offer import NotAPriceListError, read_offer
from tools.shared.price_lists import PriceListError, price_list, written

if TYPE_CHECKING:
    from pathlib import Path

SINGAPORE = "ap-southeast-1"


def project(tmp_path: Path) -> Path:
    directory = tmp_path / "project"
    directory.mkdir()
    (directory / "Pulumi.yaml").write_text("name: msk\n")
    return directory


def listed() -> PriceList:
    return read_offer(offer_json())


@pytest.mark.parametrize("text", [offer_json(), offer_csv()], ids=["json", "csv"])
def test_a_list_becomes_the_regions_prices(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    directory = project(tmp_path)
    (tmp_path / "msk").write_text(text)
    assert main(["--from", str(tmp_path / "msk"), "--directory", str(directory)]) == 0
    found = price_list(directory, SINGAPORE)
    assert found
    assert found.usd == {name: float(price) for name, (price, _) in PRICES.items()}
    assert (found.as_of.isoformat(), found.source) == ("2026-08-12", "AWS Price List, AmazonMSK, version 20260812170042")
    told = capsys.readouterr().out
    assert told.startswith("prices/ap-southeast-1.json: 10 prices of ap-southeast-1, published 2026-08-12, with 4 of ")
    assert "us-east-1's price stays: provisioned throughput, Express data in." in told


def test_what_is_written_is_read_again() -> None:
    assert json.loads(written(listed()))["usd"]["Kafka.m7g.large"] == 0.255


def test_a_list_of_several_regions_is_asked_which() -> None:
    several = offer_json(regions={SINGAPORE: "APS1", "us-east-1": "USE1"})
    assert read_offer(several, "us-east-1").region == "us-east-1"
    with pytest.raises(NotAPriceListError, match=r"2 regions \(ap-southeast-1, us-east-1\): give --region"):
        read_offer(several)


def test_the_first_range_of_usage_is_the_price() -> None:
    content = offer()
    sku = next(sku for sku, product in content["products"].items() if product["attributes"]["usagetype"].endswith("Tiered"))
    (term,) = content["terms"]["OnDemand"][sku].values()
    (first,) = term["priceDimensions"].values()
    first["endRange"] = "1000"
    later = {**first, "beginRange": "1000", "endRange": "Inf", "pricePerUnit": {"USD": "0.01"}}
    for dimensions in ({"a": first, "b": later}, {"b": later, "a": first}):
        term["priceDimensions"] = dimensions
        assert read_offer(json.dumps(content)).usd["Kafka.Storage.Tiered"] == 0.0652


WRONG = {
    "no text of a list": ("hello\n", "neither JSON nor CSV"),
    "cut off": (offer_json()[:-50], "cut off"),
    "another service's": (offer_json(code="AmazonEC2"), "not a price list of AmazonMSK but of AmazonEC2"),
    "another service's as CSV": (offer_csv("AmazonEC2"), "not a price list of AmazonMSK but of AmazonEC2"),
    "JSON of something else": ('{"resources": []}', "not a price list of AmazonMSK"),
    "without products": (offer_json(products=None), "no products with on-demand terms"),
    "without terms": (offer_json(terms={}), "no products with on-demand terms"),
    "a product without attributes": (offer_json(products={"x": {}}), "does not have the form"),
    "not in US dollars": (offer_json(currency="CNY"), "are in CNY"),
    "without a date": (offer_json(publicationDate=""), "an invalid price or date"),
    "of no region": (offer_json(regions={"../../etc": "APS1"}), "0 regions"),
    "without a table": ("\n".join(offer_csv().splitlines()[:5]), "neither JSON nor CSV|not a price list of AmazonMSK"),
    "a table without regions": (offer_csv().replace('"Region Code"', '"Other"'), "no column Region Code"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_such_list_is_refused_with_what_it_is(wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, _ = WRONG[wrong]
    directory = project(tmp_path)
    (tmp_path / "msk.json").write_text(text)
    assert main(["--from", str(tmp_path / "msk.json"), "--directory", str(directory)]) == 2
    told = capsys.readouterr().err
    assert told.startswith(str(tmp_path / "msk.json"))
    assert not (directory / "prices").exists()
    with pytest.raises(NotAPriceListError, match=WRONG[wrong][1]):
        read_offer(text)


def test_a_region_that_is_not_in_the_list_is_named_with_those_that_are() -> None:
    with pytest.raises(NotAPriceListError, match=r"no prices of eu-west-1\. It has those of ap-southeast-1"):
        read_offer(offer_json(), "eu-west-1")


def test_no_file_and_no_project_are_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--from", str(tmp_path / "nowhere.json")]) == 2
    (tmp_path / "msk.json").write_text(offer_json())
    assert main(["--from", str(tmp_path / "msk.json"), "--directory", str(tmp_path)]) == 2
    assert "contains no Pulumi.yaml" in capsys.readouterr().err
    (tmp_path / "picture").write_bytes(b"\xff\xd8\xff\x00")
    assert main(["--from", str(tmp_path / "picture")]) == 2
    assert "is not UTF-8 text" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"region": "x"}', written(listed()).replace(SINGAPORE, "eu-west-1")])
def test_a_damaged_file_of_prices_is_said_to_be(content: str, tmp_path: Path) -> None:
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / f"{SINGAPORE}.json").write_text(content)
    with pytest.raises(PriceListError, match=r"prices/ap-southeast-1.json does not hold the prices of ap-southeast-1"):
        price_list(tmp_path, SINGAPORE)
    assert price_list(tmp_path, "eu-west-1") is None
    assert price_list(tmp_path, "") is None


def test_the_bill_takes_the_regions_prices_and_says_of_which_lines_it_has_none() -> None:
    rows = [*cluster(volume_gib=100, storageMode="TIERED"), row("aws:kms/key:Key", "key")]
    bill = monthly_cost(rows, SINGAPORE, listed())
    by_key = {line.key: line for line in bill.lines}
    assert by_key["brokers"].usd == pytest.approx(6 * 730 * 0.255)
    assert by_key["broker volumes"].usd == pytest.approx(6 * 100 * 0.12)
    tier = by_key["tiered storage"]
    assert tier.price
    assert (tier.price.usd, tier.price.about, tier.price.unit) == (0.0652, False, "GB-month")
    assert "about" not in tier.note
    assert bill.price_regions == (SINGAPORE, "us-east-1")
    (note,) = [note for note in bill.notes if "us-east-1" in note]
    assert "1 KMS key" in note
    assert "brokers" not in note


def test_an_express_cluster_takes_the_regions_prices() -> None:
    by_key = {line.key: line for line in monthly_cost(cluster("express.m7g.large"), SINGAPORE, listed()).lines}
    assert by_key["brokers"].usd == pytest.approx(6 * 730 * 0.51)
    assert by_key["Express storage"].price == prices.Price(0.12, "GB-month", listed().source, listed().as_of, region=SINGAPORE)
    # The list has none.
    assert by_key["Express data in"].price == prices.EXPRESS_DATA_IN


def test_another_regions_prices_are_not_taken() -> None:
    assert monthly_cost(cluster(), "eu-west-1", listed()) == monthly_cost(cluster(), "eu-west-1")


def test_a_price_from_the_list_is_no_longer_from_an_undated_one() -> None:
    (brokers,) = [line for line in monthly_cost(cluster("kafka.t3.small"), SINGAPORE, listed()).lines if line.key == "brokers"]
    assert brokers.note == ""
