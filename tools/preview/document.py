"""What a preview found, as one JSON document: what the text report is made of, and what other programs read.

Keys, always all of them:

* ``project``, ``stack``, ``region``, ``today``, ``isToday``: what was previewed, the day it was judged on, and whether that is
  the clock's (UTC). ``region`` is null where it is not set.
* ``result``: how it ended, as a sentence: "Fine: ..." stands alone only where nothing refuses and no critical rule is off or
  only advises, nothing is exempt, every mandatory rule could judge, and the ACLs of every client that needs some are enforced.
* ``resources``: the inventory of the preview, in the order of registration. Each has ``urn``, ``type``, ``name``,
  ``custom``, ``parent``, ``inputs`` and ``options``. What is not known before AWS answers is Pulumi's marker
  (`inventory.rows.UNKNOWN`), secrets are "[secret]".
* ``policies``: the pack's ``name`` and ``version``, its ``rules`` by name, each "pass", "fail", "advice", "exempt",
  "not judged" (a mandatory rule that could not tell), "could not run" (one that only advises) or "disabled", and ``about``
  them, by name: ``displayName``, ``description``, ``severity``, ``enforcement``, ``remediation``, ``url``, ``tags`` and
  ``framework``; null when nothing was judged.
* ``verdicts``: what the pack or a guard said, the mandatory first: ``policy``, ``enforcement`` ("mandatory" or
  "advisory"), ``severity``, ``kind`` ("violation", "exempt", "could_not_run", "not_judged" or "guard"), ``resource`` (its URN,
  or empty), ``message``, ``setting`` (dotted path in the stack file, or null), ``file`` and ``line`` (or null), ``seenIn``
  (of "preview" and "simulated update"), and for what is exempt its last day and why: ``until`` and ``reason`` (or null).
* ``capacity``: for each cluster what it carries and what it must carry, with ``warnings`` and ``notes``.
* ``serverless``: for each Serverless cluster what it is meant to use of its quotas, with ``warnings`` and ``notes``.
* ``cost``: ``usdPerMonth``, ``atLeast`` (whether a line has no amount, so that the sum is the least that is paid),
  ``usdFromWorkload`` (the estimated part of it), ``region``, ``priceRegions``, ``pricesRead`` (oldest and newest), ``lines``
  (``item``, ``basis``, ``quantity``, ``unit``, ``usdPerUnit``, ``usdPerMonth``, ``source``, ``asOf``, ``priceRegion``, ``about``
  (whether the price was worked out and not read), ``note``), ``free`` (type: number) and ``notes``; null when nothing was
  previewed.
* ``acls``: who of the clients that Kafka's ACLs decide on is enforced, as the receipt of ``make acls`` says: ``receipt`` (its
  file), ``appliedAt`` (or null), ``problem`` (why it counts for nothing, or empty), ``clients`` (``client``, ``principals``,
  ``state``: "enforced", "allows more" or "not enforced", and ``why``) and ``removalsPending`` (principals that the stack file
  gives nothing any more); null where no client needs ACLs.
* ``exports``: by name ``value`` (as a preview knows it), ``known``, and ``example`` (from the simulated update) when it
  is not known.
* ``warnings``: ``message`` and ``resource`` of everything worth a look.
* ``output``: lines that the program printed or logged for information.
* ``problems``: mistakes in the configuration, or why the tool failed: ``setting``, ``value``, ``message``, ``file``,
  ``line``.
* ``exitCode``: that of the command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

if TYPE_CHECKING:
    from tools.acls.document import ClientRow

Place = tuple[str, int] | None
"""A file's name and a line's number, or nothing."""


class VerdictRow(TypedDict):
    """What the pack or a guard said; see the module."""

    policy: str
    enforcement: str
    severity: str
    kind: str
    resource: str
    message: str
    setting: str | None
    file: str | None
    line: int | None
    seenIn: list[str]
    until: str | None
    reason: str | None


class ProblemRow(TypedDict):
    """A mistake in the configuration, or a failure of the tool; see the module."""

    setting: str | None
    value: Any
    message: str
    file: str | None
    line: int | None


class WarningRow(TypedDict):
    """Something worth a look."""

    message: str
    resource: str


class AboutRow(TypedDict):
    """What a rule of the pack is for; see the module."""

    displayName: str
    description: str
    severity: str
    enforcement: str
    remediation: str
    url: str
    tags: list[str]
    framework: str


class PoliciesRow(TypedDict):
    """The pack, the file that configures it for the stack (empty: there is none), and what became of each rule."""

    name: str
    version: str
    configuration: str
    rules: dict[str, str]
    about: dict[str, AboutRow]


class PreviewedRow(TypedDict):
    """A resource; see `inventory.rows.ResourceRow`, of which a preview of a new stack has no outputs."""

    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    inputs: dict[str, Any]
    options: dict[str, Any]


class WorkloadRow(TypedDict):
    """What a cluster must carry: see `inventory.clusters.StatedWorkload`."""

    ingressMBps: float
    peakMBps: float
    fanOut: float
    retentionHours: float
    partitions: int


class BrokersNeededRow(TypedDict):
    """Brokers that a workload needs, by what limits them: see `inventory.sizing.BrokersNeeded`."""

    throughput: int | None
    partitions: int | None
    storage: int | None


class StorageRow(TypedDict):
    """What the volumes hold: see `inventory.sizing.Storage`; hours are null where they have no end."""

    volumeGiB: int
    maximumGiB: int | None
    hoursNeeded: float
    hoursHeld: float | None
    hoursHeldAtMaximum: float | None
    neededGiB: int


class CapacityRow(TypedDict):
    """A cluster against its workload: see `inventory.capacity.Capacity`. Figures are null where they are not known."""

    cluster: str
    urn: str
    brokerType: str
    brokers: int
    zones: int
    vcpu: int | None
    memoryGiB: int | None
    replicationFactor: int
    partitionReplicas: int | None
    partitionReplicasRecommended: int | None
    partitionReplicasMaximum: int | None
    safeIngressMBps: float | None
    tiered: bool
    workload: WorkloadRow | None
    brokersNeeded: BrokersNeededRow | None
    storage: StorageRow | None
    warnings: list[str]
    notes: list[str]


class QuotaRow(TypedDict):
    """How much of a quota a Serverless cluster is meant to use: see `inventory.serverless.QuotaUse`."""

    name: str
    used: float
    quota: float
    unit: str


class ServerlessRow(TypedDict):
    """A Serverless cluster against its workload: see `inventory.serverless.ServerlessCapacity`."""

    cluster: str
    urn: str
    workload: WorkloadRow | None
    quotas: list[QuotaRow]
    warnings: list[str]
    notes: list[str]


class CostLineRow(TypedDict):
    """A line of the bill: see `inventory.bill.lines.CostLine`."""

    item: str
    basis: str
    quantity: float | None
    unit: str | None
    usdPerUnit: float | None
    usdPerMonth: float | None
    source: str | None
    asOf: str | None
    priceRegion: str | None
    about: bool
    note: str


class CostRow(TypedDict):
    """The bill of a month: see `inventory.cost.MonthlyCost`."""

    usdPerMonth: float
    atLeast: bool
    usdFromWorkload: float
    region: str
    priceRegions: list[str]
    pricesRead: list[str] | None
    lines: list[CostLineRow]
    free: dict[str, int]
    notes: list[str]


class AclsRow(TypedDict):
    """Whose ACLs are enforced; see the module."""

    receipt: str
    appliedAt: str | None
    problem: str
    clients: list[ClientRow]
    removalsPending: list[str]


class ExportRow(TypedDict):
    """An export; see the module."""

    value: Any
    known: bool
    example: NotRequired[Any]


class Document(TypedDict):
    """The whole; see the module."""

    project: str
    stack: str
    region: str | None
    today: str
    isToday: bool
    result: str
    resources: list[PreviewedRow]
    policies: PoliciesRow | None
    verdicts: list[VerdictRow]
    capacity: list[CapacityRow]
    serverless: list[ServerlessRow]
    cost: CostRow | None
    acls: AclsRow | None
    exports: dict[str, ExportRow]
    warnings: list[WarningRow]
    output: list[str]
    problems: list[ProblemRow]
    exitCode: int


def empty_document(*, project: str, stack: str, region: str | None, today: str) -> Document:
    """A document about which nothing is known yet."""
    return {
        "project": project,
        "stack": stack,
        "region": region,
        "today": today,
        "isToday": True,
        "result": "",
        "resources": [],
        "policies": None,
        "verdicts": [],
        "capacity": [],
        "serverless": [],
        "cost": None,
        "acls": None,
        "exports": {},
        "warnings": [],
        "output": [],
        "problems": [],
        "exitCode": 0,
    }
