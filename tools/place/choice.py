"""Which place a command uses: its options, and the place that they name."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from domain.access.mechanisms import Mechanism
from domain.clients.files import render
from domain.clients.host import SIGNER_ARCHIVE
from domain.clients.plan import bootstrap_output, connection_of, mechanism_of
from domain.plan.network import listeners_of
from domain.problems import did_you_mean
from domain.settings.clients import Format
from domain.settings.test_client import CLIENT
from tools.place.host import Host
from tools.place.outputs import instance_in, text_in, why_not_for_operators
from tools.place.pod import IMAGE, Pod, PodTerms
from tools.place.programs import answer_of, program
from tools.place.terms import CLIENT_FILE
from tools.shared.commands import CommandError
from tools.shared.stack_settings import settings_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from domain.settings.clients import Client
    from domain.settings.stack import StackSettings
    from tools.place.terms import Place
    from tools.shared.stack_settings import StackOfSettings

HOST: Final = "host"
POD: Final = "pod"
PACKAGES: Final = Path("packages")
"""Where the commands of docs/operator.md put what a host or a pod without internet lacks."""


def add_place(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    """Adds `--via` and what a pod needs to be told.

    Args:
        parser: The command's parser.
        default: The place where none is given; None for here, where the command runs.
    """
    here = "" if default else " (default: here)"
    parser.add_argument("--via", choices=(HOST, POD), default=default, help=f"where: the test client's host, or a pod{here}")
    outputs = "JSON of `pulumi stack output --json`; - for standard input (default: Pulumi's answer)"
    parser.add_argument("--outputs", metavar="FILE", help=outputs)
    pod = parser.add_argument_group("with --via pod")
    pod.add_argument("--client", metavar="NAME", help="the client that it is (default: the one with operate)")
    pod.add_argument("--namespace", metavar="NAME", help="its namespace (default: that of the client's role)")
    pod.add_argument("--service-account", metavar="NAME", help="its service account (default: that of the client's role)")
    pod.add_argument("--context", default="", metavar="NAME", help="kubectl's context (default: the current one)")
    pod.add_argument("--image", default=IMAGE, help=f"an image with Kafka's tools in /opt/kafka/bin (default: {IMAGE})")
    pod.add_argument(
        "--signer",
        type=Path,
        metavar="JAR",
        help=f"aws-msk-iam-auth-*-all.jar (default: the one in {PACKAGES}); IAM clients need it",
    )


@contextlib.contextmanager
def place_of(options: argparse.Namespace, outputs: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """The place that the options name, and the bootstrap servers there. What was made for it goes with the context.

    Args:
        options: With what `add_place`, `add_stack` and `add_directory` add.
        outputs: The stack's outputs.

    Raises:
        CommandError: There is none.
    """
    stack = settings_of(options.directory, options.stack)
    if options.via == POD:
        terms = _pod_terms(options, stack, outputs)
        with Pod(terms) as pod:
            yield pod, terms.variables["BOOTSTRAP"]
    else:
        host = Host(instance_in(outputs, options.stack), stack.region)
        yield host, _bootstrap(stack.settings, stack.settings.host_mechanism or Mechanism.IAM, outputs)


def warning_of(options: argparse.Namespace, outputs: dict[str, Any]) -> str:
    """What to say beside the place; empty for nothing."""
    return why_not_for_operators(outputs, options.stack) if options.via == HOST else ""


def _bootstrap(settings: StackSettings, mechanism: Mechanism, outputs: dict[str, Any]) -> str:
    brokers = outputs.get("brokers")
    name = bootstrap_output(mechanism, listeners_of(settings)) or ""
    bootstrap = brokers.get(name) if isinstance(brokers, dict) else None
    if not isinstance(bootstrap, str) or not bootstrap:
        raise CommandError(
            f"The outputs have no brokers.{name}: the stack is not deployed with {mechanism} yet. Deploy it first."
        )
    return bootstrap


def _pod_terms(options: argparse.Namespace, stack: StackOfSettings, outputs: dict[str, Any]) -> PodTerms:
    settings = stack.settings
    name, client = _client(options, settings)
    mechanism = mechanism_of(client, listeners_of(settings), unauthenticated=settings.authentication.unauthenticated)
    if mechanism not in (Mechanism.IAM, Mechanism.SCRAM):
        raise CommandError(
            f"clients.{name}: a pod signs in with its service account's role, or as a SCRAM user; this client has "
            f"{mechanism or 'no identity'}. Name another with --client."
        )
    namespace, account = _service_account(options, name, client)
    secret = _secret(outputs, name) if mechanism is Mechanism.SCRAM else ""
    bootstrap = _bootstrap(settings, mechanism, outputs)
    connection = connection_of(name, client, mechanism, bootstrap=bootstrap, region=stack.region, secret=secret)
    return PodTerms(
        namespace=namespace,
        service_account=account,
        image=options.image,
        context=options.context,
        client_file=render(connection, Format.JAVA)[CLIENT_FILE],
        signer=_signer(options) if mechanism is Mechanism.IAM else None,
        password=_password(secret, stack.region) if secret else "",
        variables={
            "CLUSTER": text_in(outputs, "clusterName"),
            "ARN": text_in(outputs, "clusterArn"),
            "REGION": stack.region,
            "AWS_REGION": stack.region,
            "BOOTSTRAP": bootstrap,
        },
    )


def _client(options: argparse.Namespace, settings: StackSettings) -> tuple[str, Client]:
    clients = settings.clients
    operators = [name for name, client in clients.items() if client.operate is not None]
    if options.client is None and len(operators) == 1:
        return operators[0], clients[operators[0]]
    if options.client is None:
        which = (
            f"has {', '.join(operators)}: name one" if operators else "has no client with operate: {}: add one, or name another"
        )
        raise CommandError(f"Stack {options.stack} {which} with --client.")
    if options.client not in clients:
        mine = f" {CLIENT} is the host's: --via host." if options.client == CLIENT else ""
        raise CommandError(f"Stack {options.stack} has no client {options.client}.{did_you_mean(options.client, clients)}{mine}")
    return options.client, clients[options.client]


def _service_account(options: argparse.Namespace, name: str, client: Client) -> tuple[str, str]:
    role = client.identity.role if client.identity else None
    pods = (role.eks_pod_identity or role.irsa) if role else None
    namespace = options.namespace or (pods.namespace if pods else "default" if _has_password(client) else "")
    account = options.service_account or (pods.service_account if pods else "default" if _has_password(client) else "")
    if not namespace or not account:
        raise CommandError(
            f"clients.{name} has no role for pods (eksPodIdentity or irsa), so which service account it is must be said: "
            "--namespace and --service-account."
        )
    return namespace, account


def _has_password(client: Client) -> bool:
    return bool(client.identity and client.identity.scram_user)


def _signer(options: argparse.Namespace) -> Path:
    if options.signer:
        if not options.signer.is_file():
            raise CommandError(f"--signer {options.signer}: there is no such file.")
        return Path(str(options.signer))
    packages: Path = options.directory / PACKAGES
    jars = sorted(packages.glob("aws-msk-iam-auth-*-all.jar"))
    if not jars:
        raise CommandError(
            f"Kafka's image lacks aws-msk-iam-auth, and a pod may have no way to it: put it into {packages} "
            f"(curl -fLO {SIGNER_ARCHIVE}), or name it with --signer JAR."
        )
    return jars[-1]


def _secret(outputs: dict[str, Any], name: str) -> str:
    clients = outputs.get("clients")
    entry = clients.get(name) if isinstance(clients, dict) else None
    arn = entry.get("secretArn") if isinstance(entry, dict) else None
    if not isinstance(arn, str) or not arn:
        raise CommandError(f"The outputs have no clients.{name}.secretArn: the stack is not deployed with this client yet.")
    return arn


def _password(secret: str, region: str) -> str:
    words = [program("aws", f"the password of {secret}"), "secretsmanager", "get-secret-value", "--region", region]
    text = answer_of(
        [*words, "--secret-id", secret, "--query", "SecretString", "--output", "text"],
        remedy="May you read this secret, and decrypt with its key?",
    )
    try:
        return str(json.loads(text)["password"])
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"The secret {secret} has no password as this stack writes it.") from error
