"""docs/access.md: its stack file loads, and its commands answer."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import yaml

from support.documents import commands_by_section
from support.stacks import ROOT, project_with
from tools.acls import command as acls
from tools.clients import client
from tools.shared.stack_settings import settings_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

DOCUMENT = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


def test_the_example_loads_and_every_command_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example, application, certificates = re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    others = {"streams": application, "certificates": certificates}
    loaded = {}
    for name, text in others.items():
        (tmp_path / name).mkdir()
        project_with(tmp_path / name, {"prod": yaml.safe_dump({"config": yaml.safe_load(text)})})
        loaded[name] = settings_of(tmp_path / name, "prod").settings
    assert loaded["certificates"].authentication.tls is not None
    assert loaded["streams"].clients["totals"].streams is not None
    project_with(tmp_path, {"prod": yaml.safe_dump({"config": yaml.safe_load(example)})})
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
