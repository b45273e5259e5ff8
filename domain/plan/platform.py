"""The whole plan of a platform: what follows from a stack's settings, an intent for each component."""

import datetime
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

from domain.access.rights import Access
from domain.msk.listeners import Listener
from domain.msk.quotas import Quota
from domain.msk.versions import end_of_support_note, without_kraft_note
from domain.plan.access import (
    AuthorityIntent,
    ClientsIntent,
    ClusterPolicyIntent,
    TestClientIntent,
    clients_elsewhere,
    plan_authority,
    plan_clients,
    plan_cluster_policy,
    plan_test_client,
)
from domain.plan.cluster import (
    ClusterIntent,
    ConfigurationIntent,
    KeysIntent,
    StorageAutoscalingIntent,
    TopicsIntent,
    plan_cluster,
    plan_configuration,
    plan_keys,
    plan_storage_autoscaling,
    plan_topics_of,
)
from domain.plan.monitoring import (
    AlarmsIntent,
    DashboardIntent,
    LogBucketIntent,
    LogsIntent,
    LogWatchIntent,
    PrometheusIntent,
    more_alarms_note,
    plan_alarms,
    plan_dashboard,
    plan_log_bucket,
    plan_log_watch,
    plan_logs,
    plan_prometheus,
)
from domain.plan.network import NetworkChoice, SecurityGroupIntent, choose_network, listeners_of, plan_security_group
from domain.plan.properties import server_properties_of
from domain.plan.serverless import ServerlessIntent, plan_serverless, topics_note
from domain.plan.volumes import StoragePlan, initial_size_note, storage_of
from domain.properties.values import PropertyValue
from domain.settings.stack import StackSettings
from domain.settings.types import CREATE


class Plan:
    """Everything that is known of a platform before AWS answers. A part is None where there is no such component.

    Each part is worked out once, when it is first asked for: checks look at parts of plans in which others cannot be worked out.
    Where `serverless` is not None, nobody asks for what only a provisioned cluster has: `cluster`, `configuration` and `logs`.

    Args:
        settings: The stack's settings.
        region: The region, such as eu-west-1.
        today: The day on which support and acknowledgements are judged.
        stack: The stack's name; empty where it has none.
        default_tags: Tags that the AWS provider gives to every resource beside the stack's.
    """

    def __init__(
        self,
        settings: StackSettings,
        *,
        region: str,
        today: datetime.date,
        stack: str = "",
        default_tags: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.settings = settings
        self.region = region
        self.today = today
        self.stack = stack
        self.default_tags = default_tags

    def is_raised(self, quota: Quota) -> bool:
        """Whether the stack file says, and still on that day, that AWS has raised a quota."""
        return quota.code in self.settings.acknowledged(self.today)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing and no reason to warn, a sentence each."""
        settings = self.settings
        notes = (
            more_alarms_note(settings),
            without_kraft_note(settings.broker, settings.number_of_brokers, self.region),
            initial_size_note(settings),
            end_of_support_note(settings.kafka_version, self.today, self.stack),
            topics_note(settings, self.stack),
        )
        return tuple(note for note in notes if note)

    @cached_property
    def listeners(self) -> tuple[Listener, ...]:
        """The brokers' listeners that are enabled."""
        return listeners_of(self.settings)

    @cached_property
    def clients_elsewhere(self) -> Mapping[str, Access]:
        """What clients of other accounts may do, by their principals."""
        return clients_elsewhere(self.settings)

    @cached_property
    def server_properties(self) -> dict[str, PropertyValue]:
        """The cluster's server properties: the stack's over safe defaults."""
        return server_properties_of(self.settings)

    @cached_property
    def storage(self) -> StoragePlan | None:
        """The brokers' volumes; None for Express brokers, which have none.

        Raises:
            StorageError: The workload needs more than a volume can hold.
        """
        return storage_of(self.settings)

    @cached_property
    def existing_log_bucket(self) -> str | None:
        """Name of a bucket for broker logs that is there already; None without one."""
        bucket = self.settings.logs.s3
        return bucket.bucket if bucket and bucket.bucket != CREATE else None

    @cached_property
    def certificate_authority_arns(self) -> tuple[str, ...]:
        """The private CAs for mutual TLS that are there; none where it is off or has a CA of its own."""
        tls = self.settings.authentication.tls
        return tuple((tls.certificate_authority_arns if tls else None) or ())

    @cached_property
    def keys(self) -> KeysIntent:
        """The customer keys."""
        return plan_keys(self.settings, region=self.region)

    @cached_property
    def network(self) -> NetworkChoice:
        """The network that the brokers live in."""
        return choose_network(self.settings, region=self.region, today=self.today)

    @cached_property
    def security_group(self) -> SecurityGroupIntent:
        """The brokers' security group."""
        return plan_security_group(self.settings)

    @cached_property
    def logs(self) -> LogsIntent:
        """The log group of the brokers."""
        return plan_logs(self.settings, today=self.today)

    @cached_property
    def log_bucket(self) -> LogBucketIntent | None:
        """The bucket that is created for broker logs."""
        return plan_log_bucket(self.settings, region=self.region, today=self.today)

    @cached_property
    def authority(self) -> AuthorityIntent | None:
        """The CA that is created."""
        return plan_authority(self.settings, region=self.region)

    @cached_property
    def configuration(self) -> ConfigurationIntent:
        """The MSK configuration."""
        return plan_configuration(self.settings, today=self.today)

    @cached_property
    def serverless(self) -> ServerlessIntent | None:
        """The cluster where it is Serverless."""
        return plan_serverless(self.settings)

    @cached_property
    def cluster(self) -> ClusterIntent:
        """The cluster where it is provisioned."""
        return plan_cluster(self.settings, today=self.today)

    @cached_property
    def storage_autoscaling(self) -> StorageAutoscalingIntent | None:
        """The autoscaling of the brokers' volumes."""
        return plan_storage_autoscaling(self.settings)

    @cached_property
    def cluster_policy(self) -> ClusterPolicyIntent | None:
        """What other accounts may do with the cluster."""
        return plan_cluster_policy(self.settings)

    @cached_property
    def topics(self) -> TopicsIntent | None:
        """The topics."""
        return plan_topics_of(self.settings, today=self.today)

    @cached_property
    def clients(self) -> ClientsIntent | None:
        """The clients with an identity."""
        return plan_clients(self.settings, region=self.region)

    @cached_property
    def test_client(self) -> TestClientIntent | None:
        """The test client."""
        return plan_test_client(self.settings, region=self.region)

    @cached_property
    def alarms(self) -> AlarmsIntent:
        """The alarms."""
        return plan_alarms(self.settings, region=self.region)

    @cached_property
    def log_watch(self) -> LogWatchIntent | None:
        """What is watched in the broker logs."""
        return plan_log_watch(self.settings, region=self.region)

    @cached_property
    def dashboard(self) -> DashboardIntent | None:
        """The dashboard."""
        return plan_dashboard(self.settings, region=self.region)

    @cached_property
    def prometheus(self) -> PrometheusIntent | None:
        """The managed Prometheus."""
        return plan_prometheus(self.settings, region=self.region)
