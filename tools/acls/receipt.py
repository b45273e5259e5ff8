"""What `python -m tools acls --apply` leaves behind: a file in git beside the stack file, of what was applied to which cluster.

``acls/<stack>.json``. From it the next run knows what belongs to principals that have left the stack, and reports know whether a
stack's ACLs are enforced. It is written before the first change (``complete`` is false: what is there may be ours), and again
when the cluster was read once more and has exactly what was wanted. A digest over all of it says when somebody edited it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from domain.access.acls import Acl, AclResource
from tools.acls.reading import LITERAL, PREFIXED, pattern_of
from tools.shared.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tools.acls.terms import Terms

_FORMAT: Final = 1
_DIRECTORY: Final = "acls"


class ReceiptError(Exception):
    """The file is no receipt of this command. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was applied.

    Attributes:
        stack: The stack's name.
        cluster: The name of its cluster.
        region: Its region.
        cluster_id: The id that the cluster itself has; another cluster of the same name has another.
        applied_at: When, in UTC: ``2026-11-29T04:38:00Z``.
        complete: Whether all was done, and seen on the cluster afterwards.
        acls: What was applied, and what may have been where it is not complete.
        allows_more: What lets clients do more than the stack file says, by principal (``User:*``: all of them), in words.
    """

    stack: str
    cluster: str
    region: str
    cluster_id: str
    applied_at: str
    complete: bool
    acls: frozenset[Acl]
    allows_more: tuple[tuple[str, str], ...] = ()

    def same_but_for_the_time(self, other: Receipt) -> bool:
        """Whether two say the same."""
        return _content(self) | {"appliedAt": ""} == _content(other) | {"appliedAt": ""}


def receipt_file(directory: Path, stack: str) -> Path:
    """Where a stack's receipt is.

    Args:
        directory: Where its stack file is.
        stack: The stack's name.
    """
    return directory / _DIRECTORY / f"{stack}.json"


def save(receipt: Receipt, file: Path) -> None:
    """Writes a receipt, in one step."""
    file.parent.mkdir(exist_ok=True)
    content = _content(receipt)
    write_atomically(file, json.dumps({**content, "digest": _digest(content)}, indent=2, ensure_ascii=False) + "\n")


def receipt_in(file: Path) -> Receipt | None:
    """The receipt in a file; None where there is no file.

    Raises:
        ReceiptError: The file is no receipt, or somebody changed it.
    """
    restore = f"Take it back from git (git checkout -- {_DIRECTORY}/{file.name})."
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ReceiptError(
            f"{_DIRECTORY}/{file.name} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}. {restore}"
        ) from error
    try:
        document = json.loads(text)
        if document["format"] != _FORMAT:
            raise ReceiptError(
                f"{_DIRECTORY}/{file.name} has format {document['format']!r}, and this version knows {_FORMAT}. Upgrade it."
            )
        receipt = _receipt_of(document)
        content = _content(receipt)
        # What is written from it must be what is there: nothing is passed over.
        if document != {**content, "digest": _digest(content)}:
            raise ReceiptError(f"{_DIRECTORY}/{file.name} was changed by hand or by a merge: its digest does not fit. {restore}")
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ReceiptError(f"{_DIRECTORY}/{file.name} is no receipt of `make acls`. {restore}") from error
    return receipt


def why_of_another(receipt: Receipt, terms: Terms) -> str:
    """Why a receipt is not of a stack's cluster, as far as the stack file tells; empty where it may be."""
    if receipt.stack != terms.stack:
        return f"it is of stack {receipt.stack}"
    if (receipt.cluster, receipt.region) != (terms.cluster, terms.region):
        return f"it is of cluster {receipt.cluster} in {receipt.region}, and the stack has {terms.cluster} in {terms.region}"
    return ""


def _receipt_of(document: dict[str, Any]) -> Receipt:
    cluster = document["cluster"]
    texts = (document["stack"], cluster["name"], cluster["region"], cluster["kafkaId"], document["appliedAt"])
    if not all(isinstance(text, str) for text in texts) or not isinstance(document["complete"], bool):
        raise TypeError
    return Receipt(
        *texts,
        complete=document["complete"],
        acls=frozenset(
            Acl(principal, AclResource(grant["resource"]), grant["name"], _PREFIXED[grant["pattern"]], operation)
            for principal, grants in document["principals"].items()
            for grant in grants
            for operation in grant["operations"]
        ),
        allows_more=tuple((principal, words) for principal, every in document["allowsMore"].items() for words in every),
    )


_PREFIXED: Final = {LITERAL: False, PREFIXED: True}


def _content(receipt: Receipt) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "stack": receipt.stack,
        "cluster": {"name": receipt.cluster, "region": receipt.region, "kafkaId": receipt.cluster_id},
        "appliedAt": receipt.applied_at,
        "complete": receipt.complete,
        "principals": _by_principal(receipt.acls),
        "allowsMore": {
            principal: sorted({words for whose, words in receipt.allows_more if whose == principal})
            for principal in sorted({whose for whose, _ in receipt.allows_more})
        },
    }


def _by_principal(acls: Iterable[Acl]) -> dict[str, list[dict[str, Any]]]:
    grants: dict[str, dict[tuple[str, str, str], list[str]]] = {}
    for acl in sorted(acls):
        names = (acl.resource.value, acl.name, pattern_of(acl))
        grants.setdefault(acl.principal, {}).setdefault(names, []).append(acl.operation)
    return {
        principal: [
            {"resource": resource, "name": name, "pattern": pattern, "operations": operations}
            for (resource, name, pattern), operations in those.items()
        ]
        for principal, those in grants.items()
    }


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
