"""IAM documents: their form, and where their resources are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Document = Mapping[str, object]


Statement = dict[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stack is deployed.

    Attributes:
        partition: ``aws``, ``aws-cn`` or ``aws-us-gov``.
        region: The region, such as ``eu-west-1``.
        account_id: The account's twelve digits.
    """

    partition: str
    region: str
    account_id: str

    @property
    def root(self) -> str:
        """The account as a principal: whoever IAM allows in it."""
        return f"arn:{self.partition}:iam::{self.account_id}:root"

    def service(self, name: str) -> str:
        """The name a regional service has in ``kms:ViaService`` and as a principal."""
        return f"{name}.{self.region}.{'amazonaws.com.cn' if self.partition == 'aws-cn' else 'amazonaws.com'}"


def as_json(document: Document) -> str:
    """The document as JSON, stable between runs so that no update is shown where nothing changed."""
    return json.dumps(document, separators=(",", ":"))


def document(statements: Sequence[Statement]) -> Document:
    """A document with these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}
