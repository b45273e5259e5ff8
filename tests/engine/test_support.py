"""A CLI that breaks down is never taken for one that refuses, which is what most tests here expect of it."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from support.engine.faults import Fault
from support.engine.pulumi_cli import BrokeDown

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack


@pytest.mark.parametrize(
    ("how", "says"),
    # The runtime of Go answers SIGQUIT as it ends after a panic: with a trace of its goroutines, and no time to tidy up.
    [(signal.SIGQUIT, "exit code 2\n(.|\n)*goroutine "), (signal.SIGKILL, "exit code -9\n")],
)
def test_a_cli_that_breaks_down_is_told_from_one_that_fails(
    how: signal.Signals, says: str, new_stack: Callable[..., Stack]
) -> None:
    stack = new_stack("dev")
    stack.cloud.set_fault(Fault(nth=1, seconds=600, fails=False))
    with ThreadPoolExecutor() as executor:
        running = executor.submit(stack.up, fails=True)
        while not (holders := stack.lock_holders()):
            assert not running.done()
            time.sleep(0.05)
        (holder,) = holders
        os.kill(holder, how)
        with pytest.raises(BrokeDown, match=f"^pulumi up --yes --skip-preview: {says}"):
            running.result()
    assert stack.lock_holders() == {holder}
