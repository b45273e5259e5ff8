"""The secrets of SASL/SCRAM users."""

from __future__ import annotations

from domain.access.documents import Document, document

SECRET_PREFIX = "AmazonMSK_"  # noqa: S105 - the beginning of a name, which Amazon MSK fixes
"""What the name of a secret must begin with for Amazon MSK to associate it with a cluster. Source: MSK Developer Guide,
"Sign-in credentials authentication with AWS Secrets Manager"."""


def scram_secret_policy(secret_arn: str) -> Document:
    """Lets Amazon MSK read a SCRAM user's secret: the very policy that it puts there itself when a secret is associated.

    MSK Developer Guide, "Sign-in credentials authentication".
    """
    return document(
        [
            {
                "Sid": "AWSKafkaResourcePolicy",
                "Effect": "Allow",
                "Principal": {"Service": "kafka.amazonaws.com"},
                "Action": "secretsmanager:getSecretValue",
                "Resource": secret_arn,
            }
        ]
    )
