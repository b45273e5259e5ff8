"""`python -m tools acls`: compares the Kafka ACLs that a stack's clients need with those of its cluster, and applies them.

Amazon MSK has no API for ACLs, so Pulumi cannot. This command reads and changes the cluster through Kafka's own tools, shows a
plan, and with `--apply` carries it out and writes a receipt, from which reports know what is enforced.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.acls import apply
from tools.acls.checks import applying_in, verdict_on
from tools.acls.coverage import coverage_of
from tools.acls.document import Compared, document_of, left_rows, step_rows
from tools.acls.kafka import NEEDED, Kafka
from tools.acls.plan import plan_of
from tools.acls.printing import nothing_to_do, script_of
from tools.acls.receipt import Receipt, ReceiptError, receipt_file, receipt_in, save, why_of_another
from tools.acls.sections import acl_table, plan_sections
from tools.acls.terms import terms_of
from tools.place.choice import add_place
from tools.place.tools import kafka_tools
from tools.report.deliver import deliver
from tools.report.sections import Line, Mark, Section
from tools.shared.amounts import counted
from tools.shared.commands import (
    FAILED,
    FINE,
    REFUSED,
    CommandError,
    Mistakes,
    add_directory,
    add_stack,
    parser_of,
)
from tools.shared.interruptions import interruptible, until_interrupted
from tools.shared.kafka_tools import add_kafka, why_another_cluster
from tools.shared.stack_settings import settings_of

if TYPE_CHECKING:
    import argparse

    from domain.access.acls import Acl
    from tools.acls.document import Document
    from tools.acls.kafka import Snapshot
    from tools.shared.kafka_tools import KafkaTools

_EPILOG: Final = """\
Run it on a host that reaches the brokers, with Kafka's tools, as a client with admin: {cluster: true}, with the file of
`python -m tools client`:

  python -m tools acls --stack prod --command-config client.properties
  python -m tools acls --stack prod --command-config client.properties --apply

Or from a laptop, in the operator's place (docs/operator.md):

  python -m tools acls --stack prod --via host --apply

Without --apply nothing changes. With it, ACLs are added first and removed last, and a receipt is written: acls/STACK.json beside
the stack file. Commit it: from it, previews know which clients are enforced, and the next run what belongs to principals that
have left the stack. Nothing else is removed: ACLs that others made, Deny ACLs and those of single hosts stay, and are listed.
Interrupted, or failed, it goes on when it is started again.

Without --command-config it contacts nothing, and says what the receipt covers. --format sh prints commands of kafka-acls.sh
instead, which leave no receipt; with --current FILE (the output of `kafka-acls.sh --list`) those that are missing, and the
removals of what the stack's principals no longer need. IAM clients need no ACLs: Amazon MSK ignores ACLs for them.

exit codes:
  0  the cluster's ACLs are those of the stack, and the receipt says so; with --apply, they are now; or the stack needs none
  1  they differ, or the receipt does not cover them; or something stands against the changes, and nothing was changed
  2  the options, the stack's configuration or a file are wrong
  3  one of Kafka's tools failed, or the command was interrupted; what was done is said"""


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(
        "acls",
        "Compares the Kafka ACLs of a stack's SCRAM users and certificates with those of its cluster, and applies them.",
        _EPILOG,
    )
    add_stack(parser)
    add_kafka(parser, "client.properties of who administers the cluster")
    add_place(parser, default=None)
    parser.add_argument("--apply", action="store_true", help="carry the plan out, and write the receipt")
    parser.add_argument(
        "--reset",
        action="append",
        default=[],
        metavar="PRINCIPAL",
        help="remove what this principal, such as User:erp, has beyond the stack file, whoever made it (repeatable)",
    )
    parser.add_argument("--principal", metavar="PRINCIPAL", help="who applies, where the file does not say: with a certificate")
    parser.add_argument("--current", type=Path, metavar="FILE", help="for --format sh: output of `kafka-acls.sh --list`")
    parser.add_argument(
        "--format",
        choices=("text", "json", "sh"),
        default="text",
        help="text for people, one JSON document, or commands to run yourself (default: text)",
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
        self._options = options
        self._json: bool = options.format == "json"
        self._reset: list[str] = options.reset
        self._done: list[apply.Step] = []
        connects = _names_a_cluster(options) and options.format != "sh"
        mistakes = Mistakes()
        with mistakes.gathered():
            stack = settings_of(options.directory, options.stack)
            self._terms = terms_of(options.stack, stack.region, stack.settings)
            self._directory = stack.directory
        with mistakes.gathered():
            _check(options)
        self._tools: KafkaTools | None = None
        if connects:
            self._tools, self._bootstrap = place.enter_context(kafka_tools(options, NEEDED, mistakes))
        mistakes.end()
        self._file = receipt_file(self._directory, options.stack)
        self._receipt_name = f"{self._file.parent.name}/{self._file.name}"
        if connects and (why := why_another_cluster(self._bootstrap, stack.region, serverless=self._terms.serverless)):
            raise CommandError(f"{why} Give the client's file of this stack, or another --stack.")

    def run(self) -> int:
        """Does what was asked for; returns the exit code."""
        if self._options.format == "sh":
            return deliver(script_of(self._terms, self._options.current), None, headline="", code=FINE)
        coverage = coverage_of(self._terms, self._directory)
        if self._terms.serverless or (coverage is None and not (self._reset or self._terms.named)):
            document = document_of(self._terms, None, self._receipt_name, None)
            return self._told(document, FINE, nothing_to_do(self._terms))
        if self._tools is None:
            document = document_of(self._terms, coverage, self._receipt_name, None)
            if coverage is None:
                return self._told(document, FINE, nothing_to_do(self._terms))
            hint = (
                "Nothing was contacted. To compare with the cluster, give --via host or pod, or --command-config FILE on a host "
                "that reaches it."
            )
            return self._told(document, FINE if coverage.is_applied else REFUSED, hint)
        return self._compared(self._tools)

    def _compared(self, tools: KafkaTools) -> int:
        options, terms = self._options, self._terms
        kafka = Kafka(tools)
        applying = applying_in(tools.client_properties(), options.principal)
        snapshot = kafka.snapshot()
        receipt, objections, warnings = self._receipt(snapshot)
        ours: frozenset[Acl] = receipt.acls if receipt else frozenset()
        plan = plan_of(terms, snapshot.entries, ours=ours, reset=self._reset)
        verdict = verdict_on(plan, terms, snapshot.entries, applying, reset=self._reset)
        verdict = type(verdict)((*objections, *verdict.objections), (*warnings, *verdict.warnings))
        compared = Compared(plan, verdict, snapshot.cluster_id, self._bootstrap, applying)
        document = document_of(terms, coverage_of(terms, self._directory), self._receipt_name, compared)
        settled = apply.receipt_of(terms, snapshot.cluster_id, plan)
        written = receipt is not None and receipt.same_but_for_the_time(settled)
        # Who never had a client of this kind needs no receipt of nothing.
        written = written or (receipt is None and not terms.wanted)
        if options.apply and not verdict.objections:
            if plan.changes:
                return self._carried_out(kafka, compared, document, ours)
            if not written:
                save(settled, self._file)
                document = document_of(terms, coverage_of(terms, self._directory), self._receipt_name, compared)
            return self._told(document, FINE, "" if written else self._commit)
        if verdict.objections:
            return self._told(document, REFUSED, "Nothing was changed.")
        if plan.changes:
            return self._told(document, REFUSED, "Nothing was changed. To carry it out, add --apply.")
        if not written:
            hint = f"The cluster is as the stack wants it, but {self._receipt_name} does not say so. To write it, add --apply."
            return self._told(document, REFUSED, hint)
        return self._told(document, FINE, "")

    def _receipt(self, snapshot: Snapshot) -> tuple[Receipt | None, tuple[str, ...], tuple[str, ...]]:
        """The receipt if it is of this cluster, what stands against applying, and what is worth a warning."""
        try:
            receipt = receipt_in(self._file)
        except ReceiptError as error:
            why = " Without it, what belongs to principals that have left the stack cannot be told from ACLs of others."
            return None, (f"{error}{why}",), ()
        if receipt is None:
            return None, (), ()
        why = why_of_another(receipt, self._terms)
        if not why and receipt.cluster_id != snapshot.cluster_id:
            why = f"it is of the cluster with Kafka's id {receipt.cluster_id}, and this one has {snapshot.cluster_id}"
        if why:
            return (
                None,
                (),
                (f"{self._receipt_name} is of another cluster: {why}. Nothing is removed by it, and --apply replaces it.",),
            )
        return receipt, (), ()

    @property
    def _commit(self) -> str:
        return f"The receipt is in {self._file}. Commit it with the stack file."

    def _carried_out(self, kafka: Kafka, compared: Compared, document: Document, ours: frozenset[Acl]) -> int:
        if not self._json:
            deliver(plan_sections(document), None, headline="", code=REFUSED)
            print(flush=True)
        try:
            with interruptible():
                applied = apply.carry_out(
                    kafka,
                    compared.plan,
                    self._terms,
                    self._file,
                    cluster_id=compared.cluster_id,
                    ours=ours,
                    reset=self._reset,
                    done=self._done,
                    say=self._say,
                )
        except (CommandError, KeyboardInterrupt, OSError) as error:
            print(f"\n{str(error) or 'Interrupted.'}\n{self._how_to_go_on(compared)}", file=sys.stderr)
            if self._json:
                self._told({**document, "applied": step_rows(self._done)}, FAILED, "")
            return FAILED
        left = left_rows(applied.left)
        coverage = document_of(self._terms, coverage_of(self._terms, self._directory), self._receipt_name, None)
        document = {**document, "applied": step_rows(self._done), "left": left, "clients": coverage["clients"]}
        document = {**document, "receiptProblem": coverage["receiptProblem"], "removalsPending": coverage["removalsPending"]}
        code = REFUSED if left else FINE
        if self._json:
            return self._told(document, code, "")
        print()
        if not left:
            lines = (Line("All is done and verified", Mark.PASSED), Line(self._commit))
            return deliver([Section("Result", lines)], None, headline="", code=code)
        words = "Done, but this differs again: somebody changed it meanwhile, or the brokers do not show it yet. Run it again."
        table = acl_table([("", row) for row in left])
        return deliver([Section("Result", (Line(words, Mark.FAIL), table))], None, headline="", code=code)

    def _how_to_go_on(self, compared: Compared) -> str:
        done = counted(len(self._done), "step") + (" is" if len(self._done) == 1 else " are")
        every = counted(len(apply.steps_of(compared.plan)), "step")
        return (
            f"{done} done of {every}; the one after may be done, too. {self._receipt_name} has what may be there; until it is "
            "complete, reports show the stack's clients as not enforced.\nTo go on: the same command again."
        )

    def _told(self, document: Document, code: int, outlook: str) -> int:
        if self._json:
            return deliver(json.dumps(document, indent=2, ensure_ascii=False) + "\n", None, headline="", code=code)
        sections = plan_sections(document)
        code = deliver(sections, None, headline="", code=code)
        if outlook:
            print(f"\n{outlook}" if sections else outlook)
        return code

    def _say(self, line: str) -> None:
        print(line, flush=True, file=sys.stderr if self._json else sys.stdout)


def _names_a_cluster(options: argparse.Namespace) -> bool:
    return options.command_config is not None or options.via is not None


def _check(options: argparse.Namespace) -> None:
    """Whether options go together.

    Raises:
        CommandError: They do not.
    """
    if options.current and options.format != "sh":
        raise CommandError("--current FILE needs --format sh: the other formats ask the cluster itself (--command-config).")
    if (options.apply or options.reset) and (not _names_a_cluster(options) or options.format == "sh"):
        option = "--apply" if options.apply else "--reset"
        raise CommandError(f"{option} needs --via host or pod, or --command-config FILE, and another --format than sh.")


main = until_interrupted(_parser, lambda options, place: _Run(options, place).run())
