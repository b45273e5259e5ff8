"""Whether AWS takes what a stack makes.

Each resource as it would be sent is held against what AWS was measured to refuse: the pack's rules `aws-refuses-*` and
`broker-kind-fields`. What AWS refuses of a new cluster only is left to the guards, which then must refuse it.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, Final

from domain.guards.creation import refusals_on_create
from msk_policies.registry import POLICIES
from offline.engine.inventory import rows
from support.pack import CLUSTER, SERVERLESS_CLUSTER, in_process
from support.stacks import TODAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from offline.engine.run import Run

CONFIGURATION: Final = "aws:msk/configuration:Configuration"
AT_CREATION: Final = "aws-refuses-at-creation"
PACK: Final = in_process(
    [policy for policy in POLICIES if policy.name.startswith("aws-refuses-") or policy.name == "broker-kind-fields"]
)


def refused(resource_type: str, sent: Mapping[str, Any]) -> list[str]:
    """What AWS would refuse of a resource, or may, as the pack says it."""
    return list(_refused(resource_type, json.dumps(sent, sort_keys=True)))


@functools.cache
def _refused(resource_type: str, text: str) -> tuple[str, ...]:
    sent = json.loads(text)
    verdicts = [verdict for verdict in PACK.judge(sent, resource_type) if verdict.level in ("mandatory", "advisory")]
    if any(verdict.policy == AT_CREATION for verdict in verdicts) and refusals_on_create(sent, today=TODAY):
        verdicts = [verdict for verdict in verdicts if verdict.policy != AT_CREATION]
    return tuple(f"{verdict.policy}: {verdict.message}" for verdict in verdicts)


def refused_of(run: Run) -> dict[str, list[str]]:
    """What AWS would refuse of the resources that the rules are about, by name."""
    judged = [row for row in rows(run) if row["type"].startswith(("aws:msk", "aws:secretsmanager"))]
    types = {row["type"] for row in judged}
    assert SERVERLESS_CLUSTER in types or {CLUSTER, CONFIGURATION} <= types
    said = {row["name"]: refused(row["type"], row["inputs"]) for row in judged}
    return {name: messages for name, messages in said.items() if messages}
