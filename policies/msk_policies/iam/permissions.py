"""What an identity's policy allows, decided as IAM decides: allowed by a statement, and denied by none.

Known actions are held against the patterns of actions, and sample ARNs against those of resources (`samples`): what counts is
what a policy lets happen, however it is written. An Allow whose condition says what is used, or asks for a second factor
(`conditions.USES`), reaches no further than that, and counts for nothing here; one with another condition counts, for the
condition may always hold. A Deny counts where it has no condition, or spares only what such a condition says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from msk_policies.iam.conditions import USES, VIA, Fixes, narrowed, spares_only
from msk_policies.iam.documents import Document, Statement
from msk_policies.iam.patterns import is_fixed, pattern
from msk_policies.iam.samples import NAMES, Samples, clusters_in, heads, named, names_in, neighbours
from msk_policies.msk.facts import fact

_DATA: Final[Mapping[str, Mapping[str, str]]] = fact("iam", "dataActions").value
_CONTROL: Final[Mapping[str, Mapping[str, str | None]]] = fact("iam", "controlActions").value
_NEIGHBOURS: Final[Mapping[str, Mapping[str, str]]] = fact("iam", "neighbours").value
_REPLICATION: Final = fact("iam", "replication").value
_DATA_SERVICE, _CONTROL_SERVICE = "kafka-cluster", "kafka"
_CLUSTER: Final = "cluster"
_ROLE: Final = "role"
_FEW_NAMES: Final = NAMES[::10]
CONNECTS: Final = "kafkaconnect:CreateConnector"
TAKES_ROLES: Final = "iam:PassRole"


class Action(NamedTuple):
    """An action that reaches a cluster, or what its data hangs on.

    Attributes:
        name: As AWS writes it, such as `kafka-cluster:ReadData`.
        kind: The kind of resource it sits on.
    """

    name: str
    kind: str


class Reach(NamedTuple):
    """Where a policy allows too much.

    Attributes:
        place: The statement, as a message names it.
        actions: The names of the actions that reach too far.
    """

    place: str
    actions: tuple[str, ...]


MESSAGES: Final = tuple(
    Action(f"{_DATA_SERVICE}:{name}", about["resource"]) for name, about in _DATA.items() if about["effect"] == "messages"
)
CHANGES: Final = tuple(
    Action(f"{_DATA_SERVICE}:{name}", about["resource"]) for name, about in _DATA.items() if about["effect"] == "changes"
)
CONTROL: Final = tuple(
    Action(f"{_CONTROL_SERVICE}:{name}", str(about["resource"])) for name, about in _CONTROL.items() if about["effect"]
)
NEIGHBOURS: Final = tuple(
    Action(f"{service}:{name}", kind) for service, actions in _NEIGHBOURS.items() for name, kind in actions.items()
)

_USES_OF_KEYS: Final = ("kms:Decrypt",)
ADMINISTRATION_OF_KEYS: Final = tuple(
    action for action in NEIGHBOURS if action.kind == "key" and action.name not in _USES_OF_KEYS
)


@lru_cache(maxsize=4096)
def messages_of_all(policy: Document) -> tuple[Reach, ...]:
    """Where a policy lets the messages of every topic of a cluster be read, written or deleted."""
    return _reaching(policy, MESSAGES, _all_names, USES)


@lru_cache(maxsize=4096)
def changes_of_all(policy: Document) -> tuple[Reach, ...]:
    """Where a policy lets topics, groups, transactions and settings be changed in clusters that it does not name."""
    return _reaching(policy, CHANGES, _all_clusters, USES)


@lru_cache(maxsize=4096)
def control_of_all(policy: Document) -> tuple[Reach, ...]:
    """Where a policy lets clusters be opened, deleted or replaced that it does not name."""
    return _reaching(policy, CONTROL, _all_clusters, USES)


def control_of_any(policy: Document) -> tuple[Reach, ...]:
    """Where a policy lets a cluster be opened, deleted or replaced, be it one that it names: for policies of clusters."""
    return _reaching(policy, CONTROL, _any_cluster, USES)


def changes_of_any(policy: Document) -> tuple[Reach, ...]:
    """Where a policy lets a cluster's settings, quotas and access control lists be changed, likewise."""
    return _reaching(policy, [action for action in CHANGES if action.kind == _CLUSTER], _any_cluster, USES)


def administers_keys(policy: Document) -> tuple[Reach, ...]:
    """Where the policy of a key lets somebody delete it, change who may use it, or hand that on."""
    return _reaching(policy, ADMINISTRATION_OF_KEYS, lambda kind, _patterns: [neighbours(kind)], USES)


@lru_cache(maxsize=4096)
def neighbours_of_all(policy: Document) -> tuple[Reach, ...]:
    """Where a policy reaches every key, secret, role or security group, in a way that reaches the data behind it."""
    return _reaching(policy, NEIGHBOURS, lambda kind, _patterns: [neighbours(kind)], VIA)


@lru_cache(maxsize=4096)
def connects_as_anybody(policy: Document) -> Reach | None:
    """Where a policy lets a connector run with every role: it reads and writes what any of them does."""
    passing = _reaching(policy, [Action(TAKES_ROLES, _ROLE)], lambda kind, _patterns: [neighbours(kind)], USES)
    creating = any(_in_force(statement, USES) and statement.about_action(CONNECTS.lower()) for statement in policy.allowing)
    return passing[0] if passing and creating else None


@lru_cache(maxsize=4096)
def is_of_a_client(policy: Document) -> bool:
    """Whether a policy names actions of Kafka's clients, as those of their roles do."""
    return any(action.startswith(f"{_DATA_SERVICE}:") for statement in policy.allowing for action in statement.actions)


@lru_cache(maxsize=4096)
def is_of_a_replicator(policy: Document) -> bool:
    """Whether a policy allows what MSK Replicator is granted and no more of a cluster's data, each action by its name."""
    actions = [action for statement in policy.allowing for action in statement.actions]
    if not all(map(is_fixed, actions)) or any(given.leaves_out_actions for given in policy.allowing):
        return False
    allowed = {action.partition(":")[2] for action in actions if action.startswith(f"{_DATA_SERVICE}:")}
    needed, more = ({name.lower() for name in _REPLICATION[key]} for key in ("needed", "more"))
    return needed <= allowed <= needed | more


def _reaching(
    policy: Document,
    actions: Sequence[Action],
    sets_of: Callable[[str, Sequence[str]], list[Samples]],
    fixing: Mapping[str, Fixes],
) -> tuple[Reach, ...]:
    """Where a policy allows actions on most of a set of samples.

    Args:
        policy: The policy.
        actions: The actions in question.
        sets_of: From a kind of resource and patterns of ARNs to the sets of samples.
        fixing: The keys by which a condition narrows.
    """
    found: dict[str, list[str]] = {}
    decided: dict[object, Statement | None] = {}
    services = {action.name.partition(":")[0] for action in actions}
    allowing = [
        statement
        for statement in policy.allowing
        if (statement.services is None or not services.isdisjoint(statement.services)) and _in_force(statement, fixing)
    ]
    if not allowing:
        return ()
    denying = [given for given in policy.denying if given.condition is None or spares_only(given.condition, fixing)]
    for action in actions:
        name = action.name.lower()
        allows = [statement for statement in allowing if statement.about_action(name)]
        if not allows:
            continue
        denies = [statement for statement in denying if statement.about_action(name)]
        # The same statements decide alike of every action on the same kind of resource.
        key = (action.kind, *(statement.number for statement in (*allows, *denies)))
        if key not in decided:
            decided[key] = _reaches(allows, denies, sets_of(action.kind, [p for given in allows for p in given.resources]))
        statement = decided[key]
        if statement is not None:
            found.setdefault(statement.place, []).append(action.name)
    return tuple(Reach(place, tuple(names)) for place, names in found.items())


def _in_force(statement: Statement, fixing: Mapping[str, Fixes]) -> bool:
    return statement.condition is None or not narrowed(statement.condition, fixing)


def _reaches(allows: Sequence[Statement], denies: Sequence[Statement], sets: Iterable[Samples]) -> Statement | None:
    """The statement that allows the most of a set that is allowed for the most part; None where no set is."""

    def allowed(arn: str) -> bool:
        return any(given.about_resource(arn) for given in allows) and not any(given.about_resource(arn) for given in denies)

    leaves_out = any(given.leaves_out_resources for given in allows)
    patterns = [pattern(text) for given in allows for text in given.resources]
    for samples in sets:
        if (leaves_out or samples.may_be_taken_in(patterns)) and samples.are_mostly(allowed):
            return max(allows, key=lambda given: sum(map(given.about_resource, samples.arns)))
    return None


def _any_cluster(kind: str, patterns: Sequence[str]) -> list[Samples]:
    """Each cluster that patterns are about, or something in it."""
    return [Samples([place.arn(kind, "" if kind == _CLUSTER else NAMES[0])]) for place in named(patterns)]


def _all_names(kind: str, patterns: Sequence[str]) -> list[Samples]:
    """Names in each cluster that patterns are about."""
    return [names_in(place, kind) for place in named(patterns)]


def _all_clusters(kind: str, patterns: Sequence[str]) -> list[Samples]:
    """Clusters that patterns do not name, or some of what is in them."""
    return [clusters_in(head, kind, ("",) if kind == _CLUSTER else _FEW_NAMES) for head in heads(patterns)]
