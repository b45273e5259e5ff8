"""Keeps the modules of one project directory from being taken for those of another."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


def _home(module: ModuleType) -> Path | None:
    file = getattr(module, "__file__", None)
    if file:
        return Path(file)
    paths = list(getattr(module, "__path__", ()))
    return Path(paths[0]) if paths else None


def _importable(directory: Path) -> set[str]:
    names = {path.stem for path in directory.glob("*.py")}
    names |= {path.name for path in directory.iterdir() if path.is_dir() and path.name.isidentifier()}
    # This package runs the program; it must not be taken away from under itself.
    return names - {"__main__", __name__.partition(".")[0]}


@contextlib.contextmanager
def own_modules(directory: Path) -> Iterator[None]:
    """Makes imports find the modules in the directory, even where modules of the same names are loaded.

    A program starts with nothing imported, and so may a copy of it in another directory, in the same process. Modules
    that come from the directory itself stay loaded, which is what makes a second run fast.

    Args:
        directory: The program's directory.

    Yields:
        Nothing; the other modules are back afterwards.
    """
    directory = directory.resolve()
    own = _importable(directory)
    foreign = {
        name: module
        for name, module in sys.modules.copy().items()  # another thread may import something meanwhile
        if name.partition(".")[0] in own and (home := _home(module)) and not home.resolve().is_relative_to(directory)
    }
    for name in foreign:
        del sys.modules[name]
    before = set(sys.modules)
    try:
        yield
    finally:
        if foreign:
            # All that the program imported goes, also packages that nobody else had loaded: they hold the directory's own
            # modules, and would be taken for those of the next directory together with the others that come back here.
            for name in [name for name in set(sys.modules) if name not in before and name.partition(".")[0] in own]:
                del sys.modules[name]
            sys.modules.update(foreign)
