"""The prices of Amazon MSK that a clone has read from AWS's price list of its region.

A list has the price of each usage type, which AWS writes with a short form of the region before it: ``APS1-Kafka.m7g.large`` is
``Kafka.m7g.large`` here. What a list has no price of keeps the one of `inventory.prices`, with the region that that is of.

Source of the usage types: AWS Price List, AmazonMSK, as read for ap-southeast-1 on 2026-08-12. It does not show what provisioned
throughput and the data of Express brokers are called: those two are told by their words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.prices import Price

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

VOLUMES = re.compile(r"Kafka\.Storage\.GP2")
TIERED = re.compile(r"Kafka\.Storage\.Tiered")
TIERED_RETRIEVAL = re.compile(r"Kafka\.DataRetrieval\.Tiered")
THROUGHPUT = re.compile(r"Kafka\.(\w+\.)*\w*Throughput")
SERVERLESS_HOURS = re.compile(r"KafkaServerless-ClusterHours")
SERVERLESS_PARTITION_HOURS = re.compile(r"KafkaServerless-PartitionHours")
SERVERLESS_DATA_IN = re.compile(r"KafkaServerless-In-Bytes")
SERVERLESS_DATA_OUT = re.compile(r"KafkaServerless-Out-Bytes")
SERVERLESS_STORAGE = re.compile(r"KafkaServerless[.-]\w*Storage\w*")
EXPRESS_STORAGE = re.compile(r"Express\.Storage")
EXPRESS_DATA_IN = re.compile(r"Express\.Data\W?In\w*|Express\W?In-Bytes")


def broker_hours(broker_type: str) -> re.Pattern[str]:
    """The usage type of an hour of one broker: ``kafka.m7g.large`` is ``Kafka.m7g.large``."""
    return re.compile(re.escape(broker_type[:1].upper() + broker_type[1:]))


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices of Amazon MSK in one region.

    Attributes:
        region: The region.
        as_of: When AWS published the list.
        source: Which list it is.
        usd: US dollars for one unit, by usage type without its region.
    """

    region: str
    as_of: date
    source: str
    usd: Mapping[str, float]

    def price(self, usage_type: re.Pattern[str], usual: Price) -> Price:
        """The price of a usage type.

        Args:
            usage_type: What it is called.
            usual: The price where the list has none, and its unit where it has one.
        """
        return self.own_price(usage_type, usual.unit) or usual

    def own_price(self, usage_type: re.Pattern[str], unit: str) -> Price | None:
        """The list's own price of a usage type; None where it has none.

        Args:
            usage_type: What it is called.
            unit: What one unit is.
        """
        listed = [usd for name, usd in self.usd.items() if usage_type.fullmatch(name)]
        return Price(listed[0], unit, self.source, self.as_of, self.region) if len(listed) == 1 else None


def price_of(prices: PriceList | None, usage_type: re.Pattern[str], usual: Price) -> Price:
    """The price in a list, or the usual one where there is no list or none in it."""
    return prices.price(usage_type, usual) if prices else usual
