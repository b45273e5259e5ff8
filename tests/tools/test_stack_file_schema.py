"""The JSON schema of the stack file: editors underline what the loader's types refuse, and nothing else."""

from __future__ import annotations

import copy
import datetime
import random
import re
from functools import reduce
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
import yaml

from offline.project.go_yaml import YamlError
from support.mutated_stacks import mutated
from support.rich_stack import RICH
from support.stack_files import (
    as_editors_read,
    as_the_cli_reads,
    refused_by_schema,
    refused_by_types,
    same,
)
from support.stacks import ROOT, SHIPPED
from tools.generate import schema
from tools.generate.kind_examples import BASE, EXAMPLES
from tools.generate.kinds_page import merged

BY_DAY, BY_NIGHT = 500, 20_000

ENCRYPTED = "what an encrypted value holds is known to nobody here: a placeholder stands for it"
JSON_TEXT = "a map written as JSON in a text, as `pulumi config set` without --path writes one, is not read by JSON Schema"
NUMBER_TEXT = "JSON Schema compares numbers only: of one written as text it knows the form, not the range"
NOT_A_NUMBER = "JSON has no such number, and JSON Schema no word for it"
UNSEEN = "JSON Schema's regular expressions know no categories of Unicode: of invisible characters they have the ASCII ones"
SUBJECT = "the grammar of a certificate's subject as Kafka writes it takes a parser"
DIFFERENT = "JSON Schema compares no two values of a file"
TWICE = "JSON Schema does not know that two keys are one: with and without the project's name, as a path and as a name"
NAMESPACE = "which namespace is the project's own, or looks like a misspelt one, the schema of all projects cannot say"

LOADER_ALONE: Final = {
    r"\[secret\]": ENCRYPTED,
    r"as\.nextScramUser|nextScramUser must differ": DIFFERENT,
    r"\.certificate = ": SUBJECT,
    r"(alarmEmail|owner|runbook|reason) = ": UNSEEN,
    r"given twice|has .* twice: as one name and as a path": TWICE,
    r"is in a namespace that this program does not read": NAMESPACE,
}
"""What only the loader refuses, by what it says, and why the schema cannot."""


def seeds() -> list[dict[str, Any]]:
    """Stack files that are fine: one that uses nearly every setting, and the example of each setting."""
    files = [yaml.safe_load(RICH)]
    for example in EXAMPLES:
        value: Any = example.value
        for part in reversed(example.path):
            value = {part: value}
        files.append({"config": reduce(merged, (example.beside, example.of_provisioned, example.of_standard, value), dict(BASE))})
    return files


def shipped_files() -> list[Path]:
    return [
        *ROOT.glob("Pulumi.*.yaml"),
        *ROOT.glob("stacks/*/stack.yaml"),
        *SHIPPED.glob("Pulumi.*.yaml"),
    ]


def verdicts(text: str) -> tuple[list[str], list[str]] | None:
    """What the schema and what the types say of a file; None where editors and the CLI do not read the same, or the CLI none."""
    try:
        node = as_the_cli_reads(text)
    except YamlError:
        return None
    content = as_editors_read(text)
    if not same(content, node.value() if node else None):
        return None
    return refused_by_schema(content), refused_by_types(node)


def only_the_loaders(text: str, said: list[str]) -> bool:
    """Whether all that the types say is on the list, or concerns what no schema looks into."""
    texts = re.search(r"""['"]\s*\{[\s\S]*\}\s*['"]""", text) is not None
    return all(
        any(re.search(pattern, line) for pattern in LOADER_ALONE)
        or ((texts and "must be a map" in line) or (texts and "is not a setting" in line))
        for line in said
    )


def test_the_schema_says_what_the_settings_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert schema.main(["--check", "--directory", str(ROOT)]) == 0
    (tmp_path / schema.FILE).write_text(schema.schema_text().replace("maximumGiB", "maximumGB"), encoding="utf-8")
    assert schema.main(["--check", "--directory", str(tmp_path)]) == 1
    assert "run `python -m tools schema`" in capsys.readouterr().err
    assert schema.main(["--directory", str(tmp_path)]) == 0
    assert schema.main(["--check", "--directory", str(tmp_path)]) == 0


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(schema.stack_file_schema())


@pytest.mark.parametrize("file", shipped_files(), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_file_of_the_template_has_nothing_underlined(file: Path) -> None:
    assert verdicts(file.read_text(encoding="utf-8")) == ([], [])


def test_an_example_of_each_setting_has_nothing_underlined() -> None:
    files = [yaml.safe_dump(content) for content in seeds()]
    assert {text: verdicts(text) for text in files if verdicts(text) != ([], [])} == {}


def test_generated_files_are_underlined_where_the_types_refuse_them(exhaustive: bool) -> None:
    number = BY_NIGHT if exhaustive else BY_DAY
    # By day the same files as ever, by night others each time; the number in a failure makes its file again.
    first = datetime.datetime.now(datetime.UTC).toordinal() * BY_NIGHT if exhaustive else 0
    files = seeds()
    outcomes = {"refused": 0, "taken": 0, "read differently": 0}
    for seed in range(first, first + number):
        chance = random.Random(seed)  # noqa: S311 - no secret
        content = copy.deepcopy(chance.choice(files))
        for _ in range(chance.choice((1, 1, 2))):
            content["config"] = mutated(content["config"], chance)
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        both = verdicts(text)
        if both is None:
            outcomes["read differently"] += 1
            continue
        of_schema, of_types = both
        outcomes["refused" if of_types else "taken"] += 1
        if of_schema:
            assert of_types, f"file {seed}: only the schema refuses it: {of_schema}\n{text}"
        elif of_types:
            assert only_the_loaders(text, of_types), f"file {seed}: only the types refuse it: {of_types}\n{text}"
    assert outcomes["refused"] > number / 4, outcomes
    assert outcomes["taken"] > number / 4, outcomes
    assert outcomes["read differently"] < number / 10, outcomes
