"""Amazon Resource Names: whose resource one names, and where it is."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_REGION: Final = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
_PARTS: Final = 6


class Arn(NamedTuple):
    """The parts of an ARN.

    Attributes:
        partition: `aws`, `aws-cn` and so on.
        service: `kafka`, for example.
        region: The region; empty for what is in none, or where the text has something that cannot be one.
        account: The twelve digits of the account, likewise.
        resource: The rest, such as `cluster/orders/0a-1`.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str


def arn(text: object) -> Arn | None:
    """What an ARN says; None for what is none, or is not known yet."""
    parts = text.split(":", _PARTS - 1) if isinstance(text, str) else []
    if len(parts) != _PARTS or parts[0] != "arn":
        return None
    _, partition, service, region, account, resource = parts
    return Arn(
        partition,
        service,
        region if _REGION.fullmatch(region) else "",
        account if _ACCOUNT.fullmatch(account) else "",
        resource,
    )


def account_of(text: object) -> str:
    """The account in an ARN; empty where there is none."""
    named = arn(text)
    return named.account if named else ""
