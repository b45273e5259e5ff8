"""A CA of the stack's own: how it is asked for, what it is called, and what it costs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.loading import Loaded, load_stack
from domain.msk.certificate_authority import LONGEST_COMMON_NAME, root_template, subject_name
from domain.problems import SettingsError
from inventory.cost import monthly_cost
from inventory.deployer.table import known
from support.inventories import row
from support.stacks import TODAY

ARN = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1234abcd-12ab-34cd-56ef-1234567890ab"
AUTHORITY = "aws:acmpca/certificateAuthority:CertificateAuthority"
CERTIFICATE = "aws:acmpca/certificate:Certificate"


def load(tls: dict[str, Any]) -> Loaded:
    config = {"authentication": json.dumps({"tls": tls})}
    return load_stack(config, project="shop", stack="dev", region="eu-west-1", today=TODAY)


@pytest.mark.parametrize("tls", [{"certificateAuthority": "create"}, {"certificateAuthorityArns": [ARN]}])
def test_mutual_tls_has_a_new_ca_or_those_that_are_there(tls: dict[str, Any]) -> None:
    found = load(tls).settings.authentication.tls
    assert found is not None
    assert (found.certificate_authority, found.certificate_authority_arns) == (
        tls.get("certificateAuthority"),
        tls.get("certificateAuthorityArns"),
    )


@pytest.mark.parametrize(
    ("tls", "setting", "message"),
    [
        ({}, "authentication.tls", "exactly one of certificateAuthority"),
        ({"certificateAuthority": "create", "certificateAuthorityArns": [ARN]}, "authentication.tls", "exactly one of"),
        ({"certificateAuthority": ARN}, "authentication.tls.certificateAuthority", "into certificateAuthorityArns"),
        (
            {"certificateAuthorityArns": [ARN], "certificateAuthorityMode": "SHORT_LIVED_CERTIFICATE"},
            "authentication.tls",
            "applies to a new CA",
        ),
        ({"certificateAuthorityArns": []}, "authentication.tls.certificateAuthorityArns", "1 or more"),
        (
            {"certificateAuthority": "create", "certificateAuthorityMode": "SHORT"},
            "authentication.tls.certificateAuthorityMode",
            "must be one of GENERAL_PURPOSE, SHORT_LIVED_CERTIFICATE",
        ),
    ],
)
def test_any_other_choice_is_refused_with_what_to_do(tls: dict[str, Any], setting: str, message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tls)
    (problem,) = refused.value.problems
    assert problem.setting == setting
    assert message in problem.message


def test_who_takes_certificates_of_seven_days_is_told_what_that_means() -> None:
    short = load({"certificateAuthority": "create", "certificateAuthorityMode": "SHORT_LIVED_CERTIFICATE"}).warnings
    assert any("7 days" in warning for warning in short)
    assert not any("7 days" in warning for warning in load({"certificateAuthority": "create"}).warnings)


def test_its_name_is_the_clusters_as_far_as_a_common_name_goes() -> None:
    assert subject_name("orders") == "orders"
    assert len(subject_name("o" * 200)) == LONGEST_COMMON_NAME


def test_the_template_is_the_partitions_own() -> None:
    assert root_template("cn-north-1").startswith("arn:aws-cn:acm-pca:::")


@pytest.mark.parametrize(("mode", "usd"), [({}, 400), ({"usageMode": "SHORT_LIVED_CERTIFICATE"}, 50)])
def test_it_is_charged_by_its_mode(mode: dict[str, str], usd: float) -> None:
    rows = [row(AUTHORITY, "one", mode), row(CERTIFICATE, "one", {})]
    assert monthly_cost(rows, "us-east-1").usd == usd


def test_the_deploying_role_signs_no_client() -> None:
    issuing = [
        grant
        for _, entry in known([row(AUTHORITY, "one", {}), row(CERTIFICATE, "one", {})])
        for grant in entry.grants
        if "acm-pca:IssueCertificate" in grant.actions
    ]
    assert issuing
    for grant in issuing:
        assert set(grant.condition) == {"StringEquals"}
        assert grant.condition["StringEquals"]["acm-pca:TemplateArn"].endswith(":template/RootCACertificate/V1")
