"""The AWS CLI's commands in a document, against AWS's own models: operations, options, the form of values, and what is asked.

A shell runs the command, with a program in the CLI's place that writes down what it was given: no other program is there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import jmespath
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape
from botocore.validate import ParamValidator

_ANY_VALUE, _ANY_TIME = "value", "2026-11-23T00:00:00Z"
_GLOBAL = frozenset({"region", "output", "query", "profile", "max-items", "no-cli-pager"})
"""Options of the CLI itself. AWS CLI User Guide, "Command line options"."""
HIGH_LEVEL = frozenset({("s3", "cp"), ("s3", "sync"), ("s3", "ls")})
"""Commands of the CLI's own, which no model has. AWS CLI Command Reference, ``s3``."""


def calls_of(statement: str) -> list[list[str]]:
    """What the AWS CLI would be called with when a shell ran a command; variables have some value."""
    names = set(re.findall(r"\$\{?(\w+)", statement))
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        program = place / "bin" / "aws"
        program.parent.mkdir()
        program.write_text(
            f"#!{sys.executable} -IS\nimport json, sys\n"
            f"print(json.dumps(sys.argv[1:]), file=open({str(place / 'calls')!r}, 'a'))\nprint({_ANY_VALUE!r})\n",
            encoding="utf-8",
        )
        program.chmod(0o755)
        subprocess.run(
            ["/bin/bash", "-c", statement],
            cwd=place,
            env={**dict.fromkeys(names, _ANY_VALUE), "PATH": str(program.parent)},
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        written = place / "calls"
        return [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()] if written.exists() else []


def problem_of(call: list[str]) -> str:
    """What AWS's models say against a call; empty for nothing."""
    service, command, *words = call
    if (service, command) in HIGH_LEVEL:
        return ""
    try:
        model = _service(service)
    except UnknownServiceError:
        return f"there is no service {service}"
    if command == "wait":
        waiter, *words = words
        waiters = Loader().load_service_model(service, "waiters-2")["waiters"]
        operations = {xform_name(name, "-"): entry["operation"] for name, entry in waiters.items()}
        operation = operations.get(waiter)
    else:
        operation = {xform_name(name, "-"): name for name in model.operation_names}.get(command)
    if operation is None:
        return f"aws {service} has no {command}"
    return _problem_of_options(model.operation_model(operation), _options(words))


def _service(name: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(name, "service-2"))


def _options(words: list[str]) -> dict[str, list[str]]:
    options: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            options[word.removeprefix("--")] = []
        else:
            options[list(options)[-1]].append(word)
    return options


def _problem_of_options(operation: OperationModel, options: dict[str, list[str]]) -> str:
    shape = operation.input_shape
    members = {xform_name(name, "-"): (name, member) for name, member in (shape.members.items() if shape else ())}
    # Lists of results are shortened by the service's own name or by the CLI's.
    unknown = [name for name in options if name not in members and name not in _GLOBAL]
    if unknown:
        return f"{operation.name} has no {', '.join(f'--{name}' for name in unknown)}"
    parameters = {members[name][0]: _value(members[name][1], values) for name, values in options.items() if name in members}
    report = ParamValidator().validate(parameters, shape)
    if report.has_errors():
        return f"{operation.name}: {report.generate_report()}"
    for query in options.get("query", ()):
        # What a filter leaves is decided by values, which a sample has not.
        if _has_nothing(jmespath.search(re.sub(r"\[\?[^]]*\]", "[*]", query), _sample(operation.output_shape))):
            return f"{operation.name} has no answer for {query}"
    return ""


def _value(member: Shape, values: list[str]) -> Any:
    """A value as the CLI reads it: JSON, or its shorthand. AWS CLI User Guide, "Using shorthand syntax"."""
    if member.type_name in ("structure", "map"):
        return _structure(member, values[0])
    if isinstance(member, ListShape):
        items = [item for value in values for item in ([value] if "=" in value else value.split(","))]
        return [_structure(member.member, item) if isinstance(member.member, StructureShape) else item for item in items]
    if member.type_name in ("integer", "long"):
        return int(values[0])
    if member.type_name == "boolean":
        return True
    if member.type_name == "timestamp" and values[0] in ("", _ANY_VALUE):
        return _ANY_TIME
    return values[0] if values else ""


def _structure(shape: Shape, text: str) -> Any:
    if text.startswith(("{", "[")):
        return json.loads(text)
    pairs = dict(part.split("=", 1) for part in re.split(r",(?=\w+=)", text))
    members = shape.members if isinstance(shape, StructureShape) else {}
    return {name: _value(members[name], [value]) if name in members else value for name, value in pairs.items()}


def _sample(shape: Shape | None, inside: tuple[str, ...] = ()) -> Any:
    """An answer with everything in it; what holds itself ends at the second time."""
    if shape is None or inside.count(shape.name) > 1:
        return {}
    within = (*inside, shape.name)
    if isinstance(shape, ListShape):
        return [_sample(shape.member, within)]
    if isinstance(shape, StructureShape):
        return {name: _sample(member, within) for name, member in shape.members.items()}
    return {"key": _sample(shape.value, within)} if isinstance(shape, MapShape) else _ANY_VALUE


def _has_nothing(found: Any) -> bool:
    """Whether a part of what was asked for is not there."""
    return found in (None, []) or (isinstance(found, list) and any(map(_has_nothing, found)))
