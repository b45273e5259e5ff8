"""Rules on what IAM policies allow, and whom."""
