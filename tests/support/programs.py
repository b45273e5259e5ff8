"""Small programs on the offline engine, for tests of the engine and of components."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from offline.engine.run import Run, run_function

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from offline.aws.double import AwsDouble
    from offline.protocol.registration import Registration

REGION = "eu-west-1"


def run_inline(
    program: Callable[[], object],
    *,
    config: Mapping[str, str] | None = None,
    dry_run: bool = True,
    stack: str = "dev",
    project: str = "shop",
    secret_keys: Collection[str] = (),
    double: AwsDouble | None = None,
) -> Run:
    """Runs a function as a Pulumi program, in `REGION` where its configuration says no other."""
    return run_function(
        program,
        stack=stack,
        project=project,
        config={"aws:region": REGION, **(config or {})},
        dry_run=dry_run,
        secret_keys=secret_keys,
        double=double,
    )


def of_type(run: Run, token: str) -> list[Registration]:
    """The resources of a type, in the order of their registration."""
    return [resource for resource in run.resources if resource.type == token]


def the(run: Run, token: str, name: str | None = None) -> Registration:
    """The one resource of a type, or of a type and a name."""
    found = [resource for resource in of_type(run, token) if name in {None, resource.name}]
    assert len(found) == 1, f"{len(found)} resources of type {token} named {name or 'anything'}"
    return found[0]


def inputs(run: Run, token: str, name: str | None = None) -> dict[str, Any]:
    """What AWS would receive for the one resource of a type, or of a type and a name."""
    return the(run, token, name).inputs
