"""What ends a command from outside, as one thing that it can tell of."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from tools.shared.commands import FAILED, told

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Takes the end of a session, or of a host, for an interruption (`KeyboardInterrupt`): what is done is told."""
    before = {name: signal.signal(name, _interrupt) for name in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def until_interrupted(
    parser: Callable[[], argparse.ArgumentParser], run: Callable[[argparse.Namespace, contextlib.ExitStack], int]
) -> Callable[[list[str]], int]:
    """The `main` of a command that plans, and carries out in some place until it ends or is interrupted (see `told`).

    Args:
        parser: Makes the command's parser.
        run: Runs the command and returns its exit code; what it enters is left at its end.
    """

    @told
    def main(arguments: list[str]) -> int:
        options = parser().parse_args(arguments)
        try:
            with contextlib.ExitStack() as place:
                return run(options, place)
        except KeyboardInterrupt:
            print("Interrupted.", file=sys.stderr)
            return FAILED

    return main


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
