"""No deployment deletes or replaces a cluster or its keys by the way.

A cluster that is deleted is gone with its messages, and one that is replaced is deleted first; without its key nobody can
read what the brokers stored. Pulumi's `protect` makes both fail, in a preview already. Complying costs a step on purpose
before a cluster is given up: `pulumi state unprotect`.

Unknown values: none; options are always known.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.keys import KEYS, encrypted


def _cluster(cluster: PolicyResource, _stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    if not cluster.opts.protect:
        yield f"Protect the cluster from deletion: {cluster.name} does not set the resource option protect. Set protect to true."


def _key(key: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    users = encrypted(key, stack)
    if users and not key.opts.protect:
        yield (
            f"Protect the keys of Amazon MSK from deletion: {key.name}, the key of {users[0].name}, does not set the resource "
            "option protect. Set protect to true."
        )


POLICY = stack_rule(
    "protected-cluster-and-keys",
    display_name="Protected cluster and keys",
    description="An MSK cluster and the keys of its data, its users and its logs should be protected from deletion.",
    judges={CLUSTER: _cluster, SERVERLESS_CLUSTER: _cluster, **dict.fromkeys(KEYS, _key)},
    severity=Severity.HIGH,
    tags=["msk", "durability"],
    remediation_steps="Set the resource option protect to true. Nothing changes in AWS.",
    url="https://www.pulumi.com/docs/iac/concepts/options/protect/",
)
