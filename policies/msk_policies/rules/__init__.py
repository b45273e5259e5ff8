"""One rule a module, each with its `POLICY`, in a folder for its topic."""
