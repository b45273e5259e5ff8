"""A preview in a few lines: what it is, what is worth a look, and what to do next. The report begins and ends with them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tools.preview.resource_tree import count
from tools.preview.verdicts import GUARD, MANDATORY, judged_later
from tools.report.sections import TIMES
from tools.shared.commands import FINE
from tools.shared.urns import name_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.preview.document import Document, ProblemRow, VerdictRow

_SENTENCES: Final = re.compile(r"(?<=\.) (?=[A-Z])")


def what_it_is(document: Document) -> str:
    """The cluster, its resources and its cost on one line, as far as they are known; empty where nothing is."""
    versions = {row["urn"]: row["inputs"].get("kafkaVersion") for row in document["resources"]}
    clusters = []
    for row in document["capacity"]:
        version = versions.get(row["urn"])
        kafka = f", Kafka {version}" if isinstance(version, str) else ""
        clusters.append(f"{row['brokers']} {TIMES} {row['brokerType']} in {row['zones']} zones{kafka}")
    clusters += ["a Serverless cluster" for _ in document["serverless"]]
    resources = [f"{count(document['resources'])} resources"] if document["resources"] else []
    cost = [f"{money(document)} USD a month"] if document["cost"] else []
    return ", ".join([*clusters, *resources, *cost])


def money(document: Document) -> str:
    """The sum of the bill, with "at least" where a line has no amount; empty where there is no bill."""
    cost = document["cost"]
    return f"{'at least ' if cost['atLeast'] else ''}{cost['usdPerMonth']:,.2f}" if cost else ""


def warning_words(document: Document) -> str:
    """How many warnings there are, by what they are about; empty where there is none."""
    too_small = sum(len(cluster["warnings"]) for cluster in (*document["capacity"], *document["serverless"]))
    advice = [row for row in document["verdicts"] if row["enforcement"] != MANDATORY and not judged_later(row)]
    of_policies = len({row["policy"] for row in advice if row["kind"] == "violation"})
    of_guards = len({row["policy"] for row in advice if row["kind"] == GUARD})
    parts = [
        _counted(len(document["warnings"]), "warning", "warnings"),
        _counted(too_small, "warning of capacity", "warnings of capacity"),
        _counted(of_policies, "policy that advises", "policies that advise"),
        _counted(of_guards, "refusal of AWS if the cluster is new", "refusals of AWS if the cluster is new"),
    ]
    return ", ".join(part for part in parts if part)


def _counted(number: int, singular: str, plural: str) -> str:
    return f"{number} {singular if number == 1 else plural}" if number else ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do about one or several verdicts that are mended alike.

    Attributes:
        setting: The setting to change, with the file and line where it is written as far as they are known; or empty.
        policy: The rule that refuses.
        words: What to do.
        times: How many verdicts it mends.
    """

    setting: str
    policy: str
    words: str
    times: int


def remedy_of(message: str) -> str:
    """What a verdict's message says to do: what follows what it found; all of it where it is one sentence."""
    found, *rest = _SENTENCES.split(message)
    return " ".join(rest) or found


def remedies(document: Document) -> list[Remedy]:
    """What to do about everything that refuses, the same thing once."""
    found: list[Remedy] = []
    for rows in alike(row for row in document["verdicts"] if row["enforcement"] == MANDATORY):
        remedy = Remedy(place_of(rows[0]), rows[0]["policy"], remedy_of(rows[0]["message"]), len(rows))
        # What no setting is known of is mended by the setting of its rule that is.
        for number, other in enumerate(found):
            same = (other.policy, other.words) == (remedy.policy, remedy.words)
            if same and remedy.setting in ("", other.setting):
                found[number] = replace(other, times=other.times + remedy.times)
                break
        else:
            found.append(remedy)
    return found


def place_of(row: VerdictRow) -> str:
    """A verdict's setting, with the file and line where it is written; empty where no setting is known."""
    file, line = row["file"], row["line"]
    place = "" if file is None else file if line is None else f"{file}:{line}"
    return "  ".join(part for part in (row["setting"] or "", place) if part)


def alike(verdicts: Iterable[VerdictRow]) -> list[list[VerdictRow]]:
    """Verdicts of one rule that are mended alike and differ in the resource only, together; in their order."""
    groups: dict[tuple[object, ...], list[VerdictRow]] = {}
    for row in verdicts:
        own = remedy_of(row["message"])
        if row["resource"]:
            # A resource's own remedy may name it.
            own = re.sub(rf"(?<![\w-]){re.escape(name_in(row['resource']))}(?![\w-])", "it", own)
        key = (row["policy"], row["kind"], row["enforcement"], row["until"], row["reason"], place_of(row), own, *row["seenIn"])
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def mistake_of(row: ProblemRow) -> str:
    """What is wrong and how to mend it, without the setting and its value; all of it where no setting is known."""
    setting, message = row["setting"], row["message"]
    if not setting or not message.startswith(setting):
        return message
    value = message.removeprefix(setting)
    between = ": " if value.startswith(": ") else f" = {_written(row['value'])}: "
    return value.removeprefix(between) if value.startswith(between) else message


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def next_step(document: Document) -> str:
    """The command to give next: deploy what passes, preview again what does not."""
    verb = "up" if document["exitCode"] == FINE else "preview"
    return f"make {verb} STACK={document['stack']}"
