"""README.md, the pages of docs/ and of the ready stacks, followed on the real engine: each command as it stands, in its order.

What a section shows of the stack file is pasted before its commands run, beside what is there. What is run elsewhere, or not at
all, is named in `support.unrun_commands`. By day README.md is followed, and one of the other pages in its turn.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from domain.java_properties import parse_properties
from support.by_turns import of_the_day
from support.documents import Block, blocks, statements
from support.engine.documented import Reader
from support.stacks import ROOT
from support.unrun_commands import EXCEPTED, RUN_ELSEWHERE
from tools.stacks.uses import TITLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

CLUSTER = "aws:msk/cluster:Cluster"
PAGES = {
    "docs/access.md": "prod",
    "docs/deploying.md": "prod",
    "docs/evidence.md": "prod",
    "docs/monitoring.md": "prod",
    "docs/policies.md": "prod",
}
"""Pages that are followed, with the stack that they are about."""
NOT_FOLLOWED = {
    "docs/operations.md": "tests/engine/test_operations.py",
    "docs/operator.md": "tests/tools/test_place.py",
    "docs/runbook.md": "tests/kafka/test_runbook.py",
    "docs/upgrading.md": "tests/engine/test_upgrade.py",
}
"""Pages whose commands have a test of their own."""
USES = [f"stacks/{use}/README.md" for use in TITLES]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """By day one page is followed beside README.md, each in its turn."""
    if "page" in metafunc.fixturenames:
        exhaustive = metafunc.config.getoption("exhaustive")
        turn = of_the_day([*PAGES, *USES], exhaustive=exhaustive)
        # Processes that collect before and after midnight must collect the same names.
        metafunc.parametrize("page", turn, ids=turn if exhaustive else ["whose turn it is"])


def followed(block: Block) -> list[str]:
    """A block's commands that the reader runs here."""
    unrun = [*EXCEPTED, *RUN_ELSEWHERE]
    return [
        statement
        for statement in (statements(block) if block.language in ("sh", "console") else ())
        if not any(re.fullmatch(pattern, statement, re.DOTALL) for pattern in unrun)
    ]


def sections(page: str) -> list[list[Block]]:
    """A page's blocks, section by section; the first has what stands before all headings."""
    path = ROOT / page
    starts = [text.count("\n") for text in re.split(r"(?m)^## ", path.read_text(encoding="utf-8"))]
    ends = [sum(starts[: number + 1]) for number in range(len(starts))]
    found: list[list[Block]] = [[] for _ in ends]
    for block in blocks(path):
        found[next(number for number, end in enumerate(ends) if block.line <= end + 1)].append(block)
    return found


def follow(stack: Stack, page: str, *, reader: Reader, deploys: bool = True) -> list[str]:
    """Follows a page, and returns the commands that were run.

    Args:
        stack: The stack that it is about.
        page: Where it is.
        reader: Who follows it.
        deploys: Whether the stack is deployed at the page's beginning, and again with what is pasted.
    """
    ran: list[str] = []
    for number, section in enumerate(sections(page)):
        commands = [command for block in section for command in followed(block)]
        if not commands and number > 0:
            continue
        reader.select()
        pasted: dict[str, Any] = {}
        for block in section:
            if block.language == "yaml":
                pasted |= yaml.safe_load(block.text)["config"]
        stack.set(**pasted)
        if deploys and (pasted or not number):
            stack.up()
        if commands:
            reader.run("\n".join(commands))
        ran += commands
    return ran


def test_the_readme_is_followed(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    stack.cloud.forget_calls()
    ran = follow(stack, "README.md", reader=Reader(stack), deploys=False)
    assert {"make preview", "make up", "make changes", "make client NAME=billing TO=billing"} <= set(ran)
    made = [call for call in stack.cloud.calls() if call.call != "read"]
    assert {call.call for call in made} == {"create"}
    assert CLUSTER not in {call.type for call in made}
    with stack.cloud.only(CLUSTER) as cluster:
        brokers = set(cluster["bootstrapBrokersSaslIam"].split(","))
    for client, file in (("orders-api", "producer.properties"), ("billing", "consumer.properties")):
        written = stack.project / client
        assert {path.name for path in written.iterdir()} == {"client.properties", file}
        properties = parse_properties((written / file).read_text(encoding="utf-8"))
        assert brokers <= set(properties["bootstrap.servers"].split(","))


def test_a_page_is_followed(page: str, new_stack: Callable[..., Stack]) -> None:
    if page in PAGES:
        stack = new_stack(PAGES[page])
        reader = Reader(stack)
        reader.put_aws()
        assert follow(stack, page, reader=reader)
        return
    use = page.split("/")[1]
    stack = new_stack("dev")
    reader = Reader(stack)
    reader.put_aws()
    (start, *rest) = [command for section in sections(page) for block in section for command in followed(block)]
    assert start == f"make stack NAME={use} FROM=stacks/{use}"
    reader.run(start)
    # What stands between the page's beginning and its client: the stack is deployed.
    reader.run(f"pulumi stack init {use} --secrets-provider passphrase && pulumi up --yes --skip-preview --stack {use}")
    reader.run("\n".join(rest))


def test_every_page_with_commands_is_followed_somewhere() -> None:
    pages = [*(ROOT / "docs").glob("*.md"), *(ROOT / "stacks").glob("*/README.md")]
    with_commands = {
        path.relative_to(ROOT).as_posix() for path in pages if any(block.language in ("sh", "console") for block in blocks(path))
    }
    assert with_commands == {*PAGES, *NOT_FOLLOWED, *USES} & with_commands
    assert [file for file in NOT_FOLLOWED.values() if not (ROOT / file).is_file()] == []
