"""The year at a glance: figures, what needs doing, charts."""
