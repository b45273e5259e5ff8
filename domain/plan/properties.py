"""The cluster's server properties: the stack's over safe defaults."""

import math

from domain.msk.versions import metadata_mode
from domain.msk.volumes import retention_hours_in_force
from domain.properties.defaults import safe_defaults
from domain.properties.values import PropertyValue, is_whole, text_of
from domain.settings.stack import StackSettings


def server_properties_of(settings: StackSettings) -> dict[str, PropertyValue]:
    """The cluster's server properties: the stack's over safe defaults; none of a Serverless cluster, whose are AWS's."""
    if settings.is_serverless:
        return {}
    return {
        **safe_defaults(
            settings.broker.kind,
            settings.number_of_zones,
            metadata_mode(settings.kafka_version),
            retention_hours=settings.workload.retention_hours,
            broker=settings.broker,
            provisioned_throughput=settings.storage.provisioned_throughput is not None,
        ),
        **settings.server_properties,
    }


def retention_hours_of(settings: StackSettings) -> float:
    """How long messages are kept, hours: by the server properties, as Kafka does; the workload's where these set no limit."""
    hours = retention_hours_in_force({name: text_of(value) for name, value in server_properties_of(settings).items()})
    return settings.workload.retention_hours if hours is None or math.isinf(hours) else hours


def replication_factor_of(settings: StackSettings) -> int:
    """Copies of each message in topics that say nothing else.

    A factor that is no number of copies is a mistake that the checks report; the safe default stands for it here.
    """
    given = text_of(server_properties_of(settings).get("default.replication.factor", 3))
    return max(1, int(given)) if is_whole(given) else min(3, settings.number_of_zones)
