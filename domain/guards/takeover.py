"""What stays as it is when something that runs already is taken over, and what an import id looks like.

Where the program asks for something else than what is there, Pulumi 3.259 imports the resource and updates it in the same run
(older ones refuse: "inputs to import do not match the existing resource"). A takeover must change nothing, so `frozen_refusal`
refuses such an update for as long as ``import.frozen`` is on. What the program would say otherwise is left as it is with
Pulumi's `ignoreChanges`, in two ways:

* `FIXED` is left alone for as long as the import id stands in the stack file: AWS cannot change it in place, or this template has
  no setting for it.
* `import.keep` lists what is left alone until the team takes it out of the list. Then the preview shows the change that makes it
  what the settings say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from domain.guards.origins import setting_for
from domain.problems import shown

VpcProperty = Literal["enableDnsHostnames", "enableDnsSupport", "tags"]
SubnetProperty = Literal["mapPublicIpOnLaunch", "tags"]
SecurityGroupProperty = Literal["tags"]
RuleProperty = Literal["description", "tags"]
ConfigurationProperty = Literal["serverProperties"]
ClusterProperty = Literal[
    "brokerNodeGroupInfo.securityGroups",
    "configurationInfo",
    "encryptionInfo.encryptionInTransit.inCluster",
    "loggingInfo",
    "tags",
]
LogGroupProperty = Literal["kmsKeyId", "retentionInDays", "tags"]

FIXED: Mapping[str, tuple[str, ...]] = {
    # Terraform AWS provider, internal/service/ec2/vpc_.go: the range is ForceNew, tenancy changes only to default; leaving IPv6
    # out would take it off.
    "vpc": ("cidrBlock", "instanceTenancy", "assignGeneratedIpv6CidrBlock"),
    # internal/service/ec2/vpc_subnet.go: the ranges are ForceNew, the rest is for other uses of the subnet than brokers. The zone
    # is not here: one that is wrong in the stack file must be noticed.
    "subnets": (
        "cidrBlock",
        "ipv6CidrBlock",
        "assignIpv6AddressOnCreation",
        "enableDns64",
        "enableResourceNameDnsARecordOnLaunch",
        "enableResourceNameDnsAaaaRecordOnLaunch",
    ),
    # internal/service/ec2/vpc_security_group.go: both are ForceNew.
    "securityGroup": ("name", "description"),
    "rules": (),
    # internal/service/kafka/configuration.go: name and kafka_versions are ForceNew, and a new description is a new revision, for
    # which the brokers would restart.
    "configuration": ("name", "kafkaVersions", "description"),
    "cluster": (),
    "brokerLogGroup": (),
}
"""Properties (wire names) that are never changed of what is taken over, by the key in ``import``."""


def kept_paths(part: str, kept: tuple[str, ...] | list[str]) -> list[str]:
    """The property paths of a part that its import leaves as they are.

    Args:
        part: A key of ``import``, such as ``cluster``.
        kept: What ``import.keep`` lists for it.
    """
    # The provider makes tagsAll of the tags and its default tags, and compares it too.
    more = ["tagsAll"] if "tags" in kept else []
    return sorted({*FIXED[part], *kept, *more})


def frozen_refusal(resource_type: str, name: str, old: Mapping[str, object], new: Mapping[str, object]) -> str:
    """What is said to someone whose settings would change what is taken over, with every property and its setting.

    Args:
        resource_type: The type token.
        name: The resource's logical name.
        old: What is there, wire names.
        new: What it would become.
    """
    lines: list[str] = []
    for path, before, after in _changes("", old, new):
        setting = setting_for(resource_type, path)
        is_, becomes = (_words(value) for value in (before, after))
        lines.append(f"  - {path} is {is_} and would be {becomes}" + (f" (setting {'.'.join(setting)})" if setting else ""))
    return "\n".join(
        [
            f"{name} is imported and would be changed, which import.frozen forbids:",
            *(lines or ["  - `pulumi preview --diff` shows the changes"]),
            "Set each of these to its current value, or list the property in import.keep. After the takeover, set import.frozen "
            "to false to change it. [import-frozen]",
        ]
    )


def frozen_replacement(name: str) -> str:
    """What is said to someone whose settings would replace what is taken over: a new one beside it, and it gone.

    Args:
        name: The resource's logical name.
    """
    return (
        f"{name} is imported and would be replaced, because AWS cannot make this change in place. Run `pulumi preview --diff`, "
        "and set each difference to its current value. [import-frozen]"
    )


def _words(value: object) -> str:
    if value is None:
        return "not set"
    # Every number is a float in Pulumi's protocol.
    return shown(int(value) if isinstance(value, float) and value.is_integer() else value)


def _changes(path: str, old: object, new: object) -> Iterator[tuple[str, object, object]]:
    """Path, old and new value of what differs. What only the old side has is a difference in tags alone: AWS fills in much."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        gone = old.keys() - new.keys() if path == "tags" else set()
        for key in sorted({*new, *gone}):
            if not key.startswith("__") and key != "tagsAll":
                yield from _changes(f"{path}.{key}" if path else key, old.get(key), new.get(key))
    elif old != new:
        yield path, old, new


def kafka_arn_form(kind: str) -> str:
    """The regular expression of an ARN of Amazon MSK.

    Args:
        kind: ``cluster`` or ``configuration``.
    """
    return rf"arn:aws[a-z-]*:kafka:(?P<region>[a-z0-9-]+):[0-9]{{12}}:{kind}/(?P<name>[A-Za-z0-9._-]+)/[0-9a-zA-Z-]+"


def kafka_arn(arn: str, kind: str) -> tuple[str, str] | None:
    """Region and name in an ARN of Amazon MSK; None when it is no ARN of this kind.

    Args:
        arn: The text.
        kind: ``cluster`` or ``configuration``.
    """
    match = re.fullmatch(kafka_arn_form(kind), arn)
    return (match["region"], match["name"]) if match else None


def rule_key(port: int, source: str) -> str:
    """How a security group rule is called in ``import.rules``, as in its logical name: ``9098-from-10.90.0.0/24``.

    Two colons part a URN, so hyphens stand for those of an IPv6 range: ``20098-from-2001-db8--/32``.
    """
    return f"{port}-from-{source.replace(':', '-')}"
