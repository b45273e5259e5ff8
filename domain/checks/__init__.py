"""What must hold between settings. Importing this room fills the registry: a check whose module is not named here never runs."""

from domain.checks import access, cluster, monitoring, network, properties, security, takeover
from domain.checks.registry import problems_of, warnings_of

__all__ = ["access", "cluster", "monitoring", "network", "problems_of", "properties", "security", "takeover", "warnings_of"]
