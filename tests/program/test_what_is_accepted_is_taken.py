"""What the settings accept, AWS takes.

Here for each answer to the questions, and each broker type and Kafka version; every other stack that these tests run is held
against the same by `conftest.py`.
"""

from __future__ import annotations

import functools
import itertools
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from components.cluster.cluster import KafkaCluster
from components.cluster.configuration import KafkaConfiguration
from domain.loading import Loaded, load_stack
from domain.msk.brokers import BROKER_TYPES
from domain.msk.regions import REGIONS, storage_autoscaling_available
from domain.msk.versions import KAFKA_VERSIONS
from domain.problems import SettingsError
from support.pack import CLUSTER
from support.programs import inputs, run_inline
from support.rich_stack import RICH
from support.stacks import SHIPPED, TODAY, project_with, run_stack
from support.taken import AT_CREATION, CONFIGURATION, refused, refused_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from domain.plan.platform import Plan

NOT_LISTED: Final = ("kafka.m8g.large", "express.m8g.2xlarge")
BY_DAY: Final = ("kafka.t3.small", "kafka.m5.large", "kafka.m7g.24xlarge", "kafka.m7g.large", "express.m7g.large", *NOT_LISTED)
VERSIONS: Final = (*KAFKA_VERSIONS, "4.3.x.kraft", "4.2.x", "3.9.1")
REGIONS_BY_DAY: Final = ("us-gov-west-1", "us-west-1", "af-south-1")
ASKED: Final = ("aws:region", "brokerType", "brokersPerZone", "alarmEmail")


def rules_against(plan: Plan) -> list[str]:
    """The names of the rules that say something of a stack's cluster and its configuration."""
    said = [message for name, sent in sent_by(plan).items() for message in refused(name, sent)]
    return [message.partition(":")[0] for message in said]


def sent_by(plan: Plan) -> dict[str, dict[str, Any]]:
    """The cluster and its configuration as AWS would receive them, by type."""
    by_type = _sent(plan.settings.broker_type, plan.settings.brokers_per_zone, plan.settings.number_of_zones)
    cluster = {**by_type[CLUSTER], "kafkaVersion": plan.cluster["kafka_version"]}
    return {
        CLUSTER: cluster,
        CONFIGURATION: {**by_type[CONFIGURATION], "serverProperties": plan.configuration["server_properties"]},
    }


@functools.cache
def _sent(broker_type: str, brokers_per_zone: int, zones: int) -> dict[str, dict[str, Any]]:
    """Versions and regions change nothing else, so one run of the components serves all of them."""
    region = "us-west-1" if zones == 2 else "us-east-1"
    plan = answered(region, broker_type, brokers_per_zone, "").plan

    def program() -> None:
        configuration = KafkaConfiguration("kafka-configuration", {**plan.configuration})
        KafkaCluster(
            "kafka-cluster",
            {
                **plan.cluster,
                "subnet_ids": [f"subnet-{number}" for number in range(zones)],
                "security_group_id": "sg-1",
                "data_key_arn": "arn:aws:kms:us-east-1:111122223333:key/1",
                "configuration_arn": configuration.arn,
                "configuration_revision": configuration.latest_revision,
                "log_group_name": "/aws/vendedlogs/msk/orders/broker",
                "log_bucket": None,
                "ways_out": [],
                "certificate_authority_arns": [],
            },
        )

    run = run_inline(program, config={"aws:region": region})
    return {resource_type: inputs(run, resource_type) for resource_type in (CLUSTER, CONFIGURATION)}


def answered(region: str, broker_type: str, brokers_per_zone: int, alarm_email: str, **more: str) -> Loaded:
    """A stack whose questions were answered so.

    Raises:
        SettingsError: The settings refuse it.
    """
    values = {"brokerType": broker_type, "brokersPerZone": str(brokers_per_zone), "alarmEmail": alarm_email, **more}
    return load_stack(values, project="orders", stack="dev", region=region, today=TODAY)


def answers(*, exhaustive: bool) -> Iterator[tuple[str, str, int, str]]:
    """Every combination of answers to `pulumi new`: regions and numbers of brokers sampled by day."""
    numbers = (1, 2, 10) if exhaustive else (2,)
    return itertools.product(REGIONS if exhaustive else REGIONS_BY_DAY, BROKER_TYPES, numbers, ("", "streaming@example.com"))


def test_these_are_the_questions() -> None:
    project = yaml.safe_load((SHIPPED / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert tuple(project["template"]["config"]) == ASKED


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"kafkaVersion": "4.1.x.kraft"}, "aws-refuses-kafka-versions"),
        ({"storageMode": "LOCAL"}, "broker-kind-fields"),
        ({"clusterName": "-"}, "aws-refuses-cluster-layout"),
        ({"encryptionInfo": {"encryptionInTransit": {"clientBroker": "PLAINTEXT"}}}, "aws-refuses-authentication"),
    ],
)
def test_what_aws_does_not_take_would_be_noticed(change: dict[str, Any], rule: str) -> None:
    cluster = sent_by(answered("us-east-1", "express.m7g.large", 2, "").plan)[CLUSTER]
    assert refused(CLUSTER, cluster) == []
    assert [message.partition(":")[0] for message in refused(CLUSTER, {**cluster, **change})] == [rule]


def test_the_answers_to_the_questions_make_clusters_that_aws_takes_and_warn_only_of_what_needs_an_answer(
    exhaustive: bool,
) -> None:
    taken = 0
    for region, broker_type, brokers_per_zone, email in answers(exhaustive=exhaustive):
        if region == "us-west-1" and broker_type.startswith("express."):
            continue  # a mistake: Express brokers need a third zone
        if broker_type == "kafka.t3.small" and brokers_per_zone > 9:
            continue  # warned of: more than a cluster with ZooKeeper may have
        loaded = answered(region, broker_type, brokers_per_zone, email)
        assert rules_against(loaded.plan) == [], (region, broker_type)
        # No git remote has a page here: where somebody is told of alarms, the runbook has no address.
        needed = {"clients is empty", "Alarms end with docs/runbook.md" if email else "Critical alarms notify nobody"}
        if region == "us-west-1":
            needed.add("us-west-1 has two Availability Zones")
        if not storage_autoscaling_available(region) and not broker_type.startswith("express."):
            needed.add(f"storage.autoscaling may not exist in {region}")
        assert len(loaded.warnings) == len(needed), loaded.warnings
        assert all(any(warning.startswith(start) for warning in loaded.warnings) for start in needed), loaded.warnings
        taken += 1
    assert taken > len(BROKER_TYPES)


@pytest.mark.parametrize("broker_type", ["kafka.t3.small", "express.m7g.large"])
def test_the_whole_program_warns_of_no_more(broker_type: str, tmp_path: Path) -> None:
    config = {"aws:region": "eu-west-1", "brokerType": broker_type, "brokersPerZone": 2, "alarmEmail": "streaming@example.com"}
    run = run_stack("dev", directory=project_with(tmp_path, {"dev": json.dumps({"config": config})}))
    warnings = [diagnostic.message for diagnostic in run.diagnostics if diagnostic.severity == "warning"]
    # Whether the runbook has an address is the repository's remote's to say.
    others = [warning for warning in warnings if "SOURCE_DATE_EPOCH" not in warning and not warning.startswith("Alarms end with")]
    assert [warning.split(":")[0] for warning in others] == ["clients is empty"]


def test_every_broker_type_and_version_that_the_settings_accept_is_taken(exhaustive: bool) -> None:
    for broker_type in (*BROKER_TYPES, *NOT_LISTED) if exhaustive else BY_DAY:
        accepted = []
        for version in VERSIONS:
            try:
                loaded = answered("us-east-1", broker_type, 2, "", kafkaVersion=version)
            except SettingsError:
                continue
            accepted.append(version)
            # What AWS may take by its own announcements, or since the catalogue was written, is warned of and advised on.
            known, is_listed = KAFKA_VERSIONS.get(version), loaded.settings.broker.is_listed
            uncertain = bool(known and known.uncertain and loaded.settings.broker.kind not in known.broker_kinds)
            said = [rule for rule in rules_against(loaded.plan) if not (uncertain and rule == AT_CREATION)]
            assert said == ([] if is_listed else ["broker-kind-fields"]), (broker_type, version)
            warned = [warning for warning in loaded.warnings if f" {version} " in warning or f" {broker_type} is not" in warning]
            assert bool(warned) is (uncertain or known is None or not is_listed), (broker_type, version)
        if broker_type == "kafka.m7g.24xlarge":
            assert accepted == []
        else:
            assert ("3.9.x.kraft" in accepted) is ("4.3.x.kraft" in accepted) is (broker_type != "kafka.t3.small")
            assert accepted
        assert not {"4.2.x", "3.9.1"} & set(accepted)


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_all_of_a_shipped_stack_is_taken(stack: str) -> None:
    assert refused_of(run_stack(stack)) == {}


def test_all_of_a_stack_with_nearly_every_setting_is_taken(tmp_path: Path) -> None:
    assert refused_of(run_stack("dev", directory=project_with(tmp_path, {"dev": RICH}))) == {}
