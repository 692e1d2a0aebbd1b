"""The Ledger page: the register of lines, entering and importing them."""
