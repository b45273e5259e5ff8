"""A plain program with an MSK cluster, run on the offline engine and judged through the engine's own protocol."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pulumi
import pytest
from pulumi_aws import appautoscaling, cloudwatch, ec2, iam, kinesis, kms, lb, msk, mskconnect, s3, secretsmanager, vpc
from pulumi_policy import EnforcementLevel

from msk_policies.registry import POLICIES
from offline.pack.pack import PolicyPack
from offline.pack.process import PackError
from support.pack import PACK
from support.programs import run_inline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from offline.pack.judgement import Judgement

MANDATORY = {policy.name for policy in POLICIES if policy.enforcement_level is EnforcementLevel.MANDATORY}
TAGS = {"team": "streaming"}
SUBNETS = ["subnet-0a", "subnet-0b", "subnet-0c"]


EVERY_ACTION = json.dumps({"Statement": [{"Effect": "Allow", "Action": "kafka-cluster:*", "Resource": "*"}]})
EVERYBODY = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kafka:*", "Resource": "*"}]})
EVERY_ACTION_AND_EVERY_KEY = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": ["kafka-cluster:*", "kms:Decrypt"], "Resource": "*"}]}
)
EVERYTHING_OF_MSK = json.dumps({"Statement": [{"Effect": "Allow", "Action": "kafka:*", "Resource": "*"}]})
EVERYBODYS_PIPELINES = json.dumps(
    {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
            }
        ]
    }
)
ANOTHER_ADMINISTRATOR = json.dumps(
    {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "kafka:*", "Resource": "*"}]}
)
FOREIGN_KEY = "arn:aws:kms:eu-west-1:444455556666:key/0f9b5c0e-5f1c-4a3e-8f6e-1a2b3c4d5e6f"
SAFE = """
unclean.leader.election.enable=false
min.insync.replicas=2
default.replication.factor=3
"""
OTHER_CLUSTER = json.dumps(
    {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "444455556666"},
                "Action": "kafka:CreateVpcConnection",
                "Resource": "arn:aws:kafka:eu-west-1:111122223333:cluster/other/0b-2",
            }
        ]
    }
)
ERP = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_erp-0a1b2c"
UNSAFE = """
log.dirs=/data
auto.create.topics.enable=true
min.insync.replicas=1
default.replication.factor=1
log.retention.ms=1000
"""
OWN_KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f9b5c0e-5f1c-4a3e-8f6e-1a2b3c4d5e6f"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/kafka/0a1b2c"
VOLUME_SIZE = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"


def _volumes(size: int) -> msk.ClusterBrokerNodeGroupInfoStorageInfoArgs:
    return msk.ClusterBrokerNodeGroupInfoStorageInfoArgs(
        ebs_storage_info=msk.ClusterBrokerNodeGroupInfoStorageInfoEbsStorageInfoArgs(volume_size=size)
    )


def _target(cluster: msk.Cluster, maximum: int) -> appautoscaling.Target:
    return appautoscaling.Target(
        "storage",
        min_capacity=1,
        max_capacity=maximum,
        resource_id=cluster.arn,
        scalable_dimension="kafka:broker-storage:VolumeSize",
        service_namespace="kafka",
    )


def _everything_wrong() -> None:
    group = ec2.SecurityGroup("brokers", vpc_id="vpc-0a")
    vpc.SecurityGroupIngressRule(
        "world", security_group_id=group.id, ip_protocol="tcp", from_port=9092, to_port=9098, cidr_ipv4="0.0.0.0/0"
    )
    logs = cloudwatch.LogGroup("logs", name="/msk/kafka")
    configuration = msk.Configuration("kafka", server_properties=UNSAFE)
    cluster = msk.Cluster(
        "kafka",
        cluster_name="kafka",
        kafka_version="3.5.1",
        number_of_broker_nodes=3,
        storage_mode="TIERED",
        broker_node_group_info=msk.ClusterBrokerNodeGroupInfoArgs(
            instance_type="kafka.m5.large",
            client_subnets=SUBNETS[:2],
            security_groups=[group.id],
            connectivity_info=msk.ClusterBrokerNodeGroupInfoConnectivityInfoArgs(
                public_access=msk.ClusterBrokerNodeGroupInfoConnectivityInfoPublicAccessArgs(type="SERVICE_PROVIDED_EIPS")
            ),
            storage_info=_volumes(1000),
        ),
        client_authentication=msk.ClusterClientAuthenticationArgs(
            sasl=msk.ClusterClientAuthenticationSaslArgs(scram=True), unauthenticated=True
        ),
        configuration_info=msk.ClusterConfigurationInfoArgs(arn=configuration.arn, revision=configuration.latest_revision),
        encryption_info=msk.ClusterEncryptionInfoArgs(
            encryption_in_transit=msk.ClusterEncryptionInfoEncryptionInTransitArgs(
                client_broker="TLS_PLAINTEXT", in_cluster=False
            )
        ),
        logging_info=msk.ClusterLoggingInfoArgs(
            broker_logs=msk.ClusterLoggingInfoBrokerLogsArgs(
                cloudwatch_logs=msk.ClusterLoggingInfoBrokerLogsCloudwatchLogsArgs(enabled=False, log_group=logs.name)
            )
        ),
    )
    msk.Cluster(
        "another",
        cluster_name="another_one",
        kafka_version="4.1.x.kraft",
        number_of_broker_nodes=6,
        broker_node_group_info=msk.ClusterBrokerNodeGroupInfoArgs(
            instance_type="express.m7g.large", client_subnets=SUBNETS, security_groups=[]
        ),
        logging_info=msk.ClusterLoggingInfoArgs(
            broker_logs=msk.ClusterLoggingInfoBrokerLogsArgs(firehose=msk.ClusterLoggingInfoBrokerLogsFirehoseArgs(enabled=True))
        ),
        encryption_info=msk.ClusterEncryptionInfoArgs(encryption_at_rest_kms_key_arn=kms.Key("data", is_enabled=False).arn),
    )
    msk.Cluster(
        "with-a-key-of-others",
        cluster_name="with-a-key-of-others",
        kafka_version="4.1.x.kraft",
        number_of_broker_nodes=6,
        broker_node_group_info=msk.ClusterBrokerNodeGroupInfoArgs(
            instance_type="express.m7g.large", client_subnets=SUBNETS, security_groups=["sg-0a"]
        ),
        encryption_info=msk.ClusterEncryptionInfoArgs(encryption_at_rest_kms_key_arn=FOREIGN_KEY),
    )
    _target(cluster, 1000)
    msk.ClusterPolicy("kafka", cluster_arn=cluster.arn, policy=EVERYBODY)
    _permissions_all_wrong()
    secret = secretsmanager.Secret("user", name="erp")
    msk.SingleScramSecretAssociation("user", cluster_arn=cluster.arn, secret_arn=secret.arn)
    msk.ScramSecretAssociation("users", cluster_arn=cluster.arn, secret_arn_lists=[secret.arn, ERP, ERP])
    msk.ClusterPolicy("shared", cluster_arn="arn:aws:kafka:eu-west-1:111122223333:cluster/kafka/0a-1", policy=OTHER_CLUSTER)
    msk.ServerlessCluster(
        "serverless",
        cluster_name="server_less",
        vpc_configs=[msk.ServerlessClusterVpcConfigArgs(subnet_ids=SUBNETS)],
        client_authentication=msk.ServerlessClusterClientAuthenticationArgs(
            sasl=msk.ServerlessClusterClientAuthenticationSaslArgs(
                iam=msk.ServerlessClusterClientAuthenticationSaslIamArgs(enabled=True)
            )
        ),
    )
    msk.Topic("orders", cluster_arn=cluster.arn, name="orders", partition_count=6, replication_factor=1)
    _connections_all_wrong(cluster.arn)
    _surroundings_all_wrong(secret)


def _surroundings_all_wrong(secret: secretsmanager.Secret) -> None:
    """What is not Amazon MSK's own, and opens it all the same."""
    secretsmanager.SecretVersion("user", secret_id=secret.id, secret_string=json.dumps({"username": "erp", "password": "short"}))
    iam.AccessKey("client", user="erp")
    kms.Grant("elsewhere", key_id=OWN_KEY, grantee_principal="arn:aws:iam::444455556666:root", operations=["Decrypt"])
    s3.BucketAcl("logs", bucket="kafka-logs", acl="public-read")
    ec2.VpcEndpointService("open", acceptance_required=False, allowed_principals=["*"], network_load_balancer_arns=[BALANCER])
    balancer = lb.LoadBalancer("open", load_balancer_type="network", internal=False, subnets=SUBNETS)
    lb.Listener("open", load_balancer_arn=balancer.arn, port=9098, protocol="TCP", default_actions=[])
    kinesis.FirehoseDeliveryStream(
        "orders",
        destination="extended_s3",
        msk_source_configuration=kinesis.FirehoseDeliveryStreamMskSourceConfigurationArgs(
            msk_cluster_arn="arn:aws:kafka:eu-west-1:111122223333:cluster/kafka/0a-1",
            topic_name="orders",
            authentication_configuration=kinesis.FirehoseDeliveryStreamMskSourceConfigurationAuthenticationConfigurationArgs(
                connectivity="PUBLIC", role_arn="arn:aws:iam::111122223333:role/firehose"
            ),
        ),
    )
    pulumi.CustomResource(
        "kafka:index/acl:Acl", "open", {"aclPrincipal": "User:*", "aclPermissionType": "Allow", "aclOperation": "All"}
    )
    msk.Cluster(
        "third",
        cluster_name="third",
        kafka_version="3.9.x.kraft",
        number_of_broker_nodes=6,
        broker_node_group_info=msk.ClusterBrokerNodeGroupInfoArgs(
            instance_type="kafka.m7g.large", client_subnets=SUBNETS, security_groups=["sg-0a"], storage_info=_volumes(1000)
        ),
        encryption_info=msk.ClusterEncryptionInfoArgs(encryption_at_rest_kms_key_arn=OWN_KEY),
        logging_info=msk.ClusterLoggingInfoArgs(
            broker_logs=msk.ClusterLoggingInfoBrokerLogsArgs(
                s3=msk.ClusterLoggingInfoBrokerLogsS3Args(enabled=True, bucket="kafka-logs")
            )
        ),
    )


def _permissions_all_wrong() -> None:
    """Who may do what, in AWS and with the cluster."""
    iam.Policy("clients", policy=EVERY_ACTION)
    iam.RolePolicy("client", role="client", policy=EVERY_ACTION_AND_EVERY_KEY)
    iam.Policy("administrators", policy=EVERYTHING_OF_MSK)
    iam.RolePolicyAttachment("administrator", role="administrator", policy_arn="arn:aws:iam::aws:policy/PowerUserAccess")
    iam.Role("pipeline", assume_role_policy=EVERYBODYS_PIPELINES)
    msk.ClusterPolicy(
        "given-away", cluster_arn="arn:aws:kafka:eu-west-1:111122223333:cluster/kafka/0a-1", policy=ANOTHER_ADMINISTRATOR
    )


def _connections_all_wrong(cluster_arn: pulumi.Input[str]) -> None:
    """What carries messages in and out of a cluster."""
    mskconnect.Connector(
        "orders-to-s3",
        capacity=mskconnect.ConnectorCapacityArgs(
            provisioned_capacity=mskconnect.ConnectorCapacityProvisionedCapacityArgs(worker_count=1)
        ),
        connector_configuration={"tasks.max": "1", "database.password": "hunter2"},
        kafka_cluster=mskconnect.ConnectorKafkaClusterArgs(
            apache_kafka_cluster=mskconnect.ConnectorKafkaClusterApacheKafkaClusterArgs(
                bootstrap_servers="b-1.kafka.0a1b2c.c2.kafka.eu-west-1.amazonaws.com:9092",
                vpc=mskconnect.ConnectorKafkaClusterApacheKafkaClusterVpcArgs(security_groups=["sg-0a"], subnets=SUBNETS),
            )
        ),
        kafka_cluster_client_authentication=mskconnect.ConnectorKafkaClusterClientAuthenticationArgs(),
        kafka_cluster_encryption_in_transit=mskconnect.ConnectorKafkaClusterEncryptionInTransitArgs(),
        kafkaconnect_version="2.7.1",
        plugins=[
            mskconnect.ConnectorPluginArgs(
                custom_plugin=mskconnect.ConnectorPluginCustomPluginArgs(arn="arn:aws:kafkaconnect:::plugin", revision=1)
            )
        ],
        service_execution_role_arn="arn:aws:iam::111122223333:role/connect",
    )
    msk.Channel(
        "orders",
        channel_name="orders",
        cluster_arn=cluster_arn,
        topic_configuration=msk.ChannelTopicConfigurationArgs(
            record_converter=msk.ChannelTopicConfigurationRecordConverterArgs(value_converter="BYTE_ARRAY"),
            topic_arn="arn:aws:kafka:eu-west-1:111122223333:topic/kafka/0a-1/orders",
        ),
    )
    msk.Replicator(
        "from-elsewhere",
        kafka_clusters=[
            msk.ReplicatorKafkaClusterArgs(
                apache_kafka_cluster=msk.ReplicatorKafkaClusterApacheKafkaClusterArgs(
                    apache_kafka_cluster_id="0a1b2c", bootstrap_broker_string="broker.example.com:9093"
                ),
                vpc_config=msk.ReplicatorKafkaClusterVpcConfigArgs(subnet_ids=SUBNETS),
            )
        ],
        replication_info_list=msk.ReplicatorReplicationInfoListArgs(
            consumer_group_replications=[], target_compression_type="NONE", topic_replications=[]
        ),
        replicator_name="from-elsewhere",
        service_execution_role_arn="arn:aws:iam::111122223333:role/replicator",
    )
    # A type that no rule knows, of a provider that is not installed here.
    pulumi.CustomResource("aws-native:msk:Configuration", "other", {"serverProperties": UNSAFE})


def _all_right(version: str = "3.9.x.kraft", brokers: int = 6) -> None:
    key = kms.Key("data", enable_key_rotation=True, tags=TAGS, opts=pulumi.ResourceOptions(protect=True))
    configuration = msk.Configuration("kafka", server_properties=SAFE)
    cluster = msk.Cluster(
        "kafka",
        cluster_name="kafka",
        kafka_version=version,
        number_of_broker_nodes=brokers,
        broker_node_group_info=msk.ClusterBrokerNodeGroupInfoArgs(
            instance_type="kafka.m7g.large", client_subnets=SUBNETS, security_groups=["sg-0a"], storage_info=_volumes(1000)
        ),
        client_authentication=msk.ClusterClientAuthenticationArgs(sasl=msk.ClusterClientAuthenticationSaslArgs(iam=True)),
        configuration_info=msk.ClusterConfigurationInfoArgs(arn=configuration.arn, revision=configuration.latest_revision),
        encryption_info=msk.ClusterEncryptionInfoArgs(encryption_at_rest_kms_key_arn=key.arn),
        enhanced_monitoring="PER_TOPIC_PER_BROKER",
        logging_info=msk.ClusterLoggingInfoArgs(
            broker_logs=msk.ClusterLoggingInfoBrokerLogsArgs(
                s3=msk.ClusterLoggingInfoBrokerLogsS3Args(enabled=True, bucket="kafka-logs")
            )
        ),
        tags=TAGS,
        opts=pulumi.ResourceOptions(protect=True, ignore_changes=[VOLUME_SIZE]),
    )
    target = _target(cluster, 4000)
    appautoscaling.Policy(
        "storage",
        policy_type="TargetTrackingScaling",
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        service_namespace=target.service_namespace,
        target_tracking_scaling_policy_configuration=appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
            target_value=60,
            predefined_metric_specification=appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(
                predefined_metric_type="KafkaBrokerStorageUtilization"
            ),
        ),
    )
    for metric in ("CpuUser", "KafkaDataLogsDiskUsed"):
        cloudwatch.MetricAlarm(
            metric,
            comparison_operator="GreaterThanThreshold",
            evaluation_periods=3,
            namespace="AWS/Kafka",
            metric_name=metric,
            dimensions={"Cluster Name": cluster.cluster_name, "Broker ID": "1"},
            threshold=85,
        )


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795392000")  # 2026-11-23


@pytest.fixture
def pack(_today: None) -> Iterator[PolicyPack]:
    with PolicyPack(PACK) as started:
        started.start(project="shop", stack="dev", config={})
        yield started


def _found(judgement: Judgement) -> set[tuple[str, str]]:
    return {(verdict.policy, verdict.enforcement) for verdict in judgement.violations}


@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "up"])
def test_a_program_that_gets_everything_wrong_is_told_so_by_every_mandatory_rule(pack: PolicyPack, dry_run: bool) -> None:
    judgement = pack.judge(run_inline(_everything_wrong, dry_run=dry_run))
    assert judgement.refused
    assert {policy for policy, level in _found(judgement) if level == "mandatory"} == MANDATORY


def _not_judged(judgement: Judgement) -> list[str]:
    """The rules that could not judge, where that is all that is said."""
    assert {verdict.kind for verdict in judgement.verdicts} <= {"not_judged"}
    return [verdict.policy for verdict in judgement.verdicts]


def test_a_program_that_gets_everything_right_hears_in_a_preview_what_is_not_known_and_else_nothing(pack: PolicyPack) -> None:
    assert _not_judged(pack.judge(run_inline(_all_right, dry_run=True))) == ["narrowed-foreign-accounts"]
    assert pack.judge(run_inline(_all_right, dry_run=False)).verdicts == ()


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
    assert _not_judged(pack.judge(run_inline(lambda: _all_right("4.3.x.kraft", brokers=3)), file)) == [
        "narrowed-foreign-accounts"
    ]
    still = pack.judge(run_inline(lambda: _all_right("3.5.1", brokers=2)), file)
    assert _found(still) == {
        ("even-broker-distribution", "mandatory"),
        ("minimum-brokers", "mandatory"),
        ("supported-kafka-version", "mandatory"),
        ("aws-refuses-at-creation", "advisory"),
    }


@pytest.mark.parametrize(
    "settings",
    [
        {"minimum-brokers": {"brokersPerAvailabilityZone": 0}},
        {"supported-kafka-version": {"versions": {"4.3.x.kraft": None}}},
        {"supported-kafka-version": {"versions": {"4.3.x.kraft": {"endOfSupport": "tomorrow"}}}},
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
