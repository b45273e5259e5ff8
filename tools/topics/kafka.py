"""The topics of a cluster, through Kafka's own tools. The only way in which this command touches a cluster."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from tools.topics.plan import Configure, Create, Grow
from tools.topics.reading import Snapshot, offsets_in, snapshot_in

if TYPE_CHECKING:
    from collections.abc import Collection

    from tools.shared.kafka_tools import KafkaTools
    from tools.topics.plan import Step

NEEDED: Final = ("kafka-configs.sh", "kafka-topics.sh")
"""Those of Kafka's tools that this command always runs."""
NEEDED_TO_DELETE: Final = "kafka-get-offsets.sh"
"""The tool that says how many messages a topic holds."""


class Kafka:
    """A cluster, through Kafka's tools.

    Every method may raise `CommandError`: a tool failed, in its own words, or prints what cannot be read.

    Args:
        tools: The tools, for the cluster.
    """

    def __init__(self, tools: KafkaTools) -> None:
        self._run = tools.run

    def snapshot(self, needed: Collection[str]) -> Snapshot:
        """The topics as they are now.

        Args:
            needed: Topics whose settings must be known.
        """
        topics, configs = self._answers(
            ("kafka-topics.sh", "--describe"),
            ("kafka-configs.sh", "--describe", "--all", "--entity-type", "topics"),
        )
        return snapshot_in(topics, configs, needed)

    def messages(self, topics: Collection[str]) -> dict[str, int]:
        """At most how many messages topics hold: offsets count what compaction and transactions took away, too."""
        if not topics:
            return {}
        pattern = "|".join(map(_exactly, sorted(topics)))
        latest, earliest = self._answers(
            *(("kafka-get-offsets.sh", "--topic", pattern, "--time", time) for time in ("latest", "earliest"))
        )
        ends, begins = offsets_in(latest), offsets_in(earliest)
        held = Counter(dict.fromkeys(topics, 0))
        for (topic, partition), end in ends.items():
            held[topic] += end - begins.get((topic, partition), 0)
        return dict(held)

    def _answers(self, *questions: tuple[str, ...]) -> list[str]:
        # Each starts a Java program, which mostly waits.
        with ThreadPoolExecutor(len(questions)) as pool:
            return list(pool.map(lambda question: self._run(*question), questions))

    def carry_out(self, step: Step) -> None:
        """Does a step. Kafka refuses to make a topic that is there, to grow one that has grown, to delete one that is gone."""
        if isinstance(step, Create):
            factor = [] if step.replication_factor is None else ["--replication-factor", str(step.replication_factor)]
            configs = [part for name, value in step.configs.items() for part in ("--config", f"{name}={value}")]
            partitions = ["--partitions", str(step.partitions)]
            self._run("kafka-topics.sh", "--create", "--topic", step.topic, *partitions, *factor, *configs)
        elif isinstance(step, Grow):
            self._run("kafka-topics.sh", "--alter", "--topic", _exactly(step.topic), "--partitions", str(step.after))
        elif isinstance(step, Configure):
            self._configure(step)
        else:
            self._run("kafka-topics.sh", "--delete", "--topic", _exactly(step.topic))

    def _configure(self, step: Configure) -> None:
        given = {name: value for name, value in step.after.items() if value is not None}
        added = [f"{name}=[{value}]" if "," in value else f"{name}={value}" for name, value in given.items()]
        removed = [name for name in step.after if name not in given]
        options = ["--entity-type", "topics", "--entity-name", step.topic]
        if added:
            options += ["--add-config", ",".join(added)]
        if removed:
            options += ["--delete-config", ",".join(removed)]
        self._run("kafka-configs.sh", "--alter", *options)


def _exactly(topic: str) -> str:
    """A topic's name for a tool that takes a regular expression, in which its dots would stand for any character."""
    return topic.replace(".", r"\.")
