"""Every figure down to the ledger lines: the document of its own, and a statement's last part."""
