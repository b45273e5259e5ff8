"""What a Serverless cluster is told, and what it is to carry."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from domain.msk.listeners import Listener
from domain.msk.serverless import TOPIC_CONFIGS
from domain.plan.network import listeners_of
from domain.plan.topics import MILLISECONDS_OF_AN_HOUR, configs_of
from domain.properties.values import words_of
from domain.settings.stack import StackSettings
from domain.settings.topics import Topic


class ClientVpcIntent(TypedDict):
    """Another VPC that a Serverless cluster is reached from."""

    subnet_ids: Sequence[str]
    """Two to six subnets in different zones."""
    security_group_ids: Sequence[str]
    """Security groups of that VPC that let its clients in."""


class StatedTopic(TypedDict):
    """A topic that the stack file says the cluster is to have. Pulumi makes none on a Serverless cluster."""

    partitions: int
    """Its partitions."""
    configs: Mapping[str, str]
    """What it sets, by Kafka's names; the stated retention among it."""


class ServerlessIntent(TypedDict):
    """A Serverless cluster. Everything but its tags replaces it."""

    cluster_name: str
    """The cluster's name."""
    client_vpcs: Mapping[str, ClientVpcIntent]
    """Other VPCs that it is reached from, by name."""
    listeners: Sequence[Listener]
    """Its one listener."""
    workload: Mapping[str, object]
    """What the cluster must carry, as the stack file states it: not sent to AWS, read by tools that judge capacity."""
    topics: Mapping[str, StatedTopic]
    """Its topics by name: not sent to AWS, read by tools that judge capacity and make them."""
    protect: bool
    """Refuse to delete or replace the cluster."""
    tags: Mapping[str, str]
    """Tags of the cluster."""


def plan_serverless(settings: StackSettings) -> ServerlessIntent | None:
    """The Serverless cluster of a stack; None where its cluster is provisioned."""
    if not settings.is_serverless:
        return None
    return {
        "cluster_name": settings.cluster_name,
        "client_vpcs": {
            name: {"subnet_ids": sorted(client.subnet_ids), "security_group_ids": sorted(client.security_group_ids)}
            for name, client in sorted(settings.network.client_vpcs.items())
        },
        "listeners": listeners_of(settings),
        "workload": settings.workload.model_dump(by_alias=True, exclude_none=True),
        "topics": {
            name: {"partitions": topic.partitions, "configs": _configs(topic, settings)}
            for name, topic in sorted(settings.topics.items())
        },
        "protect": settings.protect,
        "tags": settings.tags,
    }


def _configs(topic: Topic, settings: StackSettings) -> dict[str, str]:
    """What a topic sets, and the stated retention where it says none: no server property gives it that; AWS's is a week."""
    configs = configs_of(topic)
    if "delete" in words_of(configs.get("cleanup.policy", TOPIC_CONFIGS["cleanup.policy"])):
        configs.setdefault("retention.ms", str(settings.workload.retention_hours * MILLISECONDS_OF_AN_HOUR))
    return dict(sorted(configs.items()))


def topics_note(settings: StackSettings, stack: str) -> str | None:
    """How the topics of a Serverless cluster come to be; None where it has none, or where Pulumi makes them."""
    if not settings.is_serverless or not settings.topics:
        return None
    return (
        "topics: AWS has no API for topics of Serverless clusters, so `pulumi up` creates none. Create them from a host in the "
        f"VPC: python -m tools topics --stack {stack or '<stack>'} --command-config client.properties --apply."
    )
