"""Secrets of SASL/SCRAM users that AWS associates with a cluster.

AWS takes secrets of the cluster's own account, each once. A list with a secret twice may also lose one on the way there, and
nobody knows which was meant. Complying costs a secret in the cluster's account.

Unknown values: an ARN that is not known yet is left to the deployment.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import counted, distinct_elements, elements, read_if_known
from msk_policies.kit.rule import resource_rule
from msk_policies.msk.arns import account_of
from msk_policies.msk.refusals import answered, control, judge_of
from msk_policies.msk.scram import SECRETS_OF, SEVERAL, SINGLE

_CLUSTER_ARN = "clusterArn"
_SECRET = SECRETS_OF[SINGLE]
_SECRETS = SECRETS_OF[SEVERAL]


def _single(props: Mapping[str, Any]) -> Iterator[str]:
    yield from _of_another_account(props, _SECRET, read_if_known(props, _SECRET))


def _several(props: Mapping[str, Any]) -> Iterator[str]:
    secrets = read_if_known(props, _SECRETS)
    for index, secret in enumerate(elements(secrets)):
        yield from _of_another_account(props, f"{_SECRETS}[{index}]", secret)
    named, different = len(elements(secrets)), distinct_elements(secrets)
    if different < named:
        yield (
            f"Name each secret once: {_SECRETS} names {counted(named, 'secret')}, of which {different} are different, "
            f"{answered('scram-secret-list-unique')}. Remove the repeated secrets from {_SECRETS}."
        )


def _of_another_account(props: Mapping[str, Any], path: str, secret: object) -> Iterator[str]:
    own, account = account_of(read_if_known(props, _CLUSTER_ARN)), account_of(secret)
    if own and account and own != account:
        yield (
            f"Keep the secrets of a cluster's users in its account: {path} is in account {account}, but the cluster is in {own}, "
            f"{answered('scram-secret-account')}. Set {path} to a secret of account {own}."
        )


POLICY = resource_rule(
    "aws-refuses-scram-secrets",
    display_name="SASL/SCRAM secrets that AWS accepts",
    description="The SASL/SCRAM secrets of an MSK cluster should be in its account, each named once.",
    judges={SINGLE: judge_of(_single), SEVERAL: judge_of(_several)},
    severity=Severity.MEDIUM,
    tags=["msk", "refused", "scram", control("scram-secret-account"), control("scram-secret-list-unique")],
    remediation_steps="Create the secret in the cluster's account and region, and associate it.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html",
)
