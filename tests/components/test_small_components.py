"""Keys, security group, logs, configuration and storage autoscaling: what AWS would receive."""

from __future__ import annotations

import json

import pulumi
import pytest

from components.cluster.configuration import KafkaConfiguration
from components.cluster.keys import EncryptionKeys
from components.cluster.storage_autoscaling import StorageAutoscaling
from components.monitoring.logs import BrokerLogs
from components.network.security_group import BrokerSecurityGroup
from domain.msk.listeners import Listener, enabled_listeners
from domain.network.openings import Source
from offline.engine.inventory import rows
from offline.engine.run import Run
from offline.protocol.failures import UserError
from support.programs import inputs, of_type, run_inline, the

KEY = "aws:kms/key:Key"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def keys(name: str = "keys", *, data_key: str = "create", secrets_key: str = "", telemetry_key: str = "create") -> EncryptionKeys:
    return EncryptionKeys(
        name,
        {
            "region": "eu-west-1",
            "title": "orders",
            "data_key": data_key,
            "secrets_key": secrets_key,
            "telemetry_key": telemetry_key,
            "log_group_patterns": ["/aws/vendedlogs/msk/orders/broker"],
            "protect": True,
            "tags": {},
        },
    )


def test_a_key_is_made_only_for_what_is_there_to_encrypt() -> None:
    assert [resource.name for resource in of_type(run_inline(keys), KEY)] == ["keys-data", "keys-telemetry"]
    with_users = run_inline(lambda: keys(secrets_key="create"))
    assert [resource.name for resource in of_type(with_users, KEY)] == ["keys-data", "keys-secrets", "keys-telemetry"]


def test_every_key_rotates_waits_before_deletion_and_is_protected() -> None:
    made = [row for row in rows(run_inline(lambda: keys(secrets_key="create"))) if row["type"] == KEY]
    assert len(made) == 3
    for key in made:
        assert key["inputs"]["enableKeyRotation"] is True
        assert key["inputs"]["deletionWindowInDays"] == 30
        assert key["options"]["protect"] is True


def test_a_keys_policy_is_known_at_preview_already() -> None:
    policy = json.loads(the(run_inline(keys), KEY, "keys-telemetry").inputs["policy"])
    assert any("log-group:/aws/vendedlogs/msk/orders/broker" in json.dumps(statement) for statement in policy["Statement"])


def test_a_key_that_is_given_is_used_and_none_made() -> None:
    def program() -> None:
        pulumi.export("arn", keys(data_key=ARN, telemetry_key=ARN).data_key_arn)

    run = run_inline(program)
    assert of_type(run, KEY) == []
    assert run.exports["arn"] == ARN


def group(
    name: str = "brokers", sources: tuple[Source, ...] = ({"cidr": "10.90.0.0/24"},), **mechanisms: bool
) -> BrokerSecurityGroup:
    on = {"iam": True, "scram": False, "tls": False, "unauthenticated": False, **mechanisms}
    listeners: tuple[Listener, ...] = enabled_listeners(client_broker="TLS", **on)
    return BrokerSecurityGroup(
        name,
        {
            "vpc_id": "vpc-1",
            "title": "orders-brokers",
            "listeners": listeners,
            "sources": sources,
            "protect": True,
            "tags": {},
        },
    )


def ports(run: Run) -> list[int]:
    return sorted(int(resource.inputs["fromPort"]) for resource in of_type(run, RULE))


def test_exactly_the_ports_of_the_enabled_listeners_are_open() -> None:
    assert ports(run_inline(group)) == [9098]
    assert ports(run_inline(lambda: group(scram=True, tls=True))) == [9094, 9096, 9098]


def test_nothing_is_open_to_nobody_and_brokers_call_nobody() -> None:
    run = run_inline(lambda: group(sources=()))
    assert of_type(run, RULE) == []
    assert not inputs(run, "aws:ec2/securityGroup:SecurityGroup").get("egress")


@pytest.mark.parametrize(
    ("source", "property_name", "value"),
    [
        ({"cidr": "10.90.0.0/24"}, "cidrIpv4", "10.90.0.0/24"),
        ({"security_group": "sg-0123"}, "referencedSecurityGroupId", "sg-0123"),
        ({"prefix_list": "pl-0123"}, "prefixListId", "pl-0123"),
    ],
)
def test_each_kind_of_source_has_its_own_property(source: Source, property_name: str, value: str) -> None:
    rule = inputs(run_inline(lambda: group(sources=(source,))), RULE)
    assert rule[property_name] == value
    assert {"cidrIpv4", "referencedSecurityGroupId", "prefixListId"} & set(rule) == {property_name}
    assert value in rule["description"]


def test_rules_are_named_by_content_so_that_one_more_or_one_less_moves_no_other() -> None:
    one: Source = {"cidr": "10.90.0.0/24"}
    two: Source = {"security_group": "sg-0123"}

    def names(*sources: Source) -> set[str]:
        return {rule.name for rule in of_type(run_inline(lambda: group(sources=sources)), RULE)}

    assert names(one) | names(two) == names(one, two) == names(two, one)
    assert names(one, one) == names(one)


def test_the_groups_name_and_description_never_change_since_another_group_replaces_the_cluster() -> None:
    first = inputs(run_inline(group), "aws:ec2/securityGroup:SecurityGroup")
    second = inputs(run_inline(lambda: group(scram=True)), "aws:ec2/securityGroup:SecurityGroup")
    assert first["description"] == second["description"] == "Kafka brokers"
    assert first["name"] == second["name"]


def test_broker_logs_are_encrypted_and_kept() -> None:
    def program() -> None:
        BrokerLogs(
            "logs",
            {
                "log_group_name": "/aws/vendedlogs/msk/orders/broker",
                "retention_days": 365,
                "key_arn": ARN,
                "tags": {},
            },
        )

    logs = inputs(run_inline(program), "aws:cloudwatch/logGroup:LogGroup")
    assert (logs["kmsKeyId"], logs["retentionInDays"]) == (ARN, 365)


def test_a_configuration_can_be_revised_in_place() -> None:
    def program(properties: str) -> None:
        KafkaConfiguration("conf", {"description": "orders", "server_properties": properties})

    configuration = "aws:msk/configuration:Configuration"
    first = inputs(run_inline(lambda: program("num.partitions=1\n")), configuration)
    second = inputs(run_inline(lambda: program("num.partitions=2\n")), configuration)
    assert first["name"] == second["name"]
    assert "kafkaVersions" not in first
    assert second["serverProperties"] == "num.partitions=2\n"


def test_storage_autoscaling_is_what_amazon_msk_takes_and_goes_before_the_cluster() -> None:
    cluster = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1"

    def program() -> None:
        StorageAutoscaling(
            "storage", {"cluster_arn": cluster, "maximum_gib": 4000, "target_utilization": 60, "tags": {"team": "streaming"}}
        )

    run = run_inline(program)
    target = inputs(run, "aws:appautoscaling/target:Target")
    assert (target["resourceId"], target["minCapacity"], target["maxCapacity"]) == (cluster, 1, 4000)
    policy = inputs(run, "aws:appautoscaling/policy:Policy")
    tracking = policy["targetTrackingScalingPolicyConfiguration"]
    assert tracking["disableScaleIn"] is True
    assert tracking["targetValue"] == 60
    assert tracking["predefinedMetricSpecification"] == {"predefinedMetricType": "KafkaBrokerStorageUtilization"}
    for block in (target, policy):
        assert block["serviceNamespace"] == "kafka"
        assert block["scalableDimension"] == "kafka:broker-storage:VolumeSize"


def test_two_of_each_live_in_one_program() -> None:
    def program() -> None:
        for name in ("one", "two"):
            keys(name, secrets_key="create")
            group(f"{name}-brokers")

    run = run_inline(program)
    assert len(of_type(run, KEY)) == 6
    assert len(of_type(run, RULE)) == 2


def test_a_components_aliases_and_dependencies_are_not_its_childrens() -> None:
    def program() -> None:
        KafkaConfiguration(
            "conf",
            {"description": "orders", "server_properties": ""},
            pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")], ignore_changes=["description"]),
        )

    (child,) = [row for row in rows(run_inline(program)) if row["type"] == "aws:msk/configuration:Configuration"]
    assert "ignoreChanges" not in child["options"]


def test_a_missing_argument_is_named() -> None:
    with pytest.raises(UserError, match=r"KafkaConfiguration conf: server_properties is missing\."):
        run_inline(lambda: KafkaConfiguration("conf", {"description": "orders"}))  # type: ignore[typeddict-item]  # on purpose
