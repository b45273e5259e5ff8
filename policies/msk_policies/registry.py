"""All rules of the pack, in the order in which they speak."""

from pulumi_policy import Policy

from msk_policies.rules.access import (
    exclusive_scram_association,
    mutual_tls,
    no_access_without_acl,
    no_unauthenticated_access,
    no_wildcard_principals,
    scoped_client_permissions,
    scram_secret_name,
)
from msk_policies.rules.availability import (
    broker_kind_fields,
    even_broker_distribution,
    minimum_brokers,
    multiple_availability_zones,
)
from msk_policies.rules.connect import (
    connector_encryption_in_transit,
    connector_iam_authentication,
    connector_logs,
    secure_replicator_sources,
)
from msk_policies.rules.durability import (
    durable_replication,
    durable_topics,
    no_automatic_topics,
    no_unclean_leader_election,
    protected_cluster_and_keys,
)
from msk_policies.rules.encryption import (
    encrypted_channels,
    encryption_at_rest_customer_key,
    encryption_in_cluster,
    encryption_in_transit_tls_only,
    kms_key_rotation,
    scram_secret_customer_key,
    usable_keys,
)
from msk_policies.rules.governance import auto_named_configurations, judged_resource_types, required_tags
from msk_policies.rules.monitoring import (
    broker_logs,
    cluster_alarms,
    enhanced_monitoring,
    log_retention,
    no_idle_log_destinations,
)
from msk_policies.rules.network import attached_security_groups, closed_kafka_ports, no_public_access, own_security_groups
from msk_policies.rules.storage import storage_autoscaling, storage_headroom, volume_size_left_to_autoscaling
from msk_policies.rules.versions import (
    kafka_support_remaining,
    kafka_version_known,
    newest_kafka_version,
    supported_kafka_version,
)

POLICIES: list[Policy] = [
    multiple_availability_zones.POLICY,
    minimum_brokers.POLICY,
    encryption_at_rest_customer_key.POLICY,
    encryption_in_transit_tls_only.POLICY,
    encryption_in_cluster.POLICY,
    no_unauthenticated_access.POLICY,
    no_public_access.POLICY,
    kms_key_rotation.POLICY,
    supported_kafka_version.POLICY,
    kafka_version_known.POLICY,
    no_unclean_leader_election.POLICY,
    protected_cluster_and_keys.POLICY,
    usable_keys.POLICY,
    own_security_groups.POLICY,
    durable_replication.POLICY,
    no_automatic_topics.POLICY,
    no_access_without_acl.POLICY,
    storage_autoscaling.POLICY,
    storage_headroom.POLICY,
    volume_size_left_to_autoscaling.POLICY,
    closed_kafka_ports.POLICY,
    attached_security_groups.POLICY,
    no_wildcard_principals.POLICY,
    scoped_client_permissions.POLICY,
    scram_secret_name.POLICY,
    scram_secret_customer_key.POLICY,
    exclusive_scram_association.POLICY,
    auto_named_configurations.POLICY,
    log_retention.POLICY,
    cluster_alarms.POLICY,
    required_tags.POLICY,
    broker_logs.POLICY,
    no_idle_log_destinations.POLICY,
    enhanced_monitoring.POLICY,
    mutual_tls.POLICY,
    newest_kafka_version.POLICY,
    even_broker_distribution.POLICY,
    kafka_support_remaining.POLICY,
    broker_kind_fields.POLICY,
    connector_encryption_in_transit.POLICY,
    connector_iam_authentication.POLICY,
    connector_logs.POLICY,
    durable_topics.POLICY,
    encrypted_channels.POLICY,
    secure_replicator_sources.POLICY,
    judged_resource_types.POLICY,
]
