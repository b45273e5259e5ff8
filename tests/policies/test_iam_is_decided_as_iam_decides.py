"""What the pack makes of IAM's patterns and statements, held against a matcher that was written apart from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.access.reach import DATA_EFFECTS, DataEffect
from domain.access.statements import ACTIONS
from msk_policies.iam.documents import document
from msk_policies.iam.patterns import pattern as made
from msk_policies.iam.permissions import changes_of_all, messages_of_all
from msk_policies.iam.samples import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CLUSTER = "arn:aws:kafka:eu-west-1:111122223333:{kind}/orders/0a-1"


def is_match(pattern: str, text: str) -> bool:
    """Whether a pattern with * and ? takes in a text: by the positions of the pattern that each letter leads to."""
    beginning = pattern.replace("?", "*").partition("*")[0]
    if not text.startswith(beginning):
        return False
    pattern, text = pattern.removeprefix(beginning), text.removeprefix(beginning)
    positions = _past_stars(pattern, {0})
    for letter in text:
        going = [at for at in positions if at < len(pattern) and pattern[at] in ("*", "?", letter)]
        positions = _past_stars(pattern, {at if pattern[at] == "*" else at + 1 for at in going})
    return len(pattern) in positions


def _past_stars(pattern: str, positions: set[int]) -> set[int]:
    reached = set(positions)
    for position in positions:
        after = len(pattern) - len(pattern[position:].lstrip("*"))
        reached.update(range(position, after + 1))
    return reached


def is_allowed(statements: Sequence[dict[str, Any]], action: str, arn: str) -> bool:
    """Whether statements without conditions allow an action on a resource: by one that allows it, and by none that denies it."""
    effects = {
        given["Effect"]
        for given in statements
        if _is_about(given, "Action", action, str.lower) and _is_about(given, "Resource", arn, str)
    }
    return effects == {"Allow"}


def _is_about(statement: dict[str, Any], name: str, text: str, form: Callable[[str], str]) -> bool:
    if name in statement:
        return any(is_match(form(pattern), form(text)) for pattern in statement[name])
    return not any(is_match(form(pattern), form(text)) for pattern in statement[f"Not{name}"])


@st.composite
def blurred(draw: st.DrawFn, texts: Sequence[str]) -> str:
    """One of some texts with parts of it behind wildcards."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 8)))
        text = text[:start] + draw(st.sampled_from(["*", "?" * (end - start), "**", "?*"])) + text[end:]
    return text


@st.composite
def nearly_taken_in(draw: st.DrawFn, pattern: str) -> str:
    """A text that a pattern takes in, or almost: too little or too much may stand for a wildcard, or a letter be missing."""
    parts = [
        draw(st.sampled_from({"*": ["", "x", "a/b:c"], "?": ["x", "", "xy"]}.get(letter, [letter] * 9 + [""])))
        for letter in pattern
    ]
    return "".join(parts)


_ACTIONS = [f"kafka-cluster:{name}" for name in ACTIONS]
# Places that the pack asks about: the cluster that all patterns are about, its topics by sampled names, and nothing else.
_ARNS = [CLUSTER.format(kind="cluster"), *(f"{CLUSTER.format(kind='topic')}/{name}" for name in NAMES[::9])]


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    actions = st.lists(st.one_of(blurred(_ACTIONS), st.sampled_from(["*", "kafka-cluster:*"])), min_size=1, max_size=3)
    return {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        draw(st.sampled_from(["Action", "Action", "NotAction"])): draw(actions),
        draw(st.sampled_from(["Resource", "Resource", "NotResource"])): draw(st.one_of(st.just(["*"]), _of_the_cluster())),
    }


def _of_the_cluster() -> st.SearchStrategy[list[str]]:
    """Patterns of topics in the cluster, by first letters or by parts of their names."""
    letters = st.lists(st.sampled_from([name[0] for name in NAMES]), min_size=8, max_size=24, unique=True)
    names = st.one_of(
        st.lists(blurred(NAMES[::5]), min_size=1, max_size=3), letters.map(lambda firsts: [f"{letter}*" for letter in firsts])
    )
    return names.map(lambda patterns: [f"{CLUSTER.format(kind='topic')}/{pattern}" for pattern in patterns])


@settings(deadline=None)
@given(blurred(["kafka-cluster:ReadData", "topic/orders/0a-1/payments.v1", "a.b[c]$^"]), st.data())
def test_a_pattern_takes_in_what_an_independent_matcher_says(pattern: str, data: st.DataObject) -> None:
    text = data.draw(nearly_taken_in(pattern))
    assert made(pattern).takes_in(text) == is_match(pattern, text)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(statements(), min_size=1, max_size=4), st.sampled_from(_ACTIONS), st.sampled_from(_ARNS))
def test_a_statement_is_about_what_an_independent_matcher_says(
    given_statements: list[dict[str, Any]], action: str, arn: str
) -> None:
    read = document(json.dumps({"Statement": given_statements}))
    for index, statement in enumerate(read.statements):
        about = statement.about_action(action.lower()) and statement.about_resource(arn)
        raw = given_statements[index]
        assert about == (_is_about(raw, "Action", action, str.lower) and _is_about(raw, "Resource", arn, str))


_READS = "kafka-cluster:ReadData"


@st.composite
def reading(draw: st.DrawFn) -> dict[str, Any]:
    """A statement that is about reading, of some topics or of all but some."""
    actions = draw(st.sampled_from([("Action", _READS), ("Action", "kafka*:R?*"), ("NotAction", "kafka-cluster:Write*")]))
    return {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        actions[0]: [actions[1]],
        draw(st.sampled_from(["Resource", "Resource", "NotResource"])): draw(_of_the_cluster()),
    }


@settings(deadline=None, max_examples=80)
@given(st.lists(reading(), min_size=1, max_size=3))
def test_messages_of_all_are_those_that_an_independent_matcher_finds_allowed(given_statements: list[dict[str, Any]]) -> None:
    """By sample: who may read every fourth of the names that nobody named, in some cluster, may read all."""
    found = {action for reach in messages_of_all(document({"Statement": given_statements})) for action in reach.actions}
    topics = CLUSTER.format(kind="topic")
    of_the_cluster = sum(is_allowed(given_statements, _READS, f"{topics}/{name}") for name in NAMES)
    elsewhere = is_allowed(given_statements, _READS, "arn:aws:kafka:eu-west-1:804217365921:topic/payments/7d-3/orders")
    assert (_READS in found) == (elsewhere or of_the_cluster * 4 >= len(NAMES))


@given(st.lists(st.one_of(blurred(_ACTIONS)), min_size=1, max_size=4))
def test_changes_of_all_are_those_that_an_independent_matcher_finds_among_the_actions(patterns: list[str]) -> None:
    read = document({"Statement": {"Effect": "Allow", "Action": patterns, "Resource": "*"}})
    found = {action for reach in changes_of_all(read) for action in reach.actions}
    assert found == {
        f"kafka-cluster:{name}"
        for name, effect in DATA_EFFECTS.items()
        if effect is DataEffect.CHANGES
        and any(is_match(pattern.lower(), f"kafka-cluster:{name}".lower()) for pattern in patterns)
    }
