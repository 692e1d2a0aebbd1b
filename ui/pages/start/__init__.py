"""The first page: recent ledgers, a new one, the samples."""
