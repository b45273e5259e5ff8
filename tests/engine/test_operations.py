"""docs/operations.md: its commands run as they stand, on a deployed stack each, and keep what their section promises."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from domain.access.mechanisms import Mechanism
from domain.clients.connection import ClientConnection
from domain.clients.files import render
from domain.loading import load_stack
from domain.settings.clients import Format
from support.documents import commands_by_section
from support.engine.documented import run_commands
from support.engine.faults import Fault
from support.engine.handmade import made_by_hand
from support.stacks import ROOT, SHIPPED, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

CLUSTER = "kafka-cluster-msk"
CLUSTER_TYPE = "aws:msk/cluster:Cluster"
# They follow what they watch: tests/program/test_alarms.py says how.
WATCHING = ("kafka-alarms-", "kafka-dashboard-", "kafka-log-watch-", "kafka-clients-lag-exporter", "kafka-clients-on-call")
DOCUMENT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SECTIONS = commands_by_section(DOCUMENT)

Changed = tuple[str, str]


def changed_by_hand(stack: Stack) -> None:
    with stack.cloud.only(CLUSTER_TYPE) as cluster:
        cluster["enhancedMonitoring"] = "PER_TOPIC_PER_PARTITION"


def update_failed(stack: Stack) -> None:
    stack.set(brokersPerZone=3)
    stack.cloud.set_fault(Fault(nth=1, calls=("update",), name=CLUSTER))
    stack.up(fails=True)
    stack.cloud.clear_faults()


def update_killed(stack: Stack) -> None:
    stack.set(brokersPerZone=3)
    stack.cloud.set_fault(Fault(nth=1, calls=("update",), name=CLUSTER, seconds=2, fails=False))
    with stack.start("up", "--yes", "--skip-preview") as process:
        assert process.stdout
        assert any(f"{CLUSTER} updating" in line for line in process.stdout)
        process.kill()
        process.stdout.close()
    assert "currently locked" in stack.up(fails=True).text
    stack.cloud.clear_faults()


def creation_forgotten(stack: Stack) -> None:
    stack.run("state", "delete", stack.state()[CLUSTER]["urn"], "--target-dependents", "--yes")
    assert "already exists" in stack.up(fails=True).text


def emptied(stack: Stack) -> None:
    stack.cloud.set_condition(CLUSTER_TYPE, brokersWithPartitions=3)


def nothing(stack: Stack) -> None:
    """The stack is as it was deployed."""


@dataclass(frozen=True)
class Promise:
    """What a section says will have happened.

    Attributes:
        changes: The calls that AWS got, without what only carries them, and without alarms and the dashboard.
        cluster: Properties of the cluster, by dotted path.
        settings: How the stack was deployed, beside the stack file's own.
        before: What happened before the section is needed.
        nothing_left: Whether the cloud is empty.
    """

    changes: frozenset[Changed] = frozenset()
    cluster: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    before: Callable[[Stack], None] = nothing
    nothing_left: bool = False


def changes(*these: Changed) -> frozenset[Changed]:
    return frozenset(these)


UPDATED = ("update", CLUSTER)


def of_user(name: str) -> list[str]:
    """What a user of client erp is made of, in the cloud."""
    return [f"kafka-clients-erp-{name}-{part}" for part in ("secret", "association")]


FILES_OF_ERP = [
    f"kafka-clients-erp-files-{Format.JAVA}-{file}"
    for file in render(ClientConnection("erp", Mechanism.SCRAM, "", "", consumes=True, group="erp"), Format.JAVA)
]

PROMISES: dict[str, Promise] = {
    "Before every change": Promise(),
    "Deploy": Promise(),
    "Upgrade Kafka": Promise(changes(UPDATED), {"kafkaVersion": "4.1.x.kraft"}, {"brokerType": "kafka.m7g.large"}),
    "Scale out": Promise(changes(UPDATED), {"numberOfBrokerNodes": 9}),
    "Grow storage": Promise(
        changes(UPDATED, ("update", "kafka-storage-volumes"), ("delete", "kafka-storage-volumes")),
        {"brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize": 100},
    ),
    "Change the broker type": Promise(
        # The server properties lose the longer time that small brokers have to find their ZooKeeper.
        changes(UPDATED, ("update", "kafka-configuration-server")),
        {"brokerNodeGroupInfo.instanceType": "kafka.m7g.large", "kafkaVersion": "3.9.x", "configurationInfo.revision": 2},
    ),
    "Change server properties": Promise(
        changes(UPDATED, ("update", "kafka-configuration-server")), {"configurationInfo.revision": 3}
    ),
    "Change who may connect": Promise(
        changes(("create", "kafka-brokers-9098-from-10.90.0.0/24"), ("delete", "kafka-brokers-9098-from-10.90.0.0/24"))
    ),
    "Change a user's password": Promise(
        changes(
            *(("create", name) for name in of_user("erp-b")),
            *(("delete", name) for name in of_user("erp")),
            *(("update", name) for name in FILES_OF_ERP),
        ),
        settings={
            "authentication": {"iam": {}, "scram": {}},
            "serverProperties": {"allow.everyone.if.no.acl.found": False},
            "clients": {
                "erp": {
                    "from": {"cidr": "10.90.0.0/24"},
                    "as": {"scramUser": "erp"},
                    "consume": {"topics": ["orders"], "groups": ["erp"]},
                }
            },
        },
    ),
    "Change authentication": Promise(
        changes(
            UPDATED,
            ("update", "kafka-configuration-server"),
            ("create", "kafka-keys-secrets"),
            ("create", "kafka-brokers-9096-from-10.40.0.0/20"),
        ),
        {"clientAuthentication.sasl.scram": True, "clientAuthentication.sasl.iam": True, "configurationInfo.revision": 2},
    ),
    "Undo drift": Promise(changes(UPDATED), {"enhancedMonitoring": "DEFAULT"}, before=changed_by_hand),
    "When a guard or a policy refuses": Promise(settings={"protect": True}),
    "Remove brokers": Promise(
        changes(UPDATED, ("update", "kafka-storage-volumes")),
        {"numberOfBrokerNodes": 3},
        {"brokerType": "kafka.m7g.large"},
        before=emptied,
    ),
    "Recover from a failed update": Promise(changes(UPDATED), {"numberOfBrokerNodes": 9}, before=update_failed),
    "Recover from a killed update": Promise(cluster={"numberOfBrokerNodes": 9}, before=update_killed),
    "Recover a cluster that the state does not know": Promise(
        changes(("create", "kafka-storage-volumes")), before=creation_forgotten
    ),
    "Destroy": Promise(settings={"protect": True}, nothing_left=True),
}
TAKEOVER = "Take over an existing cluster"


def value_at(properties: Any, path: str) -> Any:
    for part in path.split("."):
        properties = properties[part]
    return properties


def test_every_section_with_commands_is_run() -> None:
    assert PROMISES.keys() | {TAKEOVER} == SECTIONS.keys()


SANDBOX = "pulumi up --yes --policy-pack policies --policy-pack-config policies/config/sandbox.json"
"""What a stack may do once its configuration says so."""


def test_nobody_is_told_to_judge_a_stack_by_the_configuration_of_another() -> None:
    commands = [
        command
        for page in (ROOT / "README.md", ROOT / "docs" / "operations.md", ROOT / "docs" / "deploying.md")
        for command in re.findall(r"^.*pulumi .*--policy-pack policies.*$", page.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert commands == [SANDBOX]
    assert (SHIPPED / "policies" / "sandbox.json").is_file()


# By day, of the sections that change a setting and deploy it, those that nothing else does on a deployed stack.
BY_NIGHT = ("Change server properties", "Change authentication", "Change the broker type")


@pytest.mark.parametrize(
    "title", [pytest.param(title, marks=pytest.mark.exhaustive if title in BY_NIGHT else []) for title in PROMISES]
)
def test_a_section_does_what_it_promises(title: str, deployed: Callable[..., Stack]) -> None:
    promise = PROMISES[title]
    stack = deployed("dev", **promise.settings)
    arns = [key.partition("|")[2] for key in stack.cloud.resources() if key.startswith(f"{CLUSTER_TYPE}|")]
    promise.before(stack)
    stack.cloud.forget_calls()
    run_commands(stack, SECTIONS[title], CLUSTER_ARN=arns[0])
    if promise.nothing_left:
        assert stack.cloud.resources() == {}
        return
    found = {(call.call, call.name) for call in stack.cloud.calls() if not call.name.startswith(WATCHING)}
    # Who killed the update cannot know whether AWS had begun it.
    assert found - promise.changes == (found & {UPDATED} if promise.before is update_killed else set())
    assert promise.changes <= found
    assert [key.partition("|")[2] for key in stack.cloud.resources() if key.startswith(f"{CLUSTER_TYPE}|")] == arns
    with stack.cloud.only(CLUSTER_TYPE) as cluster:
        assert {path: value_at(cluster, path) for path in promise.cluster} == promise.cluster


def test_the_way_to_take_over_a_cluster_changes_nothing_of_it(new_stack: Callable[..., Stack]) -> None:
    stack = new_stack("dev", monitoring={"dashboard": True})
    settings = made_by_hand(stack.cloud)
    settings["storage"]["autoscaling"] = False
    stack.set(**settings)
    there = stack.cloud.resources()
    stack.cloud.forget_calls()
    said = run_commands(stack, SECTIONS[TAKEOVER])
    assert "to import" in said or "imported" in said
    # It is watched from now on, and nothing else.
    calls = stack.cloud.calls()
    assert calls
    assert all(call.call == "create" and call.name.startswith(WATCHING) for call in calls)
    after = stack.cloud.resources()
    assert {key: after[key] for key in there} == there


def test_the_stack_file_of_a_takeover_is_one_that_loads() -> None:
    (example,) = re.findall(r"^```yaml\n(config:\n  clusterName: .*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    config = {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in yaml.safe_load(example)["config"].items()
    }
    settings = load_stack(config, project="orders", stack="prod", region="us-east-1", today=TODAY).settings
    # What the example names beside ids is what a hand-made cluster needs to be described by.
    assert settings.imported.cluster
    assert settings.imported.keep.cluster
