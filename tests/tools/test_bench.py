"""What a preview is measured against registers the same resources with the same inputs."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from bench.bare_program import bare_program
from bench.bench_policies import many
from inventory.rows import UNKNOWN
from msk_policies.registry import POLICIES
from offline.engine.inventory import rows
from support.inventories import row
from support.pack import in_process
from support.policy_cases import SOUND_STACK
from support.stacks import run_stack

if TYPE_CHECKING:
    from pathlib import Path

_RECORD = """
import atexit
RECORDED = []
Mocks.new_resource = lambda self, args: (RECORDED.append((args.typ, args.name)), (f"{args.name}-id", args.inputs))[1]
atexit.register(lambda: print(__import__("json").dumps(RECORDED)))
"""


def test_the_bare_program_registers_every_resource_of_a_stack(tmp_path: Path) -> None:
    inventory = rows(run_stack("prod"))
    program = bare_program(inventory).replace("\n\ndef program", f"{_RECORD}\n\ndef program")
    file = tmp_path / "bare.py"
    file.write_text(program, encoding="utf-8")
    ran = subprocess.run([sys.executable, str(file)], cwd=tmp_path, capture_output=True, text=True, check=True)
    registered = {tuple(entry) for entry in json.loads(ran.stdout)}
    assert registered == {(row["type"], row["name"]) for row in inventory if row["custom"]}


def test_blocks_are_typed_and_unknown_values_come_from_where_they_depend_on() -> None:
    group = row("aws:ec2/securityGroup:SecurityGroup", "group", {"description": "d"})
    subnets = [row("aws:ec2/subnet:Subnet", name, {"vpcId": "v"}) for name in "ab"]
    made = row(
        "aws:msk/cluster:Cluster",
        "c",
        {"brokerNodeGroupInfo": {"clientSubnets": [UNKNOWN, UNKNOWN], "instanceType": "kafka.t3.small"}},
        propertyDependencies={"brokerNodeGroupInfo": [group["urn"], *(subnet["urn"] for subnet in subnets)]},
    )
    program = bare_program([group, *subnets, made])
    ast.parse(program)
    assert "msk.ClusterBrokerNodeGroupInfoArgs(client_subnets=[r1.id, r2.id], instance_type='kafka.t3.small')" in program


def test_the_resources_on_which_the_pack_is_measured_are_judged_and_pass() -> None:
    resources = many(3 * len(SOUND_STACK))
    pack = in_process(POLICIES)
    assert pack.judge_stack(resources) == []
    assert len({resource.urn for resource in resources}) == len(resources)
    unprotected = [replace(resource, protect=False) for resource in resources]
    assert {verdict.on for verdict in pack.judge_stack(unprotected)} == {
        resource.name for resource in resources if resource.name.startswith(("kafka-", "data-key-", "secrets-key-"))
    }
