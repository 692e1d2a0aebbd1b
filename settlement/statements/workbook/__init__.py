"""A document as an XLSX workbook with live formulas."""
