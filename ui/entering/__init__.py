"""Entering lines by hand: the grid, and the dialogs for virements, reversals and evidence."""
