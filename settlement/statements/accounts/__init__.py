"""What goes into the partners' own books: memorandum account, journal, transfer notices."""
