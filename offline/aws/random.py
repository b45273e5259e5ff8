"""Plays the Pulumi provider for random values, with values that are the same every time."""

from __future__ import annotations

import base64
import hashlib
import random
import string
import uuid
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from offline.protocol import wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COMPUTED: Final = {
    "RandomBytes": ("base64", "hex"),
    "RandomId": ("b64Std", "b64Url", "dec", "hex"),
    "RandomInteger": ("result",),
    "RandomPassword": ("bcryptHash", "result"),
    "RandomPet": (),
    "RandomShuffle": ("results",),
    "RandomString": ("result",),
    "RandomUuid": ("result",),
    "RandomUuid4": ("result",),
    "RandomUuid7": ("result",),
}

_DEFAULT_SPECIAL: Final = "!@#$%&*()-_=+[]{}<>:?"


def random_preview(type_: str) -> tuple[str, ...]:
    """What is unknown of a random value in a preview; nothing for the types of other packages."""
    if not type_.startswith("random:"):
        return ()
    return _COMPUTED.get(type_.rpartition(":")[2], ("result",))


def random_outputs(type_: str, inputs: Mapping[str, Any], urn: str) -> tuple[str, dict[str, Any]]:
    """The id and the outputs of a resource of the random provider, or of a package that has no double.

    Args:
        type_: The type token.
        inputs: Its inputs, revealed.
        urn: Its URN: the value follows from it.

    Returns:
        An id and the computed outputs, secret where the provider's are.
    """
    digest = hashlib.sha256(urn.encode())
    if not type_.startswith("random:"):
        return digest.hexdigest()[:17], {}
    # Reproducible is what this is for; nothing here is ever a credential.
    source = random.Random(digest.digest())  # noqa: S311
    kind = type_.rpartition(":")[2]
    return _VALUES.get(kind, _uuid)(inputs, source)


_Outputs: TypeAlias = tuple[str, dict[str, Any]]


def _password(inputs: Mapping[str, Any], source: random.Random) -> _Outputs:
    value, salt = _characters(inputs, source), source.randbytes(27).hex()[:53]
    return "none", {"result": wire.secret(value), "bcryptHash": wire.secret(f"$2a$10${salt}")}


def _string(inputs: Mapping[str, Any], source: random.Random) -> _Outputs:
    value = _characters(inputs, source)
    return value, {"result": value}


def _integer(inputs: Mapping[str, Any], source: random.Random) -> _Outputs:
    number = source.randint(int(inputs["min"]), int(inputs["max"]))
    return str(number), {"result": number}


def _pet(inputs: Mapping[str, Any], source: random.Random) -> _Outputs:
    words = [inputs["prefix"]] if "prefix" in inputs else []
    words += [source.choice(("able", "brave", "calm", "keen")), source.choice(("ant", "bee", "cat", "owl"))]
    return str(inputs.get("separator", "-")).join(words), {}


def _shuffle(inputs: Mapping[str, Any], source: random.Random) -> _Outputs:
    values = list(inputs.get("inputs", ()))
    source.shuffle(values)
    return "-", {"results": values[: int(inputs.get("resultCount", len(values)))]}


def _uuid(inputs: Mapping[str, Any], source: random.Random) -> _Outputs:
    del inputs
    value = str(uuid.UUID(int=source.getrandbits(128), version=4))
    return value, {"result": value}


def _random_bytes(inputs: Mapping[str, Any], source: random.Random) -> _Outputs:
    data = source.randbytes(int(inputs["length"]))
    standard = base64.b64encode(data).decode()
    return "none", {"base64": wire.secret(standard), "hex": wire.secret(data.hex())}


def _random_id(inputs: Mapping[str, Any], source: random.Random) -> _Outputs:
    data = source.randbytes(int(inputs["byteLength"]))
    prefix = str(inputs.get("prefix", ""))
    url = base64.urlsafe_b64encode(data).decode().rstrip("=")
    return url, {
        "b64Std": prefix + base64.b64encode(data).decode(),
        "b64Url": prefix + url,
        "dec": prefix + str(int.from_bytes(data, "big")),
        "hex": prefix + data.hex(),
    }


_VALUES: Final[Mapping[str, Callable[[Mapping[str, Any], random.Random], _Outputs]]] = {
    "RandomBytes": _random_bytes,
    "RandomId": _random_id,
    "RandomInteger": _integer,
    "RandomPassword": _password,
    "RandomPet": _pet,
    "RandomShuffle": _shuffle,
    "RandomString": _string,
}


def _characters(inputs: Mapping[str, Any], source: random.Random) -> str:
    special = str(inputs.get("overrideSpecial", _DEFAULT_SPECIAL))
    classes = {
        "lower": string.ascii_lowercase,
        "upper": string.ascii_uppercase,
        "numeric": string.digits,
        "special": special,
    }
    allowed = {name: letters for name, letters in classes.items() if inputs.get(name, True) and letters}
    required = [
        source.choice(letters) for name, letters in allowed.items() for _ in range(int(inputs.get(f"min{name.capitalize()}", 0)))
    ]
    alphabet = "".join(allowed.values())
    rest = [source.choice(alphabet) for _ in range(int(inputs["length"]) - len(required))]
    letters = required + rest
    source.shuffle(letters)
    return "".join(letters)
