"""Measures the policy pack on a thousand resources, and on as many IAM policies.

It is held against a pack of as many rules of the same kinds that do nothing.

Both packs run in processes of their own and are asked over the engine's protocol in turn, first about every resource, then about
the stack: what the SDK costs is in both, and the difference is the rules'.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_policy import ResourceValidationPolicy

from msk_policies.registry import POLICIES
from support.pack import PACK, Pack, StackResource, in_its_own_process
from support.policy_cases import SOUND_STACK

if TYPE_CHECKING:
    from collections.abc import Callable

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


def permissions(number: int, turn: int) -> list[StackResource]:
    """So many policies of clients, no two alike, in no two turns either, every second one a managed policy."""
    arn = "arn:aws:kafka:eu-west-1:111122223333:{kind}/orders/0a-1"
    resources = []
    for index in range(number):
        team = f"team{turn}-{index}"
        statements = [
            _statement(["Connect", "WriteDataIdempotently"], [arn.format(kind="cluster")]),
            _statement(
                ["DescribeTopic", "WriteData"], [f"{arn.format(kind='topic')}/{team}.{name}" for name in ("orders", "out*")]
            ),
            _statement(["DescribeTopic", "ReadData"], [f"{arn.format(kind='topic')}/{team}.in"]),
            _statement(["AlterGroup", "DescribeGroup"], [f"{arn.format(kind='group')}/{team}*"]),
        ]
        properties = {"policy": json.dumps({"Version": "2012-10-17", "Statement": statements})}
        kind = "aws:iam/rolePolicy:RolePolicy" if index % 2 else "aws:iam/policy:Policy"
        resources.append(StackResource(team, kind, properties))
    return resources


def _statement(actions: list[str], resources: list[str]) -> dict[str, object]:
    return {"Effect": "Allow", "Action": [f"kafka-cluster:{action}" for action in actions], "Resource": resources}


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
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        (directory / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\n", encoding="utf-8")
        text = _IDLE.format(about_resources=about_resources, about_stacks=len(POLICIES) - about_resources)
        (directory / "__main__.py").write_text(text, encoding="utf-8")
        return "\n".join(
            _table(words, made, directory, rounds)
            for words, made in (("resources", lambda _: many(RESOURCES)), ("IAM policies", partial(permissions, RESOURCES)))
        )


def _table(words: str, made: Callable[[int], list[StackResource]], idle_pack: Path, rounds: int) -> str:
    with in_its_own_process(PACK) as (ours, _), in_its_own_process(idle_pack) as (idle, _):
        turns = [(judging(ours, resources), judging(idle, resources)) for resources in map(made, range(rounds + 1))][1:]
    mine, nothing = (statistics.median(times) for times in zip(*turns, strict=True))
    return (
        f"Policies on {RESOURCES} {words}, median of {rounds} rounds\n\n"
        "| pack | seconds | of idle rules |\n| --- | --- | --- |\n"
        f"| {len(POLICIES)} rules | {mine:.2f} | {mine / nothing:.2f} |\n"
        f"| {len(POLICIES)} rules that do nothing | {nothing:.2f} | 1.00 |\n"
    )
