"""IAM OIDC providers of clients' roles: Kubernetes clusters', and nobody else's."""

from __future__ import annotations

import pytest

from domain.access.issuers import LONGEST_ISSUER, doubtful, provider_arn

PROVIDER = "arn:aws:iam::111122223333:oidc-provider/"
ID = "0123456789ABCDEF0123456789ABCDEF"


@pytest.mark.parametrize(
    "provider",
    [
        f"{PROVIDER}oidc.eks.eu-west-1.amazonaws.com/id/{ID}",
        f"{PROVIDER}oidc-eks.eu-west-1.api.aws/id/{ID}",
        f"arn:aws-cn:iam::111122223333:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/{ID}",
    ],
)
def test_issuers_of_amazon_eks_are_taken(provider: str) -> None:
    assert provider_arn(provider) == provider
    assert doubtful(provider) is None


@pytest.mark.parametrize(
    ("issuer", "words"),
    [
        ("s3.eu-west-1.amazonaws.com/oidc-of-our-cluster", "not an issuer of Amazon EKS"),
        ("oidc.example.com", "not an issuer of Amazon EKS"),
        ("gitlab.example.com", "not an issuer of Amazon EKS"),
        ("oidc.eks.eu-west-1.amazonaws.com/id/abc", "32 capital letters and digits"),
        (f"oidc.eks.eu-west-1.amazonaws.com/id/{ID.lower()}", "32 capital letters and digits"),
    ],
)
def test_a_cluster_of_ones_own_may_have_any_issuer(issuer: str, words: str) -> None:
    provider = PROVIDER + issuer
    assert provider_arn(provider) == provider
    assert words in (doubtful(provider) or "")


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        ("x", "the ARN of an IAM OIDC provider"),
        (f"https://oidc.eks.eu-west-1.amazonaws.com/id/{ID}", "the ARN of an IAM OIDC provider"),
        (f"arn:aws:iam::1111222233:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/{ID}", "the ARN of an IAM OIDC provider"),
        (f"{PROVIDER}oidc.eks.eu-west-1.amazonaws.com:443/id/{ID}", "the ARN of an IAM OIDC provider"),
        (f"{PROVIDER}oidc.example.com/a b", "the ARN of an IAM OIDC provider"),
        (f"{PROVIDER}*", "no wildcards"),
        (f"{PROVIDER}oidc.eks.eu-west-1.amazonaws.com/id/*", "no wildcards"),
        (f"{PROVIDER}oidc.eks.eu-west-1.amazonaws.com/id/????", "no wildcards"),
        (f"{PROVIDER}token.actions.githubusercontent.com", "GitHub's, for workflows"),
        (f"{PROVIDER}token.actions.githubusercontent.com/our-enterprise", "GitHub's, for workflows"),
        (f"{PROVIDER}Token.Actions.GitHubUserContent.com", "GitHub's, for workflows"),
        (f"{PROVIDER}gitlab.com", "GitLab's"),
        (f"{PROVIDER}accounts.google.com", "Google's"),
        (f"{PROVIDER}cognito-identity.amazonaws.com", "Amazon Cognito's"),
        (f"{PROVIDER}oidc.eks.eu-west-1.amazonaws.com", "must end in /id/"),
        (f"{PROVIDER}oidc.eks.eu-west-1.amazonaws.com/{ID}", "must end in /id/"),
        (f"{PROVIDER}oidc.example.com/{'x' * (LONGEST_ISSUER - 16)}", "has an issuer of 248 characters"),
    ],
)
def test_who_signs_no_service_account_is_refused(provider: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"\S") as error:
        provider_arn(provider)
    assert words in str(error.value)
