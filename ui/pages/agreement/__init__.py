"""The Agreement page: partners, funds, schemes, versions."""
