"""Which program this is: told by `s75 --version`, on statements, and beside whatever it posted."""

VERSION = "0.1.0"
