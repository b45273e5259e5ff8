"""How a report is laid out, for terminals and as plain text."""
