"""The guide inside the program, shortcuts, about."""
