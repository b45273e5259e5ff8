"""A private CA that signs the cluster's clients, made for it."""

from __future__ import annotations

import pulumi
from pulumi_aws import acmpca

from components.component import Component, named
from domain.msk.certificate_authority import (
    DELETION_WINDOW_DAYS,
    KEY_ALGORITHM,
    SIGNING_ALGORITHM,
    VALID_YEARS,
    root_template,
    subject_name,
)
from domain.plan.access import AuthorityIntent


class CertificateAuthorityArgs(AuthorityIntent):
    """Arguments of `CertificateAuthority`."""


class CertificateAuthority(Component):
    """A root CA in AWS Private CA with its self-signed certificate, ready to sign clients.

    It signs nothing by itself: whoever may issue certificates with it decides who is a client of the cluster. A deleted CA can be
    restored for 30 days.
    """

    args_type = CertificateAuthorityArgs
    module = "access"

    arn: pulumi.Output[str]
    """The CA's ARN, once it has its certificate: Amazon MSK takes no CA without one."""

    def __init__(self, name: str, args: CertificateAuthorityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        authority = acmpca.CertificateAuthority(
            f"{name}-root",
            type="ROOT",
            usage_mode=args["mode"],
            certificate_authority_configuration=acmpca.CertificateAuthorityCertificateAuthorityConfigurationArgs(
                key_algorithm=KEY_ALGORITHM,
                signing_algorithm=SIGNING_ALGORITHM,
                subject=acmpca.CertificateAuthorityCertificateAuthorityConfigurationSubjectArgs(
                    common_name=subject_name(args["title"])
                ),
            ),
            permanent_deletion_time_in_days=DELETION_WINDOW_DAYS,
            tags=named(args["tags"], args["title"]),
            # AWS cannot change the mode of a CA that is there, and the provider would send the change to nobody.
            opts=self.child(protect=args["protect"], replace_on_changes=["usageMode"]),
        )
        certificate = acmpca.Certificate(
            f"{name}-root",
            certificate_authority_arn=authority.arn,
            certificate_signing_request=authority.certificate_signing_request,
            signing_algorithm=SIGNING_ALGORITHM,
            template_arn=root_template(args["region"]),
            validity=acmpca.CertificateValidityArgs(type="YEARS", value=str(VALID_YEARS)),
            opts=self.child(),
        )
        installed = acmpca.CertificateAuthorityCertificate(
            f"{name}-root",
            certificate_authority_arn=authority.arn,
            certificate=certificate.certificate,
            certificate_chain=certificate.certificate_chain,
            opts=self.child(),
        )
        self.arn = installed.certificate_authority_arn
        self.register_outputs({"arn": self.arn})
