"""The HTTP API: the figures, rows and states that programs read, behind the same gate."""
