"""The parts of the document of a preview's changes; what each key means is said in `tools.changes.document`."""

from __future__ import annotations

from typing import TypedDict


class PropertyRow(TypedDict):
    """A property that changes; see the module."""

    path: str
    old: str
    new: str
    setting: str | None
    replaces: bool


class OperationRow(TypedDict):
    """An operation of the MSK API that a change takes; see the module."""

    name: str
    restarts: bool
    source: str


class LossRow(TypedDict):
    """What an update takes though the resource stays; see `inventory.changes.loss.Loss`."""

    kind: str
    property: str
    old: str
    new: str
    sentence: str
    certain: bool
    protected: bool
    clients: list[str]
    cannot: str
    whom: str
    guard: str


class CutOffRow(TypedDict):
    """A client that is cut off, and all that it can no longer do."""

    client: str
    cannot: list[str]
    certain: bool
    urns: list[str]


class ChangeRow(TypedDict):
    """A stateful resource that changes; see the module."""

    urn: str
    type: str
    name: str
    noun: str
    operation: str
    effect: str
    summary: str
    notes: list[str]
    properties: list[PropertyRow]
    operations: list[OperationRow]
    deleteFirst: bool | None
    protectionTakenOff: bool
    losesData: bool
    losses: list[LossRow]
    clients: list[str]
    owner: str
    needsAllowance: bool
    allowed: bool
    acknowledged: list[str]


class OrderRow(TypedDict):
    """What does not work in one update; see the module."""

    urn: str
    rule: str
    verdict: str
    message: str
    steps: list[str]


class OtherRow(TypedDict):
    """A change of a resource that holds nothing."""

    urn: str
    type: str
    name: str
    operation: str


class StoppedRow(TypedDict):
    """What protection has stopped."""

    urn: str
    would: str


class ProtectionRow(TypedDict):
    """Protection that is taken off, and what it has stopped."""

    takenOff: list[str]
    stopped: list[StoppedRow]


class CostLineRow(TypedDict):
    """A line of the bill that changes; see `inventory.changes.cost.LineChange`."""

    before: str
    after: str
    basis: str
    usdBefore: float | None
    usdAfter: float | None
    usdDifference: float | None


class CostRow(TypedDict):
    """The bill before and after; see `inventory.changes.cost.CostChange`."""

    usdBefore: float
    usdAfter: float
    atLeastBefore: bool
    atLeastAfter: bool
    usdDifference: float
    lines: list[CostLineRow]
    notKnown: list[str]
    notes: list[str]


class PolicyRow(TypedDict):
    """What a policy said of the preview; see the module."""

    policy: str
    mandatory: bool
    resource: str
    message: str


class Document(TypedDict):
    """The whole; see the module."""

    project: str
    stack: str
    region: str
    today: str
    headline: str
    changes: list[ChangeRow]
    cutOff: list[CutOffRow]
    orders: list[OrderRow]
    others: list[OtherRow]
    protection: ProtectionRow
    cost: CostRow | None
    needsAllowance: list[str]
    allowed: list[str]
    names: dict[str, str]
    policies: list[PolicyRow]
    problems: list[str]
    exitCode: int
