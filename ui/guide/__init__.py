"""The guide inside the program: a topic for every page, as Markdown that can be read in any editor too."""
