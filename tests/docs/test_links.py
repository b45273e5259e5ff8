"""Links between the documents lead to files and headings that are there."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from support.documents import documents
from support.stacks import ROOT

PAGES = [*documents(), *(ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"))]
_LINK = re.compile(r"\]\((?!https?:|mailto:)(?P<file>[^)#\s]*)(?:#(?P<heading>[^)\s]*))?\)|src=\"(?P<picture>[^\"]+)\"")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub makes them into anchors: lower case, no punctuation, hyphens for blanks."""
    dropped = str.maketrans("", "", "".join(set(string.punctuation) - set("-_")))
    headings = _HEADING.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"\]\([^)]*\)", "", heading).lower().translate(dropped).replace(" ", "-") for heading in headings}


def dead_links(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    dead = []
    for link in _LINK.finditer(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        target = (page.parent / (link["file"] or link["picture"] or page.name)).resolve()
        if not target.exists() or (link["heading"] and link["heading"] not in anchors(target)):
            dead.append(link[0])
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    assert dead_links(page) == []


def test_a_dead_link_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A page\n\n[a](#a-page) [b](#no-page) [c](gone.md) [d](page.md#a-page)\n", encoding="utf-8")
    assert dead_links(page) == ["](#no-page)", "](gone.md)"]
