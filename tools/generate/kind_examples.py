"""A value for each setting of the stack file, other than its default: what the table of cluster kinds is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = {"Standard": "kafka.m7g.large", "Express": "express.m7g.large", "Serverless": "serverless"}
"""A broker type of each kind."""

REGION: Final = "eu-west-1"

BASE: Final[Mapping[str, Any]] = {
    "topics": {"orders": {"partitions": 6}},
    "clients": {
        "app": {
            "from": {"cidr": "10.40.0.0/20"},
            "as": {"role": {"ecs": {}}},
            "produce": {"topics": ["orders"]},
            "consume": {"topics": ["orders"], "groups": ["app"]},
            "admin": {"topics": ["orders"]},
        },
    },
}
"""What each example is added to: a topic, and a client that does everything."""


@dataclass(frozen=True, slots=True)
class Example:
    """A setting and a value.

    Attributes:
        setting: The setting; names in maps are those of the example.
        value: A value that is not the default.
        beside: What it needs beside it, on each kind.
        of_provisioned: What it needs beside it on Standard and Express brokers.
        of_standard: What it needs beside it on Standard brokers only.
        told: What it is for, where no resource shows it: a reader of the stack file, or something that is not deployed.
    """

    setting: str
    value: object
    beside: Mapping[str, Any] = field(default_factory=dict)
    of_provisioned: Mapping[str, Any] = field(default_factory=dict)
    of_standard: Mapping[str, Any] = field(default_factory=dict)
    told: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The setting in parts."""
        return tuple(self.setting.split("."))


_KEY: Final = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_CA: Final = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/1234abcd-12ab-34cd-56ef-1234567890ab"
_CLUSTER: Final = "arn:aws:kafka:eu-west-1:123456789012:cluster/p-s/1234abcd-12ab-34cd-56ef-1234567890ab-2"
_CONFIGURATION: Final = "arn:aws:kafka:eu-west-1:123456789012:configuration/orders/1234abcd-12ab-34cd-56ef-1234567890ab-2"
_QUEUE: Final = "arn:aws:sqs:eu-west-1:123456789012:pager"
_OIDC: Final = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
_SUBNETS: Final = {f"euw1-az{number}": f"subnet-0aaaaaaaaaaaaaaa{number}" for number in (1, 2, 3)}
_IN_VPC: Final[dict[str, Any]] = {"import": {"vpc": "vpc-0aaaaaaaaaaaaaaa1", "subnets": _SUBNETS}}
_IN_GROUP: Final[dict[str, Any]] = {"import": {"securityGroup": "sg-0aaaaaaaaaaaaaaa1"}}
_TAKEN_OVER: Final[dict[str, Any]] = {
    "import": {**_IN_VPC["import"], **_IN_GROUP["import"]},
    "encryption": {"dataKey": _KEY},
}
_VOLUME: Final = {"storage": {"initialGiB": 1000}}
_SCRAM: Final[dict[str, Any]] = {"authentication": {"iam": {}, "scram": {}}}
_TLS: Final[dict[str, Any]] = {"authentication": {"iam": {}, "tls": {"certificateAuthorityArns": [_CA]}}}
_MULTI_VPC: Final = {"network": {"multiVpc": {"iam": True}}}
_TIERED: Final = {"storage": {"mode": "TIERED"}, "topics": {"orders": {"retentionHours": 96}}}
_TEST_CLIENT: Final = {"testClient": {"packages": "s3://artifacts/packages"}}
_MANAGED: Final = {"monitoring": {"prometheus": {"managed": True}}}
_VPC: Final = {
    "subnetIds": ["subnet-0bbbbbbbbbbbbbbb1", "subnet-0bbbbbbbbbbbbbbb2"],
    "securityGroupIds": ["sg-0bbbbbbbbbbbbbbb1"],
}
_READERS: Final = "Readers of the stack file."

_IDENTITIES: Final[tuple[tuple[str, object], ...]] = (
    ("role.ec2", {}),
    ("role.lambda", {}),
    ("role.eksPodIdentity", {"cluster": "apps", "namespace": "orders", "serviceAccount": "api"}),
    ("role.irsa", {"oidcProvider": _OIDC, "namespace": "orders", "serviceAccount": "api"}),
    ("principal", "arn:aws:iam::123456789012:role/orders"),
)

EXAMPLES: Final[tuple[Example, ...]] = (
    Example("brokersPerZone", 3),
    Example("alarmEmail", "streaming@example.com"),
    Example("clusterName", "orders"),
    Example("kafkaVersion", "3.8.x"),
    Example("rebalancing", "PAUSED"),
    Example("protect", False),
    Example("tags", {"team": "orders"}),
    Example("workload.ingressMBps", 2),
    Example("workload.peakMBps", 3),
    Example("workload.fanOut", 3),
    Example("workload.retentionHours", 24),
    Example("workload.partitions", 200),
    Example("network.cidr", "10.41.0.0/20"),
    Example("network.zones", ["euw1-az3", "euw1-az2", "euw1-az1"]),
    Example("network.natGateways", "single"),
    Example("network.flowLogs", {}),
    Example("network.publicAccess", True),
    Example("network.multiVpc", {"iam": True}),
    Example("network.multiVpc.accounts", ["444455556666"], _MULTI_VPC),
    Example("network.multiVpc.principals", ["arn:aws:iam::444455556666:role/reader"], _MULTI_VPC),
    Example("network.ipv6", True),
    Example("network.existing", {"vpcId": "vpc-0aaaaaaaaaaaaaaa1", "subnetIds": list(_SUBNETS.values())}),
    Example("network.clientVpcs", {"analytics": _VPC}),
    Example("storage.initialGiB", 1000),
    Example("storage.maximumGiB", 5000),
    Example("storage.targetUtilization", 50),
    Example("storage.autoscaling", False),
    Example("storage.mode", "TIERED"),
    Example("storage.provisionedThroughputMiBps", 300, of_standard={"brokerType": "kafka.m7g.4xlarge", **_VOLUME}),
    Example("serverProperties", {"message.max.bytes": 2_000_000}),
    Example("authentication.scram", {}, {"authentication": {"iam": {}}}),
    Example("authentication.tls", {"certificateAuthorityArns": [_CA]}, {"authentication": {"iam": {}}}),
    Example("authentication.tls.certificateAuthority", "create", {"authentication": {"iam": {}}}),
    Example(
        "authentication.tls.certificateAuthorityMode",
        "SHORT_LIVED_CERTIFICATE",
        {"authentication": {"iam": {}, "tls": {"certificateAuthority": "create"}}},
    ),
    Example("authentication.unauthenticated", True, {"authentication": {"iam": {}}}),
    Example("encryption.dataKey", _KEY),
    Example("encryption.secretsKey", _KEY, of_provisioned=_SCRAM),
    Example("encryption.telemetryKey", _KEY),
    Example("encryption.clientBroker", "TLS_PLAINTEXT", {"authentication": {"iam": {}, "unauthenticated": True}}),
    Example("topics.orders.partitions", 12),
    Example("topics.orders.replicationFactor", 4),
    Example("topics.orders.retentionHours", 48),
    Example("topics.orders.cleanupPolicy", "compact"),
    Example("topics.orders.minInsyncReplicas", 1),
    Example("topics.orders.maxMessageBytes", 2_000_000),
    Example("topics.orders.compressionType", "zstd"),
    Example("topics.orders.remoteStorage", True, of_standard=_TIERED),
    Example(
        "topics.orders.localRetentionHours",
        12,
        of_standard={**_TIERED, "topics": {"orders": {"retentionHours": 96, "remoteStorage": True}}},
    ),
    Example("topics.orders.configs", {"message.timestamp.type": "LogAppendTime"}),
    Example("topics.orders.owner", "orders", told=_READERS),
    *(Example(f"clients.app.as.{identity}", value) for identity, value in _IDENTITIES),
    Example("clients.app.as.scramUser", "app", of_provisioned=_SCRAM),
    Example("clients.app.as.nextScramUser", "app-2", {"clients": {"app": {"as": {"scramUser": "app"}}}}, of_provisioned=_SCRAM),
    Example("clients.app.as.certificate", "CN=app", of_provisioned=_TLS),
    Example("clients.app.produce.topics", ["orders", "bills"]),
    Example("clients.app.produce.prefixes", ["bills."]),
    Example("clients.app.produce.transactionalIds", ["app-1"]),
    Example("clients.app.produce.transactionalIdPrefixes", ["app-"]),
    Example("clients.app.streams.applicationId", "totals"),
    Example("clients.app.connect.groupId", "orders-connect"),
    *(
        Example(
            f"clients.app.connect.{name}Topic",
            f"connect-{name}",
            {"clients": {"app": {"connect": {"groupId": "orders-connect"}}}},
        )
        for name in ("config", "offset", "status")
    ),
    Example("clients.app.consume.topics", ["orders", "bills"]),
    Example("clients.app.consume.prefixes", ["bills."]),
    Example("clients.app.consume.groups", ["app", "app-2"]),
    Example("clients.app.consume.groupPrefixes", ["batch-"]),
    Example("clients.app.consume.maxLagSeconds", 300),
    Example("clients.app.admin.topics", ["orders", "bills"]),
    Example("clients.app.admin.prefixes", ["bills."]),
    Example("clients.app.admin.groups", ["app"]),
    Example("clients.app.admin.groupPrefixes", ["batch-"]),
    Example("clients.app.admin.cluster", True),
    Example("clients.app.observe.topics", ["orders", "bills"]),
    Example("clients.app.observe.prefixes", ["bills."]),
    Example("clients.app.observe.groups", ["app"]),
    Example("clients.app.observe.groupPrefixes", ["batch-"]),
    Example("clients.app.operate", {}),
    Example("clients.app.formats", ["spring", "python"]),
    Example("clients.app.from.cidr", "10.40.2.0/24"),
    Example("clients.app.from.securityGroup", "sg-0ccccccccccccccc1"),
    Example("clients.app.from.prefixList", "pl-0ccccccccccccccc1"),
    Example("testClient", {"packages": "s3://artifacts/packages"}),
    Example("testClient.instanceType", "t4g.micro", _TEST_CLIENT),
    Example("testClient.operate", True, _TEST_CLIENT),
    Example("testClient.packages", "s3://artifacts/other", _TEST_CLIENT),
    Example("logs.cloudwatch.retentionDays", 30),
    Example("logs.s3", {}),
    Example("logs.s3.bucket", "orders-logs"),
    Example("logs.s3.prefix", "kafka", {"logs": {"s3": {}}}),
    Example("logs.s3.retentionDays", 30, {"logs": {"s3": {}}}),
    Example("logs.firehose", {"deliveryStream": "orders"}),
    Example("monitoring.level", "PER_TOPIC_PER_BROKER"),
    Example("monitoring.alarms.cpu.threshold", 70),
    Example("monitoring.alarms.topic-ingress.threshold", 1_000_000),
    Example("monitoring.alarms.consumer-lag.enabled", False, {"clients": {"app": {"consume": {"maxLagSeconds": 300}}}}),
    Example("monitoring.subscribers.critical", [_QUEUE]),
    Example("monitoring.subscribers.warning", [_QUEUE]),
    Example("monitoring.runbook", "https://example.com/runbook"),
    Example("monitoring.logs", False),
    Example("monitoring.dashboard", False),
    Example("monitoring.prometheus.managed", True),
    Example("monitoring.prometheus.scrapedBy", [{"cidr": "10.40.1.0/24"}]),
    Example("monitoring.prometheus.moreSeries", ["kafka_.*"], _MANAGED),
    Example("monitoring.prometheus.notify", True, _MANAGED),
    Example("monitoring.prometheus.grafana", {}, _MANAGED),
    Example("import.vpc", "vpc-0aaaaaaaaaaaaaaa1", {"import": {"subnets": _SUBNETS}}),
    Example("import.subnets", _SUBNETS, {"import": {"vpc": "vpc-0aaaaaaaaaaaaaaa1"}}),
    Example("import.securityGroup", "sg-0aaaaaaaaaaaaaaa1"),
    Example("import.rules", {"9098-from-10.40.0.0/20": "sgr-0aaaaaaaaaaaaaaa1"}, _IN_GROUP),
    Example("import.configuration", _CONFIGURATION),
    Example("import.cluster", _CLUSTER, _TAKEN_OVER, of_standard=_VOLUME),
    Example("import.brokerLogGroup", "/msk/orders"),
    Example("import.frozen", False, _IN_VPC),
    Example("import.keep.vpc", ["tags"], _IN_VPC),
    Example("import.keep.subnets", ["tags"], _IN_VPC),
    Example("import.keep.securityGroup", ["tags"], _IN_GROUP),
    Example(
        "import.keep.rules",
        ["tags"],
        {"import": {**_IN_GROUP["import"], "rules": {"9098-from-10.40.0.0/20": "sgr-0aaaaaaaaaaaaaaa1"}}},
    ),
    Example("import.keep.configuration", ["serverProperties"], of_provisioned={"import": {"configuration": _CONFIGURATION}}),
    Example(
        "import.keep.cluster",
        ["tags"],
        of_provisioned={**_TAKEN_OVER, "import": {**_TAKEN_OVER["import"], "cluster": _CLUSTER}},
        of_standard=_VOLUME,
    ),
    Example("import.keep.brokerLogGroup", ["tags"], of_provisioned={"import": {"brokerLogGroup": "/msk/orders"}}),
    Example("acknowledge.fewer-brokers", {"reason": "CHG-1", "until": "2027-01-31"}, told="Guards, before a change."),
)
"""Every setting but ``brokerType``, which chooses the kind. A map stands for what is in it where that does not differ by kind."""
