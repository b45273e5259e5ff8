"""Writing files so that nobody ever reads half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def write_atomically(file: Path, text: str) -> None:
    """Writes a text file in one step: readers see the old text or the new one.

    Args:
        file: Where to; its directory must be there.
        text: The whole new content; written as UTF-8 with the line ends it has.

    Raises:
        OSError: The directory is not there or not writable.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        # mkstemp lets only the owner read; a file that is written the plain way follows the umask.
        Path(name).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o666 & ~_umask())
        Path(name).replace(file)
    except BaseException:  # an interrupt too: no half-written file stays behind, and the error goes on
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
