"""What `python -m tools reassign` refuses before it asks a cluster, and an unfinished plan that no longer fits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.stacks import project_with
from tools.reassign.command import main
from tools.reassign.layout import Layout, Partition
from tools.reassign.plan import Move
from tools.reassign.progress import Progress, progress_in
from tools.reassign.reading import Broker, Snapshot, Topics
from tools.reassign.terms import MEGABYTE, terms_of
from tools.shared.amounts import duration, size
from tools.shared.commands import REFUSED, CommandError
from tools.shared.stack_settings import settings_of

if TYPE_CHECKING:
    from pathlib import Path

_STANDARD = {"brokerType": "kafka.m7g.large"}
_EXPRESS = {"brokerType": "express.m7g.large"}
_ACTIVE = {"State": "ACTIVE", "ClusterType": "PROVISIONED"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = {"standard": _STANDARD, "express": _EXPRESS, "small": {}}
    directory = project_with(
        tmp_path_factory.mktemp("project"), {name: json.dumps({"config": config}) for name, config in texts.items()}
    )
    (directory / "client.properties").write_text("bootstrap.servers=b-1:9098,b-2:9098\n", encoding="utf-8")
    (directory / "empty.properties").write_text("bootstrap.servers=BOOTSTRAP\n", encoding="utf-8")
    return directory


def run(project: Path, *arguments: str, stack: str = "standard", client: str = "client.properties") -> int:
    options = ["--directory", str(project), "--stack", stack, "--command-config", str(project / client)]
    return main([*options, "--state", str(project / "state.json"), "--kafka", str(project), *arguments])


def described(project: Path, **cluster: Any) -> str:
    file = project / "cluster.json"
    file.write_text(json.dumps({"ClusterInfo": {**_ACTIVE, **cluster}}), encoding="utf-8")
    return str(file)


def test_express_brokers_need_proof_that_rebalancing_is_paused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, stack="express") == 1
    said = capsys.readouterr().err
    assert "intelligent rebalancing moves the partitions" in said
    assert "aws kafka describe-cluster-v2" in said


@pytest.mark.parametrize("provisioned", [{"Rebalancing": {"Status": "ACTIVE"}}, {}, None])
def test_where_rebalancing_is_not_paused_amazon_msk_moves_them(
    project: Path, provisioned: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project, "--cluster", described(project, Provisioned=provisioned), stack="express") == 1
    assert "Only while it is PAUSED may you." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("cluster", "message"),
    [
        ({"ClusterType": "SERVERLESS"}, "Amazon MSK Serverless has no brokers of yours"),
        ({"State": "UPDATING"}, "The cluster is UPDATING. Wait until it is ACTIVE."),
    ],
)
def test_a_cluster_whose_partitions_nobody_may_move_now_is_refused(
    project: Path, cluster: dict[str, str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project, "--cluster", described(project, **cluster)) == 1
    assert message in capsys.readouterr().err


def test_standard_brokers_move_ten_at_a_time_and_express_brokers_twenty(project: Path) -> None:
    paused = {**_ACTIVE, "Provisioned": {"Rebalancing": {"Status": "PAUSED"}}}
    standard = terms_of("standard", settings_of(project, "standard").settings, None)
    express = terms_of("express", settings_of(project, "express").settings, paused)
    assert (standard.most, express.most) == (10, 20)
    # 78.75 MiB/s of EBS, the half of it, 3.0 of 6.5 parts; a quarter of 15.6 MB/s.
    assert standard.throttle == pytest.approx(78.75 * 1024**2 * 0.5 * 3.0 / 6.5, rel=1e-6)
    assert express.throttle == pytest.approx(3.9 * MEGABYTE, rel=1e-6)


@pytest.mark.parametrize(
    ("partitions", "size", "lacking"),
    [
        (1500, 1, []),
        (1501, 1, ["Broker 1 would hold 1501 partitions, and kafka.m7g.large takes 1500."]),
        (1, 1 << 50, ["Broker 1 would hold 1024 TiB"]),
    ],
)
def test_what_a_broker_could_not_hold_is_named(project: Path, partitions: int, size: int, lacking: list[str]) -> None:
    terms = terms_of("standard", settings_of(project, "standard").settings, None)
    names = [Partition("orders", number) for number in range(partitions)]
    now = Layout({1: "a", 2: "b"}, dict.fromkeys(names, (2,)), dict.fromkeys(names, size))
    problems = terms.lack_of_room(now, now.with_replicas(dict.fromkeys(names, (1,))))
    assert len(problems) == len(lacking)
    assert all(problem.startswith(start) for problem, start in zip(problems, lacking, strict=True))
    # What it holds already is no reason to leave everything as it is.
    assert terms.lack_of_room(now, now) == []


@pytest.mark.parametrize(
    ("stack", "client", "message"),
    [
        ("small", "client.properties", "AWS publishes no EBS throughput of kafka.t3.small, so there is no default"),
        ("standard", "empty.properties", "bootstrap.servers is BOOTSTRAP"),
        ("standard", "client.properties", "kafka-reassign-partitions.sh, kafka-topics.sh. Give Kafka's directory"),
        ("standard", "none.properties", "none.properties"),
    ],
)
def test_what_is_wrong_is_named(project: Path, stack: str, client: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, stack=stack, client=client) == 2
    assert message in capsys.readouterr().err


def test_all_that_is_wrong_is_named_at_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, stack="small", client="empty.properties") == 2
    said = capsys.readouterr().err
    assert all(part in said for part in ("give --throttle MB", "bootstrap.servers is BOOTSTRAP", "Give Kafka's directory"))


def test_what_is_not_what_aws_says_of_a_cluster_is_wrong_use(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, "--cluster", str(project / "client.properties")) == 2
    assert "it is not the JSON of `aws kafka describe-cluster-v2`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--remove-brokers", "7;8"), "'7;8' are no broker IDs. Write them like 7,8,9."),
        (("--throttle", "0"), "'0' is no rate in MB/s."),
        (("--throttle", "inf"), "'inf' is no rate in MB/s."),
        (("--throttle", "fast"), "'fast' is no rate in MB/s."),
        (("--apply", "--cancel"), "not allowed with"),
    ],
)
def test_options_that_mean_nothing_are_wrong_use(
    project: Path, arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(project, *arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_a_client_s_file_that_is_not_there_is_named_with_its_option(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, client="nowhere.properties") == 2
    said = capsys.readouterr().err
    assert said.startswith(f"--command-config {project / 'nowhere.properties'}: No such file or directory.")


# --- An unfinished plan -----------------------------------------------------------------------------------------

_FIRST = Move(Partition("orders", 0), (1, 2, 3), (4, 2, 3), 10)
_SECOND = Move(Partition("orders", 1), (1, 2, 3), (1, 5, 3), 20)


def cluster_with(replicas: dict[Partition, tuple[int, ...]], brokers: int = 6) -> Snapshot:
    topics = Topics(replicas, {}, [], [])
    return Snapshot({broker: Broker(f"b-{broker}:9098", "a") for broker in range(1, brokers + 1)}, topics, {}, [])


@pytest.fixture
def unfinished() -> Progress:
    addresses = {broker: f"b-{broker}:9098" for broker in range(1, 7)}
    return Progress(addresses, frozenset({6}), [[_FIRST], [_SECOND]], done=1)


def test_an_unfinished_plan_is_read_as_it_was_written(tmp_path: Path, unfinished: Progress) -> None:
    file = tmp_path / "state.json"
    assert progress_in(file) is None
    unfinished.save(file)
    assert progress_in(file) == unfinished
    assert unfinished.rest == [[_SECOND]]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "batches": 7}'])
def test_a_file_of_something_else_is_no_plan(tmp_path: Path, text: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match="it holds no plan of this command"):
        progress_in(file)


@pytest.mark.parametrize("present", [_SECOND.before, _SECOND.after, (1, 5, 3, 2)])
def test_an_unfinished_plan_fits_while_its_partitions_are_where_it_left_or_wants_them(
    tmp_path: Path, unfinished: Progress, present: tuple[int, ...]
) -> None:
    # What is done may have moved on since.
    snapshot = cluster_with({_FIRST.partition: (6, 5, 4), _SECOND.partition: present})
    assert unfinished.still_fits(snapshot, tmp_path) == unfinished


def test_topics_that_are_deleted_leave_an_unfinished_plan(tmp_path: Path, unfinished: Progress) -> None:
    fitting = unfinished.still_fits(cluster_with({_FIRST.partition: _FIRST.after}), tmp_path)
    assert fitting.rest == [[]]


@pytest.mark.parametrize(
    ("snapshot", "message"),
    [
        (cluster_with({_FIRST.partition: (4, 2, 3), _SECOND.partition: (2, 1, 3)}), "Someone else moved .*: orders-1"),
        (cluster_with({}, brokers=9), "of a cluster with other brokers"),
    ],
)
def test_an_unfinished_plan_that_no_longer_fits_is_refused(
    tmp_path: Path, unfinished: Progress, snapshot: Snapshot, message: str
) -> None:
    with pytest.raises(CommandError, match=message) as error:
        unfinished.still_fits(snapshot, tmp_path)
    assert error.value.code == REFUSED


def test_amounts_are_for_people() -> None:
    assert [size(number) for number in (0, 1023, 1536, 20 * 1024, 3 * 1024**3)] == [
        "0 B",
        "1023 B",
        "1.5 KiB",
        "20 KiB",
        "3.0 GiB",
    ]
    assert [duration(number) for number in (7, 99, 600, 5 * 3600)] == ["7 s", "99 s", "10 min", "5.0 h"]
