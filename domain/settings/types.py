"""The forms that settings have: blocks that refuse unknown keys, ids and ARNs of AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from domain.forms import VISIBLE, InSchema, of_form
from domain.guards.takeover import kafka_arn, kafka_arn_form
from domain.msk.arns import (
    BUCKET_NAME,
    CERTIFICATE_AUTHORITY_ARN,
    KMS_KEY_ARN,
    LONGEST_LOG_PREFIX,
    bucket_problem,
    certificate_authority_arn,
    kms_key_arn,
)
from domain.problems import is_blank
from domain.properties.values import PropertyValue

CREATE = "create"
"""Instead of the ARN or name of a key, a bucket or a CA: create one."""

RETENTION_DAYS: tuple[int, ...] = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
"""Days, from the CloudWatch Logs API reference, PutRetentionPolicy, ``retentionInDays``."""


class Block(BaseModel):
    """A block of the stack file: refuses keys it does not know."""

    # `populate_by_name`, and not its newer names: the lowest version of pydantic that is allowed knows it alone.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _empty_as_the_cli_writes_it(cls, value: object) -> object:
        # `pulumi config set --path authentication.scram '{}'` writes a text: the CLI has no way to write an empty map.
        return {} if value == "{}" else value

    @field_validator("*", mode="before")
    @classmethod
    def _scalars_are_what_they_are(cls, value: object, info: ValidationInfo) -> object:
        # Else `retentionHours: true` would be one hour, and `publicAccess: "no"` the same as false.
        kind = _scalar_kind(cls.model_fields[str(info.field_name)].annotation)
        if kind is bool and not isinstance(value, bool):
            raise ValueError("must be true or false.")
        if kind is int and isinstance(value, bool | str):
            raise ValueError("must be a whole number.")
        # `pulumi config set --path workload.fanOut 2.5` writes a text: of numbers, the CLI makes whole ones only.
        if kind is float and (isinstance(value, bool) or (isinstance(value, str) and not re.fullmatch(DECIMAL, value))):
            raise ValueError("must be a number.")
        return value


DECIMAL = r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
"""A number written as text."""


def _scalar_kind(annotation: object) -> object:
    """The type of a scalar, whether it may be left out and whatever else it must be."""
    if get_origin(annotation) in (Annotated, Union, UnionType):
        kinds = {_scalar_kind(member) for member in get_args(annotation) if isinstance(member, type) or get_args(member)}
        return next(iter(kinds - {type(None)})) if len(kinds - {type(None)}) == 1 else None
    return annotation


def _key_choice(value: str) -> str:
    if value != CREATE and kms_key_arn(value) is None:
        raise ValueError(
            'must be "create" (a customer managed key that this stack creates) or the ARN of a KMS key, '
            "such as arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab."
        )
    return value


def _bucket_choice(value: str) -> str:
    problem = None if value == CREATE else bucket_problem(value)
    if problem:
        raise ValueError(problem)
    return value


def _log_prefix(value: str) -> str:
    if len(value.encode()) > LONGEST_LOG_PREFIX:
        raise ValueError(
            "is too long: with what Amazon MSK adds, the objects' keys would have more than the 1024 bytes that Amazon S3 "
            f"allows. Shorten it to {LONGEST_LOG_PREFIX} characters."
        )
    return value


def _not_blank(value: str) -> str:
    if is_blank(value):
        raise ValueError("must not be blank.")
    return value


def _retention_days(days: int) -> int:
    if days not in RETENTION_DAYS:
        allowed = ", ".join(str(choice) for choice in RETENTION_DAYS)
        raise ValueError(f"is not a retention that CloudWatch Logs supports. Choose one of {allowed} days.")
    return days


@dataclass(frozen=True, slots=True)
class matching:  # noqa: N801 - reads as the function that it is to those who use it
    """That a text has a form, for the loader and for editors.

    Attributes:
        pattern: A regular expression for the whole of it, which ECMA 262 knows too.
        meaning: What the form is, after "must be ".
    """

    pattern: str
    meaning: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return of_form(self.pattern, f"must be {self.meaning}.").__get_pydantic_json_schema__(schema, handler)

    def _checked(self, value: str) -> str:
        # AWS's digits and letters are those of ASCII, which \d and \w are not by themselves.
        if not re.fullmatch(self.pattern, value, re.ASCII):
            raise ValueError(f"must be {self.meaning}.")
        return value


KeyChoice = Annotated[
    str,
    AfterValidator(_key_choice),
    of_form(f"{CREATE}|{KMS_KEY_ARN}", "must be create, or the ARN of a KMS key.", examples=[CREATE]),
]
RetentionDays = Annotated[int, AfterValidator(_retention_days), InSchema({"enum": list(RETENTION_DAYS)})]
SubnetId = Annotated[str, matching(r"subnet-[0-9a-f]{8,17}", "a subnet ID such as subnet-0123456789abcdef0")]
VpcId = Annotated[str, matching(r"vpc-[0-9a-f]{8,17}", "a VPC ID such as vpc-0123456789abcdef0")]
SecurityGroupId = Annotated[str, matching(r"sg-[0-9a-f]{3,17}", "a security group ID such as sg-0123456789abcdef0")]
SecurityGroupRuleId = Annotated[str, matching(r"sgr-[0-9a-f]{8,17}", "a rule's ID such as sgr-0123456789abcdef0")]
LogGroupName = Annotated[
    str,
    matching(r"[A-Za-z0-9_./#-]{1,512}", "a log group's name such as /msk/orders: letters, digits and _ - / . #, at most 512"),
]
BucketChoice = Annotated[
    str,
    AfterValidator(_bucket_choice),
    of_form(f"{CREATE}|{BUCKET_NAME}", "must be create, or the name of a bucket.", examples=[CREATE]),
]
LogPrefix = Annotated[
    str,
    AfterValidator(_log_prefix),
    InSchema({"maxLength": LONGEST_LOG_PREFIX}),
    matching(r"([A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*)?", "a path such as kafka/orders, with no slash at either end"),
]
Reason = Annotated[str, AfterValidator(_not_blank), of_form(VISIBLE, "must not be blank.")]
"""Why someone answers for something; as long as the whole configuration may be."""
ShortText = Annotated[str, StringConstraints(max_length=256)]
"""For people, as long as a tag's value."""
DeliveryStreamName = Annotated[
    str, matching(r"[A-Za-z0-9_.-]{1,64}", "a Firehose stream's name: 1 to 64 letters, digits and any of _ . -")
]
AccountId = Annotated[str, matching(r"[0-9]{12}", "a 12-digit AWS account ID, in quotes")]
PrefixListId = Annotated[str, matching(r"pl-[0-9a-f]{8,17}", "a prefix list ID such as pl-0123456789abcdef0")]
ZoneId = Annotated[
    str,
    matching(r"[a-z]{2,5}[0-9]-[a-z0-9-]*az[0-9]{1,2}", "the ID of an Availability Zone, such as euw1-az1 (not its name)"),
]
MetricPattern = Annotated[
    str,
    matching(
        r"([A-Za-z0-9_:]|\.[*+]){1,256}",
        "a Prometheus metric name, with .* for any characters, such as kafka_cluster_Partition_.*",
    ),
]


def _authority_arn(value: str) -> str:
    if certificate_authority_arn(value) is None:
        raise ValueError(
            "must be the ARN of an AWS Private CA, such as "
            "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1234abcd-12ab-34cd-56ef-1234567890ab."
        )
    return value


CertificateAuthorityArn = Annotated[
    str, AfterValidator(_authority_arn), of_form(CERTIFICATE_AUTHORITY_ARN, "must be the ARN of an AWS Private CA.")
]


def _new_authority(value: str) -> str:
    if value != CREATE:
        raise ValueError('must be "create". Put the ARN of an existing CA into certificateAuthorityArns instead.')
    return value


NewCertificateAuthority = Annotated[str, AfterValidator(_new_authority), InSchema({"enum": [CREATE]})]


def _kafka_arn(kind: str) -> AfterValidator:
    def check(value: str) -> str:
        if kafka_arn(value, kind) is None:
            raise ValueError(
                f"must be the ARN of an MSK {kind}, such as arn:aws:kafka:eu-west-1:111122223333:{kind}/orders/"
                "1234abcd-12ab-34cd-56ef-1234567890ab-2."
            )
        return value

    return AfterValidator(check)


ClusterArn = Annotated[str, _kafka_arn("cluster"), of_form(kafka_arn_form("cluster"), "must be the ARN of an MSK cluster.")]
ConfigurationArn = Annotated[
    str, _kafka_arn("configuration"), of_form(kafka_arn_form("configuration"), "must be the ARN of an MSK configuration.")
]


def _flat(value: object) -> object:
    # `pulumi config set --path serverProperties.message.max.bytes 1048588` takes the dots for a path: so does this.
    if not isinstance(value, dict):
        return value
    named: dict[str, object] = {}
    for name, inner in _leaves(value):
        if name in named:
            raise ValueError(f"has {name} twice: as one name and as a path. Remove one of the two.")
        named[name] = inner
    return named


def _leaves(value: dict[object, object]) -> Iterator[tuple[str, object]]:
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            yield from ((f"{key}.{name}", leaf) for name, leaf in _leaves(inner))
        else:
            yield str(key), inner


def _scalar(value: object) -> object:
    # Else pydantic reports one mistake for each type that the value could have been.
    if isinstance(value, dict | list):
        raise ValueError("must be text, a number, true or false.")  # noqa: TRY004 - a ValueError is the user's mistake to pydantic, a TypeError is not
    return value


KafkaProperties = Annotated[dict[str, Annotated[PropertyValue, BeforeValidator(_scalar)]], BeforeValidator(_flat)]
"""Kafka's properties by their names."""
