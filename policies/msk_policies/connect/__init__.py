"""What rules know of connectors: their settings, and which of them are secrets."""
