"""Configurations that can be replaced while a cluster uses them.

A change of a configuration's name or Kafka versions replaces it. Pulumi then makes the new one first, which AWS refuses under
the same name, and without the option deleteBeforeReplace; with it, AWS refuses to delete what a cluster uses. A name that
Pulumi makes ends in random digits, which avoids both. Complying costs a name that Pulumi chooses.

Unknown values: a name that is not known yet is one that Pulumi or a random resource makes, and passes.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, Severity

from msk_policies.kit.properties import UnknownValueError, read
from msk_policies.kit.rule import resource_rule
from msk_policies.msk.configurations import CONFIGURATION

_PROPERTY = "name"
_RANDOM = re.compile(r".*-[0-9a-f]{7,}", re.DOTALL)


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    try:
        name = read(props, _PROPERTY)
    except UnknownValueError:
        return
    if isinstance(name, str) and name and not _RANDOM.fullmatch(name):
        yield (
            f"Let Pulumi name the configuration: {_PROPERTY} is fixed, so it cannot be replaced while a cluster uses it. "
            f"Set no {_PROPERTY}."
        )


POLICY = resource_rule(
    "auto-named-configurations",
    display_name="Configurations named by Pulumi",
    description="Pulumi should name MSK configurations.",
    judges={CONFIGURATION: _judge},
    severity=Severity.LOW,
    enforcement_level=EnforcementLevel.ADVISORY,
    tags=["msk", "configuration"],
    remediation_steps="Remove the name. Pulumi replaces the configuration once: the cluster moves to the new one, brokers "
    "restart one after the other, and the old one is deleted after that.",
    url="https://www.pulumi.com/docs/iac/concepts/resources/names/",
)
