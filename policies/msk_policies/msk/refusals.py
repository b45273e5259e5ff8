"""What AWS was measured to refuse, in the pack's facts, and how rules about it judge.

Such a rule says nothing of values that only deployment makes known: the deployment judges them, before anything is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from msk_policies.kit.properties import UnknownValueError
from msk_policies.msk.facts import fact

if TYPE_CHECKING:
    from msk_policies.kit.judges import Judge

Check = Callable[[Mapping[str, Any]], Iterator[str]]
"""From a resource's properties to one sentence for each thing in them that AWS refuses."""

LONGEST_CLUSTER_NAME: Final = 64
"""Characters of a cluster's name. MSK API reference, "CreateCluster", clusterName."""

CREATE_CLUSTER_URL: Final = "https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


def judge_of(*checks: Check) -> Judge:
    """A judge that asks each check; what one cannot know yet is left out."""

    def judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
        for check in checks:
            try:
                yield from check(props)
            except UnknownValueError:
                continue

    return judge


def answered(refusal: str) -> str:
    """What AWS answers, as the end of a clause, so that whoever saw it finds the rule.

    Args:
        refusal: The refusal's name in the facts.

    Raises:
        KeyError: The facts have none of that name.
    """
    return f'and AWS answers "{fact("refusals", refusal).value["answer"]}"'


def control(refusal: str) -> str:
    """The id under which the measurement is published: a tag for the rule that answers for it.

    Raises:
        KeyError: The facts have none of that name.
    """
    return fact("refusals", refusal).source.rpartition(" ")[2]


def what_is_wrong_with(name: str, longest: int | None = None) -> str | None:
    """Why AWS takes no such name of a cluster or a configuration; None where it does. Names are not repeated.

    Args:
        name: The name.
        longest: Characters that it may have at most; None where AWS names no limit.
    """
    if not name:
        return "is empty"
    if longest is not None and len(name) > longest:
        return f"has {len(name)} characters, more than {longest}"
    if _NAME.fullmatch(name):
        return None
    return (
        "begins with a hyphen" if _NAME.fullmatch(name.lstrip("-")) else "has characters other than letters, digits and hyphens"
    )
