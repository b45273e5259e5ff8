"""`python -m tools policies`: writes into docs/policies.md what each rule of the policy pack wants, why, and how to comply."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from offline.pack.pack import PolicyPack
from tools.generate.generated import parser_of_generator, renew
from tools.shared.controls import controls_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from offline.pack.judgement import Policy

PAGE: Final = Path("docs", "policies.md")
_PACK: Final = Path("policies")
_RULES: Final = _PACK / "msk_policies" / "rules"
_MADE: Final = re.compile(r"(<!-- rules: .*-->\n).*?(<!-- end of rules -->\n)", re.DOTALL)
_OF_EVERY_RULE: Final = "exemptions"


def main(arguments: list[str]) -> int:
    """Writes or checks docs/policies.md.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when `--check` finds the file stale.

    Raises:
        offline.pack.process.PackError: The pack does not start.
    """
    options = parser_of_generator("policies", "Writes the policy pack's rules into docs/policies.md.").parse_args(arguments)
    present = (options.directory / PAGE).read_text(encoding="utf-8")
    return renew("policies", options.directory, PAGE, present, page_text(present, options.directory), check=options.check)


def page_text(present: str, directory: Path) -> str:
    """docs/policies.md with its made part made anew.

    Args:
        present: The text as it is.
        directory: Where policies/ is.
    """
    with PolicyPack(directory / _PACK) as pack:
        pack.start(project="policies", stack="none", config={})
        policies = sorted(pack.policies(), key=lambda policy: policy.name)
    sections = [_table(policies), *(_section(policy, directory) for policy in policies)]
    made = "\n\n".join(sections)
    return _MADE.sub(lambda match: f"{match[1]}\n{made}\n\n{match[2]}", present)


def _table(policies: list[Policy]) -> str:
    cells = [
        (
            f"[`{policy.name}`](#{policy.name})",
            policy.enforcement,
            policy.severity,
            policy.description,
            ", ".join(_controls(policy)) or "-",
        )
        for policy in policies
    ]
    rows = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join(["| rule | level | severity | requirement | covers |", "|---|---|---|---|---|", *rows])


def _section(policy: Policy, directory: Path) -> str:
    facts = [f"Level: {policy.enforcement}. Severity: {policy.severity}. Judges: {_JUDGES[policy.judges]}."]
    if policy.framework:
        facts.append(f"Implements {policy.framework}.")
    if _controls(policy):
        facts.append(f"Covers {', '.join(_controls(policy))}.")
    parts = [
        f"### {policy.name}",
        policy.description,
        " ".join(facts),
        _why(policy.name, directory),
        f"**How to comply.** {policy.remediation_steps} See <{policy.url}>.",
    ]
    settings = {name: schema for name, schema in policy.settings.items() if name != _OF_EVERY_RULE}
    if settings:
        parts.append(_settings(settings))
    return "\n\n".join(parts)


_JUDGES: Final = {
    "resource": "each resource, before it is created",
    "stack": "the resources of a stack together, in a preview before any is created",
}


def _why(name: str, directory: Path) -> str:
    """What the rule's module says of itself: why it exists, what complying costs, and what it does not know."""
    (file,) = (directory / _RULES).glob(f"*/{name.replace('-', '_')}.py")
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    # The first line says what the rule wants, which stands there already. A paragraph is a line: readers of Markdown wrap it.
    _, _, reasons = text.partition("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in reasons.split("\n\n"))


def _controls(policy: Policy) -> list[str]:
    """The controls of other tools among a rule's tags: the others are topics."""
    return controls_in(policy.tags)


def _settings(settings: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        f"| `{name}` | {_value(schema.get('default'))} | {schema.get('description', '')} |" for name, schema in settings.items()
    ]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])


def _value(default: object) -> str:
    if default is None:
        return ""
    if isinstance(default, float) and default.is_integer():
        return f"`{int(default)}`"
    return f"`{default}`" if default not in ([], {}) else ""
