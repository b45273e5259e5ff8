"""What the engine keeps of a resource, and how it names it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from offline.protocol import wire
    from offline.protocol.wire import Message

STACK_TYPE: Final = "pulumi:pulumi:Stack"
"""The type of the resource that every other resource descends from."""


@dataclass(slots=True)
class Registration:
    """A resource of a run. Values are property values as in `offline.protocol.wire`."""

    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    """The parent's URN; empty for the stack itself."""
    inputs: dict[str, wire.Value]
    """What the provider receives, after its defaults and automatic names."""
    options: dict[str, Any]
    """The options that were set, with the names of the inventory."""
    hooks: dict[str, list[str]] = field(default_factory=dict)
    """The names of the hooks by occasion, such as `before_create`."""
    id: str = ""
    """AWS's identifier; empty where it is unknown or there is none."""
    outputs: dict[str, wire.Value] = field(default_factory=dict)
    position: int = 0
    """Its place among everything that the program asked of the engine, in the program's own order."""
    external: bool = False
    """Whether the program only reads it, as `Vpc.get` does."""


def urn_of(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """The URN of a resource, as the engine makes it: the types of its ancestors without the stack's, then its own.

    Args:
        stack: The stack's name.
        project: The project's name.
        parent: The parent's URN; empty for none.
        type_: The resource's type token.
        name: The resource's logical name.

    Returns:
        For example `urn:pulumi:dev::shop::shop:index:Network$aws:ec2/vpc:Vpc::main`.
    """
    ancestors = parent.split("::", 3)[2] if parent else ""
    if ancestors and ancestors != STACK_TYPE:
        type_ = f"{ancestors}${type_}"
    return f"urn:pulumi:{stack}::{project}::{type_}::{name}"


_LISTS: Final = ("ignoreChanges", "additionalSecretOutputs", "replaceOnChanges", "hideDiffs")

_TEXTS: Final = (
    ("deletedWith", "deletedWith"),
    ("provider", "provider"),
    ("version", "version"),
    ("pluginDownloadURL", "pluginDownloadURL"),
    ("import", "importId"),
)

_OCCASIONS: Final = (
    "before_create",
    "after_create",
    "before_update",
    "after_update",
    "before_delete",
    "after_delete",
    "on_error",
)


def hooks_of(request: Message) -> dict[str, list[str]]:
    """The hooks that a registration request binds, by occasion.

    Args:
        request: The protocol's `RegisterResourceRequest`.

    Returns:
        Only the occasions that have a hook.
    """
    if not request.HasField("hooks"):
        return {}
    return {occasion: list(names) for occasion in _OCCASIONS if (names := getattr(request.hooks, occasion, ()))}


def options_of(request: Message) -> dict[str, Any]:
    """The options that a registration request sets, with the names of the inventory.

    Args:
        request: The protocol's `RegisterResourceRequest`.

    Returns:
        Only the options that were set. What the SDK collects in sets is sorted, so that two runs agree.
    """
    timeouts = request.customTimeouts
    options: dict[str, Any] = {
        "protect": request.protect,
        "retainOnDelete": request.retainOnDelete,
        **{option: list(getattr(request, option)) for option in _LISTS},
        **{option: getattr(request, name) for option, name in _TEXTS},
        "customTimeouts": {
            name: time for name in ("create", "update", "delete", "read") if (time := getattr(timeouts, name, ""))
        },
        "aliases": [_alias(alias) for alias in request.aliases] or list(request.aliasURNs),
        "dependsOn": sorted(request.dependencies),
        "propertyDependencies": {
            key: sorted(value.urns) for key, value in sorted(request.propertyDependencies.items()) if value.urns
        },
        "providers": dict(sorted(request.providers.items())),
        "replaceWith": list(getattr(request, "replace_with", ())),
        "hooks": hooks_of(request),
    }
    options = {option: value for option, value in options.items() if value}
    if request.deleteBeforeReplaceDefined:
        # Set to false it still says something: the provider's own wish is overruled.
        options["deleteBeforeReplace"] = request.deleteBeforeReplace
    return options


def _alias(alias: Message) -> str | dict[str, Any]:
    if alias.HasField("urn"):
        return str(alias.urn)
    spec = alias.spec
    names = ("name", "type", "stack", "project", "parentUrn")
    result: dict[str, Any] = {name: text for name in names if (text := getattr(spec, name))}
    if spec.noParent:
        result["noParent"] = True
    return result
