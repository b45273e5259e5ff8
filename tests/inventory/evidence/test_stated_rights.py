"""What IAM documents and ACLs give back is exactly what was stated, whatever was stated."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from hypothesis import given
from hypothesis import strategies as st

from domain.access.rights import Access, Names, names
from domain.access.statements import MAXIMUM_POLICY_SIZE, policies, statements
from domain.clients.plan import shown_access
from inventory.evidence.rights import Decided, Verb
from inventory.evidence.who_may import who_may
from inventory.rows import UNKNOWN, ResourceRow
from support.inventories import row

if TYPE_CHECKING:
    from domain.settings.clients import ClientAccess

ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/shop/0a1b2c3d-1111-2222-3333-444455556666-7"
_R, _W, _A, _D = Verb.READ, Verb.WRITE, Verb.ADMINISTER, Verb.DESCRIBE

_names = st.builds(
    names,
    st.lists(st.sampled_from(["orders", "orders.v1", "orders.v2", "users", "a.b"]), max_size=3),
    st.lists(st.sampled_from(["ord", "orders.", "u", "z-"]), max_size=2),
)
_accesses = st.builds(
    Access,
    produce=_names,
    transactional_ids=_names,
    consume=_names,
    groups=_names,
    streams_topics=_names,
    connect_topics=_names,
    administer=_names,
    administer_groups=_names,
    administer_cluster=st.booleans(),
    observe_topics=_names,
    observe_groups=_names,
    operate=st.booleans(),
)


def _patterns(those: Names) -> list[str]:
    return [*those.exact, *(f"{prefix}*" for prefix in those.prefixes)]


def stated(access: Access) -> set[tuple[str, str, Verb]]:
    """What a statement of access comes to, told by itself: kind, name and what may be done."""
    parts: list[tuple[str, list[str], tuple[Verb, ...]]] = [
        ("topic", _patterns(access.produce), (_W, _D)),
        ("topic", _patterns(access.consume), (_R, _D)),
        ("topic", _patterns(access.streams_topics), (_R, _W, _A, _D)),
        ("topic", _patterns(access.connect_topics), (_R, _W, _A, _D)),
        ("topic", _patterns(access.administer), (_A, _D)),
        ("topic", _patterns(access.observe_topics), (_D,)),
        ("group", _patterns(access.groups) if access.reads else [], (_R, _D)),
        ("group", _patterns(access.administer_groups), (_R, _A, _D)),
        ("group", _patterns(access.observe_groups), (_D,)),
        ("transactional-id", _patterns(access.transactional_ids) if access.writes else [], (_W, _D)),
    ]
    if access.operate:
        parts += [("topic", ["*"], (_A, _D)), ("group", ["*"], (_A, _D)), ("transactional-id", ["*"], (_D,))]
    if access.administer_cluster or access.operate:
        parts.append(("cluster", [""], (_A, _D)))
    if access.observes:
        parts.append(("cluster", [""], (_D,)))
    return {(kind, name, verb) for kind, those, verbs in parts for name in those for verb in verbs}


def of_iam(access: Access, size: int, *, known: bool = True) -> list[ResourceRow]:
    """A cluster, and a client's role with the policies that the access asks for."""
    arn = ARN if known else UNKNOWN
    rows = [
        row(
            "aws:msk/cluster:Cluster",
            "kafka",
            {"clusterName": "shop", "clientAuthentication": {"sasl": {"iam": True}}},
            outputs={"arn": arn},
        ),
        row("aws:iam/role:Role", "api", {"name": "api"}),
    ]
    for number, document in enumerate(policies(statements(access, ARN), maximum_size=size)):
        policy = row("aws:iam/policy:Policy", f"api-{number}", {"policy": json.dumps(document)}, outputs={"arn": UNKNOWN})
        has = row(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            f"api-{number}",
            {"role": "api", "policyArn": UNKNOWN},
            propertyDependencies={"policyArn": [policy["urn"]]},
        )
        rows += [policy, has]
    return rows


@given(_accesses, st.sampled_from([700, MAXIMUM_POLICY_SIZE]), st.booleans())
def test_documents_of_iam_give_back_what_was_stated(access: Access, size: int, known: bool) -> None:
    who = who_may(of_iam(access, size, known=known))
    assert who.unresolved == ()
    assert {(right.holder, right.cluster, right.decided, right.limits) for right in who.rights} <= {
        ("role api", "shop", Decided.IAM, ())
    }
    found = {(right.kind, right.name, right.verb) for right in who.rights}
    # Only IAM asks for a permission to connect, and whoever administers topics sees the cluster.
    cluster = {("cluster", "", Verb.CONNECT)} | ({("cluster", "", _D)} if access.administer else set())
    assert found == stated(access) | (cluster if access else set())


@given(_accesses)
def test_acls_give_back_what_was_stated(access: Access) -> None:
    client = cast("ClientAccess", SimpleNamespace(access=access, identity=SimpleNamespace(mechanism="SASL/SCRAM")))
    inputs = {"clusterName": "shop", "clientAuthentication": {"sasl": {"iam": True}}}
    rows = [
        row("aws:msk/cluster:Cluster", "kafka", inputs),
        row("msk-platform:access:KafkaClients", "kafka-clients", {"access": {"erp": shown_access(client)}}),
    ]
    who = who_may(rows)
    assert who.unresolved == ()
    assert {(right.holder, right.decided, right.limits) for right in who.rights} <= {("client erp", Decided.STATED, ())}
    assert {(right.kind, right.name, right.verb) for right in who.rights} == stated(access)


@given(_accesses)
def test_what_a_deployment_decides_is_listed_with_what_the_program_states(access: Access) -> None:
    client = cast("ClientAccess", SimpleNamespace(access=access, identity=SimpleNamespace(mechanism="IAM")))
    shown: dict[str, Any] = shown_access(client)
    component = row("msk-platform:access:ClientAccess", "kafka-clients-api", {"client": "api"})
    rows = [
        row("msk-platform:access:KafkaClients", "kafka-clients", {"access": {"api": shown}}),
        component,
        row("aws:iam/policy:Policy", "api-1", {"policy": UNKNOWN}, parent=component["urn"]),
    ]
    (unresolved,) = who_may(rows).unresolved
    assert unresolved.about == "client api"
    assert "unknown until deployed" in unresolved.why
    assert all(name in unresolved.stated for name in _patterns(access.produce))
