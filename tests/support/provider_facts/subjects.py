"""The resource types the provider is asked about, and what it wants of each beyond what its schema requires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SUBJECTS: Mapping[str, str] = {
    "aws:acmpca/certificate:Certificate": "aws_acmpca_certificate",
    "aws:acmpca/certificateAuthority:CertificateAuthority": "aws_acmpca_certificate_authority",
    "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate": (
        "aws_acmpca_certificate_authority_certificate"
    ),
    "aws:amp/alertManagerDefinition:AlertManagerDefinition": "aws_prometheus_alert_manager_definition",
    "aws:amp/ruleGroupNamespace:RuleGroupNamespace": "aws_prometheus_rule_group_namespace",
    "aws:amp/scraper:Scraper": "aws_prometheus_scraper",
    "aws:amp/workspace:Workspace": "aws_prometheus_workspace",
    "aws:appautoscaling/policy:Policy": "aws_appautoscaling_policy",
    "aws:appautoscaling/target:Target": "aws_appautoscaling_target",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": "aws_cloudwatch_composite_alarm",
    "aws:cloudwatch/dashboard:Dashboard": "aws_cloudwatch_dashboard",
    "aws:cloudwatch/logGroup:LogGroup": "aws_cloudwatch_log_group",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": "aws_cloudwatch_log_metric_filter",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "aws_cloudwatch_metric_alarm",
    "aws:cloudwatch/queryDefinition:QueryDefinition": "aws_cloudwatch_query_definition",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "aws_default_security_group",
    "aws:ec2/eip:Eip": "aws_eip",
    "aws:ec2/flowLog:FlowLog": "aws_flow_log",
    "aws:ec2/instance:Instance": "aws_instance",
    "aws:ec2/internetGateway:InternetGateway": "aws_internet_gateway",
    "aws:ec2/natGateway:NatGateway": "aws_nat_gateway",
    "aws:ec2/route:Route": "aws_route",
    "aws:ec2/routeTable:RouteTable": "aws_route_table",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": "aws_route_table_association",
    "aws:ec2/securityGroup:SecurityGroup": "aws_security_group",
    "aws:ec2/subnet:Subnet": "aws_subnet",
    "aws:ec2/vpc:Vpc": "aws_vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "aws_vpc_endpoint",
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": "aws_eks_pod_identity_association",
    "aws:grafana/workspace:Workspace": "aws_grafana_workspace",
    "aws:iam/instanceProfile:InstanceProfile": "aws_iam_instance_profile",
    "aws:iam/policy:Policy": "aws_iam_policy",
    "aws:iam/role:Role": "aws_iam_role",
    "aws:iam/rolePolicy:RolePolicy": "aws_iam_role_policy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "aws_iam_role_policy_attachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "aws_iam_user_policy_attachment",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": "aws_kinesis_firehose_delivery_stream",
    "aws:kms/alias:Alias": "aws_kms_alias",
    "aws:kms/key:Key": "aws_kms_key",
    "aws:msk/cluster:Cluster": "aws_msk_cluster",
    "aws:msk/clusterPolicy:ClusterPolicy": "aws_msk_cluster_policy",
    "aws:msk/configuration:Configuration": "aws_msk_configuration",
    "aws:msk/scramSecretAssociation:ScramSecretAssociation": "aws_msk_scram_secret_association",
    "aws:msk/serverlessCluster:ServerlessCluster": "aws_msk_serverless_cluster",
    "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation": "aws_msk_single_scram_secret_association",
    "aws:msk/topic:Topic": "aws_msk_topic",
    "aws:msk/vpcConnection:VpcConnection": "aws_msk_vpc_connection",
    "aws:s3/bucket:Bucket": "aws_s3_bucket",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "aws_s3_bucket_lifecycle_configuration",
    "aws:s3/bucketPolicy:BucketPolicy": "aws_s3_bucket_policy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "aws_s3_bucket_public_access_block",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "aws_s3_bucket_server_side_encryption_configuration"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": "aws_s3_bucket_versioning",
    "aws:secretsmanager/secret:Secret": "aws_secretsmanager_secret",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "aws_secretsmanager_secret_policy",
    "aws:secretsmanager/secretVersion:SecretVersion": "aws_secretsmanager_secret_version",
    "aws:sns/topic:Topic": "aws_sns_topic",
    "aws:sns/topicPolicy:TopicPolicy": "aws_sns_topic_policy",
    "aws:sns/topicSubscription:TopicSubscription": "aws_sns_topic_subscription",
    "aws:ssm/parameter:Parameter": "aws_ssm_parameter",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "aws_vpc_security_group_egress_rule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "aws_vpc_security_group_ingress_rule",
}
"""Terraform's name of each type by Pulumi's."""

CLUSTER: Mapping[str, Any] = {
    "cluster_name": "sample",
    "kafka_version": "3.9.x",
    "number_of_broker_nodes": 3,
    "broker_node_group_info": [
        {
            "instance_type": "kafka.m7g.large",
            "client_subnets": ["subnet-1", "subnet-2", "subnet-3"],
            "security_groups": ["sg-1", "sg-2"],
            "storage_info": [{"ebs_storage_info": [{"volume_size": 100}]}],
        }
    ],
}
"""A cluster as the product makes it, as far as the provider's own checks look at it."""

BASES: Mapping[str, Mapping[str, Any]] = {
    "aws_msk_cluster": CLUSTER,
    "aws_vpc": {"cidr_block": "10.0.0.0/16"},
    "aws_subnet": {"cidr_block": "10.0.0.0/24"},
    "aws_kinesis_firehose_delivery_stream": {
        "destination": "extended_s3",
        "extended_s3_configuration": [{"bucket_arn": "arn:aws:s3:::sample"}],
    },
    "aws_sns_topic": {"name": "sample.fifo", "fifo_topic": True},
    "aws_cloudwatch_metric_alarm": {"metric_name": "sample", "namespace": "sample", "statistic": "Average"},
    "aws_route": {"destination_cidr_block": "10.9.0.0/16", "gateway_id": "igw-1"},
}
"""What replaces or completes the minimal configuration of a type."""

RENAMED: Mapping[tuple[str, str], str] = {
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm_name"): "name",
    ("aws:sns/topicSubscription:TopicSubscription", "topic_arn"): "topic",
}
"""Inputs that Pulumi calls by another word than Terraform (pulumi-aws, `provider/resources.go`)."""
