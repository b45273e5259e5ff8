"""`python -m tests.mutations`: writes docs/mutations.md anew from the mutants of the production stack."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "policies")]
# The preview and the pack take the day from here.
os.environ["SOURCE_DATE_EPOCH"] = "1795392000"

from support.mutation_run import report, resources_outcomes, settings_outcomes  # noqa: E402 - needs the path above

(ROOT / "docs" / "mutations.md").write_text(report(settings_outcomes(), resources_outcomes(every=True)), encoding="utf-8")
