"""What a user does with a stack, one command each: check, up, destroy, client files."""
