"""ARNs of IAM roles and users: those that IAM has are taken, the others are refused with what is wrong with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.principals import PARTITIONS, doubtful, principal_of, unmodifiable

ROLE = "arn:aws:iam::111122223333:role/"


@pytest.mark.parametrize(
    "arn",
    [
        f"{ROLE}orders",
        f"{ROLE}team/payments/orders",
        f"{ROLE}service-role/orders-lambda",
        f"{ROLE}A+b=c,d.e@f_g-h",
        f"{ROLE}{'x' * 64}",
        "arn:aws:iam::111122223333:user/team/ann",
        "arn:aws-cn:iam::111122223333:role/orders",
        "arn:aws-us-gov:iam::111122223333:role/orders",
        "arn:aws-eusc:iam::111122223333:role/orders",
    ],
)
def test_roles_and_users_that_iam_has_are_taken(arn: str) -> None:
    principal = principal_of(arn)
    assert arn.endswith(principal.name)
    assert unmodifiable(principal) is None
    assert doubtful(principal) is None


@pytest.mark.parametrize(
    ("arn", "words"),
    [
        ("", "must be the ARN of an IAM role or user"),
        ("orders", "must be the ARN of an IAM role or user"),
        ("arn:aws:iam::111122223333:group/a", "must be the ARN of an IAM role or user"),
        ("arn:aws:iam::111122223333:root", "must be the ARN of an IAM role or user"),
        ("arn:aws:sts::111122223333:assumed-role/orders/session", "arn:aws:iam::111122223333:role/orders"),
        ("arn:aws:iam:us-east-1:111122223333:role/a", "has the region us-east-1, but IAM's ARNs have no region"),
        ("arn:awsx:iam::111122223333:role/a", "partition awsx"),
        ("arn:aws-:iam::111122223333:role/a", "partition aws-"),
        ("arn:aws:iam::11112222333:role/a", "12-digit account ID"),
        ("arn:aws:iam::١١١١٢٢٢٢٣٣٣٣:role/a", "U+0661"),
        ("arn:aws:iam::aws:role/a", "12-digit account ID"),
        (f"{ROLE}team/", "the role's name is missing"),
        (ROLE, "the role's name is missing"),
        (f"{ROLE}/app", "has two slashes after role"),
        (f"{ROLE}//app", "Write role/app"),
        (f"{ROLE}äpp", "has ä (U+00E4)"),
        (f"{ROLE}аpp", "U+0430"),  # noqa: RUF001 - a letter that looks like one of ASCII
        (f"{ROLE}a\tb", "U+0009"),
        (f"{ROLE}a\u200bb", "U+200B"),
        (f"{ROLE}a*", "has a*"),
        (f"{ROLE}te am/a", "has te am"),
        (f"{ROLE}{'x' * 65}", "65 characters"),
        (f"{ROLE}{'p' * 511}/a", "a path of 513 characters"),
    ],
)
def test_what_iam_has_not_is_refused_with_what_is_wrong(arn: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as error:
        principal_of(arn)
    assert words in str(error.value)


@given(st.sampled_from(PARTITIONS), st.from_regex(r"[A-Za-z0-9_+=,.@-]{1,64}", fullmatch=True), st.sampled_from(["", "/team/"]))
def test_a_role_is_the_same_whatever_its_path_and_case(partition: str, name: str, path: str) -> None:
    plain = principal_of(f"arn:{partition}:iam::111122223333:role/{name}")
    other = principal_of(f"arn:{partition}:iam::111122223333:role{path or '/'}{name.swapcase()}")
    assert plain.identity == other.identity
    assert plain.identity != principal_of(f"arn:{partition}:iam::111122223334:role/{name}").identity
    assert plain.identity != principal_of(f"arn:{partition}:iam::111122223333:user/{name}").identity


@given(st.text())
def test_any_text_at_all_is_a_principal_or_a_value_error(text: str) -> None:
    try:
        principal = principal_of(text)
    except ValueError:
        return
    assert principal.name


@pytest.mark.parametrize(
    ("path_and_name", "words"),
    [
        ("aws-service-role/kafka.amazonaws.com/AWSServiceRoleForKafka", "service-linked"),
        ("AWSServiceRoleForSupport", "service-linked"),
        ("aws-reserved/sso.amazonaws.com/AWSReservedSSO_x_1", "IAM Identity Center"),
        ("aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Data_0123456789abcdef", "IAM Identity Center"),
        ("AWSReservedSSO_Data_0123456789abcdef", "IAM Identity Center"),
    ],
)
def test_roles_that_only_aws_changes_are_told(path_and_name: str, words: str) -> None:
    message = unmodifiable(principal_of(ROLE + path_and_name))
    assert message
    assert words in message


@pytest.mark.parametrize(
    "resource", ["user/AWSReservedSSO_me", "role/my-AWSReservedSSO_x", "role/aws-reserved-not/x", "role/SSO"]
)
def test_what_only_sounds_like_them_is_ones_own(resource: str) -> None:
    assert unmodifiable(principal_of(f"arn:aws:iam::111122223333:{resource}")) is None


@pytest.mark.parametrize(
    ("path_and_name", "words"),
    [
        ("team//app", "two slashes"),
        ("AWSControlTowerExecution", "Control Tower"),
        ("aws-controltower-AdministratorExecutionRole", "Control Tower"),
        ("stacksets-exec-0123456789abcdef", "Control Tower"),
    ],
)
def test_what_may_be_wrong_is_worth_a_warning_only(path_and_name: str, words: str) -> None:
    principal = principal_of(ROLE + path_and_name)
    assert unmodifiable(principal) is None
    assert words in (doubtful(principal) or "")
