"""One rule a module, each with its `POLICY`."""
