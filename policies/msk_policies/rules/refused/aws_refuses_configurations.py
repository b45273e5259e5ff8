"""A configuration that AWS takes.

AWS refuses a configuration with a name or a server property that is none of its own, for a Kafka version that it does not list,
or with custom addresses in another form. It holds properties against every version it has, whatever the configuration is for.
Complying costs nothing: what AWS refuses never reached a broker.

Properties are read as brokers read them, in Java's format. A list older than 180 days only advises, and so does a version that
looks newer than the list: AWS adds to both; a version stated in the setting `versions` passes. Properties that AWS documents
for Express brokers alone count as taken. Unknown values: left to the deployment.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.days import today
from msk_policies.kit.judges import Advice
from msk_policies.kit.properties import elements, read, read_if_known
from msk_policies.kit.rule import resource_rule
from msk_policies.msk.configurations import CONFIGURATION, SERVER_PROPERTIES
from msk_policies.msk.facts import fact
from msk_policies.msk.java_properties import entries
from msk_policies.msk.kafka_support import VERSIONS, looks_like_one, order, shown
from msk_policies.msk.refusals import answered, control, judge_of, what_is_wrong_with

_NAME = "name"
_FOR_VERSIONS = "kafkaVersions"
_LISTED = fact("configurations", "kafkaVersions")
_KEYS = fact("configurations", "keys")
_CUSTOM_LISTENERS = "custom.advertised.listeners"
_LISTENER = re.compile(fact("configurations", "customListenerForm").value)
_LIKE_A_KEY = re.compile(r"[a-z]+(\.[a-z]+)+")
_NEWEST = max(order(version) for version in _LISTED.value)


def _judge(props: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[str]:
    yield from judge_of(_name, _keys, _custom_listeners)(props, config)
    yield from _versions(props, config)


def _name(props: Mapping[str, Any]) -> Iterator[str]:
    name = read(props, _NAME)
    wrong = what_is_wrong_with(name) if isinstance(name, str) else None
    if wrong:
        yield (
            f"Give a configuration a name that AWS accepts: {_NAME} {wrong}, {answered('config-name-pattern')}. Set {_NAME} to "
            "letters, digits and hyphens, beginning with a letter or digit, or leave it out."
        )


def _versions(props: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[str]:
    stated = VERSIONS.of(config)
    for index, version in enumerate(elements(read_if_known(props, _FOR_VERSIONS))):
        if not isinstance(version, str) or version in _LISTED.value or version in stated:
            continue
        sentence = (
            f"Create a configuration for versions that Amazon MSK lists: {_FOR_VERSIONS}[{index}] is {shown(version)}, which it "
            f"did not list on {_LISTED.as_of}, {answered('config-kafka-versions-unknown')}. Set {_FOR_VERSIONS} to listed "
            "versions, or leave it out."
        )
        yield Advice(sentence) if _LISTED.outdated(today()) or _may_be_newer(version) else sentence


def _may_be_newer(version: str) -> bool:
    """Whether a version may have come after the list: the next ones of its newest, or the first of the number after."""
    if not looks_like_one(version):
        return False
    numbers, _ = order(version)
    (newest, *_), _ = _NEWEST
    return order(version) > _NEWEST and numbers[0] in (newest, newest + 1)


def _keys(props: Mapping[str, Any]) -> Iterator[str]:
    for place, (key, _) in enumerate(_entries(props)):
        if key in _KEYS.value:
            continue
        name = key if _LIKE_A_KEY.fullmatch(key) else f"the key of entry {place + 1}"
        sentence = (
            f"Set only server properties that Amazon MSK lets a configuration set: {SERVER_PROPERTIES} sets {name}, "
            f"{answered('config-server-properties-allowed-keys')}. Remove it from {SERVER_PROPERTIES}."
        )
        yield Advice(sentence) if _KEYS.outdated(today()) else sentence


def _custom_listeners(props: Mapping[str, Any]) -> Iterator[str]:
    for key, value in _entries(props):
        if key != _CUSTOM_LISTENERS:
            continue
        for place, listener in enumerate(value.split(",")):
            if not _LISTENER.fullmatch(listener.strip()):
                yield (
                    f"Write custom addresses in AWS's form: entry {place + 1} of {_CUSTOM_LISTENERS} in {SERVER_PROPERTIES} has "
                    f"another form, {answered('config-custom-advertised-listeners-format')}. End it in "
                    ":port+{broker_id}, as in CLIENT_IAM://b-{broker_id}.kafka.example.com:9098+{broker_id}."
                )


def _entries(props: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    text = read(props, SERVER_PROPERTIES)
    return entries(text) if isinstance(text, str) else iter(())


POLICY = resource_rule(
    "aws-refuses-configurations",
    display_name="Configurations that AWS accepts",
    description="An MSK configuration should have a name, versions and server properties that AWS accepts.",
    judges={CONFIGURATION: _judge},
    severity=Severity.MEDIUM,
    settings=[VERSIONS],
    tags=[
        "msk",
        "refused",
        "configuration",
        control("config-custom-advertised-listeners-format"),
        control("config-kafka-versions-unknown"),
        control("config-name-pattern"),
        control("config-server-properties-allowed-keys"),
    ],
    remediation_steps="Remove the properties that AWS's page does not list; topics have properties of their own. You may leave "
    "versions out: AWS then accepts the configuration for all. A new name replaces the configuration; other changes create a new "
    "revision.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html",
)
