"""What a rule about single resources is asked, and what it may answer."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Judge = Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[str]]
"""From a resource's properties and the rule's configuration to one sentence for each violation."""


class Advice(str):
    """A sentence that only advises, from a rule that refuses otherwise: what the pack knew too long ago, for example."""

    __slots__ = ()


class NotApplicableError(Exception):
    """Raised by a judge when the rule has nothing to say about this resource; the text says why."""


NOT_JUDGED: Final = "Not judged: "
"""What advice begins with where a rule applies to a resource and yet cannot tell: tools show it as no pass."""


class NotJudgedError(NotApplicableError):
    """Raised by a judge when the rule would have something to say about this resource but cannot tell what.

    It is told as advice on the resource, which every preview and update shows; what a rule says of itself that it is not
    applicable the engine shows nowhere.

    Args:
        reason: What it lacks, as a sentence.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(NOT_JUDGED + reason)
