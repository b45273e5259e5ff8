"""Stands in, at the edge, for the programs that lead into a VPC: `aws`, `kubectl`, `pulumi` and `session-manager-plugin`.

Run under one of those names, it does on this machine what the service does there: Run Command answers late and cut, as it does.
`Laptop` puts them on PATH, with a host behind them that has the product's own program, remembers what was called, and holds what
`aws` was given against AWS's own models.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_OUTPUT, _MOST_ERRORS = 24_000, 8_000
"""Characters. AWS Systems Manager API reference, ``GetCommandInvocation``."""
_GLOBAL = ("region", "output", "query", "cli-connect-timeout")
_DOCUMENTS = {
    "AWS-RunShellScript": {"commands", "executionTimeout", "workingDirectory"},
    "AWS-StartInteractiveCommand": {"command"},
}
"""Documents of AWS's and their parameters. AWS Systems Manager User Guide, "Session document schema", and the document itself."""
INSTANCE = "i-0123456789abcdef0"
REGION = "eu-west-1"
CLUSTER = "orders"
ARN = f"arn:aws:kafka:{REGION}:111122223333:cluster/{CLUSTER}/12345678-1234-1234-1234-123456789012-1"


@dataclass
class Laptop:
    """A laptop with the programs on PATH, and what they lead to.

    Args:
        directory: An empty directory.
        bootstrap: The brokers that the host's client file names.
        properties: What else is in it.
        tools: A directory with Kafka's tools.
    """

    directory: Path
    bootstrap: str = "b-1.example.com:9098"
    properties: Mapping[str, str] = field(default_factory=dict)
    tools: Path | None = None

    def __post_init__(self) -> None:
        self.bin = self.directory / "bin"
        self.bin.mkdir(parents=True)
        for name in ("aws", "kubectl", "pulumi", "session-manager-plugin"):
            (self.bin / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{__file__}" {name} "$@"\n', encoding="utf-8")
            (self.bin / name).chmod(0o755)
        home = self.directory / "host"
        (home / "kafka").mkdir(parents=True)
        (home / "kafka" / "ready").touch()
        if self.tools:
            (home / "kafka" / "bin").symlink_to(self.tools)
        settings = {
            "REGION": REGION,
            "CLUSTER": CLUSTER,
            "ARN": ARN,
            "FILES": "/msk/orders/clients/x",
            "SECRET": "",
            "PACKAGES": "",
        }
        (home / "settings").write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()), encoding="utf-8")
        lines = {"bootstrap.servers": self.bootstrap, **self.properties}
        self.client_file = "".join(f"{name}={value}\n" for name, value in lines.items())
        (self.directory / "client.properties").write_text(self.client_file, encoding="utf-8")
        shutil.copy(Path(__file__).parents[2] / "components" / "access" / "files" / "smoke.sh", self.directory / "operator")
        (self.directory / "operator").chmod(0o755)

    def write_outputs(self, **changes: Any) -> None:
        """What `pulumi stack output --json` prints."""
        outputs = {
            "clusterName": CLUSTER,
            "clusterArn": ARN,
            "securityGroupId": "sg-0123456789abcdef0",
            "brokers": {"bootstrapBrokersSaslIam": self.bootstrap, "bootstrapBrokersSaslScram": self.bootstrap},
            "testClient": {"instanceId": INSTANCE, "operate": True},
            **changes,
        }
        (self.directory / "outputs.json").write_text(json.dumps(outputs), encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """The variables of a shell on it."""
        path = os.pathsep.join([str(self.bin), *([str(self.tools)] if self.tools else []), os.environ["PATH"]])
        return {"PATH": path, "LAPTOP": str(self.directory), "MSK_SMOKE_HOME": str(self.directory / "host")}

    def without(self, program: str) -> None:
        """Takes a program away."""
        (self.bin / program).unlink()

    def calls(self, program: str = "aws") -> list[list[str]]:
        """What a program was called with, in order."""
        file = self.directory / "calls"
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
        return [words[1:] for words in lines if words[0] == program]

    def check(self) -> None:
        """Holds what `aws` was called with against AWS's models.

        Raises:
            ValueError: An operation does not take it.
        """
        for service, operation, *words in self.calls():
            parameters_of(service, operation, words)


def main(words: list[str]) -> int:
    """Answers as the program whose name comes first."""
    laptop = Path(os.environ["LAPTOP"])
    with (laptop / "calls").open("a", encoding="utf-8") as calls:
        calls.write(json.dumps(words) + "\n")
    name, *arguments = words
    if name == "aws":
        return _aws(laptop, arguments)
    if name == "kubectl":
        return _kubectl(laptop, arguments)
    if name == "pulumi":
        return _pulumi(laptop, arguments)
    return 0


def _failed(message: str, code: int = 254) -> int:
    print(message, file=sys.stderr)
    return code


def _pulumi(laptop: Path, arguments: list[str]) -> int:
    if arguments[:3] != ["stack", "output", "--json"] or not (laptop / "outputs.json").exists():
        return _failed("error: no stack named 'prod' found", 255)
    print((laptop / "outputs.json").read_text(encoding="utf-8"))
    return 0


def _aws(laptop: Path, arguments: list[str]) -> int:
    operation, options = arguments[1], options_of(arguments[2:])
    if operation == "get-secret-value":
        print(json.dumps({"username": "operator", "password": "it is secret"}))
    elif operation == "get-parameter":
        print((laptop / "client.properties").read_text(encoding="utf-8"))
    elif (laptop / "refused").exists():
        return _failed("An error occurred (AccessDeniedException) when calling the operation: not authorized")
    elif operation == "start-session":
        (command,) = json.loads(options["parameters"][0])["command"]
        return subprocess.run(["/bin/sh", "-c", command.replace("operator", str(laptop / "operator"), 1)], check=False).returncode
    elif operation == "send-command":
        return _send(laptop, json.loads(options["parameters"][0])["commands"])
    elif operation == "get-command-invocation":
        return _invocation(laptop, options["command-id"][0])
    return 0


def options_of(words: list[str]) -> dict[str, list[str]]:
    """A command's options, with their values."""
    options: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            options[word.removeprefix("--")] = []
        else:
            options[list(options)[-1]].append(word)
    return options


def parameters_of(service: str, operation: str, words: list[str]) -> dict[str, Any]:
    """What the AWS CLI makes of a command's options.

    Raises:
        ValueError: AWS's own model of the operation does not take it.
    """
    from botocore import xform_name  # noqa: PLC0415 - the programs themselves have no libraries
    from botocore.validate import ParamValidator  # noqa: PLC0415 - likewise

    from support.aws_models import input_of  # noqa: PLC0415 - likewise

    shape = input_of(service, "".join(part.capitalize() for part in operation.split("-")))
    members = {xform_name(name, "-"): (name, member) for name, member in shape.members.items()}
    parameters: dict[str, Any] = {}
    for option, values in options_of(words).items():
        if option in _GLOBAL:
            continue
        if option not in members:
            raise ValueError(f"aws {service} {operation} has no option --{option}")
        name, member = members[option]
        parameters[name] = _value(member, values)
    report = ParamValidator().validate(parameters, shape)
    if report.has_errors():
        raise ValueError(report.generate_report())
    document = parameters.get("DocumentName")
    if document and not set(parameters.get("Parameters", {})) <= _DOCUMENTS[document]:
        raise ValueError(f"{document} has no such parameters: {parameters['Parameters']}")
    return parameters


def _value(member: Any, values: list[str]) -> Any:
    kind = member.type_name
    if kind in ("map", "structure"):
        return json.loads(values[0])
    if kind == "list":
        # Structures in the AWS CLI's shorthand: Name=...,Value=...
        structures = member.member.type_name == "structure"
        return [dict(pair.split("=", 1) for pair in value.split(",")) for value in values] if structures else values
    return int(values[0]) if kind == "integer" else values[0]


def _send(laptop: Path, commands: list[str]) -> int:
    script = "\n".join(commands).replace("/usr/local/bin/operator", str(laptop / "operator"))
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=False)
    command = str(uuid.uuid4())
    status = "Undeliverable" if (laptop / "unreachable").exists() else "Failed" if done.returncode else "Success"
    answer = {
        "Status": status,
        "StatusDetails": status,
        "ResponseCode": -1 if status == "Undeliverable" else done.returncode,
        "StandardOutputContent": done.stdout[:_MOST_OUTPUT],
        "StandardErrorContent": done.stderr[:_MOST_ERRORS],
    }
    (laptop / command).write_text(json.dumps([0, answer]), encoding="utf-8")
    print(json.dumps({"Command": {"CommandId": command}}))
    return 0


def _invocation(laptop: Path, command: str) -> int:
    asked, answer = json.loads((laptop / command).read_text(encoding="utf-8"))
    (laptop / command).write_text(json.dumps([asked + 1, answer]), encoding="utf-8")
    if asked == 0:
        return _failed("An error occurred (InvocationDoesNotExist) when calling the GetCommandInvocation operation:")
    waiting = {"Status": "InProgress", "StatusDetails": "InProgress", "ResponseCode": -1}
    print(json.dumps(answer if asked > 1 else {**answer, **waiting, "StandardOutputContent": ""}))
    return 0


def _kubectl(laptop: Path, arguments: list[str]) -> int:
    if arguments[0] == "--context":
        arguments = arguments[2:]
    namespace, verb, *rest = arguments[1:]
    pods = laptop / "pods" / namespace
    if verb == "create":
        manifest = json.load(sys.stdin)
        pod = pods / manifest["metadata"]["name"]
        pod.mkdir(parents=True)
        (laptop / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return 0
    if verb == "wait":
        return _failed("error: timed out waiting for the condition", 1) if (laptop / "unreachable").exists() else 0
    if verb == "delete":
        shutil.rmtree(pods / rest[0].removeprefix("pod/"))
        return 0
    begin = rest.index("--")
    pod = pods / rest[begin - 1]
    command = [word.replace("/operator", str(pod)) for word in rest[begin + 1 :]]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
