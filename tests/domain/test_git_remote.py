"""The runbook's page at the git remote: the same for every way to clone, and nothing secret in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.git_remote import page_of, remote_in, runbook_page

GITHUB = "https://github.com/acme/streaming/blob/HEAD/docs/runbook.md"


def read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


@pytest.mark.parametrize(
    ("remotes", "page"),
    [
        (
            [
                "git@github.com:acme/streaming.git",
                "git@github.com:acme/streaming",
                "https://github.com/acme/streaming.git",
                "https://github.com/acme/streaming/",
                "https://x-access-token:ghs_secret@github.com/acme/streaming",
                "ssh://git@github.com/acme/streaming.git",
                "ssh://git@ssh.github.com:443/acme/streaming.git",
                "org-123@GitHub.com:acme/streaming.git",
                "git://github.com/acme/streaming.git",
                "git@github.com-work:acme/streaming.git",
            ],
            GITHUB,
        ),
        (
            [
                "git@gitlab.example.com:data/kafka/streaming.git",
                "https://oauth2:glpat-1@gitlab.example.com/data/kafka/streaming.git",
            ],
            "https://gitlab.example.com/data/kafka/streaming/-/blob/HEAD/docs/runbook.md",
        ),
        (
            ["https://gitlab.example.com:8443/data/streaming.git"],
            "https://gitlab.example.com:8443/data/streaming/-/blob/HEAD/docs/runbook.md",
        ),
        (
            ["git@bitbucket.org:acme/streaming.git", "https://user@bitbucket.org/acme/streaming.git"],
            "https://bitbucket.org/acme/streaming/src/HEAD/docs/runbook.md",
        ),
        (
            [
                "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/streaming",
                "ssh://APKAEXAMPLE@git-codecommit.eu-west-1.amazonaws.com/v1/repos/streaming",
                "codecommit::eu-west-1://profile@streaming",
                "codecommit::eu-west-1://streaming",
            ],
            "https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/streaming/browse/refs/heads/main/--/"
            "docs/runbook.md?region=eu-west-1",
        ),
        (
            [
                "",
                "/srv/git/streaming.git",
                "../streaming",
                "file:///srv/git/streaming.git",
                "git@git.example.com:acme/streaming.git",
                "git@work:acme/streaming.git",
                "https://github.com/acme",
                "https://github.com/acme/streaming/tree/main",
                "https://github.com/acme/a b",
                "https://github.com:port/acme/streaming",
                "https://git-codecommit.eu-west-1.amazonaws.com/streaming",
                "codecommit://streaming",
            ],
            "",
        ),
    ],
    ids=["GitHub", "GitLab", "GitLab with a port", "Bitbucket", "CodeCommit", "not known"],
)
def test_each_way_to_clone_comes_to_the_same_page(remotes: list[str], page: str) -> None:
    assert {page_of(remote, "docs/runbook.md") for remote in remotes} == {page}


@given(st.text("abcXYZ019-._~!$&'()*+,;=%", min_size=8), st.text("abcXYZ019-._~", min_size=8), st.sampled_from(["https", "ssh"]))
def test_no_name_and_no_password_of_a_url_gets_into_the_page(user: str, password: str, scheme: str) -> None:
    page = page_of(f"{scheme}://{user}:{password}@github.com/acme/streaming.git?token={password}", "docs/runbook.md")
    assert page == GITHUB


@pytest.mark.parametrize(
    ("config", "remote"),
    [
        (
            '[core]\n\tbare = false\n[remote "origin"]\n\turl = git@github.com:acme/streaming.git\n\tfetch = +refs\n',
            "git@github.com:acme/streaming.git",
        ),
        ('[remote "origin"]\n\turl = mine\n[remote "upstream"]\n\turl = theirs\n', "mine"),
        ('[remote "upstream"]\n\turl = theirs\n[remote "origin"]\n\turl = mine\n', "mine"),
        ('[REMOTE "origin"]\n\tURL = "quoted"\n', "quoted"),
        ('[remote "origin"]\n\tpushurl = elsewhere\n\turl = first\n\turl = second\n', "first"),
        ('[remote "company"]\n\turl = only\n', "only"),
        ('[remote "a"]\n\turl = one\n[remote "b"]\n\turl = other\n', ""),
        ('[url "ssh://"]\n\tinsteadOf = x\n[submodule "lib"]\n\turl = lib\n[core]\n', ""),
        ("", ""),
    ],
)
def test_the_remote_is_the_originals(config: str, remote: str) -> None:
    assert remote_in(config) == remote


def git(directory: Path, *words: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *identity, *words], cwd=directory, check=True, capture_output=True)  # noqa: S607 - PATH's git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    home = tmp_path / "streaming"
    (home / "kafka" / "docs").mkdir(parents=True)
    (home / "kafka" / "docs" / "runbook.md").touch()
    git(home, "init", "--quiet")
    git(home, "add", ".")
    git(home, "commit", "--quiet", "--message", "first")
    git(home, "remote", "add", "origin", "git@github.com:acme/streaming.git")
    return home


PAGE_BELOW = "https://github.com/acme/streaming/blob/HEAD/kafka/docs/runbook.md"


def test_a_project_below_the_top_of_its_repository_a_worktree_and_a_detached_head_have_the_same_page(repository: Path) -> None:
    assert runbook_page(repository / "kafka", read) == PAGE_BELOW
    git(repository, "checkout", "--quiet", "--detach")
    assert runbook_page(repository / "kafka", read) == PAGE_BELOW
    git(repository, "worktree", "add", "--quiet", "../other", "--detach")
    assert runbook_page(repository.parent / "other" / "kafka", read) == PAGE_BELOW


def test_there_is_no_page_without_a_remote_without_a_repository_and_without_a_runbook(repository: Path, tmp_path: Path) -> None:
    (repository / "kafka" / "docs" / "runbook.md").unlink()
    assert runbook_page(repository / "kafka", read) == ""
    (repository / "kafka" / "docs" / "runbook.md").touch()
    git(repository, "remote", "remove", "origin")
    assert runbook_page(repository / "kafka", read) == ""
    (tmp_path / "alone" / "docs").mkdir(parents=True)
    (tmp_path / "alone" / "docs" / "runbook.md").touch()
    assert runbook_page(tmp_path / "alone", read) == ""
