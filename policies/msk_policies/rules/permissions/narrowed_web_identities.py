"""Roles for somebody's pipelines, not for everybody's.

GitHub, GitLab and others sign tokens for all their users. A role that trusts such an issuer, and does not say whose token it
takes, is everybody's who has a repository there: the audience is the same for all. Complying costs a condition on the subject
(`token.actions.githubusercontent.com:sub`), whose value names the owner before any wildcard: `repo:owner/repository:*`.

The issuer of an EKS cluster signs for whatever runs there: a role names the namespace, at least. Issuers that an organization
has for itself are not judged. Unknown values: silent in a
preview; the deployment judges the policy, before it makes the role.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_policy import Severity

from msk_policies.iam.documents import document
from msk_policies.iam.identities import TRUST
from msk_policies.iam.principals import open_issuer
from msk_policies.kit.judges import Judge
from msk_policies.kit.properties import read_if_known
from msk_policies.kit.rule import resource_rule

_WANT: Final = "Say whose tokens a role takes"


def _judge_of(path: str) -> Judge:
    def judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
        for statement in document(read_if_known(props, path)).allowing:
            issuer = open_issuer(statement)
            if issuer:
                yield (
                    f"{_WANT}: {path}, {statement.place}, trusts everybody for whom {issuer.name} signs. "
                    f"Set a condition in {path} on {issuer.key} that names an owner before any wildcard."
                )

    return judge


POLICY = resource_rule(
    "narrowed-web-identities",
    display_name="Narrowed web identities",
    description="A role that trusts an issuer of tokens should say whose tokens it takes.",
    judges={resource_type: _judge_of(path) for resource_type, path in TRUST.items()},
    severity=Severity.CRITICAL,
    tags=["access", "iam", "github"],
    remediation_steps="Add a StringLike condition on the subject, such as repo:owner/repository:*. The role changes in place.",
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
)
