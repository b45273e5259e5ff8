"""Who may do what in programs that are not this template's."""

from __future__ import annotations

import pytest

from inventory.evidence.rights import Decided, Right, Verb, WhoMay
from inventory.evidence.who_may import holders_of, who_may
from inventory.rows import ResourceRow
from support.foreign_programs import ALL, rows_of
from support.inventories import row


def may(who: WhoMay, holder: str, verb: Verb, kind: str = "topic") -> dict[str, tuple[str, ...]]:
    return {right.name: right.limits for right in who.rights if (right.holder, right.verb, right.kind) == (holder, verb, kind)}


def names(rights: list[Right]) -> set[str]:
    return {right.holder for right in rights}


@pytest.fixture(scope="module")
def inline() -> WhoMay:
    return who_may(rows_of("inline-roles"))


def test_wildcards_of_actions_and_resources_are_what_they_take_in(inline: WhoMay) -> None:
    assert may(inline, "role writer", Verb.WRITE) == {"orders.*": ()}
    assert may(inline, "role writer", Verb.ADMINISTER) == {"orders.*": ()}
    assert may(inline, "role writer", Verb.READ) == {}
    administer = next(right for right in inline.rights if right.holder == "role writer" and right.verb is Verb.ADMINISTER)
    assert administer.actions == ("kafka-cluster:AlterTopic", "kafka-cluster:CreateTopic", "kafka-cluster:DeleteTopic")


def test_what_is_denied_is_taken_off_or_said_beside(inline: WhoMay) -> None:
    assert may(inline, "role anything", Verb.READ) == {"*": ("denied on payroll.*",)}
    administer = [right for right in inline.rights if right.holder == "role anything" and right.verb is Verb.ADMINISTER]
    assert "kafka-cluster:DeleteTopic" not in {action for right in administer for action in right.actions}
    assert "role anything" in names(holders_of(inline, Verb.READ, "orders.v1"))
    assert "role anything" not in names(holders_of(inline, Verb.READ, "payroll.v1"))


def test_actions_that_are_excepted_leave_the_others_under_their_condition(inline: WhoMay) -> None:
    assert may(inline, "user auditor", Verb.READ) == {"*": ("only if aws:MultiFactorAuthPresent Bool true",)}
    assert may(inline, "user auditor", Verb.WRITE) == {}
    assert may(inline, "user auditor", Verb.ADMINISTER, "cluster") == {}


def test_policies_of_aws_reach_every_cluster(inline: WhoMay) -> None:
    for verb in (Verb.READ, Verb.WRITE, Verb.ADMINISTER):
        assert may(inline, "group administrators", verb) == {"*": ("AdministratorAccess",)}
    deletes = [right for right in inline.rights if "kafka:DeleteCluster" in right.actions]
    assert names(deletes) == {"group administrators"}


def test_a_boundary_takes_off_what_it_does_not_allow(inline: WhoMay) -> None:
    assert may(inline, "role bounded", Verb.READ) == {"*": ("as far as its permissions boundary allows",)}
    assert may(inline, "role bounded", Verb.WRITE) == {}


def test_policies_that_are_elsewhere_are_named_not_left_out(inline: WhoMay) -> None:
    assert ("role legacy", "it has the policy arn:aws:iam::111122223333:policy/legacy-kafka, which is not in this inventory") in [
        (one.about, one.why) for one in inline.unresolved
    ]
    assert {identity.role: identity.taken_by for identity in inline.identities}["writer"] == ("service ec2.amazonaws.com",)


def test_whoever_may_become_somebody_else_is_named(inline: WhoMay) -> None:
    roads = {one.about: one.why for one in inline.unresolved if "not followed" in one.why}
    assert set(roads) == {"user auditor"}
    assert "sts:AssumeRole" in roads["user auditor"]


def test_a_cluster_policy_says_what_other_accounts_may() -> None:
    who = who_may(rows_of("other-account"))
    billing = "principal arn:aws:iam::444455556666:role/billing"
    foreign = ("as far as policies of its own account allow it too",)
    assert may(who, billing, Verb.READ) == {"invoices": foreign}
    assert may(who, "account 444455556666", Verb.CONNECT, "cluster") == {"": foreign}
    assert may(who, "service firehose.amazonaws.com", Verb.CONNECT, "cluster") == {"": ()}
    assert may(who, "everybody", Verb.WRITE) == {"*": ("only if aws:PrincipalOrgID StringEquals o-a1b2c3d4e5",)}
    assert names(holders_of(who, Verb.READ, "invoices")) == {billing}
    assert who.unresolved == ()


def test_acls_are_read_with_hosts_and_denials_and_what_stands_open_is_said() -> None:
    who = who_may(rows_of("plain"))
    assert may(who, "User:erp", Verb.READ) == {"orders": ()}
    assert may(who, "User:crm", Verb.WRITE) == {"ord*": ("only from 10.0.0.7", "denied on orders")}
    assert may(who, "every SCRAM user and client certificate", Verb.READ) == {"*": ("where no ACL stands on it",)}
    assert names(holders_of(who, Verb.READ, "orders")) == {"User:erp", "every SCRAM user and client certificate"}
    assert names(holders_of(who, Verb.READ, "ordinary")) == {"User:crm", "every SCRAM user and client certificate"}
    assert [one.about for one in who.unresolved] == ["ACL ghost of User:ghost"]
    assert who.topics == ("orders",)


def test_a_cluster_that_shuts_what_has_no_acl_opens_nothing() -> None:
    rows = rows_of("plain")
    for each in rows:
        if each["type"] == "aws:msk/configuration:Configuration":
            each["inputs"]["serverProperties"] = "allow.everyone.if.no.acl.found=false\n"
    assert not [right for right in who_may(rows).rights if right.decided is Decided.NO_ACL]
    without = [each for each in rows if each["type"] != "aws:msk/configuration:Configuration"]
    assert "allow.everyone.if.no.acl.found is not known" in str(who_may(without).unresolved)


@pytest.mark.parametrize("program", ALL)
def test_before_a_deployment_nobody_is_lost(program: str) -> None:
    after, before = who_may(rows_of(program)), who_may(rows_of(program, deployed=False))
    unresolved = {one.about for one in before.unresolved}
    known = {(right.holder, right.kind, right.name, right.verb) for right in before.rights}
    named_by_policy = {right.holder for right in after.rights if right.decided is Decided.CLUSTER}
    for right in after.rights:
        if right.holder not in named_by_policy | unresolved:
            assert (right.holder, right.kind, right.name, right.verb) in known
    if named_by_policy:
        assert [(one.about, one.why) for one in before.unresolved] == [
            ("cluster policy shared", "its policy is unknown until deployed")
        ]


POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kafka-cluster:ReadData", "Resource": "*"}]}


@pytest.mark.parametrize(
    ("resources", "holder"),
    [
        ([row("aws-native:iam:Role", "app", {"roleName": "app", "policies": [{"policyDocument": POLICY}]})], "role app"),
        ([row("aws-native:iam:ManagedPolicy", "p", {"policyDocument": POLICY, "roles": ["app"]})], "role app"),
        ([row("aws-native:iam:RolePolicy", "p", {"policyDocument": POLICY, "roleName": "app"})], "role app"),
        ([row("aws:iam/policy:Policy", "p", {"name": "p", "policy": POLICY})], "whoever has the policy p"),
        (
            [
                row("aws:iam/policy:Policy", "p", {"policy": POLICY}, outputs={"arn": "arn:aws:iam::1:policy/p"}),
                row(
                    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
                    "e",
                    {"roleName": "app", "policyArns": ["arn:aws:iam::1:policy/p"]},
                ),
            ],
            "role app",
        ),
        (
            [
                row(
                    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
                    "s",
                    {"permissionSetArn": "arn:aws:sso:::permissionSet/ssoins-1/ps-1", "inlinePolicy": POLICY},
                )
            ],
            "permission set arn:aws:sso:::permissionSet/ssoins-1/ps-1",
        ),
    ],
)
def test_every_form_of_a_policy_is_read(resources: list[ResourceRow], holder: str) -> None:
    (right,) = who_may(resources).rights
    assert (right.holder, right.verb, right.name, right.cluster) == (holder, Verb.READ, "*", "of another program (*)")


def test_a_type_of_iam_that_is_not_read_is_named() -> None:
    (one,) = who_may([row("aws:iam/rolesAnywhereOfTomorrow:Thing", "x")]).unresolved
    assert one.why == "aws:iam/rolesAnywhereOfTomorrow:Thing is not read for permissions"
