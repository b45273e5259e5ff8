"""Commands that write the generated files."""
