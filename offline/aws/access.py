"""What AWS computes for that which lets clients in: IAM roles and policies, keys, secrets, CAs, topics, parameters, pods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from offline.aws.created import Created


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


def _authority(created: Created) -> dict[str, Any]:
    arn = created.id or created.arn("acm-pca", f"certificate-authority/{created.uuid()}")
    return {
        "id": arn,
        "arn": arn,
        # Empty until the CA's certificate is installed, which is a resource of its own.
        "certificate": "",
        "certificateChain": "",
        "certificateSigningRequest": _pem("CERTIFICATE REQUEST", created.digits(64, "request")),
        "keyStorageSecurityStandard": "FIPS_140_2_LEVEL_3_OR_HIGHER",
        "notAfter": "",
        "notBefore": "",
        "serial": "",
        "usageMode": "GENERAL_PURPOSE",
    }


def _certificate(created: Created) -> dict[str, Any]:
    arn = created.id or f"{created.inputs.get('certificateAuthorityArn')}/certificate/{created.digits(32)}"
    return {
        "id": arn,
        "arn": arn,
        "certificate": _pem("CERTIFICATE", created.digits(64, "certificate")),
        # A root CA's own certificate is the end of its chain.
        "certificateChain": "",
    }


def _installed_certificate(created: Created) -> dict[str, Any]:
    return {"id": created.inputs.get("certificateAuthorityArn") or created.identifier("certificate-authority")}


def _pem(label: str, content: str) -> str:
    return f"-----BEGIN {label}-----\n{content}\n-----END {label}-----\n"


def _topic(created: Created) -> dict[str, Any]:
    # The topic's ARN is its cluster's with another resource type (MSK Developer Guide, "Authorization policy resources").
    cluster, name = str(created.inputs.get("clusterArn", "")), created.inputs.get("name")
    arn = f"{cluster.replace(':cluster/', ':topic/', 1)}/{name}"
    return {"id": f"{cluster},{name}", "arn": arn, "configsActual": created.inputs.get("configs", "{}")}


def _key(created: Created) -> dict[str, Any]:
    identifier = created.id or created.uuid()
    return {
        "id": identifier,
        "arn": created.arn("kms", f"key/{identifier}"),
        "keyId": identifier,
        "description": "",
        "multiRegion": False,
        "policy": "",
        "rotationPeriodInDays": 365,
    }


def _alias(created: Created) -> dict[str, Any]:
    name = created.inputs.get("name", created.id)
    target = str(created.inputs.get("targetKeyId", ""))
    arn = target if target.startswith("arn:") else created.arn("kms", f"key/{target}")
    return {"id": name, "arn": created.arn("kms", name), "targetKeyArn": arn}


def _role(created: Created) -> dict[str, Any]:
    name = created.inputs.get("name") or created.id or f"{created.inputs.get('namePrefix', '')}{created.digits(26)}"
    path = created.inputs.get("path", "/")
    return {
        "id": name,
        "name": name,
        "arn": created.arn("iam", f"role{path}{name}", region=""),
        "createDate": "2026-01-01T00:00:00Z",
        "managedPolicyArns": [],
        "uniqueId": f"AROA{created.digits(17).upper()}",
    }


def _role_policy(created: Created) -> dict[str, Any]:
    return {"id": f"{created.inputs.get('role', '')}:{created.inputs.get('name', '')}"}


def _secret(created: Created) -> dict[str, Any]:
    name = created.inputs.get("name", created.id)
    # Secrets Manager User Guide, "What's in a Secrets Manager secret?": the ARN has six characters after the name.
    arn = created.id or created.arn("secretsmanager", f"secret:{name}-{created.digits(6)}")
    return {"id": arn, "arn": arn, "policy": "", "replicas": []}


def _secret_version(created: Created) -> dict[str, Any]:
    secret, version = created.inputs.get("secretId", ""), created.uuid()
    return {
        "id": f"{secret}|{version}",
        "arn": secret,
        "hasSecretStringWo": False,
        "secretArn": secret,
        "versionId": version,
        "versionStages": ["AWSCURRENT"],
    }


def _secret_policy(created: Created) -> dict[str, Any]:
    return {"id": created.inputs.get("secretArn") or created.identifier("policy")}


ACCESS_BUILDERS: Final[Mapping[str, Callable[[Created], dict[str, Any]]]] = MappingProxyType(
    {
        "aws:kms/key:Key": _key,
        "aws:kms/alias:Alias": _alias,
        "aws:iam/role:Role": _role,
        "aws:iam/rolePolicy:RolePolicy": _role_policy,
        "aws:secretsmanager/secret:Secret": _secret,
        "aws:secretsmanager/secretPolicy:SecretPolicy": _secret_policy,
        "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
        "aws:acmpca/certificate:Certificate": _certificate,
        "aws:acmpca/certificateAuthority:CertificateAuthority": _authority,
        "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate": _installed_certificate,
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
