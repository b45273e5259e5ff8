"""How a cluster authenticates its clients: the properties that turn a mechanism on."""

from typing import Final

CLIENT_AUTHENTICATION: Final = "clientAuthentication"
IAM: Final = f"{CLIENT_AUTHENTICATION}.sasl.iam"
SCRAM: Final = f"{CLIENT_AUTHENTICATION}.sasl.scram"
AUTHORITIES: Final = f"{CLIENT_AUTHENTICATION}.tls.certificateAuthorityArns"
"""The certificate authorities of mutual TLS."""
