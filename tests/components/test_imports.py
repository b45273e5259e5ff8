"""Resources that are there already: taken over under names of their own, left as they are, and created never."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.cluster.configuration import KafkaConfiguration
from components.monitoring.logs import BrokerLogs
from components.network.imported import ImportedNetwork
from offline.engine.inventory import rows
from support.clusters import CLUSTER, make_cluster
from support.programs import of_type, run_inline, the

if TYPE_CHECKING:
    from offline.engine.run import Run

ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1234abcd-12ab-34cd-56ef-1234567890ab-2"
VOLUME = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"


def network() -> None:
    ImportedNetwork(
        "network",
        {
            "region": "eu-west-1",
            "title": "orders",
            "vpc_id": "vpc-1",
            "kept_of_vpc": ["cidrBlock"],
            "subnet_ids": {"euw1-az2": "subnet-2", "euw1-az1": "subnet-1"},
            "kept_of_subnets": ["cidrBlock", "tags"],
            "frozen": True,
            "flow_log_retention_days": 0,
            "flow_log_key_arn": "",
            "protect": True,
            "tags": {},
        },
    )


def imports(run: Run) -> dict[str, str]:
    return {row["options"]["import"]: row["type"] for row in rows(run) if "import" in row["options"]}


def test_a_network_that_is_taken_over_creates_nothing_beside_it() -> None:
    run = run_inline(network)
    made = {row["type"] for row in rows(run) if row["custom"] and "import" not in row["options"]}
    assert {text for text in made if not text.startswith("pulumi:")} == set()
    assert imports(run) == {
        "vpc-1": "aws:ec2/vpc:Vpc",
        "subnet-1": "aws:ec2/subnet:Subnet",
        "subnet-2": "aws:ec2/subnet:Subnet",
    }


def test_the_ranges_of_a_network_that_is_taken_over_are_its_own() -> None:
    run = run_inline(network)
    for token in ("aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"):
        for resource in of_type(run, token):
            assert "cidrBlock" not in resource.inputs
            assert "cidrBlock" in resource.options["ignoreChanges"]
            assert resource.options["protect"] is True


def test_the_growth_of_volumes_is_left_alone_beside_what_is_kept() -> None:
    cluster = the(run_inline(lambda: make_cluster(import_id=ARN, kept=["tags"])), CLUSTER)
    assert sorted(cluster.options["ignoreChanges"]) == [VOLUME, "tags"]
    still = the(run_inline(lambda: make_cluster(import_id=ARN, kept=["tags"], storage_autoscaling=False)), CLUSTER)
    assert still.options["ignoreChanges"] == ["tags"]


def test_no_guard_of_creation_refuses_what_is_there_already() -> None:
    # Both would be refused of a new cluster.
    for dry_run in (True, False):
        run = run_inline(
            lambda: make_cluster(import_id=ARN, frozen=True, kafka_version="2.8.1", public_access=True), dry_run=dry_run
        )
        assert the(run, CLUSTER).id == ARN


def test_guards_of_updates_stay_with_a_cluster_that_is_taken_over() -> None:
    hooks = the(run_inline(lambda: make_cluster(import_id=ARN, frozen=True)), CLUSTER).hooks
    assert len(hooks["before_update"]) == 2
    assert len(the(run_inline(lambda: make_cluster(import_id=ARN)), CLUSTER).hooks["before_update"]) == 1


def test_each_id_has_a_logical_name_of_its_own() -> None:
    ids = (None, ARN, ARN.replace("1234abcd", "4321abcd"))
    names = [
        the(run_inline(lambda import_id=id_: make_cluster(**({"import_id": import_id} if import_id else {}))), CLUSTER).name  # type: ignore[misc]  # a default binds the loop's value
        for id_ in ids
    ]
    assert len(set(names)) == len(ids)
    assert names[0] == "kafka-msk"


@pytest.mark.parametrize(
    ("options", "guards"),
    [
        ({}, 0),
        ({"protect": False}, 0),
        ({"protect": True}, 1),
        ({"import_id": ARN, "frozen": True}, 1),
        ({"import_id": ARN, "frozen": True, "protect": True}, 2),
    ],
)
def test_a_protected_configuration_is_guarded_beside_what_a_frozen_import_refuses(options: dict[str, Any], guards: int) -> None:
    def program() -> None:
        args: Any = {"description": "d", "server_properties": "p", **options}
        KafkaConfiguration("configuration", args)

    hooks = the(run_inline(program), "aws:msk/configuration:Configuration").hooks
    assert len(hooks.get("before_update", [])) == guards


def test_without_an_id_nothing_of_an_import_is_said() -> None:
    def program() -> None:
        KafkaConfiguration("configuration", {"description": "d", "server_properties": "p"})
        BrokerLogs("logs", {"log_group_name": "/l", "retention_days": 30, "key_arn": "k", "tags": {}})

    run = run_inline(program)
    assert imports(run) == {}
    assert not any("ignoreChanges" in row["options"] or "hooks" in row["options"] for row in rows(run))
