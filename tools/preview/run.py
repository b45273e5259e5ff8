"""Runs the program and the policy pack offline and gathers what they say in one document."""

from __future__ import annotations

import contextlib
import datetime
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from domain.settings.judged_day import PINNED_DAY
from inventory.capacity import capacities
from inventory.cost import monthly_cost
from inventory.rows import UNKNOWN
from inventory.serverless import serverless_capacities
from offline.engine.inventory import rows
from offline.pack.config import PackConfigError
from offline.pack.pack import PolicyPack
from offline.pack.process import PackError
from offline.project.loading import load_project
from offline.project.stack_file import ConfigError
from offline.protocol.failures import HookRefused, ProgramFailed
from tools.preview.document import Document, empty_document
from tools.preview.failures import problem, problems_of, with_mistakes
from tools.preview.result import result_of
from tools.preview.rows import capacity_row, cost_row, export_rows, resource_rows, serverless_row
from tools.preview.verdicts import MANDATORY, PREVIEW, SIMULATED, Verdicts
from tools.shared.commands import FAILED, REFUSED, WRONG_USE
from tools.shared.pack_config import POLICIES, configuration_of, mistakes_in, named, of_nothing, placed, too_long
from tools.shared.price_lists import PriceListError, price_list

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Future
    from pathlib import Path

    from inventory.price_list import PriceList
    from offline.engine.run import Run
    from offline.pack.config import Mistake
    from offline.pack.judgement import Judgement
    from offline.project.loading import StackConfig
    from tools.preview.document import ProblemRow, WarningRow


def preview(directory: Path, stack: str, today: datetime.date, *, new: bool = False) -> Document:
    """Previews a stack. Every failure ends up in the document; tracebacks go to standard error.

    Args:
        directory: Where Pulumi.yaml and policies/ are.
        stack: The stack's name.
        today: The day on which it is judged; SOURCE_DATE_EPOCH must say the same.
        new: Whether the stack is not deployed yet: what AWS refuses only at creation then refuses, and does not only advise.
    """
    document = empty_document(project=directory.name, stack=stack, region=None, today=today.isoformat())
    document["isToday"] = today == datetime.datetime.now(datetime.UTC).date()
    try:
        _preview(document, directory, stack, today, new=new)
    except Exception as error:  # noqa: BLE001 - programs that read the document are told all failures in it
        traceback.print_exc(file=sys.stderr)
        words = f"The preview failed: {type(error).__name__}: {error} The traceback is on standard error."
        document["problems"].append(problem(words))
        document["exitCode"] = FAILED
    document["result"] = result_of(document)
    return document


def _preview(document: Document, directory: Path, stack: str, today: datetime.date, *, new: bool) -> None:
    try:
        project = load_project(directory)
        document["project"] = project.name
        config = project.stack_config(stack, with_mistakes=True)
    except ConfigError as error:
        document["problems"] += [problem(mistake.message, mistake.file, mistake.line) for mistake in error.problems]
        document["exitCode"] = WRONG_USE
        return
    document["region"] = config.values.get("aws:region")
    document["warnings"] += _config_warnings(config)
    try:
        listed = price_list(directory, document["region"] or "")
    except PriceListError as error:
        document["problems"].append(problem(str(error)))
        document["exitCode"] = WRONG_USE
        return

    verdicts = Verdicts(config)
    try:
        _run(document, directory, config, listed, verdicts, today=today, new=new)
    except HookRefused as refusal:
        verdicts.refused(refusal, PREVIEW, new=new)
    except ProgramFailed as failure:
        code, problems = problems_of(failure, config)
        # What a program makes of values that the CLI would not have handed to it is no failure of its own.
        own = with_mistakes(problems if code == WRONG_USE else [], config) if config.mistakes else problems
        document["problems"] = [*own, *document["problems"]]
        document["exitCode"] = WRONG_USE if config.mistakes else code
        return
    except PackConfigError as error:
        document["problems"] += _problems_of_pack(configuration_of(directory, stack), error.mistakes)
        document["exitCode"] = WRONG_USE
        return
    except PackError as error:
        if error.details:
            print(error.details.rstrip(), file=sys.stderr)
        words = f"The policy pack could not judge: {error}."
        document["problems"].append(problem(words + (" Its output is on standard error." if error.details else "")))
        document["exitCode"] = FAILED
        return
    if not config.mistakes:
        from tools.preview.acls import take_acls  # noqa: PLC0415 - the settings' library takes long to import: help needs none

        take_acls(document, project, config, today)
    document["verdicts"] = verdicts.rows()
    if any(row["enforcement"] == MANDATORY for row in document["verdicts"]):
        # What is known of the pack's configuration where a guard ended the program is that it is wrong.
        document["exitCode"] = WRONG_USE if document["problems"] else REFUSED


def _run(
    document: Document,
    directory: Path,
    config: StackConfig,
    listed: PriceList | None,
    verdicts: Verdicts,
    *,
    today: datetime.date,
    new: bool,
) -> None:
    """Runs the program twice, and has the pack judge both runs."""
    settings = configuration_of(directory, config.stack)
    with PolicyPack(directory / POLICIES) as pack:
        # It takes as long to start as the program: it boots in a process of its own meanwhile.
        pack.start(project=config.project, stack=config.stack, config=config.values)
        from offline.engine.run import run_program  # noqa: PLC0415 - Pulumi's SDK takes 0.2 s to import: the pack starts meanwhile
        from offline.pack.resources import judged_resources  # noqa: PLC0415 - likewise

        judge = partial(pack.judge, config_file=settings if settings.is_file() else None)
        try:
            planned = run_program(directory, config, dry_run=True, hooks_stop=new)
        except ProgramFailed:
            _take_mistakes_of_pack(document, pack, settings, today)
            raise
        if config.mistakes:
            # The program can live with them, and the CLI would not have started it.
            document["problems"] += with_mistakes([], config)
            _take_mistakes_of_pack(document, pack, settings, today)
            document["exitCode"] = WRONG_USE
            return
        _take_preview(document, planned, listed)
        # The pack has a process of its own: it judges the first run while the program runs a second time.
        with ThreadPoolExecutor(max_workers=1) as judging:
            judged = [judging.submit(judge, planned)]
            simulated = run_program(directory, config, dry_run=False, hooks_stop=new)
            judged.append(judging.submit(judge, simulated))
            _take_simulated(document, planned, simulated)
        for refusal in planned.refused:
            verdicts.refused(refusal, PREVIEW, new=new)
        urns = {resource.urn for run in (planned, simulated) for resource in judged_resources(run)}
        wrong = [*too_long(settings, today), *of_nothing(settings, urns)] if settings.is_file() else []
        for judgement, phase in zip(_judgements(judged, wrong), (PREVIEW, SIMULATED), strict=True):
            verdicts.judged(judgement, phase)
    document["policies"] = verdicts.policies(named(settings) if settings.is_file() else "")


def _take_mistakes_of_pack(document: Document, pack: PolicyPack, settings: Path, today: datetime.date) -> None:
    """Tells what is wrong with the pack's configuration beside what ended the program: all mistakes at once."""
    if settings.is_file():
        with contextlib.suppress(PackError):
            document["problems"] += _problems_of_pack(settings, mistakes_in(pack, settings, today))


def _problems_of_pack(settings: Path, mistakes: Iterable[Mistake]) -> list[ProblemRow]:
    return [problem(mistake.message, mistake.file, mistake.line) for mistake in placed(settings, mistakes)]


def _judgements(judged: Iterable[Future[Judgement]], wrong: Iterable[Mistake]) -> list[Judgement]:
    """What the pack said, unless its configuration is wrong.

    Args:
        judged: The runs that it judges.
        wrong: What is known to be wrong with its configuration.

    Raises:
        PackConfigError: With all that is wrong.
    """
    try:
        judgements = [judgement.result() for judgement in judged]
    except PackConfigError as error:
        raise PackConfigError([*error.mistakes, *wrong]) from None
    if mistakes := list(wrong):
        raise PackConfigError(mistakes)
    return judgements


def _take_preview(document: Document, run: Run, listed: PriceList | None) -> None:
    inventory = rows(run)
    document["resources"] = resource_rows(inventory)
    document["capacity"] = [capacity_row(capacity) for capacity in capacities(inventory)]
    document["serverless"] = [serverless_row(capacity) for capacity in serverless_capacities(inventory)]
    document["cost"] = cost_row(monthly_cost(inventory, document["region"] or "", listed))
    document["warnings"] += _warnings(run)
    document["output"] = [diagnostic.message for diagnostic in run.diagnostics if diagnostic.severity == "info"]


def _take_simulated(document: Document, planned: Run, simulated: Run) -> None:
    document["exports"] = export_rows(planned.exports, simulated.exports, UNKNOWN)
    said = {(warning["resource"], warning["message"]) for warning in document["warnings"]}
    document["warnings"] += [warning for warning in _warnings(simulated) if (warning["resource"], warning["message"]) not in said]


def _config_warnings(config: StackConfig) -> list[WarningRow]:
    """What of the configuration is not known here."""
    words = [str(warning) for warning in config.warnings]
    words += [
        f"{config.file}: this preview does not resolve the ESC environment {name}; its values are missing here."
        for name in config.unresolved_environments
    ]
    words += [f"{config.file}: {key} is encrypted; this preview uses a placeholder." for key in config.unknown_secrets]
    return [{"message": message, "resource": ""} for message in words]


def _warnings(run: Run) -> list[WarningRow]:
    """What the program warned of, but for the day: the report says that itself."""
    return [
        {"message": diagnostic.message, "resource": diagnostic.urn}
        for diagnostic in run.diagnostics
        if diagnostic.severity in ("warning", "error") and not diagnostic.message.startswith(PINNED_DAY)
    ]
