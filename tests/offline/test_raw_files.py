"""Files that are no sound YAML: each is refused at its line, in words, and in no time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from offline.project.loading import load_project
from offline.project.stack_file import ConfigError
from offline.project.yaml_soundness import DEEPEST

if TYPE_CHECKING:
    from pathlib import Path

    from offline.project.loading import StackConfig

PROJECT = "name: shop\nruntime: python\nconfig:\n  size: {type: integer, default: 1}\n  tags: {type: object, default: {}}\n"
LAUGHS = "config:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"  a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
)


def config_of(directory: Path, content: bytes, *, with_mistakes: bool = False) -> StackConfig:
    (directory / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    (directory / "Pulumi.dev.yaml").write_bytes(content)
    return load_project(directory).stack_config("dev", with_mistakes=with_mistakes)


def refusals(directory: Path, content: bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config_of(directory, content)
    return [str(problem).removeprefix("Pulumi.dev.yaml:") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"config:\n  tags: " + b"[" * 900 + b"]" * 900, f"2: has more than {DEEPEST} nested blocks"),
        (b"config:\n  tags: " + b"[" * 100_000, "2: has more than"),
        (b"config:\n  tags: " + b"{a: " * 200 + b"}" * 200, "2: has more than"),
        (b"config:\n  size: a\x00b\n", "2: has the control character U+0000"),
        (b"config:\n  size: \x1b[31m\n", "2: has the control character U+001B"),
        (b"config:\n  size: 1\n  name: \xff\n", "3: the file is not UTF-8"),
        ("config: {size: 1}".encode("utf-16"), "1: the file is not UTF-8"),
        (b"config:\n\tsize: 1\n", "2: "),
        (b"config:\n  tags: &a {b: *a}\n", "2: an anchor's value contains itself"),
        (b"config:\n  tags: &a\n    <<: *a\n", "2: an anchor's value contains itself"),
        (LAUGHS.encode(), "1: document contains excessive aliasing"),
        (b"config:\n  tags: *nowhere\n", "2: found undefined alias"),
        (b"config:\n  tags: {<<: 5}\n", "2: map merge requires map or sequence of maps"),
        (b"config:\n  ? [a, b]\n  : 1\n", "2: a key must be text"),
        (b"config:\n  size: 1\n  size: 2\n", '3: mapping key "size" already defined at line 2'),
        (b"config:\n  tags: !!python/object/apply:os.system [id]\n", "2: has the tag !!python/object/apply:os.system"),
        (b"config:\n  tags: !!binary aGk=\n", "2: has the tag !!binary"),
        (b"config:\n  tags: !own x\n", "2: has the tag !own"),
        (b"--- {config: {size: 1}}\n--- {config: {size: 2}}\n", "2: expected a single document"),
        (b"[config]\n", "1: the file must be a map"),
        (b"hello\n", "1: the file must be a map"),
        (b"config: []\n", "1: 'config' must be a map"),
        (b"config: text\n", "1: 'config' must be a map"),
        (b"Config:\n  size: 1\n", "1: 'Config' is not a key that Pulumi reads"),
        (b"config: {}\nsize: 3\n", "2: 'size' is not a key that Pulumi reads"),
        (b"encryptionsalt: [v1]\nconfig: {}\n", "1: 'encryptionsalt' must be text"),
        (b"environment: prod\nconfig: {}\n", "1: 'environment' must be a list"),
        (b"config:\n  size: " + b"9" * 5000 + b".5\n", "2: Stack 'dev' with configuration key 'size' must be of type 'integer'"),
        (b"config:\n  size: 1_0.5e999999999\n", "2: Stack 'dev' with configuration key 'size' must be of type"),
        ("config:\n  size: \u0661\u0662\n".encode(), "2: Stack 'dev' with configuration key 'size' must be of type"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_sound_is_refused_at_its_line(tmp_path: Path, content: bytes, refusal: str) -> None:
    assert any(line.startswith(refusal) for line in refusals(tmp_path, content)), refusals(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# nothing\n",
        b"~\n",
        b"\xef\xbb\xbfconfig: {}\n",
        b"config:\n",
        b"config: {}\r\n",
        b"config: ~\nencryptionsalt: v1:x\nsecretsprovider: awskms://x\nenvironment: [a, {b: {merge: true}}]\n",
        b"environment: [{}]\nconfig: {}\n",
        b"config:\n  tags: {a: &x {b: c}, d: *x, e: {<<: *x, f: g}}\n",
        b"config:\n  tags: {a: !!str 5, b: 'x # y', c: \"\\u00e9\"}\n",
        b"config:\n  tags: {long: '" + b"x" * 100_000 + b"'}\n",
        b"config:\n  tags: {secure: 5}\n",
    ],
)  # fmt: skip
def test_an_odd_file_that_is_sound_is_read(tmp_path: Path, content: bytes) -> None:
    assert config_of(tmp_path, content).values["shop:size"] == "1"


def test_what_a_program_may_be_started_after_is_kept_beside_the_values(tmp_path: Path) -> None:
    config = config_of(tmp_path, b"config:\n  size: many\n  tags: none\nsize: 3\n", with_mistakes=True)
    assert (config.values["shop:size"], config.values["shop:tags"]) == ("many", "none")
    assert [mistake.line for mistake in config.mistakes] == [2, 3, 4]
    assert config.line_of(("Config",)) is None


def test_a_key_beside_the_configuration_has_its_line(tmp_path: Path) -> None:
    config = config_of(tmp_path, b"config:\n  size: 2\ntags: {}\nbrokers: 3\n", with_mistakes=True)
    assert config.line_of(("brokers",)) == ("Pulumi.dev.yaml", 4)
    assert config.line_of(("size",)) == ("Pulumi.dev.yaml", 2)
