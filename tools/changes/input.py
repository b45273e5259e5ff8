"""Reads what `pulumi preview --json` prints: one document, or, with PULUMI_ENABLE_STREAMING_JSON_PREVIEW, one event a line."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from inventory.changes.steps import Step
from tools.changes.unread import PLAN, WEIGHT, Raw, mapping, unread_counts, unread_steps
from tools.shared.urns import name_in, type_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from inventory.rows import ResourceRow


class NotAPreviewError(Exception):
    """The text is not what `pulumi preview --json` prints; the message says what it is instead and what to do."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error that the preview ended with.

    Attributes:
        urn: The resource it is about, or empty.
        message: What it says, without "error: ".
    """

    urn: str
    message: str


@dataclass(frozen=True, slots=True)
class PolicyVerdict:
    """What a policy pack said of the preview: only the events of a preview have it.

    Attributes:
        policy: The rule.
        mandatory: Whether the rule refuses, or only advises.
        urn: The resource it is about, or empty.
        message: What it says, without what the rule is for.
    """

    policy: str
    mandatory: bool
    urn: str
    message: str


@dataclass
class Preview:
    """A preview.

    Attributes:
        config: The stack's configuration; every value is text.
        steps: One step for each resource.
        errors: What it failed with; empty where it did not fail.
        unnamed: How many resources do not change and are not named.
        unread: Why it cannot be read whole; then what it would do is not known.
        policies: What policy packs said of it.
    """

    config: dict[str, object] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    errors: list[Diagnostic] = field(default_factory=list)
    unnamed: int = 0
    unread: list[str] = field(default_factory=list)
    policies: list[PolicyVerdict] = field(default_factory=list)


_HOW: Final = "Create it with: pulumi preview --json > preview.json"
_EXACT: Final = 10**15


def read_preview(text: str) -> Preview:
    """A preview from its text.

    Raises:
        NotAPreviewError: It is something else, empty, or cut off.
    """
    documents = _documents(text)
    if len(documents) == 1 and ("steps" in documents[0] or "diagnostics" in documents[0]):
        return _from_document(documents[0])
    if all(any(key.endswith("Event") or key in ("sequence", "timestamp") for key in document) for document in documents):
        return _from_events(documents)
    if len(documents) > 1:
        raise NotAPreviewError(
            f"The input has {len(documents)} JSON documents; a preview is one. Give one stack's preview at a time. {_HOW}"
        )
    document = documents[0]
    if "deployment" in document:
        raise NotAPreviewError(f"This is the state of a stack, as `pulumi stack export` prints it, not a preview. {_HOW}")
    if "changeSummary" in document:
        # A preview in which not one step is named.
        return _from_document(document)
    raise NotAPreviewError(f"This is JSON, but not what `pulumi preview --json` prints: it has no steps. {_HOW}")


def _documents(text: str) -> list[dict[str, Any]]:
    text = text.lstrip("\ufeff").strip()
    if not text:
        raise NotAPreviewError(f"The input is empty. Look for the cause in pulumi's standard error. {_HOW}")
    if not text.startswith(("{", "[")):
        # What the CLI says on standard error, sent into the same file.
        beginning = re.search(r"^\{", text, re.MULTILINE)
        if beginning is None:
            raise NotAPreviewError(f"This is not JSON: it begins with {text[:40]!r}. {_HOW}")
        text = text[beginning.start() :]
    try:
        values = list(_values(text))
    except RecursionError:
        raise NotAPreviewError("This JSON is nested too deeply to be a preview.") from None
    if not all(isinstance(value, dict) for value in values):
        raise NotAPreviewError(f"This is JSON, but not what `pulumi preview --json` prints: it is not an object. {_HOW}")
    return values


def _values(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=str)
    position = 0
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            if error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated"):
                raise NotAPreviewError(
                    f"The JSON is cut off at the end, in line {error.lineno}: pulumi was interrupted. {_HOW}"
                ) from None
            raise NotAPreviewError(
                f"This is not JSON: {error.msg} in line {error.lineno}, column {error.colno}. {_HOW}"
            ) from None
        yield value
        while position < len(text) and text[position].isspace():
            position += 1


def _number(digits: str) -> float | str:
    """A number; one that no count or amount in AWS can be stays text, so that nothing is computed from it."""
    value = float(digits)
    if not math.isfinite(value) or abs(value) > _EXACT:
        return digits
    return int(value) if value.is_integer() else value


def _from_document(document: Mapping[str, Any]) -> Preview:
    preview = Preview(config=mapping(document.get("config")))
    # A preview without a single step has no steps, but it never has null.
    steps = document.get("steps", [])
    if not isinstance(steps, list):
        preview.unread.append("Its steps are not a list.")
    raw: list[Raw] = [
        (
            step.get("op"),
            step.get("urn"),
            step.get("oldState"),
            step.get("newState"),
            step.get("detailedDiff"),
            _reasons(step, "replaceReasons"),
        )
        for step in map(mapping, _list(steps))
    ]
    if not isinstance(document.get("diagnostics", []), list | None):
        preview.unread.append("Its diagnostics are not a list.")
    preview.errors = _errors(_list(document.get("diagnostics")))
    if document.get("result") == "failed" and not preview.errors:
        preview.errors.append(Diagnostic("", "the preview failed without an error message"))
    return _completed(preview, raw, document.get("changeSummary"))


def _completed(preview: Preview, raw: list[Raw], summary: object) -> Preview:
    """The preview with its steps, and with what of it cannot be read."""
    preview.steps = merged(raw)
    preview.unnamed = _unnamed(summary, preview.steps)
    preview.unread += unread_steps(raw)
    # One that failed has counted more or less than it came to name, and is no ground to judge on anyway.
    if not preview.errors:
        preview.unread += unread_counts(summary, raw)
        if not raw and not preview.unnamed and not preview.unread:
            preview.unread.append("It has no steps and counts no resources; every preview has at least the stack itself.")
    return preview


def _from_events(events: Iterable[Mapping[str, Any]]) -> Preview:
    preview = Preview()
    raw: list[Raw] = []
    diagnostics = []
    summary: dict[str, Any] | None = None
    ended = False
    for event in events:
        preview.config.update(mapping(mapping(event.get("preludeEvent")).get("config")))
        if "resourcePreEvent" in event:
            metadata = mapping(mapping(event["resourcePreEvent"]).get("metadata"))
            raw.append(
                (
                    metadata.get("op"),
                    metadata.get("urn"),
                    metadata.get("old"),
                    metadata.get("new"),
                    _kinds(metadata.get("detailedDiff")),
                    _reasons(metadata, "keys"),
                )
            )
        if "diagnosticEvent" in event:
            diagnostics.append(event["diagnosticEvent"])
        if "policyEvent" in event:
            preview.policies.append(_policy(mapping(event["policyEvent"])))
        if "summaryEvent" in event:
            ended = True
            summary = mapping(event["summaryEvent"])
        ended = ended or "cancelEvent" in event
    if not ended:
        raise NotAPreviewError(f"The events are cut off: they end without a summary or a cancellation. {_HOW}")
    preview.errors = _errors(diagnostics)
    if summary is None and not preview.errors:
        preview.unread.append("Its events end without a summary: pulumi was interrupted, or failed before it began.")
    refused = any(verdict.mandatory for verdict in preview.policies)
    if refused:
        # It ran to its end, and the policies made it fail.
        preview.errors = [error for error in preview.errors if error.message not in _GENERIC]
    if summary is not None and summary.get("result") == "failed" and not preview.errors and not refused:
        preview.errors.append(Diagnostic("", "the preview failed without an error message"))
    return _completed(preview, raw, None if summary is None else summary.get("resourceChanges"))


def _unnamed(summary: object, steps: list[Step]) -> int:
    """How many resources the preview counts and does not name."""
    counted = sum(count for count in mapping(summary).values() if isinstance(count, int))
    return max(counted - len(steps), 0)


def _kinds(detailed: object) -> object:
    """The differences of an event as a document has them: events write `diffKind` where a document has `kind`."""
    if not isinstance(detailed, dict):
        return detailed
    return {
        path: {**difference, "kind": difference.get("kind", difference.get("diffKind"))}
        if isinstance(difference, dict)
        else difference
        for path, difference in detailed.items()
    }


def _policy(event: Mapping[str, Any]) -> PolicyVerdict:
    # The policy SDK puts what the rule is for on a line of its own in front of every message.
    first, _, rest = _text(event.get("message")).strip().partition("\n")
    return PolicyVerdict(
        _text(event.get("policyName")),
        # What is not known to only advise refuses.
        event.get("enforcementLevel") != "advisory",
        _text(event.get("resourceUrn")),
        " ".join(rest.split()) or first,
    )


_GENERIC: Final = ("preview failed", "an unhandled error occurred: Program exited with non-zero exit code: 1")
"""What stands behind every failure and says nothing of it."""


def _errors(diagnostics: Iterable[object]) -> list[Diagnostic]:
    errors = [
        Diagnostic(_text(diagnostic.get("urn")), _text(diagnostic.get("message")).strip().removeprefix("error: ").strip())
        for diagnostic in diagnostics
        if isinstance(diagnostic, dict) and diagnostic.get("severity") == "error"
    ]
    telling = [error for error in errors if error.message not in _GENERIC]
    return telling or errors


def merged(raw: Iterable[Raw]) -> list[Step]:
    """One step for each resource, from all that a preview says of it: its refresh, and the parts of a replacement."""
    by_urn: dict[str, list[tuple[str, Raw]]] = {}
    for part in raw:
        op, urn = part[0], part[1]
        if isinstance(urn, str) and isinstance(op, str) and (isinstance(part[2], dict) or isinstance(part[3], dict)):
            by_urn.setdefault(urn, []).append((op, part))
    # The engine works in parallel: its order is another one each time.
    return [_step(urn, by_urn[urn]) for urn in sorted(by_urn)]


def _step(urn: str, parts: list[tuple[str, Raw]]) -> Step:
    plans = [PLAN.get(op, op) for op, _ in parts]
    plan = max((known for known in plans if known in WEIGHT), key=WEIGHT.index, default="same")
    planned = [part for op, part in parts if op != "refresh"]
    refreshed = [part for op, part in parts if op == "refresh"]
    # A refresh comes first: what it found is what the others begin with.
    old: object = next((part[2] for part in planned if isinstance(part[2], dict)), None)
    new: object = next((part[3] for part in reversed(planned) if isinstance(part[3], dict)), None)
    if not planned:
        refreshed_state = next((part[3] if isinstance(part[3], dict) else part[2] for part in refreshed), None)
        old, new = refreshed_state, refreshed_state
    if plan == "delete":
        old, new = new if old is None else old, None
    if plan == "create":
        old, new = None, old if new is None else new
    detailed = {path: kind for part in planned for path, kind in mapping(part[4]).items()}
    kinds = {path: _text(mapping(kind).get("kind")) for path, kind in detailed.items()}
    reasons = {reason for part in planned for reason in part[5]}
    replacing = {path for path, kind in kinds.items() if kind.endswith("-replace")} or reasons
    return Step(
        op=plan,
        old=_row(urn, old),
        new=_row(urn, new),
        differs=tuple(map(_plain_path, kinds)) or None,
        replacing=tuple(sorted(map(_plain_path, replacing))) if plan == "replace" else (),
        delete_first=_delete_first(old, [op for op, _ in parts]) if plan == "replace" else None,
    )


def _delete_first(old: object, operations: list[str]) -> bool | None:
    """Whether the old resource goes before the new one comes."""
    state = mapping(old)
    if state.get("pendingReplacement") is True:
        return True
    if state.get("delete") is True:
        return False
    if "create-replacement" in operations and "delete-replaced" in operations:
        return operations.index("delete-replaced") < operations.index("create-replacement")
    return None


def _plain_path(path: str) -> str:
    """``tags["a.b"]`` as ``tags.a.b``."""
    return re.sub(r'\["((?:[^"\\]|\\.)*)"\]', r".\1", path).lstrip(".")


def _row(urn: str, state: object) -> ResourceRow | None:
    if not isinstance(state, dict):
        return None
    dependencies = {
        name: [urn for urn in urns if isinstance(urn, str)]
        for name, urns in mapping(state.get("propertyDependencies")).items()
        if isinstance(urns, list)
    }
    return {
        "urn": urn,
        "type": _text(state.get("type")) or type_in(urn),
        "name": name_in(urn),
        "custom": state.get("custom") is not False,
        "parent": _text(state.get("parent")),
        "inputs": mapping(state.get("inputs")),
        "outputs": mapping(state.get("outputs")),
        "options": {
            "protect": state.get("protect") is True,
            "retainOnDelete": state.get("retainOnDelete") is True,
            "propertyDependencies": dependencies,
            # Older CLIs do not print it: then nobody knows.
            **({"ignoreChanges": _list(state.get("ignoreChanges"))} if "ignoreChanges" in state else {}),
        },
    }


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _reasons(step: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(reason for reason in _list(step.get(key)) if isinstance(reason, str))
