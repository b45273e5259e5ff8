"""The secrets of SASL/SCRAM users."""

from __future__ import annotations

SECRET_PREFIX = "AmazonMSK_"  # noqa: S105 - the beginning of a name, which Amazon MSK fixes
"""What the name of a secret must begin with for Amazon MSK to associate it with a cluster. Source: MSK Developer Guide,
"Sign-in credentials authentication with AWS Secrets Manager"."""
