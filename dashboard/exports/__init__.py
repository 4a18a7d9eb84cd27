"""The rows of a table as files: written by one child process, streamed, audited."""
