"""What the stack file may say of alarms."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.monitoring.alarms import Change
from domain.settings.monitoring import AlarmChange, AlarmEmail, AlarmName, Subscribers, changes, threshold_problems


@pytest.mark.parametrize("address", ["", "streaming@example.com", "a.b+kafka@example.co.uk"])
def test_an_address_or_none_is_taken(address: str) -> None:
    assert TypeAdapter(AlarmEmail).validate_python(address) == address


@pytest.mark.parametrize("address", ["streaming", "a@b", "a@example.com, b@example.com", "a b@example.com", "@example.com"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="one e-mail address"):
        TypeAdapter(AlarmEmail).validate_python(address)


def test_an_unknown_alarm_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(ValidationError, match="Did you mean disk-used"):
        TypeAdapter(AlarmName).validate_python("disk-use")


def test_thresholds_out_of_bounds_are_found_all_at_once() -> None:
    asked = {"cpu": AlarmChange(threshold=120), "heap": AlarmChange(threshold=70), "no-controller": AlarmChange(threshold=2)}
    assert set(threshold_problems(asked)) == {"cpu", "no-controller"}
    assert changes(asked)["heap"] == Change(70)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:sqs:eu-west-1:111122223333:pager",
        "arn:aws:lambda:eu-west-1:111122223333:function:pager",
        "arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:pager:$LATEST",
        f"arn:aws:lambda:ap-southeast-2:111122223333:function:{'f' * 64}:live",
        f"arn:aws:sqs:eu-west-1:111122223333:{'q' * 80}",
    ],
)
def test_functions_and_queues_are_told(arn: str) -> None:
    assert Subscribers(critical=[arn]).critical == [arn]


@pytest.mark.parametrize(
    "arn",
    [
        "https://example.com/key",
        "arn:aws:sns:eu-west-1:111122223333:other",
        "streaming@example.com",
        f"arn:aws:lambda:eu-west-1:111122223333:function:{'f' * 65}",
        "arn:aws:lambda:eu-west-1:111122223333:function:a.b",
        "arn:aws:lambda:eu-west-1:111122223333:function:pager:",
        "arn:aws:lambda:eu-west-1:111122223333:function:a:b:c",
        "arn:aws:lambda:eu-west:111122223333:function:pager",
        "arn:aws:sqs:-:111122223333:pager",
        "arn:aws:sqs:eu-west-1:111122223333:a:b",
        f"arn:aws:sqs:eu-west-1:111122223333:{'q' * 81}",
    ],
)
def test_what_amazon_sns_cannot_tell_is_refused(arn: str) -> None:
    with pytest.raises(ValidationError, match="the ARN of a Lambda function or an SQS queue"):
        Subscribers(warning=[arn])
