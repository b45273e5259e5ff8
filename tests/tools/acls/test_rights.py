"""What ACLs come to, as Kafka's authorizer decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.acls.reading import Entry
from tools.acls.rights import Covered, allowed, covers

ORDERS = Entry("User:erp", "TOPIC", "orders.v1", "LITERAL", "Write")
CASES = {
    "the principal": ([ORDERS], "Write", True),
    "what is implied": ([ORDERS], "Describe", True),
    "no more than that": ([ORDERS], "Read", False),
    "everything": ([Entry("User:erp", "TOPIC", "orders.v1", "LITERAL", "All")], "Read", True),
    "everybody": ([Entry("User:*", "TOPIC", "orders.v1", "LITERAL", "Read")], "Read", True),
    "every topic": ([Entry("User:erp", "TOPIC", "*", "LITERAL", "Read")], "Read", True),
    "a beginning": ([Entry("User:erp", "TOPIC", "orders.", "PREFIXED", "Read")], "Read", True),
    "another beginning": ([ORDERS, Entry("User:erp", "TOPIC", "orders.v2", "PREFIXED", "Read")], "Read", False),
    "no pattern of Kafka's": ([ORDERS, Entry("User:erp", "TOPIC", "*", "PREFIXED", "Read")], "Read", False),
    "another resource": ([ORDERS, Entry("User:erp", "GROUP", "orders.v1", "LITERAL", "Read")], "Read", False),
    "another principal": ([Entry("User:crm", "TOPIC", "orders.v1", "LITERAL", "Write")], "Write", False),
    "one host only": ([Entry("User:erp", "TOPIC", "orders.v1", "LITERAL", "Write", "10.0.0.1")], "Write", False),
    "denied": ([ORDERS, Entry("User:erp", "TOPIC", "orders.v1", "LITERAL", "Write", allows=False)], "Write", False),
    "everybody denied": ([ORDERS, Entry("User:*", "TOPIC", "orders.", "PREFIXED", "All", allows=False)], "Write", False),
    "something else denied": ([ORDERS, Entry("User:erp", "TOPIC", "orders.v1", "LITERAL", "Read", allows=False)], "Write", True),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("everyone", [True, False])
def test_where_there_are_acls_they_decide(case: str, everyone: bool) -> None:
    entries, operation, expected = CASES[case]
    assert allowed(entries, "User:erp", "TOPIC", "orders.v1", operation, everyone=everyone) is expected


@pytest.mark.parametrize("everyone", [True, False])
def test_where_there_are_none_the_cluster_decides(everyone: bool) -> None:
    assert allowed([ORDERS], "User:erp", "TOPIC", "payroll", "Read", everyone=everyone) is everyone


_name = st.text("ab*", min_size=1, max_size=3)
_entry = st.builds(
    Entry,
    st.just("User:a"),
    st.sampled_from(["TOPIC", "GROUP"]),
    _name,
    st.sampled_from(["LITERAL", "PREFIXED"]),
    st.just("Read"),
)


@given(st.lists(_entry, max_size=4), st.sampled_from(["TOPIC", "GROUP"]), _name, st.booleans())
def test_names_are_covered_where_an_acl_is_on_them(entries: list[Entry], resource: str, name: str, prefixed: bool) -> None:
    by_one = any(covers(entry, resource, name, prefixed=prefixed) for entry in entries)
    assert ((resource, name, prefixed) in Covered(entries)) == by_one
    if prefixed and by_one:
        # Whatever begins so is covered, too.
        assert (resource, f"{name}b", False) in Covered(entries)
