"""The optional test client: a small host in the cluster's VPC that proves the cluster works. Who it is, and what it needs.

It is one more client (`domain.settings.clients`) with a topic and consumer groups of its own, and where the stack file says so
with the rights of an operator. How its host is reached and what is on it:

* Session Manager only. Without a way to the internet that needs interface endpoints: `ssm` and `ssmmessages`. No `ec2messages`:
  SSM Agent receives through `ssmmessages` wherever it may connect there (AWS Systems Manager User Guide, "Reference: ec2messages,
  ssmmessages, and other API operations").
* Amazon Linux 2023, whose packages come from Amazon S3 in the same region: the VPC's gateway endpoint reaches them (Amazon Linux
  2023 User Guide, "Repositories and updates"), Java among them. No Kafka client is relied on to be among them, so kafka-python
  comes from the Python Package Index and Kafka's tools from its archive, or both from a bucket where there is no way to those.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.access.mechanisms import Mechanism
from domain.forms import of_form
from domain.msk.arns import BUCKET_NAME, bucket_problem
from domain.settings.clients import Administer, ClientAccess, Consume, Ec2, Identity, Operate, Produce, Role
from domain.settings.types import Block, matching

CLIENT = "msk-smoke-test"
"""The client's name; its topic's, its SCRAM user's, and what its groups' names begin with."""

_INSTANCE_TYPE = r"[a-z][a-z0-9-]*[0-9][a-z0-9-]*\.(nano|micro|small|medium|[0-9]*x?large)"

LONGEST_PACKAGES = 200
"""Characters of the packages' place: the host's user data names it, and Amazon EC2 takes 16 KiB of that
(`domain.clients.host.MAXIMUM_USER_DATA`), of which the programs on the host leave little."""


def _packages_place(place: str) -> str:
    if len(place) > LONGEST_PACKAGES:
        raise ValueError(f"has {len(place)} characters: at most {LONGEST_PACKAGES} fit into the host's user data. Shorten it.")
    if problem := bucket_problem(place.removeprefix("s3://").partition("/")[0]):
        raise ValueError(f"names a bucket that {problem}")
    return place


InstanceType = Annotated[str, matching(_INSTANCE_TYPE, "an EC2 instance type such as t4g.small")]
PackagesUri = Annotated[
    str,
    matching(
        r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9!_.()/-]+)?",
        "a place in Amazon S3 such as s3://orders-artifacts/packages",
    ),
    AfterValidator(_packages_place),
    of_form(
        rf"s3://{BUCKET_NAME.replace('$', '(/|$)')}(/[A-Za-z0-9!_.()/-]+)?",
        "must be a place in Amazon S3 such as s3://orders-artifacts/packages.",
        maxLength=LONGEST_PACKAGES,
    ),
]


class HostSettings(Block):
    """A small host, reached by Session Manager only, with `smoke` on its path."""

    instance_type: InstanceType = Field(
        "t4g.small", alias="instanceType", description="Its EC2 instance type. Changing it stops and starts the host."
    )
    operate: bool = Field(
        False,
        description="Let its client do what the runbook's commands need, as a client with operate: {} does. python -m tools "
        "shell then is the place of the person on call. Not with brokerType serverless.",
    )
    packages: PackagesUri | None = Field(
        None,
        description="Location in Amazon S3, in the cluster's region, of what it installs: the wheels of its Kafka library, and "
        "for python -m tools shell Kafka's archive and aws-msk-iam-auth. Default: the internet, which needs a NAT gateway.",
    )


def host_mechanism(*, iam: bool, scram: bool) -> Mechanism | None:
    """How the test client proves who it is; None where the cluster has neither: nobody signs it a certificate."""
    if iam:
        return Mechanism.IAM
    return Mechanism.SCRAM if scram else None


def host_client(mechanism: Mechanism, *, operate: bool = False) -> ClientAccess:
    """The test client as an entry of ``clients``: its own topic, which it creates, and its own groups.

    Args:
        mechanism: IAM or SCRAM.
        operate: Whether it may do what the runbook does besides, with every topic and group.
    """
    scram = mechanism is Mechanism.SCRAM
    identity = Identity(scram_user=CLIENT) if scram else host_identity()
    return ClientAccess(
        identity=identity,
        produce=Produce(topics=[CLIENT]),
        consume=Consume(topics=[CLIENT], group_prefixes=[CLIENT]),
        admin=Administer(topics=[CLIENT]),
        operate=Operate() if operate else None,
        # The one that `smoke` is written for, and the one that Kafka's own tools take.
        formats=["kafka-python", "java"],
    )


def host_identity() -> Identity:
    """What the host itself is to IAM."""
    return Identity(role=Role(ec2=Ec2()))
