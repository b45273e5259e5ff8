"""The broker configuration that an MSK cluster uses, where the same stack makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msk_policies.kit.judges import NotApplicableError, NotJudgedError
from msk_policies.kit.properties import read, read_if_known
from msk_policies.msk.brokers import INSTANCE_TYPE, is_express_type
from msk_policies.msk.java_properties import entries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_policy import PolicyResource

    from msk_policies.kit.stack import Stack

CONFIGURATION: Final = "aws:msk/configuration:Configuration"
SERVER_PROPERTIES: Final = "serverProperties"
IN_SYNC: Final = "min.insync.replicas"
UNCLEAN: Final = "unclean.leader.election.enable"
_REFERENCE: Final = "configurationInfo.arn"


class Used(NamedTuple):
    """What a cluster runs with.

    Attributes:
        properties: The server properties of its configuration, each a text; empty where it has no configuration.
        place: How a message names the place: the configuration's name in the program, or that there is none.
    """

    properties: Mapping[str, str]
    place: str


def is_express(cluster: PolicyResource) -> bool:
    """Whether a cluster has Express brokers, which forbid most of the properties that decide about safety."""
    return is_express_type(read_if_known(cluster.props, INSTANCE_TYPE))


def used(cluster: PolicyResource, stack: Stack, *, express: bool = False) -> Used:
    """The server properties that a cluster uses.

    Args:
        cluster: The cluster.
        stack: The stack around it.
        express: Whether Express brokers let these properties be set, too.

    Raises:
        NotApplicableError: The cluster's brokers are Express, which set these properties themselves.
        NotJudgedError: Its configuration is made elsewhere.
        UnknownValueError: The configuration's text is known only in deployment.
    """
    if not express and is_express(cluster):
        message = "Express brokers set their safety properties themselves."
        raise NotApplicableError(message)
    configurations = stack.referred(cluster, _REFERENCE, CONFIGURATION)
    if not configurations:
        if read_if_known(cluster.props, "configurationInfo") is None and not _refers_elsewhere(cluster):
            return Used({}, "the cluster has no configuration of its own")
        message = f"Another program creates the configuration of {cluster.name}."
        raise NotJudgedError(message)
    text = read(configurations[0].props, SERVER_PROPERTIES)
    return Used(parsed(text if isinstance(text, str) else ""), f"the configuration {configurations[0].name}")


def not_false(setup: Used, name: str) -> str | None:
    """What is wrong with a property that has to be false and is true by Amazon MSK's default; None where it is false."""
    value = setup.properties.get(name)
    if value is None:
        return f"is not set ({setup.place}), and Amazon MSK's default is true"
    return None if value.lower() == "false" else f"is not false in {setup.place}"


def parsed(text: str) -> dict[str, str]:
    """The server properties that a configuration's text sets, the last of each name."""
    return dict(entries(text))


def _refers_elsewhere(cluster: PolicyResource) -> bool:
    return bool(cluster.property_dependencies.get("configurationInfo"))
