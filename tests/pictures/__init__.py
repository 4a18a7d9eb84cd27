"""The wall's pictures in docs/wall: `python -m tests.pictures`."""
