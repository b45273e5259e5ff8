"""Topics of the stack file: what they are made of, and what is wrong with one.

Limits: MSK Developer Guide, "Topic operations" (Kafka 3.6.0 or newer, provisioned clusters),
"Amazon MSK Express brokers" (replication is always 3) and "Tiered storage" (what a tiered topic may be); Apache Kafka (names).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from domain.access.rights import TOPIC_NAME
from domain.forms import ONE_LINE, of_form, suggested
from domain.properties.topic import TOPIC_CONFIGS
from domain.settings.types import Block, KafkaProperties

EXPRESS_REPLICATION_FACTOR = 3
"""Of every topic on Express brokers, whatever is asked for."""


def _topic_name(name: str) -> str:
    if not TOPIC_NAME.fullmatch(name) or name in (".", ".."):
        raise ValueError("must be 1 to 249 letters, digits, dots, underscores and hyphens, and not only dots.")
    if name.startswith("__"):
        raise ValueError(
            "begins with two underscores, which Kafka and Amazon MSK reserve for their own topics. Choose another name."
        )
    return name


TopicName = Annotated[
    str,
    AfterValidator(_topic_name),
    of_form(
        rf"(?!__)(?!\.{{1,2}}$){TOPIC_NAME.pattern}",
        "must be 1 to 249 letters, digits, dots, underscores and hyphens, and not begin with two underscores.",
    ),
]

LONGEST_HOURS = (2**63 - 1) // 3_600_000
"""Hours in the most milliseconds that Kafka counts."""

LARGEST_INT = 2**31 - 1
"""Kafka's numbers of partitions, replicas and bytes have 32 bits."""

LONGEST_OWNER = 256
"""Characters of an owner: a name or an address. All topics share the 128 KiB that a stack file may have."""


def _owner(owner: str) -> str:
    if len(owner) > LONGEST_OWNER or not owner.isprintable():
        raise ValueError(f"must be one line of at most {LONGEST_OWNER} characters: a team, a person or an address.")
    return owner


Owner = Annotated[
    str, AfterValidator(_owner), of_form(ONE_LINE, "must be one line of visible characters.", maxLength=LONGEST_OWNER)
]


class Topic(Block):
    """A topic. The key is its name, and a renamed topic is another topic: the old one's messages go with it."""

    partitions: int = Field(
        ge=1, le=LARGEST_INT, description="Number of partitions, which limits parallel reading. It can only grow."
    )
    replication_factor: int | None = Field(
        None,
        alias="replicationFactor",
        ge=1,
        le=LARGEST_INT,
        description="Copies of each partition. Default: the cluster's. Changing it replaces the topic.",
    )
    retention_hours: float | None = Field(
        None,
        alias="retentionHours",
        gt=0,
        le=LONGEST_HOURS,
        description="How long messages are kept, in hours. Default: the cluster's.",
    )
    cleanup_policy: Literal["delete", "compact", "compact,delete"] | None = Field(
        None,
        alias="cleanupPolicy",
        description="What happens to old messages: compact keeps the newest of each key. Default: the cluster's.",
    )
    min_insync_replicas: int | None = Field(
        None,
        alias="minInsyncReplicas",
        ge=1,
        le=LARGEST_INT,
        description="Copies that must have a message before it is acknowledged. Default: the cluster's.",
    )
    max_message_bytes: int | None = Field(
        None,
        alias="maxMessageBytes",
        ge=1,
        le=LARGEST_INT,
        description="Largest batch of messages, bytes. Default: the cluster's.",
    )
    compression_type: Literal["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"] | None = Field(
        None, alias="compressionType", description="Compression of messages on the brokers. Default: as producers sent them."
    )
    remote_storage: bool = Field(
        False,
        alias="remoteStorage",
        description="Move older segments to tiered storage; needs storage.mode TIERED. Once turned off, it cannot be turned on "
        "again.",
    )
    local_retention_hours: float | None = Field(
        None,
        alias="localRetentionHours",
        gt=0,
        le=LONGEST_HOURS,
        description="With remoteStorage: how long messages stay on the brokers' volumes, in hours.",
    )
    configs: Annotated[KafkaProperties, suggested(TOPIC_CONFIGS)] = Field(
        default_factory=dict, description="Any other configuration of the topic, by Kafka's name."
    )
    owner: Owner = Field("", description="The topic's owner, for readers of the stack file.")


Topics = Mapping[str, Topic]
