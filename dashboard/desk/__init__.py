"""The desks where the seats work."""
