"""Who is cut off by a change, and what each can no longer do."""
