"""What stands in the brokers' logs, found with the terms and the saved queries of the product."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from domain.monitoring.log_watch import QUERIES, WATCHES
from support.kafka.cluster import BROKERS

if TYPE_CHECKING:
    from support.kafka.cluster import Cluster

_PATIENCE = 60
TERM_OF = {query.name: re.findall(r"like /(.+)/", query.text)[0] for query in QUERIES}
TERMS = {watch.name: watch.term for watch in WATCHES}


def lines(cluster: Cluster, term: str) -> list[str]:
    """Lines of the brokers' logs with a term, as soon as there is one."""
    ends = time.monotonic() + _PATIENCE
    while True:
        found = [line for node in BROKERS for line in cluster.log(node).splitlines() if re.search(term, line)]
        if found or time.monotonic() > ends:
            return found
        time.sleep(0.5)


def parsed(query: str, line: str) -> dict[str, str]:
    """What the `parse` commands of a saved query find in a line: an asterisk stands for anything, as short as can be."""
    (text,) = [saved.text for saved in QUERIES if saved.name == query]
    values = {}
    for pattern, name in re.findall(r"\| parse @message '([^']+)' as (\w+)", text):
        match = re.search(re.escape(pattern).replace(r"\*", "(.*?)"), line)
        assert match, f"{pattern}: {line}"
        values[name] = match[1]
    assert values
    return values
