"""Sections as plain text and on a terminal: nothing is lost, nothing is cut off, and all gets where it belongs."""

from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tools.preview.capacity import serverless_section
from tools.report.deliver import deliver
from tools.report.plain_text import WIDTH, plain_text
from tools.report.sections import Column, Line, Mark, Node, Piece, Section, Table, Tone, text
from tools.report.terminal import show

if TYPE_CHECKING:
    from pathlib import Path

    from tools.preview.document import QuotaRow, ServerlessRow

WORDS = st.lists(
    st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["C", "Z"]), min_size=1, max_size=30),
    min_size=1,
    max_size=12,
).map(" ".join)
PIECES = st.builds(Piece, WORDS, st.sampled_from(Tone))
LINES = st.builds(Line, PIECES, st.sampled_from(Mark), st.lists(PIECES, max_size=2).map(tuple))
TABLES = st.lists(st.tuples(WORDS.map(lambda words: words.split()[0]), WORDS), min_size=1, max_size=4).map(
    lambda rows: Table((Column("name"), Column("what", wraps=True)), tuple(rows))
)
TREES = st.recursive(
    st.builds(Node, PIECES), lambda nodes: st.builds(Node, PIECES, st.lists(nodes, max_size=3).map(tuple)), max_leaves=6
)
SECTIONS = st.builds(Section, WORDS, st.lists(LINES | TABLES | TREES, min_size=1, max_size=3).map(tuple))


def words_of(section: Section) -> str:
    """Everything a section says, without blanks."""

    def said(block: Line | Table | Node) -> str:
        if isinstance(block, Line):
            return text(block.words) + "".join(map(text, block.below))
        if isinstance(block, Table):
            return "".join(text(cell) for row in block.rows for cell in row)
        return text(block.label) + "".join(map(said, block.children))

    return re.sub(r"\s", "", section.title + "".join(map(said, section.blocks)))


def on_terminal(section: Section, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False, highlight=False)
    show([section], console)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


@given(section=SECTIONS)
def test_every_character_is_in_the_plain_text(section: Section) -> None:
    shown = sorted(re.sub(r"\s", "", plain_text([section])))
    said = sorted(words_of(section))
    assert not [message for message in set(said) if shown.count(message) < said.count(message)]


@given(section=SECTIONS, width=st.sampled_from([80, 120]))
def test_every_character_is_on_the_terminal(section: Section, width: int) -> None:
    output = on_terminal(section, width)
    shown = sorted(re.sub(r"\s", "", output))
    said = sorted(words_of(section))
    assert not [message for message in set(said) if shown.count(message) < said.count(message)]
    assert "…" not in output


@given(section=SECTIONS)
def test_plain_lines_are_short_but_for_words_and_titles_that_are_long(section: Section) -> None:
    longest = max(len(word) for word in words_of_every(section))
    for line in plain_text([section]).splitlines()[1:]:
        assert len(line) <= max(WIDTH, longest + 2 * 34)


def words_of_every(section: Section) -> list[str]:
    return re.findall(r"\S+", plain_text([section])) or [""]


@pytest.mark.parametrize("width", [80, 120, 200])
def test_a_terminal_is_filled_but_never_beyond_what_one_can_read(width: int) -> None:
    section = Section("Title", (Line("word " * 200),))
    lines = on_terminal(section, width).splitlines()
    assert max(map(len, lines)) <= min(width, 120)
    assert max(map(len, lines)) > min(width, 120) - 10


def test_a_total_is_set_apart() -> None:
    table = Table((Column("what", wraps=True), Column("USD", right=True)), (("keys", "2.00"),), total=("Sum", "2.00"))
    lines = plain_text([Section("Cost", (table,))]).splitlines()
    assert [line.split() for line in lines[1:]] == [["what", "USD"], ["keys", "2.00"], ["----", "----"], ["Sum", "2.00"]]
    assert all(line.endswith("2.00") for line in (lines[2], lines[4]))


REPORT = (Section("Problems", (Line("The broker type is unknown."),)),)


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_a_report_of_errors_goes_where_errors_go_and_one_for_programs_where_they_read(
    code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deliver(REPORT, None, headline="", code=code) == code
    said = capsys.readouterr()
    shown, other = (said.err, said.out) if code > 1 else (said.out, said.err)
    assert shown == plain_text(REPORT)
    assert not other
    assert deliver("{}\n", None, headline="", code=code) == code
    assert capsys.readouterr() == ("{}\n", "")


@pytest.mark.parametrize(("report", "text"), [(REPORT, plain_text(REPORT)), ("{}\n", "{}\n")])
@pytest.mark.parametrize("code", [1, 2])
def test_a_report_in_a_file_is_announced_with_its_headline(
    report: str | tuple[Section, ...], text: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report"
    assert deliver(report, file, headline="Refused", code=code) == code
    assert file.read_text(encoding="utf-8") == text
    said = capsys.readouterr()
    assert (said.err if code > 1 else said.out) == f"Refused (exit code {code}). The report is in {file}.\n"


def test_a_file_that_cannot_be_written_is_a_failure_with_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "absent" / "report"
    assert deliver(REPORT, file, headline="Fine", code=0) == 3
    assert capsys.readouterr() == ("", f"{file} cannot be written: No such file or directory.\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("kind", "drawn"), [("xterm", True), ("dumb", False)])
def test_a_terminal_that_can_draw_gets_a_drawn_report(kind: str, drawn: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("TERM", kind)
    assert deliver(REPORT, None, headline="", code=0) == 0
    assert "The broker type is unknown." in stream.getvalue()
    assert (stream.getvalue() != plain_text(REPORT)) is drawn


def test_a_share_of_a_quota_is_set_off_by_a_comma() -> None:
    use: QuotaRow = {"name": "Ingress", "used": 5, "quota": 200, "unit": "MB/s at peak"}
    row: ServerlessRow = {"cluster": "events", "urn": "", "workload": None, "quotas": [use], "warnings": [], "notes": []}
    assert "Ingress  5 of 200, 2%" in plain_text([serverless_section(row)])
