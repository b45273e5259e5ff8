"""What a client may do: a block of its entry for each kind of use."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from domain.access.rights import GROUP_NAME, TOPIC_NAME
from domain.forms import of_form, some_of
from domain.settings.types import Block, matching

_TOPIC_PART = matching(TOPIC_NAME.pattern, "letters, digits, dots, underscores and hyphens, at most 249")
_GROUP_PART = matching(GROUP_NAME.pattern, "letters, digits and any of . _ : # / @ + = -, at most 256")
TopicPrefix = Annotated[str, _TOPIC_PART]


def _whole_topic(name: str) -> str:
    if name in (".", ".."):
        raise ValueError("is not a topic name: Kafka refuses the names . and ..")
    return name


TopicText = Annotated[
    str,
    _TOPIC_PART,
    AfterValidator(_whole_topic),
    of_form(rf"(?!\.{{1,2}}$){TOPIC_NAME.pattern}", "must be a topic's name: letters, digits, dots, underscores and hyphens."),
]
GroupText = Annotated[str, _GROUP_PART]
ApplicationId = Annotated[
    str,
    matching(
        r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}",
        "letters, digits, dots, underscores and hyphens, the first a letter, digit or underscore, at most 128: names of topics "
        "of at most 249 characters begin with it",
    ),
]
"""Apache Kafka documentation, "Configuring a Streams Application", ``application.id``: the characters of topics' names. Half of
the 249 characters of such a name are left to Kafka Streams, whose own names of operators take about 60."""
LONGEST_LAG_SECONDS = 31_536_000
"""A year: no topic is read so far behind, and an alarm's threshold is a number that CloudWatch can hold."""


class _OfTopics(Block):
    """Some topics, by whole names or by beginnings of names."""

    model_config = ConfigDict(json_schema_extra=some_of("topics", "prefixes", message="must name topics or prefixes."))

    topics: list[TopicText] = Field(default_factory=list, description="Topics, whole names.")
    prefixes: list[TopicPrefix] = Field(default_factory=list, description="Prefixes of topic names.")

    @model_validator(mode="after")
    def _some_topics(self) -> Self:
        if not self.topics and not self.prefixes:
            raise ValueError("must name topics or prefixes.")
        return self


class Produce(_OfTopics):
    """What a client writes to."""

    transactional_ids: list[GroupText] = Field(
        default_factory=list,
        alias="transactionalIds",
        description="Full transactional IDs; without any, the client cannot use transactions.",
    )
    transactional_id_prefixes: list[GroupText] = Field(
        default_factory=list, alias="transactionalIdPrefixes", description="Prefixes of transactional IDs."
    )


class Consume(_OfTopics):
    """What a client reads."""

    groups: list[GroupText] = Field(default_factory=list, description="Full consumer group names.")
    group_prefixes: list[GroupText] = Field(
        default_factory=list, alias="groupPrefixes", description="Prefixes of consumer group names."
    )
    max_lag_seconds: int | None = Field(
        None,
        alias="maxLagSeconds",
        ge=1,
        le=LONGEST_LAG_SECONDS,
        description="Consumer lag, in seconds, above which an alarm fires.",
    )


CHANGELOG = "-changelog"
"""The end of the names of topics that keep a Kafka Streams application's state."""

_INTERNAL_ENDS = (CHANGELOG, "-repartition", "-topic")
"""Ends of the names of Kafka Streams' internal topics, ``-topic`` of joins by foreign key. Apache Kafka documentation, "Streams
Security"; ``KTableImpl``."""


class Streams(Block):
    """A Kafka Streams application: its consumer group, internal topics and transactions follow from its ID."""

    application_id: ApplicationId = Field(
        alias="applicationId",
        description="Its application.id: its consumer group, and what its internal topics and transactional IDs begin with.",
    )

    @property
    def beginning(self) -> str:
        """What the names of its internal topics and its transactional ids begin with.

        Apache Kafka documentation, "Streams Security": ``<application.id>-<operatorName>-<suffix>``; ``StreamsProducer``:
        ``<application.id>-<processId>-<thread>``.
        """
        return f"{self.application_id}-"

    def has_internal(self, topic: str) -> bool:
        """Whether a topic is called like one of its internal topics; whoever makes those in advance calls them so."""
        return topic.startswith(self.beginning) and topic.endswith(_INTERNAL_ENDS)


class Connect(Block):
    """The workers of a Kafka Connect cluster: their group and the three topics that they keep their state in."""

    group_id: GroupText = Field(
        alias="groupId",
        description="The workers' group.id, such as orders-connect: no consumer group, and no sink's.",
    )
    config_topic: TopicText | None = Field(
        None, alias="configTopic", description="Topic of the connectors' configuration. Default: groupId and -configs."
    )
    offset_topic: TopicText | None = Field(
        None, alias="offsetTopic", description="Topic of the source connectors' offsets. Default: groupId and -offsets."
    )
    status_topic: TopicText | None = Field(
        None, alias="statusTopic", description="Topic of the connectors' states. Default: groupId and -status."
    )

    @property
    def topics(self) -> tuple[str, str, str]:
        """The topics of configurations, of offsets and of states."""
        return (
            self.config_topic or f"{self.group_id}-configs",
            self.offset_topic or f"{self.group_id}-offsets",
            self.status_topic or f"{self.group_id}-status",
        )


_NOTHING = "must name topics, prefixes, groups, groupPrefixes or cluster: true."


class Administer(Block):
    """What a client administers."""

    model_config = ConfigDict(
        json_schema_extra=some_of("topics", "prefixes", "groups", "groupPrefixes", or_true="cluster", message=_NOTHING)
    )

    topics: list[TopicText] = Field(default_factory=list, description="Topics it creates, alters and deletes.")
    prefixes: list[TopicPrefix] = Field(default_factory=list, description="Prefixes of such topics' names.")
    groups: list[GroupText] = Field(
        default_factory=list, description="Consumer groups it deletes, and whose offsets it resets on topics that it consumes."
    )
    group_prefixes: list[GroupText] = Field(
        default_factory=list, alias="groupPrefixes", description="Prefixes of such groups' names."
    )
    cluster: bool = Field(False, description="Administer the cluster too: ACLs, quotas and dynamic configuration.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.topics or self.prefixes or self.groups or self.group_prefixes or self.cluster):
            raise ValueError(_NOTHING)
        return self


class Observe(Block):
    """What a client sees, and neither reads nor changes: for lag exporters, user interfaces and people on call."""

    topics: list[TopicText] = Field(
        default_factory=list, description="Topics it describes, full names. Default, without prefixes: all topics."
    )
    prefixes: list[TopicPrefix] = Field(default_factory=list, description="Prefixes of such topics' names.")
    groups: list[GroupText] = Field(
        default_factory=list, description="Consumer groups it describes, full names. Default, without groupPrefixes: all groups."
    )
    group_prefixes: list[GroupText] = Field(
        default_factory=list, alias="groupPrefixes", description="Prefixes of such groups' names."
    )


class Operate(Block):
    """What whoever is on call does to a running cluster, without reading or writing a message.

    That leaves out moving a group's offsets: Kafka asks the right to read the topic for it (``KafkaApis``, OffsetCommit and
    OffsetDelete).
    """
