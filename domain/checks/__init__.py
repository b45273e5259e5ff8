"""What must hold between settings. Importing this room fills the registry: a check whose module is not named here never runs."""

from domain.checks import (
    access,
    clients,
    cluster,
    kinds,
    limits,
    monitoring,
    network,
    openings,
    properties,
    rights,
    security,
    takeover,
)
from domain.checks.registry import problems_of, warnings_of

__all__ = [
    "access",
    "clients",
    "cluster",
    "kinds",
    "limits",
    "monitoring",
    "network",
    "openings",
    "problems_of",
    "properties",
    "rights",
    "security",
    "takeover",
    "warnings_of",
]
