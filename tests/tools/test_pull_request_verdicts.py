"""`python -m tools verdicts`: what follows from the base branch's verdict and a pull request's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.previews import CLUSTER, events, of_cluster, replacing, state, step, urn
from tools.changes.document import failed_document
from tools.shared.commands import utc_today
from tools.verdicts.command import main

SAME = events(of_cluster("same", {}))
REFUSED_BY_RULE = events(
    of_cluster("same", {}),
    policies=(
        {
            "policyName": "encryption-in-transit",
            "message": "What it is for.\nThis listener is open.",
            "enforcementLevel": "mandatory",
            "resourceUrn": urn(CLUSTER, "kafka"),
        },
    ),
    failed=True,
)
LOSES = events(of_cluster("replace", {"clusterName": "other"}, **replacing("clusterName")))
NEVER_SEEN = state("aws:msk/tieredArchive:TieredArchive", "archive", {"name": "a"})
UNKNOWN = events(of_cluster("update", {"neverSeen": {"enabled": True}}, detailedDiff={"neverSeen": {"kind": "add"}}))
"""An update of a property that this version does not know: an upgrade's."""


class PullRequest:
    """Two checkouts and the previews of one stack, prod, in a directory: by itself everything is fine."""

    def __init__(self, directory: Path) -> None:
        self.base, self.change, self.previews = (directory / name for name in ("base", "change", "previews"))
        for checkout in (self.base, self.change):
            for name, text in {
                "template.json": '{"version": "1.0.0"}',
                "Pulumi.prod.yaml": "config: {}\n",
                "policies/PulumiPolicy.yaml": "runtime: python\n",
                "policies/config/prod.json": "{}",
                "tools/changes.py": "JUDGE = True\n",
            }.items():
                (checkout / name).parent.mkdir(parents=True, exist_ok=True)
                (checkout / name).write_text(text)
        self.previews.mkdir()
        self.says(format="1\n", change=SAME, base=SAME)
        self.says(0)

    def says(self, code: int | None = None, /, **previews: str) -> None:
        """Writes previews, and how the pull request's own tools end."""
        for name, text in previews.items():
            (self.previews / (name if name == "format" else f"{name}.json")).write_text(text)
            (self.previews / f"{name}.code").write_text("0\n")
        if code is not None:
            own = {**failed_document(utc_today(), [], code), "headline": "Its own headline"}
            (self.previews / "judged.json").write_text(json.dumps(own))
            (self.previews / "judged.md").write_text("### Its own report\n")

    def judged(self, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
        code = main([str(self.previews), "--stack", "prod", "--base", str(self.base), "--change", str(self.change), *options])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out


@pytest.fixture
def pull_request(tmp_path: Path) -> PullRequest:
    return PullRequest(tmp_path)


def test_what_both_find_fine_is_fine_and_says_no_more(pull_request: PullRequest, capsys: pytest.CaptureFixture[str]) -> None:
    code, page = pull_request.judged(capsys)
    assert code == 0
    assert page.startswith("## prod: 🟢 Fine\n\n| Judged by")
    assert "⚠️" not in page


@pytest.mark.parametrize(
    ("previews", "own", "said"),
    [
        ({"base": REFUSED_BY_RULE}, 0, "| the base branch | 🔴 refused"),
        ({"base": LOSES, "change": LOSES}, 0, "| the base branch | 🔴 refused"),
        ({}, 1, "| this pull request | 🔴 refused: Its own headline"),
        # Its tools say that it is fine, and its pack has refused it.
        ({"change": REFUSED_BY_RULE}, 0, "| this pull request | 🔴 refused: refused by encryption-in-transit"),
    ],
)
def test_what_either_side_refuses_is_refused(
    pull_request: PullRequest, capsys: pytest.CaptureFixture[str], previews: dict[str, str], own: int, said: str
) -> None:
    pull_request.says(own, **previews)
    code, page = pull_request.judged(capsys)
    assert code == 1
    assert said in page
    assert "## prod: 🔴 Refused" in page


def test_the_label_allows_losses_and_no_rule(pull_request: PullRequest, capsys: pytest.CaptureFixture[str]) -> None:
    pull_request.says(base=LOSES, change=LOSES)
    assert pull_request.judged(capsys, "--allow-loss")[0] == 0
    pull_request.says(base=REFUSED_BY_RULE)
    assert pull_request.judged(capsys, "--allow-loss")[0] == 1


@pytest.mark.parametrize("own", [2, 3, 77])
def test_what_a_pull_requests_own_tools_cannot_judge_is_its_own_to_mend(
    pull_request: PullRequest, capsys: pytest.CaptureFixture[str], own: int
) -> None:
    pull_request.says(own)
    assert pull_request.judged(capsys)[0] == 2


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", "{", "[" * 100_000, '{"exitCode": "0"}', "\x00\xff"])
def test_a_verdict_that_is_none_is_not_fine(pull_request: PullRequest, capsys: pytest.CaptureFixture[str], content: str) -> None:
    (pull_request.previews / "judged.json").write_text(content)
    assert pull_request.judged(capsys)[0] == 2


def test_what_judges_it_is_named_on_top_where_the_pull_request_changes_it(
    pull_request: PullRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    (pull_request.change / "tools" / "changes.py").write_text("JUDGE = False\n")
    (pull_request.change / ".github").mkdir()
    (pull_request.change / ".github" / "new.yml").write_text("on: push\n")
    (pull_request.change / "policies" / "config" / "prod.json").unlink()
    code, page = pull_request.judged(capsys)
    assert code == 0
    top = page.splitlines()[2]
    assert "changes what judges it" in top
    for file in (".github/new.yml", "policies/config/prod.json", "tools/changes.py"):
        assert f"`{file}`" in top


def test_a_link_in_a_pull_request_is_not_followed(pull_request: PullRequest, capsys: pytest.CaptureFixture[str]) -> None:
    (pull_request.change / "policies" / "loop").symlink_to("/")
    assert "`policies/loop`" in pull_request.judged(capsys)[1]


def test_a_refusal_stays_one_where_the_pull_request_weakens_the_rules(
    pull_request: PullRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    (pull_request.change / "policies" / "PulumiPolicy.yaml").write_text("runtime: nodejs\n")
    pull_request.says(base=REFUSED_BY_RULE)
    assert pull_request.judged(capsys)[0] == 1


def test_a_reviewer_decides_on_an_exemption(pull_request: PullRequest, capsys: pytest.CaptureFixture[str]) -> None:
    (pull_request.change / "policies" / "config" / "prod.json").write_text('{"exemptions": []}')
    pull_request.says(base=REFUSED_BY_RULE)
    code, page = pull_request.judged(capsys)
    assert code == 4
    assert "policies refuse it, and this pull request's do not" in page
    assert "Whoever reviews the environment prod-preview decides" in page
    # Of what AWS takes or loses an exemption says nothing.
    pull_request.says(base=LOSES, change=LOSES)
    assert pull_request.judged(capsys)[0] == 1


def test_a_reviewer_decides_on_a_new_stack(pull_request: PullRequest, capsys: pytest.CaptureFixture[str]) -> None:
    (pull_request.base / "Pulumi.prod.yaml").unlink()
    code, page = pull_request.judged(capsys)
    assert code == 4
    assert "The base branch has no stack prod" in page.splitlines()[2]
    pull_request.says(base=REFUSED_BY_RULE)
    assert pull_request.judged(capsys)[0] == 1


@pytest.mark.parametrize(
    ("previews", "why"),
    [
        ({"base": UNKNOWN, "change": UNKNOWN}, "neverSeen"),
        ({"format": "2"}, "format 2"),
        ({"base": ""}, "pulumi printed none"),
        ({"base": events(of_cluster("same", {}), failed=True)}, "failed"),
        ({"base": events(step("transmute", NEVER_SEEN, NEVER_SEEN))}, "does not know"),
    ],
)
def test_an_upgrades_pull_request_waits_for_a_reviewer_where_the_base_branch_cannot_read_it(
    pull_request: PullRequest, capsys: pytest.CaptureFixture[str], previews: dict[str, str], why: str
) -> None:
    (pull_request.change / "template.json").write_text('{"version": "2.0.0"}')
    (pull_request.change / "tools" / "changes.py").write_text("JUDGE = 2\n")
    pull_request.says(**previews)
    code, page = pull_request.judged(capsys)
    assert code == 4
    assert "**This upgrades the template** from 1.0.0 to 2.0.0" in page
    assert "**The base branch cannot judge this change**" in page
    assert why in page
    # Its own side still counts.
    pull_request.says(1)
    assert pull_request.judged(capsys)[0] == 1


def test_a_base_branch_that_fails_on_a_newer_preview_has_no_verdict(
    pull_request: PullRequest, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object, **__: object) -> Any:
        raise KeyError("neverSeen")

    monkeypatch.setattr("tools.verdicts.verdict.changes_document", fails)
    arguments = [str(pull_request.previews), "--stack", "prod", "--base", str(pull_request.base)]
    assert main([*arguments, "--change", str(pull_request.change)]) == 4
    assert "its tools failed: KeyError" in capfd.readouterr().out


def test_a_base_branch_without_the_command_leaves_it_to_a_reviewer(
    pull_request: PullRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    code, page = pull_request.judged(capsys, "--base-cannot", "it has no such command yet")
    assert code == 4
    assert "it has no such command yet" in page


def test_a_comment_fits_and_no_name_breaks_out_of_it(pull_request: PullRequest, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3000):
        (pull_request.change / "tools" / f"{number:04}`|<b>@everyone.py").write_text("")
    (pull_request.previews / "judged.md").write_text("x" * 70_000)
    _, page = pull_request.judged(capsys)
    assert len(page) <= 65_100
    assert "<b>" not in page


def test_directories_that_are_none_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "no"), "--stack", "prod", "--base", str(tmp_path), "--change", str(tmp_path)]) == 2
    assert "is no directory" in capsys.readouterr().err


@pytest.mark.parametrize(("side", "code"), [("change", 2), ("base", 4)])
def test_a_preview_that_does_not_say_how_it_ended_is_not_fine(
    pull_request: PullRequest, capsys: pytest.CaptureFixture[str], side: str, code: int
) -> None:
    (pull_request.previews / f"{side}.code").unlink()
    ended, comment = pull_request.judged(capsys)
    assert ended == code
    assert "exit code unknown" in comment
