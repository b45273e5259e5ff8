"""What rules say of a policy document that allows too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msk_policies.iam.permissions import Reach, changes_of_all, messages_of_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msk_policies.iam.identities import Written


def too_much_data(written: Written) -> Iterator[str]:
    """One sentence for each statement that is about every topic, or about clusters that it does not name."""
    messages = messages_of_all(written.document)
    for reach in messages:
        yield (
            f"Allow clients only the topics they use: {written.path}, {reach.place}, allows {named(reach)} on every topic. "
            f"Name topics, or prefixes of topic names, in {written.path}."
        )
    places = {reach.place for reach in messages}
    for reach in changes_of_all(written.document):
        if reach.place not in places:
            yield (
                f"Allow changes only in clusters that you name: {written.path}, {reach.place}, allows {named(reach)} in every "
                f"cluster. Name the cluster in {written.path}."
            )


def named(reach: Reach) -> str:
    """The actions that reach too far, the first two by name."""
    first, *more = reach.actions
    if not more:
        return first
    return f"{first} and {more[0]}" if len(more) == 1 else f"{first} and {len(more)} other actions"
