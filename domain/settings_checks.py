"""What must hold between settings: each check looks at several at once and reports all it finds.

What AWS refuses is a problem here. What a team may decide otherwise (fewer brokers, an AWS-managed key) is the policy
pack's to judge. Where AWS's own documentation leaves a doubt, `warn` says so and nothing is refused.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable, Iterable, Iterator

from domain.brokers import BROKER_TYPES, BrokerKind
from domain.kafka_versions import (
    KAFKA_VERSIONS,
    MetadataMode,
    metadata_mode,
    supports_m7g,
    supports_tiered_storage,
)
from domain.problems import ABSENT, Problem
from domain.regions import EXCLUDED_ZONES, storage_autoscaling_available
from domain.server_properties import check as check_properties
from domain.settings import Authentication, Client, Encryption, Network, StackSettings, Storage, Workload
from domain.storage import MAXIMUM_GIB, StorageError, provisioned_throughput_problem
from domain.storage_plan import plan_storage
from domain.subnets import check_cidr, cidr_warning

MAXIMUM_BROKERS = {MetadataMode.KRAFT: 60, MetadataMode.ZOOKEEPER: 30}
"""Brokers of a cluster, MSK Developer Guide, "Amazon MSK quota"; both can be raised on request."""

MAXIMUM_TAGS = 50
"""Tags of a resource that users may set, AWS Tagging Best Practices."""


class MissingBlockError(Exception):
    """A check needs a setting that is itself wrong: its own mistake is reported already."""


class Draft:
    """Settings of which some blocks may be wrong: asking for one of those ends the check that asks."""

    def __init__(self, settings: StackSettings, invalid: Iterable[str] = (), *, region: str) -> None:
        self.region = region
        self._settings = settings
        self._invalid = frozenset(invalid)

    def _have(self, *names: str) -> StackSettings:
        if self._invalid.intersection(names):
            raise MissingBlockError
        return self._settings

    @property
    def broker_type(self) -> str:
        return self._have("brokerType").broker_type

    @property
    def is_express(self) -> bool:
        return self._have("brokerType").broker.kind is BrokerKind.EXPRESS

    @property
    def brokers_per_zone(self) -> int:
        return self._have("brokersPerZone").brokers_per_zone

    @property
    def number_of_zones(self) -> int:
        return self._have("network").number_of_zones

    @property
    def kafka_version(self) -> str:
        return self._have("kafkaVersion").kafka_version

    @property
    def network(self) -> Network:
        return self._have("network").network

    @property
    def storage(self) -> Storage:
        return self._have("storage").storage

    @property
    def workload(self) -> Workload:
        return self._have("workload").workload

    @property
    def authentication(self) -> Authentication:
        return self._have("authentication").authentication

    @property
    def encryption(self) -> Encryption:
        return self._have("encryption").encryption

    @property
    def server_properties(self) -> dict[str, str | int | float | bool]:
        return self._have("serverProperties").server_properties

    @property
    def clients(self) -> dict[str, Client]:
        return self._have("clients").clients

    @property
    def tags(self) -> dict[str, str]:
        return self._have("tags").tags


def check(draft: Draft) -> list[Problem]:
    """Every mistake between settings that can be told from the blocks that are right."""
    problems: list[Problem] = []
    for one in _CHECKS:
        try:
            problems += one(draft)
        except MissingBlockError:
            # The mistake that is in the way is in the list already; what hangs on it shows once it is mended.
            continue
    return problems


def warn(draft: Draft) -> list[str]:
    """What a person should know though nothing is wrong."""
    warnings: list[str] = []
    for one in _WARNINGS:
        try:
            warnings += one(draft)
        except MissingBlockError:
            continue
    return warnings


def _network(draft: Draft) -> Iterator[Problem]:
    network = draft.network
    if network.existing:
        given = sorted(network.model_fields_set - {"existing", "public_access"})
        for name in given:
            alias = Network.model_fields[name].alias or name
            yield Problem(
                ("network", alias), _as_given(network, name), "belongs to a new VPC. Take it out, or take network.existing out."
            )
        if len(set(network.existing.subnet_ids)) < len(network.existing.subnet_ids):
            yield Problem(("network", "existing", "subnetIds"), network.existing.subnet_ids, "must not name a subnet twice.")
        return
    zones = network.zones
    if not 2 <= len(zones) <= 3:  # noqa: PLR2004 - Amazon MSK takes two or three
        yield Problem(("network", "zones"), zones, "must name two or three Availability Zone IDs.")
    if len(set(zones)) < len(zones):
        yield Problem(("network", "zones"), zones, "must not name a zone twice.")
    for index, zone in enumerate(zones):
        if zone in EXCLUDED_ZONES:
            yield Problem(("network", "zones", index), zone, "has no Amazon MSK. Choose another zone.")
    if network.public_access and network.nat_gateways != "none":
        yield Problem(
            ("network", "natGateways"),
            network.nat_gateways,
            "cannot be had together with network.publicAccess: the brokers' subnets then lead to the internet directly. "
            "Set natGateways to none.",
        )


def _as_given(network: Network, name: str) -> object:
    value = getattr(network, name)
    return value.model_dump(by_alias=True) if hasattr(value, "model_dump") else value


def _address_range(draft: Draft) -> Iterator[Problem]:
    if draft.network.existing:
        return
    try:
        brokers_per_zone = draft.brokers_per_zone
    except MissingBlockError:
        # A range that is too small for one broker is worth saying even where the number is wrong too.
        brokers_per_zone = 1
    message = check_cidr(draft.network.cidr, brokers_per_zone)
    if message:
        yield Problem(("network", "cidr"), draft.network.cidr, message)


def _broker_count(draft: Draft) -> Iterator[Problem]:
    mode = metadata_mode(draft.kafka_version)
    brokers, most = draft.brokers_per_zone * draft.number_of_zones, MAXIMUM_BROKERS[mode]
    if brokers > most:
        yield Problem(
            ("brokersPerZone",),
            draft.brokers_per_zone,
            f"makes {brokers} brokers; Amazon MSK takes at most {most} with {mode.value}. "
            f"Set brokersPerZone to {most // draft.number_of_zones} or less, or take a larger brokerType.",
        )


def _express(draft: Draft) -> Iterator[Problem]:
    if not draft.is_express:
        return
    for name in sorted(draft.storage.model_fields_set):
        alias = Storage.model_fields[name].alias or name
        yield Problem(
            ("storage", alias),
            getattr(draft.storage, name),
            f"is not for Express brokers ({draft.broker_type}): their storage has no size and grows by itself. Take it out.",
        )


def _express_zones(draft: Draft) -> Iterator[Problem]:
    if not draft.is_express or draft.number_of_zones == 3:  # noqa: PLR2004 - Express brokers stand in exactly three zones
        return
    existing = draft.network.existing
    path = ("network", "existing", "subnetIds") if existing else ("network", "zones")
    value = existing.subnet_ids if existing else draft.network.zones
    yield Problem(path, value, f"must be three for Express brokers ({draft.broker_type}).")


def _version(draft: Draft) -> Iterator[Problem]:
    version = KAFKA_VERSIONS.get(draft.kafka_version)
    if version is None:
        return
    broker = BROKER_TYPES[draft.broker_type]
    if broker.kind not in version.broker_kinds and not version.uncertain:
        takes = ", ".join(one.name for one in KAFKA_VERSIONS.values() if broker.kind in one.broker_kinds)
        yield Problem(
            ("kafkaVersion",), version.name, f"is not for {broker.kind.value.capitalize()} brokers ({broker.name}); those take {takes}."
        )
    if broker.family == "m7g" and not broker.is_express and not supports_m7g(version.name):
        yield Problem(
            ("kafkaVersion",),
            version.name,
            f"does not run on {broker.name}: M7g needs 2.8.2 or 3.3.2 and newer. Choose a newer version or an m5 brokerType.",
        )


def _storage(draft: Draft) -> Iterator[Problem]:
    if draft.is_express:
        return
    storage = draft.storage
    if storage.maximum_gib is not None and not storage.autoscaling:
        yield Problem(
            ("storage", "maximumGiB"),
            storage.maximum_gib,
            "has no meaning with storage.autoscaling off. Take it out, or set storage.autoscaling to true.",
        )
        return
    try:
        plan = plan_storage(draft.storage, draft.workload, _replication_factor(draft), draft.brokers_per_zone * draft.number_of_zones)
    except StorageError as error:
        yield Problem(("workload", "retentionHours"), draft.workload.retention_hours, str(error))
        return
    if storage.maximum_gib is not None and storage.maximum_gib < plan.initial_gib:
        source = "storage.initialGiB" if storage.initial_gib is not None else "the initial size that the workload needs"
        yield Problem(
            ("storage", "maximumGiB"),
            storage.maximum_gib,
            f"must not be below {source}, {plan.initial_gib} GiB. Set it to {plan.initial_gib} or more (at most {MAXIMUM_GIB}).",
        )


def _replication_factor(draft: Draft) -> int:
    given = draft.server_properties.get("default.replication.factor")
    return int(given) if given is not None and str(given).isdigit() else min(3, draft.number_of_zones)


def _provisioned_throughput(draft: Draft) -> Iterator[Problem]:
    throughput = draft.storage.provisioned_throughput
    if throughput is None or draft.is_express:
        return
    message = provisioned_throughput_problem(BROKER_TYPES[draft.broker_type], throughput)
    if message:
        yield Problem(("storage", "provisionedThroughputMiBps"), throughput, message)


def _tiered(draft: Draft) -> Iterator[Problem]:
    if draft.storage.mode != "TIERED" or draft.is_express:
        return
    if BROKER_TYPES[draft.broker_type].is_burstable:
        yield Problem(
            ("storage", "mode"), "TIERED", f"is not to be had with {draft.broker_type}. Take kafka.m7g.large or larger, or LOCAL."
        )
    if draft.kafka_version in KAFKA_VERSIONS and not supports_tiered_storage(draft.kafka_version):
        yield Problem(("storage", "mode"), "TIERED", f"needs Kafka 2.8.2.tiered or 3.6.0 and newer, not {draft.kafka_version}.")


def _server_properties(draft: Draft) -> Iterator[Problem]:
    found = check_properties(
        draft.server_properties,
        kind=BROKER_TYPES[draft.broker_type].kind,
        version=draft.kafka_version,
        zones=draft.number_of_zones,
        tiered=draft.storage.mode == "TIERED",
        brokers=draft.brokers_per_zone * draft.number_of_zones,
    )
    for one in found:
        yield Problem(("serverProperties", one.property), ABSENT if one.value is None else one.value, one.message)


def _in_transit(draft: Draft) -> Iterator[Problem]:
    """MSK Developer Guide, "Update security": which authentication goes with which client-broker encryption."""
    authentication, mode = draft.authentication, draft.encryption.client_broker
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
        yield Problem(path, mode, "leaves clients only the unauthenticated listener, and that is off. Set clientBroker to TLS.")


def _public_access(draft: Draft) -> Iterator[Problem]:
    """MSK Developer Guide, "Turn on public access to an MSK Provisioned cluster"."""
    if not draft.network.public_access:
        return
    authentication = draft.authentication
    path = ("network", "publicAccess")
    if authentication.unauthenticated:
        yield Problem(path, True, "is not allowed with authentication.unauthenticated: true. Turn one of them off.")
    if draft.encryption.client_broker != "TLS":
        yield Problem(path, True, "needs encryption.clientBroker: TLS.")
    by_acl = [name for name, on in (("scram", authentication.scram), ("tls", authentication.tls)) if on is not None]
    everyone = str(draft.server_properties.get("allow.everyone.if.no.acl.found", "true")).lower()
    if by_acl and everyone != "false":
        listed = " and ".join(f"authentication.{name}" for name in by_acl)
        yield Problem(path, True, f"with {listed} needs serverProperties allow.everyone.if.no.acl.found: false, and ACLs set first.")


def _clients(draft: Draft) -> Iterator[Problem]:
    for name, client in draft.clients.items():
        cidr = client.source.cidr
        if cidr is None:
            continue
        try:
            ipaddress.IPv4Network(cidr)
        except ValueError:
            yield Problem(("clients", name, "from", "cidr"), cidr, f"must be an IPv4 range such as {_nearest_range(cidr)}.")


def _nearest_range(cidr: str) -> str:
    try:
        return str(ipaddress.IPv4Network(cidr, strict=False))
    except ValueError:
        return "10.90.0.0/24"


def _tags(draft: Draft) -> Iterator[Problem]:
    if len(draft.tags) > MAXIMUM_TAGS:
        yield Problem(("tags",), f"{len(draft.tags)} tags", f"must be at most {MAXIMUM_TAGS}.")
    for key, value in draft.tags.items():
        if key.lower().startswith("aws:") or not 1 <= len(key) <= 128 or len(value) > 256:  # noqa: PLR2004 - tag limits
            yield Problem(("tags", key), value, "keys have 1 to 128 characters and do not begin with aws:, values at most 256.")


_CHECKS: tuple[Callable[[Draft], Iterator[Problem]], ...] = (
    _network, _address_range, _broker_count, _express, _express_zones, _version, _storage, _provisioned_throughput, _tiered,
    _server_properties, _in_transit, _public_access, _clients, _tags,
)  # fmt: skip


def _unknown_version(draft: Draft) -> Iterator[str]:
    if draft.kafka_version not in KAFKA_VERSIONS:
        newest = max(KAFKA_VERSIONS.values(), key=lambda one: one.released)
        yield (
            f"kafkaVersion {draft.kafka_version} is not in this template's list (newest there: {newest.name}, "
            f"{newest.released}): it is passed on to Amazon MSK unchecked."
        )


def _uncertain_version(draft: Draft) -> Iterator[str]:
    version = KAFKA_VERSIONS.get(draft.kafka_version)
    if version and version.uncertain and BROKER_TYPES[draft.broker_type].kind not in version.broker_kinds:
        yield f"kafkaVersion {version.name} with {draft.broker_type}: {version.uncertain}"


def _client_in_plain_sight(draft: Draft) -> Iterator[str]:
    for name, client in draft.clients.items():
        if client.source.cidr and ipaddress.IPv4Network(client.source.cidr, strict=False).prefixlen == 0:
            yield f"clients.{name}.from.cidr is {client.source.cidr}: every address may reach the brokers' ports."


def _address_range_of_others(draft: Draft) -> Iterator[str]:
    message = None if draft.network.existing else cidr_warning(draft.network.cidr)
    if message:
        yield f"network.cidr {draft.network.cidr} {message}"


def _autoscaling_elsewhere(draft: Draft) -> Iterator[str]:
    if not draft.is_express and draft.storage.autoscaling and not storage_autoscaling_available(draft.region):
        yield (
            f"storage.autoscaling may not exist in {draft.region}: AWS's documentation left it out when it last listed regions. "
            "If the deployment fails there, set storage.autoscaling to false."
        )


def _nobody_may_connect(draft: Draft) -> Iterator[str]:
    if not draft.clients:
        yield "clients is empty: nobody may reach the brokers yet. Add an entry with `from` for each client."


def _burstable(draft: Draft) -> Iterator[str]:
    if BROKER_TYPES[draft.broker_type].is_burstable and draft.workload.peak > _T3_PEAK * draft.brokers_per_zone:
        yield (
            f"brokerType {draft.broker_type} has CPU credits and is meant for development: a peak of "
            f"{_plain(draft.workload.peak)} MB/s wants kafka.m7g.large or larger."
        )


_T3_PEAK = 1.0
"""MB/s for each zone beyond which a t3.small is surely the wrong size; AWS publishes no figure for it."""


def _plain(number: float) -> str:
    return str(int(number)) if math.isclose(number, round(number)) else f"{number:g}"


_WARNINGS: tuple[Callable[[Draft], Iterator[str]], ...] = (
    _unknown_version, _uncertain_version, _address_range_of_others, _autoscaling_elsewhere, _client_in_plain_sight, _nobody_may_connect, _burstable,
)  # fmt: skip
