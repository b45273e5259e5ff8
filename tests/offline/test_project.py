"""Configuration as the CLI merges it. What is expected here is what `pulumi config --json` of CLI 3.259 prints."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from offline.project.loading import StackConfig, load_project
from offline.project.stack_file import ConfigError, ConfigProblem

PROJECT = """
name: shop
runtime: python
config:
  brokerType: {type: string}
  brokersPerZone: {type: integer, default: 2}
  protect: {type: boolean, default: true}
  storage: {type: object, default: {}}
  network: {type: object, default: {zones: [b, a], cidr: "<&>", share: 1.5, count: 2.0}}
  zones: {type: array, items: {type: string}, default: []}
  shop:alarmEmail: {type: string, default: a@example.com}
  short: 5
  untyped: {default: 1.5}
  aws:region: {value: eu-west-1}
  aws:defaultTags: {value: {tags: {team: streaming}}}
"""

STACK = """
config:
  brokerType: kafka.t3.small
  shop:protect: "false"
  aws:region: us-east-2
  storage: {maximumGiB: 100, until: 2026-12-01, yes: on, none: ~, two: 2.0, eight: 010}
  zones:
    - a
    - "3"
  extra: 1e3
  undeclared: [1, {b: 2, a: 1}]
  empty:
"""


def written(directory: Path, stack: str | None, project: str = PROJECT) -> Path:
    (directory / "Pulumi.yaml").write_text(dedent(project).lstrip())
    if stack is not None:
        (directory / "Pulumi.dev.yaml").write_text(dedent(stack).lstrip())
    return directory


def config_of(directory: Path, stack: str, project: str = PROJECT) -> StackConfig:
    return load_project(written(directory, stack, project)).stack_config("dev")


def problems_of(directory: Path, stack: str, project: str = PROJECT) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config_of(directory, stack, project)
    return [str(problem) for problem in caught.value.problems]


def test_a_stack_and_its_project_merge_as_the_cli_merges_them(tmp_path: Path) -> None:
    config = config_of(tmp_path, STACK)
    assert config.values == {
        "aws:defaultTags": '{"tags":{"team":"streaming"}}',
        "aws:region": "us-east-2",
        "shop:alarmEmail": "a@example.com",
        "shop:brokerType": "kafka.t3.small",
        "shop:brokersPerZone": "2",
        "shop:empty": "",
        "shop:extra": "1000",
        "shop:network": '{"cidr":"\\u003c\\u0026\\u003e","count":2,"share":1.5,"zones":["b","a"]}',
        "shop:protect": "false",
        "shop:short": "5",
        "shop:storage": '{"eight":8,"maximumGiB":100,"none":null,"two":2,"until":"2026-12-01 00:00:00 +0000 UTC","yes":"on"}',
        "shop:undeclared": '[1,{"a":1,"b":2}]',
        "shop:untyped": "1.5",
        "shop:zones": '["a","3"]',
    }
    assert not config.secret_keys
    assert [problem.line for problem in config.warnings] == [11]
    assert 'No value for configuration key "shop:empty"' in config.warnings[0].message


def test_an_object_of_the_stack_replaces_the_projects_and_is_not_merged_into_it(tmp_path: Path) -> None:
    config = config_of(tmp_path, "config: {brokerType: a, network: {cidr: x}}")
    assert config.values["shop:network"] == '{"cidr":"x"}'
    assert config.values["shop:storage"] == "{}"


def test_an_empty_stack_file_leaves_the_projects_values(tmp_path: Path) -> None:
    project = "name: shop\nruntime: python\nconfig: {size: {type: integer, default: 0}}\n"
    assert config_of(tmp_path, "# nothing yet", project).values == {"shop:size": "0"}


def test_all_missing_keys_are_named_in_the_clis_sentence(tmp_path: Path) -> None:
    project = "name: shop\nruntime: python\nconfig: {b: {type: string}, a: {type: string}, c: {description: x}}\n"
    assert problems_of(tmp_path, "config: {}", project) == [
        "Pulumi.dev.yaml:1: Stack 'dev' is missing configuration values 'a', 'b' and 'c'"
    ]
    assert problems_of(tmp_path, "config: {a: 1, b: 1}", project) == [
        "Pulumi.dev.yaml:1: Stack 'dev' is missing configuration value 'c'"
    ]


def test_every_value_of_a_wrong_type_is_named_with_its_line(tmp_path: Path) -> None:
    stack = """
    config:
      brokerType: [a]
      brokersPerZone: 2.5
      protect: maybe
      storage: none
      zones: [1]
    """
    assert problems_of(tmp_path, stack) == [
        f"Pulumi.dev.yaml:{line}: Stack 'dev' with configuration key '{key}' must be of type '{type_}'"
        for line, key, type_ in (
            (2, "brokerType", "string"),
            (3, "brokersPerZone", "integer"),
            (4, "protect", "boolean"),
            (5, "storage", "object"),
            (6, "zones", "array<string>"),
        )
    ]


@pytest.mark.parametrize("value", ["3", '"3"', "3.0", "+3", "0x3", "-3"])
def test_an_integer_may_be_written_in_any_way_that_go_reads_as_one(tmp_path: Path, value: str) -> None:
    config = config_of(tmp_path, f"config: {{brokerType: a, brokersPerZone: {value}}}")
    assert abs(int(config.values["shop:brokersPerZone"])) == 3


@pytest.mark.parametrize("value", ["yes", "on", "True ish", "1"])
def test_only_true_and_false_are_booleans(tmp_path: Path, value: str) -> None:
    assert "must be of type 'boolean'" in problems_of(tmp_path, f"config: {{brokerType: a, protect: {value}}}")[0]


def test_a_secret_key_must_be_encrypted_even_where_the_project_gives_its_value(tmp_path: Path) -> None:
    project = "name: shop\nruntime: python\nconfig:\n  pin: {type: string, secret: true, default: x}\n"
    sentence = "Stack 'dev' with configuration key 'pin' must be encrypted as it's secret"
    assert problems_of(tmp_path, "config: {}", project) == [f"Pulumi.yaml:4: {sentence}"]
    assert problems_of(tmp_path, "config: {pin: y}", project) == [f"Pulumi.dev.yaml:1: {sentence}"]
    assert config_of(tmp_path, "config: {pin: {secure: v1:x}}", project).secret_keys == {"shop:pin"}


def test_encrypted_values_are_unknown_secrets_that_the_program_can_take(tmp_path: Path) -> None:
    stack = """
    config:
      brokerType: {secure: v1:a}
      brokersPerZone: {secure: v1:b}
      protect: {secure: v1:c}
      zones: {secure: v1:d}
      storage:
        key: {secure: v1:e}
        open: 1
    """
    config = config_of(tmp_path, stack)
    assert config.secret_keys == {f"shop:{key}" for key in ("brokerType", "brokersPerZone", "protect", "zones", "storage")}
    assert config.unknown_secrets == (
        "shop:brokerType",
        "shop:brokersPerZone",
        "shop:protect",
        "shop:storage.key",
        "shop:zones",
    )
    assert config.values["shop:brokerType"] == "[secret]"
    # Where the project gives a value of its own, that one stands in: the program can take it.
    assert (config.values["shop:brokersPerZone"], config.values["shop:protect"]) == ("2", "true")
    assert config.values["shop:zones"] == "[]"
    assert config.values["shop:storage"] == '{"key":"[secret]","open":1}'
    assert "v1:" not in str(config.values)


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ("[org/a, b]", ("org/a", "b")),
        ("{imports: [org/a, {b: {merge: false}}]}", ("org/a", "b")),
        ("{imports: [a], values: {x: 1}}", ("a", "the values written in the stack's file")),
    ],
)
def test_environments_are_named_as_not_resolved(tmp_path: Path, environment: str, names: tuple[str, ...]) -> None:
    config = config_of(tmp_path, f"environment: {environment}\nconfig: {{brokerType: a}}")
    assert config.unresolved_environments == names
    assert problems_of(tmp_path, f"environment: {environment}\nconfig: {{}}") == [
        "Pulumi.dev.yaml:1: Stack 'dev' is missing configuration value 'brokerType' (the offline preview does not read "
        f"{', '.join(names)})"
    ]


def test_a_stack_without_a_file_is_refused_with_the_stacks_there_are(tmp_path: Path) -> None:
    project = load_project(written(tmp_path, STACK))
    (tmp_path / "Pulumi.prod.yaml").write_text("")
    assert project.stacks() == ["dev", "prod"]
    with pytest.raises(ConfigError, match=r"there is no stack 'test'.*choose a stack that has a file: dev, prod"):
        project.stack_config("test")


def test_the_stacks_files_may_be_in_a_directory_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.dev.yaml").write_text("config: {a: 1}")
    written(tmp_path, None, "name: shop\nruntime: python\nstackConfigDir: stacks\n")
    assert load_project(tmp_path).stack_config("dev").values == {"shop:a": "1"}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("storage",), ("Pulumi.dev.yaml", 5)),
        (("shop:storage", "maximumGiB"), ("Pulumi.dev.yaml", 5)),
        (("zones", 1), ("Pulumi.dev.yaml", 8)),
        (("zones", "1"), ("Pulumi.dev.yaml", 8)),
        (("zones", 7), ("Pulumi.dev.yaml", 6)),
        (("protect",), ("Pulumi.dev.yaml", 3)),
        (("aws:region",), ("Pulumi.dev.yaml", 4)),
        (("undeclared", 1, "nowhere"), ("Pulumi.dev.yaml", 10)),
        (("brokersPerZone",), ("Pulumi.yaml", 5)),
        (("network", "zones"), ("Pulumi.yaml", 8)),
        (("alarmEmail",), ("Pulumi.yaml", 10)),
        (("never",), None),
    ],
)
def test_every_setting_has_its_line(tmp_path: Path, path: tuple[str | int, ...], place: tuple[str, int] | None) -> None:
    assert config_of(tmp_path, STACK).line_of(path) == place


def test_the_line_of_a_nested_setting_is_its_keys_own(tmp_path: Path) -> None:
    stack = "config:\n  brokerType: a\n  storage:\n    # a remark\n    initialGiB: 5\n    maximumGiB: 10\n"
    config = config_of(tmp_path, stack)
    assert config.line_of(("storage", "maximumGiB")) == ("Pulumi.dev.yaml", 6)
    assert config.line_of(("storage", "target")) == ("Pulumi.dev.yaml", 3)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("c: {type: string, default: 1}", "The default value specified for configuration key 'c' is not of the expected"),
        ("d: {type: integer, default: 2, value: 3}", "project config 'd' cannot have both a 'default' and 'value'"),
        ("z: {type: array, default: [a]}", "declares an array but does not specify the underlying type"),
        ("aws:region: {type: string, value: x}", "is not namespaced by the project and should not define a type"),
        ("aws:region: {default: x}", "Did you mean to use the 'value' attribute instead of 'default'?"),
        ("aws:region: {}", "is namespaced and must provide an attribute 'value'"),
        ("a: {type: number, default: 1}", "#/config/a/type: must be one of string, integer, boolean, array, object"),
        ("b: {typ: string}", "#/config/b: 'typ' not allowed"),
        ("e: 1.5", "'e' must be text, an integer, a boolean, a list or a declaration"),
        ("a.b: {type: string, default: x}", "reads as a path into another key"),
        ("a:b:c: {value: 1}", "could not parse a:b:c as a configuration key"),
        ("f: {secret: 1}", "#/config/f/secret: must be true or false"),
        ("g: {type: array, items: {type: list}, default: []}", "#/config/g/items: must have a type"),
    ],
)
def test_what_the_cli_does_not_accept_in_a_project_is_refused(tmp_path: Path, config: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_project(written(tmp_path, None, f"name: shop\nruntime: python\nconfig:\n  {config}\n"))
    (problem,) = caught.value.problems
    assert message in problem.message
    assert (problem.file, problem.line) == ("Pulumi.yaml", 4)


@pytest.mark.parametrize("project", ["runtime: python", "name: ''", "name: 5", "[]", ""])
def test_a_project_needs_a_name(tmp_path: Path, project: str) -> None:
    with pytest.raises(ConfigError, match="project is missing a non-empty string 'name' attribute"):
        load_project(written(tmp_path, None, project))


def test_a_directory_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no Pulumi\.yaml"):
        load_project(tmp_path)


@pytest.mark.parametrize(
    ("stack", "line", "message"),
    [
        ("config:\n  a: 1\n  a: 2\n", 3, 'mapping key "a" already defined at line 2'),
        ("config:\n  brokerType: x\n  shop:brokerType: y\n", 3, "is given twice, also on line 2"),
        ("config:\n  a:b:c: 1\n  brokerType: x\n", 2, "could not parse a:b:c as a configuration key"),
        ("config:\n  brokerType: [x\n", 3, "expected ',' or ']'"),
        ("config: [a]\n", 1, "'config' must be a map of keys to values"),
    ],
)
def test_a_broken_stack_file_is_refused_at_its_line(tmp_path: Path, stack: str, line: int, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config_of(tmp_path, stack)
    problem: ConfigProblem = caught.value.problems[0]
    assert message in problem.message
    assert (problem.file, problem.line) == ("Pulumi.dev.yaml", line)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    written(tmp_path, STACK)
    (tmp_path / "Pulumi.dev.yaml").write_bytes(b"config: {a: \xff}")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_project(tmp_path).stack_config("dev")


def test_the_older_form_of_a_key_is_the_same_key(tmp_path: Path) -> None:
    config = config_of(tmp_path, "config: {shop:config:brokerType: a}")
    assert config.values["shop:brokerType"] == "a"


def test_this_repositorys_own_stacks_load() -> None:
    project = load_project(Path(__file__).parents[2])
    assert project.stacks()
    for stack in project.stacks():
        values = project.stack_config(stack).values
        assert all(f"{project.name}:" in key or key in project.declarations for key in values)
