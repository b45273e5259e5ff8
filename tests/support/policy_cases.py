"""Cases of the policies as data: `tests/policies/cases/<policy>.yaml`, each a change to a sound resource.

A case changes the resource of its `type` in `tests/policies/sound.yaml` (the MSK cluster unless it says so):
`set` gives values at dotted paths, `remove` takes them away. Then the policy, configured by `config`, says what
`fails` (mandatory), `advises`, `cannotTell` (an advisory of the SDK about the named property) or `notApplicable`
expects, and nothing where none is given. `!unknown` is a value that only deployment makes known, `!secret x` a
secret.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from support.pack import CLUSTER, UNKNOWN, Verdict, secret

_DIRECTORY = Path(__file__).parents[1] / "policies"
_FOLDER = _DIRECTORY / "cases"
_OUTCOMES = {"fails": "mandatory", "advises": "advisory", "notApplicable": "not applicable"}
_KEYS = {"it", "type", "set", "remove", "config", "cannotTell", *_OUTCOMES}


@dataclass(frozen=True)
class Case:
    """One resource and what one policy says about it."""

    policy: str
    it: str
    resource_type: str
    properties: dict[str, Any]
    config: dict[str, Any]
    verdicts: list[Verdict] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.policy} {self.it}"

    @property
    def passes(self) -> bool:
        """Whether the policy applies and finds nothing."""
        return not self.verdicts

    def says(self, level: str) -> bool:
        """Whether the policy says something of its own at this level."""
        return any(one.level == level and not one.message.startswith("can't run") for one in self.verdicts)


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!unknown", lambda _loader, _node: UNKNOWN)
_Loader.add_constructor("!secret", lambda _loader, node: secret(node.value))


def _read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 a SafeLoader with two tags


SOUND: dict[str, dict[str, Any]] = _read(_DIRECTORY / "sound.yaml")
"""A resource of each type that no rule objects to."""


def cases() -> list[Case]:
    """All cases of all policies."""
    return [_case(file.stem, given) for file in sorted(_FOLDER.glob("*.yaml")) for given in _read(file)]


def _case(policy: str, given: dict[str, Any]) -> Case:
    assert given.keys() <= _KEYS, f"{policy}: {given.keys() - _KEYS}"
    resource_type = given.get("type", CLUSTER)
    properties = copy.deepcopy(SOUND[resource_type])
    for path, value in given.get("set", {}).items():
        *blocks, last = path.split(".")
        block = properties
        for name in blocks:
            block = block[name]
        block[last] = value
    for path in given.get("remove", []):
        *blocks, last = path.split(".")
        block = properties
        for name in blocks:
            block = block[name]
        del block[last]
    verdicts = [Verdict(policy, level, given[key]) for key, level in _OUTCOMES.items() if key in given]
    if "cannotTell" in given:
        verdicts.append(
            Verdict(
                policy,
                "advisory",
                f"can't run policy '{policy}' from policy pack 'msk-policies@v0.0.1' during preview: "
                f"string value at .{given['cannotTell']} can't be known during preview",
            )
        )
    return Case(policy, given["it"], resource_type, properties, given.get("config", {}), verdicts)
