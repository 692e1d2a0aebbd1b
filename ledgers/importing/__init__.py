"""Files from elsewhere: CSV and XLSX read as text, mapped to the ledger's columns, and checked row by row."""
