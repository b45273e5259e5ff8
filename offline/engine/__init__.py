"""Runs the program as the engine does, with no CLI and no account."""
