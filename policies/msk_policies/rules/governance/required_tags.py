"""Tags that say whose a resource is.

A bill, an alarm and a clean-up all need the owner of a resource. Complying costs a line: default tags of the provider, or
tags of the program.

The provider adds its default tags to `tags` for some resource types and to `tagsAll` for all: either counts. Types that the
AWS API gives no tags (rules of attachment, policies) are not judged: only those whose resource has one of the two properties,
and the types of this list, which always take tags.

Unknown values: tags that are not known yet are only advised on in a preview; where all that is asked for is known, what else
is unknown does not matter.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, PolicyComplianceFramework, PolicyResource, Severity

from msk_policies.kit.properties import UnknownValueError, elements, read, read_if_known
from msk_policies.kit.rule import CLUSTER, CONNECTOR, SERVERLESS_CLUSTER
from msk_policies.kit.settings import NamesSetting
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.logs.log_groups import LOG_GROUP, REPLICATOR
from msk_policies.msk.keys import KEY
from msk_policies.msk.scram import SECRET
from msk_policies.network.openings import SECURITY_GROUP

_TAGS = NamesSetting("requiredTags", "Tag keys that every resource must have. If empty, a resource needs at least one tag.")
_PROPERTIES = ("tagsAll", "tags")
_TYPES = (
    CLUSTER,
    SERVERLESS_CLUSTER,
    REPLICATOR,
    "aws:msk/vpcConnection:VpcConnection",
    CONNECTOR,
    KEY,
    "aws:ec2/vpc:Vpc",
    "aws:ec2/subnet:Subnet",
    SECURITY_GROUP,
    LOG_GROUP,
    SECRET,
)


def _judge(resource: PolicyResource, _stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    wanted = _TAGS.of(config)
    undecided: UnknownValueError | None = None
    keys: set[str] = set()
    for name in _PROPERTIES:
        try:
            tags = read(resource.props, name)
        except UnknownValueError as unknown:
            undecided = unknown
            continue
        keys |= _keys(tags)
    missing = [key for key in wanted if key not in keys]
    if not missing and (wanted or keys):
        return
    if undecided is not None:
        raise undecided
    what = f"tags of {resource.name} lack {', '.join(missing)}" if missing else f"tags of {resource.name} are missing"
    yield f"Tag every resource: {what}. Set tags, or the provider's defaultTags."


def _keys(tags: object) -> set[str]:
    """The keys of tags that are not empty: of a map, or of a list of keys and values, as the aws-native provider has it."""
    if isinstance(tags, Mapping):
        return {key for key in tags if read_if_known(tags, key) != ""}
    pairs = [pair for pair in elements(tags) if isinstance(pair, Mapping)]
    return {str(read_if_known(pair, "key")) for pair in pairs if read_if_known(pair, "value") != ""}


POLICY = stack_rule(
    "required-tags",
    display_name="Required tags",
    description="The resources of an MSK platform should have the tags that the organization requires.",
    judges=dict.fromkeys(_TYPES, _judge),
    severity=Severity.LOW,
    enforcement_level=EnforcementLevel.ADVISORY,
    settings=[_TAGS],
    framework=PolicyComplianceFramework("AWS Config", "1.0.0", "msk-cluster-tagged", "Checks if Amazon MSK clusters have tags"),
    tags=["msk", "tags", "msk-cluster-tagged"],
    remediation_steps="Set tags on the resources, or defaultTags on the AWS provider. Tags change in place.",
    url="https://docs.aws.amazon.com/config/latest/developerguide/msk-cluster-tagged.html",
)
