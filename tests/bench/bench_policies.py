"""Measures the policy pack on a thousand resources, against a pack of as many rules of the same kinds that do nothing.

Both packs run in processes of their own and are asked over the engine's protocol in turn, first about every resource, then about
the stack: what the SDK costs is in both, and the difference is the rules'.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from pulumi_policy import ResourceValidationPolicy

from msk_policies.registry import POLICIES
from support.pack import PACK, Pack, StackResource, in_its_own_process
from support.policy_cases import SOUND_STACK

RESOURCES = 1000

_IDLE = '''\
"""As many rules as the pack has, of the same kinds, that do nothing."""

from pulumi_policy import PolicyPack, ResourceValidationPolicy, StackValidationPolicy


def idle(args, report_violation):
    """Says nothing."""


PolicyPack(
    "idle",
    [
        *(ResourceValidationPolicy(f"resource-{{number}}", "Nothing.", idle) for number in range({about_resources})),
        *(StackValidationPolicy(f"stack-{{number}}", "Nothing.", idle) for number in range({about_stacks})),
    ],
)
'''


def many(number: int) -> list[StackResource]:
    """At least so many resources: the sound stack over and over, each copy a platform of its own."""
    resources: list[StackResource] = []
    while len(resources) < number:
        copies = f"-{len(resources)}"
        for entry in SOUND_STACK:
            # The cluster's name, by which alarms find it, is each copy's own.
            properties = json.loads(json.dumps(entry.properties).replace('"orders"', f'"orders{copies}"'))
            refers = {path: [f"{name}{copies}" for name in names] for path, names in entry.refers.items()}
            resources.append(replace(entry, name=f"{entry.name}{copies}", properties=properties, refers=refers))
    return resources[:number]


def judging(pack: Pack, resources: list[StackResource]) -> float:
    """Seconds to judge them all."""
    began = time.perf_counter()
    for resource in resources:
        pack.judge(resource.properties, resource.type, resource.name)
    pack.judge_stack(resources)
    return time.perf_counter() - began


def against_idle_rules(rounds: int) -> str:
    """What the pack takes against the idle one, as Markdown."""
    about_resources = sum(isinstance(policy, ResourceValidationPolicy) for policy in POLICIES)
    resources = many(RESOURCES)
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        (directory / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\n", encoding="utf-8")
        text = _IDLE.format(about_resources=about_resources, about_stacks=len(POLICIES) - about_resources)
        (directory / "__main__.py").write_text(text, encoding="utf-8")
        with in_its_own_process(PACK) as (ours, _), in_its_own_process(directory) as (idle, _):
            turns = [(judging(ours, resources), judging(idle, resources)) for _ in range(rounds + 1)][1:]
    mine, nothing = (statistics.median(times) for times in zip(*turns, strict=True))
    return (
        f"Policies on {len(resources)} resources, median of {rounds} rounds\n\n"
        "| pack | seconds | of idle rules |\n| --- | --- | --- |\n"
        f"| {len(POLICIES)} rules | {mine:.2f} | {mine / nothing:.2f} |\n"
        f"| {len(POLICIES)} rules that do nothing | {nothing:.2f} | 1.00 |\n"
    )
