"""Commands that answer for clients: files, ACLs, a Prometheus of one's own."""
