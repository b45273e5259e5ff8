"""`python -m tools prices`: writes the prices of a region from AWS's price list into the project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.msk.brokers import BROKER_TYPES
from inventory.price_list import EXPRESS_DATA_IN, EXPRESS_STORAGE, THROUGHPUT, TIERED, TIERED_RETRIEVAL, VOLUMES, broker_hours
from tools.prices.offer import NotAPriceListError, read_offer
from tools.shared.commands import CommandError, add_directory, answering, parser_of
from tools.shared.price_lists import DIRECTORY, file_of, written

if TYPE_CHECKING:
    import argparse
    import re

    from inventory.price_list import PriceList

_EPILOG: Final = """\
example:
  curl -o msk.json https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonMSK/current/eu-west-1/index.json
  python -m tools prices --from msk.json

The list is AWS's public one of Amazon MSK (JSON or CSV) and needs no account. From then on the previews of stacks in that region
have its prices for brokers, their storage and what is written to them. What other services charge stays us-east-1's, and the bill
says so. Commit the file. This command contacts nothing. Exit codes: 0 fine; 2 the arguments are wrong, or the file is not such
a list."""

_WANTED: Final = {
    "volumes": VOLUMES,
    "tiered storage": TIERED,
    "reading tiered storage": TIERED_RETRIEVAL,
    "provisioned throughput": THROUGHPUT,
    "Express storage": EXPRESS_STORAGE,
    "Express data in": EXPRESS_DATA_IN,
}


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("prices", "Writes the prices of a region from AWS's price list of Amazon MSK into the project.", _EPILOG)
    parser.add_argument("--from", dest="file", type=Path, required=True, metavar="FILE", help="the price list, JSON or CSV")
    parser.add_argument("--region", metavar="NAME", help="the region, where the list has several")
    add_directory(parser)
    return parser


def _answer(options: argparse.Namespace) -> str:
    try:
        prices = read_offer(options.file.read_text(encoding="utf-8-sig"), options.region)
    except UnicodeDecodeError as error:
        raise CommandError(f"{options.file} is not UTF-8 text.") from error
    except NotAPriceListError as error:
        raise CommandError(f"{options.file}: {error}") from error
    if not (options.directory / "Pulumi.yaml").is_file():
        raise CommandError(f"{options.directory} contains no Pulumi.yaml. Give the project's directory with --directory.")
    file = file_of(options.directory, prices.region)
    file.parent.mkdir(exist_ok=True)
    file.write_text(written(prices), encoding="utf-8")
    return _told(prices)


def _told(prices: PriceList) -> str:
    brokers = [name for name in BROKER_TYPES if _has(prices, broker_hours(name))]
    lacking = [what for what, usage_type in _WANTED.items() if not _has(prices, usage_type)]
    told = (
        f"{DIRECTORY}/{prices.region}.json: {len(prices.usd)} prices of {prices.region}, published {prices.as_of}, "
        f"with {len(brokers)} of {len(BROKER_TYPES)} broker types.\n"
    )
    if lacking:
        told += f"Not in the list, so us-east-1's price stays: {', '.join(lacking)}.\n"
    return told


def _has(prices: PriceList, usage_type: re.Pattern[str]) -> bool:
    return any(usage_type.fullmatch(name) for name in prices.usd)


main = answering(_parser, _answer)
