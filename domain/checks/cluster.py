"""What must hold between settings: each check looks at several at once and reports all it finds.

What AWS refuses is a problem here. What a team may decide otherwise (fewer brokers, an AWS-managed key) is the policy
pack's to judge. Where AWS's own documentation leaves a doubt, `warn` says so and nothing is refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from domain.checks.registry import checks, warns
from domain.monitoring.rules import FROM_FIGURES
from domain.msk.brokers import BROKER_TYPES, BROKERS_AS_OF, SMALLEST_WITH_KRAFT, may_be_new
from domain.msk.metrics import kind_of
from domain.msk.regions import storage_autoscaling_available
from domain.msk.versions import (
    KAFKA_VERSIONS,
    LISTED_BESIDES,
    VERSIONS_AS_OF,
    MetadataMode,
    created_with,
    default_version,
    may_be_new_version,
    metadata_mode,
    nearest_version,
    runs_on,
    supports_m7g,
    supports_tiered_storage,
)
from domain.msk.volumes import MAXIMUM_GIB, RETENTIONS, StorageError, provisioned_throughput_problem
from domain.plan.platform import Plan
from domain.problems import Problem
from domain.properties.server import check as check_properties
from domain.settings.cluster import no_broker_type


@checks("brokerType", listed=BROKERS_AS_OF, provisioned=True)
def _broker_type(plan: Plan) -> Iterator[Problem]:
    name = plan.settings.broker_type
    if name not in BROKER_TYPES and not may_be_new(name):
        yield Problem(("brokerType",), name, no_broker_type(name))


@warns("brokerType", provisioned=True)
def _unlisted_broker_type(plan: Plan) -> Iterator[str]:
    """Whatever is not known of it is said: nothing that is left out may look fine."""
    settings = plan.settings
    if settings.broker.is_listed:
        return
    alarms = settings.monitoring.alarms
    missing = [
        name for name in FROM_FIGURES[kind_of(settings.broker)] if not (name in alarms and alarms[name].threshold is not None)
    ]
    which = " and no alarm ".join(missing)
    remedy = f" There is no alarm {which} unless monitoring.alarms sets its threshold." if missing else ""
    yield (
        f"brokerType {settings.broker_type} is not in this template's list of {BROKERS_AS_OF}: this template passes it to Amazon "
        "MSK unchecked. It does not know such a broker's partitions, throughput, Kafka versions, storage and price, so capacity "
        f"and cost leave it out.{remedy}"
    )


@checks("brokerType", "kafkaVersion", listed=BROKERS_AS_OF, provisioned=True)
def _kraft(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    if metadata_mode(settings.kafka_version) is MetadataMode.KRAFT and not settings.broker.has_kraft:
        yield Problem(
            ("kafkaVersion",),
            settings.kafka_version,
            f"{settings.broker_type} does not support KRaft. Set kafkaVersion to {default_version(settings.broker)}, or "
            f"brokerType to {SMALLEST_WITH_KRAFT}.",
        )


@checks("brokerType", "kafkaVersion", listed=VERSIONS_AS_OF, provisioned=True)
def _version(plan: Plan) -> Iterator[Problem]:
    name, broker = plan.settings.kafka_version, plan.settings.broker
    version = KAFKA_VERSIONS.get(name)
    takes = [version for version in created_with(broker.kind) if runs_on(version, broker)]
    if version is None and not may_be_new_version(name) and name not in LISTED_BESIDES:
        near = nearest_version(name, broker)
        suggestion = f" Did you mean {near}?" if near else ""
        yield Problem(
            ("kafkaVersion",),
            name,
            f"is not a Kafka version of Amazon MSK.{suggestion} Set it to one of {', '.join(takes)}.",
        )
    if version and broker.kind not in version.broker_kinds and not version.uncertain:
        takes = [version for version in KAFKA_VERSIONS if runs_on(version, broker)]
        yield Problem(
            ("kafkaVersion",),
            name,
            f"is not for {broker.kind.value.capitalize()} brokers ({broker.name}). Set it to one of {', '.join(takes)}.",
        )


@checks("brokerType", "kafkaVersion", provisioned=True)
def _version_for_m7g(plan: Plan) -> Iterator[Problem]:
    name, broker = plan.settings.kafka_version, plan.settings.broker
    if name in KAFKA_VERSIONS and broker.family == "m7g" and not broker.is_express and not supports_m7g(name):
        yield Problem(
            ("kafkaVersion",),
            name,
            f"does not run on {broker.name}: M7g needs 2.8.2, or 3.3.2 or newer. Choose a newer version or an m5 brokerType.",
        )


@checks("storage.initialGiB", "storage.maximumGiB", "storage.autoscaling", provisioned=True)
def _storage_bounds(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    storage = settings.storage
    if settings.broker.is_express or storage.maximum_gib is None:
        return
    if not storage.autoscaling:
        yield Problem(
            ("storage", "maximumGiB"),
            storage.maximum_gib,
            "has no effect with storage.autoscaling off. Remove it, or set storage.autoscaling to true.",
        )
    elif storage.initial_gib is not None and storage.maximum_gib < storage.initial_gib:
        yield _maximum_below(storage.maximum_gib, "storage.initialGiB", storage.initial_gib)


@checks("brokersPerZone", "network.zones", "network.existing", "storage", "workload", "serverProperties", provisioned=True)
def _storage_for_the_workload(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    storage = settings.storage
    meaningless_maximum = storage.maximum_gib is not None and not storage.autoscaling
    if settings.broker.is_express or storage.initial_gib is not None or meaningless_maximum:
        return
    try:
        volumes = plan.storage
    except StorageError as error:
        given = next((name for name in RETENTIONS if name in settings.server_properties), None)
        path = ("serverProperties", given) if given else ("workload", "retentionHours")
        value = settings.server_properties[given] if given else settings.workload.retention_hours
        # Of a tiered cluster nobody knows here how much stays on the volumes.
        tiered = "set storage.initialGiB to what stays on the volumes" if storage.mode == "TIERED" else "use tiered storage"
        yield Problem(path, value, f"{error} Or {tiered}.")
        return
    if volumes and storage.maximum_gib is not None and storage.maximum_gib < volumes.initial_gib:
        yield _maximum_below(storage.maximum_gib, "the initial size that the workload needs", volumes.initial_gib)


def _maximum_below(maximum_gib: int, source: str, initial_gib: int) -> Problem:
    return Problem(
        ("storage", "maximumGiB"),
        maximum_gib,
        f"must not be below {source}, {initial_gib} GiB. Set it to {initial_gib} or more (at most {MAXIMUM_GIB}).",
    )


@checks("brokerType", "storage.provisionedThroughputMiBps", "storage.initialGiB", listed=BROKERS_AS_OF, provisioned=True)
def _provisioned_throughput(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    throughput = settings.storage.provisioned_throughput
    if throughput is None or settings.broker.is_express:
        return
    message = provisioned_throughput_problem(settings.broker, throughput, settings.storage.initial_gib)
    if message:
        yield Problem(("storage", "provisionedThroughputMiBps"), throughput, message)


@checks("brokerType", "storage.mode", listed=BROKERS_AS_OF, provisioned=True)
def _tiered(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    broker = settings.broker
    if settings.storage.mode == "TIERED" and broker.is_listed and broker.is_burstable:
        yield Problem(
            ("storage", "mode"),
            "TIERED",
            f"is not available with {settings.broker_type}. Set brokerType to kafka.m7g.large or larger, or storage.mode to "
            "LOCAL.",
        )


@checks("brokerType", "kafkaVersion", "storage.mode", provisioned=True)
def _version_for_tiered(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    if settings.storage.mode != "TIERED" or settings.broker.is_express:
        return
    if settings.kafka_version in KAFKA_VERSIONS and not supports_tiered_storage(settings.kafka_version):
        yield Problem(
            ("storage", "mode"),
            "TIERED",
            f"needs Kafka 2.8.2.tiered, or 3.6.0 or newer, not {settings.kafka_version}. Raise kafkaVersion, or set "
            "storage.mode to LOCAL.",
        )


@checks("kafkaVersion", "network.zones", "network.existing", "storage.mode", provisioned=True)
def _server_properties(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    problems = check_properties(
        settings.server_properties,
        kind=settings.broker.kind,
        version=settings.kafka_version,
        zones=settings.number_of_zones,
        tiered=settings.storage.mode == "TIERED",
        brokers=settings.number_of_brokers,
    )
    yield from (problem.below("serverProperties") for problem in problems)


@warns("kafkaVersion", provisioned=True)
def _unknown_version(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    if settings.kafka_version not in KAFKA_VERSIONS:
        newest = max(KAFKA_VERSIONS.values(), key=lambda version: version.released)
        yield (
            f"kafkaVersion {settings.kafka_version} is not in this template's list (newest there: {newest.name}, "
            f"{newest.released}): the template passes it to Amazon MSK unchecked."
        )


@warns("brokerType", "kafkaVersion", provisioned=True)
def _uncertain_version(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    version = KAFKA_VERSIONS.get(settings.kafka_version)
    if version and version.uncertain and settings.broker.kind not in version.broker_kinds:
        yield f"kafkaVersion {version.name} with {settings.broker_type}: {version.uncertain}"


@warns("brokerType", "brokersPerZone", "workload", provisioned=True)
def _burstable(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    # What a team has not said yet of its workload is nothing to warn it of.
    stated = "workload" in settings.model_fields_set
    if stated and settings.broker.is_burstable and settings.workload.peak > _T3_PEAK * settings.brokers_per_zone:
        yield (
            f"brokerType {settings.broker_type} is burstable (CPU credits) and meant for development. For a peak of "
            f"{_plain(settings.workload.peak)} MB/s, use kafka.m7g.large or larger."
        )


_T3_PEAK = 1.0
"""MB/s for each zone beyond which a t3.small is surely the wrong size; AWS publishes no figure for it."""


def _plain(number: float) -> str:
    return str(int(number)) if math.isclose(number, round(number)) else f"{number:g}"


@warns("rebalancing", "brokerType", provisioned=True)
def _paused_rebalancing(plan: Plan) -> Iterator[str]:
    """MSK Developer Guide, "Intelligent rebalancing for clusters"."""
    if plan.settings.broker.is_express and plan.settings.rebalancing == "PAUSED":
        yield (
            "rebalancing is PAUSED: Amazon MSK moves no partitions to brokers that are added, nor off busy ones or those to be "
            "removed. Move them with python -m tools reassign, or set rebalancing to ACTIVE."
        )


@warns(provisioned=True)
def _autoscaling_where_it_may_not_be(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    if settings.storage.autoscaling and not settings.broker.is_express and not storage_autoscaling_available(plan.region):
        yield (
            f"storage.autoscaling may not exist in {plan.region}: AWS's last list of regions omits it. If the deployment fails "
            "there, set storage.autoscaling to false."
        )
