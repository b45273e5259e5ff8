"""What must hold between ``import`` and the other settings: what is taken over must be described as it is."""

from __future__ import annotations

from collections.abc import Iterator

from domain.checks.registry import checks, warns
from domain.guards.takeover import kafka_arn, rule_key
from domain.network.openings import openings
from domain.plan.platform import Plan
from domain.problems import ABSENT, Problem, did_you_mean
from domain.settings.takeover import Kept


@checks("import.vpc", "import.subnets", "network", after_others=True)
def _network(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    imported, network = settings.imported, settings.network
    if imported.vpc and not imported.subnets:
        yield Problem(("import", "subnets"), ABSENT, "is required with import.vpc. Name the brokers' subnet in each zone.")
    if imported.subnets and not imported.vpc:
        yield Problem(("import", "vpc"), ABSENT, "is required with import.subnets. Name their VPC.")
    if not imported.vpc:
        return
    if network.existing:
        yield Problem(
            ("import", "vpc"),
            imported.vpc,
            "conflicts with network.existing, which uses a VPC without managing it. Remove one of the two.",
        )
        return
    for name, value in (("cidr", network.cidr), ("nat_gateways", network.nat_gateways)):
        if name in network.model_fields_set:
            alias = "natGateways" if name == "nat_gateways" else name
            yield Problem(("network", alias), value, "applies to a new VPC only; import.vpc has its own. Remove it.")


@checks("import.subnets", "network.zones", after_others=True)
def _subnets(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    subnets, zones = settings.imported.subnets, settings.network.zones
    if subnets and settings.imported.vpc and not settings.network.existing and set(zones) != set(subnets):
        yield Problem(
            ("network", "zones"),
            zones,
            f"must be those of import.subnets, {', '.join(sorted(subnets))}. Remove it: import.subnets sets the zones.",
        )
    yield from _twice("subnets", subnets)


@checks("import.rules", after_others=True)
def _rules_once(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    yield from _twice("rules", settings.imported.rules)


def _twice(part: str, ids: dict[str, str]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for key, identifier in ids.items():
        other = first.setdefault(identifier, key)
        if other != key:
            yield Problem(("import", part, key), identifier, f"is already given at {other}. Remove one of the two.")


@checks("import.cluster", "import.configuration", after_others=True)
def _region_of_arns(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    for kind, arn in (("cluster", settings.imported.cluster), ("configuration", settings.imported.configuration)):
        arn_parts = kafka_arn(arn, kind) if arn else None
        if arn and arn_parts and arn_parts[0] != plan.region:
            yield Problem(
                ("import", kind),
                arn,
                f"is in {arn_parts[0]}, but this stack is in {plan.region}. Set aws:region to {arn_parts[0]}.",
            )


@checks("import.cluster", "clusterName", after_others=True)
def _cluster_name(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    arn = settings.imported.cluster
    arn_parts = kafka_arn(arn, "cluster") if arn else None
    if arn_parts and arn_parts[1] != settings.cluster_name:
        yield Problem(
            ("clusterName",), settings.cluster_name, f"is not the name of import.cluster. Set clusterName to {arn_parts[1]}."
        )


@checks("import.cluster", "encryption.dataKey", after_others=True)
def _data_key(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    key = settings.encryption.data_key
    if settings.imported.cluster and ":key/" not in key:
        yield Problem(
            ("encryption", "dataKey"),
            key,
            "must be the ARN of import.cluster's key, arn:aws:kms:...:key/...; another key would replace the cluster.",
        )


@checks("import", "network.existing", after_others=True)
def _around_the_cluster(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    imported = settings.imported
    if not imported.cluster:
        return
    if not imported.vpc and not settings.network.existing:
        yield Problem(
            ("import", "cluster"),
            imported.cluster,
            "needs its subnets: import.vpc with import.subnets to manage them, or network.existing to use them.",
        )
    if not imported.security_group:
        yield Problem(
            ("import", "securityGroup"),
            ABSENT,
            "is required with import.cluster. Name the brokers' security group; another one would replace the cluster.",
        )


@checks("import.cluster", "storage.initialGiB", "brokerType", after_others=True)
def _volume(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    if settings.imported.cluster and not settings.broker.is_express and settings.storage.initial_gib is None:
        # What the workload needs is not what is there, and autoscaling would be planned from it.
        yield Problem(
            ("storage", "initialGiB"),
            ABSENT,
            "is required with import.cluster. Give the current volume size of each broker, in GiB.",
        )


@checks("import", after_others=True)
def _kept(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    imported = settings.imported
    for name, field in Kept.model_fields.items():
        if getattr(imported.keep, name) and not getattr(imported, name):
            alias = field.alias or name
            yield Problem(
                ("import", "keep", alias),
                getattr(imported.keep, name),
                f"has no effect without import.{alias}. Give that, or remove this.",
            )


@checks("import.rules", "import.securityGroup", after_others=True)
def _rules_of_the_group(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    imported = settings.imported
    if imported.rules and not imported.security_group and not imported.cluster:
        yield Problem(("import", "securityGroup"), ABSENT, "is required with import.rules. Name the rules' group.")


@checks(
    "import.rules",
    "clients",
    "authentication",
    "encryption.clientBroker",
    "network.ipv6",
    "network.publicAccess",
    after_others=True,
)
def _rules_of_clients(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    if not settings.imported.rules:
        return
    wanted = {
        rule_key(opening.port, opening.value)
        for opening in openings(plan.security_group["listeners"], plan.security_group["sources"])
    }
    for key, identifier in settings.imported.rules.items():
        if key not in wanted:
            known = f"The clients need {', '.join(sorted(wanted))}." if wanted else "The clients need none."
            yield Problem(
                ("import", "rules", key),
                identifier,
                f"is not a rule that the clients need.{did_you_mean(key, wanted)} {known} Leave other rules out; they stay "
                "unchanged.",
            )


@warns("import", "monitoring.logs")
def _class_of_the_log_group(plan: Plan) -> Iterator[str]:
    """Amazon CloudWatch Logs User Guide, "Log classes": Infrequent Access has no metric filters. Nobody knows the class here."""
    imported = plan.settings.imported
    if imported.broker_log_group and imported.frozen and plan.settings.monitoring.logs:
        yield (
            f"import.brokerLogGroup: if {imported.broker_log_group} is of the log class Infrequent Access, CloudWatch Logs "
            "refuses the metric filters on it. `aws logs describe-log-groups` prints its logGroupClass; if it is "
            "INFREQUENT_ACCESS, set monitoring.logs to false."
        )
