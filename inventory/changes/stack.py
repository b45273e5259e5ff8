"""Which steps of a preview belong together, and what a cluster's configuration says."""

from __future__ import annotations

from typing import Final

from domain.java_properties import parse_properties
from inventory.changes.steps import Step, is_protected
from inventory.clusters import CONFIGURATION
from inventory.rows import CLUSTER, CLUSTERS, SERVERLESS_CLUSTER, SERVERLESS_COMPONENT, ResourceRow, get, is_known

TOPIC: Final = "aws:msk/topic:Topic"
BROKER_GROUP: Final = "msk-platform:network:BrokerSecurityGroup"


class StepsOfStack:
    """The steps of a preview, and which of them belong together."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = steps
        self._by_urn = {step.row["urn"]: step for step in steps}
        self.clusters = self.of_type(CLUSTER)
        self.serverless = self.of_type(SERVERLESS_CLUSTER)
        self._by_arn = {
            str(get(row["outputs"], "arn")): step
            for step in (*self.clusters, *self.of_type(CONFIGURATION))
            for row in (step.old, step.new)
            if row is not None and isinstance(get(row["outputs"], "arn"), str) and is_known(get(row["outputs"], "arn"))
        }

    def of_type(self, resource_type: str) -> list[Step]:
        """The steps of resources of a type."""
        return [step for step in self.steps if step.row["type"] == resource_type]

    def _referred(self, row: ResourceRow, name: str, arn: object, resource_type: str) -> Step | None:
        """The step of the resource that a property refers to: by its dependencies, else by an ARN, else the only one there is."""
        urns = get(row["options"], ("propertyDependencies", name), [])
        by_urn = [self._by_urn[urn] for urn in urns if urn in self._by_urn and self._by_urn[urn].row["type"] == resource_type]
        if by_urn:
            return by_urn[0]
        if isinstance(arn, str) and is_known(arn):
            return self._by_arn.get(arn)
        every = self.of_type(resource_type)
        return every[0] if len(every) == 1 and arn is not None else None

    def configuration(self, cluster: ResourceRow) -> Step | None:
        """The step of the configuration that a cluster uses; None where the preview does not show it."""
        return self._referred(cluster, "configurationInfo", get(cluster["inputs"], "configurationInfo.arn"), CONFIGURATION)

    def properties(self, cluster: ResourceRow | None, *, old: bool) -> dict[str, str] | None:
        """A cluster's server properties, as they are or as they will be; None where they are not known."""
        if cluster is None:
            return None
        if get(cluster["inputs"], "configurationInfo") is None:
            return {}
        step = self.configuration(cluster)
        return text_of(step.old if old else step.new) if step else None

    def cluster_of(self, topic: ResourceRow) -> Step | None:
        """The step of the cluster that a topic is in; None where the preview does not show it."""
        return self._referred(topic, "clusterArn", get(topic["inputs"], "clusterArn"), CLUSTER) or (
            self.clusters[0] if len(self.clusters) == 1 else None
        )

    def properties_of(self, topic: ResourceRow, *, old: bool = False) -> dict[str, str] | None:
        """The server properties of a topic's cluster, as they will be or as they are; None where they are not known."""
        cluster = self.cluster_of(topic)
        if cluster is None:
            return None
        return self.properties((cluster.old or cluster.new) if old else (cluster.new or cluster.old), old=old)

    def named_clients(self) -> frozenset[str]:
        """All clients that the deployed component of the brokers' security group lets in, whatever their identity."""
        return frozenset(str(name) for clients in self._clients_of_groups() for name in clients)

    def _clients_of_groups(self) -> list[dict[str, object]]:
        groups = [step.old["inputs"].get("clients") for step in self.of_type(BROKER_GROUP) if step.old]
        return [clients for clients in groups if isinstance(clients, dict)]

    def clients_from(self, source: str) -> tuple[str, ...]:
        """Who connects from a source: the clients, as the deployed component says them, else "clients from SOURCE"."""
        names = {name for clients in self._clients_of_groups() for name, place in clients.items() if place == source}
        return tuple(sorted(names)) or (f"clients from {source}",)

    def is_express(self, step: Step) -> bool:
        """Whether a cluster, or every cluster that uses a configuration, will have Express brokers."""
        clusters = [step] if step.row["type"] == CLUSTER else self._users_of(step)
        types = [get(cluster.new["inputs"], "brokerNodeGroupInfo.instanceType") for cluster in clusters if cluster.new]
        return bool(types) and all(str(name).startswith("express.") for name in types)

    def _users_of(self, configuration: Step) -> list[Step]:
        return [
            user
            for user in self.clusters
            if any(row and self.configuration(row) is configuration for row in (user.old, user.new))
        ]

    def is_protected(self, step: Step) -> bool:
        """Whether what the change of a resource deletes is protected: by the resource itself, or by its cluster."""
        if is_protected(step.old) or is_protected(step.new):
            return True
        if step.row["type"] in CLUSTERS:
            return False
        if step.row["type"] == SERVERLESS_COMPONENT:
            # It says itself what its cluster is, which an update of stated topics leaves out of the preview.
            return any(row is not None and row["inputs"].get("protect") is not False for row in (step.old, step.new))
        if step.row["type"] == TOPIC:
            cluster = self.cluster_of(step.row)
            clusters = [cluster] if cluster else []
        else:
            clusters = self._users_of(step) or [*self.clusters, *self.serverless]
        if not clusters:
            # Whose cluster it is of, and whether that is protected, is not in this preview.
            return True
        return any(is_protected(row) for user in clusters for row in (user.old, user.new))


def text_of(configuration: ResourceRow | None) -> dict[str, str] | None:
    """The properties of a configuration; None where they are not known."""
    return properties_of_text(configuration["inputs"].get("serverProperties")) if configuration else None


def properties_of_text(value: object) -> dict[str, str] | None:
    """The properties of a text; None where it is not known."""
    if value is None:
        return {}
    return parse_properties(value) if isinstance(value, str) and is_known(value) else None
