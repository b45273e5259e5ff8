"""What Amazon MSK Serverless takes of topics: seven configurations, and so many partitions."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Iterator

from domain.checks.registry import checks, warns
from domain.checks.topics import NAMED, named_twice
from domain.guards.table import ACKNOWLEDGEABLE, COMPACTION, SHORTER_LOG_RETENTION, SHORTER_RETENTION, SMALLER_MESSAGES
from domain.msk.serverless import (
    CHANGED_WITHIN_SECONDS,
    LARGEST_MESSAGE_BYTES,
    LISTED_REGIONS,
    MOST_CHANGED_PARTITIONS,
    MOST_COMPACTED_PARTITIONS,
    MOST_GROUPS,
    MOST_PARTITIONS,
    TOPIC_CONFIGS,
)
from domain.plan.platform import Plan
from domain.plan.topics import configs_of
from domain.problems import Problem, did_you_mean
from domain.properties import topic as kafka
from domain.properties.values import is_whole, value_message, words_of
from domain.settings.topics import Topic

_BYTES_OF_GIB = 1024**3

_NEWEST_OF_3 = "3.9.x"
"""AWS does not tell the version of Serverless clusters. ``message.timestamp.difference.max.ms``, which it lists, ended with 3."""


@checks(after_others=True)
def _topics(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    if not settings.is_serverless:
        return
    for name, topic in settings.topics.items():
        for problem in (*named_twice(topic), *_configs(topic)):
            yield problem.below("topics", name)
    for what, partitions, most in (
        ("partitions", sum(topic.partitions for topic in settings.topics.values()), MOST_PARTITIONS),
        ("partitions of compacted topics", _compacted(plan), MOST_COMPACTED_PARTITIONS),
    ):
        if partitions > most:
            yield Problem(
                ("topics",),
                f"{partitions} {what}",
                f"are more than the {most} that a Serverless cluster can have. Use fewer, or a kafka.* or express.* brokerType.",
            )


def _compacted(plan: Plan) -> int:
    topics = plan.settings.topics.values()
    return sum(topic.partitions for topic in topics if "compact" in words_of(configs_of(topic).get("cleanup.policy", "delete")))


def _configs(topic: Topic) -> Iterator[Problem]:
    for name, value in {**configs_of(topic), **topic.configs}.items():
        path = ("configs", name) if name in topic.configs else (NAMED[name],)
        shown = value if name in topic.configs else topic.model_dump(by_alias=True)[NAMED[name]]
        if path[0] in _LACKED:
            continue
        if name not in kafka.TOPIC_CONFIGS:
            yield Problem(path, shown, f"is not a topic configuration.{did_you_mean(name, TOPIC_CONFIGS)}")
        elif name not in TOPIC_CONFIGS:
            yield Problem(
                path, shown, f"is not for topics of Serverless clusters. They may set {', '.join(TOPIC_CONFIGS)}. Remove it."
            )
        elif message := value_message(kafka.TOPIC_CONFIGS[name], value, _NEWEST_OF_3):
            yield Problem(path, shown, message)
        elif name == "max.message.bytes" and is_whole(str(value)) and int(str(value)) > LARGEST_MESSAGE_BYTES:
            yield Problem(path, shown, f"must be at most {LARGEST_MESSAGE_BYTES} (8 MiB) on a Serverless cluster.")


@warns("clients", "network", "import")
def _clients_of_other_networks(plan: Plan) -> Iterator[str]:
    """MSK Developer Guide, "MSK Serverless": clients reach a cluster from the VPCs that it names."""
    settings = plan.settings
    network = settings.network
    if not settings.is_serverless or network.existing or settings.imported.vpc or network.client_vpcs:
        return
    own = ipaddress.ip_network(network.cidr)
    outside = [name for name, client in settings.clients.items() if client.source.cidr and not _within(client.source.cidr, own)]
    if outside:
        shown = ", ".join(outside[:_SHOWN]) + (f" and {len(outside) - _SHOWN} more" if len(outside) > _SHOWN else "")
        yield (
            f"clients {shown} connect from outside network.cidr, {network.cidr}. A Serverless cluster is reached from its own "
            "VPC and those in network.clientVpcs, and adding one later replaces the cluster. Name the clients' VPCs there first."
        )


_SHOWN = 3


def _within(cidr: str, own: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    network = ipaddress.ip_network(cidr, strict=False)
    return isinstance(network, ipaddress.IPv4Network) and isinstance(own, ipaddress.IPv4Network) and network.subnet_of(own)


_GUARDS = (SHORTER_RETENTION, COMPACTION, SMALLER_MESSAGES, SHORTER_LOG_RETENTION)
"""The guards that look at what a Serverless cluster's stack has: topics, and the flow logs of its network."""


@warns("acknowledge")
def _guards_that_do_not_look(plan: Plan) -> Iterator[str]:
    if plan.settings.is_serverless:
        for guard in sorted(plan.settings.acknowledge.keys() & (ACKNOWLEDGEABLE - set(_GUARDS))):
            yield f"acknowledge.{guard} has no effect on Serverless clusters: its guard looks at others. Remove it."


_LACKED = ("minInsyncReplicas", "remoteStorage", "localRetentionHours")
"""Settings that `domain.checks.kinds` speaks of."""


@warns("brokerType")
def _region(plan: Plan) -> Iterator[str]:
    if plan.settings.is_serverless and plan.region not in LISTED_REGIONS:
        yield (
            f"brokerType is serverless, but the MSK Developer Guide does not list {plan.region} among the regions of MSK "
            "Serverless: AWS may refuse the cluster. Make sure that it is there, or use one of "
            f"{', '.join(sorted(LISTED_REGIONS))}, or a kafka.* or express.* brokerType."
        )


@warns("topics", "clients")
def _quotas(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    if not settings.is_serverless:
        return
    partitions = sum(topic.partitions for topic in settings.topics.values())
    if partitions > MOST_CHANGED_PARTITIONS:
        waits = -(-partitions // MOST_CHANGED_PARTITIONS) - 1
        yield (
            f"topics have {partitions} partitions, and a Serverless cluster creates {MOST_CHANGED_PARTITIONS} in "
            f"{CHANGED_WITHIN_SECONDS // 60} minutes: creating them takes about {waits * CHANGED_WITHIN_SECONDS // 60} minutes."
        )
    groups = {group for client in settings.clients.values() for group in client.groups}
    if len(groups) > MOST_GROUPS:
        yield (
            f"clients name {len(groups)} consumer groups, and a Serverless cluster has {MOST_GROUPS} at most: members of others "
            "cannot join. Use fewer groups, or a kafka.* or express.* brokerType."
        )


@warns("workload", "topics")
def _deleted_by_size(plan: Plan) -> Iterator[str]:
    """AWS's default of ``retention.bytes`` deletes messages that the stated retention would keep."""
    settings = plan.settings
    workload = settings.workload
    if not settings.is_serverless:
        return
    limited = sorted(
        name
        for name, topic in settings.topics.items()
        if "retention.bytes" not in (configs := configs_of(topic))
        and "delete" in words_of(configs.get("cleanup.policy", TOPIC_CONFIGS["cleanup.policy"]))
    )
    if settings.topics and not limited:
        return
    partitions = max(workload.partitions, sum(topic.partitions for topic in settings.topics.values()))
    most = int(TOPIC_CONFIGS["retention.bytes"]) / _BYTES_OF_GIB
    kept = workload.ingress_mb_per_second * 3600 * workload.retention_hours / 1024 / partitions
    if kept > most:
        topics = f"topics.{limited[0]}{f' and {len(limited) - 1} more' if len(limited) > 1 else ''}" if limited else "topics"
        yield (
            f"workload keeps {kept:,.0f} GiB in each of {partitions} partitions for {workload.retention_hours:g} hours, and a "
            f"Serverless cluster deletes what is beyond {most:,.0f} GiB in a partition of a topic without retention.bytes, after "
            f"about {workload.retention_hours * most / kept:,.0f} hours. Set configs: {{retention.bytes: -1}} on {topics}, use "
            f"{math.ceil(partitions * kept / most)} partitions or more, or keep messages for less long."
        )
