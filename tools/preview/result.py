"""How a preview ended, in words: Fine stands alone only where nothing was left out that matters."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from domain.settings.judged_day import judged_on
from tools.acls.coverage import State
from tools.preview.verdicts import GUARD, MANDATORY
from tools.shared.commands import FINE, REFUSED, WRONG_USE, endings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tools.preview.document import Document

_ENDINGS: Final = endings("The configuration")
_CRITICAL: Final = "critical"
_EVERY_RULE_OFF: Final = "every rule is off"


def result_of(document: Document) -> str:
    """The result as a sentence without its full stop, the day beside it where that is not the clock's."""
    day = datetime.date.fromisoformat(document["today"])
    return _words(document) + ("" if document["isToday"] else f" ({judged_on(day, is_today=False)})")


def is_fine(document: Document) -> bool:
    """Whether nothing refuses, and nothing was left out that matters."""
    return document["exitCode"] == FINE and not left_out(document)


def left_out(document: Document) -> list[str]:
    """What stands beside the result: critical rules that are off or only advise, what is exempt, what was not judged."""
    policies = document["policies"]
    at_creation = [row["policy"] for row in document["verdicts"] if row["kind"] == GUARD and row["enforcement"] != MANDATORY]
    creation = [f"AWS would refuse a new cluster: {', '.join(dict.fromkeys(at_creation))}"] if at_creation else []
    acls = list(_acls(document))
    if policies is None:
        return [*creation, *acls]
    if all(outcome == "disabled" for outcome in policies["rules"].values()):
        return [_EVERY_RULE_OFF, *acls]
    outcomes = policies["rules"]
    critical = {name: outcome for name, outcome in outcomes.items() if policies["about"][name]["severity"] == _CRITICAL}
    exempt: dict[str, list[str]] = {}
    for row in document["verdicts"]:
        if row["kind"] == "exempt":
            exempt.setdefault(str(row["until"]), []).append(row["policy"])
    advisory = all(about["enforcement"] != MANDATORY for about in policies["about"].values())
    return [
        *creation,
        *(["no rule is mandatory, so none could refuse"] if advisory else []),
        *_rules(critical, "disabled", "critical rule is off", "critical rules are off"),
        *_rules(critical, "advice", "critical rule only advises", "critical rules only advise"),
        *(f"{len(names)} exempt until {until}: {', '.join(dict.fromkeys(names))}" for until, names in sorted(exempt.items())),
        *_rules(outcomes, "not judged", "mandatory rule was not judged", "mandatory rules were not judged"),
        *acls,
    ]


def _acls(document: Document) -> Iterator[str]:
    """Clients that Kafka does not hold to the stack file, as far as the receipt of their ACLs tells."""
    acls = document["acls"]
    if acls is None:
        return
    remedy = f"`make acls STACK={document['stack']}`"
    by_state: dict[str, list[str]] = {}
    for row in acls["clients"]:
        by_state.setdefault(row["state"], []).append(row["client"])
    if names := by_state.get(State.NOT_ENFORCED):
        yield f"ACLs of {_counted(names, 'client')} are not enforced: {', '.join(names)} ({remedy})"
    elif acls["problem"]:
        yield f"{acls['problem']} ({remedy})"
    if names := by_state.get(State.ALLOWS_MORE):
        yield f"ACLs allow {_counted(names, 'client')} more than the stack file: {', '.join(names)} ({remedy})"
    if names := acls["removalsPending"]:
        yield f"ACLs of {_counted(names, 'principal')} that left are to be removed: {', '.join(names)} ({remedy})"


def _counted(names: list[str], what: str) -> str:
    return f"{len(names)} {what}{'' if len(names) == 1 else 's'}"


def _words(document: Document) -> str:
    code, beside = document["exitCode"], left_out(document)
    if code == FINE and beside[:1] == [_EVERY_RULE_OFF]:
        return f"Not judged: {'; '.join(beside)}"
    if code == FINE:
        return f"Passes, but {'; '.join(beside)}" if beside else f"{_ENDINGS[code]}: the policy pack passes it"
    if code == REFUSED:
        return f"{_ENDINGS[code]}: {', '.join(refusing(document))}"
    if code == WRONG_USE:
        return f"{_ENDINGS[code]}: fix the mistakes above" + ("" if document["resources"] else "; nothing was previewed")
    return f"{_ENDINGS[code]}: see above"


def refusing(document: Document) -> list[str]:
    """The policies and guards that say no."""
    return list(dict.fromkeys(row["policy"] for row in document["verdicts"] if row["enforcement"] == MANDATORY))


def _rules(outcomes: Mapping[str, str], outcome: str, singular: str, plural: str) -> list[str]:
    names = [name for name, became in outcomes.items() if became == outcome]
    return [f"{len(names)} {singular if len(names) == 1 else plural}: {', '.join(names)}"] if names else []
