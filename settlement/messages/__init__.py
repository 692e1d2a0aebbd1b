"""The messages of statements in languages other than English, and the tool that finds and renews them."""
