"""Where people read a file of the project in their browser: the page of the git repository's remote.

Only git's own configuration file of the repository is read, through whatever reads files: no program runs, and nothing of one
machine's own settings takes part, so a laptop that clones by SSH and a pipeline that clones by HTTPS come to the same address. It
leads to the remote's default branch, whatever is checked out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

RUNBOOK = "docs/runbook.md"
"""The runbook's path in the project."""

Read = Callable[[Path], str | None]
"""The text of a file; None where there is no such file."""

_REMOTES = ("origin", "upstream")
"""A pipeline knows `origin` alone, and an `upstream` may be the template that a project was made from."""
_SECTION = re.compile(r'\[\s*(?i:remote)\s+"(?P<name>[^"]+)"\s*\]')
_URL = re.compile(r'\s*(?i:url)\s*=\s*"?(?P<url>[^"\s]+)"?\s*')
_SHORT_SSH = re.compile(r"(?:[^@/:\s]+@)?(?P<host>[A-Za-z0-9.-]+):(?P<path>[^/:][^:]*)")
"""`git@host:path`, as scp writes it."""
_CODECOMMIT_HELPER = re.compile(r"codecommit::(?P<region>[a-z0-9-]+)://(?:[^@/]+@)?(?P<name>[\w.-]+)")
"""git-remote-codecommit. AWS CodeCommit User Guide, "Setup steps for HTTPS connections with git-remote-codecommit"."""
_CODECOMMIT_HOST = re.compile(r"git-codecommit\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")
_SEGMENT = re.compile(r"[A-Za-z0-9._~-]+")
_SAME_HOSTS: Mapping[str, str] = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
"""Hosts for SSH on port 443, and the host of the pages."""
_ALIAS = re.compile(r"(?P<host>github\.com|gitlab\.com|bitbucket\.org)-[a-z0-9.-]+")
"""A host of `~/.ssh/config`, one for each account of a person, as people call them: `github.com-work`. No page is there."""
_OWNER_AND_NAME = 2
_LONGEST = 300


def runbook_page(project: Path, read: Read) -> str:
    """The address of the project's runbook; empty where it has none, or no remote whose pages are known.

    Args:
        project: Where Pulumi.yaml is; an absolute path.
        read: Reads a file.
    """
    if read(project / RUNBOOK) is None:
        return ""
    for directory in (project, *project.parents):
        config = _config_of(directory, read)
        if config is not None:
            below = project.relative_to(directory).as_posix()
            page = page_of(remote_in(config), RUNBOOK if below == "." else f"{below}/{RUNBOOK}")
            return page if len(page) <= _LONGEST else ""
    return ""


def _config_of(directory: Path, read: Read) -> str | None:
    """The repository's configuration, where a directory is the top of a repository, of a worktree or of a submodule."""
    config = read(directory / ".git" / "config")
    if config is not None:
        return config
    pointer = read(directory / ".git")
    if pointer is None or not pointer.startswith("gitdir:"):
        return None
    own = directory / pointer.removeprefix("gitdir:").strip()
    common = read(own / "commondir")
    return read((own / common.strip() if common else own) / "config")


def remote_in(config: str) -> str:
    """The URL of the remote that people read at; empty where there is none, or several of which none is known by its name."""
    urls: dict[str, str] = {}
    name = None
    for line in config.splitlines():
        if line.lstrip().startswith("["):
            section = _SECTION.match(line.strip())
            name = section["name"] if section else None
        elif name and name not in urls and (url := _URL.fullmatch(line)):
            urls[name] = url["url"]
    for known in _REMOTES:
        if known in urls:
            return urls[known]
    return next(iter(urls.values())) if len(urls) == 1 else ""


def page_of(remote: str, path: str) -> str:
    """The page of a file on the default branch of a remote; empty where the remote's pages are not known.

    Nothing but a host's name and the repository's path is taken from the URL: names, passwords and tokens that stand in it go
    nowhere.

    Args:
        remote: The remote's URL, as git has it.
        path: The file's path in the repository.
    """
    host, repository = _parts(remote)
    segments = repository.removesuffix("/").removesuffix(".git").strip("/").split("/")
    if not all(_SEGMENT.fullmatch(segment) and segment not in (".", "..") for segment in (*segments, *path.split("/"))):
        return ""
    where, name = "/".join(segments), host.partition(":")[0]
    if codecommit := _CODECOMMIT_HOST.fullmatch(name):
        return _codecommit(codecommit["region"], segments[2], path) if segments[:-1] == ["v1", "repos"] else ""
    if name.startswith("gitlab."):
        return f"https://{host}/{where}/-/blob/HEAD/{path}" if len(segments) >= _OWNER_AND_NAME else ""
    between = "blob" if name.startswith("github.") else "src" if name == "bitbucket.org" else ""
    return f"https://{host}/{where}/{between}/HEAD/{path}" if between and len(segments) == _OWNER_AND_NAME else ""


def _parts(remote: str) -> tuple[str, str]:
    """The host of the pages, with a port where HTTPS has one, and the repository's path."""
    if helper := _CODECOMMIT_HELPER.fullmatch(remote):
        return f"git-codecommit.{helper['region']}.amazonaws.com", f"v1/repos/{helper['name']}"
    if "://" not in remote:
        short = _SHORT_SSH.fullmatch(remote)
        return (_page_host(short["host"]), short["path"]) if short else ("", "")
    try:
        parts = urlsplit(remote)
        port = parts.port
    except ValueError:
        return "", ""
    if parts.scheme not in ("https", "http", "ssh", "git") or not parts.hostname:
        return "", ""
    suffix = f":{port}" if port and parts.scheme == "https" else ""
    return _page_host(parts.hostname) + suffix, parts.path


def _page_host(host: str) -> str:
    host = host.lower()
    if alias := _ALIAS.fullmatch(host):
        host = alias["host"]
    return _SAME_HOSTS.get(host, host)


def _codecommit(region: str, name: str, path: str) -> str:
    """The console's page; it has no address of whatever branch is the default one, which is main unless somebody changed it."""
    console = f"https://{region}.console.aws.amazon.com/codesuite/codecommit/repositories/{name}"
    return f"{console}/browse/refs/heads/main/--/{path}?region={region}"
