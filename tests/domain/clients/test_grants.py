"""What each ready file names, its client's policies and ACLs allow; what its topics take, it can send and fetch.

Files are read as their libraries read them, grants by a matcher of the tests.
"""

from __future__ import annotations

import configparser
import json
import os
import types
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import confluent_kafka
import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.access.acls import acls, commands, principal_of_user
from domain.access.mechanisms import Mechanism
from domain.access.rights import NONE, Names
from domain.access.statements import policy_templates, with_cluster
from domain.clients.files import render
from domain.clients.limits import Limits
from domain.clients.plan import connection_of
from domain.loading import load_stack
from domain.plan.access import limits_of
from domain.settings.clients import ClientAccess, Format
from support.grants import ANYTHING, Acls, Policies
from support.stacks import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from domain.access.rights import Access
    from support.grants import Grants

CLUSTER = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0a1b2c3d-1111-2222-3333-444455556666-7"
USUAL = 1_048_588
IDENTITIES: dict[Mechanism, dict[str, Any]] = {
    Mechanism.IAM: {"role": {"ecs": {}}},
    Mechanism.SCRAM: {"scramUser": "app"},
    Mechanism.MUTUAL_TLS: {"certificate": "CN=app"},
}
ENVIRONMENT = {"KAFKA_PASSWORD": "x", "KAFKA_CERTIFICATE": "c", "KAFKA_KEY": "k"}

topics = st.text("ab.-_", min_size=1, max_size=4).filter(lambda name: name not in (".", ".."))
names = st.text("ab:/-", min_size=1, max_size=4)


def some(of: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(of, max_size=3, unique=True)


def block(**lists: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | st.fixed_dictionaries(lists)


entries = st.fixed_dictionaries(
    {
        "as": st.sampled_from(list(IDENTITIES.values())),
        "produce": block(
            topics=some(topics), prefixes=some(topics), transactionalIds=some(names), transactionalIdPrefixes=some(names)
        ),
        "streams": block(applicationId=st.text("ab", min_size=1, max_size=4)),
        "consume": block(topics=some(topics), prefixes=some(topics), groups=some(names), groupPrefixes=some(names)),
        "connect": block(groupId=st.text("ab-", min_size=1, max_size=6)) | block(
            groupId=names, configTopic=st.just("x"), offsetTopic=st.just("y"), statusTopic=topics
        ),
        "admin": st.none() | st.just({"cluster": True}),
        "observe": block(topics=some(topics), groups=some(names)),
        "operate": block(),
    }
)  # fmt: skip
limits = st.builds(
    Limits,
    message_bytes=st.integers(1_024, 200_000_000),
    topics=st.dictionaries(topics, st.integers(1_024, 200_000_000), max_size=4),
    transaction_ms=st.sampled_from([60_000, 900_000]),
)


@dataclass
class Named:
    """What a client's files of a format say, by the names of the Java clients.

    Attributes:
        producer: Settings of a producer; empty where there is none.
        consumer: Settings of a consumer; likewise.
        worker: Settings of Kafka Connect's workers or of a Kafka Streams application; likewise.
        begins_transactions: What Spring begins its transactional ids with; empty for none.
    """

    producer: dict[str, str] = field(default_factory=dict)
    consumer: dict[str, str] = field(default_factory=dict)
    worker: dict[str, str] = field(default_factory=dict)
    begins_transactions: str = ""


def properties(text: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # as the parser's documentation says to keep the case
    parser.read_string(f"[file]\n{text}")
    return dict(parser["file"])


def module_of(text: str) -> types.ModuleType:
    module = types.ModuleType("kafka_client")
    with mock.patch.dict(os.environ, ENVIRONMENT):
        exec(compile(text, "kafka_client.py", "exec"), module.__dict__)  # noqa: S102 - the file is there to be run
    return module


_LIBRDKAFKA = {"message.max.bytes": "max.request.size"}
"""librdkafka's names, where Java's are others."""


def as_java(settings: Mapping[str, Any]) -> dict[str, str]:
    """Settings by Java's names, of librdkafka or, with underscores, of kafka-python."""
    dotted = {name.replace("_", "."): str(value) for name, value in settings.items()}
    return {_LIBRDKAFKA.get(name, name): value for name, value in dotted.items()}


def named(wanted: Format, files: Mapping[str, str]) -> Named:
    """What files say, each read as its library does."""
    match wanted:
        case Format.JAVA:
            return Named(properties(files.get("producer.properties", "")), properties(files.get("consumer.properties", "")))
        case Format.LIBRDKAFKA:
            producer, consumer = (properties(files.get(f"librdkafka-{side}.conf", "")) for side in ("producer", "consumer"))
            return Named(as_java(producer), as_java(consumer))
        case Format.CONFLUENT_KAFKA | Format.KAFKA_PYTHON:
            (text,) = files.values()
            module = module_of(text)
            return Named(as_java(getattr(module, "PRODUCER", {})), as_java(getattr(module, "CONSUMER", {})))
        case Format.SPRING:
            return of_spring(yaml.safe_load(files["application.yaml"])["spring"]["kafka"])
        case Format.CONNECT | Format.KAFKA_STREAMS:
            said = properties("".join(files.values()))
            return Named(below("producer.", said), below("consumer.", said), said)


def below(beginning: str, settings: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(beginning): value for name, value in settings.items() if name.startswith(beginning)}


def of_spring(kafka: Mapping[str, Any]) -> Named:
    producer, consumer = (
        {name.strip("[]"): str(value) for name, value in kafka.get(side, {}).get("properties", {}).items()}
        for side in ("producer", "consumer")
    )
    if "group-id" in kafka.get("consumer", {}):
        consumer["group.id"] = kafka["consumer"]["group-id"]
    return Named(producer, consumer, begins_transactions=kafka.get("producer", {}).get("transaction-id-prefix", ""))


def used(wanted: Format, said: Named) -> Iterator[tuple[str, str, str]]:
    """What a client does that uses the files: a kind of resource, an operation and a name of each."""
    if group := said.consumer.get("group.id"):
        yield from (("group", operation, group) for operation in ("Describe", "Read"))
    if transactional := said.producer.get("transactional.id"):
        yield from (("transactional-id", operation, transactional) for operation in ("Describe", "Write"))
    if begins := said.begins_transactions:
        yield from (("transactional-id", operation, f"{begins}{ANYTHING}") for operation in ("Describe", "Write"))
    if wanted is Format.CONNECT and said.worker:
        yield from (("group", operation, said.worker["group.id"]) for operation in ("Describe", "Read"))
        for what in ("config", "offset", "status"):
            for operation in ("Create", "Describe", "DescribeConfigs", "Read", "Write"):
                yield "topic", operation, said.worker[f"{what}.storage.topic"]
    if wanted is Format.KAFKA_STREAMS and said.worker:
        application = said.worker["application.id"]
        yield from (("group", operation, application) for operation in ("Describe", "Read"))
        yield from (("transactional-id", operation, f"{application}-{ANYTHING}") for operation in ("Describe", "Write"))
        for operation in ("Create", "Delete", "Describe", "DescribeConfigs", "Read", "Write"):
            yield "topic", operation, f"{application}-{ANYTHING}-changelog"


def refused(wanted: Format, said: Named, grants: Grants) -> set[tuple[str, str, str]]:
    return {use for use in used(wanted, said) if not grants.allows(*use)}


def grants_of(access: Access) -> list[Grants]:
    by_iam = Policies(tuple(with_cluster(text, CLUSTER) for text in policy_templates(access, "orders", "eu-west-1")))
    return [by_iam, Acls.of(commands(acls(principal_of_user("app"), access)))]


def client_of(entry: Mapping[str, Any]) -> ClientAccess:
    try:
        client = ClientAccess.model_validate({name: value for name, value in entry.items() if value is not None})
    except ValidationError:
        # What the loader refuses never has files.
        assume(condition=False)
        raise
    # Nor has what it refuses of blocks together.
    assume(not (client.connect and client.consume and client.connect.group_id in client.consume.groups))
    return client


def sizes(entry: Mapping[str, Any], use: str, limits: Limits) -> list[int]:
    """What the topics of a block take, as far as brokers take a request with it."""
    given = entry.get(use) or {}
    taken = [limits.topics.get(name, limits.message_bytes) for name in given.get("topics", ())]
    for prefix in given.get("prefixes", ()):
        taken += [limits.message_bytes, *(size for name, size in limits.topics.items() if name.startswith(prefix))]
    return [min(size, 104_857_600) for size in taken]


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(entries, limits)
def test_every_name_in_a_file_is_granted_and_every_message_of_its_topics_fits(entry: dict[str, Any], limits: Limits) -> None:
    client = client_of(entry)
    assert client.identity is not None
    mechanism = client.identity.mechanism
    # The name of a secret, not one.
    connection = connection_of("app", client, mechanism, bootstrap="b-1:9", region="eu-west-1", secret="s", limits=limits)  # noqa: S106
    for wanted in Format:
        said = named(wanted, render(connection, wanted))
        for grants in grants_of(client.access):
            assert refused(wanted, said, grants) == set(), wanted
        if said.producer:
            assert int(said.producer["max.request.size"]) >= max(sizes(entry, "produce", limits), default=0), wanted
            # A batch is no larger than any of its topics takes: librdkafka does not divide what a broker refused.
            batch = int(said.producer.get("batch.size", "0"))
            assert batch <= min(sizes(entry, "produce", limits), default=batch) or wanted is Format.CONNECT, wanted
        if "transaction.timeout.ms" in said.producer:
            longest = int(said.producer["transaction.timeout.ms"])
            assert int(said.producer["request.timeout.ms"]) + int(said.producer["linger.ms"]) <= longest
            assert int(said.producer["delivery.timeout.ms"]) <= longest <= limits.transaction_ms
        if said.consumer:
            for name in ("fetch.max.bytes", "max.partition.fetch.bytes"):
                assert int(said.consumer[name]) >= max(sizes(entry, "consume", limits), default=0), (wanted, name)
            # Kafka Streams sets it itself with exactly-once.
            assert said.consumer.get("isolation.level") == "read_committed" or wanted is Format.KAFKA_STREAMS
        if wanted is Format.CONNECT and said.worker:
            # A sink's group is another one than the workers'.
            assert said.worker["group.id"] not in (entry["consume"] or {}).get("groups", ())


@settings(max_examples=15, suppress_health_check=[HealthCheck.filter_too_much])
@given(entries, limits)
def test_librdkafka_itself_takes_what_its_files_say(entry: dict[str, Any], limits: Limits) -> None:
    # Certificates and keys would have to be there: they change nothing else.
    client = client_of({**entry, "as": IDENTITIES[Mechanism.SCRAM]})
    connection = connection_of("app", client, Mechanism.SCRAM, bootstrap="127.0.0.1:9", region="eu-west-1", limits=limits)
    files = render(connection, Format.LIBRDKAFKA)
    quiet = {"log_level": "0", "sasl.password": "x"}
    if "librdkafka-producer.conf" in files:
        confluent_kafka.Producer({**properties(files["librdkafka-producer.conf"]), **quiet})
    if "librdkafka-consumer.conf" in files:
        # It refuses to be without a group, which this client may choose itself.
        consumer = {"group.id": "chosen", **properties(files["librdkafka-consumer.conf"]), **quiet}
        confluent_kafka.Consumer(consumer).close()


EVERYTHING: dict[str, Any] = {
    "as": {"scramUser": "app"},
    "produce": {"topics": ["orders"], "transactionalIds": ["app-1"], "transactionalIdPrefixes": ["tx-"]},
    "streams": {"applicationId": "totals"},
    "consume": {"topics": ["orders"], "groups": ["billing"]},
    "connect": {"groupId": "orders-connect"},
}


@pytest.mark.parametrize(
    ("without", "formats"),
    [
        ("groups", set(Format)),
        ("transactional_ids", set(Format) - {Format.CONNECT}),
        ("streams_topics", {Format.KAFKA_STREAMS}),
        ("connect_topics", {Format.CONNECT}),
    ],
)
def test_a_grant_that_lacks_something_is_noticed(without: str, formats: set[Format]) -> None:
    """The comparison fails where it must: of IAM as of ACLs, in each format that names what is missing."""
    client = client_of(EVERYTHING)
    connection = connection_of("app", client, Mechanism.SCRAM, bootstrap="b-1:9", region="eu-west-1")
    lacks: dict[str, Any] = {without: NONE}
    lacking = replace(client.access, **lacks)
    for number in (0, 1):
        grants = grants_of(lacking)[number]
        assert {wanted for wanted in Format if refused(wanted, named(wanted, render(connection, wanted)), grants)} == formats


@pytest.mark.parametrize("broker", ["kafka.m7g.large", "express.m7g.large", "serverless"])
def test_what_topics_take_is_read_from_the_stack_file(broker: str) -> None:
    own = {"max.message.bytes": 20_000}
    topics: dict[str, dict[str, Any]] = {"large": {"maxMessageBytes": 4_000_000}, "own": {"configs": own}, "usual": {}}
    given: dict[str, Any] = {
        "brokerType": broker,
        "topics": {name: {"partitions": 1, **topic} for name, topic in topics.items()},
    }
    if broker != "serverless":
        given["serverProperties"] = {"message.max.bytes": 2_000_000, "transaction.max.timeout.ms": 90_000}
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    found = limits_of(load_stack(texts, project="orders", stack="prod", region="eu-west-1", today=TODAY).settings)
    usual = USUAL if broker == "serverless" else 2_000_000
    sizes = {name: found.largest([Names((name,))]) for name in ("large", "own", "usual", "elsewhere")}
    assert sizes == {"large": 4_000_000, "own": 20_000, "usual": usual, "elsewhere": usual}
    assert found.largest([Names(prefixes=("o", "l"))]) == 4_000_000
    assert found.transaction_ms == (900_000 if broker == "serverless" else 90_000)


def test_a_prefix_is_not_taken_for_a_name_nor_a_name_for_a_prefix() -> None:
    exact, begun = Acls(frozenset({("topic", "orders", False, "Read")})), Acls(frozenset({("topic", "orders", True, "Read")}))
    assert exact.allows("topic", "Read", "orders")
    assert not exact.allows("topic", "Read", f"orders{ANYTHING}")
    assert begun.allows("topic", "Describe", f"orders{ANYTHING}")
    assert not begun.allows("topic", "Write", "orders")
    document = '{"Statement": [{"Effect": "Allow", "Action": ["kafka-cluster:ReadData"], "Resource": ["%s"]}]}'
    topic = "arn:aws:kafka:eu-west-1:111122223333:topic/orders/0a1b/orders"
    assert Policies((document % topic,)).allows("topic", "Read", "orders")
    assert not Policies((document % topic,)).allows("topic", "Read", f"orders{ANYTHING}")
    assert Policies((document % f"{topic}*",)).allows("topic", "Read", f"orders{ANYTHING}")
    assert not Policies((document % f"{topic}*",)).allows("group", "Read", "orders")
