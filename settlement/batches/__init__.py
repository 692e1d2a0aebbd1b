"""Many statements at once: of many ledgers and periods, by names of a pattern, with a manifest of what was written."""
