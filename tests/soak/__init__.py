"""A day of the wall in half an hour: `python -m tests.soak`."""
