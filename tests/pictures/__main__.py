"""`python -m tests.pictures`: runs brokers under load, stops one of them, and draws the dashboards from what was seen.

It takes twenty minutes: rates over five minutes are not known before. `--again` draws the answers of the last run.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confluent_kafka import ElectionType

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "policies")]

from domain.monitoring.dashboard import dashboard_body  # noqa: E402 - needs the path above
from domain.monitoring.terms import Lag, Watched  # noqa: E402
from domain.msk.brokers import BROKER_TYPES  # noqa: E402
from domain.msk.metrics import Level  # noqa: E402
from pictures.cloudwatch_metrics import MORE_SERIES, QUERIES, SEARCHED, as_cloudwatch  # noqa: E402
from pictures.measured import USED_BEFORE_GIB, VOLUME_GIB, Measured  # noqa: E402
from pictures.traffic import READING, traffic  # noqa: E402
from support.cloudwatch_pictures import draw_cloudwatch  # noqa: E402
from support.dashboard_pictures import draw  # noqa: E402
from support.kafka.cluster import BROKERS  # noqa: E402
from support.kafka.installation import compiled_programs, find_kafka  # noqa: E402
from support.kafka.observed import CLUSTER, GROUP, LAG_LIMITS, as_asked, observed  # noqa: E402

if TYPE_CHECKING:
    from support.kafka.cluster import Cluster
    from support.prometheus_server import Prometheus

BEFORE_SECONDS = 310
CALM_SECONDS = 360
# Of the incident: before it, without the broker, until the leaders are given back, and after that.
INCIDENT_SECONDS = (60, 150, 90, 180)
STEP_SECONDS = 5
STOPPED_BROKER = 2
ANSWERS = ROOT / "build" / "pictures.json"
DIRECTORY = ROOT / "docs" / "dashboards"
PAGES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(DIRECTORY.glob("*.json"))}
INCIDENT_PAGES = ("msk-cluster-overview", "msk-consumer-lag")
RUN = (
    f"Three brokers of Apache Kafka under load on one machine; CPU and disk are those of each broker's process, on volumes taken "
    f"to have {VOLUME_GIB} GiB with {USED_BEFORE_GIB} GiB used before; lag is computed from the brokers' offsets."
)
STORY = (
    f"\nShaded: broker {STOPPED_BROKER} was killed and the reader of group {GROUP} stopped, as if their zone failed, until both "
    f"were back. The broker had its leaders back {INCIDENT_SECONDS[2]} seconds after that."
)
OF_GRAFANA = f"Query results of a real Prometheus, redrawn; not Grafana's picture.\n{RUN}"
OF_CLOUDWATCH = (
    f"Our drawing of the dashboard's definition; not a screenshot of the console.\n{RUN}\nTheir metrics have "
    f"Amazon MSK's names, and a value every {STEP_SECONDS} seconds instead of every minute, every minute instead of every hour. "
    "Left out is what only AWS has: the section Throttling."
)


def ask() -> int:
    """Keeps what Prometheus answers, of brokers that are sound and of an incident; 1 when Kafka is not at hand."""
    found = find_kafka()
    if isinstance(found, str):
        print(found, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "programs").mkdir()
        programs = compiled_programs(found.kafka, found.streams)
        with (
            observed(
                directory, found, programs, measured=lambda brokers: Measured(brokers, READING).address, more=MORE_SERIES
            ) as (
                cluster,
                prometheus,
            ),
            traffic(cluster) as groups_away,
        ):
            time.sleep(BEFORE_SECONDS + CALM_SECONDS)
            calm = _answers(prometheus, CALM_SECONDS)
            incident = _incident(cluster, prometheus, groups_away)
    ANSWERS.parent.mkdir(exist_ok=True)
    ANSWERS.write_text(json.dumps({"calm": calm, "incident": incident}), encoding="utf-8")
    return 0


def _incident(cluster: Cluster, prometheus: Prometheus, groups_away: set[str]) -> dict[str, Any]:
    """A zone fails: with a broker goes the reader of a group that has only one."""
    begun = time.monotonic()
    before, away, uneven, after = INCIDENT_SECONDS
    time.sleep(before)
    killed = time.time()
    groups_away.add(GROUP)
    cluster.kill_broker(STOPPED_BROKER)
    time.sleep(away)
    cluster.start_broker(STOPPED_BROKER)
    groups_away.clear()
    returned = time.time()
    time.sleep(uneven)
    # What Amazon MSK's brokers do by themselves, every five minutes.
    cluster.admin.elect_leaders(ElectionType.PREFERRED).result()
    time.sleep(after)
    return {**_answers(prometheus, time.monotonic() - begun), "away": [killed, returned]}


def _answers(prometheus: Prometheus, seconds: float) -> dict[str, Any]:
    end = time.time()
    start = end - seconds
    panels = {target["expr"] for page in PAGES.values() for panel in page["panels"] for target in panel.get("targets", ())}

    def over(query: str) -> list[dict[str, Any]]:
        return prometheus.ask_over(query, start, end, STEP_SECONDS)

    return {
        "shown": [start, end],
        "grafana": {query: over(as_asked(query)) for query in panels},
        "cloudwatch": {
            **{name: as_cloudwatch(over(query)) for name, query in QUERIES.items()},
            **{f"{name} by {dimension}": as_cloudwatch(over(query)) for (name, dimension), query in SEARCHED.items()},
        },
    }


def _dashboard() -> dict[str, Any]:
    """The CloudWatch dashboard of a cluster such as was run."""
    watched = Watched(BROKER_TYPES["kafka.m7g.large"], len(BROKERS), Level.PER_BROKER, tls=True, volume_mib_per_second=250)
    lags = [Lag(limit.group, limit.topic, limit.seconds) for limit in LAG_LIMITS]
    return dashboard_body(CLUSTER, "eu-west-1", watched, has_zookeeper=False, lags=lags)


def draw_all() -> None:
    """Draws all dashboards from the answers that were kept."""
    known = json.loads(ANSWERS.read_text(encoding="utf-8"))
    for name, story in (("calm", ""), ("incident", STORY)):
        answers, ending = known[name], "" if name == "calm" else f"-{name}"
        for stem, page in PAGES.items():
            if name == "calm" or stem in INCIDENT_PAGES:
                file = DIRECTORY / f"{stem}{ending}.svg"
                draw(page, answers["grafana"], answers["shown"], OF_GRAFANA + story, file, away=answers.get("away"))
                print(f"docs/dashboards/{file.name} is drawn.")
        file = DIRECTORY / f"cloudwatch{ending}.svg"
        draw_cloudwatch(
            _dashboard(),
            answers["cloudwatch"],
            answers["shown"],
            file,
            title=f"CloudWatch dashboard {CLUSTER}",
            caption=OF_CLOUDWATCH + story,
            away=answers.get("away"),
        )
        print(f"docs/dashboards/{file.name} is drawn.")


if __name__ == "__main__":
    code = 0 if sys.argv[1:] == ["--again"] else ask()
    if not code:
        draw_all()
    sys.exit(code)
