"""What a broker's own configuration definition says, asked of the broker's own code."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from support.kafka.installation import java

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class BrokerDefinition:
    """The definition of one Kafka version.

    Attributes:
        version: The version, as Kafka says it.
        types: The type of every server property, in Kafka's words: `BOOLEAN`, `INT`, ...
        dynamic: The server properties that a running broker can change.
        topic_types: The type of every topic-level property.
        topics: Every topic-level property, with the server properties that are its default, the first that is set.
        defaults: The default of every server property, as a file would have it; None where there is none.
        topic_defaults: The default of every topic-level property, likewise.
    """

    version: str
    types: Mapping[str, str]
    dynamic: frozenset[str]
    topic_types: Mapping[str, str]
    topics: Mapping[str, list[str]]
    defaults: Mapping[str, str | None]
    topic_defaults: Mapping[str, str | None]
    _kafka: Path
    _programs: Path

    @classmethod
    def of(cls, kafka: Path, programs: Path) -> BrokerDefinition:
        """The definition of the Kafka in a directory."""
        answer = _ask(kafka, programs)
        return cls(
            version=answer["version"],
            types=answer["types"],
            dynamic=frozenset(answer["dynamic"]),
            topic_types=answer["topic_types"],
            topics=answer["topics"],
            defaults=answer["defaults"],
            topic_defaults=answer["topic_defaults"],
            _kafka=kafka,
            _programs=programs,
        )

    @property
    def numbers(self) -> tuple[int, ...]:
        """The version as numbers."""
        return tuple(map(int, self.version.split(".")))

    def refusals(self, values: Iterable[tuple[str, str]]) -> list[str | None]:
        """Why a broker would not take each value; None where it does."""
        refusals: list[str | None] = _ask(self._kafka, self._programs, values=list(values))["values"]
        return refusals

    def refusals_of_topics(self, values: Iterable[tuple[str, str]]) -> list[str | None]:
        """Why a topic cannot have each value; None where it can."""
        refusals: list[str | None] = _ask(self._kafka, self._programs, topic_values=list(values))["topic_values"]
        return refusals

    def refusals_of_files(self, *texts: str) -> list[str | None]:
        """Why a broker would not start with each file; None where it would."""
        refusals: list[str | None] = _ask(self._kafka, self._programs, files=texts)["files"]
        return refusals


def _ask(
    kafka: Path,
    programs: Path,
    *,
    values: Iterable[tuple[str, str]] = (),
    topic_values: Iterable[tuple[str, str]] = (),
    files: Iterable[str] = (),
) -> dict[str, Any]:
    question = json.dumps({"values": list(values), "topic_values": list(topic_values), "files": list(files)})
    command = java("BrokerDefinition", [programs, kafka])
    done = subprocess.run(command, input=question, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
