"""Changes whose outcome hangs on the values themselves: each is asked of the provider by name."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from support.provider_facts.subjects import CLUSTER

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLUSTER = "aws:msk/cluster:Cluster"
_VPC = "aws:ec2/vpc:Vpc"

Pair = tuple[str, str, "Mapping[str, Any]", "Mapping[str, Any]"]


def _cluster(brokers: Mapping[str, Any] | None = None, **values: Any) -> dict[str, Any]:
    found = {**copy.deepcopy(dict(CLUSTER)), **values}
    found["broker_node_group_info"][0].update(brokers or {})
    return found


def _volume(size: int) -> dict[str, Any]:
    return _cluster({"storage_info": [{"ebs_storage_info": [{"volume_size": size}]}]})


def _public(type_: str) -> dict[str, Any]:
    return _cluster({"connectivity_info": [{"public_access": [{"type": type_}]}]})


def _without_storage() -> dict[str, Any]:
    found = _cluster()
    del found["broker_node_group_info"][0]["storage_info"]
    return found


def _authorities(*names: str) -> dict[str, Any]:
    arns = [f"arn:aws:acm-pca:eu-west-1:111111111111:certificate-authority/{name}" for name in names]
    return _cluster(client_authentication=[{"tls": [{"certificate_authority_arns": arns}]}])


def _both(what: str, before: Any, after: Any) -> tuple[Pair, Pair]:
    return (_CLUSTER, what, before, after), (_CLUSTER, f"{what}, back", after, before)


PAIRS: tuple[Pair, ...] = (
    *(
        (_CLUSTER, f"kafka_version {old} to {new}", _cluster(kafka_version=old), _cluster(kafka_version=new))
        for old, new in (
            ("3.9.x", "3.8.x"),
            ("3.7.1", "3.6.0"),
            ("3.6.0", "3.7.1"),
            ("3.9.x", "3.9.x.kraft"),
            ("3.9.x.kraft", "4.0.x.kraft"),
            ("3.6.0", "3.9.x"),
            ("3.8.x", "3.6.0"),
            ("2.8.10", "2.8.9"),
            ("2.8.9", "2.8.10"),
        )
    ),
    *_both("storage_mode LOCAL to TIERED", _cluster(storage_mode="LOCAL"), _cluster(storage_mode="TIERED")),
    *_both("volume 100 to 200 GiB", _volume(100), _volume(200)),
    *_both("storage_info removed", _cluster(), _without_storage()),
    *_both("public access turned on", _public("DISABLED"), _public("SERVICE_PROVIDED_EIPS")),
    *_both("fewer brokers", _cluster(number_of_broker_nodes=6), _cluster(number_of_broker_nodes=3)),
    (_CLUSTER, "subnets in another order", _cluster(), _cluster({"client_subnets": ["subnet-3", "subnet-1", "subnet-2"]})),
    (_CLUSTER, "security groups in another order", _cluster(), _cluster({"security_groups": ["sg-2", "sg-1"]})),
    (_CLUSTER, "authorities in another order", _authorities("a", "b"), _authorities("b", "a")),
    *(
        (
            _VPC,
            f"instance_tenancy {old} to {new}",
            {"cidr_block": "10.0.0.0/16", "instance_tenancy": old},
            {"cidr_block": "10.0.0.0/16", "instance_tenancy": new},
        )
        for old, new in (("default", "dedicated"), ("dedicated", "default"))
    ),
)
"""Type, what changes, and the configurations before and after."""
