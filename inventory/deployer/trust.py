"""Who may take the deploying roles: jobs of one GitHub repository, by OpenID Connect.

Sources: GitHub, "Configuring OpenID Connect in Amazon Web Services" and "OpenID Connect reference" (subjects); IAM User Guide,
"Create a role for OpenID Connect federation".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.access.documents import Document, Place

ISSUER = "token.actions.githubusercontent.com"
"""GitHub's provider; it has to be made once in the account, under this name."""

AUDIENCE = "sts.amazonaws.com"
"""What aws-actions/configure-aws-credentials asks the token for; in China it is told another by its ``audience``."""

_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*)(?:@\d+)?"
_REPOSITORY = re.compile(rf"{_PART}/[A-Za-z0-9._-]+(?:@\d+)?")


class NotARepositoryError(ValueError):
    """The text is not ``OWNER/REPOSITORY``."""


def deployment_subjects(repository: str, environments: Sequence[str]) -> list[str]:
    """The subjects of jobs that name one of the environments, whose own rules say who may run them and from which branch."""
    return [f"repo:{_checked(repository)}:environment:{environment}" for environment in environments]


def preview_environments(stack: str) -> list[str]:
    """The environments whose jobs may read a stack: that of pull requests, and that of the nightly check.

    Neither is the one that deploys: a pull request's job must not have a subject that the deploying role trusts.
    """
    return [f"{stack}-preview", f"{stack}-drift"]


def preview_subjects(repository: str, stack: str) -> list[str]:
    """The subjects of jobs that preview a stack.

    Each names an environment. The subject of pull requests that name none, ``repo:...:pull_request``, is not among them: any pull
    request of the repository has it, whatever its job, and no reviewer is asked.
    """
    return deployment_subjects(repository, preview_environments(stack))


def trust_policy(place: Place, subjects: Sequence[str]) -> Document:
    """The trust policy of a role for jobs with one of the subjects, compared whole: a wildcard would let in other branches."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": f"arn:{place.partition}:iam::{place.account_id}:oidc-provider/{ISSUER}"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": list(subjects)}},
            }
        ],
    }


def _checked(repository: str) -> str:
    if not _REPOSITORY.fullmatch(repository):
        raise NotARepositoryError(
            f"{repository!r} is not a repository. Give OWNER/REPOSITORY, or OWNER@ID/REPOSITORY@ID if GitHub puts immutable IDs "
            "into the subject (the default for repositories created or renamed since 2026-07-15)."
        )
    return repository
