"""The operator's place: a shell and commands in the VPC, from a laptop, with the programs that lead there stood in for."""

from __future__ import annotations

import datetime
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from domain.access.mechanisms import Mechanism
from domain.clients.host import KAFKA_ARCHIVE, KAFKA_VERSION, SIGNER_ARCHIVE, requirements
from support.documents import blocks, statements
from support.place_programs import ARN, CLUSTER, INSTANCE, REGION, Laptop, parameters_of
from support.stacks import ROOT, project_with
from tools.__main__ import main as tools_main
from tools.place import host as host_module
from tools.place.choice import add_place
from tools.place.command import main
from tools.place.pod import IMAGE
from tools.place.terms import line_of
from tools.place.tools import kafka_tools
from tools.shared.commands import CommandError, Mistakes, add_directory, add_stack, parser_of
from tools.shared.kafka_tools import add_kafka

if TYPE_CHECKING:
    from collections.abc import Iterator

BOOTSTRAP = "b-1.example.com:9098"
STACK: dict[str, Any] = {
    "brokerType": "kafka.m7g.large",
    "clusterName": CLUSTER,
    "authentication": {"iam": {}, "scram": {}},
    "serverProperties": {"allow.everyone.if.no.acl.found": False},
    "testClient": {"operate": True, "packages": "s3://orders-artifacts/packages"},
    "clients": {
        "on-call": {
            "from": {"cidr": "10.40.1.0/28"},
            "as": {"role": {"eksPodIdentity": {"cluster": "apps", "namespace": "kafka", "serviceAccount": "on-call"}}},
            "operate": {},
        },
        "erp": {"from": {"cidr": "10.40.1.16/28"}, "as": {"scramUser": "erp"}, "observe": {}},
    },
}


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laptop]:
    tools = tmp_path / "kafka"
    tools.mkdir()
    (tools / "kafka-topics.sh").write_text(
        '#!/bin/sh\nsed s/^/file:\\ / client.properties\necho "$*"\nexit 7\n', encoding="utf-8"
    )
    (tools / "kafka-topics.sh").chmod(0o755)
    laptop = Laptop(tmp_path / "laptop", bootstrap=BOOTSTRAP, tools=tools)
    laptop.write_outputs(clients={"erp": {"secretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_erp-a"}})
    (tmp_path / "project").mkdir()
    home = project_with(tmp_path / "project", {})
    config = {f"msk-platform:{name}": value for name, value in STACK.items()}
    stack = {"config": {"aws:region": REGION, **config}}
    (home / "Pulumi.prod.yaml").write_text(json.dumps(stack), encoding="utf-8")
    (home / "packages").mkdir()
    (home / "packages" / "aws-msk-iam-auth-2.3.9-all.jar").write_bytes(b"a jar")
    for name, value in laptop.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(host_module, "_PAUSES", (0.0,))
    monkeypatch.chdir(home)
    yield laptop
    laptop.check()


def run(*words: str, via: str = "host") -> int:
    return main(["--stack", "prod", "--via", via, *words])


# --- Words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ["kafka-topics.sh", "--list"],
            'kafka-topics.sh --bootstrap-server "$BOOTSTRAP" --command-config client.properties --list',
        ),
        (
            ["kafka-consumer-groups.sh --list | wc -l"],
            'kafka-consumer-groups.sh --bootstrap-server "$BOOTSTRAP" --command-config client.properties --list | wc -l',
        ),
        (
            ["kafka-leader-election.sh", "--all-topic-partitions"],
            'kafka-leader-election.sh --bootstrap-server "$BOOTSTRAP" --admin.config client.properties --all-topic-partitions',
        ),
        (["kafka-topics.sh", "--bootstrap-server", "b:1"], "kafka-topics.sh --bootstrap-server b:1"),
        (["echo", "it's $HOME"], """echo 'it'"'"'s $HOME'"""),
        (["echo $BOOTSTRAP"], "echo $BOOTSTRAP"),
    ],
)
def test_kafkas_tools_are_told_where_the_cluster_is_and_all_else_is_left_alone(words: list[str], expected: str) -> None:
    assert line_of(words) == expected


# --- The host -----------------------------------------------------------------------------------------------


def test_a_command_on_the_host_gives_its_output_its_errors_and_its_exit_code(
    laptop: Laptop, capfd: pytest.CaptureFixture[str]
) -> None:
    code = run("--", "kafka-topics.sh", "--list", "--topic", "a b")
    said = capfd.readouterr()
    assert code == 7
    assert said.out == (
        f"file: bootstrap.servers={BOOTSTRAP}\nfile: \n--bootstrap-server {BOOTSTRAP} --command-config client.properties "
        "--list --topic a b\n"
    )
    assert run("--", f'echo "$CLUSTER $ARN $REGION"; echo {"x" * 50} >&2') == 0
    assert capfd.readouterr() == (f"{CLUSTER} {ARN} {REGION}\n", f"{'x' * 50}\n")
    sent = next(call for call in laptop.calls() if call[1] == "send-command")
    assert sent[sent.index("--comment") + 1].startswith("kafka-topics.sh --bootstrap-server")
    assert sent[sent.index("--instance-ids") + 1] == INSTANCE


def test_an_answer_longer_than_run_command_returns_comes_whole_and_nothing_stays_on_the_host(
    laptop: Laptop, capfd: pytest.CaptureFixture[str]
) -> None:
    noise = laptop.directory / "noise"
    noise.write_bytes(random.Random(1).randbytes(22_000))  # noqa: S311 - noise
    line = f"base64 {noise}"
    expected = subprocess.run(["base64", noise], capture_output=True, text=True, check=True).stdout  # noqa: S607 - PATH's
    assert run("--", line) == 0
    assert capfd.readouterr().out == expected
    scripts = [
        json.loads(call[call.index("--parameters") + 1])["commands"] for call in laptop.calls() if call[1] == "send-command"
    ]
    assert len(scripts) >= 2
    (directory,) = {word for line in scripts[0] if line.startswith("mkdir") for word in line.split() if word.startswith("/tmp/")}
    assert not Path(directory).exists()
    assert not Path(directory).parent.exists()


def test_a_shell_on_the_host_is_a_session_with_the_persons_input(laptop: Laptop) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools", "shell", "--stack", "prod"],
        input='echo "$BOOTSTRAP $CLUSTER"\nls\nkafka-topics.sh >/dev/null; exit 3\n',
        capture_output=True,
        text=True,
        check=False,
        cwd=None,
        env={**laptop.environment(), "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout == f"{BOOTSTRAP} {CLUSTER}\nclient.properties\n", done.stderr
    assert done.returncode == 3
    (call,) = [call for call in laptop.calls() if call[1] == "start-session"]
    asked = parameters_of("ssm", "start-session", call[2:])
    assert asked == {
        "Target": INSTANCE,
        "DocumentName": "AWS-StartInteractiveCommand",
        "Parameters": {"command": ["operator"]},
    }


@pytest.mark.parametrize(
    ("program", "words", "said"),
    [
        ("aws", ["--", "true"], "aws is not on PATH, and the host in the VPC needs it. Install the AWS CLI"),
        ("session-manager-plugin", [], "session-manager-plugin is not on PATH, and a session on the host needs it. Install"),
        ("pulumi", ["--", "true"], "pulumi is not on PATH, and what the stack has put out needs it. Install the Pulumi CLI"),
        ("kubectl", ["--via", "pod"], "kubectl is not on PATH, and a pod in the VPC needs it. Install kubectl"),
    ],
)
def test_a_program_that_is_missing_is_named_with_where_to_get_it(
    laptop: Laptop, capsys: pytest.CaptureFixture[str], program: str, words: list[str], said: str
) -> None:
    laptop.without(program)
    os.environ["PATH"] = str(laptop.bin)
    assert run(*words) == 2
    assert capsys.readouterr().err.startswith(said)


def test_a_command_needs_no_plugin(laptop: Laptop) -> None:
    laptop.without("session-manager-plugin")
    assert run("--", "true") == 0


def test_what_aws_refuses_is_said_with_what_may_help(laptop: Laptop, capsys: pytest.CaptureFixture[str]) -> None:
    (laptop.directory / "refused").touch()
    assert run("--", "true") == 3
    said = capsys.readouterr().err
    assert said.startswith("aws ssm send-command failed (exit code 254):\n  An error occurred (AccessDeniedException)")
    assert "Is the host running" in said


def test_a_host_that_is_not_reached_is_said_to_be(laptop: Laptop, capsys: pytest.CaptureFixture[str]) -> None:
    (laptop.directory / "unreachable").touch()
    assert run("--", "true") == 3
    assert capsys.readouterr().err.startswith("The host did not run the command: Undeliverable. Is the host running")


def test_a_command_too_long_for_run_command_is_no_traceback(laptop: Laptop, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--", "echo " + "x" * 70_000) == 2
    assert "at most 64000 go to the host at once" in capsys.readouterr().err
    assert laptop.calls() == []


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        ({"testClient": None}, "Stack prod has no host in its VPC: set testClient: {operate: true} in Pulumi.prod.yaml"),
        ({"testClient": {"instanceId": INSTANCE}, "brokers": {}}, "The outputs have no brokers.bootstrapBrokersSaslIam"),
    ],
)
def test_what_the_stack_has_not_got_is_said(
    laptop: Laptop, capsys: pytest.CaptureFixture[str], outputs: dict[str, Any], said: str
) -> None:
    laptop.write_outputs(**outputs)
    assert run("--", "true") == 2
    assert said in capsys.readouterr().err


def test_a_stack_that_is_not_deployed_says_so(laptop: Laptop, capsys: pytest.CaptureFixture[str]) -> None:
    (laptop.directory / "outputs.json").unlink()
    assert run("--", "true") == 3
    said = capsys.readouterr().err
    assert said.startswith("pulumi stack output failed (exit code 255):\n  error: no stack named 'prod' found")
    assert "Is this stack deployed" in said


def test_a_host_that_is_not_for_operators_works_and_says_what_it_may_not(
    laptop: Laptop, capfd: pytest.CaptureFixture[str]
) -> None:
    laptop.write_outputs(testClient={"instanceId": INSTANCE, "operate": False})
    assert run("--", "echo here") == 0
    said = capfd.readouterr()
    assert said.out == "here\n"
    assert "set testClient: {operate: true} in Pulumi.prod.yaml" in said.err


# --- The pod ------------------------------------------------------------------------------------------------


def test_a_command_in_a_pod_gives_its_output_and_its_exit_code_and_the_pod_goes(
    laptop: Laptop, capfd: pytest.CaptureFixture[str]
) -> None:
    code = run("--", "kafka-topics.sh", "--list", via="pod")
    said = capfd.readouterr()
    assert code == 7, said.err
    assert f"file: bootstrap.servers={BOOTSTRAP}\n" in said.out
    assert "file: sasl.mechanism=AWS_MSK_IAM\n" in said.out
    assert said.out.endswith(f"--bootstrap-server {BOOTSTRAP} --command-config client.properties --list\n")
    assert list((laptop.directory / "pods" / "kafka").iterdir()) == []
    pod = json.loads((laptop.directory / "manifest.json").read_text(encoding="utf-8"))
    assert pod["spec"]["serviceAccountName"] == "on-call"
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
    assert run("--", 'cat aws-msk-iam-auth.jar; echo " $CLASSPATH $CLUSTER $ARN $REGION"', via="pod") == 0
    assert capfd.readouterr().out == f"a jar /operator/aws-msk-iam-auth.jar {CLUSTER} {ARN} {REGION}\n"
    assert laptop.calls() == []


def test_a_password_reaches_a_pod_and_not_its_specification(laptop: Laptop, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("--client", "erp", "--", 'echo "$KAFKA_PASSWORD"', via="pod") == 0
    assert capfd.readouterr().out == "it is secret\n"
    assert "it is secret" not in (laptop.directory / "manifest.json").read_text(encoding="utf-8")
    assert not any("it is secret" in word for call in laptop.calls("kubectl") for word in call)


def test_a_pod_goes_where_it_never_gets_ready(laptop: Laptop, capsys: pytest.CaptureFixture[str]) -> None:
    (laptop.directory / "unreachable").touch()
    assert run("--", "true", via="pod") == 3
    said = capsys.readouterr().err
    assert said.startswith("kubectl")
    assert "timed out waiting" in said
    assert list((laptop.directory / "pods" / "kafka").iterdir()) == []


def test_a_shell_in_a_pod_has_a_terminal(laptop: Laptop) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools", "shell", "--stack", "prod", "--via", "pod", "--context", "apps"],
        input='echo "$BOOTSTRAP $CLUSTER"\nexit 3\n',
        capture_output=True,
        text=True,
        check=False,
        env={**laptop.environment(), "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout) == (3, f"{BOOTSTRAP} {CLUSTER}\n"), done.stderr
    (call,) = [call for call in laptop.calls("kubectl") if "--tty" in call]
    assert call[:5] == ["--context", "apps", "--namespace", "kafka", "exec"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--client", "on-cal"), "Stack prod has no client on-cal. Did you mean on-call?"),
        (("--client", "msk-smoke-test"), "msk-smoke-test is the host's: --via host."),
        (("--signer", "none.jar"), "--signer none.jar: there is no such file."),
    ],
)
def test_a_pod_that_cannot_be_made_is_no_traceback(
    laptop: Laptop, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert run(*words, "--", "true", via="pod") == 2
    assert said in capsys.readouterr().err
    assert laptop.calls("kubectl") == []


def test_a_pod_without_the_signer_says_where_to_get_it(
    laptop: Laptop, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "project" / "packages" / "aws-msk-iam-auth-2.3.9-all.jar").unlink()
    assert run("--", "true", via="pod") == 2
    assert "(curl -fLO https://github.com/aws/aws-msk-iam-auth/releases/" in capsys.readouterr().err
    laptop.without("kubectl")


# --- One's own shell ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("laptop")
def test_the_variables_set_a_shell_whose_date_is_gnus_or_bsds(
    laptop: Laptop, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["--stack", "prod", "--variables"]) == 0
    text = capfd.readouterr().out
    bsd = tmp_path / "bsd"
    bsd.mkdir()
    # BSD's date knows -v and no relative -d.
    (bsd / "date").write_text(
        '#!/bin/sh\ncase "$2" in -v-*M) exec /bin/date -u -d "-$(echo "$2" | tr -cd 0-9) minutes" "$3";; *) exit 1;; esac\n',
        encoding="utf-8",
    )
    (bsd / "date").chmod(0o755)
    for first in ([], [str(bsd)]):
        script = text + 'metric CpuUser Average 1\necho "$CLUSTER $ARN $AWS_REGION"\necho "$(since 60)"'
        path = os.pathsep.join([*first, laptop.environment()["PATH"]])
        done = subprocess.run(
            ["/bin/sh", "-eu", "-c", script],
            capture_output=True,
            text=True,
            check=False,
            env={**laptop.environment(), "PATH": path},
        )
        assert done.returncode == 0, done.stderr
        assert f"{CLUSTER} {ARN} {REGION}\n" in done.stdout
        call = laptop.calls()[-1]
        asked = parameters_of("cloudwatch", "get-metric-statistics", call[2:])
        assert asked["MetricName"] == "CpuUser"
        begin, said = (datetime.datetime.fromisoformat(text) for text in (asked["StartTime"], done.stdout.splitlines()[-1]))
        assert datetime.timedelta() <= said - begin < datetime.timedelta(seconds=30)


# --- Kafka's tools for other commands -----------------------------------------------------------------------


@pytest.mark.parametrize("via", ["host", "pod"])
def test_a_command_that_changes_the_cluster_has_kafkas_tools_there_and_the_files_that_they_read(laptop: Laptop, via: str) -> None:
    assert laptop.tools
    tool = laptop.tools / "kafka-reassign-partitions.sh"
    tool.write_text('#!/bin/sh\nwhile [ $# -gt 1 ]; do shift; done\ncat "$1"\necho warned >&2\n', encoding="utf-8")
    tool.chmod(0o755)
    parser = parser_of("topics", "")
    add_stack(parser)
    add_kafka(parser, "")
    add_place(parser, default=None)
    add_directory(parser)
    options = parser.parse_args(["--stack", "prod", "--via", via])
    with kafka_tools(options, ["kafka-topics.sh", tool.name], Mistakes()) as (tools, bootstrap):
        assert bootstrap == BOOTSTRAP
        assert f"bootstrap.servers={BOOTSTRAP}" in tools.client_properties()
        text = json.dumps({"partitions": "it's \u00e9 $HOME"}, ensure_ascii=False)
        assert tools.run_with_file(tool.name, "--verify", option="--reassignment-json-file", text=text) == text
        with pytest.raises(CommandError, match=r"kafka-topics.sh --list failed \(exit code 7\)"):
            tools.run("kafka-topics.sh", "--list")


@pytest.mark.parametrize("command", ["topics", "reassign", "acls"])
def test_a_place_has_a_client_of_its_own(laptop: Laptop, capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert tools_main([command, "--stack", "prod", "--via", "host", "--command-config", "client.properties"]) == 2
    assert "--command-config: with --via host the place has its own. Leave one of the two out." in capsys.readouterr().err
    assert laptop.calls() == []


@pytest.mark.usefixtures("laptop")
@pytest.mark.parametrize("command", ["topics", "reassign"])
def test_without_a_place_the_clients_file_is_asked_for(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert tools_main([command, "--stack", "prod", *(["--throttle", "5"] if command == "reassign" else [])]) == 2
    assert "--command-config FILE is required, or --via host or pod." in capsys.readouterr().err


# --- docs/operator.md ---------------------------------------------------------------------------------------

PAGE = ROOT / "docs" / "operator.md"
_OF_KAFKA = re.compile(r"-m tools (reassign|topics)")
"""Run on real brokers, by the tests of those commands."""
_FETCHED = re.compile(r"mkdir -p packages|cd packages|pip download|curl -fLO?|shasum|aws s3 sync")
"""What they fetch is looked at below: from the archives and the package index, which tests do not ask."""


def page_commands() -> list[str]:
    return [
        statement
        for block in blocks(PAGE)
        if block.language == "console"
        for statement in statements(block)
        if not _OF_KAFKA.search(statement) and not _FETCHED.match(statement)
    ]


def test_the_page_fetches_what_the_host_does() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert {KAFKA_ARCHIVE, SIGNER_ARCHIVE} <= set(re.findall(r"curl -fLO (\S+)", text))
    for wanted in requirements(Mechanism.IAM):
        assert f"'{wanted}'" in text
    assert f"`{IMAGE}`" in text
    assert f"Kafka {KAFKA_VERSION}" in text
    assert len(page_commands()) == 4


@pytest.mark.parametrize(
    "command", [pytest.param(command, marks=() if "CMD" in command else pytest.mark.exhaustive) for command in page_commands()]
)
def test_each_command_of_the_page_is_typed_in_a_clone(laptop: Laptop, tmp_path: Path, command: str) -> None:
    project = tmp_path / "project"
    for name in (".venv", ".ci", "Makefile", "requirements.lock", "tools", "offline", "inventory"):
        if not (project / name).exists():
            (project / name).symlink_to(ROOT / name)
    done = subprocess.run(
        ["/bin/bash", "-c", f'{command}\necho "ended with $? $CLUSTER"'],
        input="echo typed\nexit 5\n",
        capture_output=True,
        text=True,
        check=False,
        cwd=project,
        env=laptop.environment(),
    )
    if command.startswith("eval"):
        assert done.stdout == f"ended with 0 {CLUSTER}\n", done.stderr
    elif "CMD" in command:
        assert f"--bootstrap-server {BOOTSTRAP} --command-config client.properties --list\n" in done.stdout, done.stderr
    else:
        assert done.stdout.startswith("typed\n"), done.stderr


def test_a_line_of_make_is_the_shells_in_the_vpc(laptop: Laptop) -> None:
    line = """echo "$BOOTSTRAP, it's (here)" | tr a-z A-Z; exit 7"""
    words = ["make", "--silent", "shell", "STACK=prod", f"ARGS=--directory={Path.cwd()}", f"CMD={line}"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT, env=laptop.environment())
    assert done.stdout == f"{BOOTSTRAP.upper()}, IT'S (HERE)\n", done.stderr
    assert "Error 7" in done.stderr


# --- What stands in -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--instance-id", INSTANCE], "no option --instance-id"),
        (["--instance-ids", INSTANCE], 'Missing required parameter in input: "DocumentName"'),
        (["--document-name", "AWS-RunShellScript", "--timeout-seconds", "5"], "Invalid value for parameter TimeoutSeconds"),
        (["--document-name", "AWS-RunShellScript", "--parameters", '{"command": ["true"]}'], "has no such parameters"),
    ],
)
def test_what_aws_would_not_take_is_no_call(words: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parameters_of("ssm", "send-command", words)
