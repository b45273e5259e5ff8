"""What stands against a plan, and what it takes: all of it is said before anything is changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.access.acls import CLUSTER_NAME, AclResource
from domain.java_properties import parse_properties
from domain.problems import did_you_mean
from tools.acls.plan import Why, pattern_words, told
from tools.acls.rights import EVERYBODY, allowed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from tools.acls.plan import Pattern, Plan
    from tools.acls.reading import Entry
    from tools.acls.terms import Terms

_BROKERS: Final = re.compile(r"User:CN=\*\.")
"""What certificates of Amazon MSK's brokers begin with. MSK Developer Guide, "Apache Kafka ACLs"."""
_USER: Final = re.compile(r'\busername\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s;"]+))')
_SHOWN: Final = 10
"""How many of a kind are named one by one."""


@dataclass(frozen=True, slots=True)
class Applying:
    """Who applies.

    Attributes:
        principal: Whom Kafka knows it by; None where its file does not say, or IAM decides.
        by_iam: Whether IAM decides what it may do, so that no ACL can shut it out.
    """

    principal: str | None
    by_iam: bool = False


def applying_in(client_properties: str, named: str | None) -> Applying:
    """Who a client's properties are of.

    Args:
        client_properties: The text of the properties.
        named: The principal that somebody gave.
    """
    properties = parse_properties(client_properties)
    mechanism, protocol = properties.get("sasl.mechanism", ""), properties.get("security.protocol", "PLAINTEXT")
    # On Amazon MSK OAUTHBEARER is another way to bring IAM's signatures.
    if mechanism in ("AWS_MSK_IAM", "OAUTHBEARER"):
        return Applying(None, by_iam=True)
    if named:
        return Applying(named)
    if protocol.startswith("SASL_"):
        match = _USER.search(properties.get("sasl.jaas.config", "")) if mechanism.startswith("SCRAM") else None
        user = re.sub(r"\\(.)", r"\1", match[1]) if match and match[1] is not None else match[2] if match else None
        return Applying(f"User:{user}" if user and "${" not in user else None)
    return Applying(None if any(name.startswith("ssl.keystore.") for name in properties) else "User:ANONYMOUS")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What there is to say against a plan.

    Attributes:
        objections: Why it is not carried out.
        warnings: What it takes, and what it does not reach.
    """

    objections: tuple[str, ...]
    warnings: tuple[str, ...]


def verdict_on(
    plan: Plan, terms: Terms, entries: Collection[Entry], applying: Applying, *, reset: Collection[str] = ()
) -> Verdict:
    """Judges a plan.

    Args:
        plan: The plan.
        terms: What the stack wants.
        entries: The cluster's ACLs.
        applying: Who applies.
        reset: Principals that somebody named.
    """
    return Verdict(
        (*_named(plan, entries, reset), *_cut_off(plan, terms, entries, applying)),
        (*_closing(plan), *_opening(plan), *_moot(plan), *_beyond(plan), *_denying(plan, terms)),
    )


def _named(plan: Plan, entries: Collection[Entry], reset: Collection[str]) -> Iterator[str]:
    principals = {entry.principal for entry in entries}
    removed = {acl.principal for acl, why in plan.removed if why is Why.NAMED}
    for principal in sorted(set(reset)):
        if principal == EVERYBODY or _BROKERS.match(principal):
            whose = "everybody's" if principal == EVERYBODY else "the brokers' own"
            yield (
                f"--reset {principal}: these ACLs are {whose}, and others may live by them. Take them away with kafka-acls.sh "
                "--remove, one by one."
            )
        elif principal not in principals:
            yield f"--reset {principal}: the cluster has no ACLs of it.{did_you_mean(principal, principals)} Leave it out."
        elif principal not in removed:
            yield f"--reset {principal}: it has no ACLs but those that the stack wants, or that no stack makes. Leave it out."


def _cut_off(plan: Plan, terms: Terms, entries: Collection[Entry], applying: Applying) -> Iterator[str]:
    """Whoever applies must be able to go on: ACLs are read and changed by who may describe and alter the cluster."""
    if applying.by_iam:
        return
    cluster = AclResource.CLUSTER
    touched = any(acl.resource is cluster for acl, _ in plan.removed) or any(
        closed.pattern.resource == cluster.value for closed in plan.closed
    )
    if applying.principal is None:
        stays_open = terms.everyone and not any(entry.resource == cluster.value for entry in plan.entries_after(entries))
        if touched and not stays_open:
            yield (
                "The plan changes who may alter the cluster, and the client's file does not say who you are: Kafka could shut "
                'you out halfway. Give your principal as Kafka writes it, --principal "User:CN=...", or apply as an IAM client.'
            )
        return
    asked = (applying.principal, cluster.value, CLUSTER_NAME, "Alter")
    before = allowed(entries, *asked, everyone=terms.everyone)
    if before and not allowed(plan.entries_after(entries), *asked, everyone=terms.everyone):
        yield (
            f"{applying.principal}, who applies this, could alter the cluster no more and would be cut off. Apply as a client "
            "with admin: {cluster: true} that stays in the stack file, or as an IAM client."
        )


def _closing(plan: Plan) -> Iterator[str]:
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Pattern]] = {}
    for closed in plan.closed:
        alike.setdefault((closed.left_to, closed.known), []).append(closed.pattern)
    for (left_to, known), patterns in alike.items():
        cut = f"{_some(known)}, and others" if known else "all"
        yield (
            f"No ACL is on {_some(map(pattern_words, patterns))} yet, so everybody who gets in may use what it names; then only "
            f"{_some(left_to)} may. Cut off if they use it: {cut} of whom the cluster has no ACL there."
        )


def _opening(plan: Plan) -> Iterator[str]:
    if plan.opened:
        yield (
            f"The last ACL goes from {_some(map(pattern_words, plan.opened))}, and then everybody who gets in may use what it "
            "names. Set serverProperties allow.everyone.if.no.acl.found: false first."
        )


def _some(words: Iterable[str]) -> str:
    every = list(words)
    more = [f"{len(every) - _SHOWN:,} more"] if len(every) > _SHOWN else []
    return ", ".join([*every[:_SHOWN], *more])


def _moot(plan: Plan) -> Iterator[str]:
    for _, words in _first(told(plan.moot), "others may do as well"):
        yield f"Others may do what the stack gives to its clients: {words}."


def _beyond(plan: Plan) -> Iterator[str]:
    known = {*plan.moot}
    more = told(entry for entry in plan.beyond if entry not in known)
    for principal, words in _first(more, "clients may do"):
        remedy = f" Write it into the stack file, or take it away with --reset {principal}." if principal != EVERYBODY else ""
        yield f"Clients may do more than the stack file says: {words}.{remedy}"


def _denying(plan: Plan, terms: Terms) -> Iterator[str]:
    denied = [entry for entry, why in plan.kept if why is Why.DENIES and entry.principal in {*terms.named, EVERYBODY}]
    for _, words in _first(told(denied), "are denied"):
        yield f"A Deny goes before what the stack allows: {words}."


def _first(every: list[tuple[str, str]], what: str) -> list[tuple[str, str]]:
    more = len(every) - _SHOWN
    return [*every[:_SHOWN], *([("", f"{more:,} more things {what} (--format json)")] if more > 0 else [])]
