"""docs/access.md: its stack file loads, and its commands answer."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from support.documents import commands_by_section
from support.stacks import ROOT, project_with
from tools.acls import command as acls
from tools.clients import client

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

DOCUMENT = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


def test_the_example_loads_and_every_command_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example = re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)[0]
    project_with(tmp_path, {"prod": example})
    lines = [line for block in commands_by_section(DOCUMENT).values() for line in block.splitlines()]
    # The rest are other people's commands: openssl's and AWS's.
    commands = [line for line in lines if line.startswith(".venv/bin/python -m tools ")]
    tools = {"acls": acls.main, "client": client.main}
    assert {line.split()[3] for line in commands} == set(tools)
    for line in commands:
        python, option, module, name, *arguments = shlex.split(line)
        assert (python, option, module) == (".venv/bin/python", "-m", "tools")
        assert tools[name]([*arguments, "--directory", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "User:legacy-erp" in said
    assert "AWS_MSK_IAM" in said
