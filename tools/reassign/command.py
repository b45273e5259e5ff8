"""`python -m tools reassign`: moves partitions to new Standard brokers, and away from brokers that are to be removed.

Amazon MSK moves none of them itself. This command reads the cluster through Kafka's own tools, shows a plan, and with `--apply`
carries it out.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from tools.place.choice import add_place
from tools.place.tools import kafka_tools
from tools.reassign.apply import cancel, carry_out, elect, wait_for_others
from tools.reassign.kafka import NEEDED, Kafka
from tools.reassign.layout import PlanError, bytes_evenness, leaders_evenness, removable_with
from tools.reassign.plan import batches, moves
from tools.reassign.progress import Progress, progress_in
from tools.reassign.reading import joined, listed
from tools.reassign.sections import brokers_section, plan_section, topics_section
from tools.reassign.terms import MEGABYTE, Terms, described_in, terms_of
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
from tools.shared.interruptions import until_interrupted
from tools.shared.kafka_tools import add_kafka
from tools.shared.stack_settings import settings_of

if TYPE_CHECKING:
    from tools.reassign.layout import Layout
    from tools.reassign.reading import Snapshot

_EPILOG: Final = """\
Run it on a host that reaches the brokers, with Kafka's tools, as a client with operate: {} in the stack file, with its
file of `python -m tools client`:

  python -m tools reassign --stack prod --command-config client.properties
  python -m tools reassign --stack prod --command-config client.properties --apply
  python -m tools reassign --stack prod --command-config client.properties --remove-brokers 7,8,9 --apply

Or from a laptop, in the operator's place (docs/operator.md):

  python -m tools reassign --stack prod --via host --apply

Without --apply nothing changes. Interrupted, it goes on when it is started again with the same options; --cancel puts back
what is just being moved and takes the throttle off. Replication factors stay, and replicas stay in as many zones.

exit codes:
  0  nothing is to be moved, or all is moved, verified and even, and no throttle is left
  1  partitions are to be moved; or Amazon MSK or the cluster's state forbids it; or it is not even, or not empty, afterwards
  2  the options, the stack's configuration or a file are wrong
  3  one of Kafka's tools failed, or the command was interrupted"""


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(
        "reassign",
        "Moves partitions to brokers that hold too few, or off brokers that are to be removed: few moves, in throttled batches.",
        _EPILOG,
    )
    add_stack(parser)
    add_kafka(parser, "client.properties of a client with operate")
    add_place(parser, default=None)
    parser.add_argument("--remove-brokers", type=_ids, default=frozenset(), metavar="IDS", help="brokers to empty, such as 7,8,9")
    parser.add_argument(
        "--throttle", type=_megabytes, metavar="MB", help="MB/s that a broker may copy, in and out, each (default: by its type)"
    )
    parser.add_argument(
        "--cluster", metavar="FILE", help="JSON of `aws kafka describe-cluster-v2`; - for standard input. Express brokers need it"
    )
    parser.add_argument(
        "--state", type=Path, metavar="FILE", help="the plan while it is carried out (default: reassignment-STACK.json)"
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--apply", action="store_true", help="carry the plan out, or go on with it")
    action.add_argument("--cancel", action="store_true", help="put back what is being moved, and forget the plan")
    add_directory(parser)
    return parser


def _ids(text: str) -> frozenset[int]:
    try:
        return frozenset(int(part) for part in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} are no broker IDs. Write them like 7,8,9.") from error


def _megabytes(text: str) -> int:
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no rate in MB/s. Write a number above 0, such as 5.")
    return int(number * MEGABYTE)


class _Reassignment:
    """One run of the command.

    Args:
        options: Its options.
        place: Ends with the run; what is made for it goes then.

    Raises:
        CommandError: They are wrong, or partitions of this stack may not be moved.
    """

    def __init__(self, options: argparse.Namespace, place: contextlib.ExitStack) -> None:
        self._options = options
        self._apply: bool = options.apply
        self._removed: frozenset[int] = options.remove_brokers
        self._file: Path = options.state or Path(f"reassignment-{options.stack}.json")
        mistakes = Mistakes()
        with mistakes.gathered():
            described = described_in(options.cluster) if options.cluster else None
            self._terms = terms_of(options.stack, settings_of(options.directory, options.stack).settings, described)
            self._throttle, self._reason = _throttle(self._terms, options.throttle)
        tools, _ = place.enter_context(kafka_tools(options, NEEDED, mistakes))
        self._kafka = Kafka(tools)

    def run(self) -> int:
        """Does what was asked for; returns the exit code."""
        if self._options.cancel:
            return self._cancelled()
        unfinished = progress_in(self._file)
        self._await_others(unfinished)
        snapshot = self._kafka.snapshot()
        self._check_brokers(snapshot)
        progress = self._begun(unfinished, snapshot) if unfinished else self._planned(snapshot)
        now = snapshot.layout()
        after = now.with_replicas({move.partition: move.after for batch in progress.rest for move in batch})
        if not self._apply:
            return self._proposed(progress, now, after, snapshot)
        if not unfinished and not progress.batches:
            return self._finished(progress, snapshot)
        self._show(progress, now, after, snapshot)
        return self._carried_out(progress, moving=unfinished is not None)

    def _await_others(self, unfinished: Progress | None) -> None:
        """Waits for reassignments that are not this plan's, or refuses.

        It comes before the snapshot: the replicas of a partition that begins or ends to move between two of Kafka's answers are
        those that it had and those that it gets, which a plan must not take for its replication factor.
        """
        ours = {move.partition for batch in unfinished.rest[:1] for move in batch} if unfinished else set()
        if not (others := self._kafka.moving() - ours):
            return
        if not self._apply:
            raise CommandError(
                f"A reassignment is in progress ({counted(len(others), 'partition')}: {listed(others)}). Wait until it ends; "
                "--apply waits for it.",
                REFUSED,
            )
        wait_for_others(self._kafka, _say)

    def _begun(self, unfinished: Progress, snapshot: Snapshot) -> Progress:
        if self._removed and self._removed != unfinished.removed:
            emptied = f"empties brokers {listed(unfinished.removed)}" if unfinished.removed else "empties no brokers"
            raise CommandError(f"The unfinished plan in {self._file} {emptied}. Carry it out, or --cancel it, first.", REFUSED)
        self._removed = unfinished.removed
        return unfinished.still_fits(snapshot, self._file)

    def _planned(self, snapshot: Snapshot) -> Progress:
        topics = snapshot.topics
        if topics.lagging:
            raise CommandError(
                f"Replicas of {len(topics.lagging)} partitions are not in sync: {listed(topics.lagging)}. Wait until they are "
                "(UnderReplicatedPartitions is 0): moving partitions now would make it worse.",
                REFUSED,
            )
        now = snapshot.layout()
        try:
            moved = moves(now, self._removed)
        except PlanError as error:
            raise CommandError(str(error), REFUSED) from error
        if problems := self._terms.lack_of_room(now, now.with_replicas({move.partition: move.after for move in moved})):
            raise CommandError("\n".join([*problems, "Keep more brokers, or choose larger ones first."]), REFUSED)
        addresses = {broker: about.address for broker, about in snapshot.brokers.items()}
        return Progress(addresses, self._removed, batches(moved, self._terms.most))

    def _check_brokers(self, snapshot: Snapshot) -> None:
        brokers = snapshot.brokers
        if len(brokers) != self._terms.brokers:
            raise CommandError(
                f"Stack {self._terms.stack} has {self._terms.brokers} brokers, and {len(brokers)} serve: {listed(brokers)}. Is "
                "this its cluster (--stack, --command-config), its last change deployed, and every broker up?",
                REFUSED,
            )
        if unknown := self._removed - set(brokers):
            raise CommandError(f"--remove-brokers {listed(unknown)}: no such broker. The cluster has {listed(brokers)}.")
        removable = removable_with({broker: about.rack for broker, about in brokers.items()}, self._removed)
        if removable != self._removed:
            raise CommandError(
                f"--remove-brokers {joined(self._removed)}: Amazon MSK removes one broker of each zone at a time, and this "
                f"template's list of brokers ends with the highest. Give {joined(removable)}.",
                REFUSED,
            )

    def _proposed(self, progress: Progress, now: Layout, after: Layout, snapshot: Snapshot) -> int:
        if not progress.rest and not self._file.exists():
            return self._finished(progress, snapshot)
        code = self._show(progress, now, after, snapshot)
        again = "Go on with --apply, or --cancel it." if self._file.exists() else "To carry it out, add --apply."
        print(f"\nNothing was changed. {again}")
        return code

    def _show(self, progress: Progress, now: Layout, after: Layout, snapshot: Snapshot) -> int:
        notes = []
        if self._file.exists():
            batches_done = f"{progress.done} of {len(progress.batches)} batches are done; this is the rest"
            notes.append(Line(batches_done, Mark.NOTE))
        elif snapshot.throttles:
            already = f"Replication is throttled already ({', '.join(snapshot.throttles)}); that of brokers will be taken off"
            notes.append(Line(already, Mark.WARNING))
        parts: list[Section] = []
        if progress.rest:
            parts = [plan_section(progress.rest, self._throttle, self._reason, notes), topics_section(progress.rest)]
        return deliver([*parts, brokers_section(now, after, self._removed)], None, headline="", code=REFUSED)

    def _carried_out(self, progress: Progress, *, moving: bool) -> int:
        for name in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, _interrupt)
        print()
        try:
            progress = carry_out(self._kafka, progress, self._file, self._throttle, moving=moving, say=_say)
            snapshot = self._kafka.snapshot()
            if elected := elect(self._kafka, progress, snapshot):
                _say(f"{counted(elected, 'partition')} got the preferred leader")
            print()
            code = self._finished(progress, snapshot)
        except (CommandError, KeyboardInterrupt, OSError) as error:
            print(f"\n{str(error) or 'Interrupted.'}\n{self._how_to_go_on()}", file=sys.stderr)
            return FAILED
        self._file.unlink()
        return code

    def _how_to_go_on(self) -> str:
        return (
            "Kafka goes on with the batch that it has, and the throttle stays on.\n"
            "  To go on, with another --throttle if you like: the same command again\n"
            "  To put the batch back, take the throttle off and forget the plan: --cancel instead of --apply\n"
            f"The plan is in {self._file}."
        )

    def _finished(self, progress: Progress, snapshot: Snapshot) -> int:
        """Says what the cluster is like when nothing is to be moved any more."""
        now = snapshot.layout()
        kept = now.without(self._removed)
        problems = [f"Replication of {whose} is still throttled: {_remedy(whose)}" for whose in snapshot.throttles]
        held = now.partitions_by_broker
        problems += [
            f"Broker {broker} holds {held[broker]} partitions, which came in the meantime: run this command again"
            for broker in sorted(self._removed)
            if held[broker]
        ]
        even = leaders_evenness(kept).is_even and bytes_evenness(kept).is_even
        code = FINE if even and not problems else REFUSED
        lines = [Line(problem, Mark.FAIL) for problem in problems]
        if self._removed and not any(held[broker] for broker in self._removed):
            lines.append(Line(f"Brokers {listed(self._removed)} are empty and may be removed", Mark.PASSED))
        if not problems:
            moved = bool(progress.batches)
            lines.append(
                Line("All moves are verified, and no throttle is left" if moved else "Nothing is to be moved", Mark.PASSED)
            )
        if not even:
            written = "Clients wrote meanwhile: run this command again"
            why = written if progress.batches else "No move helps: partitions cannot be cut, and replicas stay in their zones"
            lines.append(Line(why, Mark.NOTE))
        return deliver([brokers_section(now, now, self._removed), Section("Result", tuple(lines))], None, headline="", code=code)

    def _cancelled(self) -> int:
        progress = progress_in(self._file)
        if progress is None:
            raise CommandError(f"No plan is being carried out: there is no {self._file}.")
        cancel(self._kafka, progress.still_fits(self._kafka.snapshot(), self._file))
        snapshot = self._kafka.snapshot()
        self._file.unlink()
        left = [f"Replication of {whose} is still throttled: {_remedy(whose)}" for whose in snapshot.throttles]
        done = f"Cancelled. {progress.done} of {len(progress.batches)} batches were done; what had arrived stays."
        print("\n".join([done, *(left or ["No throttle is left."])]))
        return REFUSED if left else FINE


def _throttle(terms: Terms, given: int | None) -> tuple[int, str]:
    if given is not None:
        return given, "--throttle"
    if terms.throttle is None:
        raise CommandError(
            f"AWS publishes no EBS throughput of {terms.broker.name}, so there is no default: give --throttle MB, such as 5."
        )
    return terms.throttle, terms.reason


def _remedy(whose: str) -> str:
    kind, _, name = whose.partition(" ")
    names = "replicas" if kind == "topic" else "rate"
    entity = "--entity-default" if kind == "brokers" else f"--entity-name {name}"
    return (
        f"kafka-configs.sh --alter --entity-type {kind.removesuffix('s')}s {entity} --delete-config "
        f"leader.replication.throttled.{names},follower.replication.throttled.{names}"
    )


def _say(line: str) -> None:
    print(line, flush=True)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


main = until_interrupted(_parser, lambda options, place: _Reassignment(options, place).run())
