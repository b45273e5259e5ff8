"""Ready stacks, one for each use: their pages, pictures and checks, and new stacks made from them."""
