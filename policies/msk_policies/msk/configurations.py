"""The broker configuration that an MSK cluster uses, where the same stack makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msk_policies.kit.judges import NotApplicableError, NotJudgedError
from msk_policies.kit.properties import read, read_if_known, whole
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
_REVISION: Final = "configurationInfo.revision"


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


def used(cluster: PolicyResource, stack: Stack, *, express: bool = False) -> list[Used]:
    """The server properties that a cluster uses: one, or several where a preview cannot tell yet which.

    The ARN says which configuration it is. While it is not known, each one that it may be made from counts.

    Args:
        cluster: The cluster.
        stack: The stack around it.
        express: Whether Express brokers let these properties be set, too.

    Raises:
        NotApplicableError: The cluster's brokers are Express, which set these properties themselves.
        NotJudgedError: Its configuration is made elsewhere, or it uses an older revision than the program has.
        UnknownValueError: The configuration's text is known only in deployment.
    """
    if not express and is_express(cluster):
        message = "Express brokers set their safety properties themselves."
        raise NotApplicableError(message)
    candidates = _named(cluster, stack)
    if not candidates:
        if read_if_known(cluster.props, "configurationInfo") is None and not _refers_elsewhere(cluster):
            return [Used({}, "the cluster has no configuration of its own")]
        message = f"Another program creates the configuration of {cluster.name}."
        raise NotJudgedError(message)
    _refuse_older_revisions(cluster, candidates)
    texts = [(read(configuration.props, SERVER_PROPERTIES), configuration.name) for configuration in candidates]
    return [Used(parsed(text if isinstance(text, str) else ""), f"the configuration {name}") for text, name in texts]


def _refuse_older_revisions(cluster: PolicyResource, candidates: list[PolicyResource]) -> None:
    revision = whole(read_if_known(cluster.props, _REVISION))
    for candidate in candidates:
        latest = whole(read_if_known(candidate.props, "latestRevision"))
        if revision is not None and latest is not None and revision != latest:
            message = (
                f"{cluster.name} uses revision {revision} of {candidate.name}, and this program has the text of revision "
                f"{latest}."
            )
            raise NotJudgedError(message)


def _named(cluster: PolicyResource, stack: Stack) -> list[PolicyResource]:
    """The configurations that a cluster's ARN names, or may name while it or theirs is not known."""
    referred = list(stack.referred(cluster, _REFERENCE, CONFIGURATION))
    arn = read_if_known(cluster.props, _REFERENCE)
    if not isinstance(arn, str):
        return referred
    arns = [(read_if_known(configuration.props, "arn"), configuration) for configuration in referred]
    exactly = [configuration for own, configuration in arns if own == arn]
    return exactly or [configuration for own, configuration in arns if own is None]


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
