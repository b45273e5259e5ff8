"""What components are told of resources that run already and are taken over."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from domain.settings.stack import StackSettings


class ImportIntent(TypedDict):
    """A resource that may be there already; everything is absent where it is to be created."""

    import_id: NotRequired[str | None]
    """The resource's id in AWS, or its ARN. It stays given after the import: what is kept depends on it."""
    kept: NotRequired[Sequence[str] | None]
    """Property paths that are left as they are in AWS."""
    frozen: NotRequired[bool | None]
    """Refuse to update the resource: Pulumi imports and updates in one run where the arguments are not what is there."""


def taken_over(settings: StackSettings, part: str, import_id: str | None) -> ImportIntent:
    """The intent for a part of the platform, by its key in ``import``."""
    if not import_id:
        return {}
    return {"import_id": import_id, "kept": settings.imported.kept(part), "frozen": settings.imported.frozen}
