"""How runs of a program in a directory fail, and that one leaves nothing behind for the next."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pulumi
import pytest
from pulumi_aws import ec2

from offline.engine.run import Run, run_program
from offline.protocol.failures import Diagnostic, ProgramCrashed, UserError
from support.programs import of_type, run_inline

PROGRAM = """
import pulumi
from pulumi_aws import ec2
from parts.network import cidr

vpc = ec2.Vpc("main", cidr_block=cidr())
pulumi.export("cidr", vpc.cidr_block)
pulumi.export("stack", pulumi.get_stack())
pulumi.export("project", pulumi.get_project())
pulumi.export("organization", pulumi.get_organization())
pulumi.export("size", pulumi.Config().get_int("size"))
"""


@dataclass(frozen=True)
class Stack:
    project: str = "shop"
    stack: str = "dev"
    values: Mapping[str, str] = field(default_factory=lambda: {"aws:region": "eu-west-1", "shop:size": "3"})
    secret_keys: tuple[str, ...] = ()


def written(directory: Path, program: str, cidr: str = "10.0.0.0/16") -> Path:
    (directory / "parts").mkdir(parents=True)
    (directory / "__main__.py").write_text(dedent(program))
    (directory / "parts" / "network.py").write_text(f"def cidr() -> str:\n    return {cidr!r}\n")
    return directory


def preview(directory: Path) -> Run:
    return run_program(directory, Stack(), dry_run=True)


def test_a_program_runs_from_its_directory_with_its_own_modules_and_configuration(tmp_path: Path) -> None:
    before = Path.cwd()
    run = preview(written(tmp_path / "p", PROGRAM))
    assert run.exports == {
        "cidr": "10.0.0.0/16",
        "organization": "organization",
        "project": "shop",
        "size": 3,
        "stack": "dev",
    }
    assert Path.cwd() == before


def test_modules_of_the_same_name_in_another_directory_are_other_modules(tmp_path: Path) -> None:
    first = written(tmp_path / "one", PROGRAM, "10.1.0.0/16")
    second = written(tmp_path / "two", PROGRAM, "10.2.0.0/16")
    cidrs = [preview(directory).exports["cidr"] for directory in (first, second, first)]
    assert cidrs == ["10.1.0.0/16", "10.2.0.0/16", "10.1.0.0/16"]


def test_a_package_that_two_directories_share_is_not_left_half_loaded_by_one_of_them(tmp_path: Path) -> None:
    shared, copy = tmp_path / "shared", tmp_path / "copy"
    for directory, program in ((shared, "import weights"), (copy, "import weights, scales")):
        directory.mkdir()
        (directory / "__main__.py").write_text(program)
    for package, content in (("weights", "class Weight: ..."), ("scales", "from weights import Weight")):
        (shared / package).mkdir()
        (shared / package / "__init__.py").write_text(content)
        (copy / package).symlink_to(shared / package)
    preview(shared)
    preview(copy)
    (shared / "__main__.py").write_text("import pulumi, weights, scales\npulumi.export('same', scales.Weight is weights.Weight)")
    assert preview(shared).exports == {"same": True}


def test_a_program_that_ends_itself_fails_with_its_words_and_their_cause(tmp_path: Path) -> None:
    program = """
    import pulumi
    pulumi.log.warn("soon")
    try:
        int("x")
    except ValueError as error:
        raise pulumi.RunError("size must be a number") from error
    """
    with pytest.raises(UserError) as caught:
        preview(written(tmp_path / "p", program))
    assert str(caught.value) == "size must be a number"
    assert isinstance(caught.value.__cause__, ValueError)
    assert caught.value.diagnostics == (Diagnostic("warning", "soon"),)


def test_the_cause_of_a_bare_run_error_is_the_run_error_itself() -> None:
    def program() -> None:
        message = "no"
        raise pulumi.RunError(message)

    with pytest.raises(UserError) as caught:
        run_inline(program)
    assert isinstance(caught.value.__cause__, pulumi.RunError)


def test_a_run_error_in_an_apply_is_the_users_too() -> None:
    def refuse(_: str) -> str:
        message = "not this network"
        raise pulumi.RunError(message)

    def program() -> None:
        vpc = ec2.Vpc("v", cidr_block="10.0.0.0/16")
        ec2.Subnet("a", vpc_id="vpc-1", cidr_block=vpc.cidr_block.apply(refuse))

    with pytest.raises(UserError, match="not this network"):
        run_inline(program)


def test_a_missing_required_setting_is_the_users_mistake() -> None:
    with pytest.raises(UserError, match="shop:size"):
        run_inline(lambda: pulumi.Config().require("size"))


def test_a_crash_shows_the_programs_own_frames_and_no_others(tmp_path: Path) -> None:
    program = """
    from pulumi_aws import ec2
    def broken():
        return {}["missing"]
    ec2.Vpc("v", cidr_block=broken())
    """
    directory = written(tmp_path / "p", program)
    with pytest.raises(ProgramCrashed, match="KeyError: 'missing'") as caught:
        preview(directory)
    frames = [line for line in caught.value.traceback.splitlines() if line.lstrip().startswith("File ")]
    assert len(frames) == 2
    assert all(str(directory) in frame for frame in frames)
    assert isinstance(caught.value.__cause__, KeyError)


def test_a_program_with_a_syntax_error_crashes_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ProgramCrashed, match="SyntaxError") as caught:
        preview(written(tmp_path / "p", "x = = 1"))
    assert "__main__.py" in caught.value.traceback


@pytest.mark.parametrize("code", ["1", "'wrong'"])
def test_leaving_with_a_status_is_a_crash(tmp_path: Path, code: str) -> None:
    with pytest.raises(ProgramCrashed, match=r"sys\.exit"):
        preview(written(tmp_path / "p", f"import sys\nsys.exit({code})"))


def test_leaving_without_a_status_is_fine(tmp_path: Path) -> None:
    run = preview(written(tmp_path / "p", "import sys, pulumi\npulumi.export('a', 1)\nsys.exit()\n"))
    # Older SDKs leave at once, newer ones after they have sent what was asked for.
    assert run.exports in ({}, {"a": 1})


def test_configuration_in_the_environment_is_not_the_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", '{"shop:size": "9"}')
    monkeypatch.setenv("PULUMI_CONFIG_SHOP_SIZE", "9")
    assert run_inline(lambda: pulumi.export("size", pulumi.Config().get("size"))).exports == {}
    assert os.environ["PULUMI_CONFIG_SHOP_SIZE"] == "9"


def program_of(size: int) -> Callable[[], None]:
    def program() -> None:
        for index in range(size):
            ec2.Vpc(f"v{index}", cidr_block="10.0.0.0/16")
        pulumi.export(f"only{size}", size)

    return program


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0


def test_two_hundred_runs_leave_no_thread_no_file_and_no_resource_behind() -> None:
    def failing() -> None:
        ec2.Vpc("v", cidr_block="10.0.0.0/16")
        message = "on purpose"
        raise RuntimeError(message)

    run_inline(program_of(1))
    # What tests before this one had may still go while it runs; each of these runs would leave one more.
    gc.collect()
    threads, files = threading.active_count(), open_files()
    for number in range(100):
        with pytest.raises(ProgramCrashed):
            run_inline(failing)
        run = run_inline(program_of(number % 3), stack=f"s{number}", dry_run=number % 2 == 0)
        assert len(of_type(run, "aws:ec2/vpc:Vpc")) == number % 3
        assert run.exports == {f"only{number % 3}": number % 3}
        assert run.resources[0].name == f"shop-s{number}"
    assert threading.active_count() <= threads
    assert open_files() <= files


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_as_before_after_a_run(*, enabled: bool) -> None:
    def failing() -> None:
        assert not gc.isenabled()
        message = "on purpose"
        raise RuntimeError(message)

    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with pytest.raises(ProgramCrashed, match="on purpose"):
            run_inline(failing)
        assert gc.isenabled() == enabled
    finally:
        (gc.enable if before else gc.disable)()


def test_the_sdks_own_settings_are_as_before_after_a_run() -> None:
    before = (pulumi.get_stack(), pulumi.runtime.settings.ROOT.get(), pulumi.runtime.settings.get_monitor())
    run_inline(program_of(1))
    after = (pulumi.get_stack(), pulumi.runtime.settings.ROOT.get(), pulumi.runtime.settings.get_monitor())
    assert after == before


def test_every_run_registers_in_the_same_order_whatever_the_hash_seed(tmp_path: Path) -> None:
    script = tmp_path / "orders.py"
    root = Path(__file__).parents[2]
    script.write_text(
        dedent(f"""
        import json, sys
        sys.path[:0] = [{str(root)!r}, {str(root / "tests")!r}]
        import pulumi
        from pulumi_aws import ec2, kms
        from offline.engine.inventory import rows
        from support.programs import run_inline

        def program():
            vpcs = [ec2.Vpc(f"v{{n}}", cidr_block="10.0.0.0/16") for n in range(4)]
            for n, vpc in enumerate(vpcs):
                ec2.Subnet(f"s{{n}}", vpc_id=vpc.id, cidr_block=vpcs[-n].cidr_block,
                           opts=pulumi.ResourceOptions(depends_on=vpcs))
            joined = pulumi.Output.all(*[vpc.arn for vpc in vpcs]).apply(",".join)
            kms.Key("k", description=joined, opts=pulumi.ResourceOptions(depends_on=vpcs[::2]))
            kms.Key("l", opts=pulumi.ResourceOptions(depends_on=vpcs[1:]))

        print(json.dumps([rows(run_inline(program)), rows(run_inline(program, dry_run=False))]))
        """)
    )
    printed = {
        subprocess.run(
            [sys.executable, str(script)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(printed) == 1
