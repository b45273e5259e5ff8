"""Few commands of Kafka's tool make exactly the ACLs that are wanted."""

from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from domain.access.acls import Acl, AclResource, acls
from domain.access.rights import Access, names
from tools.acls.batches import batches_of

acl = st.builds(
    Acl,
    st.sampled_from(["User:a", "User:b", "User:c"]),
    st.sampled_from(list(AclResource)).filter(lambda resource: resource is not AclResource.CLUSTER),
    st.sampled_from(["x", "y", "z"]),
    st.booleans(),
    st.sampled_from(["Describe", "Read", "Write"]),
)


@given(st.sets(acl, max_size=40))
def test_each_acl_is_in_one_command_and_no_other_is_made(wanted: set[Acl]) -> None:
    made = [one for batch in batches_of(wanted) for one in batch.acls]
    assert len(made) == len(set(made))
    assert set(made) == wanted


def test_thousands_of_acls_are_few_commands_of_bounded_size() -> None:
    topics = [f"{'t' * 200}.{number}" for number in range(2000)]
    users = [f"User:app-{number}" for number in range(3)]
    wanted = {each for user in users for each in acls(user, Access(produce=names(topics), consume=names(topics[:10])))}
    batches = batches_of(wanted)
    assert {each for batch in batches for each in batch.acls} == wanted
    # 12,030 ACLs.
    assert len(batches) < 40
    assert all(len(list(batch.acls)) <= 1000 for batch in batches)
    assert all(len(shlex.join(batch.options)) < 40_000 for batch in batches)


def test_the_cluster_and_odd_names_are_options_of_kafkas_tool() -> None:
    subject = "User:CN=a b\\, c,O=Example"
    chief, reader = batches_of(
        [
            Acl(subject, AclResource.CLUSTER, "kafka-cluster", prefixed=False, operation="Alter"),
            Acl(subject, AclResource.TRANSACTIONAL_ID, "a/b=", prefixed=True, operation="Write"),
        ]
    )
    assert chief.options == ["--allow-principal", subject, "--operation", "Alter", "--cluster"]
    prefixed = ["--transactional-id", "a/b=", "--resource-pattern-type", "prefixed"]
    assert reader.options == ["--allow-principal", subject, "--operation", "Write", *prefixed]
