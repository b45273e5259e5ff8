"""What evidence does not say, and whose job it is to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from tools.evidence.subject import OFFLINE, PREVIEW, STATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.evidence.subject import Subject


class GapRow(TypedDict):
    """Something that the evidence does not say, and who can: a person, a command, a service."""

    what: str
    whose: str


_ALWAYS: Final[tuple[GapRow, ...]] = (
    {
        "what": "Changes that were made past Pulumi, in the console or by another program",
        "whose": "platform team: the drift check (.github/workflows/drift.yml) by night, AWS CloudTrail for who made them",
    },
    {
        "what": "Who did what: calls of AWS's API, sign-ins, reads of secrets and logs",
        "whose": "security team of the account: AWS CloudTrail, with the retention that it sets",
    },
    {
        "what": "Permissions that other programs and people give in IAM, service control policies, administrators of the account",
        "whose": "owners of the account: IAM Access Analyzer and the organization's policies",
    },
    {
        "what": "Kafka ACLs, users and dynamic configuration that are made by clients with Kafka's own tools",
        "whose": "platform team: make acls compares the cluster's ACLs with the stack file's",
    },
    {
        "what": "Who may open a session on the operator's host or pod, and what was typed there",
        "whose": "owners of the account and of the Kubernetes cluster: permissions of Session Manager, its logs, the audit log",
    },
    {
        "what": "Who may change the program, the policies, their exemptions and the pipeline",
        "whose": "owners of the repository: branch protection, CODEOWNERS (the template has none), reviewers of environments",
    },
    {
        "what": "Which networks reach the brokers through routes, gateways, peerings and prefix lists of others",
        "whose": "network team: VPC Reachability Analyzer; docs/policies.md says what the pack looks at",
    },
    {
        "what": "Certificates that the certificate authority issued, and to whom",
        "whose": "owners of the certificate authority: its audit report",
    },
    {
        "what": "What clients do with messages that they may read, and what is in them",
        "whose": "owners of the topics and of the clients",
    },
)
_OF_SOURCE: Final[dict[str, GapRow]] = {
    OFFLINE: {
        "what": "What is deployed: this is what the program makes, with the account, ARNs and automatic names of a simulation",
        "whose": "platform team: python -m tools evidence FILE with `pulumi stack export` of the deployed stack",
    },
    PREVIEW: {
        "what": "What is deployed: this is what a deployment of the preview makes; what it does not know is named",
        "whose": "platform team: python -m tools evidence FILE with `pulumi stack export` of the deployed stack",
    },
    STATE: {
        "what": "What AWS has now: this is what Pulumi last knew of it",
        "whose": "platform team: pulumi refresh, or the drift check",
    },
}


def gaps_of(subject: Subject) -> list[GapRow]:
    """What the evidence of a subject does not say."""
    return [_OF_SOURCE[subject.source], *_of_file(subject), *_ALWAYS]


def _of_file(subject: Subject) -> Iterator[GapRow]:
    if subject.unnamed:
        counted = f"{subject.unnamed} resource{'' if subject.unnamed == 1 else 's'}"
        yield {
            "what": f"{counted} that the preview counts and does not name: rights and verdicts lack them",
            "whose": "whoever makes the preview: pulumi preview --json --show-sames",
        }
    for why in subject.unread:
        yield {"what": f"A part of the preview that cannot be read: {why}", "whose": "whoever makes the preview"}
    if subject.source != OFFLINE and subject.config is None:
        yield {
            "what": "Settings and their lines: there is no file of this stack here",
            "whose": "whoever has the program: run it in the program's directory",
        }
