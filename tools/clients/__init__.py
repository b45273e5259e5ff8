"""Commands that answer for clients: files, a Prometheus of one's own."""
