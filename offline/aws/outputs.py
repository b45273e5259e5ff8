"""What AWS computes when it creates a resource, type by type."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from offline.aws.access import ACCESS_BUILDERS
from offline.aws.monitoring import MONITORING_BUILDERS
from offline.aws.msk import MSK_BUILDERS
from offline.aws.network import NETWORK_BUILDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from offline.aws.created import Created


def outputs_of(created: Created) -> tuple[str, dict[str, Any]]:
    """The id and the computed outputs of a resource.

    Args:
        created: The resource.

    Returns:
        For a type that is not known, an id and an ARN.
    """
    outputs = _BUILDERS.get(created.type, _other)(created)
    return created.id or outputs.pop("id"), outputs


def _other(created: Created) -> dict[str, Any]:
    service = created.type.split(":")[1].split("/")[0]
    kind = created.type.rpartition(":")[2].lower()
    identifier = created.identifier(kind)
    return {"id": identifier, "arn": created.arn(service, f"{kind}/{identifier}")}


_BUILDERS: Final[Mapping[str, Callable[[Created], dict[str, Any]]]] = MappingProxyType(
    {**NETWORK_BUILDERS, **ACCESS_BUILDERS, **MONITORING_BUILDERS, **MSK_BUILDERS}
)
