"""Mutual TLS with a CA of the stack's own, in the whole program: what AWS would receive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from inventory.bill.lines import Basis
from inventory.cost import monthly_cost
from inventory.deployer.table import known
from offline.engine.inventory import rows
from support.programs import inputs, of_type, the
from support.project_copies import copy_project
from support.stacks import run_stack

if TYPE_CHECKING:
    from pathlib import Path

    from offline.engine.run import Run

AUTHORITY = "aws:acmpca/certificateAuthority:CertificateAuthority"
CLUSTER = "aws:msk/cluster:Cluster"
CLIENTS = {
    "orders-edge": {
        "from": {"cidr": "10.90.0.0/24"},
        "as": {"certificate": "CN=orders-edge,O=Example"},
        "produce": {"topics": ["orders"]},
    }
}


def run(directory: Path, tls: dict[str, Any], *, dry_run: bool = False) -> Run:
    return run_stack("dev", dry_run=dry_run, directory=copy_project(directory, authentication={"tls": tls}, clients=CLIENTS))


@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "up"])
def test_the_cluster_takes_clients_of_the_new_ca_alone(tmp_path: Path, dry_run: bool) -> None:
    made = run(tmp_path, {"certificateAuthority": "create"}, dry_run=dry_run)
    authentication = inputs(made, CLUSTER)["clientAuthentication"]
    assert authentication.keys() == {"tls", "unauthenticated"}
    assert len(authentication["tls"]["certificateAuthorityArns"]) == 1
    if not dry_run:
        arn = the(made, AUTHORITY).outputs["arn"]
        assert authentication["tls"]["certificateAuthorityArns"] == [arn]
        assert made.exports["certificateAuthorityArn"] == arn
        assert made.exports["clients"]["orders-edge"]["mechanism"] == "mutual TLS"


def test_with_cas_that_are_there_none_is_made(tmp_path: Path) -> None:
    arn = "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/1234abcd-12ab-34cd-56ef-1234567890ab"
    made = run(tmp_path, {"certificateAuthorityArns": [arn]})
    assert of_type(made, AUTHORITY) == []
    assert "certificateAuthorityArn" not in made.exports
    assert inputs(made, CLUSTER)["clientAuthentication"]["tls"] == {"certificateAuthorityArns": [arn]}


def test_the_deployer_and_the_bill_know_every_type_that_comes_with_it(tmp_path: Path) -> None:
    made = rows(run(tmp_path, {"certificateAuthority": "create"}))
    custom = {resource["urn"] for resource in made if resource["custom"] and resource["type"].startswith("aws:")}
    assert custom <= {known_value["urn"] for known_value, _ in known([{**resource} for resource in made])}
    lines = monthly_cost([{**resource} for resource in made], "us-east-1").lines
    assert [line.usd for line in lines if line.item == "1 private CA"] == [400.0]
    assert not [line for line in lines if line.basis is Basis.NOT_PRICED and "acmpca" in line.item]
