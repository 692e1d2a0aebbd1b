"""The `s75` command, for people and scripts (commands.md). Each module holds the commands of one kind of work."""
