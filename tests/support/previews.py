"""What `pulumi preview --json` prints, made by hand: documents with as much in them as a test is about."""

from __future__ import annotations

import json
from typing import Any

STACK = "urn:pulumi:prod::shop::"


def urn(resource_type: str, name: str) -> str:
    return f"{STACK}{resource_type}::{name}"


def state(resource_type: str, name: str, inputs: dict[str, Any], **options: Any) -> dict[str, Any]:
    """A resource as the engine prints it."""
    outputs = options.pop("outputs", {})
    return {
        "urn": urn(resource_type, name),
        "type": resource_type,
        "custom": True,
        "inputs": inputs,
        "outputs": outputs,
        **options,
    }


def step(op: str, old: dict[str, Any] | None, new: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """A step of a preview."""
    about = new or old or {}
    found = {"op": op, "urn": about["urn"], **more}
    if old is not None:
        found["oldState"] = old
    if new is not None:
        found["newState"] = new
    return found


def replacing(*paths: str) -> dict[str, Any]:
    """The part of a step that says what replaces the resource."""
    return {"replaceReasons": list(paths), "detailedDiff": {path: {"kind": "update-replace"} for path in paths}}


def preview(*steps: dict[str, Any], errors: tuple[dict[str, Any], ...] = (), **config: str) -> str:
    """A whole document."""
    diagnostics = [{"severity": "error", **error} for error in errors]
    return json.dumps(
        {"config": {"aws:region": "us-east-1", **config}, "steps": list(steps), "diagnostics": diagnostics, "changeSummary": {}}
    )


CLUSTER = "aws:msk/cluster:Cluster"


def cluster(**changes: Any) -> dict[str, Any]:
    """The inputs of a cluster of six brokers; a dotted path goes with underscores: ``brokerNodeGroupInfo__instanceType``."""
    inputs: dict[str, Any] = {
        "clusterName": "orders",
        "kafkaVersion": "3.9.x.kraft",
        "numberOfBrokerNodes": 6,
        "brokerNodeGroupInfo": {
            "instanceType": "kafka.m7g.large",
            "clientSubnets": ["subnet-1", "subnet-2", "subnet-3"],
            "securityGroups": ["sg-1"],
            "storageInfo": {"ebsStorageInfo": {"volumeSize": 1000}},
        },
        "clientAuthentication": {"sasl": {"iam": True}},
        "encryptionInfo": {"encryptionInTransit": {"clientBroker": "TLS"}},
    }
    for path, value in changes.items():
        *parents, last = path.split("__")
        block = inputs
        for parent in parents:
            block = block.setdefault(parent, {})
        if value is None:
            block.pop(last, None)
        else:
            block[last] = value
    return inputs


def of_cluster(op: str, changes: dict[str, Any], *, was: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A step of the cluster from one set of changes to another; ``old`` and ``new`` are options of its states."""
    old_options, new_options = more.pop("old", {}), more.pop("new", {})
    before = None if op == "create" else state(CLUSTER, "kafka", cluster(**(was or {})), **old_options)
    after = None if op == "delete" else state(CLUSTER, "kafka", cluster(**{**(was or {}), **changes}), **new_options)
    return step(op, before, after, **more)


def events(*steps: dict[str, Any], policies: tuple[dict[str, str], ...] = (), failed: bool = False) -> str:
    """The same as the events of a preview, one a line, as the CLI of 2026 writes them.

    Args:
        steps: Steps as a document has them.
        policies: What policies say: ``policyName``, ``message``, ``enforcementLevel`` and ``resourceUrn``.
        failed: Whether the preview failed without another error than these.
    """
    every: list[dict[str, Any]] = [{"preludeEvent": {"config": {"aws:region": "us-east-1"}}}]
    for each in steps:
        detailed = {
            path: {"diffKind": difference["kind"], "inputDiff": difference.get("inputDiff", False)}
            for path, difference in (each.get("detailedDiff") or {}).items()
        }
        metadata = {
            "op": each["op"], "urn": each["urn"], "old": each.get("oldState"), "new": each.get("newState"),
            "keys": each.get("replaceReasons"), "detailedDiff": detailed,
        }  # fmt: skip
        every.append({"resourcePreEvent": {"metadata": metadata, "planning": True}})
    every += [{"policyEvent": {"policyPackName": "msk-policies", "severity": "high", **policy}} for policy in policies]
    if failed:
        every.append({"diagnosticEvent": {"prefix": "error: ", "message": "preview failed\n", "severity": "error"}})
    every.append({"summaryEvent": {"isPreview": True, "result": "failed" if failed else "succeeded"}})
    return "".join(f"{json.dumps(event)}\n" for event in [*every, {"cancelEvent": {}}])
