"""The ready stacks: all seven are there, their pages are current, each meets its own use's needs and no other's."""

from __future__ import annotations

import ast
import dataclasses
import functools
import itertools
import shlex
import shutil
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support.by_turns import of_the_day
from support.stacks import ROOT
from tools.shared.commands import CommandError
from tools.stacks.command import main, wanted_files
from tools.stacks.graph import Graph, graph_of
from tools.stacks.needs import NEEDS, failing
from tools.stacks.pages import MarksError, with_parts
from tools.stacks.previews import Preview, previewed
from tools.stacks.svg import Drawing, fitted, text_width
from tools.stacks.uses import FOLDER, SIZES, TITLES, Use, merged, read_use

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = list(itertools.permutations(TITLES, 2))


@functools.cache
def use_of(name: str) -> Use:
    return read_use(ROOT, name)


@functools.cache
def preview_of(name: str, text: str) -> Preview:
    return previewed(ROOT, name, text)


def unmet(needs_of: Use, preview: Preview) -> list[str]:
    return failing(needs_of.needs, graph_of(preview.rows), preview.too_small)


# --- What is there -------------------------------------------------------------------------------------------------------


def test_the_seven_uses_are_there_and_no_other() -> None:
    assert sorted(path.name for path in (ROOT / FOLDER).iterdir() if path.is_dir()) == sorted(TITLES)
    assert len(TITLES) == 7
    for name in TITLES:
        use_of(name)


def test_a_use_that_is_missing_is_noticed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / FOLDER, tmp_path / FOLDER)
    (tmp_path / FOLDER / "migration" / "needs.yaml").unlink()
    with pytest.raises(CommandError, match=r"stacks/migration has no needs.yaml"):
        read_use(tmp_path, "migration")


@pytest.mark.parametrize("name", TITLES)
def test_a_sample_client_is_short_and_of_a_client_of_its_stack(name: str) -> None:
    use = use_of(name)
    assert 10 < len(use.sample.splitlines()) <= 40
    assert use.client in yaml.safe_load(use.text)["config"]["clients"]
    assert "from kafka_client import" in use.sample
    compile(use.sample, f"{FOLDER}/{name}/client.py", "exec")


def needed_to_run(sample: str) -> tuple[int, set[str], bool]:
    """What a sample cannot run without: how many arguments, which variables, and whether standard input."""
    tree = ast.parse(sample)
    optional = {id(node) for choice in ast.walk(tree) if isinstance(choice, ast.IfExp) for node in ast.walk(choice)}
    arguments, variables = 0, set()
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Attribute(attr="argv"), slice=ast.Constant(value=int(number))) if (
                id(node) not in optional
            ):
                arguments = max(arguments, number)
            case ast.Subscript(value=ast.Attribute(attr="environ"), slice=ast.Constant(value=str(name))):
                variables.add(name)
            case _:
                pass
    return arguments, variables, "sys.stdin" in sample


def given_to_run(command: str) -> tuple[int, set[str], bool]:
    """What a command gives to the sample: arguments, variables, standard input."""
    before, _, own = command.rpartition(" | ")
    words = shlex.split(own, comments=True)
    program = words.index("python")
    assert words[program + 1] == "host/client.py"
    return len(words) - program - 2, {word.partition("=")[0] for word in words[:program]}, bool(before)


@pytest.mark.parametrize("name", TITLES)
def test_a_page_ends_with_the_command_that_runs_the_sample_client(name: str) -> None:
    use = use_of(name)
    assert given_to_run(use.run) == needed_to_run(use.sample)
    page = (ROOT / FOLDER / name / "README.md").read_text(encoding="utf-8")
    assert f"\n{use.run}\n```\n\n<!-- end of client -->" in page


def test_what_a_sample_client_needs_is_seen() -> None:
    assert needed_to_run("import os\nimport sys\nprint(os.environ['AZ_ID'], sys.argv[2])\n") == (2, {"AZ_ID"}, False)
    assert needed_to_run("import sys\nprint(sys.argv[1] if sys.argv[1:] else 0)\n") == (0, set(), False)
    assert needed_to_run("import sys\nfor line in sys.stdin:\n    print(line)\n") == (0, set(), True)


@pytest.mark.parametrize("name", TITLES)
def test_a_page_says_what_was_assumed_and_what_is_not_there_yet(name: str) -> None:
    page = (ROOT / FOLDER / name / "README.md").read_text(encoding="utf-8")
    for heading in ("## What decides, and why", "## What was assumed", "## Not there yet", "## Capacity and cost at three sizes"):
        assert heading in page
    assert f"make stack NAME={name} FROM={FOLDER}/{name}" in page


def test_all_pages_and_pictures_are_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.stacks.command.previewed", lambda _, name, text: preview_of(name, text))
    stale = [str(file) for file, text in wanted_files(ROOT).items() if (ROOT / file).read_text(encoding="utf-8") != text]
    assert stale == [], "run `python -m tools stacks`"


def test_a_stale_page_is_told_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "stacks" / "x.svg"
    file.parent.mkdir()
    monkeypatch.setattr("tools.stacks.command.wanted_files", lambda _: {file.relative_to(tmp_path): "new\n"})
    assert main(["--check", "--directory", str(tmp_path)]) == 1
    assert "run `python -m tools stacks`" in capsys.readouterr().err
    assert main(["--directory", str(tmp_path)]) == 0
    assert file.read_text(encoding="utf-8") == "new\n"


def test_a_page_without_the_marks_of_a_part_is_told() -> None:
    with pytest.raises(MarksError, match="page lacks the marks of sizes"):
        with_parts("# Page\n", {"sizes": "| a |"}, "page")


# --- What a use needs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TITLES)
def test_a_stack_meets_the_needs_of_its_use(name: str) -> None:
    use = use_of(name)
    assert unmet(use, preview_of(name, use.text)) == []


@pytest.mark.parametrize(("stack", "use"), PAIRS)
def test_no_stack_meets_the_needs_of_another_use(stack: str, use: str) -> None:
    assert unmet(use_of(use), preview_of(stack, use_of(stack).text))


def test_a_stack_that_is_given_the_load_of_another_use_fails(exhaustive: bool) -> None:
    for stack in of_the_day(list(TITLES), exhaustive=exhaustive):
        for other in TITLES:
            if other != stack:
                use = use_of(stack)
                assert unmet(use, preview_of(stack, use.with_workload_of(use_of(other)))), (stack, other)


def test_every_need_is_one_that_some_use_has_and_that_can_fail() -> None:
    had = {need for name in TITLES for need in use_of(name).needs}
    assert had == set(NEEDS)
    failed = {
        sentence.partition(":")[0].partition(".")[0]
        for stack, use in PAIRS
        for sentence in unmet(use_of(use), preview_of(stack, use_of(stack).text))
    }
    # What every ready stack has; each fails in the next test.
    assert set(NEEDS) - failed == {"isProtected"}


@pytest.mark.parametrize(
    ("name", "without", "said"),
    [
        ("event-sourcing", {"is_protected": False}, "isProtected: the cluster can be deleted."),
        (
            "activity-tracking",
            {"properties": {}},
            "rackAwareReads: replica.selector.class does not let consumers read in their own zone.",
        ),
    ],
)
def test_what_every_ready_stack_has_would_be_missed(name: str, without: dict[str, Any], said: str) -> None:
    use = use_of(name)
    preview = preview_of(name, use.text)
    assert failing(use.needs, dataclasses.replace(graph_of(preview.rows), **without), preview.too_small) == [said]


def test_a_topic_that_nobody_writes_is_told() -> None:
    use = use_of("message-broker")
    content = yaml.safe_load(use.text)
    changed = merged(content["config"], {"topics": {"refunds.commands": {"partitions": 6, "retentionHours": 24}}})
    said = unmet(use, preview_of("message-broker", yaml.safe_dump({"config": changed})))
    assert said == ["topics.refunds.commands: no client writes it.", "topics.refunds.commands: no client reads it."]


def test_gateways_with_iam_are_too_many_for_the_brokers() -> None:
    use = use_of("iot-ingestion")
    content = yaml.safe_load(use.text)
    changed = merged(content["config"], {"clients": {"gateways": {"as": None}}})
    changed["clients"]["gateways"]["as"] = {"role": {"ec2": {}}}
    said = unmet(use, preview_of("iot-ingestion", yaml.safe_dump({"config": changed})))
    assert said == [
        "connections: gateways uses IAM, whose brokers take 18000 connections at once, not 20000.",
        "connections: gateways uses IAM, whose brokers take 600 new connections a second, not 1500.",
    ]


def test_a_need_that_is_not_known_is_no_need_that_is_met() -> None:
    preview = preview_of("migration", use_of("migration").text)
    with pytest.raises(CommandError, match=r"needs.rackAwareRead is not a need. Did you mean rackAwareReads\?"):
        failing({"rackAwareRead": True}, graph_of(preview.rows), preview.too_small)


def test_a_stack_of_the_project_is_held_against_a_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for part in ("__main__.py", "components", "domain", "stacks"):
        (tmp_path / part).symlink_to(ROOT / part)
    shutil.copy(ROOT / "tests" / "stacks" / "Pulumi.yaml", tmp_path)
    shutil.copy(ROOT / FOLDER / "migration" / "stack.yaml", tmp_path / "Pulumi.old.yaml")
    options = ["--stack", "old", "--directory", str(tmp_path)]
    assert main([*options, "--use", "migration"]) == 0
    assert main([*options, "--use", "activity-tracking"]) == 1
    assert "brokers: Standard, where the use needs Express." in capsys.readouterr().err
    assert main(options) == 2
    assert main(["--stack", "none", "--use", "migration", "--directory", str(tmp_path)]) == 2


def test_a_use_that_is_none_is_told_with_the_one_that_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--use", "message-brokers"]) == 2
    said = capsys.readouterr().err
    assert "--use: there is no message-brokers. Did you mean message-broker? Choose one of data-pipeline, " in said
    assert "''" not in said


@pytest.mark.parametrize(
    ("stack", "use", "bound"), [("migration", "iot-ingestion", "at most"), ("iot-ingestion", "migration", "at least")]
)
def test_a_largest_message_says_in_which_direction_it_is_wrong(stack: str, use: str, bound: str) -> None:
    largest = {name: use_of(name).needs["largestMessageBytes"] for name in (stack, use)}
    wanted = f"message.max.bytes is {largest[stack]}, where the use needs {bound} {largest[use]}."
    assert f"largestMessageBytes: {wanted}" in unmet(use_of(use), preview_of(stack, use_of(stack).text))


@pytest.mark.parametrize("kind", ["kafka.m7g.large", "serverless"])
def test_a_stack_in_a_network_that_was_there_is_held_against_a_use(kind: str) -> None:
    existing = {"vpcId": "vpc-0a100000", "subnetIds": ["subnet-0a100000", "subnet-0a200000", "subnet-0a300000"]}
    network = {
        "existing": existing,
        "clientVpcs": {"web": {"subnetIds": ["subnet-0b100000", "subnet-0b200000"], "securityGroupIds": ["sg-0b100000"]}},
    }
    config = {"aws:region": "us-east-1", "brokerType": kind, "network": network}
    if kind != "serverless":
        del network["clientVpcs"]
    graph = graph_of(preview_of(f"existing-{kind.partition('.')[0]}", yaml.safe_dump({"config": config})).rows)
    assert [zone.zone for zone in graph.zones] == existing["subnetIds"]


def test_an_internal_topic_of_kafka_streams_is_written_and_read_by_its_application() -> None:
    config = {
        "aws:region": "us-east-1",
        "brokerType": "serverless",
        "topics": {"totals-counts-changelog": {"partitions": 1, "cleanupPolicy": "compact"}},
        "clients": {
            "totals": {
                "from": {"cidr": "10.90.0.0/24"},
                "as": {"role": {"ecs": {}}},
                "streams": {"applicationId": "totals"},
                "consume": {"prefixes": ["orders."]},
            }
        },
    }
    graph = graph_of(preview_of("internal", yaml.safe_dump({"config": config})).rows)
    for clients in (graph.writers("totals-counts-changelog"), graph.readers("totals-counts-changelog")):
        assert [client.name for client in clients] == ["totals"]


# --- What is drawn -------------------------------------------------------------------------------------------------------


def boxes_and_texts(
    picture: str,
) -> tuple[ET.Element, list[tuple[float, float, float, float]], list[tuple[float, float, float, str]]]:
    root = ET.fromstring(picture)  # noqa: S314 - written here
    space = "{http://www.w3.org/2000/svg}"
    boxes = [tuple(float(box.get(name, "0")) for name in ("x", "y", "width", "height")) for box in root.iter(f"{space}rect")]
    texts = [
        (float(text.get("x", "0")), float(text.get("y", "0")), float(text.get("font-size", "0")), text.text or "")
        for text in root.iter(f"{space}text")
        if text.get("text-anchor") == "start"
    ]
    return root, boxes, texts  # type: ignore[return-value]  # four numbers each


@pytest.mark.parametrize("name", TITLES)
@pytest.mark.parametrize("picture", ["network.svg", "flows.svg"])
def test_a_picture_is_readable_by_everybody(name: str, picture: str) -> None:
    text = (ROOT / FOLDER / name / picture).read_text(encoding="utf-8")
    root, boxes, texts = boxes_and_texts(text)
    width, height = (float(root.get(side, "0")) for side in ("width", "height"))
    assert root.get("role") == "img"
    assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
    assert all(len(child.text or "") > 10 for child in list(root)[:2])
    # The first box is the white ground, so that a dark page shows the same.
    assert boxes[0] == (0, 0, width, height)
    assert 'rx="10" fill="#ffffff"' in text
    for x, y, size, words in texts:
        assert size >= 11, words
        assert x >= 0, words
        assert x + text_width(words, size) <= width, words
        assert size <= y <= height, words
    for (x, y, size, words), (other_x, other_y, _, other) in itertools.combinations(texts, 2):
        if abs(y - other_y) < size * 0.8:
            left, right = ((x, words), (other_x, other)) if x <= other_x else ((other_x, other), (x, words))
            assert left[0] + text_width(left[1], size) <= right[0] + 1, (words, other)


@pytest.mark.parametrize("name", TITLES)
def test_everything_that_flows_is_drawn(name: str) -> None:
    graph = graph_of(preview_of(name, use_of(name).text).rows)
    picture = (ROOT / FOLDER / name / "flows.svg").read_text(encoding="utf-8")
    flows = _flows(graph)
    assert flows
    assert [flow for flow in flows if f"<title>{flow}</title>" not in picture] == []
    assert picture.count('<path d="M') - picture.count("<marker") == len(flows)
    for topic in graph.topics:
        assert f">{topic}</text>" in picture


def _flows(graph: Graph) -> list[str]:
    writes = [f"{client.name} writes {topic}" for topic in graph.topics for client in graph.writers(topic)]
    return writes + [f"{client.name} reads {topic}" for topic in graph.topics for client in graph.readers(topic)]


@pytest.mark.parametrize("name", TITLES)
def test_everybody_who_may_enter_is_drawn(name: str) -> None:
    graph = graph_of(preview_of(name, use_of(name).text).rows)
    picture = (ROOT / FOLDER / name / "network.svg").read_text(encoding="utf-8")
    assert graph.entries
    for entry in graph.entries:
        assert f">{entry.source}</text>" in picture
        assert f"{entry.port} {entry.words.removeprefix('SASL/')}" in picture
    for zone in graph.zones:
        assert f"Zone {zone.zone}<" in picture
    boxes = f">{graph.broker_type}</text>" if graph.brokers else ">VPC endpoint</text>"
    assert picture.count(boxes) == (graph.brokers or len(graph.zones))


def test_a_text_that_is_too_long_is_cut_and_one_with_a_bracket_is_written_as_one() -> None:
    assert fitted("orders", 12, 100) == "orders"
    cut = fitted("a-very-long-name-of-a-topic", 12, 80)
    assert cut.endswith("…")
    assert text_width(cut, 12) <= 80
    drawing = Drawing(100, "<title>", "a & b")
    drawing.text(0, 20, "<topic>")
    ET.fromstring(drawing.rendered(50))  # noqa: S314 - written here


def test_the_sizes_are_three_and_the_medium_one_is_the_stack_file() -> None:
    for name in TITLES:
        use = use_of(name)
        assert tuple(use.sizes) == SIZES
        assert use.at("medium") == use.text
        assert (
            yaml.safe_load(use.at("large"))["config"]["workload"]["ingressMBps"]
            > yaml.safe_load(use.at("small"))["config"]["workload"]["ingressMBps"]
        )
