"""The one pattern of the subject pages: a page is a list of parts, each part one question."""
