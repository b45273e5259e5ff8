"""Commands of the documents that no test follows on the real engine: those that another test runs, and those that none runs.

Each is a pattern of the whole command.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RUN_ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        r"(aws|metric|kafka-[a-z-]+\.sh) .*": "tests/docs/test_commands.py",
        r"make new .*": "tests/engine/test_clone.py",
        r"cd \.\./orders-kafka": "tests/engine/test_clone.py",
        r"git init .*": "tests/engine/test_upgrade.py",
        r"make acls .*VIA=host.*": "tests/tools/test_place.py",
        r"git add acls/.*": "tests/kafka/test_acls_command.py",
        r"\.venv/bin/python -m tools (reassign|topics) .*": "tests/kafka/test_topics_command.py",
        r"make shell .*": "tests/tools/test_place.py",
        r"make up STACK=test": "tests/engine/test_verbs.py",
        r'eval "\$\(\.venv/bin/python -m tools shell .*': "tests/tools/test_place.py",
        r"\.venv/bin/python -m tools upgrade .*": "tests/engine/test_upgrade.py",
        r"(.* \| |\w+=\S+ )?python host/client\.py.*": "tests/kafka/test_stack_clients.py",
        r"smoke": "tests/kafka/test_smoke.py",
    }
)
"""Which test runs a command, or what it does with the options that it shows."""

EXCEPTED: Mapping[str, str] = MappingProxyType(
    {
        r"make test": "it is this run",
        r"gh (api|label|secret) .*": "needs a repository on GitHub, which has no double",
        r"make (lint|generate|lint test)": "CI runs each before this run",
        r"pip install .*": "fetches from the package index; the versions are those that the tests' requirements have",
        r"pip download .*": "fetches wheels of another processor from the package index",
        r"\$\(pulumi stack output testClient .*": "opens a session of AWS Systems Manager, which has no double",
        r"pulumi stack (init|change-secrets-provider) .*awskms.*": "needs a key of AWS KMS",
        r"python3 -m venv \.venv": "a virtual environment of Python's own",
        r"\.venv/bin/pip install .*": "fetches from the package index",
    }
)
"""Why no test runs a command."""
