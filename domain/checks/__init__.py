"""What must hold between settings. Importing this room fills the registry: a check whose module is not named here never runs."""

from domain.checks import access, cluster, limits, monitoring, network, security, takeover
from domain.checks.registry import problems_of, warnings_of

__all__ = ["access", "cluster", "limits", "monitoring", "network", "problems_of", "security", "takeover", "warnings_of"]
