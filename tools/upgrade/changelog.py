"""What a newer version of the template does to a cluster that runs, as its CHANGELOG says it."""

from __future__ import annotations

from typing import Final

CHANGELOG: Final = "CHANGELOG.md"
_SECTION: Final = "### On a running cluster"


def effects_on_clusters(before: str, now: str) -> list[str]:
    """The paragraphs under "On a running cluster" that a newer CHANGELOG has and an older one has not, newest version first.

    Args:
        before: The text of the older CHANGELOG; empty where there was none.
        now: The text of the newer one.
    """
    known = set(_paragraphs(before))
    return [paragraph for paragraph in _paragraphs(now) if paragraph not in known]


def _paragraphs(changelog: str) -> list[str]:
    """The list items of all such sections, each in one line."""
    items: list[str] = []
    inside = False
    for line in changelog.splitlines():
        if line.startswith("#"):
            inside = line.rstrip() == _SECTION
        elif inside and line.startswith("- "):
            items.append(line.removeprefix("- ").rstrip())
        elif inside and items and line.startswith("  "):
            items[-1] += f" {line.strip()}"
    return items
