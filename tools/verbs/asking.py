"""Asks whoever is at the keyboard, and nobody else."""

from __future__ import annotations

import sys
from typing import Final

from tools.shared.commands import CommandError

_YES: Final = frozenset({"y", "yes"})


def needs_somebody(how: str) -> None:
    """Ends a command that would have to ask where nobody can answer.

    Args:
        how: How a pipeline answers beforehand.

    Raises:
        CommandError: Standard input is no terminal.
    """
    if not sys.stdin.isatty():
        raise CommandError(f"This asks before it changes anything, and nobody is at a terminal to answer. In a pipeline: {how}.")


def agreed(question: str) -> bool:
    """Whether the answer to a question is yes; no answer is no."""
    return _answer(f"{question} [y/N] ").lower() in _YES


def typed(question: str, word: str) -> bool:
    """Whether the answer to a question is exactly a word."""
    return _answer(f"{question} ") == word


def _answer(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except (EOFError, KeyboardInterrupt):
        print()
        return ""
