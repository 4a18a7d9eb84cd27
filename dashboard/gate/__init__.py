"""The one gate around every path, callback and socket of the web process."""
