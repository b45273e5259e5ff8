"""Kafka's tools for a command that compares or changes a cluster: where it runs itself, or in the operator's place."""

from __future__ import annotations

import contextlib
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tools.place.choice import place_of
from tools.place.outputs import outputs_for
from tools.place.terms import CLIENT_FILE
from tools.shared.commands import FAILED, CommandError, Mistakes
from tools.shared.kafka_tools import LETTERS, KafkaTools, bootstrap_of, tools_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tools.place.terms import Place


@contextlib.contextmanager
def kafka_tools(options: argparse.Namespace, needed: Iterable[str], mistakes: Mistakes) -> Iterator[tuple[KafkaTools, str]]:
    """Kafka's tools as the options say, and the bootstrap servers that they talk to.

    Args:
        options: With what `add_kafka`, `add_place`, `add_stack` and `add_directory` add.
        needed: The tools.
        mistakes: What is wrong with other options; all of it is told at once.

    Raises:
        CommandError: The options are wrong, or the place is not there.
    """
    if options.via:
        with mistakes.gathered():
            if named := [option for option in ("command_config", "bootstrap_server", "kafka") if getattr(options, option)]:
                names = ", ".join(f"--{option.replace('_', '-')}" for option in named)
                raise CommandError(f"{names}: with --via {options.via} the place has its own. Leave one of the two out.")
        mistakes.end()
        with place_of(options, outputs_for(options)) as (place, there):
            yield PlacedTools(place, needed, there), there
        return
    bootstrap: str = options.bootstrap_server or ""
    tools: dict[str, str] = {}
    with mistakes.gathered():
        if options.command_config is None:
            raise CommandError("--command-config FILE is required, or --via host or pod.")
        bootstrap = bootstrap or bootstrap_of(options.command_config)
    with mistakes.gathered():
        tools = tools_of(options.kafka, needed)
    mistakes.end()
    yield KafkaTools(tools, bootstrap, options.command_config), bootstrap


class PlacedTools(KafkaTools):
    """Kafka's tools in a place, for the place's client.

    Args:
        place: The place.
        needed: The tools, which are all on its PATH.
        bootstrap: The cluster's bootstrap servers.
    """

    def __init__(self, place: Place, needed: Iterable[str], bootstrap: str) -> None:
        super().__init__({tool: tool for tool in needed}, bootstrap, Path(CLIENT_FILE))
        self._place = place

    def client_properties(self) -> str:
        """See `KafkaTools.client_properties`."""
        done = self._place.run(f"cat {CLIENT_FILE}")
        if done.code:
            # An empty text would be the file of a client without identity.
            raise CommandError(f"{CLIENT_FILE} cannot be read there: {done.errors.strip() or f'exit code {done.code}'}", FAILED)
        return done.output

    def run_with_file(self, tool: str, *arguments: str, option: str, text: str) -> str:
        """See `KafkaTools.run_with_file`."""
        path = self._place.path_of("input.json")
        return self._said(tool, [*arguments, option, path], {path: text})

    def _ended(self, words: Sequence[str], files: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        letters = [f"{name}={value}" for name, value in LETTERS.items()]
        done = self._place.run(shlex.join(["env", *letters, *words]), files)
        return subprocess.CompletedProcess(words, done.code, done.output, done.errors)
