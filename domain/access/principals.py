"""IAM principals that a stack file names: what their ARNs may be, and which of them nobody but AWS changes.

IAM User Guide, "IAM identifiers" and "IAM and AWS STS quotas" (names and paths); IAM API reference, ``CreateRole``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PARTITIONS: tuple[str, ...] = (
    "aws", "aws-cn", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-us-gov",
)  # fmt: skip
"""The partitions of AWS, the second part of every ARN. AWS SDKs, ``partitions.json``."""

LONGEST_NAME = 64
"""Characters of a role's or a user's name. IAM User Guide, "IAM and AWS STS quotas"."""

LONGEST_PATH = 512
"""Characters of a path, with the slashes around it. IAM User Guide, "IAM and AWS STS quotas"."""

_EXAMPLE = "arn:aws:iam::111122223333:role/orders"
_LETTERS = "A-Za-z0-9_+=,.@-"
_NAME = re.compile(f"[{_LETTERS}]+")
_SESSION = re.compile(r"arn:(?P<partition>[^:]+):sts:[^:]*:(?P<account>[^:]*):assumed-role/(?P<role>[^/]+)(/.*)?")


@dataclass(frozen=True, slots=True)
class Principal:
    """A role or a user of IAM.

    Attributes:
        partition: Such as ``aws`` or ``aws-cn``.
        account: Its account, twelve digits.
        kind: ``role`` or ``user``.
        path: Between the kind and the name, without the first and the last slash; empty for most.
        name: Its name. No two roles of an account have the same, whatever their paths and whatever their case.
    """

    partition: str
    account: str
    kind: str
    path: str
    name: str

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes two ARNs the same role or user: neither the path nor the case of the name."""
        return self.partition, self.account, self.kind, self.name.lower()


def principal_of(arn: str) -> Principal:
    """The role or user of an ARN.

    Raises:
        ValueError: It is no ARN that a role or user of IAM can have; the message says what it may be, after "path = value: ".
    """
    if strange := [character for character in arn if not character.isascii() or not character.isprintable()]:
        first = strange[0]
        shown = f"{first} (U+{ord(first):04X})" if first.isprintable() else f"the character U+{ord(first):04X}"
        raise ValueError(f"has {shown}, but IAM names may have only ASCII letters, digits and any of + = , . @ _ -.")
    if session := _SESSION.fullmatch(arn):
        role = f"arn:{session['partition']}:iam::{session['account']}:role/{session['role']}"
        raise ValueError(
            f"is a role session, which expires. Name its role, such as {role} (with the role's path, if it has one)."
        )
    parts = arn.split(":", 5)
    if len(parts) < 6 or (parts[0], parts[2]) != ("arn", "iam") or not parts[5].startswith(("role/", "user/")):  # noqa: PLR2004 - of an ARN
        raise ValueError(f"must be the ARN of an IAM role or user, such as {_EXAMPLE}.")
    _, partition, _, region, account, resource = parts
    if partition not in PARTITIONS:
        raise ValueError(f"has the partition {partition}, which is none of AWS's: {', '.join(PARTITIONS)}.")
    if region:
        raise ValueError(f"has the region {region}, but IAM's ARNs have no region. Write it as {_EXAMPLE}.")
    if not re.fullmatch(r"[0-9]{12}", account):
        raise ValueError(f"must have a 12-digit account ID, such as {_EXAMPLE}, not {account or 'nothing'}.")
    kind, _, below = resource.partition("/")
    path, _, name = below.rpartition("/")
    _check_names(kind, path, name, below)
    return Principal(partition, account, kind, path, name)


def _check_names(kind: str, path: str, name: str, below: str) -> None:
    if not name:
        raise ValueError(f"ends in a slash: the {kind}'s name is missing after it.")
    if below.startswith("/"):
        raise ValueError(f"has two slashes after {kind}, but an IAM path cannot be empty. Write {kind}/{below.strip('/')}.")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"has a {kind} name of {len(name)} characters; IAM allows at most {LONGEST_NAME}.")
    if len(path) + 2 > LONGEST_PATH:
        raise ValueError(f"has a path of {len(path) + 2} characters; IAM allows at most {LONGEST_PATH}.")
    wrong = next((part for part in (*path.split("/"), name) if part and not _NAME.fullmatch(part)), None)
    if wrong is not None:
        raise ValueError(f"has {wrong}, but IAM names may have only ASCII letters, digits and any of + = , . @ _ -.")


PRINCIPAL_ARN = (
    f"arn:({'|'.join(PARTITIONS)}):iam::[0-9]{{12}}:(role|user)/"
    f"((?!/)[/{_LETTERS}]{{1,{LONGEST_PATH - 2}}}/)?[{_LETTERS}]{{1,{LONGEST_NAME}}}"
)
"""The regular expression of an ARN that `principal_arn` lets be."""


def principal_arn(value: str) -> str:
    """The ARN itself, if a role or user of IAM can have it.

    Raises:
        ValueError: As `principal_of`.
    """
    principal_of(value)
    return value


_SERVICE_LINKED = (
    "is a service-linked role, which only its service can change: IAM attaches no policy to it (UnmodifiableEntity). Name a role "
    "of your own that the client runs as."
)
_IDENTITY_CENTER = (
    "is a role of IAM Identity Center, which only AWS can change: IAM attaches no policy to it (UnmodifiableEntity). Name a role "
    "of your own that these people may assume, and allow sts:AssumeRole on it in their permission set."
)


def unmodifiable(principal: Principal) -> str | None:
    """Why IAM attaches no policy to a role, and what to do instead; None for those that it attaches policies to.

    Names tell as well as paths, which ARNs are often written without: both beginnings are AWS's own. IAM API reference,
    ``AttachRolePolicy``, ``UnmodifiableEntityException``; IAM Identity Center User Guide, "Referencing permission sets in
    resource policies".
    """
    if principal.kind != "role":
        return None
    if principal.path.startswith("aws-service-role/") or principal.name.startswith("AWSServiceRoleFor"):
        return _SERVICE_LINKED
    if principal.path.split("/")[0] == "aws-reserved" or principal.name.startswith("AWSReservedSSO_"):
        return _IDENTITY_CENTER
    return None


def doubtful(principal: Principal) -> str | None:
    """What is worth a warning about a role that policies may be attached to, after "setting is value"; None for most."""
    if "" in principal.path.split("/")[1:]:
        return "has two slashes in its path. IAM finds the role by its name only and checks no path, so check it yourself."
    if principal.kind == "role" and re.match(r"aws-?controltower|stacksets-exec-", principal.name, re.IGNORECASE):
        # AWS Control Tower, "Mandatory controls": AWS-GR_IAM_ROLE_CHANGE_PROHIBITED.
        return (
            "is a role of AWS Control Tower or of its stack sets, and a mandatory control denies changes to such roles. Name a "
            "role of your own."
        )
    return None
