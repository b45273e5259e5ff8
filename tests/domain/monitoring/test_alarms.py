"""Alarms: which cluster gets which, that each can fire, and that each is in the runbook."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.monitoring.alarm_texts import LONGEST_DESCRIPTION, Leads, amount, dashboard_address, description, duration, quantity
from domain.monitoring.alarms import (
    LONGEST_NAME,
    LONGEST_RULE,
    MOST_CHILDREN,
    Alarm,
    Change,
    alarms,
    alarms_of_a_higher_level,
    change_problem,
    composite_rules,
    higher_level_note,
)
from domain.monitoring.log_watch import WATCHES
from domain.monitoring.prometheus_rules import alert_rules
from domain.monitoring.rules import ALARM_RULES
from domain.monitoring.terms import AlarmRule, Comparison, Lag, Missing, Scope, Severity, Watched
from domain.msk.brokers import BROKER_TYPES, ListedBrokerType
from domain.msk.metrics import METRICS, ClusterKind, Level, Only
from domain.msk.volumes import volume_throughput

RUNBOOK = (Path(__file__).resolve().parents[3] / "docs" / "runbook.md").read_text()
ADDRESS = "https://github.com/example-organisation/streaming-platform/blob/main/docs/runbook.md"


def watched(
    broker: str | None,
    level: Level = Level.DEFAULT,
    brokers: int = 3,
    *,
    iam: bool = False,
    scram: bool = False,
    tls: bool = False,
) -> Watched:
    row = BROKER_TYPES[broker] if broker else None
    volumes = volume_throughput(row, volume_gib=1000) if row and not row.is_express else None
    topics = {} if row else {"orders.v1": 12, "state": 1}
    return Watched(
        row,
        brokers if row else 0,
        level,
        iam=iam,
        scram=scram,
        tls=tls,
        volume_mib_per_second=volumes,
        partitions_of_topics=topics,
    )


def names(cluster: Watched, *lags: Lag) -> set[str]:
    return {alarm.rule.name for alarm in alarms(cluster, lags)}


clusters = st.builds(
    watched,
    st.sampled_from([*BROKER_TYPES, None]),
    st.sampled_from(Level),
    st.integers(2, 60),
    iam=st.booleans(),
    scram=st.booleans(),
    tls=st.booleans(),
)
LAG = Lag("billing", "orders.v1", 300)
group_names = st.from_regex(r"[A-Za-z0-9._/#@+=-]{1,256}", fullmatch=True)
topic_names = st.from_regex(r"[A-Za-z0-9._-]{1,249}", fullmatch=True)
some_lags = st.lists(
    st.builds(Lag, group_names, topic_names, st.integers(1, 86_400)),
    max_size=4,
    unique_by=lambda lag: (lag.group, lag.topic),
)

EVERY = {"no-controller", "broker-silent", "cpu", "partitions"}
STANDARD = EVERY | {
    "offline-partitions",
    "under-min-isr",
    "disk-full",
    "disk-used",
    "under-replicated",
    "heap",
    "traffic-shaping",
}
DETAIL = {"request-handlers", "network-processors", "iam-throttled", "iam-connection-rate"}
STANDARD_DETAIL = DETAIL | {"network-allowance", "file-descriptors"}
EXPRESS = EVERY | {"ingress-quota", "egress-quota", "storage-unusual"}
EXPRESS_DETAIL = DETAIL | {"produce-throttled", "fetch-throttled"}


@pytest.mark.parametrize(
    ("broker", "always", "detail"),
    [
        ("kafka.t3.small", STANDARD | {"cpu-credits"}, STANDARD_DETAIL),
        ("kafka.m7g.large", STANDARD, STANDARD_DETAIL | {"volume-throughput"}),
        ("kafka.m5.24xlarge", STANDARD, STANDARD_DETAIL | {"volume-throughput"}),
        ("express.m7g.large", EXPRESS, EXPRESS_DETAIL),
    ],
)
def test_each_kind_of_cluster_has_its_alarms_at_each_level(broker: str, always: set[str], detail: set[str]) -> None:
    for level in Level:
        expected = always | {"connections-iam", "consumer-lag"} | (set() if level is Level.DEFAULT else detail)
        assert names(watched(broker, level, iam=True), LAG) == expected, level


SERVERLESS = {"cluster-ingress", "cluster-egress", "topic-ingress", "topic-egress"}


def test_a_serverless_cluster_is_watched_for_lag_and_for_its_quotas() -> None:
    assert names(watched(None), LAG) == {"consumer-lag"} | SERVERLESS
    assert names(watched(None)) == SERVERLESS


def test_serverless_quotas_count_by_cluster_and_by_partition() -> None:
    thresholds = {alarm.key: alarm.threshold for alarm in alarms(watched(None))}
    # MSK Developer Guide, "Amazon MSK quota": 200 and 400 MB/s a cluster, 5 and 10 MB/s a partition; four fifths of them.
    assert thresholds == {
        "cluster-ingress": 160_000_000,
        "cluster-egress": 320_000_000,
        "topic-ingress/orders.v1": 48_000_000,
        "topic-ingress/state": 4_000_000,
        "topic-egress/orders.v1": 96_000_000,
        "topic-egress/state": 8_000_000,
    }


def test_a_threshold_of_a_team_is_that_of_a_partition() -> None:
    found = alarms(watched(None), changes={"topic-ingress": Change(1_000_000)})
    assert {alarm.key: alarm.threshold for alarm in found if alarm.rule.name == "topic-ingress"} == {
        "topic-ingress/orders.v1": 12_000_000,
        "topic-ingress/state": 1_000_000,
    }


def test_the_traffic_of_all_topics_is_asked_of_cloudwatch_at_once() -> None:
    (alarm,) = [alarm for alarm in alarms(watched(None)) if alarm.rule.name == "cluster-ingress"]
    query = 'SELECT SUM(BytesInPerSec) FROM SCHEMA("AWS/Kafka", "Cluster Name", Topic) WHERE "Cluster Name" = \'orders\''
    assert alarm.sum_of_topics("orders") == query


@given(clusters, some_lags)
def test_every_alarm_looks_at_what_the_cluster_emits(cluster: Watched, lags: list[Lag]) -> None:
    emitted = {
        (row.name, frozenset(row.dimensions)): row
        for row in METRICS
        if row.kind is cluster.kind and list(Level).index(row.level) <= list(Level).index(cluster.level)
    }
    for alarm in alarms(cluster, lags):
        for query in alarm.rule.queries:
            of_topics = {"Topic"} if alarm.rule.scope is Scope.ALL_TOPICS else set()
            row = emitted[query.metric, frozenset({"Cluster Name", *of_topics, *alarm.dimensions(query)})]
            assert row.only is None or (row.only is Only.BURSTABLE and cluster.broker and cluster.broker.is_burstable)


@pytest.mark.parametrize("rule", ALARM_RULES, ids=lambda rule: rule.name)
def test_there_is_a_cluster_for_every_rule(rule: AlarmRule) -> None:
    every = [watched(broker, Level.PER_TOPIC_PER_PARTITION, iam=True, scram=True, tls=True) for broker in (*BROKER_TYPES, None)]
    assert any(rule.name in names(cluster, LAG) for cluster in every)


@given(clusters, some_lags, st.sampled_from(["orders", "o" * 64]))
def test_no_two_alarms_have_one_name_and_no_name_is_too_long(cluster: Watched, lags: list[Lag], name: str) -> None:
    found = alarms(cluster, lags)
    in_cloudwatch = [alarm.name(name) for alarm in found]
    assert len({alarm.key for alarm in found}) == len(found) == len(set(in_cloudwatch))
    assert all(len(text) <= LONGEST_NAME and text.startswith(f"{name}/") for text in in_cloudwatch)


@given(topic_names, topic_names, topic_names)
def test_a_group_and_its_topic_cannot_be_taken_for_another_pair(first: str, second: str, third: str) -> None:
    pairs = [
        Lag(f"{first}/{second}", third, 60),
        Lag(first, third, 60),
        Lag(second, third, 60),
        Lag(f"{first}-{second}", third, 60),
    ]
    pairs = list({(pair.group, pair.topic): pair for pair in pairs}.values())
    of_groups = [alarm for alarm in alarms(watched(None), pairs) if alarm.rule.scope is Scope.GROUP]
    assert len({alarm.key for alarm in of_groups}) == len(pairs)


@given(clusters)
def test_each_broker_has_the_same_alarms_and_no_other_broker_has_any(cluster: Watched) -> None:
    of_broker: dict[str, set[str]] = {str(number): set() for number in range(1, cluster.brokers + 1)}
    for alarm in alarms(cluster):
        broker = dict(alarm.subject).get("Broker ID")
        assert (broker is not None) is (alarm.rule.scope is Scope.BROKER)
        if broker is not None:
            of_broker[broker].add(alarm.rule.name)
    assert len({frozenset(found) for found in of_broker.values()}) <= 1


@given(clusters)
def test_a_broker_more_moves_no_alarm(cluster: Watched) -> None:
    if cluster.broker:
        more = alarms(replace(cluster, brokers=cluster.brokers + 1))
        last = str(cluster.brokers + 1)
        assert tuple(item for item in more if dict(item.subject).get("Broker ID") != last) == alarms(cluster)


@given(clusters, some_lags)
def test_thresholds_are_within_what_a_stack_may_set_and_what_the_metric_can_be(cluster: Watched, lags: list[Lag]) -> None:
    for alarm in alarms(cluster, lags):
        if alarm.rule.bounds:
            lowest, highest = alarm.rule.bounds
            topic = dict(alarm.subject)["Topic"] if alarm.rule.scope is Scope.TOPIC else ""
            each = alarm.threshold / cluster.partitions_of_topics.get(topic, 1)
            assert lowest <= each <= highest, alarm.key
        if alarm.rule.unit == "%":
            assert 0 < alarm.threshold < 100
        if alarm.rule.comparison is Comparison.BELOW:
            assert alarm.threshold > 0, "nothing is below zero"


@given(st.sampled_from([row for row in BROKER_TYPES.values() if row.is_express]))
def test_express_alarms_come_before_the_broker_throttles(row: ListedBrokerType) -> None:
    found = {alarm.rule.name: alarm.threshold for alarm in alarms(watched(row.name))}
    assert row.sustained_ingress_mb_per_second
    assert row.maximum_ingress_mb_per_second
    assert found["ingress-quota"] < row.sustained_ingress_mb_per_second * 1e6 < row.maximum_ingress_mb_per_second * 1e6
    assert found["partitions"] <= row.partitions_maximum


@given(st.sampled_from([row for row in BROKER_TYPES.values() if row.ebs_mib_per_second]), st.integers(10, 16384))
def test_volume_alarms_come_before_the_volume_is_at_its_limit(broker: ListedBrokerType, gib: int) -> None:
    limit = volume_throughput(broker, volume_gib=gib)
    assert limit is not None
    cluster = Watched(broker, 3, Level.PER_BROKER, volume_mib_per_second=limit)
    (threshold,) = {alarm.threshold for alarm in alarms(cluster) if alarm.rule.name == "volume-throughput"}
    assert 0 < threshold < limit


def test_the_smallest_broker_takes_far_fewer_new_iam_connections() -> None:
    rates = {
        name: next(
            entry.threshold
            for entry in alarms(watched(name, Level.PER_BROKER, iam=True))
            if entry.rule.name == "iam-connection-rate"
        )
        for name in ("kafka.t3.small", "kafka.m7g.large")
    }
    assert rates == {"kafka.t3.small": pytest.approx(3.2), "kafka.m7g.large": 80}


@pytest.mark.parametrize("mechanism", ["iam", "scram", "tls"])
def test_connections_are_watched_by_the_mechanisms_that_are_on(mechanism: str) -> None:
    on = names(watched("kafka.m7g.large", iam=mechanism == "iam", scram=mechanism == "scram", tls=mechanism == "tls"))
    assert {name for name in on if name.startswith("connections")} == {f"connections-{mechanism}"}


@pytest.mark.parametrize("rule", ALARM_RULES, ids=lambda rule: rule.name)
def test_a_rule_is_one_that_cloudwatch_takes(rule: AlarmRule) -> None:
    assert 1 <= rule.breaching <= rule.evaluated
    # CloudWatch API reference, PutMetricAlarm: a multiple of 60 seconds (of 10 below that); all periods together a day at most.
    assert rule.period % 60 == 0
    assert rule.period * rule.evaluated <= 86_400
    ids = {query.id for query in rule.queries}
    assert len(ids) == len(rule.queries)
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9_]*", id_) for id_ in ids)
    assert bool(rule.expression) is (len(rule.queries) > 1)
    assert all(re.search(rf"\b{id_}\b", rule.expression) for id_ in ids if rule.expression)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.missing_reason.endswith(".")
    assert rule.happened.count("{time}") == 1
    assert ("{amount}" in rule.happened) or rule.bounds is None
    assert rule.means.endswith(".")
    assert rule.first.endswith(".")
    assert rule.source


@pytest.mark.parametrize("metric", ["ClientConnectionCount", "ConnectionCreationRate", "BytesInPerSec", "BytesOutPerSec"])
def test_what_is_reported_in_several_data_points_a_minute_is_summed_over_one_minute(metric: str) -> None:
    rules = [(rule, query) for rule in ALARM_RULES for query in rule.queries if query.metric == metric]
    assert rules
    assert all(query.statistic == "Sum" and rule.period == 60 for rule, query in rules)


@pytest.mark.parametrize(
    "metric", ["ActiveControllerCount", "OfflinePartitionsCount", "EstimatedMaxTimeLag", "KafkaDataLogsDiskUsed"]
)
def test_what_one_broker_alone_reports_is_never_averaged(metric: str) -> None:
    found = {query.statistic for rule in ALARM_RULES for query in rule.queries if query.metric == metric}
    assert found == {"Maximum"}


def test_a_missing_controller_breaches_and_a_missing_lag_does_not() -> None:
    missing = {rule.name: rule.missing for rule in ALARM_RULES}
    assert missing["no-controller"] is Missing.BREACHING
    assert missing["broker-silent"] is Missing.BREACHING
    assert missing["consumer-lag"] is Missing.NOT_BREACHING


@given(clusters)
def test_a_higher_level_adds_what_it_would_have(cluster: Watched) -> None:
    added = alarms_of_a_higher_level(cluster)
    assert all(level in cluster.level.above for level in added)
    highest = replace(cluster, level=list(Level)[-1])
    keys = [alarm.key for alarm in alarms(cluster)] + [alarm.key for more in added.values() for alarm in more]
    assert len(set(keys)) == len(keys)
    assert set(keys) == {alarm.key for alarm in alarms(highest)}


def test_the_note_names_the_level_and_what_it_adds() -> None:
    note = higher_level_note(watched("express.m7g.large", iam=True))
    assert note == (
        "monitoring.level PER_BROKER would add 18 alarms: request-handlers, network-processors, iam-throttled, "
        "iam-connection-rate, produce-throttled, fetch-throttled."
    )
    assert higher_level_note(watched("express.m7g.large", Level.PER_BROKER)) is None
    assert higher_level_note(watched(None)) is None


@given(clusters, st.sampled_from([rule for rule in ALARM_RULES if rule.bounds]), st.data())
def test_a_stack_changes_one_rule_and_no_other(cluster: Watched, rule: AlarmRule, data: st.DataObject) -> None:
    assert rule.bounds
    threshold = data.draw(st.floats(*rule.bounds))
    assert change_problem(rule.name, threshold) is None
    changed = alarms(cluster, changes={rule.name: Change(threshold)})
    for before, after in zip(alarms(cluster), changed, strict=True):
        # A topic's threshold is that of each of its partitions.
        topic = dict(before.subject).get("Topic", "") if rule.scope is Scope.TOPIC else ""
        wanted = threshold * cluster.partitions_of_topics.get(topic, 1)
        assert after == (replace(before, threshold=wanted) if before.rule is rule else before)
    off = alarms(cluster, changes={rule.name: Change(enabled=False)})
    assert off == tuple(entry for entry in alarms(cluster) if entry.rule is not rule)


@pytest.mark.parametrize(
    ("name", "threshold", "words"),
    [
        ("disk-used", 99, "between 10 and 95 %"),
        ("cpu", 0, "between 10 and 95 %"),
        ("no-controller", 2, "enabled: false"),
        ("consumer-lag", 60, "maxLagSeconds"),
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused_with_the_remedy(name: str, threshold: float, words: str) -> None:
    assert words in str(change_problem(name, threshold))


@given(st.lists(st.from_regex(r"[a-z0-9/.-]{1,255}", fullmatch=True), min_size=1, max_size=400, unique=True))
def test_composite_rules_look_at_every_alarm_once_and_are_short_enough(found: list[str]) -> None:
    rules = composite_rules(found)
    terms = [term for rule in rules for term in rule.split(" OR ")]
    assert sorted(terms) == sorted(f'ALARM("{name}")' for name in found)
    assert all(len(rule) <= LONGEST_RULE and len(rule.split(" OR ")) <= MOST_CHILDREN for rule in rules)
    assert len(rules) <= MOST_CHILDREN
    assert composite_rules(list(reversed(found))) == rules


def test_the_largest_cluster_needs_alarms_in_between() -> None:
    critical = [
        entry.name("orders") for entry in alarms(watched("kafka.m7g.large", brokers=60)) if entry.severity is Severity.CRITICAL
    ]
    assert len(critical) > MOST_CHILDREN
    assert len(composite_rules(critical)) > 1


def test_a_composite_alarm_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="one alarm or more"):
        composite_rules([])


long_lags = st.lists(
    st.builds(Lag, st.text("g", min_size=200, max_size=256), st.text("t", min_size=200, max_size=249), st.just(60)), max_size=1
)


@given(clusters, some_lags | long_lags, st.sampled_from(["o", "o" * 64]), st.sampled_from([ADDRESS, "r" * 300]))
def test_a_description_says_what_happened_to_whom_and_where_to_look(
    cluster: Watched, lags: list[Lag], name: str, runbook: str
) -> None:
    address = dashboard_address("us-gov-west-1", name)
    for alarm in alarms(cluster, lags):
        happened, first, dashboard, more = description(alarm, name, Leads(runbook, address)).split("\n")
        assert name in happened
        for value in dict(alarm.subject).values():
            assert value in happened or (len(value) > 90 and f"{value[:40]}" in happened and f"...{value[-40:]}" in happened)
        assert amount(alarm.rule, alarm.threshold) in happened or alarm.rule.bounds is None
        assert duration(alarm.rule.period * alarm.rule.evaluated) in happened
        assert happened.endswith(f". {alarm.rule.means}")
        assert first.lower() == f"first: {alarm.rule.first}".lower()
        assert dashboard == f"Dashboard: {address}"
        assert more == f"Runbook: {runbook}#{alarm.rule.section}"
        assert len(description(alarm, name, Leads(runbook, address))) <= LONGEST_DESCRIPTION


def test_a_cluster_without_a_dashboard_has_no_address_of_one() -> None:
    for alarm in alarms(watched("kafka.m7g.large")):
        text = description(alarm, "orders", Leads(ADDRESS))
        assert "Dashboard" not in text
        assert text.endswith(f"\nRunbook: {ADDRESS}#{alarm.rule.section}")


def test_a_description_reads_as_a_person_would_say_it() -> None:
    found = {
        alarm.key: description(alarm, "orders", Leads("docs/runbook.md")).partition("\n")[0]
        for cluster in (watched("kafka.m7g.large", Level.PER_BROKER, iam=True), watched(None))
        for alarm in alarms(cluster, [LAG])
    }
    assert found["cpu/2"] == (
        "Broker 2 of orders used more than 60% of its CPU, user and system, for 5 minutes. "
        "It may be unable to take over the load of a failed broker."
    )
    assert found["under-replicated/1"].startswith("Broker 1 of orders led partitions with out-of-sync replicas for 15 minutes. ")
    assert found["request-handlers/3"].startswith("Broker 3 of orders had its request handler threads idle less than 30% of the ")
    assert found["topic-ingress/orders.v1"].startswith("Topic orders.v1 of orders took in more than 48 MB/s from clients for 15 ")
    assert found["consumer-lag/billing/orders.v1"].startswith(
        "Consumer group billing of orders, reading topic orders.v1, was more than 300 seconds behind for 15 minutes. "
    )


def test_the_description_in_the_documents_is_one_that_an_alarm_has() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "monitoring.md").read_text(encoding="utf-8")
    (alarm,) = [alarm for alarm in alarms(watched("kafka.m7g.large")) if alarm.key == "cpu/2"]
    runbook = "https://git.example.com/streaming/blob/main/docs/runbook.md"
    leads = Leads(runbook, dashboard_address("eu-west-1", "orders-prod"))
    assert f"```text\n{description(alarm, 'orders-prod', leads)}\n```\n" in page
    assert f"runbook: {runbook}\n" in page


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("%", 85, "85%"),
        ("of 1", 0.3, "30%"),
        ("bytes/s", 12_480_000, "12.48 MB/s"),
        ("bytes/s of each partition", 300, "300 bytes/s"),
        ("partitions", 1000, "1,000 partitions"),
        ("connections/s", 3.2, "3.2 connections a second"),
        ("s", 300, "300 seconds"),
    ],
)
def test_numbers_have_the_units_that_people_read(unit: str, value: float, text: str) -> None:
    assert quantity(unit, value) == text


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-west-1", "eu-west-1.console.aws.amazon.com"),
        ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
def test_a_dashboard_is_in_the_console_of_its_regions_partition(region: str, host: str) -> None:
    assert dashboard_address(region, "orders") == f"https://{host}/cloudwatch/home?region={region}#dashboards:name=orders"


ELSEWHERE = {
    *(
        rule.section
        for size in ("kafka.m7g.large", "express.m7g.large")
        for rule in alert_rules("c", BROKER_TYPES[size], brokers=3, has_zookeeper=False)
        if rule.section not in {item.section for item in ALARM_RULES}
    ),
    *(watch.name for watch in WATCHES if watch.alarms),
}
"""Sections of what Prometheus and the brokers' logs alone can tell."""


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", RUNBOOK, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", sorted({*(rule.section for rule in ALARM_RULES), "cluster-unhealthy", *ELSEWHERE}))
def test_the_runbook_says_what_an_alarm_means_how_to_confirm_it_what_to_do_and_what_to_set(name: str) -> None:
    text = sections()[name]
    headings = re.findall(r"^\*\*(\w+)\.\*\*", text, flags=re.MULTILINE)
    assert headings == ["Means", "Confirm", "Do", "Setting"]
    assert "```console\n" in text
    assert f"[{name}](#{name})" in sections_before_the_first(), "the table of alarms leads to it"


def sections_before_the_first() -> str:
    return RUNBOOK.split("\n## ", 1)[0]


def test_the_runbook_has_no_section_of_an_alarm_that_is_not_there() -> None:
    others = set(sections()) - {rule.section for rule in ALARM_RULES}
    assert others == {"Before anything else", "cluster-unhealthy", *ELSEWHERE}


def test_links_within_the_runbook_lead_somewhere() -> None:
    targets = set(re.findall(r"\]\(#([a-z-]+)\)", RUNBOOK))
    assert targets <= {heading.lower().replace(" ", "-") for heading in sections()}


def test_the_runbook_names_only_metrics_that_there_are() -> None:
    named = set(re.findall(r"^metric (\w+)", RUNBOOK, flags=re.MULTILINE))
    assert named
    assert named <= {row.name for row in METRICS}


def test_the_runbook_says_of_each_alarm_how_bad_it_is() -> None:
    for rule in ALARM_RULES:
        rows = [line for line in sections_before_the_first().splitlines() if line.startswith("|")]
        (row,) = [line for line in rows if f"(#{rule.section})" in line]
        assert f"| {rule.severity} |" in row


def test_alarms_of_standard_clusters_are_not_expected_of_express_ones() -> None:
    express = names(watched("express.m7g.16xlarge", Level.PER_TOPIC_PER_PARTITION, iam=True))
    assert express & {"disk-used", "disk-full", "heap", "under-replicated", "under-min-isr", "offline-partitions"} == set()
    assert watched("express.m7g.16xlarge").kind is ClusterKind.EXPRESS


def test_an_alarm_is_the_same_for_the_same_cluster() -> None:
    cluster = watched("kafka.m7g.large", iam=True)
    first: tuple[Alarm, ...] = alarms(cluster, [LAG])
    assert first == alarms(cluster, [LAG])
