"""The private CA made for a cluster: what AWS would receive, and in which order."""

from __future__ import annotations

import pytest

from components.access.certificate_authority import CertificateAuthority
from offline.engine.inventory import rows
from offline.engine.run import Run
from support.clusters import make_cluster
from support.programs import inputs, run_inline, the

AUTHORITY = "aws:acmpca/certificateAuthority:CertificateAuthority"
CERTIFICATE = "aws:acmpca/certificate:Certificate"
INSTALLED = "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate"
CLUSTER = "aws:msk/cluster:Cluster"


def make(mode: str = "GENERAL_PURPOSE", region: str = "eu-west-1", *, protect: bool = True) -> CertificateAuthority:
    return CertificateAuthority(
        "certificates", {"region": region, "title": "orders", "mode": mode, "protect": protect, "tags": {"team": "streaming"}}
    )


def made(*, dry_run: bool = False, mode: str = "GENERAL_PURPOSE", region: str = "eu-west-1") -> Run:
    return run_inline(lambda: make(mode, region), dry_run=dry_run, config={"aws:region": region})


def test_it_is_a_root_ca_that_names_the_cluster_and_can_be_restored() -> None:
    authority = inputs(made(), AUTHORITY)
    assert (authority["type"], authority["permanentDeletionTimeInDays"]) == ("ROOT", 30)
    assert authority["certificateAuthorityConfiguration"]["subject"] == {"commonName": "orders"}
    assert authority["tags"] == {"team": "streaming", "Name": "orders"}


@pytest.mark.parametrize("protect", [True, False])
def test_it_is_protected_as_asked(protect: bool) -> None:
    (row,) = [one for one in rows(run_inline(lambda: make(protect=protect), dry_run=True)) if one["type"] == AUTHORITY]
    assert row["options"].get("protect", False) is protect


@pytest.mark.parametrize(("region", "partition"), [("eu-west-1", "aws"), ("us-gov-west-1", "aws-us-gov")])
def test_it_signs_itself_by_the_template_of_its_partition(region: str, partition: str) -> None:
    run = made(region=region)
    authority, certificate = the(run, AUTHORITY), inputs(run, CERTIFICATE)
    assert certificate["certificateAuthorityArn"] == authority.outputs["arn"]
    assert certificate["certificateSigningRequest"] == authority.outputs["certificateSigningRequest"]
    assert certificate["templateArn"] == f"arn:{partition}:acm-pca:::template/RootCACertificate/V1"
    assert certificate["signingAlgorithm"] == authority.inputs["certificateAuthorityConfiguration"]["signingAlgorithm"]
    assert inputs(run, INSTALLED)["certificate"] == the(run, CERTIFICATE).outputs["certificate"]


def test_its_mode_is_the_one_asked_for() -> None:
    assert inputs(made(mode="SHORT_LIVED_CERTIFICATE"), AUTHORITY)["usageMode"] == "SHORT_LIVED_CERTIFICATE"


def test_a_cluster_waits_until_the_ca_has_its_certificate() -> None:
    run = run_inline(lambda: make_cluster(iam=False, certificate_authority_arns=[make().arn]), dry_run=False)
    installed, cluster = the(run, INSTALLED), the(run, CLUSTER)
    assert cluster.inputs["clientAuthentication"]["tls"] == {"certificateAuthorityArns": [the(run, AUTHORITY).outputs["arn"]]}
    assert run.resources.index(installed) < run.resources.index(cluster)
    assert installed.urn in cluster.options["propertyDependencies"]["clientAuthentication"]
