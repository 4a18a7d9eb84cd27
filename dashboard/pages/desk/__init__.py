"""Desks: where the seats act, drawn from the case store."""
