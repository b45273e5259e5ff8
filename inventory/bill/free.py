"""Resource types for which AWS charges nothing by themselves."""

from __future__ import annotations

FREE: frozenset[str] = frozenset(
    {
        # A certificate is paid for once, when it is signed; a month of it costs nothing.
        "aws:acmpca/certificate:Certificate",
        "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate",
        # Rules are charged by the samples that they look at, which are the workspace's.
        "aws:amp/alertManagerDefinition:AlertManagerDefinition",
        "aws:amp/ruleGroupNamespace:RuleGroupNamespace",
        "aws:appautoscaling/target:Target",
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        # A query is charged by what it reads, each time that somebody asks it.
        "aws:cloudwatch/queryDefinition:QueryDefinition",
        "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
        "aws:ec2/defaultRouteTable:DefaultRouteTable",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        # A flow log's data is charged by the log group it goes to.
        "aws:ec2/flowLog:FlowLog",
        "aws:ec2/internetGateway:InternetGateway",
        "aws:ec2/route:Route",
        "aws:ec2/routeTable:RouteTable",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/vpc:Vpc",
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "aws:iam/instanceProfile:InstanceProfile",
        "aws:iam/policy:Policy",
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "aws:kms/alias:Alias",
        "aws:kms/keyPolicy:KeyPolicy",
        "aws:msk/clusterPolicy:ClusterPolicy",
        "aws:msk/configuration:Configuration",
        "aws:msk/scramSecretAssociation:ScramSecretAssociation",
        "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation",
        # Its partitions count among the brokers', its messages in their volumes.
        "aws:msk/topic:Topic",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        "aws:secretsmanager/secretVersion:SecretVersion",
        # Messages are charged; e-mail to a team that looks at its alarms stays below the thousand that cost nothing.
        "aws:sns/topic:Topic",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    }
)
"""Types AWS charges nothing for by themselves: the pricing pages of VPC, IAM, KMS, SNS, Auto Scaling and MSK."""
