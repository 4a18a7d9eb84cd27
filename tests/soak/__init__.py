"""A day of the wall in an hour: `python -m tests.soak`."""
