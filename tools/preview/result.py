"""How a preview ended, in words: Fine stands alone only where nothing was left out that matters."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from domain.settings.judged_day import judged_on
from tools.acls.coverage import State
from tools.preview.verdicts import GUARD, MANDATORY, NOT_JUDGED, judged_later
from tools.shared.commands import FINE, REFUSED, WRONG_USE, endings
from tools.shared.urns import name_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tools.preview.document import Document

_ENDINGS: Final = endings("The configuration")
_CRITICAL: Final = "critical"
_ADVISORY: Final = "advisory"
_OFF: Final = "disabled"
_EVERY_RULE_OFF: Final = "every rule is off"
_SHOWN: Final = 3
"""How many resources of a rule the result names; the report names all."""


def result_of(document: Document) -> str:
    """The result as a sentence without its full stop, the day beside it where that is not the clock's."""
    day = datetime.date.fromisoformat(document["today"])
    return _words(document) + ("" if document["isToday"] else f" ({judged_on(day, is_today=False)})")


def is_fine(document: Document) -> bool:
    """Whether nothing refuses, and nothing was left out that matters."""
    return document["exitCode"] == FINE and not left_out(document)


def left_out(document: Document) -> list[str]:
    """What stands beside the result: rules that are off, critical ones that only advise, what is exempt, what was not judged."""
    policies = document["policies"]
    at_creation = [row["policy"] for row in document["verdicts"] if row["kind"] == GUARD and row["enforcement"] != MANDATORY]
    creation = [f"AWS would refuse a new cluster: {', '.join(dict.fromkeys(at_creation))}"] if at_creation else []
    acls = list(_acls(document))
    if policies is None:
        return [*creation, *acls]
    outcomes = policies["rules"]
    off = [name for name, outcome in outcomes.items() if outcome == _OFF]
    if len(off) == len(outcomes):
        return [_EVERY_RULE_OFF, *acls]
    critical = {name: outcome for name, outcome in outcomes.items() if policies["about"][name]["severity"] == _CRITICAL}
    exempt: dict[str, list[str]] = {}
    for row in document["verdicts"]:
        if row["kind"] == "exempt":
            exempt.setdefault(str(row["until"]), []).append(row["policy"])
    advisory = all(about["enforcement"] != MANDATORY for about in policies["about"].values())
    return [
        *creation,
        *(["no rule is mandatory, so none could refuse"] if advisory else []),
        *([f"{len(off)} of {len(outcomes)} rules are off"] if len(off) * 2 > len(outcomes) else []),
        *_rules(critical, _OFF, "critical rule is off", "critical rules are off"),
        *_rules(_advising(document, critical), "advice", "critical rule only advises", "critical rules only advise"),
        *(f"{len(names)} exempt until {until}: {', '.join(dict.fromkeys(names))}" for until, names in sorted(exempt.items())),
        *_not_judged(document),
        *acls,
    ]


def _advising(document: Document, critical: Iterable[str]) -> dict[str, str]:
    """The critical rules that are violated and refuse nothing, whatever else became of them."""
    refused = set(refusing(document))
    advised = {row["policy"] for row in document["verdicts"] if row["kind"] == "violation"} - refused
    return {name: "advice" for name in critical if name in advised}


def _not_judged(document: Document) -> Iterator[str]:
    """The mandatory rules that could not judge, each with the resources that it could not."""
    about = document["policies"]["about"] if document["policies"] else {}
    resources: dict[str, list[str]] = {}
    for row in document["verdicts"]:
        if row["kind"] in NOT_JUDGED and not judged_later(row) and about[row["policy"]]["enforcement"] != _ADVISORY:
            resources.setdefault(row["policy"], []).append(name_in(row["resource"]))
    if resources:
        words = "mandatory rule was not judged" if len(resources) == 1 else "mandatory rules were not judged"
        named = [f"{rule}{_of(names)}" for rule, names in resources.items()]
        yield f"{len(resources)} {words}: {', '.join(named)}"


def _of(resources: Iterable[str]) -> str:
    names = list(dict.fromkeys(name for name in resources if name))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f" ({', '.join(names[:_SHOWN])}{more})" if names else ""


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
        return (
            f"Passes, but {'; '.join(beside)}" if beside else f"{_ENDINGS[code]}: the policy pack passes it{_rules_off(document)}"
        )
    if code == REFUSED:
        return f"{_ENDINGS[code]}: {', '.join(refusing(document))}"
    if code == WRONG_USE:
        return f"{_ENDINGS[code]}: fix the mistakes above" + ("" if document["resources"] else "; nothing was previewed")
    return f"{_ENDINGS[code]}: see above"


def _rules_off(document: Document) -> str:
    """How many rules are off, which did not pass; empty where none is."""
    outcomes = document["policies"]["rules"] if document["policies"] else {}
    off = sum(outcome == _OFF for outcome in outcomes.values())
    return f" ({off} {'rule is' if off == 1 else 'rules are'} off)" if off else ""


def refusing(document: Document) -> list[str]:
    """The policies and guards that say no."""
    return list(dict.fromkeys(row["policy"] for row in document["verdicts"] if row["enforcement"] == MANDATORY))


def _rules(outcomes: Mapping[str, str], outcome: str, singular: str, plural: str) -> list[str]:
    names = [name for name, became in outcomes.items() if became == outcome]
    return [f"{len(names)} {singular if len(names) == 1 else plural}: {', '.join(names)}"] if names else []
