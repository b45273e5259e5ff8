"""What a stack's file says beside the settings: nothing that nobody reads passes without a word, and no risk does."""

from __future__ import annotations

import re
from pathlib import Path

import pulumi_aws
import pytest

from domain.loading import load_stack
from domain.problems import SettingsError
from domain.settings.outside import PROVIDER_KEYS, clear_credentials
from support.stacks import TODAY, shipped_stack


def problems_of(whole: dict[str, str], text: str = "") -> list[str]:
    try:
        load_stack({}, project="shop", stack="dev", region="eu-west-1", today=TODAY, whole=whole, file_text=text)
    except SettingsError as error:
        return [str(problem) for problem in error.problems]
    return []


def warnings_of(key: str, value: str, text: str = "") -> list[str]:
    loaded = load_stack({}, project="shop", stack="dev", region="eu-west-1", today=TODAY, whole={key: value}, file_text=text)
    return [warning for warning in loaded.warnings if warning.startswith(key)]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("aws:regoin", "is not a configuration key of the AWS provider: it changes nothing. Did you mean aws:region? Remove it."),
        ("aws:Region", "Did you mean aws:region?"),
        (
            "shpo:brokerType",
            "it changes nothing. Did you mean brokerType? Remove it.",
        ),
        ("aw:region", "Did you mean aws:region?"),
        (
            "kafka:brokerType",
            "is in a namespace that this program does not read: it changes nothing. Did you mean brokerType? Remove it.",
        ),
    ],
)
def test_what_nobody_reads_is_a_mistake(key: str, message: str) -> None:
    (problem,) = problems_of({key: "x"})
    assert problem.startswith(f"{key} = x: ")
    assert message in problem


def test_a_namespace_that_an_extended_program_may_read_is_a_warning() -> None:
    assert problems_of({"kubernetes:context": "x"}) == []
    (warning,) = warnings_of("kubernetes:context", "x")
    assert warning.startswith("kubernetes:context")
    assert "is in a namespace that this template does not read" in warning


@pytest.mark.parametrize("key", ["aws:region", "aws:profile", "aws:assumeRoles", "pulumi:tags", "random:x"])
def test_what_somebody_reads_is_none(key: str) -> None:
    assert problems_of({key: "x"}) == []
    assert warnings_of(key, "x") == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "Config:\n  a: 1\n",
            ["Config: is not a key that Pulumi reads in a stack file: it changes nothing. Did you mean"],
        ),
        ("config:\n  a: 1\nbrokerType: x\n", ["brokerType: is not a key that Pulumi reads"]),
        ("config:\n  a: |\n    text: 1\n'tags' : {}\n", ["tags: is not a key that Pulumi reads"]),
        ("# note: a remark\nencryptionsalt: v1:x\nsecretsprovider: awskms\nenvironment:\n- a: 1\nconfig: {b: 1}\n", []),
    ],
)
def test_a_key_beside_the_configuration_is_a_mistake(text: str, named: list[str]) -> None:
    problems = problems_of({}, text)
    assert len(problems) == len(named)
    assert all(problem.startswith(start) for problem, start in zip(problems, named, strict=True))


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_shipped_stacks_have_no_stray_key(stack: str) -> None:
    assert problems_of({}, shipped_stack(stack)) == []


@pytest.mark.parametrize(
    "name",
    [
        "endpoints", "insecure", "httpProxy", "httpsProxy", "customCaBundle", "ec2MetadataServiceEndpoint", "ignoreTags",
        "s3UsePathStyle", "skipCredentialsValidation", "skipRegionValidation", "skipRequestingAccountId",
    ],
)  # fmt: skip
def test_what_opens_or_loses_something_is_warned_of_with_its_line(name: str) -> None:
    (warning,) = warnings_of(f"aws:{name}", "true", f"config:\n  aws:{name}: true\n")
    assert warning.startswith(f"aws:{name} (line 2) ")
    assert warnings_of(f"aws:{name}", "false") == []


@pytest.mark.parametrize("key", ["aws:endpoint", "aws:insecur", "aws:skipRegionValidatio", "aws:secretkey"])
def test_no_hint_names_what_opens_something(key: str) -> None:
    (problem,) = problems_of({key: "x"})
    assert problem.endswith("it changes nothing. Remove it.")


def test_credentials_in_clear_text_are_warned_of_and_encrypted_ones_are_not() -> None:
    whole = {"aws:secretKey": "x", "aws:token": "y"}
    (warning,) = clear_credentials(whole, frozenset({"aws:token"}))
    assert warning.startswith("aws:secretKey is in clear text")
    assert "revoke it in IAM" in warning


def test_the_keys_of_the_provider_are_those_that_it_has() -> None:
    variables = (Path(pulumi_aws.__file__).parent / "config" / "__init__.pyi").read_text(encoding="utf-8")
    own = set(re.findall(r"^([a-z]\w+): (?:Optional\[|bool)", variables, re.MULTILINE))
    assert "region" in own
    assert own <= PROVIDER_KEYS
