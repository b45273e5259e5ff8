"""What the pack is told of actions, held against AWS's own reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from domain.access.reach import CONTROL_EFFECTS, CONTROL_ON_TOPICS, DATA_EFFECTS, NEIGHBOURS
from domain.access.statements import ACTIONS
from support.authorization_reference import actions_of, kinds_for

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.mark.parametrize(("service", "known"), [("kafka", CONTROL_EFFECTS), ("kafka-cluster", DATA_EFFECTS)])
def test_every_action_of_the_reference_has_an_effect_or_none(service: str, known: Mapping[str, object]) -> None:
    """When this fails AWS has a new action: say in domain/access/reach.py what it does."""
    assert {name.lower() for name in known} == actions_of(service)


def test_actions_sit_on_what_the_reference_says() -> None:
    for name, action in ACTIONS.items():
        assert kinds_for(f"kafka-cluster:{name}") == frozenset({action.resource_type.value})
    for name, effect in CONTROL_EFFECTS.items():
        if effect:
            assert ("topic" if name in CONTROL_ON_TOPICS else "cluster") in (kinds_for(f"kafka:{name}") or ())


@pytest.mark.parametrize(
    ("action", "kind"),
    [(f"{service}:{name}", kind) for service, actions in NEIGHBOURS.items() for name, kind in actions.items()],
)
def test_neighbouring_actions_sit_on_what_the_reference_says(action: str, kind: str) -> None:
    kinds = kinds_for(action)
    assert kinds is not None
    # One action of AWS Secrets Manager knows no resources: it is granted on all.
    assert kind in kinds or not kinds
