"""Reads AWS's price list of Amazon MSK, as JSON and as CSV.

Source: AWS Billing User Guide, "Reading the service price list file" (JSON and CSV). Each product has a usage type with a short
form of its region before it, ``APS1-Kafka.m7g.large``, and on-demand terms with a price for each range of usage.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from inventory.price_list import PriceList
from tools.shared.commands import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OFFER = "AmazonMSK"
HOW_TO_GET = (
    "Get it with: curl -o msk.json https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonMSK/current/REGION/index.json"
)
_USAGE_TYPE = re.compile(r"(?:[A-Z]+\d*-)?((?:Kafka|Express)[A-Za-z]*[.-].+)")
_REGION = re.compile(r"[a-z]+(-[a-z]+)+-\d+")
_HEADER_ROWS = 20
"""A CSV file begins with five rows about itself; its table is looked for in so many."""


class NotAPriceListError(CommandError):
    """The file is no price list of Amazon MSK; the message says what it is and how to get one."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """One on-demand price; a usage that costs less from some amount on has several."""

    region: str
    usage_type: str
    starts_at: str
    currency: str
    price: str


@dataclass(frozen=True, slots=True)
class _Offer:
    """A price list, before it is known what of it is wanted."""

    published: str
    version: str
    prices: tuple[_Listed, ...]


def read_offer(text: str, region: str | None = None) -> PriceList:
    """The prices of one region in a price list of AWS's.

    Args:
        text: The file, JSON or CSV.
        region: The region; not needed where the list is of one region.

    Raises:
        NotAPriceListError: It is no price list of Amazon MSK, it is cut off, it lacks the region or has prices in no US dollars.
    """
    offer = _json(text) if text.lstrip().startswith("{") else _csv(text)
    regions = sorted({listed.region for listed in offer.prices if _REGION.fullmatch(listed.region)})
    if region is None and len(regions) != 1:
        raise NotAPriceListError(f"The list has {len(regions)} regions ({', '.join(regions)}): give --region.")
    wanted = region or regions[0]
    listed = [row for row in offer.prices if row.region == wanted]
    if wanted not in regions:
        raise NotAPriceListError(f"The list has no prices of {wanted}. It has those of {', '.join(regions) or 'no region'}.")
    currencies = sorted({row.currency for row in listed})
    if currencies != ["USD"]:
        raise NotAPriceListError(
            f"The prices of {wanted} are in {', '.join(currencies)}; only US dollars can be added to the other prices of a bill."
        )
    try:
        usd = dict(_of_first_range(listed))
        published = date.fromisoformat(offer.published[:10])
    except ValueError as error:
        raise NotAPriceListError(f"The list has an invalid price or date: {error}. {HOW_TO_GET}") from error
    if not usd:
        raise NotAPriceListError(f"The list has no usage type of Amazon MSK's brokers for {wanted}. {HOW_TO_GET}")
    version = f", version {offer.version}" if offer.version else ""
    return PriceList(wanted, published, f"AWS Price List, {OFFER}{version}", usd)


def _of_first_range(listed: list[_Listed]) -> Iterator[tuple[str, float]]:
    """Usage types and prices, that of the first range of usage last: a dictionary keeps it."""
    for row in sorted(listed, key=lambda row: -float(row.starts_at or 0)):
        name = _USAGE_TYPE.fullmatch(row.usage_type)
        if name:
            yield name[1], float(row.price)


def _json(text: str) -> _Offer:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAPriceListError(f"The file is not JSON, or it is cut off: {error}. {HOW_TO_GET}") from error
    code = content.get("offerCode")
    if code != OFFER:
        said = f" but of {code}" if code else ""
        raise NotAPriceListError(f"This is not a price list of {OFFER}{said}. {HOW_TO_GET}")
    products, terms = content.get("products"), content.get("terms")
    on_demand = terms.get("OnDemand") if isinstance(terms, dict) else None
    if not isinstance(products, dict) or not isinstance(on_demand, dict):
        raise NotAPriceListError(f"The list has no products with on-demand terms. {HOW_TO_GET}")
    try:
        prices = tuple(_of_products(products, on_demand))
    except (AttributeError, KeyError, TypeError) as error:
        raise NotAPriceListError(
            f"A product or a term does not have the form of AWS's lists ({error!r}). {HOW_TO_GET}"
        ) from error
    return _Offer(str(content.get("publicationDate", "")), str(content.get("version", "")), prices)


def _of_products(products: Mapping[str, Any], on_demand: Mapping[str, Any]) -> Iterator[_Listed]:
    for sku, product in products.items():
        attributes = product["attributes"]
        for term in on_demand.get(sku, {}).values():
            for dimension in term["priceDimensions"].values():
                for currency, price in dimension["pricePerUnit"].items():
                    yield _Listed(
                        str(attributes.get("regionCode", "")),
                        str(attributes.get("usagetype", "")),
                        str(dimension.get("beginRange", "0")),
                        str(currency),
                        str(price),
                    )


def _csv(text: str) -> _Offer:
    rows = list(csv.reader(io.StringIO(text)))
    about = {row[0]: row[1] for row in rows[:_HEADER_ROWS] if len(row) > 1}
    start = next((number for number, row in enumerate(rows[:_HEADER_ROWS]) if row[:1] == ["SKU"]), None)
    if start is None or about.get("OfferCode") != OFFER:
        said = f" but of {about['OfferCode']}" if about.get("OfferCode") else ", neither JSON nor CSV"
        raise NotAPriceListError(f"This is not a price list of {OFFER}{said}. {HOW_TO_GET}")
    names = rows[start]
    lacking = [name for name in ("TermType", "PricePerUnit", "Currency", "usageType", "Region Code") if name not in names]
    if lacking:
        raise NotAPriceListError(f"The list's table has no column {', '.join(lacking)}. {HOW_TO_GET}")
    prices = tuple(
        _Listed(row["Region Code"], row["usageType"], row.get("StartingRange") or "0", row["Currency"], row["PricePerUnit"])
        for row in (dict(zip(names, cells, strict=False)) for cells in rows[start + 1 :] if len(cells) == len(names))
        if row["TermType"] == "OnDemand"
    )
    return _Offer(about.get("Publication Date", ""), about.get("Version", ""), prices)
