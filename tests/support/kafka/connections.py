"""How a client connects to the cluster, in the words of Java clients and of librdkafka."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from support.kafka.certificates import Certificate


@dataclass(frozen=True)
class Connection:
    """One way for one client: with a certificate, with a password, or with neither, in clear text.

    Attributes:
        bootstrap: The brokers with their ports.
        trusted: The CA that the client trusts; None for a client that speaks no TLS.
        certificate: The client's certificate.
        user: The SCRAM user's name.
        password: Its password.
    """

    bootstrap: str
    trusted: Path | None
    certificate: Certificate | None = None
    user: str = ""
    password: str = ""

    @property
    def principal(self) -> str:
        """Who the client is for Kafka's ACLs."""
        return f"User:{self.certificate.subject}" if self.certificate else f"User:{self.user or 'ANONYMOUS'}"

    @property
    def _protocol(self) -> str:
        return f"SASL_{self._channel}" if self.user else self._channel

    @property
    def _channel(self) -> str:
        return "SSL" if self.trusted else "PLAINTEXT"

    def java(self) -> dict[str, str]:
        """Properties of Java clients, without the bootstrap servers, which Kafka's tools take as an option."""
        properties = {"security.protocol": self._protocol}
        if self.trusted:
            properties |= {"ssl.truststore.type": "PEM", "ssl.truststore.location": str(self.trusted)}
        if self.certificate:
            properties |= {"ssl.keystore.type": "PEM", "ssl.keystore.location": str(self.certificate.keystore)}
        if self.user:
            properties["sasl.mechanism"] = "SCRAM-SHA-512"
            properties["sasl.jaas.config"] = (
                "org.apache.kafka.common.security.scram.ScramLoginModule required "
                f'username="{self.user}" password="{self.password}";'
            )
        return properties

    def librdkafka(self) -> dict[str, str]:
        """Settings of librdkafka."""
        settings = {"bootstrap.servers": self.bootstrap, "security.protocol": self._protocol}
        if self.trusted:
            settings["ssl.ca.location"] = str(self.trusted)
        if self.certificate:
            settings["ssl.certificate.location"] = str(self.certificate.certificate)
            settings["ssl.key.location"] = str(self.certificate.key)
        if self.user:
            settings |= {"sasl.mechanisms": "SCRAM-SHA-512", "sasl.username": self.user, "sasl.password": self.password}
        return settings
