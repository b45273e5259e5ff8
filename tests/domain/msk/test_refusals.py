from __future__ import annotations

import datetime as dt
import re

import pytest

from domain.msk.refusals import AWS_REFUSALS, AwsRefusal, Through, When

ALL = list(AWS_REFUSALS.values())


@pytest.mark.parametrize("refusal", ALL, ids=lambda refusal: refusal.name)
def test_a_refusal_says_what_it_is_about_and_who_measured_it(refusal: AwsRefusal) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", refusal.name)
    assert refusal.refuses
    assert not refusal.refuses.endswith(".")
    assert refusal.answer
    assert refusal.source == f"badmintoncryer/cdk-preflight, pf-msk-{refusal.name}"
    assert dt.date(2026, 9, 1) <= refusal.measured <= dt.date(2026, 9, 30)


def test_no_refusal_stands_there_twice() -> None:
    assert len({(refusal.refuses, refusal.answer) for refusal in ALL}) == len(ALL)


def test_what_an_update_may_turn_on_is_refused_at_creation_alone() -> None:
    at_creation = {refusal.name for refusal in ALL if refusal.when is When.AT_CREATION}
    assert at_creation == {
        "kafka-version-deprecated",
        "network-type-ipv4-at-create",
        "public-access-not-at-create",
        "vpc-connectivity-auth-not-at-create",
        "zookeeper-access-not-at-create",
    }


def test_what_the_aws_provider_never_meets_is_said() -> None:
    others = {refusal.name: refusal.through for refusal in ALL if refusal.through is not Through.API}
    assert others == {
        "tls-enabled-requires-ca-list": Through.CLOUDFORMATION,
        "vpc-connectivity-auth-not-at-create": Through.NOT_AWS_PROVIDER,
        "zookeeper-access-not-at-create": Through.CLOUDFORMATION,
    }
