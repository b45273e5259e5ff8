"""Reads Pulumi.yaml, stack files and their types as the CLI does."""
