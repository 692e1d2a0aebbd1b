"""The Risk share page: the schedule as cards, drafts of it compared."""
