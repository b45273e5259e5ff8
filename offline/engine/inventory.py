"""The inventory: every resource of a run as plain JSON, the form that policies, prices, capacity and tools read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from offline.protocol import wire

if TYPE_CHECKING:
    from offline.engine.run import Run
    from offline.protocol.registration import Registration


class ResourceRow(TypedDict):
    """One resource, with the names that the engine and the provider use for its properties.

    Unknown values are `offline.protocol.wire.UNKNOWN`, secrets are `offline.protocol.wire.REDACTED`, and whole numbers are `int`.
    """

    urn: str
    type: str
    name: str
    custom: bool
    """Whether a provider manages it; a component is not custom."""
    parent: str
    """The parent's URN; empty for the stack itself."""
    inputs: dict[str, Any]
    """What the provider receives, after its defaults and automatic names."""
    outputs: dict[str, Any]
    options: dict[str, Any]
    """The options that were set, with the protocol's names: `protect`, `ignoreChanges`, `dependsOn`, ..."""


def row(resource: Registration) -> ResourceRow:
    """The inventory's row for one resource."""
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "custom": resource.custom,
        "parent": resource.parent,
        "inputs": wire.plain(resource.inputs, redact=True),
        "outputs": wire.plain(resource.outputs, redact=True),
        "options": wire.plain(resource.options, redact=True),
    }


def rows(run: Run) -> list[ResourceRow]:
    """The inventory of a run, in the order in which the program makes the resources.

    The stack is the first row, as in the CLI's own JSON; its outputs are the exports.
    """
    return [row(resource) for resource in run.resources]
