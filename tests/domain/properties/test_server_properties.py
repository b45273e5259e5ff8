from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.brokers import BROKER_TYPES, PROVISIONED_KINDS, BrokerKind
from domain.msk.versions import KAFKA_VERSIONS, MetadataMode
from domain.problems import Problem
from domain.properties.defaults import REPLICA_FETCHERS, THREADS
from domain.properties.definitions import (
    ADVERTISED_LISTENERS,
    DYNAMIC_ONLY,
    EXPRESS_FIXED,
    PROPERTY_DEFINITIONS,
    TOPIC_LEVEL,
    Brokers,
    PropertyType,
)
from domain.properties.server import (
    RACK_AWARE_SELECTOR,
    PropertyValue,
    allowed,
    check,
    render,
    safe_defaults,
)

STANDARD, EXPRESS = BrokerKind.STANDARD, BrokerKind.EXPRESS
kinds = st.sampled_from(PROVISIONED_KINDS)
zone_counts = st.integers(2, 3)


def _check(
    properties: dict[str, PropertyValue],
    kind: BrokerKind = STANDARD,
    version: str = "3.9.x.kraft",
    zones: int = 3,
    *,
    tiered: bool = False,
) -> list[Problem]:
    return check(properties, kind=kind, version=version, zones=zones, tiered=tiered, brokers=2 * zones)


def _message(
    name: str,
    value: PropertyValue,
    kind: BrokerKind = STANDARD,
    version: str = "3.9.x.kraft",
    *,
    tiered: bool = False,
) -> str:
    problems = _check({name: value}, kind, version, tiered=tiered)
    assert [problem.path for problem in problems] == [(name,)]
    assert problems[0].value == value
    return problems[0].message


@pytest.mark.parametrize("name", sorted(PROPERTY_DEFINITIONS))
def test_each_definition_is_complete_and_agrees_with_itself(name: str) -> None:
    row = PROPERTY_DEFINITIONS[name]
    assert re.fullmatch(r"[a-z]+(\.[a-z]+)+", name)
    numeric = row.type in (PropertyType.INT, PropertyType.LONG, PropertyType.DOUBLE)
    assert numeric or (row.minimum is None and row.raised is None and row.maximum is None and not row.unlimited)
    if row.minimum is not None and row.maximum is not None:
        assert row.minimum < row.maximum
    if row.unlimited:
        assert row.minimum is not None
        assert row.minimum > -1
    assert name.startswith("zookeeper.") == row.zookeeper_only


def test_the_groups_of_names_do_not_contradict_each_other() -> None:
    express = set(allowed(EXPRESS))
    assert not express & set(EXPRESS_FIXED)
    assert not express & DYNAMIC_ONLY
    assert not set(PROPERTY_DEFINITIONS) & DYNAMIC_ONLY
    assert not set(PROPERTY_DEFINITIONS) & set(TOPIC_LEVEL)
    assert {server for server in TOPIC_LEVEL.values() if server} <= set(PROPERTY_DEFINITIONS)


def test_the_lists_are_as_long_as_the_guides() -> None:
    # The guide's tables, and custom.advertised.listeners, which both kinds take. What Express brokers take besides, 8 properties,
    # is for kafka-configs.sh alone: 34 that can be written there.
    assert len(allowed(STANDARD)) == 51
    assert len(allowed(EXPRESS)) == 26 + 1
    assert len(set(allowed(EXPRESS)) - {ADVERTISED_LISTENERS} | DYNAMIC_ONLY | {"log.cleaner.delete.retention.ms"}) == 34
    only_express = [row.name for row in PROPERTY_DEFINITIONS.values() if row.brokers is Brokers.EXPRESS]
    assert only_express == ["max.connections.per.ip"]


def test_segments_below_one_mebibyte_are_refused_from_kafka_4_on() -> None:
    name, small, smallest = "log.segment.bytes", 1_048_575, 1_048_576
    assert _message(name, small, version="4.1.x.kraft") == "must be a whole number from 1048576 to 2147483647."
    assert _check({name: smallest}, STANDARD, "4.1.x.kraft") == _check({name: small}, STANDARD, "3.9.x.kraft") == []


@given(
    kinds,
    zone_counts,
    st.sampled_from(sorted(KAFKA_VERSIONS)),
    st.none() | st.integers(1, 24 * 365),
    st.none() | st.sampled_from(sorted(BROKER_TYPES)),
    st.booleans(),
)
def test_the_safe_defaults_are_never_refused(  # noqa: PLR0917 - one argument for each choice
    kind: BrokerKind, zones: int, version: str, hours: int | None, broker_name: str | None, bought: bool
) -> None:
    broker = BROKER_TYPES[broker_name] if broker_name else None
    if broker and broker.kind is not kind:
        broker = None
    defaults = safe_defaults(
        kind,
        zones,
        KAFKA_VERSIONS[version].metadata,
        retention_hours=hours,
        broker=broker,
        provisioned_throughput=bought,
    )
    assert check(dict(defaults), kind=kind, version=version, zones=zones, brokers=zones) == []
    assert check(dict(defaults), kind=kind, version=version, zones=zones, tiered=True) == []
    assert list(defaults) == sorted(defaults)


@given(zone_counts)
def test_the_defaults_of_standard_brokers_survive_the_loss_of_a_zone(zones: int) -> None:
    defaults = safe_defaults(STANDARD, zones)
    assert int(defaults["default.replication.factor"]) == zones
    assert int(defaults["min.insync.replicas"]) == zones - 1
    assert defaults["offsets.topic.replication.factor"] == defaults["default.replication.factor"]
    assert (
        defaults["transaction.state.log.replication.factor"],
        defaults["transaction.state.log.min.isr"],
    ) == (defaults["default.replication.factor"], defaults["min.insync.replicas"])
    assert defaults["unclean.leader.election.enable"] == "false"
    assert defaults["auto.create.topics.enable"] == "false"
    assert defaults["replica.selector.class"] == RACK_AWARE_SELECTOR


def test_the_defaults_of_express_brokers_leave_alone_what_those_fix() -> None:
    defaults = safe_defaults(EXPRESS, 3, retention_hours=24)
    assert not set(defaults) & set(EXPRESS_FIXED)
    assert defaults["log.retention.ms"] == "86400000"
    assert "log.retention.hours" not in defaults


def test_retention_comes_from_the_workload_where_it_is_known() -> None:
    assert safe_defaults(STANDARD, 3, retention_hours=72)["log.retention.hours"] == "72"
    assert not any("retention" in name for name in safe_defaults(STANDARD, 3))


@pytest.mark.parametrize("name", sorted(name for name in BROKER_TYPES if name.startswith("kafka.")))
def test_threads_follow_the_size_and_fetchers_the_throughput_that_is_bought(name: str) -> None:
    broker = BROKER_TYPES[name]
    plain = safe_defaults(STANDARD, 3, broker=broker)
    bought = safe_defaults(STANDARD, 3, broker=broker, provisioned_throughput=True)
    assert "num.replica.fetchers" not in plain
    assert ("num.io.threads" in plain) == (broker.vcpu >= 16)
    assert ("num.replica.fetchers" in bought) == (broker.vcpu >= 16)
    if broker.vcpu >= 16:
        assert int(plain["num.io.threads"]) == broker.vcpu
        assert int(plain["num.network.threads"]) == broker.vcpu // 2
        assert 4 <= int(bought["num.replica.fetchers"]) <= 16


def test_the_tables_by_size_name_sizes_there_are() -> None:
    sizes = {broker.size for broker in BROKER_TYPES.values()}
    assert set(THREADS) == set(REPLICA_FETCHERS) <= sizes


def test_t3_brokers_are_given_time_to_find_their_zookeeper() -> None:
    broker = BROKER_TYPES["kafka.t3.small"]
    name = "zookeeper.connection.timeout.ms"
    assert safe_defaults(STANDARD, 3, MetadataMode.ZOOKEEPER, broker=broker)[name] == "10000"
    assert name not in safe_defaults(STANDARD, 3, MetadataMode.KRAFT, broker=broker)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("mn.insync.replicas", 2, "Did you mean min.insync.replicas?"),
        ("Log.Retention.Hours", 2, "Did you mean log.retention.hours?"),
        ("broker.id", 1, "is not a property that Amazon MSK allows in a configuration for Standard brokers."),
        ("auto.create.topics.enable", "yes", "must be true or false."),
        ("auto.create.topics.enable", 1, "must be true or false."),
        (
            "compression.type",
            "gz",
            "must be gzip, snappy, lz4, zstd, uncompressed or producer.",
        ),
        ("log.cleanup.policy", "delete,remove", "must be delete or compact or both"),
        ("log.message.timestamp.type", "createtime", "must be CreateTime or LogAppendTime."),
        ("log.cleaner.min.cleanable.ratio", 1.01, "from 0 to 1."),
        ("log.cleaner.min.cleanable.ratio", "nan", "must be a number"),
        ("replica.lag.time.max.ms", 9999, "from 10000 to 30000."),
        ("message.max.bytes", "1MB", "must be a whole number from 1024 to 2147483647."),
        ("message.max.bytes", 2**31, "must be a whole number from 1024 to 2147483647."),
        ("message.max.bytes", True, "must be a whole number"),
        # Kafka reads it; what sizes volumes and judges losses would not.
        ("log.retention.ms", "+2592000000", "must be a number without a plus sign."),
        ("message.max.bytes", 0.5, "must be a whole number"),
        ("log.retention.hours", 0, "from 1 to 2147483647, or -1 for no limit."),
        ("connections.max.idle.ms", "soon", "must be a whole number"),
        ("num.partitions", 0, "from 1 "),
        ("replica.selector.class", "", "must be org.apache.kafka.common.replica.RackAwareReplicaSelector."),
        ("replica.selector.class", f"{RACK_AWARE_SELECTOR}\nmin.insync.replicas=1", "has a line break in it."),
        ("message.max.bytes", " 1048588", "has a space at its beginning or end."),
        ("message.max.bytes", "\u00a01048588", "has the invisible character U+00A0 in it."),
        ("message.max.bytes", "1 048 588", "must be a whole number"),
        ("message.max.bytes", "9" * 5_000, "must be a whole number"),
        ("compression.type", "lz4\t", "has the invisible character U+0009 in it."),
        ("advertised.listeners", "CLIENT://a:1", "go into custom.advertised.listeners."),
        ("retention.ms", 1, "Set the server property log.retention.ms"),
        ("cleanup.policy", "compact", "Set the server property log.cleanup.policy"),
        ("remote.storage.enable", True, "set it on each topic"),
        ("remote.log.storage.system.enable", True, "storage.mode: TIERED"),
        ("max.connections", 5, "kafka-configs.sh --alter"),
        ("max.connections.per.ip", 5, "for Standard brokers"),
    ],
)
def test_what_standard_brokers_refuse_is_refused_with_what_is_allowed(name: str, value: PropertyValue, words: str) -> None:
    assert words in _message(name, value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("default.replication.factor", 3, "is fixed at 3 by Express brokers (replication factor 3, min.insync.replicas 2"),
        ("min.insync.replicas", 1, "is fixed at 2 by Express brokers (replication factor 3, min.insync.replicas 2"),
        ("unclean.leader.election.enable", True, "is fixed at false by Express brokers"),
        ("num.io.threads", 16, "is set by Express brokers themselves."),
        ("log.retention.hours", 24, "Use log.retention.ms"),
        ("log.retention.minutes", 24, "Use log.retention.ms"),
        ("log.segment.bytes", 1 << 30, "for Express brokers"),
        ("segment.bytes", 1 << 30, "set it on each topic"),
        ("retention.ms", 1, "Set the server property log.retention.ms"),
        ("log.cleaner.max.compaction.lag.ms", 1, "kafka-configs.sh --alter"),
    ],
)
def test_what_express_brokers_refuse_is_refused_with_the_reason(name: str, value: PropertyValue, words: str) -> None:
    assert words in _message(name, value, EXPRESS)


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        ({"message.max.bytes": 1048588}, STANDARD),
        ({"message.max.bytes": "1048588"}, STANDARD),
        ({"message.max.bytes": 1048588.0}, STANDARD),
        ({"auto.create.topics.enable": "True"}, STANDARD),
        ({"log.cleanup.policy": "compact, delete"}, STANDARD),
        ({"log.retention.ms": -1}, STANDARD),
        ({"log.cleaner.min.cleanable.ratio": "5e-1"}, STANDARD),
        ({"socket.send.buffer.bytes": -1}, EXPRESS),
        ({"log.retention.ms": 60_000, "max.connections.per.ip": 100}, EXPRESS),
        (
            {
                "default.replication.factor": 4,
                "min.insync.replicas": 3,
                "offsets.topic.replication.factor": 4,
            },
            STANDARD,
        ),
        ({"default.replication.factor": 3, "min.insync.replicas": 1}, STANDARD),
    ],
)
def test_what_brokers_take_is_accepted(properties: dict[str, PropertyValue], kind: BrokerKind) -> None:
    assert _check(properties, kind) == []


def test_zookeepers_properties_are_for_clusters_that_have_one() -> None:
    name = "zookeeper.session.timeout.ms"
    assert "has no ZooKeeper" in _message(name, 18_000)
    assert "has no ZooKeeper" in _message(name, 18_000, version="4.1.x.kraft")
    assert _check({name: 18_000}, version="3.9.x") == []
    assert "from 6000 to 18000" in _message(name, 5_000, version="3.9.x")


def test_a_property_is_refused_where_the_version_has_it_not_yet_or_no_more() -> None:
    assert "needs Kafka 3.6.0 or newer" in _message("log.message.timestamp.after.max.ms", 1, version="3.5.1")
    assert _check({"log.message.timestamp.after.max.ms": 1}, version="3.6.0") == []
    gone = "log.message.timestamp.difference.max.ms"
    assert "Use log.message.timestamp.before.max.ms" in _message(gone, 1, version="4.0.x.kraft")
    assert _check({gone: 1_000}, version="3.9.x.kraft") == []


def test_tiered_storage_keeps_no_compacted_topics() -> None:
    assert "storage.mode TIERED" in _message("log.cleanup.policy", "compact", tiered=True)
    assert "storage.mode TIERED" in _message("log.cleanup.policy", "delete,compact", tiered=True)
    assert _check({"log.cleanup.policy": "delete"}, tiered=True) == []


@pytest.mark.parametrize(
    ("properties", "zones", "blamed", "words"),
    [
        (
            {"default.replication.factor": 2},
            3,
            "default.replication.factor",
            "default.replication.factor is 2 and min.insync.replicas is 2",
        ),
        (
            {"default.replication.factor": 2, "min.insync.replicas": 2},
            3,
            "default.replication.factor",
            "Set min.insync.replicas to 1, or default.replication.factor to 3 or more.",
        ),
        (
            {"default.replication.factor": 1, "min.insync.replicas": 1},
            3,
            "default.replication.factor",
            "Set default.replication.factor to 2 or more.",
        ),
        (
            {"transaction.state.log.min.isr": 3},
            3,
            "transaction.state.log.min.isr",
            "Set transaction.state.log.min.isr to 2 or less, or transaction.state.log.replication.factor to 4 or more.",
        ),
        (
            {"offsets.topic.replication.factor": 2},
            3,
            "offsets.topic.replication.factor",
            "offsets.topic.replication.factor is 2 and min.insync.replicas is 2",
        ),
        (
            {"default.replication.factor": 7},
            3,
            "default.replication.factor",
            "at most 6, the number of brokers",
        ),
    ],
)
def test_a_replication_factor_without_margin_names_both_values_and_the_remedy(
    properties: dict[str, PropertyValue], zones: int, blamed: str, words: str
) -> None:
    problems = _check(properties, zones=zones)
    assert (blamed,) in {problem.path for problem in problems}
    assert any(words in problem.message for problem in problems if problem.setting == blamed)


@given(zone_counts, st.fixed_dictionaries({}, optional={
    name: st.integers(1, 6)
    for name in (
        "default.replication.factor", "min.insync.replicas", "offsets.topic.replication.factor",
        "transaction.state.log.min.isr", "transaction.state.log.replication.factor",
    )
}))  # fmt: skip
def test_what_is_accepted_keeps_taking_writes_with_one_broker_down(zones: int, properties: dict[str, PropertyValue]) -> None:
    problems = check(properties, kind=STANDARD, version="3.9.x.kraft", zones=zones, brokers=6)
    merged = {name: int(value) for name, value in {**safe_defaults(STANDARD, zones), **properties}.items()
              if name.endswith((".factor", ".isr", ".replicas"))}  # fmt: skip
    margins = [
        merged["default.replication.factor"] - merged["min.insync.replicas"],
        merged["offsets.topic.replication.factor"] - merged["min.insync.replicas"],
        merged["transaction.state.log.replication.factor"] - merged["transaction.state.log.min.isr"],
    ]
    assert (problems == []) == all(margin >= 1 for margin in margins)
    assert {problem.path[0] for problem in problems} <= set(merged)


@given(zone_counts, st.integers(1, 6), st.integers(1, 6))
def test_the_remedy_of_a_margin_works(zones: int, factor: int, in_sync: int) -> None:
    names = ("default.replication.factor", "min.insync.replicas")
    for problem in _check({names[0]: factor, names[1]: in_sync}, zones=zones):
        remedy = re.search(r"Set (\S+) to (\d+) or more", problem.message)
        if remedy and remedy[1] == names[0]:
            mended = _check({names[0]: min(int(remedy[2]), 2 * zones), names[1]: in_sync}, zones=zones)
            if int(remedy[2]) <= 2 * zones:
                assert names[0] not in {item.setting for item in mended}


def test_session_timeouts_must_not_cross() -> None:
    shortest, longest = "group.min.session.timeout.ms", "group.max.session.timeout.ms"
    assert _check({shortest: 30_000, longest: 20_000})[0].setting == shortest
    assert "(6000)" in _message(longest, 5_000)
    assert _check({shortest: 20_000, longest: 30_000}) == []


@given(
    st.dictionaries(st.text(max_size=20), st.text(max_size=10) | st.integers() | st.floats() | st.booleans()),
    kinds,
)
def test_anything_at_all_gets_an_answer_and_every_answer_a_sentence(
    properties: dict[str, PropertyValue], kind: BrokerKind
) -> None:
    problems = _check(properties, kind)
    # A text that happens to be the name of a property may be right.
    assert {problem.setting for problem in problems} - set(allowed(kind)) == set(properties) - set(allowed(kind))
    for problem in problems:
        assert problem.message[0].islower()
        assert problem.message.endswith((".", "?"))


@given(st.sampled_from(sorted(PROPERTY_DEFINITIONS)), st.text(max_size=10) | st.integers() | st.floats(), kinds)
def test_a_value_of_any_kind_is_judged_without_failing(name: str, value: PropertyValue, kind: BrokerKind) -> None:
    for problem in _check({name: value}, kind):
        assert problem.setting in PROPERTY_DEFINITIONS
        assert problem.message.endswith((".", "?"))


def _read_java_properties(text: str) -> dict[str, str]:
    """A reader of Java properties files, after the description of ``java.util.Properties.load``."""
    logical: list[str] = []
    joining = False
    for natural in re.split(r"\r\n|\n|\r", text):
        line = natural.lstrip(" \t\f")
        if not joining and (not line or line[0] in "#!"):
            continue
        ends_with_backslashes = len(line) - len(line.rstrip("\\"))
        continues = ends_with_backslashes % 2 == 1
        line = line[:-1] if continues else line
        if joining:
            logical[-1] += line
        else:
            logical.append(line)
        joining = continues
    result: dict[str, str] = {}
    for line in logical:
        match = re.match(r"((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*(.*)\Z", line, re.DOTALL)
        assert match is not None
        result[_unescaped(match[1])] = _unescaped(match[2])
    return result


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        return {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}.get(match[2], match[2])

    units = re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.))", one, text, flags=re.DOTALL)
    return units.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=6))
def test_java_reads_back_what_was_written(properties: dict[str, str]) -> None:
    assert _read_java_properties(render(properties)) == properties


@given(st.dictionaries(st.from_regex(r"[a-z]+(\.[a-z]+)*", fullmatch=True), st.integers() | st.booleans(), max_size=6))
def test_ordinary_properties_are_plain_sorted_lines(properties: dict[str, PropertyValue]) -> None:
    text = render(properties)
    lines = text.split("\n")
    assert lines.pop() == ""
    assert lines == sorted(lines, key=lambda line: line.split("=")[0])
    assert len(lines) == len(properties)
    assert "\\" not in text


def test_values_are_written_as_kafka_writes_them() -> None:
    assert render({"b.enable": True, "a.ratio": 0.5, "c.count": 3.0, "d.size": -1, "a.policy": "compact,delete"}) == (
        "a.policy=compact,delete\na.ratio=0.5\nb.enable=true\nc.count=3\nd.size=-1\n"
    )
    assert render({}) == ""


@given(kinds, zone_counts)
def test_the_defaults_read_back_as_they_are(kind: BrokerKind, zones: int) -> None:
    defaults = safe_defaults(kind, zones, retention_hours=168)
    assert _read_java_properties(render(dict(defaults))) == defaults
