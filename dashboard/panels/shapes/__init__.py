"""Shapes that panels of several subjects share: each draws plain facts in any room of the wall."""
