"""Who signs the tokens of Kubernetes service accounts: what IAM OIDC provider a client's role can trust.

Amazon EKS User Guide, "Create an IAM OIDC provider for your cluster" and "Learn about IPv6 addresses to clusters" (dual-stack
issuers); IAM User Guide, "Create an OpenID Connect identity provider".
"""

from __future__ import annotations

import re

_EXAMPLE = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
_PROVIDER = re.compile(r"arn:(?P<partition>aws[a-z-]*):iam::[0-9]{12}:oidc-provider/(?P<issuer>[A-Za-z0-9._~/-]+)")
LONGEST_ISSUER = 255 - len("https://")
"""Characters of an issuer as an ARN has it. IAM API reference, ``CreateOpenIDConnectProvider``, ``Url``: 255 with https://. A
trust policy names it three times, and has 2,048 characters (IAM User Guide, "IAM and AWS STS quotas")."""

_EKS_HOST = re.compile(
    r"oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?|oidc-eks\.[a-z0-9-]+\.api\.(aws|amazonwebservices\.[a-z.]+)"
)
_EKS_PATH = re.compile(r"/id/[A-Z0-9]{32}")

_OTHER_ISSUERS: dict[str, str] = {
    "accounts.google.com": "Google's, for people",
    "agent.buildkite.com": "Buildkite's, for pipelines",
    "api.bitbucket.org": "Bitbucket's, for pipelines",
    "api.pulumi.com": "Pulumi Cloud's, for deployments",
    "app.terraform.io": "HCP Terraform's, for runs",
    "cognito-identity.amazonaws.com": "Amazon Cognito's, for people",
    "gitlab.com": "GitLab's, for pipelines",
    "graph.facebook.com": "Facebook's, for people",
    "login.microsoftonline.com": "Microsoft Entra's, for people and applications",
    "oidc.circleci.com": "CircleCI's, for pipelines",
    "oidc.vercel.com": "Vercel's, for deployments",
    "sts.windows.net": "Microsoft Entra's, for people and applications",
    "token.actions.githubusercontent.com": "GitHub's, for workflows",
    "vstoken.dev.azure.com": "Azure DevOps', for pipelines",
    "www.amazon.com": "Login with Amazon's, for people",
}
"""Issuers that everybody shares, whose tokens are never a Kubernetes service account's, by their hosts, and whose they are.
IAM User Guide, "Identity-provider controls for shared OIDC providers", and the vendors' own pages."""


def _whatever_case(text: str) -> str:
    return "".join(f"[{letter}{letter.upper()}]" if letter.isalpha() else letter.replace(".", "[.]") for letter in text)


PROVIDER_ARN = (
    "arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/"
    f"(?!({'|'.join(map(_whatever_case, _OTHER_ISSUERS))})(/|$))(?!({_EKS_HOST.pattern})($|/(?!id/)))"
    f"[A-Za-z0-9._~/-]{{1,{LONGEST_ISSUER}}}"
)
"""The regular expression of an ARN that `provider_arn` lets be."""


def provider_arn(value: str) -> str:
    """The ARN of an IAM OIDC provider, if it can be one of a Kubernetes cluster.

    Raises:
        ValueError: It is no such ARN, stands for many, or is that of an issuer with no service accounts; the message says what
            it must be, after "path = value: ".
    """
    provider = _PROVIDER.fullmatch(value)
    if "*" in value or "?" in value:
        raise ValueError(f"must be one provider, such as {_EXAMPLE}: IAM accepts no wildcards in what a role trusts.")
    if provider is None:
        raise ValueError(f"must be the ARN of an IAM OIDC provider, such as {_EXAMPLE}.")
    if len(provider["issuer"]) > LONGEST_ISSUER:
        raise ValueError(
            f"has an issuer of {len(provider['issuer'])} characters; IAM's providers have at most {LONGEST_ISSUER} after https://."
        )
    host, slash, path = provider["issuer"].partition("/")
    if whose := _OTHER_ISSUERS.get(host.lower()):
        raise ValueError(
            f"is {whose}: it issues no tokens for Kubernetes service accounts, so no pod can assume the role. Name the provider "
            f"of the cluster's own issuer, such as {_EXAMPLE}."
        )
    if _EKS_HOST.fullmatch(host) and not path.startswith("id/"):
        raise ValueError(f"must end in /id/ and the cluster's own ID, such as {_EXAMPLE}, not in {slash + path or host}.")
    return value


def doubtful(provider: str) -> str | None:
    """What is worth a warning about a provider that a cluster may have, after "setting is value"; None for those of EKS."""
    issuer = provider.partition(":oidc-provider/")[2]
    host, slash, path = issuer.partition("/")
    if not _EKS_HOST.fullmatch(host):
        return (
            "is not an issuer of Amazon EKS. Keep it only for another kind of Kubernetes cluster whose service account tokens it "
            "signs, with the audience sts.amazonaws.com."
        )
    if not _EKS_PATH.fullmatch(slash + path):
        return (
            "does not end in an ID of 32 capital letters and digits, as issuers of Amazon EKS do: `aws eks describe-cluster "
            "--query cluster.identity.oidc.issuer` prints the cluster's issuer."
        )
    return None
