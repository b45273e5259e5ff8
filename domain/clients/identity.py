"""Who may take a client's role: the trust policy for each kind of place it runs in."""

from __future__ import annotations

from collections.abc import Mapping

from domain.access.documents import Document, Place
from domain.settings.clients import EksPodIdentity, Irsa, Role


def trust_policy(role: Role, place: Place) -> Document:
    """The trust policy of a client's role.

    Args:
        role: What the role is for; exactly one place.
        place: Where the stack is.
    """
    if role.eks_pod_identity is not None:
        return _document(_pod_identity(role.eks_pod_identity, place))
    if role.irsa is not None:
        return _document(_service_account(role.irsa))
    if role.ecs is not None:
        return _document(_ecs(place))
    return _document(_service("lambda.amazonaws.com" if role.aws_lambda is not None else _ec2_principal(place)))


def _document(statement: Mapping[str, object]) -> Document:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


def _ec2_principal(place: Place) -> str:
    return "ec2.amazonaws.com.cn" if place.partition == "aws-cn" else "ec2.amazonaws.com"


def _service(principal: str) -> dict[str, object]:
    """EC2 and Lambda take a role only where someone of this account passes it to them (``iam:PassRole``)."""
    return {"Principal": {"Service": principal}, "Action": "sts:AssumeRole"}


def _ecs(place: Place) -> dict[str, object]:
    """Tasks of this account and region. Amazon ECS Developer Guide, "Amazon ECS task IAM role", with its conditions."""
    return {
        **_service("ecs-tasks.amazonaws.com"),
        "Condition": {
            "StringEquals": {"aws:SourceAccount": place.account_id},
            "ArnLike": {"aws:SourceArn": f"arn:{place.partition}:ecs:{place.region}:{place.account_id}:*"},
        },
    }


def _pod_identity(pods: EksPodIdentity, place: Place) -> dict[str, object]:
    """Pods of one service account of one cluster. Amazon EKS User Guide, "EKS Pod Identity": role and session tags."""
    return {
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {
            "StringEquals": {
                "aws:SourceAccount": place.account_id,
                "aws:RequestTag/eks-cluster-name": pods.cluster,
                "aws:RequestTag/kubernetes-namespace": pods.namespace,
                "aws:RequestTag/kubernetes-service-account": pods.service_account,
            },
        },
    }


def _service_account(irsa: Irsa) -> dict[str, object]:
    """One service account of the provider's cluster. Amazon EKS User Guide, "IAM roles for service accounts"."""
    issuer = irsa.oidc_provider.partition(":oidc-provider/")[2]
    return {
        "Principal": {"Federated": irsa.oidc_provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{issuer}:aud": "sts.amazonaws.com",
                f"{issuer}:sub": f"system:serviceaccount:{irsa.namespace}:{irsa.service_account}",
            }
        },
    }
