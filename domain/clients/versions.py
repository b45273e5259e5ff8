"""The packages that ready files need, and from which version on: one table for files, documentation and the test client's host.

Each is tested in the version that its lines name. Maven Central and the Python Package Index have them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Jar:
    """A package for the JVM.

    Attributes:
        group: Its group.
        artifact: Its name in the group.
        lowest: The first version with what the files use.
        tested: The version that the tests run.
        reason: What the lowest version brings.
    """

    group: str
    artifact: str
    lowest: str
    tested: str
    reason: str

    def __str__(self) -> str:
        """Its name and version in a sentence."""
        return f"{self.group}:{self.artifact} {self.lowest} or newer"

    @property
    def gradle(self) -> str:
        """A line of a Gradle build."""
        return f'implementation("{self.group}:{self.artifact}:{self.tested}")'

    @property
    def maven(self) -> str:
        """An element of a Maven build."""
        parts = (("groupId", self.group), ("artifactId", self.artifact), ("version", self.tested))
        return f"<dependency>{''.join(f'<{name}>{value}</{name}>' for name, value in parts)}</dependency>"


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package for Python.

    Attributes:
        name: Its name.
        lowest: The first version with what the files use.
        below: The first version that may be another.
        reason: What the lowest version brings.
    """

    name: str
    lowest: str
    below: str
    reason: str

    def __str__(self) -> str:
        """Its name and version in a sentence."""
        return f"{self.name} {self.lowest} or newer"

    @property
    def requirement(self) -> str:
        """What pip is told."""
        return f"{self.name}>={self.lowest},<{self.below}"


KAFKA_CLIENTS = Jar(
    "org.apache.kafka", "kafka-clients", "3.5.0", "3.9.2", "takes values from the environment (KIP-887), PEM key stores (KIP-651)"
)
KAFKA_STREAMS = Jar("org.apache.kafka", "kafka-streams", "3.5.0", "3.9.2", "as kafka-clients")
CONNECT_RUNTIME = Jar("org.apache.kafka", "connect-runtime", "3.5.0", "3.9.2", "as kafka-clients")
IAM_AUTH = Jar("software.amazon.msk", "aws-msk-iam-auth", "2.0.0", "2.3.9", "signs for IAM")

CONFLUENT_KAFKA = Wheel("confluent-kafka", "2.13", "3", "calls for a token while nobody polls")
KAFKA_PYTHON = Wheel("kafka-python", "3", "4", "has the settings that its files name")
SIGNER = Wheel("aws-msk-iam-sasl-signer-python", "1.0.2", "2", "signs for IAM")

LIBRDKAFKA = "librdkafka 2.0 or newer"
"""Whatever binds it: its names of settings, and that it compares brokers' names with their certificates."""
