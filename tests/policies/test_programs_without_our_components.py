"""A plain program with an MSK cluster, run on the offline engine and judged through the engine's own protocol."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pulumi_aws import kms, msk

from msk_policies.registry import POLICIES
from offline.analyzer import PolicyPack
from offline.pack_process import PackError
from support.pack import PACK
from support.programs import run_inline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from offline.judgement import Judgement

SUBNETS = ["subnet-0a", "subnet-0b", "subnet-0c"]


def _everything_wrong() -> None:
    kms.Key("data")
    msk.Cluster(
        "kafka",
        kafka_version="3.5.1",
        number_of_broker_nodes=2,
        broker_node_group_info=msk.ClusterBrokerNodeGroupInfoArgs(
            instance_type="kafka.m5.large",
            client_subnets=SUBNETS[:2],
            security_groups=["sg-0a"],
            connectivity_info=msk.ClusterBrokerNodeGroupInfoConnectivityInfoArgs(
                public_access=msk.ClusterBrokerNodeGroupInfoConnectivityInfoPublicAccessArgs(type="SERVICE_PROVIDED_EIPS")
            ),
        ),
        encryption_info=msk.ClusterEncryptionInfoArgs(
            encryption_in_transit=msk.ClusterEncryptionInfoEncryptionInTransitArgs(
                client_broker="TLS_PLAINTEXT", in_cluster=False
            )
        ),
    )


def _all_right(version: str = "3.9.x.kraft", brokers: int = 6) -> None:
    key = kms.Key("data", enable_key_rotation=True)
    msk.Cluster(
        "kafka",
        kafka_version=version,
        number_of_broker_nodes=brokers,
        broker_node_group_info=msk.ClusterBrokerNodeGroupInfoArgs(
            instance_type="kafka.m7g.large", client_subnets=SUBNETS, security_groups=["sg-0a"]
        ),
        client_authentication=msk.ClusterClientAuthenticationArgs(sasl=msk.ClusterClientAuthenticationSaslArgs(iam=True)),
        encryption_info=msk.ClusterEncryptionInfoArgs(encryption_at_rest_kms_key_arn=key.arn),
    )


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795392000")  # 2026-11-23


@pytest.fixture
def pack(_today: None) -> Iterator[PolicyPack]:
    with PolicyPack(PACK) as one:
        one.start(project="shop", stack="dev", config={})
        yield one


def _found(judgement: Judgement) -> set[tuple[str, str]]:
    return {(verdict.policy, verdict.enforcement) for verdict in judgement.violations}


@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "up"])
def test_a_program_that_gets_everything_wrong_is_told_so_by_every_mandatory_rule(pack: PolicyPack, dry_run: bool) -> None:
    judgement = pack.judge(run_inline(_everything_wrong, dry_run=dry_run))
    assert judgement.refused
    assert _found(judgement) == {(policy.name, "mandatory") for policy in POLICIES if policy.name != "kafka-version-known"}


@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "up"])
def test_a_program_that_gets_everything_right_hears_nothing(pack: PolicyPack, dry_run: bool) -> None:
    assert pack.judge(run_inline(_all_right, dry_run=dry_run)).verdicts == ()


def test_an_unknown_version_is_advised_on_and_the_program_goes_on(pack: PolicyPack) -> None:
    judgement = pack.judge(run_inline(lambda: _all_right(version="4.3.x.kraft")))
    assert not judgement.refused
    assert _found(judgement) == {("kafka-version-known", "advisory")}


def test_a_stacks_configuration_file_relaxes_what_it_names_and_nothing_else(pack: PolicyPack, tmp_path: Path) -> None:
    file = tmp_path / "sandbox.json"
    versions = {"versions": {"4.3.x.kraft": {"endOfSupport": None}}}
    settings = {
        "minimum-brokers": {"brokersPerAvailabilityZone": 1},
        "supported-kafka-version": versions,
        "kafka-version-known": versions,
    }
    file.write_text(json.dumps(settings), encoding="utf-8")
    assert pack.judge(run_inline(lambda: _all_right("4.3.x.kraft", brokers=3)), file).verdicts == ()
    still = pack.judge(run_inline(lambda: _all_right("3.5.1", brokers=2)), file)
    assert _found(still) == {("minimum-brokers", "mandatory"), ("supported-kafka-version", "mandatory")}


@pytest.mark.parametrize(
    "settings",
    [
        {"minimum-brokers": {"brokersPerAvailabilityZone": 0}},
        {"supported-kafka-version": {"versions": {"4.3.x.kraft": None}}},
        {"supported-kafka-version": {"today": "tomorrow"}},
    ],
    ids=str,
)
def test_a_setting_that_makes_no_sense_is_refused_before_anything_is_judged(
    pack: PolicyPack, tmp_path: Path, settings: dict[str, object]
) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(settings), encoding="utf-8")
    with pytest.raises(PackError):
        pack.judge(run_inline(_all_right), file)
