"""A pod in the team's Kubernetes as the operator's place: Kafka's public image, the client's service account, and nothing else.

A pod without a way to the internet has what its image has, and its nodes pull that the way they pull all images. So what the
image lacks comes from here, through the Kubernetes API: the client's file, aws-msk-iam-auth, a SCRAM user's password. They are in
a volume in memory, never in the pod's specification, which more people may read than may run commands in it.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from domain.clients.host import KAFKA_VERSION
from tools.place.programs import answer_of, program
from tools.place.terms import CLIENT_FILE, Done

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

IMAGE: Final = f"apache/kafka:{KAFKA_VERSION}"
"""Apache Kafka's own image: its tools are in /opt/kafka/bin, its user is 1000 (``appuser``)."""
_TOOLS: Final = "/opt/kafka/bin"
_USER: Final = 1000
_HOME: Final = "/operator"
_SIGNER: Final = "aws-msk-iam-auth.jar"
_LONGEST_SECONDS: Final = 12 * 3600
"""After which Kubernetes ends a pod that nobody took away."""
_READY_SECONDS: Final = 180
_REMEDY: Final = (
    "Is this the right cluster (kubectl config current-context, or --context), and may you create pods and run commands in them "
    "in this namespace?"
)


@dataclass(frozen=True, slots=True)
class PodTerms:
    """What a pod is made from.

    Attributes:
        namespace: Its namespace.
        service_account: The service account that is the client.
        image: The image, with Kafka's tools.
        context: kubectl's context; empty for the current one.
        client_file: The text of the client's properties.
        signer: aws-msk-iam-auth; None where it is not needed.
        password: The SCRAM user's password; empty with IAM.
        variables: CLUSTER, ARN, REGION and BOOTSTRAP.
    """

    namespace: str
    service_account: str
    image: str
    context: str
    client_file: str
    signer: Path | None
    password: str
    variables: Mapping[str, str]


class Pod:
    """A pod, from when it is entered as a context until it is left.

    Args:
        terms: What it is made from.
    """

    def __init__(self, terms: PodTerms) -> None:
        self._terms = terms
        kubectl = program("kubectl", "a pod in the VPC")
        self._kubectl = [kubectl, *(["--context", terms.context] if terms.context else []), "--namespace", terms.namespace]
        self._name = f"kafka-operator-{uuid.uuid4().hex[:8]}"

    def __enter__(self) -> Self:
        self._ask("create", "--filename", "-", stdin=json.dumps(self._manifest()).encode())
        try:
            self._ask("wait", f"pod/{self._name}", "--for=condition=Ready", f"--timeout={_READY_SECONDS}s")
            self._put(CLIENT_FILE, self._terms.client_file.encode())
            self._put("environment", self._environment().encode())
            if self._terms.signer:
                self._put(_SIGNER, self._terms.signer.read_bytes())
        except BaseException:  # an interrupt too: no pod stays behind, and the error goes on
            self._remove()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._remove()

    def path_of(self, name: str) -> str:
        """See `tools.place.terms.Place`."""
        return f"{_HOME}/{name}"

    def run(self, line: str, files: Mapping[str, str] | None = None) -> Done:
        """See `tools.place.terms.Place`."""
        for path, text in (files or {}).items():
            self._put(path.rpartition("/")[2], text.encode())
        words = [*self._kubectl, "exec", self._name, "--", "sh", "-c", self._there(f"sh -c {shlex.quote(line)}")]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return Done(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    def shell(self) -> int:
        """See `tools.place.terms.Place`."""
        words = [*self._kubectl, "exec", "--stdin", "--tty", self._name, "--", "sh", "-c", self._there("exec bash --norc -i")]
        return subprocess.run(words, check=False).returncode

    def _there(self, line: str) -> str:
        return f"cd {_HOME} && . ./environment && {line}"

    def _environment(self) -> str:
        variables = {
            **self._terms.variables,
            "LOG_DIR": f"{_HOME}/logs",
            "PS1": f"{self._terms.variables['CLUSTER']}$ ",
            **({"CLASSPATH": f"{_HOME}/{_SIGNER}"} if self._terms.signer else {}),
            **({"KAFKA_PASSWORD": self._terms.password} if self._terms.password else {}),
        }
        lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
        return "\n".join([*lines, f'export PATH="{_TOOLS}:$PATH"', ""])

    def _put(self, name: str, content: bytes) -> None:
        place = shlex.quote(f"{_HOME}/{name}")
        self._ask("exec", "--stdin", self._name, "--", "sh", "-c", f"umask 077; cat >{place}", stdin=content)

    def _ask(self, *words: str, stdin: bytes | None = None) -> str:
        return answer_of([*self._kubectl, *words], remedy=_REMEDY, stdin=stdin)

    def _remove(self) -> None:
        self._ask("delete", f"pod/{self._name}", "--wait=false", "--ignore-not-found")

    def _manifest(self) -> dict[str, Any]:
        """A pod that the restricted Pod Security Standard admits: no root, no rights, nothing to write but memory."""
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": self._name, "labels": {"app.kubernetes.io/name": "kafka-operator"}},
            "spec": {
                "serviceAccountName": self._terms.service_account,
                "restartPolicy": "Never",
                "activeDeadlineSeconds": _LONGEST_SECONDS,
                "terminationGracePeriodSeconds": 0,
                "securityContext": {
                    "runAsNonRoot": True,
                    "runAsUser": _USER,
                    "runAsGroup": _USER,
                    "fsGroup": _USER,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
                "containers": [
                    {
                        "name": "operator",
                        "image": self._terms.image,
                        "command": ["sleep", str(_LONGEST_SECONDS)],
                        "resources": {"requests": {"cpu": "100m", "memory": "512Mi"}, "limits": {"memory": "1Gi"}},
                        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                        "volumeMounts": [{"name": "operator", "mountPath": _HOME}],
                    }
                ],
                "volumes": [{"name": "operator", "emptyDir": {"medium": "Memory", "sizeLimit": "256Mi"}}],
            },
        }
