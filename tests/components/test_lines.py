"""The lines of settings, found in a file's text, against those that a YAML parser says."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components.lines import line_of

TEXT = """\
# a comment with config: in it
environment:
  - shop
config:
  aws:region: eu-west-1
  shop:brokerType: kafka.m7g.large
  network:
    # inside
    existing:
      vpcId: vpc-1
      subnetIds:
      - subnet-a
      - subnet-b
  "storage": {initialGiB: 5}
  clients:
    erp:
      from: [a, b]
      produce:
        topics:
          - orders.v1
          -   name: two
              other: 3
  alarmEmail: a@example.com
encryptionsalt: v1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("brokerType",), 6),
        (("aws:region",), 5),
        (("network",), 7),
        (("network", "existing", "vpcId"), 10),
        (("network", "existing", "subnetIds", 1), 13),
        (("network", "existing", "subnetIds", 7), 11),
        (("network", "cidr"), 7),
        (("storage", "initialGiB"), 14),
        (("clients", "erp", "from", 1), 17),
        (("clients", "erp", "produce", "topics", 0), 20),
        (("clients", "erp", "produce", "topics", 1, "name"), 21),
        (("clients", "erp", "produce", "topics", 1, "other"), 22),
        (("alarmEmail",), 23),
        (("encryptionsalt",), None),
        (("vpcId",), None),
    ],
)
def test_a_setting_has_the_line_it_stands_on(path: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(path, TEXT, project="shop") == line


@pytest.mark.parametrize("text", ["", "a", "config:", "config: {}", "- config:", "config:\n\tx: 1", "\x00config:\n x: 1"])
def test_a_file_that_says_nothing_has_no_lines(text: str) -> None:
    assert line_of(("brokerType",), text, project="shop") is None


LEAVES = st.one_of(st.integers(), st.booleans(), st.from_regex(r"[a-z]{1,8}", fullmatch=True))
NAMES = st.from_regex(r"[a-zA-Z][a-zA-Z0-9.]{0,8}", fullmatch=True)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.dictionaries(NAMES, inner, min_size=1, max_size=4), st.lists(inner, min_size=1, max_size=3)),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, TREES, min_size=1, max_size=4), st.booleans())
def test_every_setting_of_a_file_in_blocks_has_the_parsers_line(config: dict[str, object], spread: bool) -> None:
    text = yaml.safe_dump({"config": config}, default_flow_style=False, indent=4 if spread else 2)
    document = yaml.compose(text)
    assert isinstance(document, yaml.MappingNode)
    ((_, root),) = document.value
    for path, line in parsed(root, ()):
        assert line_of(path, text, project="shop") == line


def parsed(node: yaml.Node, path: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], int]]:
    """Every path below a node with the line that PyYAML's own marks say."""
    found = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found.append(((*path, key.value), key.start_mark.line + 1))
            found += parsed(value, (*path, key.value))
    if isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            # PyYAML marks an item by its content, which stands on the line of its dash.
            found.append(((*path, place), item.start_mark.line + 1))
            found += parsed(item, (*path, place))
    return found
