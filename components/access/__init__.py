"""Who may use the cluster: clients, their roles, users and files, the CA, the cluster policy, the test client."""

from components.access.certificate_authority import CertificateAuthority
from components.access.clients import KafkaClients
from components.access.cluster_policy import ClusterPolicy
from components.access.test_client import KafkaTestClient

__all__ = ["CertificateAuthority", "ClusterPolicy", "KafkaClients", "KafkaTestClient"]
