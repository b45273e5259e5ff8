"""`python -m tools topics`: compares the topics of a stack file with those of its cluster, and makes them where Pulumi cannot.

AWS's API for topics, which Pulumi uses, does not have those of Amazon MSK Serverless. This command reads and changes the cluster
through Kafka's own tools, shows a plan, and with `--apply` carries it out.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import TYPE_CHECKING, Final

from tools.place.choice import add_place
from tools.place.tools import kafka_tools
from tools.report.deliver import deliver
from tools.report.sections import Line, Mark, Section
from tools.shared.amounts import counted, duration
from tools.shared.commands import (
    FAILED,
    FINE,
    REFUSED,
    CommandError,
    Mistakes,
    add_directory,
    add_stack,
    parser_of,
    utc_today,
)
from tools.shared.interruptions import interruptible, until_interrupted
from tools.shared.kafka_tools import add_kafka, why_another_cluster
from tools.shared.stack_settings import settings_of
from tools.topics import apply
from tools.topics.checks import Objection, Verdict, verdict_on
from tools.topics.document import document_of, rows_of
from tools.topics.kafka import NEEDED, NEEDED_TO_DELETE, Kafka
from tools.topics.limits import SystemClock
from tools.topics.plan import Delete, plan_of
from tools.topics.sections import plan_sections, steps_table
from tools.topics.terms import terms_of

if TYPE_CHECKING:
    import argparse

    from tools.topics.document import Document
    from tools.topics.plan import Plan, Step

_EPILOG: Final = """\
Run it on a host that reaches the brokers, with Kafka's tools, as a client that administers the topics
(admin: {prefixes: [...]}), with the file of `python -m tools client`:

  python -m tools topics --stack prod --command-config client.properties
  python -m tools topics --stack prod --command-config client.properties --apply
  python -m tools topics --stack prod --command-config client.properties --delete orders.v0 --apply

Or from a laptop, in the operator's place (docs/operator.md), whose client administers the topics:

  python -m tools topics --stack prod --via host --apply

Without --apply nothing changes. It makes and alters topics on Amazon MSK Serverless alone: those of Standard and Express
clusters are Pulumi's, and it only compares them. Nothing is taken away that is not named: topics that the stack file does not
have stay without --delete, settings that it does not name without --reset. What loses messages on a protected stack needs
`acknowledge` in the stack file, as with Pulumi. Interrupted, or failed, it goes on when it is started again.

exit codes:
  0  the cluster's topics are those of the stack file; with --apply, they are now
  1  they differ; or something stands against the changes, and nothing was changed
  2  the options, the stack's configuration or a file are wrong
  3  one of Kafka's tools failed, or the command was interrupted; what was done is said"""


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(
        "topics",
        "Compares the topics of a stack file with those of its cluster, and on Amazon MSK Serverless makes and alters them.",
        _EPILOG,
    )
    add_stack(parser)
    add_kafka(parser, "client.properties of who administers the topics")
    add_place(parser, default=None)
    parser.add_argument("--apply", action="store_true", help="carry the plan out")
    parser.add_argument(
        "--delete", action="append", default=[], metavar="TOPIC", help="delete this topic with its messages (repeatable)"
    )
    parser.add_argument(
        "--reset",
        action="append",
        default=[],
        metavar="TOPIC",
        help="take off what is set on this topic and the stack file does not name (repeatable)",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="text for people, or one JSON document (default: text)"
    )
    add_directory(parser)
    return parser


class _Run:
    """One run of the command.

    Args:
        options: Its options.
        place: Ends with the run; what is made for it goes then.

    Raises:
        CommandError: They are wrong.
    """

    def __init__(self, options: argparse.Namespace, place: contextlib.ExitStack) -> None:
        self._apply: bool = options.apply
        self._json: bool = options.format == "json"
        self._delete: list[str] = options.delete
        self._reset: list[str] = options.reset
        self._clock = SystemClock()
        self._done: list[Step] = []
        mistakes = Mistakes()
        with mistakes.gathered():
            stack = settings_of(options.directory, options.stack)
            self._terms = terms_of(options.stack, stack.settings, today=utc_today())
        needed = (*NEEDED, *([NEEDED_TO_DELETE] if self._delete else []))
        tools, bootstrap = place.enter_context(kafka_tools(options, needed, mistakes))
        if why := why_another_cluster(bootstrap, stack.region, serverless=self._terms.serverless):
            raise CommandError(f"{why} Give the client's file of this stack, or another --stack.")
        self._bootstrap = bootstrap
        self._kafka = Kafka(tools)

    def run(self) -> int:
        """Does what was asked for; returns the exit code."""
        terms = self._terms
        snapshot = self._kafka.snapshot(terms.wanted.keys())
        plan = plan_of(terms.wanted, snapshot.topics, reset=self._reset, delete=self._delete, by_effect=terms.serverless)
        verdict = self._judged(plan, verdict_on(plan, terms, snapshot, reset=self._reset, delete=self._delete))
        messages = self._kafka.messages([step.topic for step in plan.steps if isinstance(step, Delete)])
        document = document_of(
            terms, plan, verdict, bootstrap=self._bootstrap, on_cluster=len(snapshot.topics), messages=messages
        )
        if self._apply and plan.steps and not verdict.objections:
            return self._carried_out(plan, document)
        code = REFUSED if plan.steps or verdict.objections else FINE
        return self._told(document, code, self._outlook(document))

    def _judged(self, plan: Plan, verdict: Verdict) -> Verdict:
        """The verdict, with the reason why nothing is applied where Pulumi makes the topics."""
        asked = self._delete or self._reset or (self._apply and plan.steps)
        if not (self._terms.by_pulumi and asked):
            return verdict
        option = "--apply" if self._apply else "--delete" if self._delete else "--reset"
        why = Objection(
            f"{option}: Pulumi manages this stack's topics, and a change behind its back would be undone or lost track of. "
            "Change the stack file and run `pulumi up`; what differs though the stack file did not change, it puts right as well."
        )
        return Verdict((why, *verdict.objections), verdict.warnings)

    def _outlook(self, document: Document) -> str:
        if document["refused"]:
            return "Nothing was changed."
        if not document["steps"]:
            return ""
        remedy = "Run `pulumi up`" if self._terms.by_pulumi else "To carry it out, add --apply"
        return f"Nothing was changed. {remedy}."

    def _carried_out(self, plan: Plan, document: Document) -> int:
        if not self._json:
            deliver(plan_sections(document), None, headline="", code=REFUSED)
            print(flush=True)
        try:
            with interruptible():
                apply.carry_out(self._kafka, plan, self._terms, self._clock, done=self._done, say=self._say)
                deleted = [step.topic for step in plan.steps if isinstance(step, Delete)]
                left = apply.left_of(self._kafka, self._terms, self._clock, reset=self._reset, deleted=deleted)
        except (CommandError, KeyboardInterrupt, OSError) as error:
            print(f"\n{str(error) or 'Interrupted.'}{self._quota(str(error))}\n{self._how_to_go_on(plan)}", file=sys.stderr)
            if self._json:
                self._told({**document, "applied": rows_of(self._done)}, FAILED, "")
            return FAILED
        document = {**document, "applied": rows_of(self._done), "left": rows_of(left)}
        code = REFUSED if left else FINE
        if self._json:
            return self._told(document, code, "")
        print()
        if not left:
            return deliver([Section("Result", (Line("All is done and verified", Mark.PASSED),))], None, headline="", code=code)
        words = "Done, but this differs again: somebody changed it meanwhile, or the brokers do not show it yet. Run it again."
        return deliver([Section("Result", (Line(words, Mark.FAIL), steps_table(document["left"])))], None, headline="", code=code)

    def _quota(self, words: str) -> str:
        """What helps where the cluster takes no more changes for now: somebody else made some, too."""
        limits = self._terms.limits
        if limits is None or "quota" not in words.lower():
            return ""
        return (
            f"\nMSK Serverless takes {limits.changed_partitions} new and deleted partitions in {duration(limits.period)}, those "
            "of others counted: wait so long."
        )

    def _how_to_go_on(self, plan: Plan) -> str:
        """What an interrupted run has done, and how the next one goes on."""
        gone = [step.topic for step in self._done if isinstance(step, Delete)]
        without = f", without {' '.join(f'--delete {topic}' for topic in gone)}" if gone else ""
        done = counted(len(self._done), "step") + (" is" if len(self._done) == 1 else " are")
        return (
            f"{done} done and {'stays' if len(self._done) == 1 else 'stay'}; the one after may be done, too.\n"
            f"To go on with what is left of {counted(len(plan.steps), 'change')}: the same command again{without}."
        )

    def _told(self, document: Document, code: int, outlook: str) -> int:
        if self._json:
            return deliver(json.dumps(document, indent=2) + "\n", None, headline="", code=code)
        code = deliver(plan_sections(document), None, headline="", code=code)
        if outlook:
            print(f"\n{outlook}")
        return code

    def _say(self, line: str) -> None:
        print(line, flush=True, file=sys.stderr if self._json else sys.stdout)


main = until_interrupted(_parser, lambda options, place: _Run(options, place).run())
