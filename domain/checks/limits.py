"""What AWS takes of tags, keys and quotas, and how far ahead an acknowledgement may reach."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping

from domain.checks.registry import checks, warns
from domain.msk.quotas import BROKERS_OF_A_KRAFT_CLUSTER, BROKERS_OF_A_ZOOKEEPER_CLUSTER
from domain.msk.tags import MAXIMUM_TAGS, NAME, has_outer_blanks, keys_that_are_one, tag_problems
from domain.msk.versions import MetadataMode, metadata_mode
from domain.msk.volumes import RETENTIONS, hours_kept, retention_hours_in_force
from domain.plan.platform import Plan
from domain.plan.properties import retention_hours_of
from domain.plan.topics import MILLISECONDS_OF_AN_HOUR, configs_of
from domain.problems import Problem
from domain.properties.values import is_whole, text_of, words_of

LONGEST_ACKNOWLEDGEMENT = datetime.timedelta(days=366)
"""From the day it is judged on: who answers for something looks at it again within a year."""

BROKER_QUOTAS = {
    MetadataMode.KRAFT: BROKERS_OF_A_KRAFT_CLUSTER,
    MetadataMode.ZOOKEEPER: BROKERS_OF_A_ZOOKEEPER_CLUSTER,
}


@checks("tags")
def _tags(plan: Plan) -> Iterator[Problem]:
    tags = plan.settings.tags
    for key, value in tags.items():
        for message in tag_problems(key, value):
            yield Problem(("tags", key), value, message)
    for key, other in keys_that_are_one(tags).items():
        yield Problem(("tags", key), tags[key], f"is the same key as {other} to IAM, which ignores case. Remove one of the two.")
    yield from _number_of_tags(plan)


def _number_of_tags(plan: Plan) -> Iterator[Problem]:
    own, others = plan.settings.tags, plan.default_tags
    added = sorted({NAME, *others} - own.keys())
    if len(own) + len(added) > MAXIMUM_TAGS:
        yield Problem(
            ("tags",),
            f"{len(own)} tags",
            f"must be at most {MAXIMUM_TAGS - len(added)}: AWS allows {MAXIMUM_TAGS} for each resource, and {', '.join(added)} "
            f"{'is' if len(added) == 1 else 'are'} added. Remove {len(own) + len(added) - MAXIMUM_TAGS}.",
        )


@checks()
def _default_tags(plan: Plan) -> Iterator[Problem]:
    for key, value in plan.default_tags.items():
        for message in tag_problems(key, value):
            yield Problem(("aws:defaultTags", "tags", key), value, message)
    for key, other in keys_that_are_one({**plan.settings.tags, **plan.default_tags}).items():
        if key in plan.default_tags:
            yield Problem(
                ("aws:defaultTags", "tags", key),
                plan.default_tags[key],
                f"is the same key as {other} to IAM, whatever its case, and roles get both. Take one of the two out.",
            )


@warns("tags")
def _tags_with_blanks(plan: Plan) -> Iterator[str]:
    for key, value in plan.settings.tags.items():
        if has_outer_blanks(key) or has_outer_blanks(value):
            yield (
                f'tags."{key}" begins or ends with a space, in its key or its value: some AWS services keep the space and '
                "some strip it, so searches miss the tag. Remove the space."
            )
        if value.lower().startswith("aws:"):
            yield f"tags.{key} has a value that begins with aws:, which some AWS services reserve. Choose another value."


@warns("tags")
def _name_tag(plan: Plan) -> Iterator[str]:
    if NAME in plan.settings.tags:
        yield (
            f"tags.{NAME} names only the resources that have no name of their own: the VPC, subnets, security groups, keys and "
            "others keep theirs. Remove it, or use another key."
        )


@warns("brokersPerZone", "kafkaVersion", "acknowledge", provisioned=True)
def _broker_quota(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    quota = BROKER_QUOTAS[metadata_mode(settings.kafka_version)]
    if settings.number_of_brokers > quota.default and not plan.is_raised(quota):
        yield (
            f"brokersPerZone {settings.brokers_per_zone} makes {settings.number_of_brokers} brokers; a cluster may have "
            f"{quota.default} unless {quota.shown} was raised. Have it raised in Service Quotas first, set brokersPerZone to "
            f"{quota.default // settings.number_of_zones} or less, or take a larger brokerType. {quota.once_raised}"
        )


@warns("workload")
def _peak_below_the_average(plan: Plan) -> Iterator[str]:
    workload = plan.settings.workload
    if workload.peak < workload.ingress_mb_per_second:
        yield (
            f"workload.peakMBps {workload.peak:g} is below workload.ingressMBps {workload.ingress_mb_per_second:g}, which is the "
            "average: capacity is judged by too small a peak. Set peakMBps to the highest rate, or remove it."
        )


@warns("workload", "serverProperties", "brokerType", provisioned=True)
def _retention_stated_twice(plan: Plan) -> Iterator[str]:
    """Of two retentions Kafka goes by the server property."""
    stated = plan.settings.workload.retention_hours
    names = [name for name in plan.settings.server_properties if name in RETENTIONS]
    hours = retention_hours_in_force({name: text_of(value) for name, value in plan.server_properties.items()})
    if not names or hours is None or hours == stated:
        return
    kept = "without limit" if math.isinf(hours) else f"{hours:g} hours"
    follow = (
        "Storage, capacity and cost go by workload.retentionHours all the same, and full volumes stop brokers."
        if math.isinf(hours)
        else "Storage, capacity and cost go by that too."
    )
    yield (
        f"serverProperties.{' and '.join(sorted(names))} keeps messages {kept}, and workload.retentionHours says {stated:g}: "
        f"Kafka goes by the server property. {follow} Set workload.retentionHours alone."
    )


@warns("workload", "topics", "serverProperties", "brokerType", "storage", provisioned=True)
def _kept_longer_than_volumes_are_sized_for(plan: Plan) -> Iterator[str]:
    """Volumes are sized for the cluster's retention: what is kept longer fills them, and full disks stop brokers."""
    settings = plan.settings
    if settings.broker.is_express:
        return
    sized = retention_hours_of(settings)
    policy = text_of(plan.server_properties.get("log.cleanup.policy", "delete"))
    configs = {name: configs_of(topic) for name, topic in settings.topics.items()}
    # A topic that is only compacted deletes nothing by age; of one in tiered storage the local retention is on the volumes.
    hours = {
        name: _kept_hours(_on_volumes(own))
        for name, own in configs.items()
        if "delete" in words_of(own.get("cleanup.policy", policy))
    }
    longer = {name: kept for name, kept in hours.items() if kept > sized}
    if longer:
        longest = max(longer, key=lambda name: longer[name])
        kept = "without limit" if math.isinf(longer[longest]) else f"{longer[longest]:g} hours"
        others = f", {len(longer) - 1} more as well" if len(longer) > 1 else ""
        yield (
            f"topics.{longest} keeps messages {kept}{others}; volumes and capacity follow the cluster's retention, "
            f"{sized:g} hours, and full volumes stop brokers. Set workload.retentionHours to what most of the data is kept for, "
            "or check that these topics are small."
        )


def _on_volumes(configs: Mapping[str, str]) -> str:
    """A topic's own retention on the volumes, ms: all of it where nothing says that less stays there (-2, Kafka's default)."""
    tiered = configs.get("remote.storage.enable", "").lower() == "true"
    local = configs.get("local.retention.ms", "-2") if tiered else "-2"
    return configs.get("retention.ms", "") if local == "-2" else local


def _kept_hours(milliseconds: str) -> float:
    """Hours of a topic's own ``retention.ms``: infinite for no limit, 0 where it has none."""
    if milliseconds == "-1":
        return math.inf
    return hours_kept(int(milliseconds) / MILLISECONDS_OF_AN_HOUR) if is_whole(milliseconds) else 0


@checks("acknowledge")
def _acknowledgements(plan: Plan) -> Iterator[Problem]:
    last = plan.today + LONGEST_ACKNOWLEDGEMENT
    for rule, acknowledgement in plan.settings.acknowledge.items():
        if acknowledgement.until > last:
            yield Problem(
                ("acknowledge", rule, "until"),
                str(acknowledgement.until),
                f"is more than a year ahead, too late for a review. Set it to {last} or earlier, and renew it then.",
            )
