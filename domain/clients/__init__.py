"""How a client connects, who it is, and its ready files."""
