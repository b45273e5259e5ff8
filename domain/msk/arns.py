"""Identifiers that belong to one region of one partition: KMS keys, private CAs, and names of buckets.

Sources: AWS KMS Developer Guide, "Key identifiers (KeyId)" and "Multi-Region keys in AWS KMS"; AWS Private CA API model, ``Arn``;
Amazon S3 User Guide, "General purpose bucket naming rules" and "Creating object key names".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ARN = r"arn:(?P<partition>aws[a-z-]*):{service}:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{{12}}):"
KMS_KEY_ARN: Final = _ARN.format(service="kms") + rf"(?P<rest>key/(?:{_UUID}|mrk-[0-9a-f]{{32}})|alias/[A-Za-z0-9/_-]{{1,250}})"
"""The regular expression of a KMS key's ARN, or of an alias's."""
CERTIFICATE_AUTHORITY_ARN: Final = _ARN.format(service="acm-pca") + rf"(?P<rest>certificate-authority/{_UUID})"
"""The regular expression of a private CA's ARN."""

LONGEST_LOG_PREFIX: Final = 768
"""Bytes. A key of Amazon S3 has 1024; the service adds some 220, ``AWSLogs/ACCOUNT/KafkaBrokerLogs/REGION/``
``CLUSTER-UUID/HOUR/FILE`` with a cluster's name of 64 at most, and 256 are left for it."""

LONGEST_DAYS: Final = 36_500
"""Days, a century. The rules of Amazon S3 take a positive whole number of 32 bits; nobody plans longer than a century."""


@dataclass(frozen=True, slots=True)
class RegionalArn:
    """An ARN in its parts."""

    partition: str
    region: str
    account: str
    rest: str
    """From the resource type on, such as ``key/mrk-...``."""

    @property
    def is_alias(self) -> bool:
        """Whether it names a key by an alias, which can be moved to another key."""
        return self.rest.startswith("alias/")

    @property
    def is_multi_region(self) -> bool:
        """Whether it is a multi-Region key, whose replicas in other regions have the same id."""
        return self.rest.startswith("key/mrk-")


def kms_key_arn(arn: str) -> RegionalArn | None:
    """A KMS key's ARN, or an alias's; None where it is neither."""
    return _regional(re.fullmatch(KMS_KEY_ARN, arn))


def certificate_authority_arn(arn: str) -> RegionalArn | None:
    """A private CA's ARN; None where it is none."""
    return _regional(re.fullmatch(CERTIFICATE_AUTHORITY_ARN, arn))


def _regional(match: re.Match[str] | None) -> RegionalArn | None:
    return RegionalArn(match["partition"], match["region"], match["account"], match["rest"]) if match else None


_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS: Final = re.compile(r"[0-9]+(\.[0-9]+){3}")
_RESERVED_BEGINNINGS: Final = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS: Final = {
    "-s3alias": "access points",
    "--ol-s3": "Object Lambda access points",
    ".mrap": "Multi-Region Access Points",
    "--x-s3": "directory buckets",
    "--table-s3": "S3 Tables",
}


BUCKET_NAME: Final = (
    f"(?!{'|'.join(_RESERVED_BEGINNINGS)})(?!.*({'|'.join(_RESERVED_ENDS).replace('.', '[.]')})$)"
    rf"(?!.*\.\.)(?!{_ADDRESS.pattern}$){_BUCKET.pattern}"
)
"""The regular expression of a name that `bucket_problem` lets be."""


def bucket_problem(name: str) -> str | None:
    """Why no general purpose bucket is called so; a sentence that follows "path = value: "."""
    if not _BUCKET.fullmatch(name):
        return (
            "must be a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, and begin and end with a letter or "
            "digit."
        )
    if ".." in name:
        return "is not a bucket name: it must not have two dots in a row. Name the bucket."
    if _ADDRESS.fullmatch(name):
        return "is not a bucket name, but looks like an IP address. Name the bucket."
    for beginning in _RESERVED_BEGINNINGS:
        if name.startswith(beginning):
            return f"is not a bucket name: Amazon S3 reserves names that begin with {beginning}. Name the bucket."
    for end, kept_for in _RESERVED_ENDS.items():
        if name.endswith(end):
            return (
                f"is not the name of a general purpose bucket: Amazon S3 reserves the suffix {end} for {kept_for}. Name a bucket."
            )
    return None
