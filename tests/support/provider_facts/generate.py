"""Asks Terraform's AWS provider which inputs replace a resource, for every type of this product and some that may follow.

    python tests/support/provider_facts/generate.py PROVIDER

PROVIDER is the executable of the Terraform AWS provider, 5.100.0 (`VERSION`). It is asked for plans with made-up credentials and
speaks to nobody. The answer is written to tests/support/engine/replacing_inputs.json, which is committed.

The gap: pulumi-aws 7.x is made of provider 6.x. What of its inputs 5.100.0 does not have was not asked; the file lists it by
type, under `not_in_provider`: `region` on nearly every type, a cluster's `rebalancing` and `networkType`, and single inputs of
others. `replacements.WRITTEN_BY_HAND` says what is known of those that the product uses; the others count as updates.
"""

from __future__ import annotations

import copy
import importlib
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    # As pytest has it: pyproject.toml, pythonpath.
    sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[3])]

from support.provider_facts import pairs
from support.provider_facts.plugin import UNKNOWN, PlanRefused, Provider, Unknown, type_of
from support.provider_facts.subjects import BASES, RENAMED, SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = "5.100.0"
TABLE = Path(__file__).resolve().parents[1] / "engine" / "replacing_inputs.json"

CREDENTIALS = {
    "region": "eu-west-1",
    "access_key": "none",
    "secret_key": "none",
    "skip_credentials_validation": True,
    "skip_requesting_account_id": True,
    "skip_metadata_api_check": "true",
    "skip_region_validation": True,
}

_SINGLE, _LIST, _SET = 1, 2, 3
"""How a block may be nested (tfplugin5.proto, Schema.NestedBlock.NestingMode)."""

Value = Any
Block = Any
Path_ = tuple[str, ...]


def sample(name: str, type_: Value, number: int) -> Value:
    """A value that an attribute may have; another one for another number."""
    if isinstance(type_, list):
        kind, inner = type_
        if kind == "map":
            return {f"key{number}": sample(name, inner, number)}
        if kind == "object":
            return {key: sample(key, item, number) for key, item in inner.items()}
        return [sample(name, inner, number)]
    if type_ == "number":
        return number
    if type_ == "bool":
        return number % 2 == 0
    return _text(name, number)


def _text(name: str, number: int) -> str:
    if name == "storage_class":
        return ("STANDARD_IA", "GLACIER")[number % 2]
    if name.endswith(("arn", "arns")):
        return f"arn:aws:kafka:eu-west-1:11111111111{number}:cluster/sample/{number}"
    if "policy" in name or name == "access_policies":
        statement = {"Effect": "Allow", "Action": f"kafka:Sample{number}", "Resource": "*"}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    if "ipv6_cidr" in name or name == "cidr_ipv6":
        return f"2001:db8:{number}::/64"
    if "cidr" in name:
        return f"10.{number}.0.0/16"
    return f"sample-{number}"


def empty(block: Block) -> dict[str, Value]:
    """A block in which nothing is set."""
    found: dict[str, Value] = {attribute.name: None for attribute in block.attributes}
    return found | {block_type.type_name: None if block_type.nesting == _SINGLE else [] for block_type in block.block_types}


def minimal(block: Block) -> dict[str, Value]:
    """A block in which only what is required is set."""
    found = empty(block)
    for attribute in block.attributes:
        if attribute.required:
            found[attribute.name] = sample(attribute.name, type_of(attribute), 1)
    for block_type in block.block_types:
        if block_type.min_items:
            found[block_type.type_name] = [minimal(block_type.block)]
    return found


def filled(block: Block) -> dict[str, Value]:
    """A block in which all is set."""
    found: dict[str, Value] = {
        attribute.name: sample(attribute.name, type_of(attribute), 2) if attribute.required or attribute.optional else None
        for attribute in block.attributes
    }
    for block_type in block.block_types:
        found[block_type.type_name] = filled(block_type.block) if block_type.nesting == _SINGLE else [filled(block_type.block)]
    return found


def merged(block: Block, values: Value) -> dict[str, Value]:
    """A minimal block with these values instead of its own."""
    found = minimal(block)
    for block_type in block.block_types:
        if block_type.type_name in values:
            found[block_type.type_name] = [merged(block_type.block, inner) for inner in values[block_type.type_name]]
    return found | {key: value for key, value in values.items() if key in {attribute.name for attribute in block.attributes}}


def proposed(block: Block, prior: Value, config: Value) -> dict[str, Value]:
    """What Terraform proposes to a provider (its `internal/plans/objchange/objchange.go`, ProposedNew)."""
    found: dict[str, Value] = {}
    for attribute in block.attributes:
        value = config[attribute.name]
        if value is None and attribute.computed:
            value = prior[attribute.name] if prior else UNKNOWN
        found[attribute.name] = value
    for block_type in block.block_types:
        inner = config[block_type.type_name]
        before = (prior or {}).get(block_type.type_name)
        if block_type.nesting == _SINGLE:
            found[block_type.type_name] = inner and proposed(block_type.block, before, inner)
        elif block_type.nesting == _SET:
            found[block_type.type_name] = [proposed(block_type.block, _match(before or [], item), item) for item in inner]
        else:
            found[block_type.type_name] = [
                proposed(block_type.block, before[at] if before and at < len(before) else None, item)
                for at, item in enumerate(inner)
            ]
    return found


def _match(before: list[Value], item: Value) -> Value:
    for one in before:
        if all(value in (None, []) or one[key] == value for key, value in item.items()):
            return one
    return None


def known(block: Block, planned: Value) -> Value:
    """A planned state, as it is once AWS has answered."""
    types = {attribute.name: type_of(attribute) for attribute in block.attributes}
    blocks = {block_type.type_name: block_type for block_type in block.block_types}
    found = {}
    for key, value in planned.items():
        if key in types:
            unknown = isinstance(value, Unknown) or "<unknown>" in repr(value)
            found[key] = sample(key, types[key], 1) if unknown else value
        elif isinstance(value, Unknown):
            found[key] = []
        elif isinstance(value, list):
            found[key] = [known(blocks[key].block, one) for one in value]
        else:
            found[key] = value and known(blocks[key].block, value)
    return found


class Planner:
    """One resource type of the provider."""

    def __init__(self, provider: Provider, type_: str) -> None:
        self.type = type_
        self.block = provider.resources[type_]
        self._provider = provider

    def state(self, config: Value) -> Value:
        """The state of a resource that was made with a configuration.

        Raises:
            PlanRefused: The provider does not plan it, or its plan never settles.
        """
        prior = None
        for _ in range(6):
            planned, _ = self._provider.plan(self.type, prior, proposed(self.block, prior, config), config)
            now = known(self.block, planned)
            if now == prior:
                return prior
            prior = now
        raise PlanRefused("its plan never settles")

    def verdict(self, before: Value, after: Value) -> str:
        """What comes of one configuration after another: "none", "update" or "replace"."""
        prior = self.state(before)
        planned, replacing = self._provider.plan(self.type, prior, proposed(self.block, prior, after), after)
        if planned == prior:
            return "none"
        differ = any(_at(prior, path.split(".")) != _at(planned, path.split(".")) for path in replacing)
        return "replace" if differ else "update"


def _at(value: Value, path: list[str]) -> Value:
    for part in path:
        if isinstance(value, list):
            # A step into a list or a set has no name.
            value = value[0] if value and len(value) == 1 else value
        if part and isinstance(value, dict):
            value = value.get(part)
    return value


def leaves(block: Block, above: Path_ = ()) -> Iterator[tuple[Path_, Any, bool]]:
    """Every path that a configuration may set, its attribute or block, and whether it is a block."""
    for attribute in block.attributes:
        if (attribute.required or attribute.optional) and not (attribute.name in ("id", "tags_all") and not above):
            yield (*above, attribute.name), attribute, False
    for block_type in block.block_types:
        if block_type.type_name != "timeouts":
            yield (*above, block_type.type_name), block_type, True
            yield from leaves(block_type.block, (*above, block_type.type_name))


def with_value(block: Block, config: Value, path: Path_, value: Value) -> Value:
    """The configuration with a value at a path, and the blocks that lead to it."""
    config = copy.deepcopy(config)
    at = config
    for part in path[:-1]:
        nested = next(block_type for block_type in block.block_types if block_type.type_name == part)
        if nested.nesting == _SINGLE:
            at[part] = at[part] or minimal(nested.block)
            at, block = at[part], nested.block
        else:
            at[part] = at[part] or [minimal(nested.block)]
            at, block = at[part][0], nested.block
    at[path[-1]] = value
    return config


def verdicts(planner: Planner, base: Value, path: Path_, one: Any, is_block: bool) -> dict[str, str]:
    """What changing, adding and removing an input does.

    Raises:
        PlanRefused: No sample of its value is taken.
    """
    block = planner.block
    if is_block:
        without = with_value(block, base, path, None if one.nesting == _SINGLE else [])
        for content in (filled(one.block), minimal(one.block)):
            having = with_value(block, base, path, content if one.nesting == _SINGLE else [content])
            try:
                return {"add": planner.verdict(without, having), "remove": planner.verdict(having, without)}
            except PlanRefused as error:
                last = error
        raise last
    type_ = type_of(one)
    tries = [(sample(path[-1], type_, 1), sample(path[-1], type_, 2))]
    if type_ == "string":
        tries += [
            ("true", "false"),
            ("1", "2"),
            ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
            ("sample-1.fifo", "sample-2.fifo"),
        ]
        tries += [("varies_by_storage_class", "all_storage_classes_128K")]
    refused = None
    for first, second in tries:
        with_first, with_second = with_value(block, base, path, first), with_value(block, base, path, second)
        try:
            found = {"change": planner.verdict(with_first, with_second)}
            if not one.required:
                without = with_value(block, base, path, None)
                # The second: the first is what AWS is taken to have answered, and False is what many have by default.
                for kind, before, after in (("add", without, with_second), ("remove", with_second, without)):
                    try:
                        found[kind] = planner.verdict(before, after)
                    except PlanRefused:
                        # Another input needs this one: it is not there without it.
                        continue
        except PlanRefused as error:
            refused = refused or error
            continue
        return found
    raise refused or PlanRefused("nothing was tried")


class Names:
    """What pulumi-aws calls the inputs of a type."""

    def __init__(self, token: str) -> None:
        _, middle, name = token.split(":")
        package, _, module = middle.partition("/")
        self._token = token
        self._blocks = importlib.import_module(f"pulumi_aws.{package}._inputs")
        file = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", module).lower()
        home = importlib.import_module(f"pulumi_aws.{package}.{file}")
        # Where a block has the name of a resource's inputs, these are called InitArgs.
        self.top = getattr(home, f"{name}InitArgs", None) or getattr(home, f"{name}Args")

    def properties(self, args: type) -> dict[str, tuple[str, type | None, bool]]:
        """By Python name: the wire name, the class of the block under it, and whether it is a list."""
        found = {}
        for name, var in vars(args).items():
            if isinstance(var, property) and hasattr(var.fget, "_pulumi_name"):
                getter: Any = var.fget
                told = str(getter.__annotations__["return"])
                inner = re.search(r"'(\w+Args)'", told)
                class_ = getattr(self._blocks, inner.group(1), None) if inner else None
                found[name] = (getter._pulumi_name, class_, "Sequence" in told)
        return found

    def wire(self, path: Path_) -> tuple[str, bool] | None:
        """The dotted wire path, and whether its end is a list; None if pulumi-aws has no such input."""
        args: type | None = self.top
        parts, is_list = [], False
        for part in path:
            if args is None:
                return None
            known_here = {name.replace("_", ""): prop for name, prop in self.properties(args).items()}
            part = RENAMED.get((self._token, part), part)  # noqa: PLW2901 - the same input under Pulumi's name
            flat = part.replace("_", "")
            forms = (flat, f"{flat}s", f"{flat}es", f"{flat[:-1]}ies", flat.removesuffix("s"))
            one = next((known_here[form] for form in forms if form in known_here), None)
            if one is None:
                return None
            name, args, is_list = one
            parts.append(name)
        return ".".join(parts), is_list

    def all(self, args: type | None = None, above: str = "", seen: tuple[type, ...] = ()) -> Iterator[str]:
        """Every wire path."""
        args = args or self.top
        for name, inner, _ in self.properties(args).values():
            yield f"{above}{name}"
            if inner is not None and inner not in seen:
                yield from self.all(inner, f"{above}{name}.", (*seen, inner))


def entry(provider: Provider, token: str, terraform: str) -> dict[str, Any]:
    """All that the table says of one type.

    Raises:
        PlanRefused: The provider does not plan even the least of it.
    """
    planner, names = Planner(provider, terraform), Names(token)
    base = merged(planner.block, BASES.get(terraform, {}))
    planner.state(base)
    inputs: dict[str, Any] = {}
    refused, unmapped, sets, covered = {}, [], [], set()
    whole: list[str] = []
    kept_when_absent: list[str] = []
    for path, leave, is_block in leaves(planner.block):
        mapped = names.wire(path)
        if mapped is None:
            unmapped.append(".".join(path))
            continue
        wire, is_list = mapped
        covered.add(wire)
        unordered = leave.nesting == _SET if is_block else type_of(leave)[0] == "set"
        if unordered and is_list:
            sets.append(wire)
        if not is_block:
            whole.append(wire)
        try:
            found = verdicts(planner, base, path, leave, is_block)
        except PlanRefused as error:
            if not is_block or is_list:
                refused[wire] = " ".join(str(error).split())[:160]
            continue
        if is_block and not is_list:
            # Pulumi has no list here: what is in the block tells, unless the provider takes the block's absence for no change.
            if found["remove"] == "none":
                kept_when_absent.append(wire)
            continue
        usual = found.get("change") or found["add"]
        inputs[wire] = usual if set(found.values()) == {usual} else found
    gap = [text for text in sorted(set(names.all()) - covered) if not any(text.startswith(f"{other}.") for other in whole)]
    gap = [missing for missing in gap if missing.partition(".")[0] != "timeouts"]
    return {
        "terraform": terraform,
        "inputs": inputs,
        "kept_when_absent": sorted(kept_when_absent),
        "without_order": sorted(sets),
        "refused": refused,
        "not_in_pulumi": unmapped,
        "not_in_provider": [missing for missing in gap if not any(missing.startswith(f"{other}.") for other in gap)],
    }


def table(program: Path) -> dict[str, Any]:
    """The whole table."""
    types, unplanned = {}, {}
    with Provider(program, CREDENTIALS) as provider:
        for token, terraform in sorted(SUBJECTS.items()):
            if terraform not in provider.resources:
                unplanned[token] = f"provider {VERSION} has no {terraform}"
                continue
            try:
                types[token] = entry(provider, token, terraform)
            except PlanRefused as error:
                unplanned[token] = str(error)[:300]
        asked = []
        for token, what, before, after in pairs.PAIRS:
            planner = Planner(provider, SUBJECTS[token])
            configs = [merged(planner.block, value) for value in (before, after)]
            asked.append({"type": token, "what": what, "old": before, "new": after, "verdict": planner.verdict(*configs)})
    for pair in asked:
        names = Names(str(pair["type"]))
        pair["old"], pair["new"] = (wired(names, pair[side]) for side in ("old", "new"))
    return {"provider": f"hashicorp/aws {VERSION}", "types": types, "unplanned": unplanned, "pairs": asked}


def wired(names: Names, values: Value, above: Path_ = ()) -> dict[str, Value]:
    """A configuration under pulumi-aws's names."""
    found = {}
    for key, value in values.items():
        mapped = names.wire((*above, key))
        assert mapped is not None, key
        name, is_list = mapped
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = [wired(names, one, (*above, key)) for one in value]
            value = inner if is_list else inner[0]  # noqa: PLW2901 - the same value, as Pulumi has it
        found[name.rpartition(".")[2]] = value
    return found


if __name__ == "__main__":
    program = Path(sys.argv[1])
    if VERSION not in program.name:
        sys.exit(f"{program.name} is not version {VERSION} of the provider, which VERSION names.")
    TABLE.write_text(json.dumps(table(program), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{TABLE.name} is written")
