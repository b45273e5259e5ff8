"""The stack file as types, a module a block."""
