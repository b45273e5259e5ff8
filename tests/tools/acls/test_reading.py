"""What Kafka's tools print of ACLs is read whole, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.acls import Acl, AclResource
from support.acl_clusters import listing
from tools.acls.reading import Entry, acls_in, cluster_id_in, entries_in, entry_of
from tools.shared.commands import CommandError

LINES = """\
Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=orders.v1, patternType=LITERAL)`: 
 \t(principal=User:CN=orders\\, and more,O=Example=x, host=*, operation=DESCRIBE_CONFIGS, permissionType=ALLOW)
\t(principal=User:erp, host=10.0.0.1, operation=ALL, permissionType=DENY) 

Current ACLs for resource `ResourcePattern(resourceType=DELEGATION_TOKEN, name=a, b`, patternType=PREFIXED)`: 
 \t(principal=User:*, host=*, operation=IDEMPOTENT_WRITE, permissionType=ALLOW) 

"""  # noqa: W291 - as Kafka's tool prints it
"""Kafka 3.9 and 4.3 print the same."""

text = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=8)
entries = st.builds(
    Entry,
    principal=text.map("User:{}".format),
    resource=st.sampled_from(["TOPIC", "GROUP", "CLUSTER", "TRANSACTIONAL_ID", "DELEGATION_TOKEN", "USER"]),
    name=text,
    pattern=st.sampled_from(["LITERAL", "PREFIXED"]),
    operation=st.sampled_from(["Read", "Write", "All", "DescribeConfigs", "IdempotentWrite", "ClusterAction"]),
    host=st.sampled_from(["*", "10.0.0.1", "::1"]),
    allows=st.booleans(),
)


def test_the_lines_are_read_with_all_that_stands_in_them() -> None:
    assert entries_in(LINES) == {
        Entry("User:CN=orders\\, and more,O=Example=x", "TOPIC", "orders.v1", "LITERAL", "DescribeConfigs"),
        Entry("User:erp", "TOPIC", "orders.v1", "LITERAL", "All", "10.0.0.1", allows=False),
        Entry("User:*", "DELEGATION_TOKEN", "a, b`", "PREFIXED", "IdempotentWrite"),
    }


@given(st.sets(entries, max_size=6))
def test_what_is_printed_is_read_back(those: set[Entry]) -> None:
    assert entries_in(listing(those)) == those


@given(entries)
def test_only_what_a_stack_could_have_made_is_taken_for_one_of_its_acls(entry: Entry) -> None:
    plain = entry.allows and entry.host == "*" and entry.resource in AclResource.__members__
    assert (entry.acl is not None) == plain
    if entry.acl:
        assert entry_of(entry.acl) == entry
    assert acls_in({entry}) == ({entry.acl} if entry.acl else set())


@pytest.mark.parametrize(
    "wrong",
    [
        "WARN nobody knows what this is\n",
        LINES.split("\n", 1)[1],
        LINES.replace("ALLOW", "PERHAPS"),
        LINES.replace(", host=*", ""),
        LINES.replace("patternType", "pattern"),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_passed_over(wrong: str) -> None:
    with pytest.raises(CommandError, match="has what this command cannot read") as refused:
        entries_in(wrong)
    assert refused.value.code == 3


def test_the_clusters_own_id_is_read() -> None:
    assert cluster_id_in("Cluster ID: 4L6g3nShT-eMCtK--X86sw\n") == "4L6g3nShT-eMCtK--X86sw"
    with pytest.raises(CommandError, match="No cluster ID found"):
        cluster_id_in("No cluster ID found. The Kafka version is probably too old.\n")


def test_a_stacks_acl_is_the_clusters() -> None:
    assert entry_of(Acl("User:a", AclResource.GROUP, "g-", prefixed=True, operation="Read")) == Entry(
        "User:a", "GROUP", "g-", "PREFIXED", "Read"
    )
