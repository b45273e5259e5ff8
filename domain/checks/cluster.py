"""What must hold between settings: each check looks at several at once and reports all it finds.

What AWS refuses is a problem here. What a team may decide otherwise (fewer brokers, an AWS-managed key) is the policy
pack's to judge. Where AWS's own documentation leaves a doubt, `warn` says so and nothing is refused.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.clients.lag import lags
from domain.msk.brokers import SMALLEST_WITH_KRAFT
from domain.msk.certificate_authority import SHORT_LIVED_DAYS
from domain.msk.regions import EXCLUDED_ZONES, storage_autoscaling_available
from domain.msk.versions import (
    KAFKA_VERSIONS,
    MetadataMode,
    default_version,
    metadata_mode,
    runs_on,
    supports_dual_stack,
    supports_m7g,
    supports_multi_vpc_connectivity,
    supports_public_access,
    supports_tiered_storage,
)
from domain.msk.volumes import MAXIMUM_GIB, StorageError, provisioned_throughput_problem
from domain.network.subnets import check_cidr, cidr_warning
from domain.plan.volumes import plan_storage
from domain.problems import ABSENT, Problem
from domain.properties.server import check as check_properties
from domain.settings.monitoring import threshold_problems
from domain.settings.stack import MultiVpc, Network, StackSettings, Storage
from domain.settings.types import CREATE

_Finding = TypeVar("_Finding")
Path = tuple[str | int, ...]
"""Where a setting stands in the stack file."""

MAXIMUM_BROKERS = {MetadataMode.KRAFT: 60, MetadataMode.ZOOKEEPER: 30}
"""Brokers of a cluster, MSK Developer Guide, "Amazon MSK quota"; both can be raised on request."""

FEWEST_ZONES, MOST_ZONES = 2, 3
"""Availability Zones of a cluster with Standard brokers. MSK API reference, ``BrokerNodeGroupInfo``, ``clientSubnets``."""

EXPRESS_ZONES = 3
"""Availability Zones of a cluster with Express brokers, exactly. MSK Developer Guide, "Create a provisioned cluster"."""

MAXIMUM_TAGS = 50
"""Tags of a resource that users may set, AWS Tagging Best Practices."""


@dataclass(frozen=True, slots=True)
class _Check(Generic[_Finding]):
    """A look at several settings at once.

    Attributes:
        needs: The settings it looks at: it is left out while one of them, or something in it, is itself wrong.
        find: What it finds.
    """

    needs: tuple[Path, ...]
    find: Callable[[StackSettings], Iterable[_Finding]]


_CHECKS: list[_Check[Problem]] = []
_WARNINGS: list[_Check[str]] = []

_ProblemFinder = Callable[[StackSettings], Iterable[Problem]]
_WarningFinder = Callable[[StackSettings], Iterable[str]]


def _checks(*needs: str) -> Callable[[_ProblemFinder], _ProblemFinder]:
    def register(find: _ProblemFinder) -> _ProblemFinder:
        _CHECKS.append(_Check(tuple(tuple(one.split(".")) for one in needs), find))
        return find

    return register


def _warns(*needs: str) -> Callable[[_WarningFinder], _WarningFinder]:
    def register(find: _WarningFinder) -> _WarningFinder:
        _WARNINGS.append(_Check(tuple(tuple(one.split(".")) for one in needs), find))
        return find

    return register


def check(settings: StackSettings, invalid: Collection[Path] = ()) -> list[Problem]:
    """Every mistake between settings.

    Args:
        settings: The settings; those that were wrong have their defaults.
        invalid: The paths of those that were wrong. Their own mistakes are reported already, and what hangs on them shows once
            they are mended.
    """
    return [problem for one in _CHECKS if not any(touched(need, invalid) for need in one.needs) for problem in one.find(settings)]


def touched(path: Path, invalid: Collection[Path]) -> bool:
    """Whether a setting, something in it or the block it is in is among the wrong ones."""
    return any(path[: len(wrong)] == wrong or wrong[: len(path)] == path for wrong in invalid)


def warn(settings: StackSettings, *, region: str) -> list[str]:
    """What a person should know about valid settings though nothing is wrong.

    Args:
        settings: The settings.
        region: The region they are for.
    """
    warnings = [warning for one in _WARNINGS for warning in one.find(settings)]
    if settings.storage.autoscaling and not settings.broker.is_express and not storage_autoscaling_available(region):
        warnings.append(
            f"storage.autoscaling may not exist in {region}: AWS's documentation left it out when it last listed regions. "
            "If the deployment fails there, set storage.autoscaling to false."
        )
    return warnings


@_checks("monitoring.alarms")
def _alarm_thresholds(settings: StackSettings) -> Iterator[Problem]:
    for name, message in threshold_problems(settings.monitoring.alarms).items():
        yield Problem(("monitoring", "alarms", name, "threshold"), settings.monitoring.alarms[name].threshold, message)


@_checks("monitoring.prometheus", "network")
def _prometheus(settings: StackSettings) -> Iterator[Problem]:
    prometheus, path = settings.monitoring.prometheus, ("monitoring", "prometheus")
    if prometheus is None:
        return
    if not prometheus.managed and not prometheus.scraped_by:
        yield Problem(path, {}, "has nobody to read the metrics. Set managed: true, or name your own Prometheus in scrapedBy.")
    if prometheus.managed:
        return
    needs = {"grafana": prometheus.grafana is not None, "notify": prometheus.notify, "moreSeries": prometheus.more_series}
    for name, given in needs.items():
        if given:
            yield Problem((*path, name), given, "needs managed: true. Set it, or take this out.")


@_checks("monitoring.prometheus", "network", "kafkaVersion", "brokerType")
def _open_monitoring_in_public(settings: StackSettings) -> Iterator[Problem]:
    kraft = settings.broker.is_express or metadata_mode(settings.kafka_version) is MetadataMode.KRAFT
    if settings.monitoring.prometheus is not None and settings.network.public_access and kraft:
        yield Problem(
            ("monitoring", "prometheus"),
            {},
            "is not to be had together with public access on clusters with KRaft (MSK Developer Guide, KRaft limitations). "
            "Take it out, or set network.publicAccess: false.",
        )


@_warns("alarmEmail", "monitoring")
def _nobody_is_told(settings: StackSettings) -> Iterator[str]:
    if not settings.alarm_email and not settings.monitoring.subscribers.critical:
        yield "Nobody is told of critical alarms: set alarmEmail, or monitoring.subscribers.critical."


@_warns("encryption.telemetryKey")
def _key_of_alarms(settings: StackSettings) -> Iterator[str]:
    if settings.encryption.telemetry_key != CREATE:
        yield (
            "encryption.telemetryKey is a key of your own: unless its policy lets cloudwatch.amazonaws.com decrypt and make data "
            "keys, alarms tell nobody and no error is shown."
        )


@_warns("clients", "topics")
def _unwatched_lag(settings: StackSettings) -> Iterator[str]:
    yield from map(str, lags(settings.clients, settings.topics)[1])


@_checks("network")
def _network(settings: StackSettings) -> Iterator[Problem]:
    network = settings.network
    if network.existing:
        given = sorted(network.model_fields_set - {"existing", "ipv6", "multi_vpc", "public_access"})
        for name in given:
            alias = Network.model_fields[name].alias or name
            yield Problem(
                ("network", alias),
                _as_given(network, name),
                "belongs to a new VPC. Take it out, or take network.existing out.",
            )
        if len(set(network.existing.subnet_ids)) < len(network.existing.subnet_ids):
            yield Problem(
                ("network", "existing", "subnetIds"),
                network.existing.subnet_ids,
                "must not name a subnet twice.",
            )
        return
    zones, path = network.zones, _zones_path(settings)
    if not FEWEST_ZONES <= len(zones) <= MOST_ZONES:
        yield Problem(path, zones, "must name two or three Availability Zone IDs.")
    if len(set(zones)) < len(zones):
        yield Problem(path, zones, "must not name a zone twice.")
    for index, zone in enumerate(zones):
        if zone in EXCLUDED_ZONES:
            yield Problem(
                (*path, index if path == ("network", "zones") else zone), zone, "has no Amazon MSK. Choose another zone."
            )
    if network.public_access and network.nat_gateways != "none":
        yield Problem(
            ("network", "natGateways"),
            network.nat_gateways,
            "cannot be had together with network.publicAccess: the brokers' subnets then lead to the internet directly. "
            "Set natGateways to none.",
        )


def _zones_path(settings: StackSettings) -> Path:
    """Where the stack file says in which zones the brokers stand."""
    if settings.network.existing:
        return ("network", "existing", "subnetIds")
    subnets = settings.imported.subnets
    return ("import", "subnets") if subnets and sorted(subnets) == settings.network.zones else ("network", "zones")


def _as_given(network: Network, name: str) -> object:
    value = getattr(network, name)
    return value.model_dump(by_alias=True) if hasattr(value, "model_dump") else value


@_checks("network.cidr", "network.existing")
def _address_range(settings: StackSettings) -> Iterator[Problem]:
    if settings.network.existing or settings.imported.vpc:
        return
    message = check_cidr(settings.network.cidr, settings.brokers_per_zone)
    if message:
        yield Problem(("network", "cidr"), settings.network.cidr, message)


@_checks("brokersPerZone", "network.zones", "network.existing", "kafkaVersion")
def _broker_count(settings: StackSettings) -> Iterator[Problem]:
    mode = metadata_mode(settings.kafka_version)
    brokers, most = settings.number_of_brokers, MAXIMUM_BROKERS[mode]
    if brokers > most:
        yield Problem(
            ("brokersPerZone",),
            settings.brokers_per_zone,
            f"makes {brokers} brokers; Amazon MSK takes at most {most} with {mode.value}. "
            f"Set brokersPerZone to {most // settings.number_of_zones} or less, or take a larger brokerType.",
        )


@_checks()
def _express(settings: StackSettings) -> Iterator[Problem]:
    if not settings.broker.is_express:
        return
    for name in sorted(settings.storage.model_fields_set):
        alias = Storage.model_fields[name].alias or name
        yield Problem(
            ("storage", alias),
            getattr(settings.storage, name),
            f"is not for Express brokers ({settings.broker_type}): their storage has no size and grows by itself. Take it out.",
        )


@_checks("network.zones", "network.existing")
def _express_zones(settings: StackSettings) -> Iterator[Problem]:
    if not settings.broker.is_express or settings.number_of_zones == EXPRESS_ZONES:
        return
    existing = settings.network.existing
    value = existing.subnet_ids if existing else settings.network.zones
    yield Problem(_zones_path(settings), value, f"must be three for Express brokers ({settings.broker_type}).")


@_checks("brokerType", "kafkaVersion")
def _version(settings: StackSettings) -> Iterator[Problem]:
    version, broker = KAFKA_VERSIONS.get(settings.kafka_version), settings.broker
    if metadata_mode(settings.kafka_version) is MetadataMode.KRAFT and not broker.has_kraft:
        yield Problem(
            ("kafkaVersion",),
            settings.kafka_version,
            f"{broker.name} does not support KRaft. Set kafkaVersion to {default_version(broker)}, or brokerType to "
            f"{SMALLEST_WITH_KRAFT}.",
        )
        return
    if version is None:
        return
    if broker.kind not in version.broker_kinds and not version.uncertain:
        takes = ", ".join(name for name in KAFKA_VERSIONS if runs_on(name, broker))
        yield Problem(
            ("kafkaVersion",),
            version.name,
            f"is not for {broker.kind.value.capitalize()} brokers ({broker.name}); those take {takes}.",
        )
    if broker.family == "m7g" and not broker.is_express and not supports_m7g(version.name):
        yield Problem(
            ("kafkaVersion",),
            version.name,
            f"does not run on {broker.name}: M7g needs 2.8.2 or 3.3.2 and newer. Choose a newer version or an m5 brokerType.",
        )


@_checks("storage.initialGiB", "storage.maximumGiB", "storage.autoscaling")
def _storage_bounds(settings: StackSettings) -> Iterator[Problem]:
    storage = settings.storage
    if settings.broker.is_express or storage.maximum_gib is None:
        return
    if not storage.autoscaling:
        yield Problem(
            ("storage", "maximumGiB"),
            storage.maximum_gib,
            "has no meaning with storage.autoscaling off. Take it out, or set storage.autoscaling to true.",
        )
    elif storage.initial_gib is not None and storage.maximum_gib < storage.initial_gib:
        yield _maximum_below(storage.maximum_gib, "storage.initialGiB", storage.initial_gib)


@_checks("brokersPerZone", "network.zones", "network.existing", "storage", "workload", "serverProperties")
def _storage_for_the_workload(settings: StackSettings) -> Iterator[Problem]:
    storage = settings.storage
    meaningless_maximum = storage.maximum_gib is not None and not storage.autoscaling
    if settings.broker.is_express or storage.initial_gib is not None or meaningless_maximum:
        return
    try:
        plan = plan_storage(
            storage,
            settings.workload,
            _replication_factor(settings),
            zones=settings.number_of_zones,
            brokers_per_zone=settings.brokers_per_zone,
        )
    except StorageError as error:
        yield Problem(("workload", "retentionHours"), settings.workload.retention_hours, str(error))
        return
    if storage.maximum_gib is not None and storage.maximum_gib < plan.initial_gib:
        yield _maximum_below(storage.maximum_gib, "the initial size that the workload needs", plan.initial_gib)


def _maximum_below(maximum_gib: int, source: str, initial_gib: int) -> Problem:
    return Problem(
        ("storage", "maximumGiB"),
        maximum_gib,
        f"must not be below {source}, {initial_gib} GiB. Set it to {initial_gib} or more (at most {MAXIMUM_GIB}).",
    )


def _replication_factor(settings: StackSettings) -> int:
    given = settings.server_properties.get("default.replication.factor")
    # A factor that is no number of copies is a mistake of its own, reported with the properties.
    return max(1, int(given)) if given is not None and str(given).isdecimal() else min(3, settings.number_of_zones)


@_checks("brokerType", "storage.provisionedThroughputMiBps")
def _provisioned_throughput(settings: StackSettings) -> Iterator[Problem]:
    throughput = settings.storage.provisioned_throughput
    if throughput is None or settings.broker.is_express:
        return
    message = provisioned_throughput_problem(settings.broker, throughput)
    if message:
        yield Problem(("storage", "provisionedThroughputMiBps"), throughput, message)


@_checks("brokerType", "kafkaVersion", "storage.mode")
def _tiered(settings: StackSettings) -> Iterator[Problem]:
    if settings.storage.mode != "TIERED" or settings.broker.is_express:
        return
    if settings.broker.is_burstable:
        yield Problem(
            ("storage", "mode"),
            "TIERED",
            f"is not to be had with {settings.broker_type}. Take kafka.m7g.large or larger, or LOCAL.",
        )
    if settings.kafka_version in KAFKA_VERSIONS and not supports_tiered_storage(settings.kafka_version):
        yield Problem(
            ("storage", "mode"),
            "TIERED",
            f"needs Kafka 2.8.2.tiered or 3.6.0 and newer, not {settings.kafka_version}.",
        )


@_checks("kafkaVersion", "network.zones", "network.existing", "storage.mode")
def _server_properties(settings: StackSettings) -> Iterator[Problem]:
    found = check_properties(
        settings.server_properties,
        kind=settings.broker.kind,
        version=settings.kafka_version,
        zones=settings.number_of_zones,
        tiered=settings.storage.mode == "TIERED",
        brokers=settings.number_of_brokers,
    )
    for one in found:
        yield Problem(("serverProperties", one.property), ABSENT if one.value is None else one.value, one.message)


@_checks("authentication", "encryption.clientBroker")
def _in_transit(settings: StackSettings) -> Iterator[Problem]:
    """MSK Developer Guide, "Update security": which authentication goes with which client-broker encryption."""
    authentication, mode = settings.authentication, settings.encryption.client_broker
    if mode == "TLS":
        return
    path = ("encryption", "clientBroker")
    needs_tls = [name for name, on in (("iam", authentication.iam), ("scram", authentication.scram)) if on is not None]
    if mode == "PLAINTEXT" and authentication.tls is not None:
        needs_tls.append("tls")
    if needs_tls:
        listed = " and ".join(f"authentication.{name}" for name in needs_tls)
        yield Problem(path, mode, f"does not go with {listed}: those need TLS. Set clientBroker to TLS.")
    elif mode == "PLAINTEXT" and not authentication.unauthenticated:
        yield Problem(
            path,
            mode,
            "leaves clients only the unauthenticated listener, and that is off. Set clientBroker to TLS.",
        )


@_checks("authentication", "encryption.clientBroker", "kafkaVersion", "network.publicAccess", "serverProperties")
def _public_access(settings: StackSettings) -> Iterator[Problem]:
    """MSK Developer Guide, "Turn on public access to an MSK Provisioned cluster"."""
    if not settings.network.public_access:
        return
    authentication = settings.authentication
    path = ("network", "publicAccess")
    if authentication.unauthenticated:
        yield Problem(path, True, "is not allowed with authentication.unauthenticated: true. Turn one of them off.")
    if settings.encryption.client_broker != "TLS":
        yield Problem(path, True, "needs encryption.clientBroker: TLS.")
    if settings.kafka_version in KAFKA_VERSIONS and not supports_public_access(settings.kafka_version):
        yield Problem(path, True, f"needs Kafka 2.6.0 or newer, not {settings.kafka_version}.")
    by_acl = [name for name, on in (("scram", authentication.scram), ("tls", authentication.tls)) if on is not None]
    if by_acl and not _denied_without_acl(settings):
        listed = " and ".join(f"authentication.{name}" for name in by_acl)
        yield Problem(
            path,
            True,
            f"with {listed} needs serverProperties allow.everyone.if.no.acl.found: false, and ACLs set first.",
        )


def _denied_without_acl(settings: StackSettings) -> bool:
    return str(settings.server_properties.get("allow.everyone.if.no.acl.found", "true")).lower() == "false"


@_checks("authentication", "brokerType", "encryption.clientBroker", "kafkaVersion", "network.multiVpc", "serverProperties")
def _multi_vpc(settings: StackSettings) -> Iterator[Problem]:
    """MSK Developer Guide, "Amazon MSK multi-VPC private connectivity in a single Region": requirements and limitations."""
    wanted = settings.network.multi_vpc
    if wanted is not None and wanted.mechanisms:
        yield from _multi_vpc_mechanisms(settings, wanted)
        value = wanted.model_dump(by_alias=True, exclude_defaults=True)
        for message in _multi_vpc_refusals(settings, wanted):
            yield Problem(_MULTI_VPC, value, message)
    elif wanted is not None:
        for key, named in (("accounts", wanted.accounts), ("principals", wanted.principals)):
            if named:
                yield Problem(
                    (*_MULTI_VPC, key),
                    named,
                    "may connect in no way. Set iam, scram or tls beside it to true, or take it out.",
                )


_MULTI_VPC: Path = ("network", "multiVpc")


def _multi_vpc_mechanisms(settings: StackSettings, wanted: MultiVpc) -> Iterator[Problem]:
    for name in wanted.mechanisms:
        if getattr(settings.authentication, name) is None:
            yield Problem(
                (*_MULTI_VPC, name),
                True,
                f"needs authentication.{name}, which is off. Turn that on and deploy, then turn this on.",
            )


def _multi_vpc_refusals(settings: StackSettings, wanted: MultiVpc) -> Iterator[str]:
    if settings.authentication.unauthenticated:
        yield "is not allowed with authentication.unauthenticated: true. Turn one of them off."
    if settings.encryption.client_broker != "TLS":
        yield "needs encryption.clientBroker: TLS."
    if settings.broker.is_burstable:
        yield f"is not to be had with {settings.broker_type}. Take kafka.m7g.large or larger."
    if settings.kafka_version in KAFKA_VERSIONS and not supports_multi_vpc_connectivity(settings.kafka_version):
        yield f"needs Kafka 2.7.1 or newer, not {settings.kafka_version}."
    by_acl = [name for name in wanted.mechanisms if name != "iam"]
    if by_acl and not _denied_without_acl(settings):
        yield (f"with {' and '.join(by_acl)} needs serverProperties allow.everyone.if.no.acl.found: false, and ACLs set first.")


@_checks("logs.s3")
def _log_bucket(settings: StackSettings) -> Iterator[Problem]:
    bucket = settings.logs.s3
    if bucket and bucket.bucket != CREATE and "retention_days" in bucket.model_fields_set:
        yield Problem(
            ("logs", "s3", "retentionDays"),
            bucket.retention_days,
            "belongs to a new bucket: how long an existing one keeps its objects is its own lifecycle's. Take it out, or set "
            "logs.s3.bucket to create.",
        )


@_checks("kafkaVersion", "network.ipv6")
def _dual_stack(settings: StackSettings) -> Iterator[Problem]:
    """MSK Developer Guide, "Configure dual-stack network type for an Amazon MSK cluster"."""
    if settings.network.ipv6 and settings.kafka_version in KAFKA_VERSIONS and not supports_dual_stack(settings.kafka_version):
        yield Problem(("network", "ipv6"), True, f"needs Kafka 3.6.0 or newer, not {settings.kafka_version}. Raise kafkaVersion.")


@_checks("clients", "network.ipv6")
def _clients(settings: StackSettings) -> Iterator[Problem]:
    for name, client in settings.clients.items():
        cidr = client.source.cidr
        message = None if cidr is None else _range_message(cidr, ipv6=settings.network.ipv6)
        if message:
            yield Problem(("clients", name, "from", "cidr"), cidr, message)


def _range_message(cidr: str, *, ipv6: bool) -> str | None:
    """Why a client cannot come from a range, or None when it can."""
    try:
        ipaddress.IPv6Network(cidr, strict=False)
    except ValueError:
        pass
    else:
        if not ipv6:
            return (
                "is an IPv6 range, and the brokers have IPv4 addresses alone. Set network.ipv6 to true (once the cluster is "
                "there), or give an IPv4 range."
            )
    try:
        ipaddress.ip_network(cidr)
    except ValueError:
        kind = "an IPv4 or IPv6 range" if ipv6 else "an IPv4 range"
        return f"must be {kind} such as {_nearest_range(cidr)}."
    return None


def _nearest_range(cidr: str) -> str:
    try:
        return str(ipaddress.ip_network(cidr, strict=False))
    except ValueError:
        return "10.90.0.0/24"


@_checks("tags")
def _tags(settings: StackSettings) -> Iterator[Problem]:
    if len(settings.tags) > MAXIMUM_TAGS:
        yield Problem(("tags",), f"{len(settings.tags)} tags", f"must be at most {MAXIMUM_TAGS}.")
    for key, value in settings.tags.items():
        if key.lower().startswith("aws:") or not 1 <= len(key) <= 128 or len(value) > 256:  # noqa: PLR2004 - tag limits
            yield Problem(
                ("tags", key),
                value,
                "keys have 1 to 128 characters and do not begin with aws:, values at most 256.",
            )


@_warns("kafkaVersion")
def _unknown_version(settings: StackSettings) -> Iterator[str]:
    if settings.kafka_version not in KAFKA_VERSIONS:
        newest = max(KAFKA_VERSIONS.values(), key=lambda one: one.released)
        yield (
            f"kafkaVersion {settings.kafka_version} is not in this template's list (newest there: {newest.name}, "
            f"{newest.released}): it is passed on to Amazon MSK unchecked."
        )


@_warns("brokerType", "kafkaVersion")
def _uncertain_version(settings: StackSettings) -> Iterator[str]:
    version = KAFKA_VERSIONS.get(settings.kafka_version)
    if version and version.uncertain and settings.broker.kind not in version.broker_kinds:
        yield f"kafkaVersion {version.name} with {settings.broker_type}: {version.uncertain}"


@_warns("clients")
def _client_in_plain_sight(settings: StackSettings) -> Iterator[str]:
    for name, client in settings.clients.items():
        if client.source.cidr and ipaddress.ip_network(client.source.cidr, strict=False).prefixlen == 0:
            yield f"clients.{name}.from.cidr is {client.source.cidr}: every address may reach the brokers' ports."


@_warns("network", "import")
def _ipv6_in_an_imported_network(settings: StackSettings) -> Iterator[str]:
    if settings.network.ipv6 and settings.imported.vpc:
        yield (
            "network.ipv6 needs an IPv6 range in each subnet, and those of import.subnets stay as they are: Amazon MSK refuses "
            "the network type DUAL unless they have one."
        )


@_warns("network", "import")
def _public_access_in_somebody_elses_network(settings: StackSettings) -> Iterator[str]:
    if settings.network.public_access and (settings.network.existing or settings.imported.vpc):
        yield (
            "network.publicAccess needs subnets that lead to an internet gateway, and the ways out of this VPC are not this "
            "stack's: Amazon MSK refuses it unless their route tables have such a route."
        )


@_warns("authentication")
def _certificates_of_seven_days(settings: StackSettings) -> Iterator[str]:
    tls = settings.authentication.tls
    if tls and tls.certificate_authority_mode == "SHORT_LIVED_CERTIFICATE":
        yield (
            "authentication.tls.certificateAuthorityMode is SHORT_LIVED_CERTIFICATE: certificates hold "
            f"{SHORT_LIVED_DAYS} days at most, so clients must fetch new ones by themselves."
        )


@_warns("logs.s3", "encryption.telemetryKey")
def _log_bucket_with_a_key_that_is_there(settings: StackSettings) -> Iterator[str]:
    bucket, key = settings.logs.s3, settings.encryption.telemetry_key
    if bucket and bucket.bucket == CREATE and key != CREATE:
        yield (
            f"logs.s3 is encrypted with {key}: no log arrives unless its key policy lets delivery.logs.amazonaws.com use it "
            "(kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey*, kms:DescribeKey)."
        )


@_warns("network")
def _address_range_of_others(settings: StackSettings) -> Iterator[str]:
    message = None if settings.network.existing or settings.imported.vpc else cidr_warning(settings.network.cidr)
    if message:
        yield f"network.cidr {settings.network.cidr} {message}"


@_warns("clients")
def _nobody_may_connect(settings: StackSettings) -> Iterator[str]:
    if not settings.clients:
        yield "clients is empty: nobody may reach the brokers yet. Add an entry with `from` for each client."


@_warns("brokerType", "brokersPerZone", "workload")
def _burstable(settings: StackSettings) -> Iterator[str]:
    if settings.broker.is_burstable and settings.workload.peak > _T3_PEAK * settings.brokers_per_zone:
        yield (
            f"brokerType {settings.broker_type} has CPU credits and is meant for development: a peak of "
            f"{_plain(settings.workload.peak)} MB/s wants kafka.m7g.large or larger."
        )


_T3_PEAK = 1.0
"""MB/s for each zone beyond which a t3.small is surely the wrong size; AWS publishes no figure for it."""


def _plain(number: float) -> str:
    return str(int(number)) if math.isclose(number, round(number)) else f"{number:g}"
