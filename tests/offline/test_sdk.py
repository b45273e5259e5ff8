"""What the offline engine relies on in the SDK, with whichever version is installed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pulumi
from pulumi.runtime import settings
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.proto import resource_pb2
from pulumi_aws import kms

from offline.engine import sdk
from support.programs import run_inline

OFFLINE = Path(sdk.__file__).parents[1]


def test_every_feature_that_a_program_may_ask_for_is_there() -> None:
    names = {resource_pb2.ResourceMonitorFeature.Name(number) for number in sdk.supported_features()}
    short = {name.removeprefix("RESOURCE_MONITOR_FEATURE_") for name in names}
    assert {"SECRETS", "RESOURCE_REFERENCES", "ALIAS_SPECS", "DELETED_WITH", "RESOURCE_HOOKS", "TRANSFORMS"} <= short
    assert not {"OUTPUT_VALUES", "INVOKE_DEPENDS_ON"} & short
    assert sdk.supports("resourceHooks")
    assert not sdk.supports("outputValues")


def test_hooks_run_without_a_server() -> None:
    servers: list[object] = []

    def program() -> None:
        hook = pulumi.ResourceHook("h", lambda _: None, pulumi.ResourceHookOptions(on_dry_run=True))
        key = kms.Key("k", opts=pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[hook])))
        key.urn.apply(lambda _: servers.append(settings.SETTINGS.callbacks))

    before = list(_CallbackServicer._servicers)
    run_inline(program)
    assert isinstance(servers[0], sdk.Callbacks)
    assert _CallbackServicer._servicers == before


def test_only_one_module_touches_what_the_sdk_does_not_document() -> None:
    allowed = ("pulumi.runtime.proto",)
    for file in OFFLINE.rglob("*.py"):
        if file.name == "sdk.py":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                assert not name.startswith("pulumi") or name.startswith(allowed), f"{file.name} imports {name}"


def test_reading_configuration_and_starting_a_pack_load_nothing_of_pulumi() -> None:
    script = "import sys; import offline.project.loading, offline.pack.pack; print([m for m in sys.modules if m in HEAVY])"
    script = "HEAVY = {'pulumi', 'grpc', 'google.protobuf', 'jsonschema', 'rich'}; " + script
    done = subprocess.run([sys.executable, "-c", script], cwd=OFFLINE.parent, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
