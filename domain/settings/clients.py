"""Clients of the stack file: where each connects from, who it is, and what it may do. One entry gives all of it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from domain.access.issuers import PROVIDER_ARN, provider_arn
from domain.access.mechanisms import Mechanism
from domain.access.principals import PRINCIPAL_ARN, principal_arn
from domain.access.rights import GROUP_NAME, TOPIC_NAME, Access, names
from domain.access.subjects import LONGEST_SUBJECT, distinguished_name
from domain.forms import exactly_one, exactly_one_message, of_form, required, some_of
from domain.settings.types import Block, PrefixListId, SecurityGroupId, matching

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
ScramUserName = Annotated[
    str,
    matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "a user name of at most 64 letters, digits, dots, underscores and hyphens"),
]
DistinguishedName = Annotated[
    str,
    AfterValidator(distinguished_name),
    of_form(
        "([A-Za-z]+|[0-9.]+)=[\\s\\S]*",
        "must be a certificate's subject as Kafka writes it, such as CN=orders,O=Example.",
        maxLength=LONGEST_SUBJECT,
    ),
]
PrincipalArn = Annotated[
    str,
    AfterValidator(principal_arn),
    of_form(PRINCIPAL_ARN, "must be the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/orders."),
]
OidcProviderArn = Annotated[
    str, AfterValidator(provider_arn), of_form(PROVIDER_ARN, "must be the ARN of the IAM OIDC provider of a Kubernetes cluster.")
]
ClusterOfPods = Annotated[
    str,
    matching(
        r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}",
        "an Amazon EKS cluster's name: at most 100 letters, digits, hyphens and underscores, the first a letter or digit",
    ),
]
"""Amazon EKS API reference, ``CreateCluster``, ``name``."""
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
Namespace = Annotated[
    str, matching(_LABEL, "one Kubernetes namespace: at most 63 lower-case letters, digits and hyphens, with no dots and no *")
]
ServiceAccount = Annotated[
    str,
    matching(
        rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*",
        "one Kubernetes service account: at most 253 lower-case letters, digits, dots and hyphens, with no *",
    ),
]
"""Kubernetes documentation, "Object Names and IDs": a namespace is a DNS label, a service account a DNS subdomain."""


LONGEST_LAG_SECONDS = 31_536_000
"""A year: no topic is read so far behind, and an alarm's threshold is a number that CloudWatch can hold."""


def _only_one(block: Block, besides: tuple[str, ...] = ()) -> None:
    """At most and at least one of a block's fields is given, those beside them not counted."""
    fields = {name: field for name, field in type(block).model_fields.items() if name not in besides}
    given = [name for name in fields if getattr(block, name) is not None]
    if len(given) != 1:
        raise ValueError(exactly_one_message([field.alias or name for name, field in fields.items()]))


class Ec2(Block):
    """A role for EC2 instances: its instance profile is exported."""


class Ecs(Block):
    """A task role for Amazon ECS."""


class Lambda(Block):
    """An execution role for AWS Lambda."""


class EksPodIdentity(Block):
    """A role for pods of an Amazon EKS cluster that has the Pod Identity agent."""

    cluster: ClusterOfPods = Field(description="The EKS cluster's name.")
    namespace: Namespace = Field(description="The Kubernetes namespace.")
    service_account: ServiceAccount = Field(alias="serviceAccount", description="The Kubernetes service account.")


class Irsa(Block):
    """A role for a Kubernetes service account, through the cluster's OIDC provider."""

    oidc_provider: OidcProviderArn = Field(alias="oidcProvider", description="The IAM OIDC provider's ARN.")
    namespace: Namespace = Field(description="The Kubernetes namespace.")
    service_account: ServiceAccount = Field(alias="serviceAccount", description="The Kubernetes service account.")


class Role(Block):
    """An IAM role to create, for exactly one kind of place it runs in."""

    model_config = ConfigDict(json_schema_extra=exactly_one("ec2", "ecs", "lambda", "eksPodIdentity", "irsa"))

    ec2: Ec2 | None = Field(None, description="EC2 instances, with a new instance profile.")
    ecs: Ecs | None = Field(None, description="Amazon ECS tasks.")
    aws_lambda: Lambda | None = Field(None, alias="lambda", description="AWS Lambda functions.")
    eks_pod_identity: EksPodIdentity | None = Field(
        None, alias="eksPodIdentity", description="Amazon EKS pods with Pod Identity, with a new association."
    )
    irsa: Irsa | None = Field(None, description="A Kubernetes service account with an IAM OIDC provider.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        _only_one(self)
        return self


class Identity(Block):
    """Who a client is: exactly one of the four."""

    model_config = ConfigDict(
        json_schema_extra={
            **exactly_one("role", "principal", "scramUser", "certificate"),
            "dependencies": {"nextScramUser": ["scramUser"]},
        }
    )

    role: Role | None = Field(None, description="An IAM role to create.")
    principal: PrincipalArn | None = Field(
        None, description="An existing IAM role or user of this account; policies are attached to it."
    )
    scram_user: ScramUserName | None = Field(
        None, alias="scramUser", description="A SCRAM user to create, with its password in Secrets Manager."
    )
    certificate: DistinguishedName | None = Field(
        None, description="The subject of its certificate, for mutual TLS; Kafka compares it exactly."
    )
    next_scram_user: ScramUserName | None = Field(
        None,
        alias="nextScramUser",
        description="For a password change: a second user with the same access, to switch to.",
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        _only_one(self, besides=("next_scram_user",))
        if self.next_scram_user is not None and self.next_scram_user == self.scram_user:
            raise ValueError("nextScramUser must differ from scramUser.")
        if self.next_scram_user is not None and self.scram_user is None:
            raise ValueError("nextScramUser needs scramUser.")
        return self

    @property
    def scram_users(self) -> tuple[str, ...]:
        """The SCRAM users that it is."""
        return tuple(user for user in (self.scram_user, self.next_scram_user) if user is not None)

    @property
    def mechanism(self) -> Mechanism:
        """How it proves who it is."""
        if self.scram_user is not None:
            return Mechanism.SCRAM
        return Mechanism.MUTUAL_TLS if self.certificate is not None else Mechanism.IAM


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


_NOTHING = "must name topics, prefixes, groups, groupPrefixes or cluster: true."


class Administer(Block):
    """What a client administers."""

    model_config = ConfigDict(
        json_schema_extra=some_of("topics", "prefixes", "groups", "groupPrefixes", or_true="cluster", message=_NOTHING)
    )

    topics: list[TopicText] = Field(default_factory=list, description="Topics it creates, alters and deletes.")
    prefixes: list[TopicPrefix] = Field(default_factory=list, description="Prefixes of such topics' names.")
    groups: list[GroupText] = Field(default_factory=list, description="Consumer groups whose offsets it resets.")
    group_prefixes: list[GroupText] = Field(
        default_factory=list, alias="groupPrefixes", description="Prefixes of such groups' names."
    )
    cluster: bool = Field(False, description="Administer the cluster too: ACLs, quotas and dynamic configuration.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.topics or self.prefixes or self.groups or self.group_prefixes or self.cluster):
            raise ValueError(_NOTHING)
        return self


_NO_IDENTITY = 'has permissions but no identity. Add "as".'
_NO_CONSUME = "is required with streams: a Kafka Streams application reads topics. Name them in topics."
_NO_GROUPS = "must name groups or groupPrefixes: a consumer commits its offsets as a group."


class ClientAccess(Block):
    """Who a client is and what it may do; where it connects from is beside it."""

    model_config = ConfigDict(
        json_schema_extra={
            "dependencies": {
                **dict.fromkeys(("produce", "consume", "admin"), required("as", message=_NO_IDENTITY)),
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
    # Whether it is there or needs groups depends on what stands before it.
    consume: Consume | None = Field(None, description="What it may read.", validate_default=True)
    admin: Administer | None = Field(None, description="What it may administer.")

    @model_validator(mode="after")
    def _someone(self) -> Self:
        if self.identity is None and (self.produce or self.streams or self.consume or self.admin):
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
    def access(self) -> Access:
        """What it may do, whichever way it is enforced."""
        produce, consume, admin = self.produce, self.consume, self.admin
        internal = [self.streams.beginning] if self.streams else []
        return Access(
            produce=names(produce.topics, produce.prefixes) if produce else names(),
            transactional_ids=names(
                produce.transactional_ids if produce else (),
                [*(produce.transactional_id_prefixes if produce else ()), *internal],
            ),
            consume=names(consume.topics, consume.prefixes) if consume else names(),
            groups=names(self.groups, consume.group_prefixes if consume else ()),
            streams_topics=names(prefixes=internal),
            administer=names(admin.topics, admin.prefixes) if admin else names(),
            administer_groups=names(admin.groups, admin.group_prefixes) if admin else names(),
            administer_cluster=bool(admin and admin.cluster),
        )


class ClientSource(Block):
    """Where a client connects from: exactly one of the three."""

    model_config = ConfigDict(json_schema_extra=exactly_one("securityGroup", "cidr", "prefixList"))

    security_group: SecurityGroupId | None = Field(None, alias="securityGroup", description="A security group ID.")
    cidr: str | None = Field(None, description="An IPv4 range, such as 10.90.0.0/24; with network.ipv6 an IPv6 one too.")
    prefix_list: PrefixListId | None = Field(None, alias="prefixList", description="A managed prefix list ID.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        _only_one(self)
        return self


class Client(ClientAccess):
    """Someone who may reach the brokers, and perhaps more. The key is the client's name."""

    source: ClientSource = Field(alias="from", description="Where the client connects from.")
