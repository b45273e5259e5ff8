"""README.md, "Add a topic and a client": its entry and its commands, on a platform that runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from support.documents import commands_by_section
from support.engine.documented import run_commands
from support.stacks import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = "Add a topic and a client"
CLUSTER = "aws:msk/cluster:Cluster"


def entry() -> dict[str, Any]:
    """The settings that the section shows."""
    section = README.partition(f"## {SECTION}\n")[2].partition("\n## ")[0]
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    settings: dict[str, Any] = yaml.safe_load(text)["config"]
    return settings


def test_a_client_is_connected_by_the_commands_as_they_stand(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    stack.set(**entry())
    stack.cloud.forget_calls()
    said = run_commands(stack, commands_by_section(README)[SECTION])
    made = [call for call in stack.cloud.calls() if call.call != "read"]
    assert {call.call for call in made} == {"create"}
    assert CLUSTER not in {call.type for call in made}
    assert "instanceProfile" in said
    for client, file in (("orders-api", "producer.properties"), ("billing", "consumer.properties")):
        written = stack.project / client
        assert {path.name for path in written.iterdir()} == {"client.properties", file}
        text = (written / file).read_text(encoding="utf-8")
        with stack.cloud.only(CLUSTER) as cluster:
            assert set(cluster["bootstrapBrokersSaslIam"].split(",")) <= set(
                next(line for line in text.splitlines() if line.startswith("bootstrap.servers=")).partition("=")[2].split(",")
            )
