"""What a stack's next Kafka versions are and what each changes, as one JSON document: what the reports are made of.

Keys, always all of them:

* ``project``, ``stack``, ``region``, ``today``, ``cluster`` (its name), ``brokerType``, ``brokers`` and ``zones``.
* ``version``: ``name``, ``listed`` (whether this template knows it), ``metadata`` (KRaft or ZooKeeper), ``endOfSupport`` (or
  null), ``daysLeft`` (negative after the end; null where no end is known), ``support`` (the same as a sentence) and ``listOf``
  (the day of the list of versions).
* ``steps``: the newer versions, or null where nothing is known of this one. Each has ``version``, ``verdict`` ("in place", "not
  known" or "refused"), ``why`` and ``guard`` (where it is not in place), ``support``, ``write`` (what to set), ``duration``,
  ``notes``, ``problems`` (what this template refuses of the stack with it: ``setting``, ``message``, ``file``, ``line``),
  ``warnings`` (those that are new with it), ``defaults`` (``name``, ``before``, ``after``, ``text``, ``source``, ``breaks``) and
  ``others`` (what changes for topics and clients: ``concern``, ``names``, ``text``, ``source``, ``breaks``). ``breaks`` is true
  where who does nothing may be refused, cut off or stopped.
* ``kraft``: the conditions of the move from ZooKeeper to KRaft (``condition``, ``met``, ``remedy``); null with KRaft. ``met`` is
  null where only AWS or the brokers can tell.
* ``headroom``: what the brokers carry while one is away, sentences.
* ``notKnown``: what this command did not look at, sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from domain.clients.release_notes import NOTES_SINCE, NOTES_UP_TO, Concern, ReleaseNote, notes_between
from domain.guards.kraft import kraft_conditions
from domain.guards.upgrades import Step, Verdict, leaves_zookeeper, upgrade_steps
from domain.msk.brokers import is_outdated
from domain.msk.operations import operations_for, rolling_restart
from domain.msk.versions import KAFKA_VERSIONS, VERSIONS_AS_OF, MetadataMode, metadata_mode, version_number
from domain.plan.topics import configs_of
from domain.problems import SettingsError
from domain.properties.new_defaults import new_defaults_between
from inventory.capacity import capacities
from tools.shared.stack_settings import loaded_stack

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from domain.guards.refusal import Inputs
    from domain.loading import Loaded
    from domain.properties.new_defaults import NewDefault
    from domain.settings.clients import Client
    from domain.settings.stack import StackSettings
    from inventory.capacity import Capacity
    from inventory.rows import ResourceRow
    from offline.project.loading import Project, StackConfig

VERSIONS_PAGE: Final = "https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html"
NOTES_PAGE: Final = "https://kafka.apache.org/documentation/#upgrade"
_NAMED: Final = 5
"""So many topics or clients are named; of more the number is said."""


class VersionRow(TypedDict):
    """The version now; see the module."""

    name: str
    listed: bool
    metadata: str
    endOfSupport: str | None
    daysLeft: int | None
    support: str
    listOf: str


class ProblemRow(TypedDict):
    """What is refused of the stack with a version; see the module."""

    setting: str
    message: str
    file: str | None
    line: int | None


class DefaultRow(TypedDict):
    """A default that changes; see the module."""

    name: str
    before: str
    after: str
    text: str
    source: str
    breaks: bool


class OthersRow(TypedDict):
    """What changes for clients or topics; see the module."""

    concern: str
    names: list[str]
    text: str
    source: str
    breaks: bool


class StepRow(TypedDict):
    """A newer version; see the module."""

    version: str
    verdict: str
    why: str
    guard: str | None
    support: str
    write: str
    duration: str
    notes: list[str]
    problems: list[ProblemRow]
    warnings: list[str]
    defaults: list[DefaultRow]
    others: list[OthersRow]


class ConditionRow(TypedDict):
    """A condition of the move to KRaft; see the module."""

    condition: str
    met: bool | None
    remedy: str


class Document(TypedDict):
    """All of it; see the module."""

    project: str
    stack: str
    region: str
    today: str
    cluster: str
    brokerType: str
    brokers: int
    zones: int
    version: VersionRow
    steps: list[StepRow] | None
    kraft: list[ConditionRow] | None
    headroom: list[str]
    notKnown: list[str]


def upgrades_document(
    project: Project, config: StackConfig, loaded: Loaded, rows: Sequence[ResourceRow], cluster: Inputs
) -> Document:
    """What a stack's next versions are.

    Args:
        project: The project.
        config: The stack's configuration.
        loaded: The stack as its program loads it.
        rows: Its inventory.
        cluster: The cluster's inputs in it.
    """
    settings, today = loaded.settings, loaded.plan.today
    now = settings.kafka_version
    steps = upgrade_steps(cluster, today)
    conditions = kraft_conditions(cluster) if metadata_mode(now) is MetadataMode.ZOOKEEPER else None
    return {
        "project": project.name,
        "stack": config.stack,
        "region": loaded.plan.region,
        "today": today.isoformat(),
        "cluster": settings.cluster_name,
        "brokerType": settings.broker_type,
        "brokers": settings.number_of_brokers,
        "zones": settings.number_of_zones,
        "version": _version(now, today),
        "steps": None if steps is None else [_step(step, project, config, loaded) for step in steps],
        "kraft": None
        if conditions is None
        else [{"condition": each.name, "met": each.met, "remedy": each.remedy} for each in conditions],
        "headroom": _headroom(capacities(rows)),
        "notKnown": _not_known(settings, steps, today),
    }


def _version(name: str, today: datetime.date) -> VersionRow:
    version = KAFKA_VERSIONS.get(name)
    ends = version.end_of_support if version else None
    return {
        "name": name,
        "listed": version is not None,
        "metadata": metadata_mode(name).value,
        "endOfSupport": ends.isoformat() if ends else None,
        "daysLeft": (ends - today).days if ends else None,
        "support": _support(name, today),
        "listOf": VERSIONS_AS_OF.isoformat(),
    }


def _support(name: str, today: datetime.date) -> str:
    version = KAFKA_VERSIONS.get(name)
    if version is None:
        return f"{name} is not in this template's list of {VERSIONS_AS_OF}: its end of support is not known. See {VERSIONS_PAGE}."
    ends = version.end_of_support
    if ends is None:
        old = " That list is too old to rely on" if is_outdated(VERSIONS_AS_OF, today) else ""
        return f"AWS had named no end of support by {VERSIONS_AS_OF}.{old and f'{old}: see {VERSIONS_PAGE}.'}"
    days = (ends - today).days
    if days < 0:
        return f"Support ended on {ends}, {_days(-days)} ago: Amazon MSK upgrades the cluster by itself, without notice."
    return f"Support ends on {ends}, in {_days(days)}. Afterwards Amazon MSK upgrades the cluster by itself, without notice."


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _step(step: Step, project: Project, config: StackConfig, loaded: Loaded) -> StepRow:
    settings, name, today = loaded.settings, step.version.name, loaded.plan.today
    row: StepRow = {
        "version": name,
        "verdict": step.verdict.value,
        "why": step.why,
        "guard": step.guard,
        "support": _support(name, today),
        "write": f"kafkaVersion: {name}",
        "duration": "",
        "notes": [],
        "problems": [],
        "warnings": [],
        "defaults": [],
        "others": [],
    }
    if step.verdict is Verdict.REFUSED:
        return row
    old, new = version_number(settings.kafka_version), version_number(name)
    row["duration"] = _duration(settings, name)
    row["notes"] = [operation.note for operation in operations_for(["kafkaVersion"]) if operation.note]
    if settings.imported.cluster and settings.imported.frozen:
        row["notes"].append("import.frozen refuses every update of the imported cluster: set it to false first.")
    if old < NOTES_SINCE:
        row["notes"].append(f"What Apache Kafka itself changed up to 3.9 is not gathered here: {NOTES_PAGE} has it.")
    if new[:2] > NOTES_UP_TO:
        row["notes"].append(f"Apache Kafka's notes of {name} were not read for this template: {NOTES_PAGE} has them.")
    try:
        after = loaded_stack(project, config, today=today, changes={"kafkaVersion": name})
        row["warnings"] = [
            warning for warning in after.warnings if warning not in loaded.warnings and not (step.why and step.why in warning)
        ]
    except SettingsError as error:
        row["problems"] = [_problem(config, problem.path, str(problem)) for problem in error.problems]
    given = loaded.plan.server_properties
    row["defaults"] = [
        _default(default, settings) for default in new_defaults_between(old, new, kind=settings.broker.kind, given=given)
    ]
    row["others"] = [
        _for_others(note, names) for note in notes_between(old, new) if (names := _concerned(note, settings)) is not None
    ]
    return row


def _problem(config: StackConfig, path: tuple[str | int, ...], message: str) -> ProblemRow:
    file, line = config.line_of(path) or (None, None)
    return {"setting": ".".join(map(str, path)), "message": message, "file": file, "line": line}


def _duration(settings: StackSettings, name: str) -> str:
    words = rolling_restart(settings.number_of_brokers, express=settings.broker.is_express)
    if leaves_zookeeper(settings.kafka_version, name):
        return f"AWS publishes no duration for the move to KRaft. Each broker restarts at least once: {words}"
    return words[0].upper() + words[1:]


def _default(default: NewDefault, settings: StackSettings) -> DefaultRow:
    return {
        "name": default.name,
        "before": default.before,
        "after": default.after,
        "text": " ".join(filter(None, (default.consequence, _topics_of(default, settings)))),
        "source": default.source,
        "breaks": default.breaks,
    }


def _topics_of(default: NewDefault, settings: StackSettings) -> str:
    """Which topics of the stack take the new default."""
    if default.topic_level is None:
        return ""
    names = sorted(name for name, topic in settings.topics.items() if default.topic_level not in configs_of(topic))
    if not settings.topics:
        return "This stack has no topics in its file: look at those that were made elsewhere."
    return f"Topics of this stack that leave it to the brokers: {_some(names) if names else 'none'}."


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _concerned(note: ReleaseNote, settings: StackSettings) -> list[str] | None:
    """The clients whom a change concerns; empty where the stack names no client, None where it concerns none of them."""
    if note.concern in (Concern.TOPICS, Concern.BROKERS):
        # No stack file has them, whatever it names.
        return [note.concern.value]
    names = sorted(name for name, client in settings.clients.items() if _concerns(note.concern, client))
    return names if names or not settings.clients else None


def _concerns(concern: Concern, client: Client) -> bool:
    """Whether a change concerns a client; of one without permissions nothing is known, so it may."""
    if concern is Concern.CLIENTS or client.streams or not (client.produce or client.consume or client.admin):
        # Kafka Streams produces, consumes and writes in transactions, whatever topics it has besides its own.
        return True
    if concern is Concern.CONSUMERS:
        return client.consume is not None
    produce = client.produce
    if concern is Concern.TRANSACTIONS:
        return bool(produce and (produce.transactional_ids or produce.transactional_id_prefixes))
    return produce is not None


def _for_others(note: ReleaseNote, names: Sequence[str]) -> OthersRow:
    return {
        "concern": note.concern.value,
        "names": list(names),
        "text": note.text,
        "source": note.source,
        "breaks": note.breaks,
    }


_SMALLEST_OF_MODEL: Final = 3
"""Brokers from which one that is away is no more than the zone that the sizing model does without."""


def _headroom(clusters: Sequence[Capacity]) -> list[str]:
    """What the brokers carry while one of them is away.

    AWS's sizing model, from which the safe ingress comes, does without one of three zones: a single broker is within it.
    """
    if not clusters:
        return [f"{_NOT_KNOWN}: their type or number is not."]
    return [words for capacity in clusters for words in (_carried(capacity), *capacity.warnings)]


_NOT_KNOWN: Final = "Whether the brokers carry the load while one is away is not known"


def _carried(capacity: Capacity) -> str:
    if capacity.workload is None:
        return f"{_NOT_KNOWN}: no workload is stated."
    if capacity.safe_ingress is None:
        return f"{_NOT_KNOWN}: there are no figures of AWS for the throughput of {capacity.broker.name}."
    if capacity.brokers < _SMALLEST_OF_MODEL:
        return f"{_NOT_KNOWN}: AWS's sizing model is for {_SMALLEST_OF_MODEL} brokers or more."
    peak, safe = capacity.workload.peak_mb_per_second, capacity.safe_ingress
    fits = "one broker may be away" if peak <= safe else "too much while a broker is away, so scale out first"
    return (
        f"The stated peak is {peak:g} MB/s. {capacity.brokers} {capacity.broker.name} safely take {safe:.1f} MB/s with a third "
        f"of them away (AWS's sizing model): {fits}."
    )


def _not_known(settings: StackSettings, steps: Sequence[Step] | None, today: datetime.date) -> list[str]:
    words = []
    if steps is None:
        words.append(
            f"Which versions this cluster may go to: this template's lists of {VERSIONS_AS_OF} do not have "
            f"{settings.kafka_version} with {settings.broker_type}."
        )
    elif is_outdated(VERSIONS_AS_OF, today):
        words.append(f"What AWS has changed since {VERSIONS_AS_OF}, the day of this template's list of versions.")
    if settings.imported.cluster and {"serverProperties"} & set(settings.imported.keep.configuration):
        words.append("The server properties of the imported configuration: import.keep.configuration leaves those of AWS.")
    if settings.imported.cluster and "configurationInfo" in settings.imported.keep.cluster:
        words.append("The configuration of the imported cluster: import.keep.cluster leaves it as it is in AWS.")
    words.append("Topics that this stack does not have, what was set on running brokers, and the versions of clients.")
    return words
