"""What is secret is in no file and in no output of the engine in the clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.engine.pulumi_cli import Stack

PROGRAM = """
import pulumi
from pulumi_aws import kms
from pulumi_random import RandomPassword

password = RandomPassword("password", length=40)
given = pulumi.Config().require_secret("given")
key = kms.Key("key", description=given, tags={"password": password.result, "open": "in-the-clear"})
pulumi.export("description", key.description)
pulumi.export("tags", key.tags)
"""
GIVEN = "given-by-a-person-4711"


def files_with(directory: Path, text: str) -> list[str]:
    return [
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.is_file() and not path.is_symlink() and text.encode() in path.read_bytes()
    ]


def test_no_secret_is_in_the_state_the_stack_file_or_any_output(new_stack: Callable[..., Stack]) -> None:
    stack = new_stack("dev")
    (stack.project / "__main__.py").unlink()
    (stack.project / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    stack.run("config", "set", "--secret", "given", GIVEN)
    outputs = [stack.run("preview", "--diff"), stack.run("preview", "--json"), stack.up()]
    stack.set(tags=None)
    (cloud,) = [resource["properties"] for key, resource in stack.cloud.resources().items() if key.startswith("aws:kms/key:Key|")]
    secrets = [GIVEN, cloud["tags"]["password"]]
    assert len(secrets[1]) == 40
    assert cloud["description"] == GIVEN
    (stack.project / "__main__.py").write_text(PROGRAM.replace('"open"', '"renamed"'), encoding="utf-8")
    outputs += [stack.run("preview", "--diff"), stack.run("preview", "--json"), stack.up()]
    outputs += [stack.run("refresh", "--yes", "--skip-preview"), stack.run("stack", "export"), stack.run("stack", "output")]
    # The search finds what is there to be found.
    assert files_with(stack.root / "state", "in-the-clear") != []
    for secret in secrets:
        assert files_with(stack.root / "state", secret) == []
        assert files_with(stack.project, secret) == []
        assert [output.text for output in outputs if secret in output.text] == []
