"""Rules are found where their modules are: none is left out, and none silently takes another's place."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest
from pulumi_policy import Severity

from msk_policies.registry import POLICIES, declared_in
from support.pack import PACK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from types import ModuleType

RULES = PACK / "msk_policies" / "rules"
RULE = """
from pulumi_policy import ResourceValidationPolicy, Severity

POLICY = ResourceValidationPolicy("{name}", "Nothing is wrong.", lambda args, report: None, severity=Severity.{severity})
"""
SEVERITIES = [Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW]


def _rule(name: str, severity: str = "LOW") -> str:
    return RULE.format(name=name, severity=severity)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Mapping[str, str]], ModuleType]]:
    """Makes a package of rules from the text of each module by its `topic/name`."""

    def make(modules: Mapping[str, str]) -> ModuleType:
        for path, text in modules.items():
            file = tmp_path / "made_rules" / f"{path}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            (file.parent.parent / "__init__.py").touch()
            (file.parent / "__init__.py").touch()
            file.write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        return importlib.import_module("made_rules")

    yield make
    for name in [name for name in sys.modules if name.partition(".")[0] == "made_rules"]:
        del sys.modules[name]


def test_every_module_of_rules_is_a_rule_of_the_pack() -> None:
    modules = {file.stem.replace("_", "-") for file in RULES.glob("*/*.py") if file.stem != "__init__"}
    assert sorted(policy.name for policy in POLICIES) == sorted(modules)


def test_the_severest_rule_comes_first_then_topic_and_name_decide() -> None:
    def place(name: str, severity: Severity | None) -> tuple[int, str, str]:
        assert severity is not None
        (file,) = RULES.glob(f"*/{name.replace('-', '_')}.py")
        return SEVERITIES.index(severity), file.parent.name, name

    places = [place(policy.name, policy.severity) for policy in POLICIES]
    assert places == sorted(places)


def test_rules_of_all_topics_are_declared(package: Callable[[Mapping[str, str]], ModuleType]) -> None:
    made = package(
        {"b/two_words": _rule("two-words"), "a/late": _rule("late"), "a/early": _rule("early"), "c/bad": _rule("bad", "CRITICAL")}
    )
    assert [policy.name for policy in declared_in(made)] == ["bad", "early", "late", "two-words"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", TypeError),
        ("POLICY = None", TypeError),
        (_rule("it").replace("Severity.LOW", "None"), TypeError),
        (_rule("another"), ValueError),
    ],
    ids=["no POLICY", "no rule", "no severity", "another name"],
)
def test_a_module_that_declares_no_rule_of_its_name_stops_the_pack(
    package: Callable[[Mapping[str, str]], ModuleType], text: str, error: type[Exception]
) -> None:
    made = package({"a/it": text, "b/good": _rule("good")})
    with pytest.raises(error, match=r"made_rules\.a\.it"):
        declared_in(made)


def test_two_rules_of_one_name_stop_the_pack(package: Callable[[Mapping[str, str]], ModuleType]) -> None:
    made = package({"a/it": _rule("it"), "b/it": _rule("it")})
    with pytest.raises(ValueError, match=r"made_rules\.b\.it"):
        declared_in(made)
