"""Measures `python -m tools preview`: whole processes, one after the other in turn, medians and ratios.

* against a bare script that registers the same resources inline on the SDK's mocks,
* against importing the SDK with the same services alone,
* how the cost grows with a hundred clusters more in one program,
* and the policy pack against one whose rules do nothing.

Run it as ``python tests/bench/bench_preview.py [--stack dev] [--rounds 7]``. Ratios are what counts, times are this
machine's. Memory is the largest resident size of any one process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "policies")]

from bench.bare_program import bare_program  # noqa: E402 - needs the path above
from bench.bench_policies import against_idle_rules  # noqa: E402 - as above

CLUSTERS = (10, 30, 110)
"""Clusters in one program: some to begin with, some more, and a hundred more."""


_HEAD = """# Benchmark

Written by `make bench`: whole processes in turn, on whatever machine it ran on last, so only the ratios mean something. The bare
script registers the same resources inline on the SDK's mocks, with no settings, engine, policies or report; the preview runs the
program twice, judges both runs with the policy pack in a process of its own, and reports. Two things make up for it: the preview
runs Python's garbage collector less often, and ends its process without taking it apart. The policy pack is asked over the
engine's protocol, as is a pack of as many rules that do nothing: what the SDK costs is in both.
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost."""

    seconds: float
    mib: float


def cost_of(command: list[str], directory: Path, code: int = 0) -> Cost:
    """Runs a command to its end.

    Raises:
        RuntimeError: It ended with another exit code.
    """
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=directory, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=_environment()
        )
        # wait4 knows the largest size of this process and of the children it has waited for.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != code:
            output.seek(0)
            raise RuntimeError(f"{command} ended with {process.returncode}:\n{output.read().decode()}")
    return Cost(seconds, usage.ru_maxrss / 1024)


def in_turn(commands: dict[str, tuple[list[str], Path]], rounds: int) -> dict[str, Cost]:
    """Medians of commands that take turns, so that what else the machine does meets all of them; one round more warms up."""
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, (command, directory) in commands.items():
            cost = cost_of(command, directory)
            if turn:
                found[name].append(cost)
    return {
        name: Cost(statistics.median(item.seconds for item in costs), statistics.median(item.mib for item in costs))
        for name, costs in found.items()
    }


def against_the_sdk(stack: str, rounds: int, scratch: Path) -> None:
    """Prints the preview against the bare script and against the imports alone."""
    document = scratch / "document.json"
    preview = [sys.executable, "-m", "tools", "preview", "--stack", stack]
    cost_of([*preview, "--format", "json", "--output", str(document)], ROOT)
    bare = scratch / "bare.py"
    bare.write_text(bare_program(json.loads(document.read_text())["resources"]), encoding="utf-8")
    imports = scratch / "imports.py"
    imports.write_text(_imports_of(bare.read_text(encoding="utf-8")), encoding="utf-8")
    costs = in_turn(
        {
            "preview": (preview, ROOT),
            "bare script": ([sys.executable, str(bare)], scratch),
            "SDK import": ([sys.executable, str(imports)], scratch),
        },
        rounds,
    )
    reference = costs["bare script"]
    print(_HEAD)
    print(f"Stack {stack}, median of {rounds} rounds\n")
    print("| process | seconds | of bare script | MiB | of bare script |\n| --- | --- | --- | --- | --- |")
    for name, cost in costs.items():
        print(
            f"| {name} | {cost.seconds:.2f} | {cost.seconds / reference.seconds:.2f} "
            f"| {cost.mib:.0f} | {cost.mib / reference.mib:.2f} |"
        )
    print()


def growth(rounds: int, scratch: Path) -> None:
    """Prints what a hundred clusters cost against a hundred times what one more costs.

    It begins with ten: the time of a smaller program is hidden behind the start of the policy pack's process.
    """
    commands = {}
    for number in CLUSTERS:
        directory = scratch / f"clusters-{number}"
        directory.mkdir()
        for part in ("domain", "components", "policies"):
            (directory / part).symlink_to(ROOT / part)
        (directory / "Pulumi.yaml").write_text("name: many\nruntime: python\n", encoding="utf-8")
        (directory / "Pulumi.dev.yaml").write_text("config:\n  aws:region: eu-west-1\n", encoding="utf-8")
        (directory / "__main__.py").write_text(_MANY.format(number=number), encoding="utf-8")
        preview = [sys.executable, "-m", "tools", "preview", "--directory", str(directory)]
        commands[str(number)] = (preview, ROOT)
    costs = in_turn(commands, rounds)
    few, some, many = CLUSTERS
    first, second, third = (costs[str(number)].seconds for number in CLUSTERS)
    marginal = (second - first) / (some - few)
    ratio = (third - first) / ((many - few) * marginal)
    print(f"Clusters in one program, median of {rounds} rounds\n")
    print("| clusters | seconds | MiB |\n| --- | --- | --- |")
    for clusters, cost in costs.items():
        print(f"| {clusters} | {cost.seconds:.2f} | {cost.mib:.0f} |")
    print(f"\nOne more cluster costs {marginal * 1000:.0f} ms (from {few} to {some}).")
    print(f"{many - few} more cost {ratio:.2f} times {many - few} of it.\n")


def _imports_of(script: str) -> str:
    """The script's imports, and of each service the first class, for the provider loads services when they are used."""
    lines = [line for line in script.splitlines() if line.startswith(("import ", "from "))]
    services = [line.rpartition(" ")[2] for line in lines if line.startswith("from ")]
    used = []
    for service in services:
        start = script.index(f"= {service}.") + 2
        used.append(script[start : script.index("(", start)])
    return "\n".join([*lines, *used]) + "\n"


def _environment() -> dict[str, str]:
    hidden = ("AWS_", "PULUMI_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}


_MANY = '''\
"""Many clusters, each with a configuration and autoscaling of its own."""

from components.cluster.cluster import KafkaCluster
from components.cluster.configuration import KafkaConfiguration
from components.cluster.storage_autoscaling import StorageAutoscaling
from domain.msk.listeners import enabled_listeners

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
LISTENERS = enabled_listeners(client_broker="TLS", iam=True, scram=False, tls=False, unauthenticated=False)

for number in range({number}):
    name = f"kafka-{{number}}"
    configuration = KafkaConfiguration(
        f"{{name}}-configuration",
        {{"description": name, "server_properties": "default.replication.factor=3\\nunclean.leader.election.enable=false\\n"}},
    )
    kafka = KafkaCluster(
        name,
        {{
            "cluster_name": name,
            "kafka_version": "3.9.x.kraft",
            "broker_type": "kafka.m7g.large",
            "brokers_per_zone": 2,
            "subnet_ids": ["subnet-0000000a", "subnet-0000000b", "subnet-0000000c"],
            "security_group_id": "sg-00000001",
            "data_key_arn": KEY,
            "configuration_arn": configuration.arn,
            "configuration_revision": configuration.latest_revision,
            "log_group_name": "/msk/many",
            "client_broker": "TLS",
            "iam": True,
            "scram": False,
            "certificate_authority_arns": [],
            "unauthenticated": False,
            "listeners": LISTENERS,
            "storage_gib": 1000,
            "storage_autoscaling": True,
            "storage_mode": "LOCAL",
            "provisioned_throughput": 0,
            "monitoring_level": "DEFAULT",
            "public_access": False,
            "workload": {{"ingressMBps": 1, "fanOut": 2, "retentionHours": 24, "partitions": 100}},
            "today": "2026-11-23",
            "acknowledged": [],
            "protect": False,
            "tags": {{}},
        }},
    )
    StorageAutoscaling(
        f"{{name}}-storage", {{"cluster_arn": kafka.arn, "maximum_gib": 4000, "target_utilization": 60, "tags": {{}}}}
    )
'''


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Measures a preview against the bare SDK, and its growth.")
    parser.add_argument("--stack", default="dev", help="the stack to preview (default: dev)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds to take the median of (default: 7)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        against_the_sdk(options.stack, options.rounds, Path(scratch))
        growth(max(options.rounds // 2, 3), Path(scratch))
    print(against_idle_rules(options.rounds))


if __name__ == "__main__":
    main()
