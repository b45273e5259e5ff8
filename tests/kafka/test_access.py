"""What a client may do once it is in: Kafka's authorizer with `allow.everyone.if.no.acl.found` as Amazon MSK has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.kafka.authorization import assert_acls_let_in_whom_they_name_and_nobody_else
from support.kafka.clients import Producing

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.kafka.cluster import Cluster
    from support.kafka.connections import Connection
    from support.kafka.tools import Tools

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute


@pytest.fixture
def user(cluster: Cluster, new_name: Callable[[str], str]) -> Callable[[str], Connection]:
    """Makes a user of its own: `user("orders-api")`."""
    return lambda name: cluster.add_user(new_name(name), _PASSWORD)


def test_everyone_who_gets_in_may_write_a_topic_that_has_no_acl(user: Callable[[str], Connection], topic: str) -> None:
    producing = Producing(user("anyone"))
    producing.send(topic, ["hello"])
    assert producing.acknowledged == ["hello"]


def test_the_acl_commands_run_as_they_are_written_and_let_in_whom_they_name_and_nobody_else(
    cluster: Cluster, tools: Tools, user: Callable[[str], Connection], topic: str, new_name: Callable[[str], str]
) -> None:
    assert_acls_let_in_whom_they_name_and_nobody_else(
        cluster,
        tools,
        writer=user("writer"),
        reader=user("reader"),
        strangers=[user("stranger")],
        topic=topic,
        group=new_name("group"),
    )
