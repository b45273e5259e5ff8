"""What IAM policies allow, and whom: documents, wildcards, conditions, principals, and who holds which document."""
