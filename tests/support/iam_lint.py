"""Lints IAM policies with cfn-lint, which AWS keeps: grammar, actions that exist, and resources of the kind an action sits on.

It reads CloudFormation, so each policy is put into the resource that it would be there. cfn-lint knows no place for the policies
of Amazon MSK clusters and of secrets: they are read as a key's, the place with the rules of every resource policy and no
others. Condition keys it does not judge.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What a policy is of, by the type that CloudFormation has for it."""

    IDENTITY = "AWS::IAM::ManagedPolicy"
    INLINE = "AWS::IAM::RolePolicy"
    TRUST = "AWS::IAM::Role"
    BUCKET = "AWS::S3::BucketPolicy"
    NOTIFICATIONS = "AWS::SNS::TopicPolicy"
    RESOURCE = "AWS::KMS::Key"


class Finding(NamedTuple):
    """What the linter says.

    Attributes:
        policy: The policy's name.
        rule: The rule's id.
        message: Its words, with where in the policy.
    """

    policy: str
    rule: str
    message: str


class Wrong(NamedTuple):
    """A finding that is the linter's mistake.

    Attributes:
        rule: The rule's id.
        words: Words of its message.
        reason: What it does not know.
        example: A sound statement of which it says so, to see when it has learnt it.
    """

    rule: str
    words: str
    reason: str
    example: Mapping[str, Any]


KNOWN_TO_BE_WRONG = (
    Wrong(
        "I3510",
        "'arn:${Partition}:kafka:${Region}:${VpcOwnerAccount}:vpc-connection/",
        "The Service Authorization Reference calls the account in this ARN by another name, and the linter takes ${Account} "
        "alone for an account.",
        {
            "Effect": "Allow",
            "Action": "kafka:DeleteVpcConnection",
            "Resource": "arn:aws:kafka:us-east-1:123456789012:vpc-connection/123456789012/orders/x",
        },
    ),
)

_PROPERTIES: Mapping[Kind, Mapping[str, Any]] = {
    Kind.INLINE: {"RoleName": "role", "PolicyName": "policy"},
    Kind.BUCKET: {"Bucket": "bucket"},
    Kind.NOTIFICATIONS: {"Topics": ["arn:aws:sns:us-east-1:111122223333:topic"]},
}
_DOCUMENT = {Kind.TRUST: "AssumeRolePolicyDocument", Kind.RESOURCE: "KeyPolicy"}
# What cfn-lint wants of keys in a template, and has nothing to do with their policies.
_KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


def findings(policies: Mapping[str, tuple[Kind, Any]]) -> list[Finding]:
    """What is wrong with policies: all that the linter says but `KNOWN_TO_BE_WRONG`.

    Args:
        policies: Kind and document of each policy, by a name of the caller's.
    """
    return [
        entry
        for entry in said(policies)
        if not any(entry.rule == known.rule and known.words in entry.message for known in KNOWN_TO_BE_WRONG)
    ]


def said(policies: Mapping[str, tuple[Kind, Any]]) -> list[Finding]:
    """All that the linter says of policies.

    Args:
        policies: Kind and document of each policy, by a name of the caller's.
    """
    # Imported here: it takes two seconds, and only these tests need it.
    from cfnlint.api import ManualArgs, lint  # noqa: PLC0415 - as said

    names = {f"Policy{number}": name for number, name in enumerate(policies)}
    resources = {key: _resource(*policies[name]) for key, name in names.items()}
    template = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
    found = []
    # "I" has the rule for resources that are none of the action's.
    for match in lint(template, config=ManualArgs(regions=["us-east-1"], include_checks=["I"])):
        path = [str(part) for part in match.path or ()]
        name = names.get(path[1], "") if len(path) > 1 else ""
        found.append(Finding(name, match.rule.id, f"{'/'.join(path[2:])}: {match.message}"))
    return found


def _resource(kind: Kind, document: Any) -> dict[str, Any]:
    properties = {**_PROPERTIES.get(kind, {}), _DOCUMENT.get(kind, "PolicyDocument"): document}
    return {"Type": str(kind), "Properties": properties, **(_KEPT if kind is Kind.RESOURCE else {})}
