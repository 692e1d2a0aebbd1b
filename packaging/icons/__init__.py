"""The icons of the program and of a ledger, drawn when a package is built."""
