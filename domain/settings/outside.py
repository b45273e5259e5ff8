"""What a stack's file says beside the settings of this project: other namespaces, the AWS provider's configuration, stray keys.

All of it is handed to a program or passed over without a word, by the Pulumi CLI too: a misspelt namespace sets nothing, and
`aws:endpoints` sends every request elsewhere. So it is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from domain.msk.regions import REGIONS, WITHOUT_DEFAULT_ZONES
from domain.problems import ABSENT, Problem, did_you_mean, nearest

PROVIDER_KEYS: Final = frozenset(
    {
        "accessKey", "allowedAccountIds", "assumeRole", "assumeRoleWithWebIdentity", "assumeRoles", "autonaming",
        "customCaBundle", "defaultTags",
        "ec2MetadataServiceEndpoint", "ec2MetadataServiceEndpointMode", "endpoints", "forbiddenAccountIds",
        "httpProxy", "httpsProxy", "ignoreTags", "insecure", "maxRetries", "noProxy", "profile", "region", "retryMode",
        "s3UsEast1RegionalEndpoint", "s3UsePathStyle", "secretKey", "sharedConfigFiles", "sharedCredentialsFiles",
        "skipCredentialsValidation", "skipGetEc2Platforms", "skipMetadataApiCheck", "skipRegionValidation",
        "skipRequestingAccountId", "stsRegion", "tagPolicyCompliance", "token", "tokenBucketRateLimiterCapacity",
        "useDualstackEndpoint", "useFipsEndpoint", "userAgents",
    }
)  # fmt: skip
"""The configuration of the AWS provider (pulumi_aws/config/vars.py, and older names that it still takes)."""

_MEANT_FOR = "It is meant for AWS emulators. Remove it for a stack on AWS."
RISKS: Final[Mapping[str, str]] = {
    "endpoints": f"sends requests, signed with this account's credentials, to the addresses it names. {_MEANT_FOR}",
    "ec2MetadataServiceEndpoint": "takes credentials from the address it names. Remove it unless that is the host's own address.",
    "httpProxy": (
        "sends requests, signed with this account's credentials, through the proxy it names. Remove it unless the proxy is your "
        "own."
    ),
    "httpsProxy": (
        "sends requests, signed with this account's credentials, through the proxy it names. Remove it unless the proxy is your "
        "own."
    ),
    "customCaBundle": (
        "lets anyone who holds the CAs in that file impersonate AWS. Remove it unless a proxy of your own needs it."
    ),
    "insecure": "accepts any certificate as AWS's: anyone on the network path can read and change requests. Remove it.",
    "ignoreTags": "leaves the tags it names as they are, whatever tags says: they are neither set nor removed.",
    "s3UsePathStyle": f"sends Amazon S3 path-style requests, which AWS keeps for older buckets only. {_MEANT_FOR}",
    "skipCredentialsValidation": f"deploys without checking the credentials with AWS. {_MEANT_FOR}",
    "skipGetEc2Platforms": f"skips a check of the account. {_MEANT_FOR}",
    "skipRegionValidation": f"accepts any text as a region. {_MEANT_FOR}",
    "skipRequestingAccountId": f"deploys without knowing the account: allowedAccountIds and ARNs are not checked. {_MEANT_FOR}",
}
"""What each opens or loses; `skipMetadataApiCheck` is the provider's default, and the rest says where AWS is and who asks."""

CREDENTIALS: Final = ("accessKey", "secretKey", "token")
NAMESPACES: Final = ("aws", "pulumi", "random")
"""Who else reads configuration: the providers that the program uses, and the CLI itself."""

REGION_FORM = r"[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}"
_CLOSE = 0.8
"""How much of a region's name must be right for the rest to be a typing error: an unknown one may be newer than this template."""

ROOT_KEYS: Final = ("config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider")
"""What the CLI reads of a stack's file (pulumi v3.259.0: sdk/go/common/workspace/project.go, `ProjectStack`)."""
_ROOT_KEY = re.compile(
    r"""^(?P<quote>["']?)(?P<key>[^\s"'#:{}\[\],&*!|>%@`-][^"'#:{}\[\],]*?)(?P=quote)[ \t]*:(?:[ \t]|$)""", re.MULTILINE
)


def outside_problems(whole: Mapping[str, str], *, project: str, settings: Collection[str], file_text: str) -> Iterator[Problem]:
    """What nobody reads, and was meant to be something.

    Args:
        whole: The configuration of all namespaces, with full keys.
        project: The project's name, which is the namespace of its settings.
        settings: The names of its settings.
        file_text: The text of the stack's file; empty where it is not known.
    """
    for key, value in whole.items():
        namespace, _, name = key.partition(":")
        if namespace == "aws" and name not in PROVIDER_KEYS:
            near = nearest(name, PROVIDER_KEYS)
            hint = f" Did you mean aws:{near}?" if near and near not in (*RISKS, *CREDENTIALS) else ""
            yield Problem((key,), value, f"is not a configuration key of the AWS provider: it changes nothing.{hint} Remove it.")
        elif _is_lost(namespace, name, project=project, settings=settings):
            other = project if name in settings else nearest(namespace, (*NAMESPACES, project))
            hint = f" Did you mean {name if other == project else f'{other}:{name}'}?"
            yield Problem(
                (key,), value, f"is in a namespace that this program does not read: it changes nothing.{hint} Remove it."
            )
    for match in _ROOT_KEY.finditer(file_text):
        key = match["key"]
        if key not in ROOT_KEYS:
            hint = did_you_mean(key, ROOT_KEYS) or " Settings go under config, indented."
            line = file_text.count("\n", 0, match.start()) + 1
            yield Problem((key,), ABSENT, f"is not a key that Pulumi reads in a stack file: it changes nothing.{hint}", line)


def _is_lost(namespace: str, name: str, *, project: str, settings: Collection[str]) -> bool:
    """Whether a namespace is a misspelt one, or has a setting of this project in it, which sets nothing there."""
    known = (*NAMESPACES, project)
    return namespace not in known and (name in settings or nearest(namespace, known) is not None)


def outside_warnings(whole: Mapping[str, str], *, project: str, settings: Collection[str], file_text: str) -> Iterator[str]:
    """What the AWS provider is told that opens or loses something, and namespaces that only an extended program reads.

    Each with its line; arguments as for `outside_problems`.
    """
    for key in whole:
        namespace, _, name = key.partition(":")
        if namespace not in (*NAMESPACES, project) and not _is_lost(namespace, name, project=project, settings=settings):
            yield (
                f"{key}{_at_line(file_text, name, namespace)} is in a namespace that this template does not read. Remove it, "
                "unless your own part of the program or its provider reads it."
            )
    for name, risk in RISKS.items():
        value = whole.get(f"aws:{name}", "")
        if value not in ("", "false", "[]", "{}", "[{}]"):
            yield f"aws:{name}{_at_line(file_text, name)} {risk}"


def _at_line(file_text: str, name: str, namespace: str = "aws") -> str:
    """Where the stack's file says something outside the settings; nothing where Pulumi.yaml does, or the file is not known."""
    key = rf"{re.escape(namespace)}:(config:)?{re.escape(name)}"
    match = re.search(rf"""^[ \t{{]*["']?{key}["']?[ \t]*:""", file_text, re.MULTILINE)
    return f" (line {file_text.count(chr(10), 0, match.start()) + 1})" if match else ""


def clear_credentials(whole: Mapping[str, str], secrets: frozenset[str]) -> Iterator[str]:
    """Warns of credentials that stand in the stack's file for everyone to read.

    Args:
        whole: As for `outside_problems`.
        secrets: The keys of it that are encrypted.
    """
    for name in CREDENTIALS:
        key = f"aws:{name}"
        if whole.get(key) and key not in secrets:
            yield (
                f"{key} is in clear text in the stack file and in every copy of it. Remove it, revoke it in IAM, and give "
                "credentials through aws:profile, the environment or ESC."
            )


def default_tags(whole: Mapping[str, str]) -> dict[str, str]:
    """The tags that `aws:defaultTags` gives to every resource; none where it says none."""
    try:
        content = json.loads(whole.get("aws:defaultTags") or "{}")
    except (ValueError, RecursionError):
        return {}
    tags = content.get("tags") if isinstance(content, dict) else None
    return {str(key): str(value) for key, value in tags.items()} if isinstance(tags, dict) else {}


def region_problem(region: str, *, has_zones: bool) -> Problem | None:
    """What is wrong with a region's name. One that is not known here may be newer, if it looks like one and like no other."""
    path = ("aws:region",)
    if not region:
        return Problem(path, ABSENT, "is required: the region to deploy to, such as eu-west-1. Set it.")
    if region in REGIONS or region in WITHOUT_DEFAULT_ZONES:
        return None
    if not re.fullmatch(REGION_FORM, region):
        return Problem(path, region, f"is not an AWS region.{did_you_mean(region, REGIONS)} Regions look like eu-west-1.")
    close = nearest(region, REGIONS, cutoff=_CLOSE)
    # Whoever names its zones, or subnets, means a region that is not in the table.
    if close and not has_zones:
        return Problem(
            path, region, f"is not a region that this template knows. Did you mean {close}? For a new one, set network.zones."
        )
    return None
