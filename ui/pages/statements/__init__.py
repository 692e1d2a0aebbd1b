"""The Statements page: previewed, exported, printed."""
