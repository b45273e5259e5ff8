"""An entry of ``clients``: where a client connects from, who it is, and what it may do."""

from __future__ import annotations

from typing import Self

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from domain.access.rights import EVERY, Access, names
from domain.forms import exactly_one, required, some_of
from domain.settings.clients.formats import Format, FormatName, format_named
from domain.settings.clients.identities import Identity, only_one
from domain.settings.clients.rights import Administer, Connect, Consume, Observe, Operate, Produce, Streams
from domain.settings.types import Block, PrefixListId, SecurityGroupId

_NO_IDENTITY = 'has permissions but no identity. Add "as".'
_NO_CONSUME = "is required with streams: a Kafka Streams application reads topics. Name them in topics."
_NO_GROUPS = "must name groups or groupPrefixes: a consumer commits its offsets as a group."


class ClientAccess(Block):
    """Who a client is and what it may do; where it connects from is beside it."""

    model_config = ConfigDict(
        json_schema_extra={
            "dependencies": {
                **dict.fromkeys(
                    ("produce", "connect", "consume", "admin", "observe", "operate"), required("as", message=_NO_IDENTITY)
                ),
                "streams": {"allOf": [required("as", message=_NO_IDENTITY), required("consume", message=_NO_CONSUME)]},
            },
            "if": {"required": ["streams"]},
            "else": {"properties": {"consume": some_of("groups", "groupPrefixes", message=_NO_GROUPS)}},
        }
    )

    identity: Identity | None = Field(
        None, alias="as", description="The client's identity. Without it, the client gets network access only."
    )
    produce: Produce | None = Field(None, description="What it may write.")
    streams: Streams | None = Field(None, description="A Kafka Streams application, beside what it may write and read.")
    connect: Connect | None = Field(
        None, description="Workers of Kafka Connect, beside what their connectors write (produce) and read (consume)."
    )
    # Whether it is there or needs groups depends on what stands before it.
    consume: Consume | None = Field(None, description="What it may read.", validate_default=True)
    admin: Administer | None = Field(None, description="What it may administer.")
    observe: Observe | None = Field(
        None,
        description="It describes the cluster, its topics and consumer groups, and reads no message: {} for lag exporters, user "
        "interfaces and people on call.",
    )
    operate: Operate | None = Field(
        None,
        description="It runs the commands of the runbook: describes everything, moves partitions, elects leaders, changes "
        "configuration, quotas and ACLs, creates topics, deletes groups; it reads no message. On Serverless clusters, topics and "
        "groups only.",
    )
    formats: list[FormatName] = Field(
        default_factory=list,
        description="Its ready files in Parameter Store: java, spring, librdkafka, confluent-kafka (or python), kafka-python, "
        "connect, kafka-streams. Default: one, by the kind of client.",
    )

    @model_validator(mode="after")
    def _someone(self) -> Self:
        uses = (self.produce, self.streams, self.connect, self.consume, self.admin, self.observe, self.operate)
        if self.identity is None and any(use is not None for use in uses):
            raise ValueError(_NO_IDENTITY)
        return self

    @field_validator("consume")
    @classmethod
    def _groups(cls, consume: Consume | None, info: ValidationInfo) -> Consume | None:
        if "streams" not in info.data:
            # It is wrong itself: what it was meant to be is not known.
            return consume
        if info.data["streams"] is not None:
            if consume is None:
                raise ValueError(_NO_CONSUME)
        elif consume is not None and not consume.groups and not consume.group_prefixes:
            raise ValueError(_NO_GROUPS)
        return consume

    @property
    def groups(self) -> list[str]:
        """The consumer groups that it reads as, as far as they are known by their whole names."""
        return [*(self.consume.groups if self.consume else ()), *([self.streams.application_id] if self.streams else ())]

    @property
    def ready_formats(self) -> tuple[Format, ...]:
        """For which libraries it gets ready files: those that it names, or else the one of its kind."""
        if self.formats:
            return tuple(dict.fromkeys(format_named(name) for name in self.formats))
        if self.connect is not None:
            return (Format.CONNECT,)
        if self.streams is not None:
            return (Format.KAFKA_STREAMS,)
        role = self.identity.role if self.identity else None
        # A function in Java starts too slowly for most; the others come with librdkafka.
        return (Format.CONFLUENT_KAFKA,) if role and role.aws_lambda is not None else (Format.JAVA,)

    @property
    def access(self) -> Access:
        """What it may do, whichever way it is enforced."""
        produce, consume, admin, observe = self.produce, self.consume, self.admin, self.observe
        internal = [self.streams.beginning] if self.streams else []
        connect = self.connect
        return Access(
            produce=names(produce.topics, produce.prefixes) if produce else names(),
            transactional_ids=names(
                produce.transactional_ids if produce else (),
                [*(produce.transactional_id_prefixes if produce else ()), *internal],
            ),
            consume=names(consume.topics, consume.prefixes) if consume else names(),
            groups=names([*self.groups, *([connect.group_id] if connect else ())], consume.group_prefixes if consume else ()),
            streams_topics=names(prefixes=internal),
            connect_topics=names(connect.topics if connect else ()),
            administer=names(admin.topics, admin.prefixes) if admin else names(),
            administer_groups=names(admin.groups, admin.group_prefixes) if admin else names(),
            administer_cluster=bool(admin and admin.cluster),
            observe_topics=(names(observe.topics, observe.prefixes) or EVERY) if observe else names(),
            observe_groups=(names(observe.groups, observe.group_prefixes) or EVERY) if observe else names(),
            operate=self.operate is not None,
        )


class ClientSource(Block):
    """Where a client connects from: exactly one of the three."""

    model_config = ConfigDict(json_schema_extra=exactly_one("securityGroup", "cidr", "prefixList"))

    security_group: SecurityGroupId | None = Field(None, alias="securityGroup", description="A security group ID.")
    cidr: str | None = Field(None, description="An IPv4 range, such as 10.90.0.0/24; with network.ipv6 an IPv6 one too.")
    prefix_list: PrefixListId | None = Field(None, alias="prefixList", description="A managed prefix list ID.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        only_one(self)
        return self


class Client(ClientAccess):
    """Someone who may reach the brokers, and perhaps more. The key is the client's name."""

    source: ClientSource = Field(alias="from", description="Where the client connects from.")
