"""What each kind of cluster has not got: settings that it refuses, and those that change nothing there.

One row a setting. The table of docs/cluster-kinds.md shows what comes of each setting on each kind; nothing else says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from domain.checks.registry import checks, warns
from domain.msk.brokers import BrokerKind
from domain.msk.serverless import MIN_INSYNC_REPLICAS, MOST_VPCS, REPLICATION_FACTOR
from domain.plan.platform import Plan
from domain.problems import Path, Problem
from domain.settings.cluster import Storage
from domain.settings.stack import StackSettings

_ANY = "*"


@dataclass(frozen=True, slots=True)
class Lack:
    """A setting that a kind of cluster has not got.

    Attributes:
        kind: The kind.
        setting: The setting, with dots; ``*`` stands for any name in a map.
        reason: Why, a sentence after "is not for ... clusters: ".
        instead: What to do, where that is not to remove it.
        same: Values that say what holds there anyway, and so may stand.
        refused: Whether it is a mistake; otherwise it changes nothing, which is said.
    """

    kind: BrokerKind
    setting: str
    reason: str
    instead: str = "Remove it."
    same: tuple[object, ...] = ()
    refused: bool = True

    @property
    def path(self) -> tuple[str, ...]:
        """The setting in parts."""
        return tuple(self.setting.split("."))


def _serverless(setting: str, reason: str, *same: object, instead: str = "Remove it.", refused: bool = True) -> Lack:
    return Lack(BrokerKind.SERVERLESS, setting, reason, instead, same, refused)


_STORAGE = tuple(field.alias or name for name, field in Storage.model_fields.items())
_GROWS = "their storage has no size and grows by itself."
_OF_TOPICS = "Remove it; topics set their own retention and message size."
_IAM_ONLY = "their clients sign in with IAM only."
_NO_LOGS = "they write no broker logs."
_PROVISIONED_IMPORT = "only a provisioned cluster can be taken over."
_ONE_LEVEL = "their metrics have one level, and cost nothing."

LACKS: tuple[Lack, ...] = (
    *(
        Lack(kind, f"storage.{name}", "they have no tiered storage." if name == "mode" else _GROWS)
        for kind in (BrokerKind.EXPRESS, BrokerKind.SERVERLESS)
        for name in _STORAGE
    ),
    *(
        Lack(
            kind,
            "network.clientVpcs",
            "only Serverless clusters have VPC configurations.",
            "Remove it; network.multiVpc lets clients of other VPCs in.",
        )
        for kind in (BrokerKind.STANDARD, BrokerKind.EXPRESS)
    ),
    # Pulumi.yaml hands every stack its default: what nobody chose, nobody can remove.
    _serverless("brokersPerZone", "they have no brokers to count.", StackSettings().brokers_per_zone, refused=False),
    *(
        Lack(kind, "rebalancing", "only Express brokers have intelligent rebalancing.", same=("",))
        for kind in (BrokerKind.STANDARD, BrokerKind.SERVERLESS)
    ),
    _serverless("kafkaVersion", "AWS chooses their Kafka version and upgrades it.", ""),
    _serverless(
        "serverProperties.*",
        "AWS sets their server properties.",
        instead="Remove it; topics set their own retention and message size.",
    ),
    _serverless("authentication.scram", _IAM_ONLY),
    _serverless("authentication.tls", _IAM_ONLY),
    _serverless("authentication.unauthenticated", _IAM_ONLY, False),
    _serverless("encryption.clientBroker", "their clients connect over TLS only.", "TLS"),
    _serverless("encryption.dataKey", "AWS encrypts their data with a key of its own."),
    _serverless("encryption.secretsKey", "they have no SCRAM users."),
    _serverless("network.publicAccess", "they are reached from VPCs only.", False),
    _serverless("network.ipv6", "pulumi-aws cannot set their network type.", False),
    _serverless(
        "network.multiVpc",
        "they have no multi-VPC private connectivity.",
        instead="Remove it; network.clientVpcs lets clients of this account's other VPCs in.",
    ),
    _serverless("logs.*", _NO_LOGS),
    _serverless("monitoring.level", _ONE_LEVEL, "DEFAULT"),
    _serverless("monitoring.logs", _NO_LOGS, False),
    _serverless("monitoring.prometheus", "they have no exporters.", instead="Remove it; their metrics are in CloudWatch."),
    _serverless("import.configuration", _PROVISIONED_IMPORT),
    _serverless("import.cluster", _PROVISIONED_IMPORT),
    _serverless("import.brokerLogGroup", _NO_LOGS),
    _serverless("import.keep.configuration", _PROVISIONED_IMPORT),
    _serverless("import.keep.cluster", _PROVISIONED_IMPORT),
    _serverless("import.keep.brokerLogGroup", _NO_LOGS),
    _serverless("topics.*.replicationFactor", "their topics have three copies.", REPLICATION_FACTOR),
    _serverless("topics.*.minInsyncReplicas", "AWS sets it.", MIN_INSYNC_REPLICAS),
    _serverless("topics.*.remoteStorage", "they have no tiered storage.", False),
    _serverless("topics.*.localRetentionHours", "they have no tiered storage."),
    _serverless("clients.*.as.scramUser", _IAM_ONLY, instead="Use role or principal."),
    _serverless("clients.*.as.nextScramUser", _IAM_ONLY),
    _serverless("clients.*.as.certificate", _IAM_ONLY, instead="Use role or principal."),
    _serverless("clients.*.admin.cluster", "they have no such IAM actions, ACLs or quotas.", False),
    _serverless("testClient.operate", "their IAM has no actions for it.", False),
)
"""What a kind has not got. What else there is, each kind has."""

_NAMES = {BrokerKind.STANDARD: "clusters with Standard brokers", BrokerKind.EXPRESS: "Express brokers"}


def _of(kind: BrokerKind, broker_type: str) -> str:
    return "Serverless clusters" if kind is BrokerKind.SERVERLESS else f"{_NAMES[kind]} ({broker_type})"


def given_settings(block: BaseModel, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Every setting that the stack file gives, blocks before what is in them.

    Args:
        block: The settings.
        path: Where the block stands.
    """
    for name in type(block).model_fields:
        if name in block.model_fields_set:
            alias = type(block).model_fields[name].alias or name
            yield from _given((*path, alias), getattr(block, name))


def _given(path: Path, value: object) -> Iterator[tuple[Path, object]]:
    yield path, value
    if isinstance(value, BaseModel):
        yield from given_settings(value, path)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _given((*path, key), item)


def _matches(pattern: Sequence[str], path: Path) -> bool:
    return len(pattern) == len(path) and all(part in (_ANY, here) for part, here in zip(pattern, path, strict=True))


def holds_anyway(kind: BrokerKind, path: Path, value: object) -> bool:
    """Whether a setting says what a kind of cluster that has not got it does anyway."""
    return any(lack.kind is kind and _matches(lack.path, path) and value in lack.same for lack in LACKS)


def _lacking(plan: Plan, *, refused: bool) -> Iterator[tuple[Lack, Path, object]]:
    settings = plan.settings
    lacks = [lack for lack in LACKS if lack.kind is settings.broker.kind and lack.refused is refused]
    if not lacks:
        return
    for path, value in given_settings(settings):
        for lack in lacks:
            if _matches(lack.path, path) and value is not None and value not in lack.same:
                yield lack, path, value


@checks()
def _settings_of_other_kinds(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    for lack, path, value in _lacking(plan, refused=True):
        shown = value.model_dump(by_alias=True, exclude_unset=True) if isinstance(value, BaseModel) else value
        cluster = _of(lack.kind, settings.broker_type)
        yield Problem(path, shown, f"is not for {cluster}: {lack.reason} {lack.instead}")


@warns()
def _settings_without_effect(plan: Plan) -> Iterator[str]:
    for lack, path, value in _lacking(plan, refused=False):
        setting, cluster = Problem(path, value, "").setting, _of(lack.kind, plan.settings.broker_type)
        yield f"{setting} has no effect on {cluster}: {lack.reason} {lack.instead}"


@checks("network.clientVpcs")
def _number_of_vpcs(plan: Plan) -> Iterator[Problem]:
    count, most = len(plan.settings.network.client_vpcs), MOST_VPCS - 1
    if plan.settings.is_serverless and count > most:
        yield Problem(
            ("network", "clientVpcs"),
            f"{count} VPCs",
            f"are more than the {most} that a Serverless cluster has beside its own. Remove {count - most}.",
        )


@checks("network", "import.subnets")
def _one_configuration_a_vpc(plan: Plan) -> Iterator[Problem]:
    """A subnet is in one VPC: who names it twice gives that VPC two configurations, and so two endpoints of one DNS name."""
    settings = plan.settings
    if not settings.is_serverless:
        return
    network = settings.network
    named = dict.fromkeys(network.existing.subnet_ids, "network.existing.subnetIds") if network.existing else {}
    named |= dict.fromkeys(settings.imported.subnets.values(), "import.subnets")
    for name, vpc in network.client_vpcs.items():
        for index, subnet in enumerate(vpc.subnet_ids):
            if subnet in named:
                yield Problem(
                    ("network", "clientVpcs", name, "subnetIds", index),
                    subnet,
                    f"is in {named[subnet]} too, and a VPC has one configuration. Name subnets of another VPC, or remove {name}.",
                )
        named |= dict.fromkeys(vpc.subnet_ids, f"network.clientVpcs.{name}.subnetIds")
