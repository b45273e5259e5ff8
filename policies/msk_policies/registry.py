"""All rules of the pack, in the order in which they speak."""

from pulumi_policy import Policy

from msk_policies.rules import (
    encryption_at_rest_customer_key,
    encryption_in_cluster,
    encryption_in_transit_tls_only,
    kafka_version_known,
    kms_key_rotation,
    minimum_brokers,
    multiple_availability_zones,
    no_public_access,
    no_unauthenticated_access,
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
]
