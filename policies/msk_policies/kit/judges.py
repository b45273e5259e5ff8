"""What a rule about single resources is asked, and what it may answer."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Judge = Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[str]]
"""From a resource's properties and the rule's configuration to one sentence for each violation."""


class NotApplicableError(Exception):
    """Raised by a judge when the rule has nothing to say about this resource; the text says why."""
