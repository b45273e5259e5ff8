"""`python -m tests.pictures`: runs brokers under load, and draws docs/dashboards/*.svg from what a real Prometheus then answers.

It takes a quarter of an hour: rates over five minutes are not known before. `--again` draws the answers of the last run.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "policies")]

from support.dashboard_pictures import draw  # noqa: E402 - needs the path above
from support.kafka.installation import compiled_programs, find_kafka  # noqa: E402
from support.kafka.observed import as_asked, load, observed  # noqa: E402

SHOWN_SECONDS = 480
BEFORE_SECONDS = 330
STEP_SECONDS = 5
ANSWERS = ROOT / "build" / "pictures.json"
PAGES = {path: json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "docs" / "dashboards").glob("*.json"))}
CAPTION = (
    "Query results of a real Prometheus that scraped three brokers of Apache Kafka under load on one machine, redrawn; "
    "not Grafana's picture. Consumer lag is simulated."
)


def ask() -> int:
    """Keeps what Prometheus answers; 1 when Kafka is not at hand."""
    found = find_kafka()
    if isinstance(found, str):
        print(found, file=sys.stderr)
        return 1
    queries = {target["expr"] for page in PAGES.values() for panel in page["panels"] for target in panel.get("targets", ())}
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "programs").mkdir()
        programs = compiled_programs(found.kafka, found.streams)
        with observed(directory, found, programs) as (cluster, prometheus):
            begun = time.monotonic()
            for _ in load(cluster):
                if time.monotonic() - begun > BEFORE_SECONDS + SHOWN_SECONDS:
                    break
            end = time.time()
            start = end - SHOWN_SECONDS
            answers = {query: prometheus.ask_over(as_asked(query), start, end, STEP_SECONDS) for query in queries}
    ANSWERS.parent.mkdir(exist_ok=True)
    ANSWERS.write_text(json.dumps([[start, end], answers]), encoding="utf-8")
    return 0


def draw_all() -> None:
    """Draws all dashboards from the answers that were kept."""
    shown, answers = json.loads(ANSWERS.read_text(encoding="utf-8"))
    for path, page in PAGES.items():
        draw(page, answers, shown, CAPTION, path.with_suffix(".svg"))
        print(f"docs/dashboards/{path.stem}.svg is drawn.")


if __name__ == "__main__":
    code = 0 if sys.argv[1:] == ["--again"] else ask()
    if not code:
        draw_all()
    sys.exit(code)
