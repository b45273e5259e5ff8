"""What AWS computes for that which lets clients in: IAM policies and their attachments, topics, parameters, pods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from offline.aws_created import Created


def _instance_profile(created: Created) -> dict[str, Any]:
    name = created.inputs.get("name") or created.id
    return {
        "id": name,
        "arn": created.arn("iam", f"instance-profile{created.inputs.get('path', '/')}{name}", region=""),
        "createDate": "2026-01-01T00:00:00Z",
        "uniqueId": f"AIPA{created.digits(17).upper()}",
    }


def _managed_policy(created: Created) -> dict[str, Any]:
    arn = created.id or created.arn("iam", f"policy{created.inputs.get('path', '/')}{created.inputs.get('name')}", region="")
    return {"id": arn, "arn": arn, "attachmentCount": 0, "policyId": f"ANPA{created.digits(17).upper()}"}


def _attachment(created: Created) -> dict[str, Any]:
    who = created.inputs.get("role") or created.inputs.get("user")
    return {"id": f"{who}/{created.inputs.get('policyArn')}"}


def _pod_identity(created: Created) -> dict[str, Any]:
    identifier = f"a-{created.digits(17)}"
    cluster = created.inputs.get("clusterName")
    return {
        "id": identifier,
        "associationId": identifier,
        "associationArn": created.arn("eks", f"podidentityassociation/{cluster}/{identifier}"),
        "externalId": created.uuid("external"),
    }


def _parameter(created: Created) -> dict[str, Any]:
    name = str(created.inputs.get("name") or created.id)
    return {
        "id": name,
        "arn": created.arn("ssm", f"parameter/{name.removeprefix('/')}"),
        "dataType": "text",
        "hasValueWo": False,
        "keyId": "",
        "value": created.inputs.get("value") or created.inputs.get("insecureValue", ""),
        "version": 1,
    }


def _topic(created: Created) -> dict[str, Any]:
    # The topic's ARN is its cluster's with another resource type (MSK Developer Guide, "Authorization policy resources").
    cluster, name = str(created.inputs.get("clusterArn", "")), created.inputs.get("name")
    arn = f"{cluster.replace(':cluster/', ':topic/', 1)}/{name}"
    return {"id": f"{cluster},{name}", "arn": arn, "configsActual": created.inputs.get("configs", "{}")}


ACCESS_BUILDERS: Final[Mapping[str, Callable[[Created], dict[str, Any]]]] = MappingProxyType(
    {
        "aws:eks/podIdentityAssociation:PodIdentityAssociation": _pod_identity,
        "aws:iam/instanceProfile:InstanceProfile": _instance_profile,
        "aws:iam/policy:Policy": _managed_policy,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _attachment,
        "aws:iam/userPolicyAttachment:UserPolicyAttachment": _attachment,
        "aws:msk/topic:Topic": _topic,
        "aws:ssm/parameter:Parameter": _parameter,
    }
)
"""By the types of this module."""
