"""Which clients' ACLs are enforced, as far as a receipt says. For reports, which ask no cluster.

Never fine by default: without a receipt, with one of another cluster, one that somebody edited, one of a run that did not end, or
one that does not have exactly what the stack file wants of a client, that client is not enforced.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tools.acls.receipt import ReceiptError, receipt_file, receipt_in, why_of_another
from tools.acls.rights import EVERYBODY

if TYPE_CHECKING:
    from pathlib import Path

    from tools.acls.receipt import Receipt
    from tools.acls.terms import Terms


class State(StrEnum):
    """What became of a client's ACLs."""

    ENFORCED = "enforced"
    ALLOWS_MORE = "allows more"
    NOT_ENFORCED = "not enforced"


@dataclass(frozen=True, slots=True)
class ClientState:
    """A client that Kafka's ACLs decide on.

    Attributes:
        client: Its name in the stack file.
        principals: Whom Kafka knows it by.
        state: What became of its ACLs.
        why: Why it is not enforced, or what it may do beyond the stack file; empty for one that is enforced.
    """

    client: str
    principals: tuple[str, ...]
    state: State
    why: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a receipt says of a stack.

    Attributes:
        file: The receipt's file, as people write it.
        applied_at: When it was written; None without a receipt of this cluster.
        problem: Why it counts for nothing; empty where it counts.
        clients: The clients that ACLs decide on and that may do something.
        left: Principals whose ACLs are still to be removed: the stack file wants none of them any more.
    """

    file: str
    applied_at: str | None
    problem: str
    clients: tuple[ClientState, ...]
    left: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every client is enforced, and nothing is to be removed."""
        return self.is_applied and all(client.state is State.ENFORCED for client in self.clients)

    @property
    def is_applied(self) -> bool:
        """Whether there is nothing left to apply, though ACLs that others made may allow more."""
        applied = all(client.state is not State.NOT_ENFORCED for client in self.clients)
        return applied and not self.problem and not self.left


def coverage_of(terms: Terms, directory: Path) -> Coverage | None:
    """What the receipt of a stack covers; None for a stack that needs no ACLs and has none.

    Args:
        terms: What the stack wants.
        directory: Where its stack file is.
    """
    file = receipt_file(directory, terms.stack)
    name = f"{file.parent.name}/{file.name}"
    if terms.serverless:
        return None
    try:
        receipt = receipt_in(file)
    except ReceiptError as error:
        return Coverage(name, None, str(error), _none(terms, str(error)), ())
    if receipt is None:
        # A stack that never had such clients has nothing to be told.
        problem = f"there is no {name}"
        return Coverage(name, None, problem, _none(terms, problem), ()) if terms.wanted else None
    if other := why_of_another(receipt, terms):
        problem = f"{name} is of another cluster: {other}"
        return Coverage(name, None, problem, _none(terms, problem), ()) if terms.wanted else None
    clients = tuple(_state(client, terms, receipt, name) for client in terms.wanted)
    left = tuple(sorted({acl.principal for acl in receipt.acls} - {acl.principal for acl in terms.acls} - {EVERYBODY}))
    problem = "" if receipt.complete else f"{name} is of a run that did not end"
    return Coverage(name, receipt.applied_at, problem, clients, left)


def _none(terms: Terms, problem: str) -> tuple[ClientState, ...]:
    return tuple(ClientState(client, terms.principals[client], State.NOT_ENFORCED, problem) for client in terms.wanted)


def _state(client: str, terms: Terms, receipt: Receipt, name: str) -> ClientState:
    principals, wanted = terms.principals[client], frozenset(terms.wanted[client])
    recorded = frozenset(acl for acl in receipt.acls if acl.principal in principals)
    more = sorted(words for principal, words in receipt.allows_more if principal in {*principals, EVERYBODY})
    if not receipt.complete:
        state, why = State.NOT_ENFORCED, f"{name} is of a run that did not end"
    elif wanted - recorded:
        state, why = State.NOT_ENFORCED, f"{name} lacks what the stack file wants now"
    elif recorded - wanted:
        state, why = State.NOT_ENFORCED, f"{name} has what the stack file no longer wants"
    elif more:
        state, why = State.ALLOWS_MORE, "; ".join(more)
    else:
        state, why = State.ENFORCED, ""
    return ClientState(client, principals, state, why)
