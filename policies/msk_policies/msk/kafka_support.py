"""How long Amazon MSK supports a Kafka version."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from msk_policies.kit.days import DATE_PATTERN, day
from msk_policies.kit.properties import MALFORMED, read_if_known
from msk_policies.kit.rule import SERVERLESS_CLUSTER
from msk_policies.msk.brokers import INSTANCE_TYPE, is_express_type, kind_of
from msk_policies.msk.facts import LONGEST_TRUST, fact

KAFKA_VERSION: Final = "kafkaVersion"
"""The property that holds a cluster's version."""

_LIKE_A_VERSION: Final = re.compile(r"[0-9]{1,2}(\.([0-9]{1,3}|x)){1,3}(\.[a-z]{1,8})?")


class VersionsSetting:
    """Versions that the pack's facts lack or get wrong."""

    name: Final = "versions"
    schema: Final[dict[str, Any]] = {
        "type": "object",
        "description": "Versions that the pack does not know, or whose dates you correct: "
        'for example {"4.3.x.kraft": {"endOfSupport": null}}, null where AWS has named no end.',
        "default": {},
        "additionalProperties": {
            "type": "object",
            "properties": {"endOfSupport": {"type": ["string", "null"], "pattern": DATE_PATTERN}},
            "required": ["endOfSupport"],
            "additionalProperties": False,
        },
    }

    def of(self, config: Mapping[str, Any]) -> Mapping[str, Support]:
        """The versions that the configuration states."""
        versions = config.get(self.name)
        if not isinstance(versions, Mapping):
            return {}
        stated: dict[str, Support] = {}
        for name, version in versions.items():
            ends = version.get("endOfSupport") if isinstance(version, Mapping) else MALFORMED
            # A day that is none, such as 30 February, fits the pattern and yet says nothing.
            if ends is None or day(ends):
                stated[name] = Support(day(ends), None)
        return stated


class Support(NamedTuple):
    """What is known about a version's support.

    Attributes:
        ends: Its last day; None when AWS has named none.
        as_of: The day this was last held against AWS's pages; None when the stack's configuration states it.
    """

    ends: dt.date | None
    as_of: dt.date | None

    def ended(self, today: dt.date) -> bool:
        """Whether support is over."""
        return self.ends is not None and today > self.ends

    def outdated(self, today: dt.date) -> bool:
        """Whether this is too long ago to block a deployment by it."""
        return self.as_of is not None and today - self.as_of > LONGEST_TRUST


VERSIONS: Final = VersionsSetting()
NO_VERSION: Final = {SERVERLESS_CLUSTER: "Amazon MSK chooses the version of a serverless cluster."}
"""Why a serverless cluster is not judged by its version."""

_VERSIONS_FACT: Final = fact("kafka", "versions")
_WITHOUT_KRAFT: Final = frozenset(broker["name"] for broker in fact("brokers", "types").value if not broker["kraft"])
CREATED_WITH: Final = fact("kafka", "createdWith")
"""By kind of brokers, the versions that AWS creates a cluster with."""
_UNCERTAIN: Final = frozenset(version["name"] for version in _VERSIONS_FACT.value if version["uncertain"])
_LISTED: Final = frozenset(fact("configurations", "kafkaVersions").value)
FACTS_AS_OF: Final = _VERSIONS_FACT.as_of
"""The day the versions were last held against AWS's pages."""


def support_of(version: str, config: Mapping[str, Any]) -> Support | None:
    """What is known about a version's support, or None. The stack's configuration has the last word."""
    return VERSIONS.of(config).get(version) or _KNOWN.get(version)


def alternatives(props: Mapping[str, Any], config: Mapping[str, Any], today: dt.date) -> Sequence[str]:
    """Versions that a cluster like this one could run, the recommended one first, then by number."""
    instance_type = read_if_known(props, INSTANCE_TYPE)
    kind = kind_of(instance_type)
    kraft = has_kraft(instance_type)
    known = {**_KNOWN, **VERSIONS.of(config)}
    supported: list[str] = [
        version["name"]
        for version in _VERSIONS_FACT.value
        if kind in version["brokerKinds"] and (kraft or not is_kraft(version["name"])) and not known[version["name"]].ended(today)
    ]
    recommended = fact("kafka", "recommended").value.get(kind) if kraft else fact("kafka", "recommendedWithoutKRaft").value
    return sorted(supported, key=lambda name: name != recommended)


def never_runs_on(version: str, instance_type: object) -> bool:
    """Whether no cluster with such brokers has a version, new or old; one that the pack does not know may run on all."""
    return version in _KNOWN and version not in CREATED_WITH.value[kind_of(instance_type)] and version not in _UNCERTAIN


def is_created_no_more(version: str, instance_type: object) -> bool:
    """Whether AWS creates no cluster with such brokers and a version, though one that is there may have it."""
    if version not in _LISTED or version in CREATED_WITH.value[kind_of(instance_type)]:
        return False
    return not is_express_type(instance_type) or not never_runs_on(version, instance_type)


def has_kraft(instance_type: object) -> bool:
    """Whether clusters with brokers of this type may have KRaft; those of a type that the pack does not know may."""
    return not isinstance(instance_type, str) or instance_type not in _WITHOUT_KRAFT


def is_kraft(version: str) -> bool:
    """Whether a version, known or not, is one with KRaft: Amazon MSK ends their names so."""
    return version.endswith(".kraft")


def order(version: str) -> tuple[tuple[int, ...], bool]:
    """What to compare versions by: their numbers, `x` as 0, then KRaft after ZooKeeper."""
    numbers = [0 if part == "x" else int(part) for part in version.split(".") if part == "x" or part.isdecimal()]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), is_kraft(version)


def looks_like_one(version: str) -> bool:
    """Whether a text is written like a version."""
    return _LIKE_A_VERSION.fullmatch(version) is not None


def shown(version: str) -> str:
    """A version as a message may repeat it: what does not look like one might be somebody's secret."""
    return version if looks_like_one(version) else "a string that is not a version"


_KNOWN: Final[Mapping[str, Support]] = {
    version["name"]: Support(day(version["endOfSupport"]), FACTS_AS_OF) for version in _VERSIONS_FACT.value
}
