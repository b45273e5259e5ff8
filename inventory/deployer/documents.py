"""IAM policy documents for the deploying role, from a stack's inventory and the table of permissions."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from domain.access.documents import Document, Place, Statement, as_json
from domain.access.scram import SECRET_PREFIX
from domain.access.statements import MAXIMUM_POLICY_SIZE
from inventory.deployer.grants import ANY, Condition, Grant, TypePermissions
from inventory.deployer.table import known
from inventory.rows import CLUSTERS, ResourceRow, get, is_known

_AUTO_NAMED = re.compile(r"-[0-9a-f]{7}")
"""What Pulumi appends to the logical name of a resource whose name the program leaves to it."""

_ROLE = "aws:iam/role:Role"
_SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a resource type
_OF_A_SECRET = "secretArn"  # noqa: S105 - an input's name
_SECRET_ARN = re.compile(r"arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:([A-Za-z0-9/_+=.@-]+)-[A-Za-z0-9]{6}")


@dataclass(frozen=True, slots=True)
class ResolvedGrant:
    """A grant with its ARNs filled in.

    Attributes:
        grant: As the table has it.
        types: The resource types that need it; empty for what no resource needs.
        resources: The ARNs.
        condition: When it holds.
    """

    grant: Grant
    types: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Condition


def resolved_grants(
    rows: Sequence[ResourceRow], place: Place, *, read_only: bool = False, more: Sequence[Grant] = ()
) -> list[ResolvedGrant]:
    """What a stack needs, each grant once.

    Args:
        rows: The stack's inventory.
        place: Where it is deployed; ``*`` as the account stands for the account that the policy is in.
        read_only: Only what previews and drift checks need.
        more: Grants for something else than resources, such as the state's bucket.

    Raises:
        inventory.deployer.table.UnknownResourceTypesError: The table lacks types.
    """
    entries = known(rows)
    clusters, roles, secrets = _names(entries, *CLUSTERS), _names(entries, _ROLE), _secrets(entries)
    wanted = [(row["type"], [_name(row, entry)], grant) for row, entry in entries for grant in entry.all_grants(row["inputs"])]
    wanted += [("", [], grant) for grant in more]
    own_roles = sorted({_name(row, entry) for row, entry in entries if row["type"] == _ROLE})
    by_key: dict[str, ResolvedGrant] = {}
    for kind, name, grant in wanted:
        if read_only and not grant.reads:
            continue
        # A role's automatic name is a pattern of the stack's own; any other is somebody's whom the stack did not make.
        others = [other for other in name if not any(fnmatchcase(other, pattern) for pattern in own_roles)]
        names = {
            "name": name,
            "cluster": clusters,
            "role": roles,
            "secret": secrets,
            "own_role": own_roles,
            "other_role": others,
        }
        resources = tuple(arn for pattern in grant.resources for arn in _filled(pattern, place, names))
        condition = _condition(grant, place)
        key = repr((grant.actions, resources, condition))
        types = {*(by_key[key].types if key in by_key else ()), *([kind] if kind else [])}
        by_key[key] = ResolvedGrant(grant, tuple(sorted(types)), resources, condition)
    return list(by_key.values())


def statements_of(grants: Iterable[ResolvedGrant]) -> list[Statement]:
    """The grants as statements: as few as say the same, each of one service, in a stable order."""
    # First the resources of equal actions, then the actions on equal resources.
    resources: dict[tuple[str, bool, str], set[str]] = {}
    conditions: dict[str, Condition] = {}
    for grant in grants:
        said = json.dumps(grant.condition, sort_keys=True)
        conditions[said] = grant.condition
        for action in grant.grant.actions:
            resources.setdefault((action, grant.grant.reads, said), set()).update(grant.resources)
    actions: dict[tuple[str, bool, str, tuple[str, ...]], set[str]] = {}
    for (action, reads, said), granted in resources.items():
        service = action.partition(":")[0]
        actions.setdefault((service, reads, said, tuple(sorted(granted))), set()).add(action)
    statements: list[Statement] = []
    numbers: dict[str, int] = {}
    for service, reads, said, arns in sorted(actions):
        title = f"{''.join(part.capitalize() for part in service.split('-'))}{'Read' if reads else 'Write'}"
        numbers[title] = numbers.get(title, 0) + 1
        statement: Statement = {
            "Sid": f"{title}{numbers[title]}",
            "Effect": "Allow",
            "Action": sorted(actions[service, reads, said, arns]),
            "Resource": list(arns),
        }
        if conditions[said]:
            statement["Condition"] = conditions[said]
        statements.append(statement)
    return statements


def policies_of(statements: Sequence[Statement]) -> list[Document]:
    """The statements as policy documents, each within `MAXIMUM_POLICY_SIZE`, filled in the order of the statements.

    Raises:
        ValueError: A single statement is longer than a policy may be.
    """
    policies: list[list[Statement]] = [[]]
    for statement in itertools.chain.from_iterable(map(_halves, statements)):
        if size_of(_document([*policies[-1], statement])) > MAXIMUM_POLICY_SIZE:
            policies.append([])
        policies[-1].append(statement)
    return [_document(policy) for policy in policies if policy]


def size_of(document: Document) -> int:
    """How long IAM finds a policy: its characters without white space."""
    return len(re.sub(r"\s", "", as_json(document)))


def _halves(statement: Statement) -> list[Statement]:
    """The statement, in parts with some of its resources each where it is too long for a policy."""
    if size_of(_document([statement])) <= MAXIMUM_POLICY_SIZE:
        return [statement]
    resources = statement["Resource"]
    if not isinstance(resources, list) or len(resources) == 1:
        raise ValueError(f"{statement['Sid']} alone is longer than {MAXIMUM_POLICY_SIZE} characters.")
    middle = len(resources) // 2
    first = {**statement, "Sid": f"{statement['Sid']}A", "Resource": resources[:middle]}
    second = {**statement, "Sid": f"{statement['Sid']}B", "Resource": resources[middle:]}
    return [*_halves(first), *_halves(second)]


def _document(statements: Sequence[Statement]) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _condition(grant: Grant, place: Place) -> Condition:
    condition = {
        operator: {key: _placed(value, place) for key, value in keys.items()} for operator, keys in grant.condition.items()
    }
    if grant.resources == ANY and grant.regional:
        # What knows no resources is at least kept to the region.
        condition["StringEquals"] = {**condition.get("StringEquals", {}), "aws:RequestedRegion": place.region}
    return condition


def _placed(pattern: str, place: Place) -> str:
    dns = place.service("").removeprefix(f".{place.region}.")
    values = {"partition": place.partition, "region": place.region, "account": place.account_id, "dns": dns}
    for key, value in values.items():
        pattern = pattern.replace(f"{{{key}}}", value)
    return pattern


def _filled(pattern: str, place: Place, names: Mapping[str, Sequence[str]]) -> list[str]:
    arns = [_placed(pattern, place)]
    for key, values in names.items():
        arns = [
            filled
            for arn in arns
            for filled in ([arn.replace(f"{{{key}}}", value) for value in values] if f"{{{key}}}" in arn else [arn])
        ]
    return arns


def _names(entries: Iterable[tuple[ResourceRow, TypePermissions]], *types: str) -> list[str]:
    """The names of all resources of some types; any name where the stack has none, but something that belongs to one."""
    return sorted({_name(row, entry) for row, entry in entries if row["type"] in types}) or ["*"]


def _secrets(entries: Iterable[tuple[ResourceRow, TypePermissions]]) -> list[str]:
    """The names of the stack's secrets: never all that begin as Amazon MSK wants it, for others' users have those.

    A user's secret is named after its cluster and ends in characters that are drawn when it is made: before that, and for users
    that come later, it is any secret that is named after one of the stack's clusters. A secret that is somebody else's is named
    by its ARN where it is associated.
    """
    entries = list(entries)
    names = {entry_name for row, entry in entries if row["type"] == _SECRET and "*" not in (entry_name := _name(row, entry))}
    arns = [get(row["inputs"], _OF_A_SECRET) for row, _ in entries]
    names |= {found[1] for arn in arns if isinstance(arn, str) and (found := _SECRET_ARN.fullmatch(arn))}
    clusters = [_name(row, entry) for row, entry in entries if row["type"] in CLUSTERS]
    names = {name for name in names if not any(name.startswith(f"{SECRET_PREFIX}{cluster}_") for cluster in clusters)}
    if clusters:
        return sorted({*names, *(f"{SECRET_PREFIX}{cluster}_*" for cluster in clusters)})
    return sorted({*names, *(f"{SECRET_PREFIX}{row['name']}*" for row, _ in entries if row["type"] == _SECRET)}) or ["none"]


def _name(row: ResourceRow, entry: TypePermissions) -> str:
    """The name in the resource's ARN, with a wildcard for what Pulumi or AWS will choose.

    A name that Pulumi made is another one after each replacement, and in each stack.
    """
    name = get(row["inputs"], entry.name_property) if entry.name_property else None
    if not isinstance(name, str) or not is_known(name):
        return entry.any_name or f"{row['name']}-*"
    if entry.by_folder and "/" in name:
        return f"{name.partition('/')[0]}/*"
    prefix = f"{row['name']}-"
    made = name.rpartition("/")[2]
    if made.startswith(row["name"]) and _AUTO_NAMED.fullmatch(made.removeprefix(row["name"])):
        return f"{name.removesuffix(made)}{prefix}*"
    return name
