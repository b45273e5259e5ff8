"""The receipt is read back as it was written, and never when somebody touched it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.acls import Acl, AclResource
from tools.acls.receipt import Receipt, ReceiptError, receipt_file, receipt_in, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECEIPT = Receipt(
    stack="prod",
    cluster="shop-prod",
    region="eu-west-1",
    cluster_id="4L6g3nShT-eMCtK--X86sw",
    applied_at="2026-11-29T04:38:00Z",
    complete=True,
    acls=frozenset(
        {
            Acl("User:CN=ä\\, b,O=Example", AclResource.TOPIC, "orders", prefixed=False, operation="Write"),
            Acl("User:erp", AclResource.TOPIC, "orders", prefixed=False, operation="Read"),
            Acl("User:erp", AclResource.TOPIC, "orders", prefixed=False, operation="Describe"),
            Acl("User:erp", AclResource.TOPIC, "orders", prefixed=True, operation="Read"),
        }
    ),
    allows_more=(("User:*", "User:* may Read every topic"), ("User:erp", "User:erp may Write topic payroll")),
)

text = st.text(max_size=6)
acls = st.builds(Acl, text, st.sampled_from(list(AclResource)), text, st.booleans(), st.sampled_from(["Read", "Write"]))
receipts = st.builds(
    Receipt, text, text, text, text, text, st.booleans(), st.frozensets(acls, max_size=6), st.just(RECEIPT.allows_more)
)


@given(receipt=receipts)
def test_it_is_read_back(tmp_path_factory: pytest.TempPathFactory, receipt: Receipt) -> None:
    file = tmp_path_factory.mktemp("receipt") / "prod.json"
    save(receipt, file)
    assert receipt_in(file) == receipt


def test_it_is_beside_the_stack_file_and_is_read_as_it_is_reviewed(tmp_path: Path) -> None:
    file = receipt_file(tmp_path, "prod")
    assert receipt_in(file) is None
    save(RECEIPT, file)
    assert file == tmp_path / "acls" / "prod.json"
    assert [path.name for path in file.parent.iterdir()] == ["prod.json"]
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["principals"]["User:erp"] == [
        {"resource": "TOPIC", "name": "orders", "pattern": "LITERAL", "operations": ["Describe", "Read"]},
        {"resource": "TOPIC", "name": "orders", "pattern": "PREFIXED", "operations": ["Read"]},
    ]
    assert "ä" in file.read_text(encoding="utf-8")
    assert RECEIPT.same_but_for_the_time(replace(RECEIPT, applied_at="2027-01-01T00:00:00Z"))
    assert not RECEIPT.same_but_for_the_time(replace(RECEIPT, complete=False))


def _places(document: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    return [place for key, item in items for place in ((*path, key), *_places(item, (*path, key)))]


def _removed(parent: Any, key: Any) -> None:
    del parent[key]


def _emptied(parent: Any, key: Any) -> None:
    parent[key] = type(parent[key])()


def _replaced(parent: Any, key: Any) -> None:
    parent[key] = not parent[key] if isinstance(parent[key], bool) else "something else"


def _doubled(parent: Any, key: Any) -> None:
    if isinstance(parent, list):
        parent.append(parent[key])
    else:
        parent["more"] = parent[key]


@pytest.mark.parametrize("edit", [_removed, _emptied, _replaced, _doubled])
def test_whatever_is_changed_in_it_it_counts_for_nothing(tmp_path: Path, edit: Callable[[Any, Any], None]) -> None:
    file = tmp_path / "prod.json"
    save(RECEIPT, file)
    written = file.read_text(encoding="utf-8")
    places = _places(json.loads(written))
    assert len(places) > 30
    for *path, last in places:
        document = json.loads(written)
        parent = document
        for key in path:
            parent = parent[key]
        edit(parent, last)
        if document == json.loads(written):
            continue
        file.write_text(json.dumps(document), encoding="utf-8")
        with pytest.raises(ReceiptError):
            receipt_in(file)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is no receipt of `make acls`"),
        ("[]", "is no receipt of `make acls`"),
        ("<<<<<<< HEAD\n{}\n", "is no receipt of `make acls`. Take it back from git"),
        ('{"format": 2}', "has format 2, and this version knows 1"),
        ('{"format": 1}', "is no receipt"),
        ("\xff", "is no receipt"),
    ],
)
def test_what_is_no_receipt_is_told(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "prod.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ReceiptError, match=told.replace("(", r"\(")):
        receipt_in(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ReceiptError, match="cannot be read: it is no text"):
        receipt_in(file)
