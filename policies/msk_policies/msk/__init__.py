"""What rules know of Amazon MSK: facts, ports, secrets, configurations."""
