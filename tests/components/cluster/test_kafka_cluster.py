"""The cluster: what AWS would receive."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.cluster.cluster import KafkaCluster
from domain.msk.listeners import enabled_listeners
from offline.engine.inventory import rows
from offline.protocol.failures import HookRefused, UserError
from support.clusters import CLUSTER, cluster_args, make_cluster
from support.programs import inputs, run_inline, the


def received(**changes: Any) -> dict[str, Any]:
    return inputs(run_inline(lambda: make_cluster(**changes)), CLUSTER)


def options(**changes: Any) -> dict[str, Any]:
    run = run_inline(lambda: make_cluster(**changes))
    return next(row["options"] for row in rows(run) if row["type"] == CLUSTER)


def test_brokers_are_counted_over_all_zones() -> None:
    assert received(brokers_per_zone=3)["numberOfBrokerNodes"] == 9
    assert received(subnet_ids=["subnet-a", "subnet-b"])["numberOfBrokerNodes"] == 4


def test_unauthenticated_and_public_access_are_written_out_even_when_off() -> None:
    cluster = received()
    assert cluster["clientAuthentication"]["unauthenticated"] is False
    assert cluster["brokerNodeGroupInfo"]["connectivityInfo"]["publicAccess"]["type"] == "DISABLED"


def test_only_the_authentication_that_is_on_is_written() -> None:
    assert received()["clientAuthentication"] == {"sasl": {"iam": True}, "unauthenticated": False}
    authority = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1"
    mutual_tls = received(iam=False, certificate_authority_arns=[authority])["clientAuthentication"]
    assert mutual_tls == {"tls": {"certificateAuthorityArns": [authority]}, "unauthenticated": False}


def test_data_is_encrypted_at_rest_and_on_every_way() -> None:
    assert received()["encryptionInfo"] == {
        "encryptionAtRestKmsKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/1",
        "encryptionInTransit": {"clientBroker": "TLS", "inCluster": True},
    }


def test_throughput_is_sent_only_when_it_is_bought() -> None:
    assert received()["brokerNodeGroupInfo"]["storageInfo"] == {"ebsStorageInfo": {"volumeSize": 1000}}
    bought = received(broker_type="kafka.m7g.2xlarge", provisioned_throughput=300)
    assert bought["brokerNodeGroupInfo"]["storageInfo"]["ebsStorageInfo"]["provisionedThroughput"] == {
        "enabled": True,
        "volumeThroughput": 300,
    }


def test_the_volume_is_left_to_autoscaling_only_while_that_is_on() -> None:
    volume = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"
    assert options()["ignoreChanges"] == [volume]
    assert "ignoreChanges" not in options(storage_autoscaling=False)


def test_express_brokers_get_no_storage_block_and_nothing_to_ignore() -> None:
    express = {"broker_type": "express.m7g.large", "storage_gib": 0}
    cluster = received(**express)
    assert "storageInfo" not in cluster["brokerNodeGroupInfo"]
    assert "storageMode" not in cluster
    assert "ignoreChanges" not in options(**express, storage_autoscaling=True)


def test_the_cluster_is_protected_and_its_component_is_not() -> None:
    found = {row["type"]: row["options"] for row in rows(run_inline(make_cluster))}
    assert found[CLUSTER]["protect"] is True
    assert "protect" not in found["msk-platform:cluster:KafkaCluster"]
    assert "protect" not in options(protect=False)


@pytest.mark.parametrize(("brokers_per_zone", "minutes"), [(1, 180), (3, 180), (4, 240), (20, 1200)])
def test_timeouts_grow_with_the_brokers(brokers_per_zone: int, minutes: int) -> None:
    timeouts = options(brokers_per_zone=brokers_per_zone)["customTimeouts"]
    assert timeouts == dict.fromkeys(("create", "update", "delete"), f"{minutes}m")


def test_bootstrap_strings_are_sorted_and_the_full_list_follows_the_number_of_brokers() -> None:
    def program() -> None:
        cluster = make_cluster(brokers_per_zone=4)
        pulumi.export("bootstrap", cluster.bootstrap)
        pulumi.export("brokers", cluster.brokers)

    run = run_inline(program, dry_run=False)
    bootstrap = run.exports["bootstrap"]["bootstrapBrokersSaslIam"].split(",")
    brokers = run.exports["brokers"]["bootstrapBrokersSaslIam"].split(",")
    # AWS names three brokers at most, in any order: the double has them unsorted on purpose.
    raw = the(run, CLUSTER).outputs["bootstrapBrokersSaslIam"].split(",")
    assert raw != sorted(raw)
    assert bootstrap == sorted(raw)
    assert [broker.split(".")[0] for broker in brokers] == [f"b-{number}" for number in range(1, 13)]
    assert set(bootstrap) <= set(brokers)


def test_only_enabled_listeners_are_exported() -> None:
    def program() -> None:
        cluster = make_cluster(
            scram=True,
            listeners=enabled_listeners(client_broker="TLS", iam=True, scram=True, tls=False, unauthenticated=False),
        )
        pulumi.export("names", sorted(cluster.bootstrap))
        pulumi.export("bootstrap", cluster.bootstrap)

    exports = run_inline(program, dry_run=False).exports
    assert exports["names"] == ["bootstrapBrokersSaslIam", "bootstrapBrokersSaslScram"]
    assert all(exports["bootstrap"].values())


@pytest.mark.parametrize(("version", "has_zookeeper"), [("3.9.x.kraft", False), ("3.9.x", True)])
def test_a_zookeeper_string_is_there_only_where_there_is_a_zookeeper(version: str, has_zookeeper: bool) -> None:
    def program() -> None:
        zookeeper = make_cluster(kafka_version=version).exports["zookeeper"]
        pulumi.export("zookeeper", zookeeper if zookeeper is not None else "none")

    zookeeper = run_inline(program, dry_run=False).exports["zookeeper"]
    assert (zookeeper != "none") is has_zookeeper
    assert (":2182" in zookeeper) is has_zookeeper


def test_public_access_is_refused_for_a_new_cluster_at_preview_and_at_up() -> None:
    for dry_run in (True, False):
        with pytest.raises(HookRefused, match=r"network\.publicAccess: false, then set it to true"):
            run_inline(lambda: make_cluster(public_access=True), dry_run=dry_run)


def test_a_new_cluster_past_support_is_refused_unless_someone_answers_for_it() -> None:
    with pytest.raises(HookRefused, match="2026-09-01"):
        run_inline(lambda: make_cluster(kafka_version="3.7.x"))
    assert received(kafka_version="3.7.x", acknowledged=["kafka-end-of-support"])["kafkaVersion"] == "3.7.x"


def test_two_clusters_live_in_one_program() -> None:
    def program() -> None:
        make_cluster("orders")
        make_cluster("payments", cluster_name="payments")

    run = run_inline(program)
    assert the(run, CLUSTER, "orders-msk").inputs["clusterName"] == "orders"
    assert the(run, CLUSTER, "payments-msk").inputs["clusterName"] == "payments"


def test_a_misspelt_argument_is_refused_with_the_right_name() -> None:
    args: dict[str, Any] = {**cluster_args()}
    args["broker_typ"] = args.pop("broker_type")
    with pytest.raises(UserError, match=r"broker_typ is not an argument\. Did you mean broker_type\? broker_type is missing"):
        run_inline(lambda: KafkaCluster("kafka", args))  # type: ignore[arg-type]  # wrong on purpose
