"""Plays the AWS provider: checks inputs, creates resources, answers functions, the same way every time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from offline.aws import functions as aws_functions
from offline.aws.created import Created
from offline.aws.facts import ACCOUNT, DEFAULT_REGION, ZONES
from offline.aws.outputs import outputs_of
from offline.aws.random import random_outputs, random_preview
from offline.aws.types import OTHER, TYPES, ResourceType
from offline.protocol import wire
from offline.protocol.failures import NameTooLong

ProviderConfig: TypeAlias = Mapping[str, wire.Value]
"""A provider's inputs, camelCase, revealed: `region`, `defaultTags`, ..."""

_AUTONAME_DIGITS: Final = 7


class AwsDouble:
    """The AWS provider with no AWS behind it.

    What it creates it remembers, so that a function can be asked about it. Ids, names and ARNs follow from the URN:
    two runs agree.

    Args:
        account: The account that everything is in.
        region: The region where neither the stack nor the provider says one.
        zones: Availability zone names by region, beyond or instead of those known; their ids follow from the order.
        existing: Properties of existing resources by id, for functions and reads that ask about them, such as
            `{"subnet-1": {"vpcId": "vpc-1", "availabilityZoneId": "euw1-az2"}}`.
    """

    def __init__(
        self,
        *,
        account: str = ACCOUNT,
        region: str = DEFAULT_REGION,
        zones: Mapping[str, tuple[str, ...]] | None = None,
        existing: Mapping[str, Mapping[str, wire.Value]] | None = None,
    ) -> None:
        self.account = account
        self.region = region
        self.zones: Mapping[str, tuple[str, ...]] = {**ZONES, **(zones or {})}
        self.existing: dict[str, dict[str, wire.Value]] = {key: dict(value) for key, value in (existing or {}).items()}
        self.created: dict[str, Created] = {}
        """What was created, by id."""
        self._asked: dict[str, list[str]] = {}

    def ordinal(self, kind: str, identifier: str) -> int:
        """How many other existing things of a kind were asked about before this one."""
        known = self._asked.setdefault(kind, [])
        if identifier not in known:
            known.append(identifier)
        return known.index(identifier)

    def first_asked(self, kind: str) -> str | None:
        """The existing thing of a kind that was asked about first; None when none was."""
        return next(iter(self._asked.get(kind, ())), None)

    def region_of(self, provider: ProviderConfig, inputs: Mapping[str, wire.Value] | None = None) -> str:
        """The region of a resource: its own `region`, else the provider's, else the double's."""
        for source in (inputs or {}, provider):
            region = wire.reveal(source.get("region"))
            if isinstance(region, str) and region and region != wire.UNKNOWN:
                return region
        return self.region

    def check(
        self,
        type_: str,
        inputs: Mapping[str, wire.Value],
        *,
        urn: str,
        name: str,
        provider: ProviderConfig,
    ) -> dict[str, wire.Value]:
        """The inputs as the provider takes them: with its defaults, an automatic name and the default tags.

        Args:
            type_: The type token.
            inputs: What the program gave.
            urn: The resource's URN; the automatic name's digits follow from it.
            name: The resource's logical name.
            provider: The provider's configuration.

        Returns:
            A new dict; values that the program set to None are gone, as in the provider.

        Raises:
            NameTooLong: The automatic name would be longer than the service takes.
        """
        checked = {key: value for key, value in inputs.items() if value is not None}
        if not type_.startswith("aws:"):
            return checked
        about = TYPES.get(type_, OTHER)
        _fill(checked, about.defaults)
        if about.name_property:
            _name(checked, about, urn, type_, name)
        if about.taggable or "tags" in checked:
            checked["tagsAll"] = _all_tags(checked.get("tags"), provider)
        return checked

    def preview(self, type_: str, inputs: Mapping[str, wire.Value], *, provider: ProviderConfig) -> dict[str, wire.Value]:
        """What is known of a resource before it exists: its inputs, and that the rest is unknown.

        Args:
            type_: The type token.
            inputs: What `check` returned.
            provider: The provider's configuration.

        Returns:
            The outputs of a preview.
        """
        if not type_.startswith("aws:"):
            return {**dict.fromkeys(random_preview(type_), wire.UNKNOWN), **inputs}
        computed: dict[str, wire.Value] = dict.fromkeys(TYPES.get(type_, OTHER).computed, wire.UNKNOWN)
        if not type_.startswith("aws:iam/"):
            computed["region"] = self.region_of(provider, inputs)
        return {**computed, **inputs}

    def create(
        self, type_: str, inputs: Mapping[str, wire.Value], *, urn: str, provider: ProviderConfig
    ) -> tuple[str, dict[str, wire.Value]]:
        """Creates a resource.

        Args:
            type_: The type token.
            inputs: What `check` returned; nothing in it is unknown.
            urn: The resource's URN; ids and ARNs follow from it.
            provider: The provider's configuration.

        Returns:
            The id and the outputs. What was secret among the inputs is secret among the outputs.
        """
        plain: dict[str, Any] = wire.plain(dict(inputs), redact=False)
        created = Created(
            type=type_,
            urn=urn,
            inputs=plain,
            account=self.account,
            region=self.region_of(provider, plain),
            within=self,
        )
        if type_.startswith("aws:"):
            identifier, computed = outputs_of(created)
            if not type_.startswith("aws:iam/"):
                computed.setdefault("region", created.region)
        else:
            identifier, computed = random_outputs(type_, plain, urn)
        outputs = {**computed, **inputs}
        created.outputs.update(wire.plain(outputs, redact=False))
        self.created[identifier] = created
        return identifier, outputs

    def read(
        self,
        type_: str,
        identifier: str,
        inputs: Mapping[str, wire.Value],
        *,
        urn: str,
        provider: ProviderConfig,
    ) -> dict[str, wire.Value]:
        """What is assumed of a resource that exists already.

        Args:
            type_: The type token.
            identifier: Its id.
            inputs: What the program says about it.
            urn: The resource's URN.
            provider: The provider's configuration.

        Returns:
            Its outputs: known, deterministic, and `existing` first.
        """
        plain: dict[str, Any] = wire.plain(dict(inputs), redact=False)
        given = {**plain, **self.existing.get(identifier, {})}
        region = self.region_of(provider, plain)
        created = Created(type=type_, urn=urn, inputs=given, account=self.account, region=region, within=self, id=identifier)
        computed: dict[str, wire.Value] = {}
        if type_.startswith("aws:"):
            _, computed = outputs_of(created)
        return {**computed, **inputs, **self.existing.get(identifier, {})}

    def invoke(self, token: str, args: Mapping[str, Any], *, provider: ProviderConfig) -> dict[str, wire.Value]:
        """Answers a provider function.

        Args:
            token: The function's token, such as `aws:index/getRegion:getRegion`.
            args: Its arguments, known and revealed.
            provider: The provider's configuration.

        Returns:
            The function's result.

        Raises:
            UnknownFunction: The double has no answer for this function.
            FunctionFailed: The arguments name something that can't be.
        """
        return aws_functions.answer(self, token, args, provider)


def _fill(inputs: dict[str, wire.Value], defaults: Mapping[str, Any]) -> None:
    for key, default in defaults.items():
        if not isinstance(default, Mapping):
            inputs.setdefault(key, default)
        elif isinstance(inputs.get(key), dict) and not wire.is_secret(inputs[key]):
            inner = {name: value for name, value in inputs[key].items() if value is not None}
            _fill(inner, default)
            inputs[key] = inner


def _name(inputs: dict[str, wire.Value], about: ResourceType, urn: str, type_: str, name: str) -> None:
    if about.name_property in inputs or "namePrefix" in inputs:
        return
    digits = hashlib.sha256(urn.encode()).hexdigest()[:_AUTONAME_DIGITS]
    prefix = f"{about.name_prefix}{name}-"
    if len(prefix) + _AUTONAME_DIGITS > about.name_length:
        raise NameTooLong(type_, prefix, _AUTONAME_DIGITS, about.name_length)
    inputs[about.name_property] = prefix + digits


def _all_tags(tags: wire.Value, provider: ProviderConfig) -> wire.Value:
    """The tags that AWS gets: the provider's default tags under the resource's own."""
    defaults = provider.get("defaultTags")
    default_tags = defaults.get("tags") if isinstance(defaults, dict) else None
    if wire.contains([tags, default_tags], wire.is_unknown):
        return wire.UNKNOWN
    merged = {**(default_tags or {}), **wire.plain(tags or {}, redact=False)}
    return wire.secret(merged) if wire.contains(tags, wire.is_secret) else merged
