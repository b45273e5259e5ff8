"""What clients may do: rights, IAM statements, key policies, ACLs."""
