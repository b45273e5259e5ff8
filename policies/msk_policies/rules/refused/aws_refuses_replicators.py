"""A replicator that AWS takes.

A replicator copies from one cluster to another of the same account, into its own region, with a role of that account. It names
both clusters twice, in its list and in what it replicates, each as a cluster of Amazon MSK or as a self-managed one. Complying
costs nothing but the time that AWS takes to refuse it: all of this is decided before the replicator runs, and changes replace it.

That it authenticates to a self-managed cluster is for `secure-replicator-sources`. ENHANCED synchronization of offsets where the
form of topic names is left out passes: nobody measured it. The region is the resource's own property `region`; where it is left
out, the target's is not judged. Unknown values: left to the deployment.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import elements, is_given, read, read_if_known
from msk_policies.kit.rule import resource_rule
from msk_policies.logs.log_groups import REPLICATOR
from msk_policies.msk.arns import account_of, arn
from msk_policies.msk.refusals import answered, control, judge_of

_CLUSTERS = "kafkaClusters"
_MSK = "amazonMskCluster"
_MSK_ARN = f"{_MSK}.mskClusterArn"
_SELF_MANAGED = "apacheKafkaCluster"
_VPC = "vpcConfig"
_INFO = "replicationInfoList"
_SOURCE, _TARGET, _SOURCE_ID = "sourceKafkaClusterArn", "targetKafkaClusterArn", "sourceKafkaClusterId"
_ROLE = "serviceExecutionRoleArn"
_SYNC = "consumerGroupOffsetSyncMode"
_NAMES = "topicNameConfiguration.type"

_Blocks = list[tuple[str, Mapping[str, Any]]]
"""Blocks that are known, each with its path."""


def _blocks(value: object, path: str) -> _Blocks:
    """The blocks of a list; a block that stands alone is a list of one."""
    if isinstance(value, Mapping):
        return [(path, value)]
    return [(f"{path}[{index}]", block) for index, block in enumerate(elements(value)) if isinstance(block, Mapping)]


def _clusters(props: Mapping[str, Any]) -> _Blocks:
    return _blocks(read(props, _CLUSTERS), _CLUSTERS)


def _infos(props: Mapping[str, Any]) -> _Blocks:
    return _blocks(read(props, _INFO), _INFO)


def _known_arns(props: Mapping[str, Any]) -> list[str]:
    """The ARNs of the clusters of Amazon MSK that are known."""
    arns = [read_if_known(cluster, _MSK_ARN) for _, cluster in _clusters(props)]
    return [text for text in arns if isinstance(text, str)]


def _kinds(props: Mapping[str, Any]) -> Iterator[str]:
    for path, cluster in _clusters(props):
        if not is_given(cluster, _SELF_MANAGED):
            continue
        if is_given(cluster, _MSK):
            yield (
                f"Give each entry one kind of cluster: {path} has both {_MSK} and {_SELF_MANAGED}, "
                f"{answered('replicator-kafka-cluster-exactly-one-kind')}. Remove one of them from {path}."
            )
        elif is_given(cluster, _VPC):
            yield (
                f"Give only a cluster of Amazon MSK a VPC: {path}.{_VPC} is set beside {_SELF_MANAGED}, "
                f"{answered('replicator-vpc-config-only-for-msk-cluster')}. Remove {path}.{_VPC}."
            )


def _one_cluster_twice(props: Mapping[str, Any]) -> Iterator[str]:
    arns = _known_arns(props)
    if len(set(arns)) < len(arns):
        yield (
            f"Replicate from one cluster to another: {_CLUSTERS} names one cluster twice, "
            f"{answered('replicator-source-target-differ')}. Set another {_MSK_ARN} for the source or the target."
        )


def _ends(props: Mapping[str, Any]) -> Iterator[str]:
    clusters = _clusters(props)
    listed = [read_if_known(cluster, _MSK_ARN) for _, cluster in clusters if is_given(cluster, _MSK)]
    all_known = len(clusters) == len(elements(read(props, _CLUSTERS))) and all(isinstance(text, str) for text in listed)
    for path, info in _infos(props):
        if is_given(info, _SOURCE) and is_given(info, _SOURCE_ID):
            yield (
                f"Name the source once: {path} has both {_SOURCE} and {_SOURCE_ID}, {answered('replicator-source-arn-xor-id')}. "
                f"Remove one of them from {path}."
            )
        for end in (_SOURCE, _TARGET):
            text = read_if_known(info, end)
            if all_known and isinstance(text, str) and text and text not in listed:
                yield (
                    f"List the clusters that a replicator works on: {path}.{end} is not among the clusters of {_CLUSTERS}, "
                    f"{answered('replicator-arns-match-kafka-clusters')}. Set {path}.{end} to the ARN of one of them."
                )


def _accounts(props: Mapping[str, Any]) -> Iterator[str]:
    accounts = sorted({account for text in _known_arns(props) if (account := account_of(text))})
    if len(accounts) > 1:
        yield (
            f"Replicate within one account: {_CLUSTERS} names clusters of {' and '.join(accounts)}, "
            f"{answered('replicator-clusters-same-account')}. Set clusters of one account."
        )
    role = account_of(read_if_known(props, _ROLE))
    if role and accounts and role not in accounts:
        yield (
            f"Give a replicator a role of its own account: {_ROLE} is in account {role}, but the clusters are in "
            f"{' and '.join(accounts)}, {answered('replicator-service-role-account')}. Set {_ROLE} to a role of account "
            f"{accounts[0]}."
        )


def _region(props: Mapping[str, Any]) -> Iterator[str]:
    own = read_if_known(props, "region")
    for path, info in _infos(props):
        target = arn(read_if_known(info, _TARGET))
        # The own region is repeated only where it is one: the target's pattern says so.
        if target is None or not target.region or not isinstance(own, str) or not own or target.region == own:
            continue
        yield (
            f"Create a replicator in the region of its target: {path}.{_TARGET} is in {target.region} and region is another, "
            f"{answered('replicator-target-cluster-region')}. Set region to {target.region}."
        )


def _offsets(props: Mapping[str, Any]) -> Iterator[str]:
    for path, info in _infos(props):
        groups = _blocks(read_if_known(info, "consumerGroupReplications"), "consumerGroupReplications")
        if not any(read_if_known(group, _SYNC) == "ENHANCED" for _, group in groups):
            continue
        for place, topics in _blocks(read_if_known(info, "topicReplications"), "topicReplications"):
            form = read_if_known(topics, _NAMES)
            if isinstance(form, str) and form != "IDENTICAL":
                yield (
                    f"Keep topic names where offsets are synchronized both ways: {path}.{place}.{_NAMES} is not IDENTICAL and "
                    f"{_SYNC} is ENHANCED, {answered('replicator-enhanced-sync-requires-identical')}. "
                    f"Set {path}.{place}.{_NAMES} to IDENTICAL, or {_SYNC} to LEGACY."
                )


POLICY = resource_rule(
    "aws-refuses-replicators",
    display_name="Replicators that AWS accepts",
    description="A replicator should have clusters, a role and modes that AWS accepts.",
    judges={REPLICATOR: judge_of(_kinds, _one_cluster_twice, _ends, _accounts, _region, _offsets)},
    severity=Severity.MEDIUM,
    tags=[
        "msk",
        "refused",
        "replicators",
        control("replicator-arns-match-kafka-clusters"),
        control("replicator-clusters-same-account"),
        control("replicator-enhanced-sync-requires-identical"),
        control("replicator-kafka-cluster-exactly-one-kind"),
        control("replicator-service-role-account"),
        control("replicator-source-arn-xor-id"),
        control("replicator-source-target-differ"),
        control("replicator-target-cluster-region"),
        control("replicator-vpc-config-only-for-msk-cluster"),
    ],
    remediation_steps="Name two different clusters of one account, use their ARNs as source and target, and create the "
    "replicator in the target's region with a role of the same account.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-supported-clusters-versions.html",
)
