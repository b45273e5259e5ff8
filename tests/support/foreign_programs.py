"""Programs that are not this template's, as the documents that Pulumi prints of them: a state export, or a preview."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from inventory.rows import UNKNOWN, ResourceRow

PROGRAMS = Path(__file__).parents[1] / "inventory" / "evidence" / "programs"
ALL = tuple(sorted(path.stem for path in PROGRAMS.glob("*.yaml")))
_PLACES = {
    "aws:msk/cluster:Cluster": "arn:aws:kafka:eu-west-1:111122223333:cluster/{name}/0a1b2c3d-1111-2222-3333-444455556666-7",
    "aws:msk/configuration:Configuration": "arn:aws:kafka:eu-west-1:111122223333:configuration/{name}/0a1b",
}


def resources_of(program: str, *, deployed: bool) -> list[dict[str, Any]]:
    """The resources of a program, as `pulumi stack export` and `pulumi preview --json` have them.

    Args:
        program: The name of a file in `PROGRAMS`, without its ending.
        deployed: Whether AWS has answered; else ARNs are unknown, and what is made from them too.
    """
    given = yaml.safe_load((PROGRAMS / f"{program}.yaml").read_text(encoding="utf-8"))
    urns = {name: f"urn:pulumi:live::{program}::{resource['type']}::{name}" for name, resource in given.items()}
    arns = {name: _arn(name, resource) if deployed else UNKNOWN for name, resource in given.items()}
    return [
        {
            "urn": urns[name],
            "type": resource["type"],
            "custom": True,
            "inputs": (inputs := _linked(resource["properties"], arns)),
            "outputs": {**inputs, "arn": arns[name]},
            "propertyDependencies": {
                key: urns_in for key, value in resource["properties"].items() if (urns_in := _named(value, urns))
            },
        }
        for name, resource in given.items()
    ]


def state_of(program: str) -> dict[str, Any]:
    """What `pulumi stack export` prints of a program that is deployed."""
    return {"version": 3, "deployment": {"resources": resources_of(program, deployed=True)}}


def preview_of(program: str) -> dict[str, Any]:
    """What `pulumi preview --json` prints of a program that is not deployed yet."""
    resources = resources_of(program, deployed=False)
    steps = [{"op": "create", "urn": resource["urn"], "newState": resource} for resource in resources]
    return {"steps": steps, "changeSummary": {"create": len(steps)}}


def rows_of(program: str, *, deployed: bool = True) -> list[ResourceRow]:
    """The program's inventory."""
    return [
        {
            "urn": resource["urn"],
            "type": resource["type"],
            "name": resource["urn"].rpartition("::")[2],
            "custom": True,
            "parent": "",
            "inputs": resource["inputs"],
            "outputs": resource["outputs"],
            "options": {"propertyDependencies": resource["propertyDependencies"]},
        }
        for resource in resources_of(program, deployed=deployed)
    ]


def _arn(name: str, resource: dict[str, Any]) -> str:
    called = resource["properties"].get("clusterName") or resource["properties"].get("name") or name
    place = _PLACES.get(
        resource["type"], "arn:aws:iam::111122223333:" + resource["type"].split("/")[-1].split(":")[0] + "/{name}"
    )
    return str(place.format(name=called))


def _linked(value: Any, arns: dict[str, str]) -> Any:
    if isinstance(value, dict):
        linked = {key: _linked(inner, arns) for key, inner in value.items()}
        # A policy made from an unknown ARN is unknown as a whole, as in the engine.
        return UNKNOWN if "Statement" in linked and UNKNOWN in str(linked) else linked
    if isinstance(value, list):
        return [_linked(inner, arns) for inner in value]
    return arns[value[1:]] if isinstance(value, str) and value.startswith("@") else value


def _named(value: Any, urns: dict[str, str]) -> list[str]:
    if isinstance(value, dict):
        return [urn for inner in value.values() for urn in _named(inner, urns)]
    if isinstance(value, list):
        return [urn for inner in value for urn in _named(inner, urns)]
    return [urns[value[1:]]] if isinstance(value, str) and value.startswith("@") else []
