"""What must hold between ``import`` and the other settings: what is taken over must be described as it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from domain.checks.registry import Path, touched
from domain.guards.takeover import kafka_arn, rule_key
from domain.network.openings import openings
from domain.plan.network import plan_security_group
from domain.problems import ABSENT, Problem, did_you_mean
from domain.settings.stack import StackSettings
from domain.settings.takeover import Kept

_Finder = Callable[[StackSettings, str], Iterator[Problem]]
_CHECKS: list[tuple[tuple[Path, ...], _Finder]] = []


def _checks(*needs: str) -> Callable[[_Finder], _Finder]:
    def register(find: _Finder) -> _Finder:
        _CHECKS.append((tuple(tuple(one.split(".")) for one in needs), find))
        return find

    return register


def check_takeover(settings: StackSettings, *, region: str, invalid: Collection[Path] = ()) -> list[Problem]:
    """Every mistake in ``import`` that shows only beside other settings.

    Args:
        settings: The settings; those that were wrong have their defaults.
        region: The stack's region: nothing of another one can be imported.
        invalid: The paths of those that were wrong.
    """
    return [
        problem
        for needs, find in _CHECKS
        if not any(touched(need, invalid) for need in needs)
        for problem in find(settings, region)
    ]


@_checks("import.vpc", "import.subnets", "network")
def _network(settings: StackSettings, _region: str) -> Iterator[Problem]:
    imported, network = settings.imported, settings.network
    if imported.vpc and not imported.subnets:
        yield Problem(("import", "subnets"), ABSENT, "is needed with import.vpc: name the brokers' subnet of each zone.")
    if imported.subnets and not imported.vpc:
        yield Problem(("import", "vpc"), ABSENT, "is needed with import.subnets: name the VPC that they are in.")
    if not imported.vpc:
        return
    if network.existing:
        yield Problem(
            ("import", "vpc"),
            imported.vpc,
            "cannot go with network.existing, which uses a VPC without managing it. Take one of them out.",
        )
        return
    for name, value in (("cidr", network.cidr), ("nat_gateways", network.nat_gateways)):
        if name in network.model_fields_set:
            alias = "natGateways" if name == "nat_gateways" else name
            yield Problem(("network", alias), value, "belongs to a new VPC; that of import.vpc has its own. Take it out.")


@_checks("import.subnets", "network.zones")
def _subnets(settings: StackSettings, _region: str) -> Iterator[Problem]:
    subnets, zones = settings.imported.subnets, settings.network.zones
    if subnets and settings.imported.vpc and not settings.network.existing and set(zones) != set(subnets):
        yield Problem(
            ("network", "zones"),
            zones,
            f"must be those of import.subnets, {', '.join(sorted(subnets))}. Take it out: import.subnets says it.",
        )
    yield from _twice("subnets", subnets)


@_checks("import.rules")
def _rules_once(settings: StackSettings, _region: str) -> Iterator[Problem]:
    yield from _twice("rules", settings.imported.rules)


def _twice(part: str, ids: dict[str, str]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for key, identifier in ids.items():
        other = first.setdefault(identifier, key)
        if other != key:
            yield Problem(("import", part, key), identifier, f"stands at {other} already.")


@_checks("import.cluster", "import.configuration")
def _region_of_arns(settings: StackSettings, region: str) -> Iterator[Problem]:
    for kind, arn in (("cluster", settings.imported.cluster), ("configuration", settings.imported.configuration)):
        found = kafka_arn(arn, kind) if arn else None
        if arn and found and found[0] != region:
            yield Problem(("import", kind), arn, f"is in {found[0]}, and this stack in {region} (aws:region).")


@_checks("import.cluster", "clusterName")
def _cluster_name(settings: StackSettings, _region: str) -> Iterator[Problem]:
    arn = settings.imported.cluster
    found = kafka_arn(arn, "cluster") if arn else None
    if found and found[1] != settings.cluster_name:
        yield Problem(
            ("clusterName",), settings.cluster_name, f"is not the name of import.cluster. Set clusterName to {found[1]}."
        )


@_checks("import.cluster", "encryption.dataKey")
def _data_key(settings: StackSettings, _region: str) -> Iterator[Problem]:
    key = settings.encryption.data_key
    if settings.imported.cluster and ":key/" not in key:
        yield Problem(
            ("encryption", "dataKey"),
            key,
            "must be the ARN of the key that import.cluster has, arn:aws:kms:...:key/...: another one would replace it.",
        )


@_checks("import", "network.existing")
def _around_the_cluster(settings: StackSettings, _region: str) -> Iterator[Problem]:
    imported = settings.imported
    if not imported.cluster:
        return
    if not imported.vpc and not settings.network.existing:
        yield Problem(
            ("import", "cluster"),
            imported.cluster,
            "needs the subnets it stands in: import.vpc with import.subnets to manage them, or network.existing to use them.",
        )
    if not imported.security_group:
        yield Problem(
            ("import", "securityGroup"),
            ABSENT,
            "is needed with import.cluster: name the brokers' security group, another one would replace the cluster.",
        )


@_checks("import.cluster", "storage.initialGiB", "brokerType")
def _volume(settings: StackSettings, _region: str) -> Iterator[Problem]:
    if settings.imported.cluster and not settings.broker.is_express and settings.storage.initial_gib is None:
        # What the workload needs is not what is there, and autoscaling would be planned from it.
        yield Problem(
            ("storage", "initialGiB"), ABSENT, "is needed with import.cluster: the volume that each broker has now, GiB."
        )


@_checks("import")
def _kept(settings: StackSettings, _region: str) -> Iterator[Problem]:
    imported = settings.imported
    for name, field in Kept.model_fields.items():
        if getattr(imported.keep, name) and not getattr(imported, name):
            alias = field.alias or name
            yield Problem(
                ("import", "keep", alias),
                getattr(imported.keep, name),
                f"keeps nothing: import.{alias} is not given. Give it, or take this out.",
            )


@_checks("import.rules", "import.securityGroup")
def _rules_of_the_group(settings: StackSettings, _region: str) -> Iterator[Problem]:
    imported = settings.imported
    if imported.rules and not imported.security_group and not imported.cluster:
        yield Problem(("import", "securityGroup"), ABSENT, "is needed with import.rules: name the group that they are in.")


@_checks("import.rules", "clients", "authentication", "encryption.clientBroker", "network.ipv6", "network.publicAccess")
def _rules_of_clients(settings: StackSettings, _region: str) -> Iterator[Problem]:
    if not settings.imported.rules:
        return
    group = plan_security_group(settings)
    wanted = {rule_key(one.port, one.value) for one in openings(group["listeners"], group["sources"])}
    for key, identifier in settings.imported.rules.items():
        if key not in wanted:
            known = f"Those are {', '.join(sorted(wanted))}." if wanted else "There are none."
            yield Problem(
                ("import", "rules", key),
                identifier,
                f"is no rule that the clients need.{did_you_mean(key, wanted)} {known} Leave other rules out: they stay.",
            )
