"""Whom the brokers' security group lets in: how many rules that takes, and how many addresses it comes to."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from domain.checks.registry import checks, warns
from domain.msk.quotas import RULES_OF_A_SECURITY_GROUP
from domain.network.openings import Opening, openings
from domain.network.ranges import (
    MOST_PUBLIC,
    Range,
    addresses_of,
    is_nobodys,
    is_public,
    is_wide,
    merged,
)
from domain.plan.network import plan_security_group
from domain.plan.platform import Plan
from domain.problems import Problem
from domain.settings.stack import StackSettings


def _rules(settings: StackSettings) -> tuple[Opening, ...]:
    group = plan_security_group(settings)
    return openings(
        group["listeners"],
        group["sources"],
        administrators=group.get("administrators") or (),
        collectors=group.get("collectors") or (),
    )


def rules_by_family(rules: tuple[Opening, ...]) -> dict[str, int]:
    """How many rules count for IPv4 and for IPv6: those of ranges for their own, the others for both.

    A prefix list counts once here, and as many as its largest number of entries in AWS.
    """
    ipv6 = sum(rule.kind == "cidr" and ":" in rule.value for rule in rules)
    ipv4 = sum(rule.kind == "cidr" and ":" not in rule.value for rule in rules)
    both = len(rules) - ipv4 - ipv6
    return {"IPv4": ipv4 + both, "IPv6": ipv6 + both}


@checks("authentication", "clients", "encryption", "kafkaVersion", "monitoring", "network", after_others=True)
def _more_rules_than_ever(plan: Plan) -> Iterator[Problem]:
    most = RULES_OF_A_SECURITY_GROUP.maximum
    for family, count in rules_by_family(_rules(plan.settings)).items():
        if count > most:
            yield Problem(
                ("clients",),
                f"{count} rules for {family}",
                f"are more than the {most} that a network interface can have, even after AWS raises "
                f"{RULES_OF_A_SECURITY_GROUP.shown}. Cover several clients with one range or one security group.",
            )


@warns("clients", "acknowledge")
def _more_rules_than_the_quota(plan: Plan) -> Iterator[str]:
    quota = RULES_OF_A_SECURITY_GROUP
    if plan.is_raised(quota):
        return
    rules = _rules(plan.settings)
    lists = sorted({rule.value for rule in rules if rule.kind == "prefix_list"})
    for family, count in rules_by_family(rules).items():
        if count > quota.default:
            yield (
                f"clients need {'at least ' if lists else ''}{count} rules for {family} in the brokers' security group, one "
                f"for each client's source and port, and AWS takes {quota.default} unless {quota.shown} was raised. Have it "
                "raised before deploying, or let clients in by ranges that hold several, or by a security group that they share. "
                f"{quota.once_raised}"
            )
    if lists:
        ports = len({(rule.port, rule.last_port) for rule in rules if rule.kind == "prefix_list"})
        yield (
            f"{', '.join(lists)}: a prefix list counts at each of {ports} port{'s' if ports > 1 else ''} as many rules as its "
            f"largest number of entries, which nobody knows here; AWS takes {quota.default} unless {quota.shown} was raised. "
            f"{quota.once_raised}"
        )


@warns("clients", "network")
def _more_addresses_than_meant(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    given: dict[Range, list[str]] = {}
    for name, client in settings.clients.items():
        if client.source.cidr:
            given.setdefault(ipaddress.ip_network(client.source.cidr, strict=False), []).append(f"clients.{name}.from.cidr")
    prometheus = settings.monitoring.prometheus
    for index, source in enumerate(prometheus.scraped_by if prometheus else []):
        if source.cidr:
            place = f"monitoring.prometheus.scrapedBy[{index}].cidr"
            given.setdefault(ipaddress.ip_network(source.cidr, strict=False), []).append(place)
    for network, places in given.items():
        if is_nobodys(network):
            yield f"{_listed(places)} is {network}: no client connects from such an address. Name the clients' own addresses."
    together = [network for network in merged(given) if not is_nobodys(network)]
    everyone = [network for network in together if network.prefixlen == 0]
    for network in everyone:
        yield f"{_whose(network, given)} is {network}: every address can reach the brokers' ports."
    yield from _public(settings, [network for network in together if network not in everyone], given)
    for network in together:
        if network not in everyone and is_wide(network) and not is_public(network):
            yield (
                f"{_whose(network, given)} is {network}: {network.num_addresses:,} addresses may reach the brokers' ports, "
                "more than any one network of clients has. Name the clients' own ranges or security groups."
            )


def _public(settings: StackSettings, together: list[Range], given: dict[Range, list[str]]) -> Iterator[str]:
    own = [] if settings.network.existing else [ipaddress.ip_network(settings.network.cidr, strict=False)]
    public = [network for network in together if is_public(network, own)]
    count = addresses_of(public)
    if count <= MOST_PUBLIC:
        return
    widest = min(public, key=lambda network: network.prefixlen)
    others = f" and {len(public) - 1} more" if len(public) > 1 else ""
    way = (
        "anyone who has one may reach the brokers' public ports"
        if settings.network.public_access
        else "network.publicAccess is off, so they reach the brokers only if a route leads into the VPC"
    )
    yield (
        f"{_whose(widest, given)} is {widest}{others}: {count:,} public addresses are allowed; {way}. Name the clients' own "
        "addresses."
    )


def _whose(network: Range, given: dict[Range, list[str]]) -> str:
    """The settings that a merged range comes from."""
    return _listed([place for part, places in given.items() for place in places if merged([part, network]) == [network]])


_MOST_LISTED = 3


def _listed(places: list[str]) -> str:
    if len(places) <= _MOST_LISTED:
        return f"{' and '.join(places)}{' together' if len(places) > 1 else ''}"
    return f"{', '.join(places[:_MOST_LISTED])} and {len(places) - _MOST_LISTED} more together"
