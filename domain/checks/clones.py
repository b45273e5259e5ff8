"""What a project made from this template is told: that its name is every other one's, or its region nobody's choice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEMPLATE: Final = "msk-platform"
"""The template's name, which is also that of its project."""

_MADE_FROM: Final = "pulumi:template"
"""The tag that `pulumi new` writes into ``config: pulumi:tags`` of Pulumi.yaml; the template itself has none."""

# In a block or in braces, in quotes or not, in the older form with `config:`; an encrypted one has no value on its line. No YAML
# library is known in this room, and for a hint a line is enough.
_REGION: Final = re.compile(r"""^[^#\n]*?\baws:(?:config:)?region["']?[ \t]*:[ \t]*["']?([\w-]*)""", re.MULTILINE)
_ENVIRONMENT: Final = re.compile(r"^environment[ \t]*:", re.MULTILINE)


def warn_of_template_name(config: Mapping[str, str], *, project: str, stack: str, cluster_name: str) -> Iterator[str]:
    """Warns a clone of a cluster that is called as every other clone's is.

    Args:
        config: All configuration as Pulumi hands it to a program, by ``namespace:key``.
        project: The project's name.
        stack: The stack's name.
        cluster_name: What the cluster is called, whether it was set or follows from the project and the stack.
    """
    if project == TEMPLATE and _MADE_FROM in config.get("pulumi:tags", "") and not config.get(f"{project}:clusterName"):
        yield (
            f"This project still has the template's name, {TEMPLATE}, so its cluster is {cluster_name}, like that of every "
            "other clone without its own name. Before the first deployment, create the project again with `make new` and a "
            f"NAME, or name this cluster: pulumi config set clusterName orders-kafka-{stack} --stack {stack}. Another name "
            f"replaces a deployed cluster; {cluster_name} keeps it."
        )


def warn_of_project_region(files: Mapping[str, str], *, stack: str, region: str) -> Iterator[str]:
    """Warns a stack that takes its region from Pulumi.yaml while other stacks of the project are elsewhere.

    `pulumi new` writes the region that it was answered into the file of one stack; the others keep the template's.

    Args:
        files: The texts of Pulumi.yaml and the stack files, by name.
        stack: The stack's name.
        region: The region that the stack gets.
    """
    own = "".join(text for name, text in files.items() if name in (f"Pulumi.{stack}.yaml", f"Pulumi.{stack}.yml"))
    projects = {name: text for name, text in files.items() if name in ("Pulumi.yaml", "Pulumi.yml")}
    # What an ESC environment says is not in the file, and is somebody's choice.
    if _REGION.search(own) or _ENVIRONMENT.search(own) or not any(region in text for text in projects.values()):
        return
    regions = {name: match[1] for name, text in files.items() if name not in projects and (match := _REGION.search(text))}
    elsewhere = {name: other for name, other in sorted(regions.items()) if other not in ("", region)}
    if elsewhere:
        others = set(elsewhere.values())
        proposed = others.pop() if len(others) == 1 else "REGION"
        yield (
            f"aws:region is {region}, from {', '.join(projects)}; "
            f"{', '.join(f'{name} has {other}' for name, other in elsewhere.items())}. Set the region of this stack: pulumi "
            f"config set aws:region {proposed} --stack {stack}, or {region} to keep it."
        )
