"""What somebody may do with a cluster, whoever decides on it, and what nobody can tell from an inventory."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What is done, in the order in which people ask."""

    READ = "read"
    """Messages of a topic; of a group: its place in topics, by joining it."""
    WRITE = "write"
    """Messages to a topic; of a transactional id: in its transactions."""
    ADMINISTER = "administer"
    """Creates, alters, configures or deletes; of a cluster: also opens, replaces or deletes it by Amazon MSK's own API."""
    DESCRIBE = "describe"
    """Sees that it is there and how it is configured, and no message."""
    CONNECT = "connect"
    """To the cluster, without which none of the others has an effect for identities of IAM."""


class Decided(StrEnum):
    """Who decides."""

    IAM = "IAM policy"
    AWS = "policy of AWS's own"
    CLUSTER = "cluster policy"
    ACL = "Kafka ACL"
    NO_ACL = "no Kafka ACL"
    """Nobody is refused where no ACL stands: ``allow.everyone.if.no.acl.found``."""
    STATED = "Kafka ACL that the stack file wants"
    """Amazon MSK has no API for ACLs: whether the cluster has it, a receipt of ``make acls`` tells."""


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that one holder may do.

    Attributes:
        holder: Who: "client orders-api", "role connect", "account 444455556666", "User:orders".
        cluster: The cluster's name; the pattern of an ARN where it is none of the inventory's.
        kind: topic, group, transactional-id or cluster.
        name: Its name, or a pattern of names; ``*`` for all. A cluster's is empty.
        verb: What may be done.
        actions: The actions or operations that allow it, as IAM or Kafka call them.
        decided: Who decides.
        source: The URN of the resource that says so.
        limits: Under what conditions, and what is excepted; empty for what holds always.
        excepted: The patterns of names that are certainly denied.
    """

    holder: str
    cluster: str
    kind: str
    name: str
    verb: Verb
    actions: tuple[str, ...]
    decided: Decided
    source: str
    limits: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Something that may give somebody rights and cannot be read.

    Attributes:
        about: Who or what: "role connect", "policy orders".
        urn: The resource that says so.
        why: Why it cannot be read, as a sentence without its full stop.
        stated: What the program says of it beside; empty for nothing.
    """

    about: str
    urn: str
    why: str
    stated: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A role of the inventory that holds a right, and who may become it.

    Attributes:
        holder: As in `Right`.
        role: Its name, or its name in the program where AWS decides.
        taken_by: Who may take it by its trust policy, each with its conditions.
        urn: The role.
    """

    holder: str
    role: str
    taken_by: tuple[str, ...]
    urn: str


@dataclass(frozen=True, slots=True)
class WhoMay:
    """Who may do what, as an inventory says.

    Attributes:
        rights: In order of cluster, kind, name and holder.
        unresolved: What is not among them because it cannot be read.
        identities: Roles that hold rights.
        clusters: The names of the clusters of the inventory.
        topics: The names of topics that the inventory has.
    """

    rights: tuple[Right, ...]
    unresolved: tuple[Unresolved, ...]
    identities: tuple[Identity, ...]
    clusters: tuple[str, ...]
    topics: tuple[str, ...]
