"""The whole plan of a platform: what follows from a stack's settings, an intent for each component."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from domain.access.rights import Access
from domain.msk.listeners import Listener
from domain.msk.versions import without_kraft_note
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
from domain.settings.stack import StackSettings
from domain.settings.types import CREATE


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform before AWS answers. An intent is None where there is no such component.

    Attributes:
        notes: What is worth knowing and no reason to warn, a sentence each.
        listeners: The brokers' listeners that are enabled.
        clients_elsewhere: What clients of other accounts may do, by their principals.
        existing_log_bucket: Name of a bucket for broker logs that is there already; None without one.
        certificate_authority_arns: The private CAs for mutual TLS that are there; none where it is off or has a CA of its own.
    """

    notes: tuple[str, ...]
    listeners: tuple[Listener, ...]
    clients_elsewhere: Mapping[str, Access]
    existing_log_bucket: str | None
    certificate_authority_arns: tuple[str, ...]

    keys: KeysIntent
    network: NetworkChoice
    security_group: SecurityGroupIntent
    logs: LogsIntent
    log_bucket: LogBucketIntent | None
    authority: AuthorityIntent | None
    configuration: ConfigurationIntent
    cluster: ClusterIntent
    storage_autoscaling: StorageAutoscalingIntent | None
    cluster_policy: ClusterPolicyIntent | None
    topics: TopicsIntent | None
    clients: ClientsIntent | None
    test_client: TestClientIntent | None
    alarms: AlarmsIntent
    log_watch: LogWatchIntent | None
    dashboard: DashboardIntent | None
    prometheus: PrometheusIntent | None


def plan_platform(settings: StackSettings, *, region: str, today: datetime.date) -> Platform:
    """Works out what a stack's valid settings lead to.

    Args:
        settings: The stack's settings.
        region: The region, such as eu-west-1.
        today: The day on which support and acknowledgements are judged.
    """
    bucket, tls = settings.logs.s3, settings.authentication.tls
    notes = (more_alarms_note(settings), without_kraft_note(settings.broker, settings.number_of_brokers, region))
    return Platform(
        notes=tuple(note for note in notes if note),
        listeners=listeners_of(settings),
        clients_elsewhere=clients_elsewhere(settings),
        existing_log_bucket=bucket.bucket if bucket and bucket.bucket != CREATE else None,
        certificate_authority_arns=tuple((tls.certificate_authority_arns if tls else None) or ()),
        keys=plan_keys(settings, region=region),
        network=choose_network(settings, region=region),
        security_group=plan_security_group(settings),
        logs=plan_logs(settings),
        log_bucket=plan_log_bucket(settings, region=region),
        authority=plan_authority(settings, region=region),
        configuration=plan_configuration(settings),
        cluster=plan_cluster(settings, today=today),
        storage_autoscaling=plan_storage_autoscaling(settings),
        cluster_policy=plan_cluster_policy(settings),
        topics=plan_topics_of(settings),
        clients=plan_clients(settings, region=region),
        test_client=plan_test_client(settings, region=region),
        alarms=plan_alarms(settings, region=region),
        log_watch=plan_log_watch(settings),
        dashboard=plan_dashboard(settings, region=region),
        prometheus=plan_prometheus(settings, region=region),
    )
