"""What the two sides say of a pull request's preview, and what follows from both."""

from __future__ import annotations

import json
import sys
import traceback
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tools.changes.document import changes_document
from tools.changes.input import NotAPreviewError, Preview, read_preview
from tools.changes.markdown import changes_markdown
from tools.shared.commands import FINE, REFUSED, WRONG_USE
from tools.shared.price_lists import PriceListError

if TYPE_CHECKING:
    import datetime

    from tools.changes.rows import Document
    from tools.verdicts.judges import Difference

UNDECIDED: Final = 4
"""The exit code where neither side refuses, or one refuses what somebody may answer for: a person decides."""

FORMAT: Final = "1"
"""How the files of a preview are named and written: what `.github/scripts/preview` writes into the file ``format``. A base branch
that reads another format has no verdict of its own, and still takes the pull request's: `OWN_DOCUMENT` and `OWN_REPORT` stay."""

BY_CHANGE: Final = "change.json"
"""The events of the preview that ran with the pull request's policy pack."""

BY_BASE: Final = "base.json"
"""Those of the preview that ran with the base branch's; the program is the pull request's in both."""

OWN_DOCUMENT: Final = "judged.json"
"""What the pull request's own `tools changes` said of the first, as JSON."""

OWN_REPORT: Final = "judged.md"
"""The same as Markdown."""


class Outcome(Enum):
    """What one side says."""

    FINE = "fine"
    REFUSED = "refused"
    UNREADABLE = "cannot be judged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one side says of a preview.

    Attributes:
        outcome: What it says.
        why: Why it cannot be judged, or by what it is refused.
        report: The report as Markdown; empty where there is none.
        only_policies: Whether nothing but rules of the policy pack refuses.
    """

    outcome: Outcome
    why: str = ""
    report: str = ""
    only_policies: bool = False


def of_base(previews: Path, today: datetime.date, *, allow_loss: bool) -> Verdict:
    """What this checkout's tools, which are the base branch's, say of the preview that the base branch's pack judged.

    A preview that failed for another reason than a refusal has failed under the pull request's pack, too, and there it counts;
    where it has not, it is the base branch's pack that does not get along with it.

    Args:
        previews: The directory with the previews.
        today: The day on which it is judged.
        allow_loss: Whether everything that is lost is allowed.
    """
    read = _read(previews / BY_BASE, today, allow_loss=allow_loss)
    if isinstance(read, str):
        return Verdict(Outcome.UNREADABLE, read)
    preview, document = read
    report = changes_markdown(document)
    if document["exitCode"] == FINE:
        failed = _failed(previews / BY_BASE)
        return Verdict(Outcome.UNREADABLE if failed else Outcome.FINE, failed, report)
    if document["exitCode"] == WRONG_USE:
        return Verdict(Outcome.UNREADABLE, "; ".join(document["problems"]), report)
    if unknown := _only_unknown(preview, document):
        return Verdict(Outcome.UNREADABLE, unknown, report)
    return Verdict(Outcome.REFUSED, document["headline"], report, _only_policies(preview, document))


def of_change(previews: Path, today: datetime.date, *, allow_loss: bool) -> Verdict:
    """What the pull request's own pack and tools say, which have run where its program ran.

    Its tools say what they like. What its pack refuses stands in the preview, and is read here as well.

    Args:
        previews: The directory with the previews.
        today: The day on which it is judged.
        allow_loss: Whether everything that is lost is allowed.
    """
    said = _own_document(previews / OWN_DOCUMENT)
    report = _text(previews / OWN_REPORT)
    code, headline = said.get("exitCode"), said.get("headline")
    why = headline if isinstance(headline, str) else ""
    read = _read(previews / BY_CHANGE, today, allow_loss=allow_loss)
    rules = [] if isinstance(read, str) else [row["policy"] for row in read[1]["policies"] if row["mandatory"]]
    if rules:
        return Verdict(Outcome.REFUSED, f"refused by {', '.join(dict.fromkeys(rules))}", report)
    if code == FINE:
        failed = _failed(previews / BY_CHANGE)
        return Verdict(Outcome.UNREADABLE if failed else Outcome.FINE, failed, report)
    if code == REFUSED:
        return Verdict(Outcome.REFUSED, why, report)
    problems = "; ".join(str(problem) for problem in said.get("problems", []) if problem) if said else ""
    return Verdict(Outcome.UNREADABLE, problems or "it printed no verdict: the log of the job says why", report)


def decided(base: Verdict, change: Verdict, judges: Difference) -> int:
    """The exit code that follows from both.

    Args:
        base: What the base branch's side says.
        change: What the pull request's own side says.
        judges: How the judges differ.
    """
    if change.outcome is Outcome.UNREADABLE:
        # Nobody knows what it would do, and it is the pull request's to mend.
        return WRONG_USE
    if change.outcome is Outcome.REFUSED:
        return REFUSED
    if base.outcome is Outcome.REFUSED:
        answerable = base.only_policies and (judges.configuration or judges.upgrade is not None)
        return UNDECIDED if answerable else REFUSED
    return UNDECIDED if base.outcome is Outcome.UNREADABLE or judges.new_stack else FINE


def _read(file: Path, today: datetime.date, *, allow_loss: bool) -> tuple[Preview, Document] | str:
    """A preview and what is to be said of it, or why there is nothing to say."""
    text = _text(file)
    if not text.strip():
        return "it has no preview: pulumi printed none"
    try:
        preview = read_preview(text)
        return preview, changes_document(preview, today=today, allow_loss=allow_loss)
    except (NotAPreviewError, PriceListError) as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a newer version's preview may have what this one never met: then it has no verdict
        traceback.print_exc(file=sys.stderr)
        return f"its tools failed: {type(error).__name__}: {error}"


def _failed(events: Path) -> str:
    """What to say of a preview that refuses nothing and did not end well, or does not say how it ended; empty where it did."""
    code = _text(events.with_suffix(".code")).strip()
    return "" if code == "0" else f"pulumi preview ended with exit code {code or 'unknown'}, though nothing refuses"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _own_document(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(_text(file))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _missing(document: Document) -> set[str]:
    """URNs that somebody has to allow, and nobody did."""
    return set(document["needsAllowance"]) - set(document["allowed"])


def _refusing(document: Document) -> bool:
    """Whether AWS or a guard refuses."""
    return any(order["verdict"] == "refused" for order in document["orders"])


def _only_unknown(preview: Preview, document: Document) -> str:
    """What this version does not know, where that is all it has against the change; empty where it is not."""
    if preview.errors or _refusing(document) or any(row["mandatory"] for row in document["policies"]):
        return ""
    unknown = {order["urn"]: order["message"] for order in document["orders"] if order["verdict"] == "not known"}
    lost = {row["urn"] for row in document["changes"] if row["losesData"] or any(loss["protected"] for loss in row["losses"])}
    missing = _missing(document)
    if missing - unknown.keys() or missing & lost:
        return ""
    return "; ".join(dict.fromkeys(unknown[urn] for urn in sorted(missing)))


def _only_policies(preview: Preview, document: Document) -> bool:
    return not (preview.errors or _refusing(document) or _missing(document))
