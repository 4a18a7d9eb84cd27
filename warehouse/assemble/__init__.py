"""The one place that puts SQL text together from declarations; nothing a user typed goes in.

Names come from Table declarations, .sql headers and fixed lists; values go in as parameters.
"""
