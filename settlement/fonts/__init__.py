"""The fonts that PDF statements embed, with their licences: a package, so that they are installed with the program."""
