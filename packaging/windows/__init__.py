"""The forms of the program for Windows: installer and MSI of a one-folder build, and what its executables carry."""
