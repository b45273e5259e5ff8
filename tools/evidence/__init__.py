"""Evidence of a stack that an auditor can file: controls, rights, where it comes from, and what it does not say."""
