"""Commands for people: `python -m tools COMMAND`. One module a command; nothing else imports them."""
