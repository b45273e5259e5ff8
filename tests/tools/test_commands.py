"""`python -m tools`: finds commands, loads only the one that was asked for, ends each alike, and writes files in one step."""

from __future__ import annotations

import argparse
import datetime
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from domain.facts import facts as facts_of
from domain.msk import brokers
from domain.msk.versions import VERSIONS_AS_OF
from msk_policies.msk.facts import LONGEST_TRUST
from support.stacks import ROOT, shipped_project
from tools.__main__ import COMMANDS, main
from tools.generate.facts import AGING, ages
from tools.generate.facts import main as facts
from tools.shared.commands import CommandError, answering, parser_of
from tools.shared.files import write_atomically


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in COMMANDS)


@pytest.mark.parametrize(("arguments", "words"), [([], "usage: "), (["preveiw"], "Did you mean preview?\n\nusage: ")])
def test_what_is_no_command_is_refused_with_help(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert words in shown.out + shown.err


@pytest.mark.parametrize("module", [module for module, _ in COMMANDS.values()])
def test_every_command_has_help(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        importlib.import_module(module).main(["--help"])
    assert ended.value.code == 0
    assert "python -m tools" in capsys.readouterr().out


@pytest.mark.parametrize("module", [module for name, (module, _) in COMMANDS.items() if name not in ("changes", "verdicts")])
def test_every_command_that_reads_a_project_says_alike_it_is(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        importlib.import_module(module).main(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "--directory DIR" in said
    assert "(default: the current directory)" in said


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (CommandError("Give --region."), 2, "Give --region."),
        (CommandError("The program failed.", 3), 3, "The program failed."),
        (FileNotFoundError(2, "No such file or directory", "acls.txt"), 2, "acls.txt: No such file or directory."),
        (OSError("cannot read from timed out object"), 2, "cannot read from timed out object"),
    ],
)
def test_what_cannot_be_answered_is_told_as_an_error_and_nothing_is_printed(
    error: Exception, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(_: argparse.Namespace) -> str:
        raise error

    assert answering(argparse.ArgumentParser, answer)([]) == code
    said = capsys.readouterr()
    assert said.err == f"{words}\n"
    assert not said.out


def test_what_is_wrong_with_a_command_itself_is_not_hidden() -> None:
    def answer(_: argparse.Namespace) -> str:
        raise KeyError("brokers")

    with pytest.raises(KeyError):
        answering(argparse.ArgumentParser, answer)([])


def test_a_reader_who_has_read_enough_makes_no_error() -> None:
    script = (
        "import argparse, sys; from tools.shared.commands import answering; "
        "sys.exit(answering(argparse.ArgumentParser, lambda _: 'line\\n' * 1_000_000)([]))"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"line\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_the_lines_of_an_epilog_stay_as_they_are() -> None:
    epilog = "exit codes:\n  0  fine\n  1  not fine"
    assert epilog in parser_of("name", "What it does.", epilog).format_help()


def imported(code: str) -> set[str]:
    script = f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass\nprint(*sys.modules, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(ran.stderr.splitlines()[-1].split())


def test_help_waits_for_nothing_that_is_slow() -> None:
    modules = imported("from tools.__main__ import main; main(['preview', '--help'])")
    assert not modules & {"pulumi", "grpc", "rich", "pydantic", "tools.generate.facts", "tools.generate.settings"}


def test_a_preview_into_a_file_imports_no_rich_and_no_other_command(tmp_path: Path) -> None:
    options = ["preview", "--directory", str(shipped_project()), "--output", str(tmp_path / "report")]
    modules = imported(f"from tools.__main__ import main; main({options!r})")
    assert "offline.engine.run" in modules
    assert not modules & {"rich", "tools.report.terminal", "tools.generate.facts", "tools.generate.settings"}


def test_facts_that_are_current_pass_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert facts(["--check", "--directory", str(ROOT)]) == 0
    assert "up to date" in capsys.readouterr().out


def test_facts_say_how_old_each_list_is_and_how_long_it_is_trusted() -> None:
    document = facts_of(VERSIONS_AS_OF)
    assert LONGEST_TRUST == brokers.LONGEST_TRUST
    last = VERSIONS_AS_OF + LONGEST_TRUST
    assert ages(document, last)[0] == f"kafka.versions: checked {VERSIONS_AS_OF}, 180 days ago, trusted until {last}."
    after = last + datetime.timedelta(days=1)
    assert ages(document, after)[0].endswith(f"181 days ago, only advises since {after}: renew it.")
    assert len(ages(document, after)) == len(AGING)


def test_stale_facts_fail_the_check_and_are_written_no_younger_than_they_are(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    file = tmp_path / "policies" / "facts.json"
    present = (ROOT / "policies" / "facts.json").read_text(encoding="utf-8")
    file.write_text(present.replace("3.9.x.kraft", "3.99.x.kraft"), encoding="utf-8")
    assert facts(["--check", "--directory", str(tmp_path)]) == 1
    assert "3.99.x.kraft" in file.read_text(encoding="utf-8")
    assert facts(["--directory", str(tmp_path)]) == 0
    assert file.read_text(encoding="utf-8") == present


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_text("old")
    file.chmod(0o640)
    write_atomically(file, "new\n")
    assert file.read_bytes() == b"new\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report"
    file.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="space"):
        write_atomically(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
