"""A small price list of Amazon MSK, in the form of AWS's: JSON and CSV of the same prices."""

from __future__ import annotations

import json
from typing import Any

PUBLISHED = "2026-08-12T17:00:42Z"
VERSION = "20260812170042"

PRICES = {
    "Kafka.t3.small": ("0.0578000000", "Hrs"),
    "Kafka.m7g.large": ("0.2550000000", "Hrs"),
    "Kafka.m7g.xlarge": ("0.5100000000", "Hrs"),
    "Express.m7g.large": ("0.5100000000", "Hrs"),
    "Kafka.Storage.GP2": ("0.1200000000", "GB-Mo"),
    "Kafka.Storage.Tiered": ("0.0652000000", "GB-Mo"),
    "Kafka.DataRetrieval.Tiered": ("0.0018000000", "GB"),
    "Express.Storage": ("0.1200000000", "GB-Mo"),
    "KafkaServerless-ClusterHours": ("0.9375000000", "Hrs"),
    "Kafka.PrivateConnectivityHours": ("0.0252000000", "Hrs"),
}
"""Of ap-southeast-1, by usage type without the region's short form."""


def offer(
    *, code: str = "AmazonMSK", regions: dict[str, str] | None = None, currency: str = "USD", **more: Any
) -> dict[str, Any]:
    """The list as AWS writes it in JSON.

    Args:
        code: The service's code.
        regions: Short form of each region, by its name.
        currency: The currency.
        more: Top-level keys besides, or instead.
    """
    products: dict[str, Any] = {}
    terms: dict[str, Any] = {}
    for region, short in (regions or {"ap-southeast-1": "APS1"}).items():
        for number, (usage_type, (price, unit)) in enumerate(PRICES.items()):
            sku = f"{short}{number:012}"
            products[sku] = {
                "sku": sku,
                "productFamily": "Managed Streaming for Apache Kafka (MSK)",
                "attributes": {
                    "servicecode": code,
                    "location": region,
                    "locationType": "AWS Region",
                    "usagetype": f"{short}-{usage_type}",
                    "operation": "RunBroker",
                    "regionCode": region,
                    "servicename": "Amazon Managed Streaming for Apache Kafka",
                },
            }
            rate = f"{sku}.JRTCKXETXF.6YS6EN2CT7"
            terms[sku] = {
                f"{sku}.JRTCKXETXF": {
                    "offerTermCode": "JRTCKXETXF",
                    "sku": sku,
                    "effectiveDate": "2026-08-01T00:00:00Z",
                    "priceDimensions": {
                        rate: {
                            "rateCode": rate,
                            "description": f"{price} per {unit} of {usage_type}",
                            "beginRange": "0",
                            "endRange": "Inf",
                            "unit": unit,
                            "pricePerUnit": {currency: price},
                            "appliesTo": [],
                        }
                    },
                    "termAttributes": {},
                }
            }
    return {
        "formatVersion": "v1.0",
        "disclaimer": "This pricing list is for informational purposes only.",
        "offerCode": code,
        "version": VERSION,
        "publicationDate": PUBLISHED,
        "products": products,
        "terms": {"OnDemand": terms},
        "attributesList": {},
        **more,
    }


def offer_json(**changes: Any) -> str:
    """The list as JSON."""
    return json.dumps(offer(**changes))


def offer_csv(code: str = "AmazonMSK") -> str:
    """The list as CSV."""
    columns = (
        "SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange", "EndingRange",
        "Unit", "PricePerUnit", "Currency", "Product Family", "serviceCode", "Location", "usageType", "operation", "Region Code",
    )  # fmt: skip
    about = [
        ("FormatVersion", "v1.0"),
        ("Disclaimer", "This pricing list is for informational purposes only."),
        ("Publication Date", PUBLISHED),
        ("Version", VERSION),
        ("OfferCode", code),
    ]
    rows: list[tuple[str, ...]] = [*about, columns]
    rows += [
        (
            f"APS1{number}", "JRTCKXETXF", f"APS1{number}.JRTCKXETXF.6YS6EN2CT7", "OnDemand", f"{price}, of {usage_type}",
            "2026-08-01", "0", "Inf", unit, price, "USD", "Managed Streaming for Apache Kafka (MSK)", code,
            "Asia Pacific (Singapore)", f"APS1-{usage_type}", "RunBroker", "ap-southeast-1",
        )
        for number, (usage_type, (price, unit)) in enumerate(PRICES.items())
    ]  # fmt: skip
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n"
