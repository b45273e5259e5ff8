"""The difference between the ACLs that a stack wants and those of its cluster. Nothing here asks or changes anything.

Nothing is taken away but what this command applied before (its receipt says so) and the stack wants no more, and what belongs to
a principal that somebody names. All else stays, and is listed with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from domain.access.acls import Acl, AclResource
from tools.acls.reading import EVERY_HOST, PREFIXED, acls_in, entry_of
from tools.acls.rights import EVERY_NAME, EVERYBODY, Covered, grants

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tools.acls.reading import Entry
    from tools.acls.terms import Terms


class Why(StrEnum):
    """Why an ACL goes, or stays though the stack does not want it."""

    LEFT = "applied before; no client of the stack is this principal any more"
    LESS = "applied before; the stack file no longer says so"
    HELD_OPEN = "kept a resource open during an earlier run"
    NAMED = "named with --reset"
    DENIES = "denies: no stack makes such an ACL"
    HOST = "holds for one host only: no stack makes such an ACL"
    UNKNOWN = "no stack makes ACLs on such a resource"
    EVERYBODY = "is everybody's"
    BEYOND = "is a client's, but neither in the stack file nor applied by this command"
    OTHERS = "is another principal's, and not applied by this command"


class Pattern(NamedTuple):
    """Names that an ACL is on: a kind of resource, a name, and whether that is the beginning of names."""

    resource: str
    name: str
    prefixed: bool

    @classmethod
    def of(cls, acl: Acl) -> Pattern:
        """The names that an ACL is on."""
        return cls(acl.resource.value, acl.name, acl.prefixed)

    def holds(self, other: Pattern) -> bool:
        """Whether all names of another are among its own."""
        return self == other or (self.prefixed and self.resource == other.resource and other.name.startswith(self.name))

    def takes_in(self, entry: Entry) -> bool:
        """Whether an ACL is on some of its names."""
        every = self.name == EVERY_NAME and not self.prefixed
        return entry.resource == self.resource and (every or (self.prefixed and entry.name.startswith(self.name)))


@dataclass(frozen=True, slots=True)
class Closed:
    """Names that everybody may use now, and that only some may use when they have an ACL.

    Attributes:
        pattern: The names.
        left_to: The principals that the new ACLs name.
        known: Principals that have ACLs on the cluster, but none here: cut off if they use it.
        partly: Whether some of the names have ACLs of their own: those are not everybody's now.
    """

    pattern: Pattern
    left_to: tuple[str, ...]
    known: tuple[str, ...]
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What makes the cluster's ACLs those of the stack.

    Attributes:
        added: What the stack wants and the cluster lacks.
        removed: What goes, and why.
        present: How many of the wanted are there.
        kept: What stays though the stack does not want it, and why.
        beyond: Of these, what lets the stack's clients do more than the stack file says.
        moot: Of these, what lets everybody, or another principal with all names, do what the stack gives to its clients.
        closed: What is everybody's until it has its first ACL.
        opened: What is everybody's again when its last ACL is gone.
    """

    added: tuple[Acl, ...]
    removed: tuple[tuple[Acl, Why], ...]
    present: int
    kept: tuple[tuple[Entry, Why], ...]
    beyond: tuple[Entry, ...]
    moot: tuple[Entry, ...]
    closed: tuple[Closed, ...]
    opened: tuple[Pattern, ...]

    @property
    def changes(self) -> bool:
        """Whether anything is to be done on the cluster."""
        return bool(self.added or self.removed)

    def entries_after(self, entries: Iterable[Entry]) -> set[Entry]:
        """The cluster's ACLs when the plan is carried out."""
        gone = {entry_of(acl) for acl, _ in self.removed}
        return (set(entries) - gone) | {entry_of(acl) for acl in self.added}


def plan_of(terms: Terms, entries: Collection[Entry], *, ours: Collection[Acl], reset: Collection[str] = ()) -> Plan:
    """Compares the stack with the cluster.

    Args:
        terms: What the stack wants.
        entries: The cluster's ACLs.
        ours: What this command applied to this cluster before.
        reset: Principals of which everything goes that the stack does not want, whoever made it.
    """
    wanted, there = terms.acls, acls_in(set(entries))
    added = tuple(sorted(wanted - there))
    removed = tuple(
        (acl, _why_removed(acl, terms, named=acl not in ours))
        for acl in sorted(there - wanted)
        if acl in ours or (acl.principal in reset and acl.principal != EVERYBODY)
    )
    gone = {entry_of(acl) for acl, _ in removed}
    stays = sorted(set(entries) - gone - {entry_of(acl) for acl in wanted})
    kept = tuple((entry, _why_kept(entry, terms)) for entry in stays)
    after = [*stays, *(entry_of(acl) for acl in wanted)]
    closed = _closed(added, entries, after, terms) if terms.everyone else ()
    return Plan(
        added=added,
        removed=removed,
        present=len(wanted & there),
        kept=kept,
        beyond=tuple(entry for entry in stays if entry.allows and entry.principal in {*terms.named, EVERYBODY}),
        moot=tuple(entry for entry in stays if _is_wide(entry, terms) and any(grants(entry, acl) for acl in wanted)),
        closed=closed,
        opened=_opened([acl for acl, _ in removed], after) if terms.everyone else (),
    )


def _why_removed(acl: Acl, terms: Terms, *, named: bool) -> Why:
    if named:
        return Why.NAMED
    if acl.principal == EVERYBODY:
        return Why.HELD_OPEN
    return Why.LESS if acl.principal in terms.named else Why.LEFT


def _why_kept(entry: Entry, terms: Terms) -> Why:
    if not entry.allows:
        return Why.DENIES
    if entry.host != EVERY_HOST:
        return Why.HOST
    if entry.acl is None:
        return Why.UNKNOWN
    if entry.principal == EVERYBODY:
        return Why.EVERYBODY
    return Why.BEYOND if entry.principal in terms.named else Why.OTHERS


def _is_wide(entry: Entry, terms: Terms) -> bool:
    """Whether it is everybody's, or another principal's on all names."""
    if entry.principal == EVERYBODY:
        return True
    every = entry.name == EVERY_NAME and entry.pattern != PREFIXED
    return every and entry.principal not in terms.named


def _closed(added: Iterable[Acl], before: Iterable[Entry], after: Iterable[Entry], terms: Terms) -> tuple[Closed, ...]:
    covered = Covered(before)
    closing = sorted({names for names in map(Pattern.of, added) if names not in covered})
    if not closing:
        return ()
    left_to: dict[Pattern, set[str]] = {names: set() for names in closing}
    for entry in after:
        names = Pattern(entry.resource, entry.name, entry.pattern == PREFIXED)
        if names in left_to:
            left_to[names].add(entry.principal)
    known = {entry.principal for entry in (*before, *after)} - {EVERYBODY}
    known |= terms.named | ({"User:ANONYMOUS"} if terms.unauthenticated else set())
    return tuple(
        Closed(
            names,
            tuple(sorted(left_to[names])),
            tuple(sorted(known - left_to[names])),
            partly=any(names.takes_in(entry) for entry in before),
        )
        for names in closing
    )


def _opened(removed: Iterable[Acl], after: Iterable[Entry]) -> tuple[Pattern, ...]:
    covered = Covered(after)
    return tuple(sorted({names for names in map(Pattern.of, removed) if names not in covered}))


def told(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """ACLs in words, each with its principal: ``User:erp may Describe, Read topic orders from 10.0.0.1``."""
    operations: dict[Entry, list[str]] = {}
    for entry in sorted(entries):
        operations.setdefault(replace(entry, operation=""), []).append(entry.operation)
    return [(entry.principal, _words(entry, ", ".join(verbs))) for entry, verbs in operations.items()]


def _words(entry: Entry, operations: str) -> str:
    verb = "may" if entry.allows else "may not"
    where = "" if entry.host == EVERY_HOST else f" from {entry.host}"
    names = named(entry.resource, entry.name, prefixed=entry.pattern == PREFIXED)
    return f"{entry.principal} {verb} {operations} {names}{where}"


def named(resource: str, name: str, *, prefixed: bool) -> str:
    """Names that an ACL is on, in words: ``topic orders``, ``topics orders.*``, ``the cluster``."""
    kind = resource.lower().replace("_", " ")
    if resource == AclResource.CLUSTER.value:
        return "the cluster"
    if prefixed:
        return f"{kind}s {name}*"
    return f"every {kind}" if name == EVERY_NAME else f"{kind} {name}"


def pattern_words(pattern: Pattern) -> str:
    """The same of a pattern."""
    return named(pattern.resource, pattern.name, prefixed=pattern.prefixed)
