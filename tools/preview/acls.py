"""Whose ACLs are enforced, as far as the receipt beside the stack file says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.checks.access import UNTIL_ACLS
from domain.problems import SettingsError
from tools.acls.coverage import coverage_of
from tools.acls.terms import terms_of
from tools.preview.rows import acls_row
from tools.shared.commands import CommandError
from tools.shared.stack_settings import loaded_stack

if TYPE_CHECKING:
    import datetime

    from offline.project.loading import Project, StackConfig
    from tools.preview.document import Document


def take_acls(document: Document, project: Project, config: StackConfig, today: datetime.date) -> None:
    """Takes what the receipt of a stack's ACLs covers.

    Args:
        document: The preview, whose program took the configuration; it gets the row, and loses a warning that is answered.
        project: The project.
        config: The stack's configuration.
        today: The day on which it is judged.
    """
    try:
        loaded = loaded_stack(project, config, today=today)
    except (SettingsError, CommandError):
        # The program took this configuration: it is not this template's, and has no clients of a stack file.
        return
    coverage = coverage_of(terms_of(config.stack, loaded.plan.region, loaded.settings), project.stack_directory)
    document["acls"] = acls_row(coverage)
    if coverage and coverage.is_whole:
        # The program knows no receipt.
        document["warnings"] = [row for row in document["warnings"] if UNTIL_ACLS not in row["message"]]
