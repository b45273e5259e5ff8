"""AWS's Service Authorization Reference: which kinds of resources an action is granted on.

It is the copy that cfn-lint carries and brings up to date with each of its versions (``AdditionalSpecs/Policies.json``). The copy
has every kind that an action may be on, without the mark of those that it must be on, and without dependent actions.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Any


@cache
def _services() -> dict[str, Any]:
    text = resources.files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text(encoding="utf-8")
    services: dict[str, Any] = json.loads(text)
    return services


def kinds_for(action: str) -> frozenset[str] | None:
    """The kinds of resources that an action may be granted on, in lower case.

    Args:
        action: Such as ``kafka:CreateTopic``.

    Returns:
        None for an action that is not in the reference; empty for one that knows no resources.
    """
    service, _, name = action.partition(":")
    about = _services().get(service, {}).get("Actions", {}).get(name.lower())
    return None if about is None else frozenset(kind.lower() for kind in about.get("Resources", ()))


def actions_of(service: str) -> frozenset[str]:
    """The names of a service's actions, in lower case."""
    return frozenset(_services()[service]["Actions"])


def kinds_of(service: str, arn: str) -> frozenset[str]:
    """The kinds of a service's resources that an ARN, with wildcards or without, may be of, in lower case."""
    return frozenset(
        kind.lower()
        for kind, about in _services()[service].get("Resources", {}).items()
        if any(_form(written).fullmatch(arn) for written in about["ARNFormats"])
    )


@cache
def _form(written: str) -> re.Pattern[str]:
    """An ARN of the reference, ``arn:${Partition}:kafka:${Region}:${Account}:topic/.*``, as a pattern of its own."""
    return re.compile(re.sub(r"\$\{\w+\}", "[^:/]*", written))
