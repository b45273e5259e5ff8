"""The JSON schema of the stack file: editors underline what the loader's types refuse, and nothing else."""

from __future__ import annotations

import copy
import datetime
import json
import random
import re
from collections.abc import Iterator
from functools import reduce
from pathlib import Path, PurePosixPath
from typing import Any, Final

import jsonschema
import pytest
import yaml

from domain.settings.pulumi_yaml import setting_rows
from offline.project.go_yaml import YamlError
from support.mutated_stacks import mutated
from support.rich_stack import RICH
from support.stack_files import (
    as_editors_read,
    as_the_cli_reads,
    refused_by_schema,
    refused_by_types,
    said_by_editors,
    same,
)
from support.stacks import ROOT, SHIPPED
from tools.generate import schema
from tools.generate.kind_examples import BASE, EXAMPLES
from tools.generate.kinds_page import merged

BY_DAY, BY_NIGHT = 500, 20_000

ENCRYPTED: Final = "What an encrypted value holds is known to nobody here: a placeholder stands for it."
JSON_TEXT: Final = "A map that is written as JSON in a text, as by `pulumi config set` without --path, JSON Schema does not read."
NUMBER_TEXT: Final = "JSON Schema compares numbers only: of one that is written as text it knows the form, and not the range."
NOT_A_NUMBER: Final = "JSON has no such number, and JSON Schema no word for it."
UNSEEN: Final = "JSON Schema's regular expressions know no categories of Unicode: they have control characters only."
SUBJECT: Final = "The grammar of a certificate's subject as Kafka writes it takes a parser."
DIFFERENT: Final = "JSON Schema compares no two values of a file."
TWICE: Final = "JSON Schema does not know that two keys are one: with and without the project's name, as a name and as a path."
NAMESPACE: Final = "Which namespace is the project's own, or a misspelt one, the schema of all projects cannot say."

LOADER_ALONE: Final = {
    r"\[secret\]": ENCRYPTED,
    r"nextScramUser must differ": DIFFERENT,
    r"\.certificate = ": SUBJECT,
    r"(alarmEmail|owner|runbook|reason) = .*[^\x20-\x7e]|(owner|alarmEmail|runbook) = .*\\\\[xuU]": UNSEEN,
    r"given twice|has .* twice: as one name and as a path": TWICE,
    r"is in a namespace that this program does not read|is not a setting": NAMESPACE,
}
"""What only the loader refuses, by what it says, and why the schema cannot."""

SHOWN: Final = [
    ("config: {topics: {a: {partitions: 1, retentionHours: {secure: v1:x}}}}", ENCRYPTED),
    ("config: {alarmEmail: {secure: v1:x}}", ENCRYPTED),
    ("config: {workload: '{\"partitions\": -1}'}", JSON_TEXT),
    ("config: {workload: {fanOut: '-3'}}", NUMBER_TEXT),
    ("config: {monitoring: {alarms: {cpu: {threshold: .nan}}}}", NOT_A_NUMBER),
    ('config: {topics: {a: {partitions: 1, owner: "a\\u200bb"}}}', UNSEEN),
    ("config: {clients: {a: {from: {cidr: 10.0.0.0/8}, as: {certificate: 'CN=a, O=b'}}}}", SUBJECT),
    ("config: {clients: {a: {from: {cidr: 10.0.0.0/8}, as: {scramUser: a, nextScramUser: a}}}}", DIFFERENT),
    ("config: {protect: true, msk-platform:protect: true}", TWICE),
    ("config: {serverProperties: {message.max.bytes: 1, message: {max: {bytes: 1}}}}", TWICE),
    ("config: {orders:brokersPerZone: 2}", NAMESPACE),
    ("config: {msk-platform:brokerPerZone: 2}", NAMESPACE),
    ("config: {awz:profile: x}", NAMESPACE),
]
"""A file for each of those reasons, which the loader refuses and the schema does not."""


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
    """The stack files as the template has them: those beside Pulumi.yaml are a clone's own."""
    return [*SHIPPED.glob("Pulumi.*.yaml"), *ROOT.glob("stacks/*/stack.yaml")]


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
    """Whether all that the types say is what no schema can."""
    settings = as_editors_read(text)["config"]
    written_as_json = {key for key, value in settings.items() if isinstance(value, str) and value.strip().startswith("{")}
    return all(
        any(re.search(pattern, line) for pattern in LOADER_ALONE)
        or re.split(r"[. ]", line)[0] in written_as_json
        or ("must be" in line and _is_written_as_text(line, text))
        for line in said
    )


def _is_written_as_text(line: str, text: str) -> bool:
    """Whether a number that the types refuse stands in quotes."""
    number = line.partition(" = ")[2].partition(":")[0].removesuffix("...")
    return re.search(rf"""['"]{re.escape(number)}""", text) is not None and number.strip("-")[:1].isdigit()


def test_the_schema_says_what_the_settings_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert schema.main(["--check", "--directory", str(ROOT)]) == 0
    (tmp_path / schema.FILE).write_text(schema.schema_text().replace("maximumGiB", "maximumGB"), encoding="utf-8")
    assert schema.main(["--check", "--directory", str(tmp_path)]) == 1
    assert "run `python -m tools schema`" in capsys.readouterr().err
    assert schema.main(["--directory", str(tmp_path)]) == 0
    assert schema.main(["--check", "--directory", str(tmp_path)]) == 0


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(schema.stack_file_schema())


def patterns(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (part[key] for key in ("pattern",) if isinstance(part.get(key), str))
        yield from part.get("patternProperties", {})
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from patterns(inner)


def test_the_schemas_regular_expressions_are_such_as_editors_have() -> None:
    """ECMA 262 with its flag u, which knows no other escapes and no braces but those of numbers."""
    found = sorted(set(patterns(schema.stack_file_schema())))
    assert len(found) > 50
    for pattern in found:
        bare = re.sub(r"\[(\\.|[^\]\\])*\]", "x", pattern)
        assert not re.search(r"\(\?[^:=!]|\\[^.:/sSdwu{}$-]|[*+?}]\+", bare), pattern
        assert not re.search(r"[{}]", re.sub(r"\\[{}]|\{[0-9]+(,[0-9]*)?\}", "", bare)), pattern


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


@pytest.mark.parametrize(("text", "reason"), SHOWN)
def test_what_only_the_loader_refuses_is_a_list_with_reasons(text: str, reason: str) -> None:
    content = as_editors_read(text)
    assert refused_by_schema(content) == [], reason
    assert refused_by_types(as_the_cli_reads(text)) != []


def test_each_reason_of_the_list_has_a_file() -> None:
    assert {*LOADER_ALONE.values()} <= {reason for _, reason in SHOWN}


TAKEN: Final = [
    "",
    "config:",
    "config: {}",
    "secretsprovider: awskms://alias/pulumi\nencryptionsalt: v1:x\nencryptedkey: x\nenvironment: [shop/dev]\nconfig: {}",
    "environment: {imports: [shop/dev]}",
    "config: {brokersPerZone: '30', protect: 'false', msk-platform:kafkaVersion: 3.9.x}",
    "config: {alarmEmail: , clusterName: 12, kafkaVersion: ''}",
    "config: {brokersPerZone: 1e1, protect: TRUE, topics: {a: {partitions: 0x10, retentionHours: 1.5e2}}}",
    "config: {topics: {a: {partitions: 012}, no: {partitions: 2.0}, 1: {partitions: 1}}}",
    "config: {workload: {fanOut: '2.5', ingressMBps: '1e1'}}",
    "config: {authentication: {scram: '{}'}, tags: '{\"a\": \"b\"}'}",
    "config: {acknowledge: {fewer-brokers: {reason: CHG-1, until: 2027-01-31}}}",
    "config: {acknowledge: {fewer-brokers: {reason: CHG-1, until: '2027-01-31'}}}",
    "config: {serverProperties: {log: {retention: {ms: -1}}, compression.type: zstd, auto.create.topics.enable: false}}",
    "config: {alarmEmail: a@example.com, tags: {secure: v1:x}, brokersPerZone: {secure: v1:x}}",
    "config: {aws:region: eu-west-1, aws:config:profile: shop, aws:assumeRole: {roleArn: x}, datadog:apiKey: {secure: v1:x}}",
    "config: {network: {zones: []}, tags: {}, clients: {}}",
]

REFUSED: Final = [
    "[]",
    "config: []",
    "storage: {}",
    "encryptionsalt: 1",
    "environment: dev",
    "config: {colour: blue}",
    "config: {brokersPerZone: 31}",
    "config: {brokersPerZone: '31'}",
    "config: {brokersPerZone: '2.0'}",
    "config: {brokersPerZone: 2.5}",
    "config: {brokersPerZone: true}",
    "config: {brokersPerZone: }",
    "config: {protect: yes}",
    "config: {protect: 1}",
    "config: {network: {publicAccess: on}}",
    "config: {network: {publicAccess: 'true'}}",
    "config: {network: {publicAccess: 1}}",
    "config: {network: }",
    "config: {network: {cidr: }}",
    "config: {network: {zones: [null]}}",
    "config: {network: []}",
    "config: {network: {zones: euw1-az1}}",
    "config: {workload: {partitions: '24'}}",
    "config: {workload: {partitions: 2.5}}",
    "config: {workload: {fanOut: many}}",
    "config: {workload: {fanOut: true}}",
    "config: {workload: {fanOut: .inf}}",
    "config: {workload: text}",
    "config: {brokerType: kafka.m7.large}",
    "config: {brokerType: }",
    "config: {kafkaVersion: 3.9}",
    "config: {clusterName: -5}",
    "config: {tags: {a: 1}}",
    "config: {tags: {a: {}}}",
    'config: {tags: {a: "\\e[31m"}}',
    "config: {topics: {a: {}}}",
    "config: {topics: {a: {partitions: 0}}}",
    "config: {topics: {__a: {partitions: 1}}}",
    "config: {topics: {..: {partitions: 1}}}",
    "config: {topics: {a: {partitions: 1, configs: {a: {}}}}}",
    "config: {topics: {a: {partitions: 1, configs: {a: [1]}}}}",
    "config: {topics: {a: {partitions: 1, configs: '{}'}}}",
    "config: {clients: {A: {from: {cidr: 10.0.0.0/8}}}}",
    "config: {clients: {a: {}}}",
    "config: {clients: {a: {from: {}}}}",
    "config: {clients: {a: {from: {cidr: 10.0.0.0/8, prefixList: pl-01234567}}}}",
    "config: {clients: {a: {from: {cidr: 10.0.0.0/8}, produce: {topics: [x]}}}}",
    "config: {clients: {a: {from: {cidr: 10.0.0.0/8}, as: {role: {ec2: {}}}, consume: {topics: [x]}}}}",
    "config: {clients: {a: {from: {cidr: 10.0.0.0/8}, as: {role: {ec2: {}}}, streams: {applicationId: x}}}}",
    "config: {clients: {a: {from: {cidr: 10.0.0.0/8}, as: {nextScramUser: b, certificate: CN=a}}}}",
    "config: {clients: {a: {from: {cidr: 10.0.0.0/8}, as: {role: {ec2: {}, ecs: {}}}}}}",
    "config: {clients: {a: {from: {cidr: 10.0.0.0/8}, as: {role: {ec2: {}}}, admin: {cluster: false}}}}",
    "config: {acknowledge: {fewer-brokers: {reason: CHG-1, until: 20270131}}}",
    "config: {acknowledge: {fewer-brokers: {reason: CHG-1, until: 2027-02-30}}}",
    "config: {acknowledge: {fewer-brokers: {reason: ' ', until: 2027-01-31}}}",
    "config: {acknowledge: {shrink: {reason: CHG-1, until: 2027-01-31}}}",
    "config: {aws:regio: eu-west-1}",
    "config: {aws:region: ireland}",
    "config: {a:b:c: 1}",
]


READ_DIFFERENTLY: Final = [
    "config: {workload: {partitions: 1_000}}",
    "config: {workload: {partitions: 0b11}}",
    "config: {topics: {a: {partitions: 012}}}",
    "config: {acknowledge: {fewer-brokers: {reason: CHG-1, until: 2027-1-31}}}",
]
"""Numbers and days of YAML 1.1, which the CLI reads too: editors read text, or another number. They are not compared."""


@pytest.mark.parametrize("text", READ_DIFFERENTLY)
def test_what_editors_and_the_cli_read_differently_is_not_compared(text: str) -> None:
    assert refused_by_types(as_the_cli_reads(text)) == []
    assert verdicts(text) is None


@pytest.mark.parametrize("text", TAKEN)
def test_an_odd_file_that_is_fine_is_not_underlined(text: str) -> None:
    of_types = [line for line in refused_by_types(as_the_cli_reads(text)) if "[secret]" not in line]
    assert (refused_by_schema(as_editors_read(text)), of_types) == ([], [])


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_types_refuse_is_underlined(text: str) -> None:
    assert refused_by_types(as_the_cli_reads(text)) != []
    assert refused_by_schema(as_editors_read(text)) != []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: {brokersPerZone: '40'}", "brokersPerZone: must be at least 1 and at most 30."),
        ("config: {network: {existing: {vpcId: vpc-1, subnetIds: [subnet-01234567, subnet-01234568]}}}",
         "network.existing.vpcId: must be a VPC ID such as vpc-0123456789abcdef0."),
        ("config: {clients: {a: {from: {cidr: 10.0.0.0/8, securityGroup: sg-0123}}}}",
         "clients.a.from: must have exactly one of securityGroup, cidr and prefixList."),
        ("config: {clients: {a: {from: {cidr: 10.0.0.0/8}, consume: {topics: [x], groups: [a]}}}}",
         'clients.a: has permissions but no identity. Add "as".'),
        ("config: {clients: {a: {from: {cidr: 10.0.0.0/8}, as: {role: {ecs: {}}}, produce: {}}}}",
         "clients.a.produce: must name topics or prefixes."),
        ("config: {storage: {maximumGB: 500}}",
         "storage: Additional properties are not allowed ('maximumGB' was unexpected)"),
        ("config: {monitoring: {level: MAX}}",
         "monitoring.level: 'MAX' is not one of ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION']"),
        ("config: {topics: {a: {partitions: 1, owner: 5}}}", "topics.a.owner: must be text: put it in quotes."),
        ("storage: {}", "$: Pulumi reads config, encryptedkey, encryptionsalt, environment, secretsprovider in a stack file. "
         "Settings go under config, indented."),
    ],
)  # fmt: skip
def test_an_editor_says_what_is_wrong_in_words(text: str, said: str) -> None:
    assert said_by_editors(as_editors_read(text)) == [said]


def test_editors_know_the_settings_as_the_table_has_them() -> None:
    """Every setting, and of each what it means and what it is by default."""
    known = schema.stack_file_schema()["properties"]["config"]
    for row in setting_rows():
        found = known
        for part in row.path.split("."):
            # A map of the first level may be JSON in a text instead.
            found = found if "properties" in found else found.get("else", found)
            items = found.get("items", found)
            found = items["additionalProperties"] if part == "<name>" else items["properties"][part]
        assert found["description"].startswith(row.description), row.path
        assert not row.default or row.default in found["description"], row.path


def test_each_shipped_stack_file_names_the_schema() -> None:
    for file in shipped_files():
        line = file.read_text(encoding="utf-8").partition("\n")[0]
        assert line.startswith("# yaml-language-server: $schema="), file
        # The files of the tests are copies of the template's own, which stand beside the schema.
        directory = ROOT if file.parent == SHIPPED else file.parent
        assert (directory / line.partition("=")[2]).resolve() == ROOT / schema.FILE


def test_visual_studio_code_finds_the_schema_of_stack_files_and_not_of_the_project() -> None:
    if "template" not in yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8")):
        # What a team tells its editors is the team's.
        return
    told = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    ((place, patterns),) = told.items()
    assert (ROOT / place).resolve() == ROOT / schema.FILE
    names = ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod-2.yml", "PulumiPolicy.yaml", "stacks/migration/stack.yaml"]
    found = [name for name in names if any(PurePosixPath(name).match(pattern) for pattern in patterns)]
    assert found == ["Pulumi.dev.yaml", "Pulumi.prod-2.yml", "stacks/migration/stack.yaml"]
    recommended = json.loads((ROOT / ".vscode" / "extensions.json").read_text(encoding="utf-8"))
    assert recommended == {"recommendations": ["redhat.vscode-yaml"]}
