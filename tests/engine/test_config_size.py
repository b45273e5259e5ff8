"""The CLI starts the program with the longest configuration that it allows, and cannot with one byte more."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from domain.settings.config_size import LONGEST
from support.large_configs import grow

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

TOO_LARGE = "argument list too long" if sys.platform == "linux" else "makes the configuration too large"
"""Other systems start the program, which then says it itself."""


@pytest.mark.parametrize(("size", "says"), [(LONGEST, "The configuration takes 128 KiB of 128 KiB"), (LONGEST + 1, TOO_LARGE)])
def test_the_cli_runs_the_program_with_as_long_a_configuration_as_the_program_allows(
    new_stack: Callable[..., Stack], size: int, says: str
) -> None:
    stack = new_stack("dev")
    grow(stack.project, "dev", size)
    assert says in stack.run("preview", fails=size > LONGEST).text
