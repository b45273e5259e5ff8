"""How long a configuration is where Pulumi hands it over, and what is said when it is too long."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.loading import load_stack
from domain.problems import ABSENT, SettingsError
from domain.settings.config_size import LONGEST, config_size, size_problem, size_warning
from support.large_configs import handed_over
from support.stacks import TODAY

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('<>&"\\\u2028\u2029\b\f\n\x00\x7f'))


def of_size(size: int) -> dict[str, str]:
    """A configuration of so many bytes: an eighth of it regions, the rest topics, with a little of something else."""
    config = {"aws:region": "us-east-1", "shop:topics": "", "shop:clients": "c" * (size // 8)}
    return {**config, "shop:topics": "t" * (size - len(handed_over(config)))}


@given(st.dictionaries(TEXTS, TEXTS | st.dictionaries(TEXTS, TEXTS).map(json.dumps)))
def test_the_size_is_what_the_language_host_puts_into_the_environment(config: dict[str, str]) -> None:
    assert config_size(config) == len(handed_over(config))


def test_the_longest_is_what_a_process_can_be_started_with_on_linux() -> None:
    def can_start(size: int) -> bool:
        command = [sys.executable, "-I", "-S", "-c", "import os; print(len(os.environ['PULUMI_CONFIG']))"]
        config = handed_over(of_size(size)).rstrip(b"\0").partition(b"=")[2]
        try:
            done = subprocess.run(command, env={**os.environb, b"PULUMI_CONFIG": config}, check=True, capture_output=True)
        except OSError:
            return False
        return int(done.stdout) == len(config)

    # Linux has pages of 4 KiB on most machines and larger ones on some; other systems have no limit on one variable.
    page = os.sysconf("SC_PAGE_SIZE")
    assert can_start(LONGEST)
    assert can_start(LONGEST + 1) is (sys.platform != "linux" or page > LONGEST // 32)


@pytest.mark.parametrize(
    ("size", "warned", "refused"),
    [
        (LONGEST * 8 // 10, False, False),
        (LONGEST * 8 // 10 + 1, True, False),
        (LONGEST, True, False),
        (LONGEST + 1, False, True),
        (4 * LONGEST, False, True),
    ],
)
def test_what_almost_is_too_long_is_warned_of_and_what_is_is_refused(size: int, warned: bool, refused: bool) -> None:
    config = of_size(size)
    assert (size_warning(config, project="shop") is not None) is warned
    assert (size_problem(config, project="shop") is not None) is refused


def test_the_largest_settings_are_named_with_what_they_take() -> None:
    problem = size_problem(of_size(2 * LONGEST), project="shop")
    assert problem is not None
    assert (problem.path, problem.value) == (("topics",), ABSENT)
    assert "256 KiB as JSON, 128 KiB over the limit (topics 223.9 KiB, clients 32 KiB, everything else " in problem.message
    assert "1 byte over the limit" in str(size_problem(of_size(LONGEST + 1), project="shop"))


def test_a_large_setting_of_another_namespace_is_named_with_it() -> None:
    problem = size_problem({"shop:topics": "t", "aws:defaultTags": "x" * LONGEST}, project="shop")
    assert problem is not None
    assert problem.setting == "aws:defaultTags"


def test_it_is_told_together_with_all_other_mistakes_and_hides_none() -> None:
    config = {"brokersPerZone": "0", "topics": json.dumps({"a b": {"partitions": 1}}), "tags": json.dumps({"x": "y" * LONGEST})}
    with pytest.raises(SettingsError) as caught:
        load_stack(config, project="shop", stack="dev", region="us-east-1", today=TODAY)
    told = [(problem.setting, "makes the configuration too large" in problem.message) for problem in caught.value.problems]
    assert ("tags", True) in told
    assert ("tags.x", False) in told
    assert {setting for setting, _ in told} >= {"brokersPerZone", "topics.a b"}


def test_other_namespaces_count() -> None:
    with pytest.raises(SettingsError, match="aws:defaultTags: makes the configuration too large"):
        load_stack({}, project="shop", stack="dev", region="us-east-1", today=TODAY, whole={"aws:defaultTags": "x" * LONGEST})
