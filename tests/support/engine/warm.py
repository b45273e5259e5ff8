"""Starts a warm Python (`warm_python.py`), and says how a script is run by it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from offline.aws.types import TYPES
from support.stacks import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HERE = Path(__file__).resolve().parent
_MODULES = (
    *("argparse", "asyncio", "ipaddress", "runpy", "yaml", "pydantic"),
    *("grpc", "pulumi", "pulumi.runtime", "pulumi_policy", "pulumi_random"),
    *sorted({f"pulumi_aws.{type_.split(':')[1].partition('/')[0]}" for type_ in TYPES if type_.startswith("aws:")}),
)
"""Modules of other people that the program, the pack, the providers and the language host import."""
_OWN_MODULES = (
    *(f"components.{module}" for module in ("access", "cluster", "monitoring", "network", "stack")),
    *("msk_policies.registry", "support.engine.language_host", "support.engine.provider"),
)
"""The same of this project, with what they import themselves."""
_DIRECTORIES = (ROOT, ROOT / "tests", ROOT / "policies")


def warm_command(server: Path | str, modules_from: Sequence[str], script: str) -> list[str]:
    """The command that stands for a script run by a warm Python.

    Args:
        server: The warm Python's socket.
        modules_from: Where the script finds modules beside those that are installed.
        script: A file, or a module's name.
    """
    client = str(_HERE / "warm_client.py")
    return [sys.executable, "-I", "-S", client, str(server), os.pathsep.join(modules_from), script]


@contextmanager
def warm_python(server: Path) -> Iterator[None]:
    """Runs a warm Python for as long as the context lasts.

    Args:
        server: Where its socket shall be.
    """
    directories = os.pathsep.join(map(str, _DIRECTORIES))
    script = [str(_HERE / "warm_python.py"), str(server), directories, *_MODULES, *_OWN_MODULES]
    command = [sys.executable, "-P", "-u", "-X", "utf8", *script]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=server.parent
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield
        process.stdin.close()
