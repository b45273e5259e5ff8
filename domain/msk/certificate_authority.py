"""The private CA that is made for a cluster: what it is called, how long it holds, and what it signs with.

Sources: AWS Private CA User Guide, "Understand AWS Private CA CA modes", "Definitions of AWS Private CA certificate
templates" and "Delete your private CA"; MSK Developer Guide, "Mutual TLS client authentication for Amazon MSK".
"""

from __future__ import annotations

from typing import Literal

from domain.msk.regions import partition

Mode = Literal["GENERAL_PURPOSE", "SHORT_LIVED_CERTIFICATE"]
"""AWS's words for what a CA signs: certificates of any validity, or of `SHORT_LIVED_DAYS` at most. It never changes."""

SHORT_LIVED_DAYS = 7
"""The longest that a certificate of a CA in short-lived mode holds."""

KEY_ALGORITHM = "RSA_4096"
SIGNING_ALGORITHM = "SHA512WITHRSA"

VALID_YEARS = 10
"""Years the CA's own certificate holds, the usual of a root CA (AWS Private CA User Guide, "Manage the private CA lifecycle")."""

DELETION_WINDOW_DAYS = 30
"""Days in which a deleted CA can be restored: the longest that AWS has."""

LONGEST_COMMON_NAME = 64
"""Characters of a common name. X.520, ``ub-common-name``."""


def subject_name(cluster_name: str) -> str:
    """The CA's common name, which those who see its certificate know it by."""
    return cluster_name[:LONGEST_COMMON_NAME]


def root_template(region: str) -> str:
    """The ARN of the template by which a root CA signs itself."""
    return f"arn:{partition(region)}:acm-pca:::template/RootCACertificate/V1"
