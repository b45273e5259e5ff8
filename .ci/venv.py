"""Bring `.venv` to requirements.lock, and do nothing when it is there already.

A stamp inside `.venv` holds the lock's SHA-256 and the Python it was installed for: contents, not file times,
so that a checkout, a copy or a restored cache is judged by what it holds. Only the standard library is used,
because this runs before anything is installed.

Usage:
    python -I -S .ci/venv.py --check    exit status 0 if `.venv` is at the lock, else 1; runs on every `make`
    python -I .ci/venv.py               creates, repairs or updates `.venv`
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "requirements.stamp"

GUARD = ROOT / "build" / "venv.guard"
"""Held during an installation, not empty while one is unfinished. Not in `.venv`, which may be deleted."""


def wanted_stamp() -> str:
    """Return what the stamp says once `.venv` is at the lock for the running Python."""
    return f"sha256:{hashlib.sha256(LOCK.read_bytes()).hexdigest()} {sys.implementation.cache_tag}\n"


def is_current() -> bool:
    """Return whether `.venv` was completely installed from this lock for the running Python."""
    try:
        return STAMP.read_text(encoding="utf-8") == wanted_stamp()
    except OSError:
        return False


def works() -> bool:
    """Return whether `.venv` has a Python of the running version, with pip."""
    question = "import pip, sys; print(sys.implementation.cache_tag)"
    try:
        answer = subprocess.run([VENV_PYTHON, "-I", "-c", question], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == sys.implementation.cache_tag


def bring_to_lock() -> int:
    """Install what is missing, one process at a time; returns the exit status."""
    GUARD.parent.mkdir(exist_ok=True)
    with GUARD.open("a+", encoding="utf-8") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        guard.seek(0)
        sound = guard.read() == "" and works()
        if sound and is_current():
            return 0  # another make was faster, or PYTHON=... names the Python that is there already
        guard.write("unfinished\n")
        guard.flush()
        done = install(afresh=not sound)
        if done:
            guard.truncate(0)
    return 0 if done else 1


def install(*, afresh: bool) -> bool:
    """Install into an emptied `.venv` or into the one that is there; returns whether it succeeded."""
    version = ".".join(map(str, sys.version_info[:2]))
    print(f"Installing requirements.lock into .venv (Python {version}) ...", flush=True)
    STAMP.unlink(missing_ok=True)
    if afresh and not run([sys.executable, "-I", "-m", "venv", "--clear", str(VENV)]):
        return False
    # Bytecode is written at the first import of a module: of the thousands in the provider few ever are.
    quietly = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-compile"]
    exactly = ["--only-binary", ":all:", "--require-hashes", "--requirement", str(LOCK)]
    if not run([str(VENV_PYTHON), "-I", "-m", "pip", "install", *quietly, *exactly]):
        return False
    STAMP.write_text(wanted_stamp(), encoding="utf-8")
    return True


def run(command: list[str]) -> bool:
    """Run one step; say nothing unless it fails, and then everything."""
    # A personal pip configuration may choose the index, but not another place to install to.
    elsewhere = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"}
    environment = {name: value for name, value in os.environ.items() if name not in elsewhere}
    result = subprocess.run(
        command,
        env={**environment, "PIP_USER": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        print(result.stdout, file=sys.stderr)
        print(f".venv is not ready. This command failed, with its output above: {' '.join(command)}", file=sys.stderr)
    return result.returncode == 0


def main(arguments: list[str]) -> int:
    """Check or install; returns the exit status."""
    if arguments == ["--check"]:
        return 0 if is_current() else 1
    return bring_to_lock()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
