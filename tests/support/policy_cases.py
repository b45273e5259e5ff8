"""Cases of the policies as data: `tests/policies/cases/<policy>.yaml`, each a change to something sound.

A case of a policy about single resources changes the resource of its `type` in `tests/policies/sound.yaml` (the MSK
cluster unless it says so): `set` gives values at dotted paths, `remove` takes them away. `from` starts from other
properties than the sound ones.

A case of a policy about whole stacks changes the resource named by `of` (`kafka`, the cluster, unless it says so) in
`tests/policies/sound_stack.yaml`: `set` and `remove` as above; `protect`, `ignoreChanges` and `refers` replace what it
has; `without` takes whole resources away, `with` adds some, in the file's own form. What the policy says, it says about
that resource, or about the one that `said` names.

Then the policy, configured by `config`, says what `fails` (mandatory), `advises`, `cannotTell` (advice that the named
property is not known), `notJudged` (advice that something else is not) or `notApplicable` expects, and nothing where none is
given. `level` sets the policy's level first, for those that are off or only advise by default; `today` is the day of judging,
`TODAY` unless given. `!unknown` is a value that only deployment makes known, `!secret x` a secret. A message that begins
`...:` begins as the one before it.
"""

from __future__ import annotations

import copy
import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pulumi_policy import StackValidationPolicy

from msk_policies.kit.judges import NOT_JUDGED
from msk_policies.registry import POLICIES
from support.pack import CLUSTER, UNKNOWN, StackResource, Verdict, secret
from support.stacks import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from support.pack import Pack

_DIRECTORY = Path(__file__).parents[1] / "policies"
_FOLDER = _DIRECTORY / "cases"
_OUTCOMES = {"fails": "mandatory", "advises": "advisory", "notJudged": "advisory", "notApplicable": "not applicable"}
_COMMON = {"it", "today", "set", "remove", "config", "level", "cannotTell", *_OUTCOMES}
_OF_RESOURCES = {*_COMMON, "type", "from"}
_OF_STACKS = {*_COMMON, "of", "protect", "ignoreChanges", "refers", "without", "with", "said"}

ABOUT_STACKS = {policy.name for policy in POLICIES if isinstance(policy, StackValidationPolicy)}
"""The names of the policies that judge a stack's resources together."""


@dataclass(frozen=True)
class Case:
    """A resource, or a stack, and what one policy says about it."""

    policy: str
    it: str
    resource_type: str
    properties: dict[str, Any]
    stack: list[StackResource]
    """Empty where a single resource is judged."""
    config: dict[str, Any]
    verdicts: list[Verdict] = field(default_factory=list)
    today: datetime.date = TODAY
    """The day of judging."""

    def __str__(self) -> str:
        return f"{self.policy} {self.it}"

    @property
    def passes(self) -> bool:
        """Whether the policy applies and finds nothing."""
        return not self.verdicts

    @property
    def fails(self) -> bool:
        """Whether the policy finds a violation of its own, at whatever level."""
        return any(
            item.level in ("mandatory", "advisory") and not item.message.startswith(("can't run", NOT_JUDGED))
            for item in self.verdicts
        )

    def judged_by(self, pack: Pack) -> list[Verdict]:
        """What the policy says when the pack judges this."""
        pack.configure({self.policy: self.config})
        said = pack.judge_stack(self.stack) if self.stack else pack.judge(self.properties, self.resource_type)
        return [verdict for verdict in said if verdict.policy == self.policy]


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!unknown", lambda _loader, _node: UNKNOWN)
_Loader.add_constructor("!secret", lambda _loader, node: secret(node.value))


def _read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 a SafeLoader with two tags


SOUND: dict[str, dict[str, Any]] = _read(_DIRECTORY / "sound.yaml")
"""A resource of each type that no rule objects to."""


def _resource(name: str, given: Mapping[str, Any]) -> StackResource:
    return StackResource(
        name,
        given["type"],
        copy.deepcopy(given["properties"]),
        given.get("refers", {}),
        given.get("protect", False),
        given.get("ignoreChanges", ()),
    )


SOUND_STACK: list[StackResource] = [_resource(name, given) for name, given in _read(_DIRECTORY / "sound_stack.yaml").items()]
"""The resources of a platform that no rule about stacks objects to."""


def cases() -> list[Case]:
    """All cases of all policies."""
    return [
        _case_of_stack(file.stem, given) if file.stem in ABOUT_STACKS else _case_of_resource(file.stem, given)
        for file in sorted(_FOLDER.glob("*.yaml"))
        for given in _written_out(_read(file))
    ]


def _written_out(given_cases: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The cases of a file, with the beginning of each message that leaves it to the message before."""
    beginning = ""
    for given in given_cases:
        whole = dict(given)
        for key in [key for key in _OUTCOMES if key in given]:
            messages = given[key] if isinstance(given[key], list) else [given[key]]
            whole[key] = []
            for message in messages:
                whole[key].append(message.replace("...:", beginning + ":", 1) if message.startswith("...:") else message)
                if key not in ("notApplicable", "notJudged"):
                    beginning = whole[key][-1].partition(":")[0]
        yield whole


def _case_of_resource(policy: str, given: dict[str, Any]) -> Case:
    assert given.keys() <= _OF_RESOURCES, f"{policy}: {given.keys() - _OF_RESOURCES}"
    resource_type = given.get("type", CLUSTER)
    properties = changed(given["from"] if "from" in given else SOUND[resource_type], given)
    return Case(policy, given["it"], resource_type, properties, [], _config(given), _verdicts(policy, given, ""), _today(given))


def _case_of_stack(policy: str, given: dict[str, Any]) -> Case:
    assert given.keys() <= _OF_STACKS, f"{policy}: {given.keys() - _OF_STACKS}"
    on = given.get("of", "kafka")
    resources = {resource.name: resource for resource in SOUND_STACK if resource.name not in given.get("without", ())}
    resources.update({name: _resource(name, added) for name, added in given.get("with", {}).items()})
    if on in resources:
        sound = resources[on]
        resources[on] = StackResource(
            on,
            sound.type,
            changed(sound.properties, given),
            given.get("refers", sound.refers),
            given.get("protect", sound.protect),
            given.get("ignoreChanges", sound.ignore_changes),
        )
    verdicts = _verdicts(policy, given, given.get("said", on))
    return Case(policy, given["it"], "", {}, list(resources.values()), _config(given), verdicts, _today(given))


def _today(given: Mapping[str, Any]) -> datetime.date:
    day: datetime.date = given.get("today", TODAY)
    return day


def _config(given: Mapping[str, Any]) -> dict[str, Any]:
    level = {"enforcementLevel": given["level"]} if "level" in given else {}
    return {**given.get("config", {}), **level}


def changed(properties: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Properties with the values of `set` at their dotted paths, and without what stands at those of `remove`."""
    whole: dict[str, Any] = copy.deepcopy(dict(properties))
    for path, value in given.get("set", {}).items():
        *blocks, last = _parts(path)
        block: Any = whole
        for name in blocks:
            block = block[name] if isinstance(name, int) else block.setdefault(name, {})
        block[last] = value
    for path in given.get("remove", []):
        *blocks, last = _parts(path)
        block = whole
        for name in blocks:
            block = block[name]
        del block[last]
    return whole


def _parts(path: str) -> list[Any]:
    """The steps of a dotted path; numbers are places in lists."""
    return [int(part) if part.isdigit() else part for part in path.split(".")]


def _verdicts(policy: str, given: Mapping[str, Any], on: str) -> list[Verdict]:
    verdicts = [
        Verdict(policy, level, said, "" if key == "notApplicable" else on)
        for key, level in _OUTCOMES.items()
        for said in given.get(key, ())
    ]
    if "cannotTell" in given:
        cannot = f"string value at .{given['cannotTell']} can't be known during preview"
        of_resource = f"can't run policy '{policy}' from policy pack 'msk-policies@v0.0.1' during preview: {cannot}"
        verdicts.append(Verdict(policy, "advisory", f"{NOT_JUDGED}{cannot}" if on else of_resource, on))
    return verdicts
