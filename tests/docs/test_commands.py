"""Every command that the documents show is run by a test, or held against AWS's models; the few that are not are named here.

Who runs what: `tests/engine/test_documents.py` follows README.md and the pages of docs/ and stacks/ on the real engine, where
`support.unrun_commands` says nothing else; `tests/engine/test_operations.py` runs operations.md, `tests/kafka/test_runbook.py`
Kafka's own tools.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from msk_policies.registry import POLICIES
from support.aws_commands import calls_of, problem_of
from support.documents import commands, documents
from support.stacks import ROOT
from support.unrun_commands import EXCEPTED, RUN_ELSEWHERE
from tools.__main__ import COMMANDS

if TYPE_CHECKING:
    from support.documents import Block

ALL = [found for document in documents() for found in commands(document)]
OF_AWS = [(block, statement) for block, statement in ALL if re.search(r"(^|[\s(|;])aws ", statement)]
TARGETS = set(re.findall(r"^([a-z-]+):(?! export)", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_the_documents_have_commands() -> None:
    assert len(ALL) > 150
    assert len(OF_AWS) > 20


@pytest.mark.parametrize(("block", "statement"), OF_AWS, ids=lambda value: getattr(value, "place", None))
def test_aws_takes_the_command(block: Block, statement: str) -> None:
    calls = calls_of(statement)
    assert calls, f"{block.place}: the shell calls no aws"
    assert [problem for call in calls if (problem := problem_of(call))] == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("aws kafka describe-cluster-v3 --cluster-arn a", "aws kafka has no describe-cluster-v3"),
        ("aws kafka describe-cluster-v2 --arn a", "DescribeClusterV2 has no --arn"),
        ("aws kafka describe-cluster-v2", "Missing required parameter"),
        ("aws kafka describe-cluster-v2 --cluster-arn a --query ClusterInfo.Status", "has no answer for ClusterInfo.Status"),
        ("aws kaffka list-clusters", "there is no service kaffka"),
    ],
)
def test_a_wrong_command_of_aws_is_noticed(statement: str, problem: str) -> None:
    (call,) = calls_of(statement)
    assert problem in problem_of(call)


def test_the_readme_counts_the_rules_that_there_are() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {int(number) for number in re.findall(r"(?:of|\|) (\d+) rules\b", readme)} == {len(POLICIES)}


def test_at_most_twelve_are_excepted_each_of_them_is_there_and_so_is_who_runs_the_others() -> None:
    assert len(EXCEPTED) <= 12
    statements = [statement for _, statement in ALL]
    for pattern in (*EXCEPTED, *RUN_ELSEWHERE):
        assert [statement for statement in statements if re.fullmatch(pattern, statement, re.DOTALL)], f"stale: {pattern}"
    assert [file for file in RUN_ELSEWHERE.values() if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize(("block", "statement"), ALL, ids=lambda value: getattr(value, "place", None))
def test_what_make_and_the_tools_are_asked_for_is_there(block: Block, statement: str) -> None:
    """Also of commands that run only by night: a target or a command that went away is noticed on every change."""
    assert block.text
    for words in re.findall(r"(?:^|[\s;&|(])make ((?:[A-Za-z][\w-]*(?:=(?:\"[^\"]*\"|'[^']*'|[^\s\"'])*)?[ \t]*)+)", statement):
        for word in shlex.split(words):
            name, given, _ = word.partition("=")
            assert given or name in TARGETS, name
            assert not given or re.search(rf"^{name} ?[:?]?=", (ROOT / "Makefile").read_text(), re.MULTILINE), name
    for name in re.findall(r"-m tools ([a-z-]+)", statement):
        assert name in COMMANDS
    assert not re.search(r"(?<!/)\bpython -m tools", statement), "no .venv is on a reader's PATH"


SPANS = [
    (document.relative_to(ROOT).as_posix(), span)
    for document in [*documents(), ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
    for span in re.findall(r"`((?:make|python|\.venv/bin/python) [^`]+)`", document.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("document", "span"), SPANS)
def test_a_command_in_a_sentence_is_one_that_can_be_typed(document: str, span: str) -> None:
    words = span.split()
    if words[0] == "make":
        assert words[1] in TARGETS, f"{document}: {span}"
    elif words[1:3] == ["-m", "tools"]:
        assert words[0] == ".venv/bin/python", f"{document}: {span}"
        assert len(words) < 4 or words[3] in COMMANDS or words[3].startswith("-"), f"{document}: {span}"
