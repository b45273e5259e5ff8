"""The files in which a project keeps Amazon MSK's prices: ``prices/<region>.json``, written by `python -m tools prices`."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from inventory.price_list import PriceList
from tools.shared.commands import CommandError

if TYPE_CHECKING:
    from pathlib import Path

DIRECTORY = "prices"


class PriceListError(CommandError):
    """A file of prices cannot be read; the message says how to write it again."""


def file_of(directory: Path, region: str) -> Path:
    """Where a project keeps the prices of a region."""
    return directory / DIRECTORY / f"{region}.json"


def price_list(directory: Path, region: str) -> PriceList | None:
    """The prices that a project has of a region; None where it has none.

    Args:
        directory: The project's.
        region: The region; empty where it is not known.

    Raises:
        PriceListError: There is a file, and it is not one that `written` makes.
    """
    file = file_of(directory, region)
    if not region or not file.is_file():
        return None
    try:
        return _read(json.loads(file.read_text(encoding="utf-8")), region)
    except (OSError, ValueError, KeyError, RecursionError, TypeError, AttributeError) as error:
        raise PriceListError(
            f"{DIRECTORY}/{file.name} does not hold the prices of {region}. Write it again with python -m tools prices, or "
            "delete it."
        ) from error


def written(prices: PriceList) -> str:
    """The text of the file for a list."""
    content = {
        "region": prices.region,
        "asOf": prices.as_of.isoformat(),
        "source": prices.source,
        "usd": dict(sorted(prices.usd.items())),
    }
    return json.dumps(content, indent=2) + "\n"


def _read(content: dict[str, Any], region: str) -> PriceList:
    if content["region"] != region:
        raise ValueError(content["region"])
    usd = {str(name): float(price) for name, price in content["usd"].items()}
    if not usd or min(usd.values()) < 0:
        raise ValueError(usd)
    return PriceList(region, date.fromisoformat(content["asOf"]), str(content["source"]), usd)
