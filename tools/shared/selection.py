"""Which stack is meant where none is named: the one that is selected, as the Pulumi CLI has it, and without the CLI."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

DEFAULT_STACK: Final = "dev"

_PROJECT_FILES: Final = ("Pulumi.yaml", "Pulumi.yml")
_NAME: Final = re.compile(r"""^name:\s*["']?([^"'\s#]+)""", re.MULTILINE)


_BACKEND: Final = re.compile(r"""^backend:[ \t]*(?:#.*)?\n(?:[ \t]+.*\n|[ \t]*\n)*?[ \t]+url:\s*["']?([^"'\s#]+)""", re.MULTILINE)
"""The backend that the project's file names, which goes before the one that somebody is logged in to."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A stack that was not named.

    Attributes:
        reference: What the CLI calls it: its name, in Pulumi Cloud with the organization before it.
        why: How it was chosen, for people; empty where nothing is selected.
    """

    reference: str
    why: str

    @property
    def name(self) -> str:
        """Its name, which is in the name of its file."""
        return name_of(self.reference)


def name_of(reference: str) -> str:
    """The name of a stack that may be written as `organization/project/name` or `organization/name`."""
    return reference.rpartition("/")[2]


def selected_stack(directory: Path) -> Selected:
    """The stack that PULUMI_STACK names, else the one that `pulumi stack select` has chosen for a project, else dev.

    Args:
        directory: Where Pulumi.yaml is.
    """
    if named := os.environ.get("PULUMI_STACK"):
        return Selected(named, "from PULUMI_STACK")
    if chosen := _chosen(directory):
        return Selected(chosen, "selected with `pulumi stack select`")
    return Selected(DEFAULT_STACK, "")


def _chosen(directory: Path) -> str:
    """What the CLI's workspace file of a project says; empty where there is none.

    The CLI keeps one for each path of a Pulumi.yaml. Of a project that was used with several backends it has a stack for each.
    """
    project = next((directory.resolve() / name for name in _PROJECT_FILES if (directory / name).is_file()), None)
    text = project.read_text(encoding="utf-8", errors="replace") if project else ""
    if project is None or (found := _NAME.search(text)) is None:
        return ""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    digest = hashlib.sha1(str(project).encode(), usedforsecurity=False).hexdigest()
    workspace = _json(home / "workspaces" / f"{found[1]}-{digest}-workspace.json")
    by_backend = workspace.get("stacks")
    stacks: dict[str, Any] = by_backend if isinstance(by_backend, dict) else {}
    own = _BACKEND.search(text)
    backend = os.environ.get("PULUMI_BACKEND_URL") or (own[1] if own else _json(home / "credentials.json").get("current"))
    stack = stacks.get(str(backend)) or (next(iter(stacks.values())) if len(stacks) == 1 else workspace.get("stack"))
    return _shortened(stack) if isinstance(stack, str) else ""


def _shortened(reference: str) -> str:
    """What people write: without the project, and without the organization that every backend but Pulumi Cloud has."""
    parts = reference.split("/")
    return parts[-1] if len(parts) == 1 or parts[0] == "organization" else f"{parts[0]}/{parts[-1]}"


def _json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
