"""What AWS refuses, for which the provider has no check of its own: the same words reach whoever deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLUSTER = "aws:msk/cluster:Cluster"
_CONFIGURATION = "aws:msk/configuration:Configuration"


def _volume(cluster: Mapping[str, Any]) -> int:
    storage = cluster.get("brokerNodeGroupInfo", {}).get("storageInfo") or {}
    return int((storage.get("ebsStorageInfo") or {}).get("volumeSize") or 0)


def refusal_of_update(type_: str, there: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    """Why AWS refuses an update, or nothing.

    Args:
        type_: The resource's type.
        there: What the cloud has.
        inputs: What is asked for.
    """
    if type_ == _CLUSTER and _volume(inputs) < _volume(there):
        # MSK Developer Guide, "Scale up Amazon MSK broker storage": storage is only ever increased.
        return "BadRequestException: The target volume size is smaller than the current one."
    return ""


def refusal_of_delete(type_: str, identifier: str, resources: Mapping[str, Mapping[str, Any]]) -> str:
    """Why AWS refuses to delete a resource, or nothing.

    Args:
        type_: The resource's type.
        identifier: Its id.
        resources: All that is there, as `Cloud.resources` has it.
    """
    clusters = [one["properties"] for key, one in resources.items() if key.startswith(f"{_CLUSTER}|")]
    if type_ == _CONFIGURATION and any((one.get("configurationInfo") or {}).get("arn") == identifier for one in clusters):
        # MSK API reference, DeleteConfiguration; a cluster keeps the revision it runs with.
        return "BadRequestException: The configuration is in use by one or more clusters."
    return ""
